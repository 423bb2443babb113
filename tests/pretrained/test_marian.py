"""Marian models against transformers: logits of a given target, and the translation found."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.torch
import torch
from narrowing import present
from torch import Tensor

from glassformer.decoding.search import greedy
from glassformer.errors import ConfigError, WeightsError
from glassformer.model.masks import padding_mask
from glassformer.pretrained.folder import read_model

Build = Callable[[str, Any], Any]

SIZES = {
    "vocab_size": 43,
    "decoder_vocab_size": 43,
    "d_model": 42,
    "encoder_layers": 2,
    "encoder_attention_heads": 3,
    "encoder_ffn_dim": 23,
    "decoder_layers": 3,
    "decoder_attention_heads": 7,
    "decoder_ffn_dim": 31,
    "max_position_embeddings": 29,
    "pad_token_id": 36,
    "decoder_start_token_id": 36,
    "eos_token_id": 2,
    "forced_eos_token_id": None,
}

MODELS: list[dict[str, Any]] = [
    {"activation_function": "swish", "scale_embedding": True},
    {"activation_function": "gelu", "scale_embedding": False},
    {
        "activation_function": "swish",
        "scale_embedding": True,
        "share_encoder_decoder_embeddings": False,
        "decoder_vocab_size": 37,
    },
    {
        "activation_function": "relu",
        "scale_embedding": False,
        "share_encoder_decoder_embeddings": False,
        "decoder_start_token_id": 5,
    },
    {"scale_embedding": True, "d_model": 21, "decoder_attention_heads": 1},
]


def label(value: Any) -> str:
    return "-".join(map(str, value.values()))


def sinusoids(positions: int, d_model: int) -> Tensor:
    """Sines, then cosines, in float64; transformers rounds its table to float32."""
    table = np.zeros((positions, d_model))
    for position in range(positions):
        for j in range(d_model):
            angle = position / 10000 ** (2 * (j // 2) / d_model)
            place = j // 2 + (0 if j % 2 == 0 else (d_model + 1) // 2)
            table[position, place] = np.sin(angle) if j % 2 == 0 else np.cos(angle)
    return torch.from_numpy(table)


@pytest.fixture(params=MODELS, ids=label)
def theirs(
    request: pytest.FixtureRequest, transformers: Any, random_model: Build, tmp_path: Path
) -> Any:
    """A random model of theirs, saved to the test's folder."""
    config = transformers.MarianConfig(**{**SIZES, **request.param})
    model = random_model("MarianMTModel", config)
    model.final_logits_bias.normal_()
    model.save_pretrained(tmp_path)
    return model


def exactly(model: Any) -> Any:
    model = model.double()
    config = model.config
    for side in (model.model.encoder, model.model.decoder):
        side.embed_positions.weight.data = sinusoids(config.max_position_embeddings, config.d_model)
    return model


def assert_close(ours: Tensor, theirs: Tensor, tolerance: float) -> None:
    assert ours.shape == theirs.shape
    assert ours.dtype == theirs.dtype
    assert (ours - theirs).abs().max() <= tolerance * max(1.0, float(theirs.abs().max()))


def tokens(shape: tuple[int, int], below: int) -> Tensor:
    return torch.randint(3, min(36, below), shape, generator=torch.Generator().manual_seed(3))


@torch.no_grad()
def test_logits_of_a_given_target(theirs: Any, tmp_path: Path) -> None:
    source = tokens((2, 29), theirs.config.vocab_size)
    target = tokens((2, 29), theirs.config.decoder_vocab_size)
    target[:, 0] = theirs.config.decoder_start_token_id
    expected = theirs(input_ids=source, decoder_input_ids=target)
    ours = read_model(tmp_path)
    assert_close(ours(source, target), expected.logits, 1e-5)
    assert_close(ours.encode(source), expected.encoder_last_hidden_state, 1e-5)
    expected = exactly(theirs)(input_ids=source, decoder_input_ids=target)
    assert_close(read_model(tmp_path, torch.float64)(source, target), expected.logits, 1e-10)


@torch.no_grad()
def test_padded_batches(theirs: Any, tmp_path: Path) -> None:
    lengths = torch.tensor([11, 1, 5])
    mask = padding_mask(lengths)
    source = tokens((3, 11), theirs.config.vocab_size).masked_fill(~mask[:, 0, 0], 36)
    target = tokens((3, 7), theirs.config.decoder_vocab_size)
    expected = exactly(theirs)(
        input_ids=source, attention_mask=mask[:, 0, 0].long(), decoder_input_ids=target
    )
    ours = read_model(tmp_path, torch.float64)
    assert_close(ours(source, target, mask), expected.logits, 1e-10)


