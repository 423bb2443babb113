import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from encoding.tiny import minilm

from glassformer.encoding.pooling import Pooling, pool, pooling_of, unit_length
from glassformer.errors import ModelFilesError, UsageError
from glassformer.pretrained.files import find_model

OLD = "sentence_transformers.models."
NEW = {
    "Transformer": "sentence_transformers.base.modules.transformer.Transformer",
    "Pooling": "sentence_transformers.sentence_transformer.modules.pooling.Pooling",
    "Normalize": "sentence_transformers.base.modules.normalize.Normalize",
}


def sentence_model(folder: Path, kinds: list[str], pooling: dict[str, Any], **files: Any) -> Path:
    """The files that describe a sentence model, with modules of these kinds."""
    modules = [
        {
            "idx": index,
            "name": str(index),
            "path": f"{index}_{kind}" if index else "",
            "type": NEW.get(kind, OLD + kind) if "pooling_mode" in pooling else OLD + kind,
        }
        for index, kind in enumerate(kinds)
    ]
    for name, data in {"modules": modules, **files}.items():
        (folder / f"{name}.json").write_text(json.dumps(data), encoding="utf-8")
    if "Pooling" in kinds:
        place = folder / f"{kinds.index('Pooling')}_Pooling"
        place.mkdir()
        (place / "config.json").write_text(json.dumps(pooling), encoding="utf-8")
    return folder


def old_keys(*modes: str) -> dict[str, Any]:
    known = ("cls_token", "max_tokens", "mean_tokens", "mean_sqrt_len_tokens", "lasttoken")
    return {f"pooling_mode_{mode}": mode in modes for mode in known}


@pytest.mark.parametrize(
    ("config", "mode"),
    [
        (old_keys("mean_tokens"), "mean"),
        (old_keys("cls_token"), "cls"),
        (old_keys(), "mean"),  # sentence-transformers' own default
        ({}, "mean"),
        ({"pooling_mode": "mean", "embedding_dimension": 384, "include_prompt": True}, "mean"),
        ({"pooling_mode": "cls"}, "cls"),
        ({"pooling_mode": ["cls"]}, "cls"),
        ({"pooling_mode": "cls", **old_keys("mean_tokens")}, "cls"),
    ],
)
@pytest.mark.parametrize(
    ("kinds", "normalize"),
    [
        (["Transformer", "Pooling"], False),
        (["Transformer", "Pooling", "Normalize"], True),
        (["Transformer", "Dropout", "Pooling", "Normalize"], True),
    ],
)
def test_reads_old_and_new_keys(
    tmp_path: Path, config: dict[str, Any], mode: str, kinds: list[str], normalize: bool
) -> None:
    pooling = pooling_of(sentence_model(tmp_path, kinds, config))
    assert pooling == Pooling(mode=mode, normalize=normalize)  # type: ignore[arg-type]
    pooling.check()


def test_a_model_that_is_no_sentence_model(tmp_path: Path) -> None:
    assert pooling_of(tmp_path) is None
    assert pooling_of(sentence_model(tmp_path, ["Transformer"], {})) is None


@pytest.mark.parametrize(
    ("kinds", "config", "files", "reason"),
    [
        (["Pooling"], old_keys("max_tokens"), {}, "pools by max"),
        (["Pooling"], old_keys("mean_sqrt_len_tokens"), {}, "pools by mean_sqrt_len_tokens"),
        (["Pooling"], {"pooling_mode": "weightedmean"}, {}, "pools by weightedmean"),
        (["Pooling"], {"pooling_mode": "lasttoken"}, {}, "pools by lasttoken"),
        (["Pooling"], old_keys("cls_token", "mean_tokens"), {}, "pools by cls, mean"),
        (["Pooling"], {"pooling_mode": ["mean", "max"]}, {}, "pools by mean, max"),
        (
            ["Pooling", "Dense"],
            old_keys("mean_tokens"),
            {},
            "applies Pooling, Dense after the encoder",
        ),
        (["Dense", "Normalize"], {}, {}, "applies Dense, Normalize after the encoder"),
        (["SpladePooling"], {}, {}, "applies SpladePooling after the encoder"),
        (
            ["Pooling"],
            old_keys("mean_tokens"),
            {
                "config_sentence_transformers": {
                    "prompts": {"query": "query: ", "document": ""},
                    "default_prompt_name": "query",
                }
            },
            "prepends the prompt 'query: ' to each text",
        ),
        (
            ["Pooling"],
            old_keys("mean_tokens"),
            {"sentence_bert_config": {"do_lower_case": True}},
            "lowercases each text",
        ),
    ],
)
def test_what_cannot_be_computed_is_said_when_it_is_used(
    tmp_path: Path, kinds: list[str], config: dict[str, Any], files: dict[str, Any], reason: str
) -> None:
    pooling = pooling_of(sentence_model(tmp_path, ["Transformer", *kinds], config, **files))
    assert pooling is not None
    assert str(pooling.unsupported) == f"this sentence model {reason}"
    with pytest.raises(
        UsageError, match=f"this sentence model {reason}, which is not supported.* pool="
    ):
        pooling.check()


