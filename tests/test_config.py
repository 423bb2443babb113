"""The configuration: what it refuses and how it says so, and that it survives a file."""

import dataclasses
import json
import os
import subprocess
import sys
from typing import Any, get_type_hints

import pytest
from hypothesis import given
from strategies import Case, cases

from glassformer.config import PRESETS, ModelConfig, ShownHead, StackConfig
from glassformer.config.model import ModelChanges
from glassformer.errors import ConfigError

STACK = StackConfig(vocabulary=29, d_model=21, num_heads=3, d_ff=23, num_layers=2)
SHOWN = ShownHead(part="encoder", layer=1, head=1, reason="measured")


def assert_refused(message: str, *, build: Any, **settings: Any) -> None:
    with pytest.raises(ConfigError) as raised:
        build(**settings)
    assert str(raised.value) == message


# A file and back


@given(case=cases())
def test_a_configuration_survives_json(case: Case) -> None:
    text = json.dumps(case.config.to_dict(), allow_nan=False)
    assert ModelConfig.from_dict(json.loads(text)) == case.config


def test_every_setting_is_written_by_name() -> None:
    config = ModelConfig(
        encoder=STACK, decoder=STACK, tags=(("fr", 3), ("de", 2)), shown_head=SHOWN
    )
    data = config.to_dict()
    assert data.keys() == {field.name for field in dataclasses.fields(ModelConfig)}
    assert data["encoder"].keys() == {field.name for field in dataclasses.fields(StackConfig)}
    assert data["tags"] == {"fr": 3, "de": 2}
    assert data["shown_head"]["reason"] == "measured"


def test_what_is_left_out_of_a_file_takes_its_default() -> None:
    config = ModelConfig.from_dict({"encoder": {"vocabulary": 29}})
    assert config == ModelConfig(encoder=StackConfig(vocabulary=29))


def test_reading_leaves_the_data_alone() -> None:
    data = ModelConfig(encoder=STACK, decoder=STACK, tags=(("fr", 3),)).to_dict()
    before = json.dumps(data)
    ModelConfig.from_dict(data)
    assert json.dumps(data) == before


def test_a_whole_number_stands_for_a_float() -> None:
    stack = StackConfig(vocabulary=29, dropout=0)
    assert isinstance(stack.dropout, float)
    assert stack == StackConfig(vocabulary=29, dropout=0.0)


# Sizes


@pytest.mark.parametrize(
    ("name", "sizes"), [("base", (512, 8, 2048, 6, 64)), ("tiny", (128, 4, 256, 4, 32))]
)
def test_presets(name: str, sizes: tuple[int, ...]) -> None:
    config = ModelConfig.preset(name, vocabulary=31, start=1, end=2)
    assert config.encoder == config.decoder
    stack = config.encoder
    assert (stack.d_model, stack.num_heads, stack.d_ff, stack.num_layers, stack.d_head) == sizes
    assert (stack.vocabulary, config.start, config.end) == (31, 1, 2)


def test_a_preset_may_be_changed() -> None:
    assert ModelConfig.preset("tiny", vocabulary=31, decoder=None).decoder is None
    assert ModelConfig.preset("tiny", vocabulary=31, output_bias=True).output_bias


def test_whatever_a_model_has_may_be_changed_in_a_preset() -> None:
    assert get_type_hints(ModelChanges) == get_type_hints(ModelConfig)


def test_the_defaults_are_the_base_model_of_the_paper() -> None:
    stack = StackConfig(vocabulary=31)
    assert ModelConfig.preset("base", vocabulary=31).encoder == stack
    assert (stack.norm, stack.activation, stack.positions) == ("post", "relu", "sinusoidal")
    assert stack.dropout == 0.1
    assert stack.scale_embedding
    assert stack.scale_scores


def test_an_unknown_preset() -> None:
    assert_refused(
        "there is no preset 'huge'; choose one of base, small, tiny",
        build=ModelConfig.preset,
        name="huge",
        vocabulary=31,
    )


@pytest.mark.parametrize("config", [STACK, SHOWN, ModelConfig(encoder=STACK)])
def test_a_configuration_is_frozen(config: Any) -> None:
    for field in dataclasses.fields(config):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(config, field.name, getattr(config, field.name))
    hash(config)


def test_presets_cannot_be_changed_in_place() -> None:
    with pytest.raises(TypeError):
        PRESETS["base"] = {}  # type: ignore[index]


def test_what_is_never_generated() -> None:
    config = ModelConfig(
        encoder=STACK,
        decoder=STACK,
        padding=1,
        start=2,
        end=3,
        tags=(("fr", 4), ("de", 5)),
        suppressed=(6, 7),
    )
    assert config.never_generated == {1, 2, 4, 5, 6, 7}
    assert ModelConfig(encoder=STACK).never_generated == {0}