@pytest.mark.parametrize(("settings", "bonus"), [(MODELS[0], 4.5), (MODELS[2], 3.0)])
@torch.no_grad()
def test_greedy_translations_are_those_of_generate(
    transformers: Any, random_model: Build, tmp_path: Path, settings: dict[str, Any], bonus: float
) -> None:
    config = transformers.MarianConfig(**{**SIZES, **settings})
    theirs = random_model("MarianMTModel", config)
    # Random models say one word for ever; let this one hear its source, and end at times.
    for name, weight in theirs.named_parameters():
        if "layer_norm.weight" in name:
            weight.normal_()
        elif weight.dim() == 1:
            weight.mul_(0.3)
        elif ".layers." in name:
            weight.mul_(3.0)
    theirs.final_logits_bias.normal_()
    theirs.final_logits_bias[0, config.eos_token_id] += bonus
    theirs.save_pretrained(tmp_path)
    lengths = torch.randint(1, 12, (17,), generator=torch.Generator().manual_seed(5))
    mask = padding_mask(lengths)
    real = mask[:, 0, 0]
    source = tokens((17, int(lengths.max())), config.vocab_size).masked_fill(~real, 36)
    generated = exactly(theirs).generate(
        input_ids=source,
        attention_mask=real.long(),
        num_beams=1,
        do_sample=False,
        max_new_tokens=19,
        bad_words_ids=[[config.pad_token_id]],
    )
    expected = []
    for row in generated[:, 1:].tolist():
        end = row.index(config.eos_token_id) + 1 if config.eos_token_id in row else len(row)
        expected.append(tuple(row[:end]))
    assert len(set(expected)) > 3  # it does hear its source
    assert len(set(map(len, expected))) > 1  # and ends
    ours = read_model(tmp_path, torch.float64)
    start = ours.config.start
    assert start == config.decoder_start_token_id
    found = greedy(ours, ours.encode(source, mask), mask, [present(start)] * 17, 19)
    assert [hypothesis.tokens for hypothesis in found] == expected


@pytest.mark.parametrize("shared", [True, False])
def test_old_files_hold_every_copy(
    transformers: Any, random_model: Build, tmp_path: Path, shared: bool
) -> None:
    """Tied tables under each of their names, and the sinusoids."""
    config = transformers.MarianConfig(**SIZES, share_encoder_decoder_embeddings=shared)
    random_model("MarianMTModel", config).save_pretrained(tmp_path)
    # Copies, since the file that the weights are mapped from is written anew.
    expected = {name: x.clone() for name, x in read_model(tmp_path).named_parameters()}
    path = tmp_path / "model.safetensors"
    weights = safetensors.torch.load_file(path)
    source = weights["model.shared.weight" if shared else "model.encoder.embed_tokens.weight"]
    target = source if shared else weights["model.decoder.embed_tokens.weight"]
    weights["model.encoder.embed_tokens.weight"] = source.clone()
    weights["model.decoder.embed_tokens.weight"] = target.clone()
    weights["lm_head.weight"] = target.clone()
    weights["model.encoder.embed_positions.weight"] = torch.zeros(29, 42)
    weights["model.decoder.embed_positions.weight"] = torch.zeros(29, 42)
    safetensors.torch.save_file(weights, path)
    given = dict(read_model(tmp_path).named_parameters())
    assert given.keys() == expected.keys()
    assert all(torch.equal(given[name], expected[name]) for name in expected)

    weights["lm_head.weight"][3, 5] += 1.0
    safetensors.torch.save_file(weights, path)
    with pytest.raises(WeightsError, match="is tied to"):
        read_model(tmp_path)


def test_what_the_configuration_says(
    transformers: Any, random_model: Build, tmp_path: Path
) -> None:
    config = transformers.MarianConfig(**SIZES)
    random_model("MarianMTModel", config).save_pretrained(tmp_path)
    ours = read_model(tmp_path).config
    assert (ours.padding, ours.start, ours.end) == (36, 36, 2)
    assert ours.tags == ()
    assert 36 in ours.never_generated
    path = tmp_path / "config.json"
    data = json.loads(path.read_text())
    path.write_text(json.dumps({**data, "decoder_start_token_id": 5}))
    assert read_model(tmp_path).config.start == 5
    del data["decoder_start_token_id"]  # Marian starts with its padding
    path.write_text(json.dumps(data))
    assert read_model(tmp_path).config.start == 36
    for key in ("pad_token_id", "eos_token_id", "d_model", "vocab_size", "decoder_layers"):
        path.write_text(json.dumps({k: v for k, v in data.items() if k != key}))
        with pytest.raises(ConfigError, match=f"config.json: .*{key}"):
            read_model(tmp_path)
