"""The settings of a training: what they refuse, where they say it is, and their way to a file."""

import dataclasses
import json
import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glassformer.config import PRESETS, TrainingConfig
from glassformer.config.training import settings_of
from glassformer.errors import ConfigError

SETTINGS = dict(settings_of(TrainingConfig()))


def refusal(data: dict[str, Any]) -> str:
    with pytest.raises(ConfigError) as raised:
        TrainingConfig.from_dict(data)
    message = str(raised.value)
    assert "\n" not in message
    return message


# A file and back


@st.composite
def given_settings(draw: st.DrawFn) -> dict[str, dict[str, Any]]:
    """Some settings of each section, with values that they may have."""
    share = st.floats(0.0, 0.99)
    count = st.integers(2, 10**6)
    values: dict[str, dict[str, st.SearchStrategy[Any]]] = {
        "text": {
            "tokenizer": st.sampled_from(["bpe", "whitespace"]),
            "vocabulary": st.integers(300, 10**6),
            "joiner": st.text(max_size=5),
            "max_ratio": st.floats(1.0, 1e6),
            "drop_duplicates": st.booleans(),
        },
        "model": {
            "preset": st.sampled_from(sorted(PRESETS)),
            "dropout": share,
            "norm": st.sampled_from(["post", "pre", "none"]),
            "scale_scores": st.booleans(),
        },
        "training": {
            "seed": count,
            "max_updates": count,
            "learning_rate": st.floats(1e-9, 1e3),
            "beta_2": share,
            "precision": st.sampled_from(["float32", "bfloat16", "float16"]),
            "compile": st.booleans(),
        },
        "dev": {"sentences": count, "bleu_tokenize": st.sampled_from([None, "13a", "zh"])},
    }
    return {
        section: draw(st.fixed_dictionaries({}, optional=some))
        for section, some in values.items()
        if draw(st.booleans())
    }


@given(given_settings())
def test_settings_survive_json(data: dict[str, dict[str, Any]]) -> None:
    config = TrainingConfig.from_dict(data)
    text = json.dumps(config.to_dict(), allow_nan=False)
    assert TrainingConfig.from_dict(json.loads(text)) == config
    for section, values in data.items():
        for name, value in values.items():
            assert getattr(getattr(config, section), name) == value


def test_what_is_not_given_keeps_its_default() -> None:
    assert TrainingConfig.from_dict({}) == TrainingConfig()
    config = TrainingConfig.from_dict({"training": {"seed": 7}})
    assert config.training == dataclasses.replace(TrainingConfig().training, seed=7)
    assert (config.text, config.model, config.dev) == (
        TrainingConfig().text,
        TrainingConfig().model,
        TrainingConfig().dev,
    )


def test_toml_sections_are_read_as_they_stand() -> None:
    text = '[model]\npreset = "tiny"\ndropout = 0\n[text]\njoiner = "@@ "\n'
    config = TrainingConfig.from_dict(tomllib.loads(text))
    assert (config.model.preset, config.text.joiner) == ("tiny", "@@ ")
    assert isinstance(config.model.dropout, float)  # a whole number stands for it


def test_changes_leave_the_rest_alone() -> None:
    before = TrainingConfig.from_dict({"training": {"seed": 7}, "dev": {"samples": 3}})
    after = before.changed(training={"max_updates": 11}, model={"d_model": 13})
    assert (after.training.seed, after.training.max_updates, after.model.d_model) == (7, 11, 13)
    assert after.dev == before.dev
    assert before.training.max_updates is None
    with pytest.raises(ConfigError, match="max_updates must be at least 1"):
        before.changed(training={"max_updates": 0})


def test_every_setting_is_listed_under_its_section() -> None:
    data = TrainingConfig().to_dict()
    assert list(SETTINGS) == [f"{s}.{name}" for s, values in data.items() for name in values]


def test_nothing_can_be_changed_in_place() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        TrainingConfig().training.seed = 3  # type: ignore[misc]