# What a stack refuses


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("vocabulary", 0, "vocabulary must be at least 1, but is 0"),
        ("d_model", -3, "d_model must be at least 1, but is -3"),
        ("num_heads", 0, "num_heads must be at least 1, but is 0"),
        ("d_ff", 0, "d_ff must be at least 1, but is 0"),
        ("num_layers", 0, "num_layers must be at least 1, but is 0"),
        ("num_layers", 10**9, "num_layers must be at most 1000, but is 1000000000"),
        ("max_positions", 0, "max_positions must be at least 1, but is 0"),
        ("token_types", -1, "token_types must not be negative, but is -1"),
        ("first_position", -2, "first_position must not be negative, but is -2"),
        ("dropout", 1.0, "dropout must be in [0, 1), but is 1.0"),
        ("attention_dropout", -0.1, "attention_dropout must be in [0, 1), but is -0.1"),
        ("activation_dropout", float("nan"), "activation_dropout must be in [0, 1), but is nan"),
        ("norm_epsilon", 0.0, "norm_epsilon must be positive and finite, but is 0.0"),
        ("norm_epsilon", float("nan"), "norm_epsilon must be positive and finite, but is nan"),
        (
            "num_heads",
            5,
            "d_model must be divisible by num_heads, but 21 / 5 leaves a remainder of 1",
        ),
        # Values of another type, as a file may hold them
        ("d_model", "512", "d_model must be int, but is '512' (str)"),
        ("d_model", 1.5, "d_model must be int, but is 1.5 (float)"),
        ("d_model", 512.0, "d_model must be int, but is 512.0 (float)"),
        ("num_layers", True, "num_layers must be int, but is True (bool)"),
        ("d_ff", None, "d_ff must be int, but is None (NoneType)"),
        ("dropout", "0.1", "dropout must be float, but is '0.1' (str)"),
        ("dropout", True, "dropout must be float, but is True (bool)"),
        ("scale_scores", "true", "scale_scores must be bool, but is 'true' (str)"),
        ("scale_embedding", 1, "scale_embedding must be bool, but is 1 (int)"),
        (
            "activation",
            "tanh",
            "activation must be one of 'relu', 'gelu', 'gelu_tanh', 'silu', but is 'tanh' (str)",
        ),
        ("norm", ["post"], "norm must be one of 'post', 'pre', 'none', but is ['post'] (list)"),
        (
            "positions",
            None,
            "positions must be one of 'sinusoidal', 'sinusoidal_halves', 'learned', 'none', "
            "but is None (NoneType)",
        ),
    ],
)
def test_a_stack_refuses(name: str, value: Any, message: str) -> None:
    settings = dataclasses.asdict(STACK) | {name: value}
    assert_refused(message, build=StackConfig, **settings)
    # And so does a file that says it, for either side.
    data = ModelConfig(encoder=STACK, decoder=STACK).to_dict()
    for side in ("encoder", "decoder"):
        assert_refused(message, build=ModelConfig.from_dict, data=data | {side: settings})


# What a model refuses


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"padding": 29}, "padding must be a token id (0 to 28), but is 29"),
        ({"padding": -1}, "padding must be a token id (0 to 28), but is -1"),
        ({"output_bias": True}, "output_bias and tags require a decoder, but there is none"),
        ({"tags": (("fr", 1),)}, "output_bias and tags require a decoder, but there is none"),
        (
            {"shown_head": dataclasses.replace(SHOWN, layer=3)},
            "shown_head.layer must be between 1 and 2, but is 3",
        ),
        (
            {"shown_head": dataclasses.replace(SHOWN, head=4)},
            "shown_head.head must be between 1 and 3, but is 4",
        ),
        (
            {"shown_head": dataclasses.replace(SHOWN, head=0)},
            "shown_head.head must be between 1 and 3, but is 0",
        ),
        (
            {"shown_head": dataclasses.replace(SHOWN, part="cross")},
            "shown_head.part is 'cross', but there is no decoder",
        ),
    ],
)
def test_an_encoder_alone_refuses(settings: dict[str, Any], message: str) -> None:
    assert_refused(message, build=ModelConfig, encoder=STACK, **settings)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"decoder": dataclasses.replace(STACK, d_model=24)},
            "tie_embeddings requires equal d_model on both sides, "
            "but the encoder has 21 and the decoder 24",
        ),
        (
            {"decoder": dataclasses.replace(STACK, vocabulary=31)},
            "tie_embeddings requires equal vocabulary on both sides, "
            "but the encoder has 29 and the decoder 31",
        ),
        (
            {"decoder": dataclasses.replace(STACK, token_types=2)},
            "token_types are for encoders only, but the decoder has some",
        ),
        (
            {"start": 29},
            "start must be a token id of the target vocabulary (0 to 28), but is 29",
        ),
        ({"end": -1}, "end must be a token id of the target vocabulary (0 to 28), but is -1"),
        (
            {"tags": (("fr", 1), ("de", 31))},
            "tag 'de' must be a token id of the target vocabulary (0 to 28), but is 31",
        ),
        (
            {"suppressed": (3, 37)},
            "suppressed must be a token id of the target vocabulary (0 to 28), but is 37",
        ),
        (
            {"decoder": dataclasses.replace(STACK, vocabulary=7), "tie_embeddings": False,
             "padding": 11},
            "padding must be a token id of the target vocabulary (0 to 6), but is 11",
        ),
        ({"padding": 2, "end": 2}, "the end token (2) must be a token that may be generated"),
        (
            {"tags": (("fr", 5),), "end": 5},
            "the end token (5) must be a token that may be generated",
        ),
        ({"suppressed": (5,), "end": 5}, "the end token (5) must be a token that may be generated"),
        (
            {"shown_head": ShownHead(part="decoder", layer=3, head=1, reason="")},
            "shown_head.layer must be between 1 and 2, but is 3",
        ),
        ({"start": "1"}, "start must be int | None, but is '1' (str)"),
        ({"end": True}, "end must be int | None, but is True (bool)"),
        ({"padding": None}, "padding must be int, but is None (NoneType)"),
        ({"tie_embeddings": "yes"}, "tie_embeddings must be bool, but is 'yes' (str)"),
        (
            {"tags": (("fr", "1"),)},
            "tags must be tuple[tuple[str, int], ...], but is (('fr', '1'),) (tuple)",
        ),
        ({"suppressed": (1, 2.0)}, "suppressed must be tuple[int, ...], but is (1, 2.0) (tuple)"),
    ],
)  # fmt: skip
def test_a_model_refuses(settings: dict[str, Any], message: str) -> None:
    settings = {"encoder": STACK, "decoder": STACK} | settings
    assert_refused(message, build=ModelConfig, **settings)


