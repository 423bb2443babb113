"""Token ids on disk: what was written is what is read, whole or not at all."""

import errno
import os
from pathlib import Path
from unicodedata import normalize

import numpy as np
import pytest
import tokenizers
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import models, pre_tokenizers

from glassformer.errors import GlassformerError, InputError, OutputError, UsageError
from glassformer.text.tokenizer import Tokenizer, is_blank
from glassformer.training.corpus import examples
from glassformer.training.corpus.examples import Examples, write_examples
from glassformer.training.corpus.filtering import CorpusStatistics
from glassformer.training.corpus.pairs import Pair, PairFiles
from glassformer.training.corpus.subwords import Roles, train_subwords

FILES = PairFiles(Path("train.en"), Path("train.de"))
SENTENCES = [("a dog", "ein Hund"), ("a cat ate", "eine Katze aß"), ("dogs", "Hunde 狗")]

TOKENIZER, ROLES = train_subwords(
    [text for pair in SENTENCES for text in pair] * 7, vocabulary=401, tags=["de", "nl"]
)
PLAIN = Roles(padding=0, start=1, end=2, tags=(), suppressed=())


def pairs(sentences: list[tuple[str, str]], tag: str | None = None) -> list[Pair]:
    return [Pair(s, t, tag, line, FILES) for line, (s, t) in enumerate(sentences, 1)]


def written(
    folder: Path,
    some: list[Pair],
    *,
    roles: Roles = PLAIN,
    max_length: int = 101,
    statistics: CorpusStatistics | None = None,
    source: Tokenizer = TOKENIZER,
) -> Examples:
    return write_examples(
        folder,
        iter(some),
        source,
        TOKENIZER,
        roles,
        max_length=max_length,
        statistics=statistics or CorpusStatistics(),
    )


@given(
    st.lists(
        st.tuples(*[st.text("adogé狗 ▁").filter(lambda text: not is_blank(text))] * 2), min_size=1
    )
)
def test_gives_back_what_was_written(
    tmp_path_factory: pytest.TempPathFactory, sentences: list[tuple[str, str]]
) -> None:
    folder = tmp_path_factory.mktemp("examples") / "new"
    held = written(folder, pairs(sentences), max_length=1009)
    for one in (held, Examples.open(folder)):
        assert len(one) == len(sentences)
        for index, (source, target) in enumerate(sentences):
            ids = one.source(index), one.target(index)
            assert ids[0].tolist() == list(TOKENIZER.encode(source).ids)
            assert ids[1].tolist() == TOKENIZER.encode_target(target)
            assert TOKENIZER.decode(ids[1].tolist()) == normalize("NFC", target)
            assert (one.source_lengths[index], one.target_lengths[index]) == tuple(map(len, ids))
        assert one.source_lengths.dtype == one.target_lengths.dtype == np.int32
        assert one.source(0).dtype == one.target(0).dtype == np.int64
        assert one.tags.dtype == np.uint16
        assert one.tags.tolist() == [0] * len(sentences)


def test_batches_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    some = pairs(SENTENCES * 5)
    written(tmp_path / "one", some)
    monkeypatch.setattr(examples, "_BATCH", 7)
    written(tmp_path / "three", some)
    names = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert len(names) == 8
    for name in names:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "three" / name).read_bytes()


def test_tags_are_indices(tmp_path: Path) -> None:
    some = pairs(SENTENCES, "nl") + pairs(SENTENCES[:2], "de")
    assert written(tmp_path, some, roles=ROLES).tags.tolist() == [1, 1, 1, 0, 0]
    for tag in ("fr", None):
        with pytest.raises(UsageError, match=f"needs one of .* de, nl, but its tag is {tag}: give"):
            written(tmp_path, pairs(SENTENCES, tag), roles=ROLES)


def test_a_large_vocabulary_takes_wider_numbers(tmp_path: Path) -> None:
    large = tokenizers.Tokenizer(models.WordLevel({"dog": 0, "a": 70_001}, unk_token="dog"))
    large.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    held = written(tmp_path, pairs([("a dog a", "ein Hund")]), source=Tokenizer(large))
    assert held.source(0).tolist() == [70_001, 0, 70_001]
    assert (tmp_path / "source_ids.bin").stat().st_size == 3 * 4
    assert (tmp_path / "target_ids.bin").stat().st_size == 2 * held.target_lengths[0]