# What is refused


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (
            {"trainning": {}},
            "there is no section 'trainning' of settings; there are: text, model, training, dev",
        ),
        ({"training": 3}, "training must be a section of settings, but is 3"),
        ({"training": {"sead": 3}}, "training has no setting 'sead'; did you mean 'seed'?"),
        ({"dev": {"zzzz": 3}}, "dev has no setting 'zzzz'"),
        ({"training": {"seed": "3"}}, "training.seed must be int, but is '3' (str)"),
        ({"training": {"seed": True}}, "training.seed must be int, but is True (bool)"),
        ({"training": {"seed": 1.0}}, "training.seed must be int, but is 1.0 (float)"),
        ({"training": {"compile": 1}}, "training.compile must be bool, but is 1 (int)"),
        ({"model": {"d_model": 3.5}}, "model.d_model must be int | None, but is 3.5 (float)"),
        (
            {"model": {"norm": "middle"}},
            "model.norm must be one of 'post', 'pre', 'none', but is 'middle' (str)",
        ),
        (
            {"model": {"preset": "huge"}},
            "model.preset must be one of base, small, tiny, but is 'huge'",
        ),
        (
            {"training": {"average_of": "ema"}},
            "training.average_of is ema, but ema is 0: give a decay, as in ema = 0.999",
        ),
    ],
)
def test_what_is_wrong_is_named(data: dict[str, Any], message: str) -> None:
    assert refusal(data) == message


@pytest.mark.parametrize(
    ("setting", "bound", "below"),
    [
        ("text.vocabulary", 300, 299),
        ("text.max_length", 2, 1),
        ("text.max_ratio", 1.0, 0.99),
        ("model.d_model", 1, 0),
        ("model.num_heads", 1, 0),
        ("model.d_ff", 1, -3),
        ("model.encoder_layers", 1, 0),
        ("model.decoder_layers", 1, 0),
        ("model.max_positions", 2, 1),
        ("training.seed", 0, -1),
        ("training.max_updates", 1, 0),
        ("training.batch_tokens", 1, 0),
        ("training.micro_batch_tokens", 1, 0),
        ("training.warmup", 0, -1),
        ("training.weight_decay", 0.0, -0.1),
        ("training.clip_norm", 0.0, -0.1),
        ("training.average", 1, 0),
        ("training.checkpoint_every", 1, 0),
        ("training.evaluate_every", 1, 0),
        ("training.patience", 0, -1),
        ("training.workers", 1, 0),
        ("training.threads", 1, 0),
        ("dev.sentences", 1, 0),
        ("dev.beam_size", 1, 0),
        ("dev.samples", 0, -1),
    ],
)
def test_bounds(setting: str, bound: float, below: float) -> None:
    section, _, name = setting.partition(".")
    config = TrainingConfig.from_dict({section: {name: bound}})
    assert getattr(getattr(config, section), name) == bound
    for value in [below] + [float("nan"), float("inf")] * isinstance(bound, float):
        message = refusal({section: {name: value}})
        assert message == f"{setting} must be at least {bound}, but is {value}"


@pytest.mark.parametrize(
    "setting",
    [
        "model.dropout",
        "model.attention_dropout",
        "model.activation_dropout",
        "training.beta_1",
        "training.beta_2",
        "training.label_smoothing",
        "training.ema",
    ],
)
def test_shares_are_below_one(setting: str) -> None:
    section, _, name = setting.partition(".")
    TrainingConfig.from_dict({section: {name: 0.0}})
    for value in (1.0, -0.1, float("nan")):
        message = refusal({section: {name: value}})
        assert message == f"{setting} must be in [0, 1), but is {value}"


@pytest.mark.parametrize("value", [0.0, -1.0, float("inf"), float("nan")])
@pytest.mark.parametrize("name", ["learning_rate", "epsilon"])
def test_rates_are_positive(name: str, value: float) -> None:
    message = refusal({"training": {name: value}})
    assert message == f"training.{name} must be positive and finite, but is {value}"


def test_a_number_too_large_for_a_float_is_refused() -> None:
    message = refusal({"training": {"learning_rate": 10**400}})
    assert message == "training.learning_rate is too large for a floating-point number"


@pytest.mark.parametrize(
    "sizes",
    [
        {"d_model": 130, "num_heads": 4},
        {"preset": "tiny", "num_heads": 3},
        {"preset": "base", "d_model": 100},
    ],
)
def test_heads_that_do_not_divide_the_model_are_refused_before_the_corpus_is_read(
    sizes: dict[str, Any],
) -> None:
    with pytest.raises(ConfigError, match="num_heads must divide d_model, but"):
        TrainingConfig.from_dict({"model": sizes})