def test_sizes_may_differ_where_nothing_is_tied() -> None:
    decoder = dataclasses.replace(STACK, d_model=24, vocabulary=31)
    config = ModelConfig(encoder=STACK, decoder=decoder, tie_embeddings=False, start=30)
    assert config.decoder == decoder


# What a file is refused for


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"tie_embedings": True},
            "the model has no setting 'tie_embedings'; did you mean 'tie_embeddings'?",
        ),
        ({"zzz": 1}, "the model has no setting 'zzz'"),
        (
            {"encoder": {"vocabulary": 29, "num_head": 3}},
            "encoder has no setting 'num_head'; did you mean 'num_heads'?",
        ),
        (
            {"decoder": {"vocabulary": 29, "positon": "none"}},
            "decoder has no setting 'positon'; did you mean 'positions'?",
        ),
        ({"encoder": {"d_model": 21}}, "encoder lacks the required setting 'vocabulary'"),
        ({"shown_head": {"part": "encoder"}}, "shown_head lacks the required setting 'layer'"),
        ({"encoder": 3}, "encoder must be StackConfig, but is 3 (int)"),
        ({"encoder": None}, "encoder must be StackConfig, but is None (NoneType)"),
        (
            {"shown_head": {"part": "left", "layer": 1, "head": 1, "reason": ""}},
            "part must be one of 'encoder', 'decoder', 'cross', but is 'left' (str)",
        ),
        (
            {"tags": {"fr": 1.5}},
            "tags must be tuple[tuple[str, int], ...], but is (('fr', 1.5),) (tuple)",
        ),
        ({"suppressed": ["3"]}, "suppressed must be tuple[int, ...], but is ('3',) (tuple)"),
    ],
)
def test_a_file_is_refused(change: dict[str, Any], message: str) -> None:
    data = ModelConfig(encoder=STACK, decoder=STACK).to_dict() | change
    assert_refused(message, build=ModelConfig.from_dict, data=data)


def test_a_file_without_an_encoder_is_refused() -> None:
    assert_refused(
        "the model lacks the required setting 'encoder'", build=ModelConfig.from_dict, data={}
    )


@pytest.mark.parametrize(
    "value", [10**400, -(10**400), float("inf")], ids=["huge", "huge below zero", "infinite"]
)
@pytest.mark.parametrize("name", ["dropout", "norm_epsilon"])
def test_a_number_beyond_every_float_is_refused(name: str, value: float) -> None:
    changed: dict[str, Any] = {name: value}
    with pytest.raises(ConfigError, match=name):
        StackConfig(vocabulary=29, **changed)


def test_a_tag_given_twice_is_refused() -> None:
    # A file holds one entry for each tag, so that the second would be lost without a word.
    with pytest.raises(ConfigError, match="fr"):
        ModelConfig(encoder=STACK, decoder=STACK, tags=(("fr", 3), ("fr", 5)))


# Reading a configuration is quick


@pytest.mark.parametrize("module", ["", ".config", ".errors", ".views"])
def test_importing_does_not_import_torch(module: str) -> None:
    program = f"import sys, glassformer{module}; print('torch' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env=os.environ
    )
    assert done.stdout == "False\n"