def test_what_is_too_long_is_left_out_and_counted(tmp_path: Path) -> None:
    sentences = [*SENTENCES, ("é" * 6, "x"), ("x", "é" * 6), ("é" * 5, "é" * 5), (" ", "x")]
    assert len(TOKENIZER.encode_target("é" * 6)) == 12
    statistics = CorpusStatistics(seen=7)
    held = written(tmp_path, pairs(sentences), max_length=11, statistics=statistics)
    assert len(held) == 4
    assert max(held.source_lengths) == max(held.target_lengths) + 1 == 11
    assert statistics.dropped == {"more than 11 tokens": 2, "empty side": 1}
    assert str(statistics.first["more than 11 tokens"]) == "train.en and train.de, line 4"
    assert statistics.kept == 4


def test_nothing_is_left(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        written(tmp_path, pairs([("x", "é" * 97)]), statistics=CorpusStatistics(seen=1))
    assert str(caught.value) == (
        "none of the pairs (1) is usable: "
        "1 × more than 101 tokens (first: train.en and train.de, line 1)"
    )
    assert list(tmp_path.iterdir()) == []


def test_arrays_are_mapped_and_cannot_be_changed(tmp_path: Path) -> None:
    held = written(tmp_path, pairs(SENTENCES))
    for array in (held.source_lengths, held.tags, *held._ids, *held._offsets):
        assert isinstance(array.base, np.memmap)
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1
    held.source(0)[0] = 1  # a copy
    with pytest.raises(IndexError, match="there are pairs 0 to 2, but 3 was asked for"):
        held.target(3)
    with pytest.raises(IndexError):
        held.source(-1)


def complaint(kind: type[GlassformerError], folder: Path) -> str:
    with pytest.raises(kind) as caught:
        Examples.open(folder)
    assert str(caught.value).endswith(
        f"delete {folder} and run the same training again, which prepares it again"
    )
    assert "\n" not in str(caught.value)
    return str(caught.value)


NAMES = sorted({*(f"{name}.bin" for name in examples._NAMES), "examples.json"})


@pytest.mark.parametrize("name", NAMES)
def test_files_that_are_missing_or_cut_off(tmp_path: Path, name: str) -> None:
    written(tmp_path, pairs(SENTENCES))
    assert sorted(path.name for path in tmp_path.iterdir()) == NAMES
    path = tmp_path / name
    data = path.read_bytes()
    path.write_bytes(data[:-2])
    said = "is damaged" if name == "examples.json" else f"has {len(data) - 2} bytes instead of"
    assert f"{name} {said}" in complaint(InputError, tmp_path)
    path.unlink()
    assert f"cannot read the prepared pairs {path}: No such file" in complaint(InputError, tmp_path)


@pytest.mark.parametrize("text", ["", "[]", "{}", "\xff", '{"source_ids": [7, 7]}'])
def test_a_list_of_files_that_is_none(tmp_path: Path, text: str) -> None:
    written(tmp_path, pairs(SENTENCES))
    (tmp_path / "examples.json").write_bytes(text.encode("latin-1"))
    assert "examples.json is damaged" in complaint(InputError, tmp_path)


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OutputError, match=r"cannot write .*: No space left on device"):
        written(tmp_path / "new", pairs(SENTENCES))
    assert list((tmp_path / "new").iterdir()) == []


def test_what_was_there_is_replaced_whole(tmp_path: Path) -> None:
    written(tmp_path, pairs(SENTENCES))
    (tmp_path / ".source_ids.bin.7.partial").write_bytes(b"of a process that was killed")
    assert len(written(tmp_path, pairs(SENTENCES * 11))) == 33
    assert sorted(path.name for path in tmp_path.iterdir()) == NAMES
    with pytest.raises(UsageError):
        written(tmp_path, pairs(SENTENCES), roles=ROLES)
    assert "examples.json: No such file" in complaint(InputError, tmp_path)


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutputError, match=r"cannot write .*file"):
        written(tmp_path / "file", pairs(SENTENCES))