@pytest.mark.parametrize(
    "files",
    [
        {
            "config_sentence_transformers": {
                "prompts": {"query": "query: ", "document": ""},
                "default_prompt_name": None,
            }
        },
        {"config_sentence_transformers": {"prompts": {"document": ""}}},
        {
            "sentence_bert_config": {"do_lower_case": True},
            "tokenizer_config": {"do_lower_case": True},
        },
        {"sentence_bert_config": {"max_seq_length": 128, "do_lower_case": False}},
    ],
)
def test_settings_that_change_no_text(tmp_path: Path, files: dict[str, Any]) -> None:
    folder = sentence_model(tmp_path, ["Transformer", "Pooling"], old_keys("cls_token"), **files)
    assert pooling_of(folder) == Pooling(mode="cls")


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("modules.json", "[", "modules.json is not JSON"),
        ("modules.json", "\xff", "modules.json is not JSON"),
        ("modules.json", "{}", "modules.json must contain a list of modules"),
        ("modules.json", "3", "modules.json must contain a list of modules"),
        ("modules.json", '[{"type": "a.Transformer"}]', "must contain a list of modules"),
        ("modules.json", "[3]", "modules.json must contain a list of modules"),
        (
            "modules.json",
            '[{"type": "T", "path": ""}, {"type": "Pooling", "path": "../1_Pooling"}]',
            "names a path outside of the model folder: '../1_Pooling'",
        ),
        (
            "modules.json",
            '[{"type": "T", "path": ""}, {"type": "Pooling", "path": "/etc"}]',
            "names a path outside of the model folder: '/etc'",
        ),
        ("1_Pooling/config.json", None, "cannot read .*config.json"),
        ("1_Pooling/config.json", "", "config.json is not JSON"),
        ("1_Pooling/config.json", "[]", "config.json must contain a JSON object"),
        (
            "1_Pooling/config.json",
            '{"pooling_mode": 3}',
            "pooling_mode must be a string or a list of strings",
        ),
        (
            "1_Pooling/config.json",
            '{"pooling_mode": []}',
            "pooling_mode must be a string or a list of strings",
        ),
        (
            "1_Pooling/config.json",
            '{"pooling_mode": [1]}',
            "pooling_mode must be a string or a list of strings",
        ),
    ],
)
def test_damaged_files(tmp_path: Path, name: str, text: str | None, message: str) -> None:
    folder = sentence_model(tmp_path, ["Transformer", "Pooling"], {})
    if text is None:
        (folder / name).unlink()
    else:
        (folder / name).write_bytes(text.encode("latin-1"))
    with pytest.raises(ModelFilesError, match=message):
        pooling_of(folder)


def test_padding_is_never_pooled() -> None:
    vectors = torch.randn(2, 5, 3, dtype=torch.float64)
    expected = np.stack([vectors[0].numpy().mean(0), vectors[1, :2].numpy().mean(0)])
    vectors[1, 2:] = torch.nan
    lengths = torch.tensor([5, 2])
    np.testing.assert_allclose(pool(vectors, lengths, "mean").numpy(), expected, atol=1e-12)
    np.testing.assert_array_equal(pool(vectors, lengths, "cls").numpy(), vectors[:, 0].numpy())


def test_a_zero_vector_stays_zero() -> None:
    vectors = torch.tensor([[3.0, 4.0], [0.0, 0.0]])
    np.testing.assert_allclose(unit_length(vectors).numpy(), [[0.6, 0.8], [0.0, 0.0]])


# Sentences of every script and up to 256 tokens, where sentence-transformers cuts off.
SENTENCES = [
    "a dog ate the food because it was hungry",
    "It is.",
    "一只狗吃了食物，因为它饿了。",
    "הכלב אכל את האוכל כי הוא היה רעב",
    "الكلب أكل الطعام 🐕‍🦺🍖 e\u0301te\u0301 café naïve",
    "zero\u200bwidth and \x07 control \x00 and \u202e turned\u202c round",
    "UPPER and lower, 1,234.5 %, http://example.org/?a=b&c=d",
    "antidisestablishmentarianism" * 3,
    "x" * 300,
    *(" ".join(f"word{n}" for n in range(count)) for count in (3, 17, 60, 100)),
    "dog " * 254,
]


def test_minilm_vectors_are_those_of_sentence_transformers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(os.environ, "HF_HUB_OFFLINE", "1")
    model = minilm()
    folder = find_model("all-MiniLM-L6-v2")
    theirs = sentence_transformer(folder)
    own = model.pooling
    assert own == Pooling(mode="mean", normalize=True)
    ours = model.encode(SENTENCES, pool=own.mode, normalize=own.normalize, truncate=True)
    expected = theirs.encode(SENTENCES, batch_size=4)
    np.testing.assert_allclose([one.vectors for one in ours], expected, rtol=0, atol=1e-5)
    theirs.max_seq_length = 512  # as far as we go
    longer = " ".join(f"word{n}" for n in range(190))
    np.testing.assert_allclose(
        model.encode(longer, pool=own.mode, normalize=own.normalize).vectors,
        theirs.encode(longer),
        rtol=0,
        atol=1e-5,
    )
    theirs.save_pretrained(str(tmp_path / "saved"))  # in the keys of the installed version
    assert pooling_of(tmp_path / "saved") == own


@pytest.mark.filterwarnings("ignore")
def sentence_transformer(folder: Path) -> Any:
    sentence_transformers = pytest.importorskip("sentence_transformers")
    return sentence_transformers.SentenceTransformer(
        str(folder), device="cpu", local_files_only=True
    )
