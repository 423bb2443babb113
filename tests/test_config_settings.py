"""Settings from a TOML file and from `--set`: which wins, how a value is read, what is refused."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glassformer.config import TrainingConfig
from glassformer.config.settings import differences, read_settings
from glassformer.errors import ConfigError, GlassformerError, UsageError


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "settings.toml"
    path.write_text('[training]\nseed = 3\nmax_updates = 17\n[model]\npreset = "small"\n')
    return path


def refusal(kind: type[GlassformerError], path: Path | None, *assignments: str) -> str:
    with pytest.raises(kind) as raised:
        read_settings(path, assignments)
    assert "\n" not in str(raised.value)
    return str(raised.value)


def test_nothing_given_is_nothing() -> None:
    assert read_settings(None, []) == {}


def test_assignments_win_over_the_file_and_the_last_one_over_all(file: Path) -> None:
    assert read_settings(file, []) == {
        "training": {"seed": 3, "max_updates": 17},
        "model": {"preset": "small"},
    }
    given = read_settings(file, ["training.seed=5", "dev.samples=7", "training.seed=11"])
    assert given == {
        "training": {"seed": 11, "max_updates": 17},
        "model": {"preset": "small"},
        "dev": {"samples": 7},
    }


@pytest.mark.parametrize(
    ("assignment", "value"),
    [
        ("model.preset=tiny", "tiny"),
        ('model.preset="tiny"', "tiny"),
        ("model.dropout=0.3", 0.3),
        ("model.tie_embeddings=false", False),
        ("training.max_updates=8_000", 8000),
        ("training.learning_rate=5e-3", 0.005),
        ("dev.bleu_tokenize=13a", "13a"),
        ("text.joiner=@@ ", "@@ "),
        ('text.joiner="@@ "', "@@ "),
        ("text.joiner=", ""),
        ("text.joiner==", "="),
    ],
)
def test_a_value_is_toml_where_it_can_be_and_text_otherwise(assignment: str, value: Any) -> None:
    section, _, name = assignment.partition("=")[0].partition(".")
    given = read_settings(None, [assignment])
    assert given == {section: {name: value}}
    assert type(given[section][name]) is type(value)
    assert getattr(getattr(TrainingConfig.from_dict(given), section), name) == value


@given(st.text(max_size=13))
def test_any_text_is_a_value_or_refused(text: str) -> None:
    try:
        given = read_settings(None, [f"text.joiner={text}"])
    except ConfigError as error:
        message: str | None = str(error)
    else:
        message = None
        assert isinstance(given["text"]["joiner"], str)
    assert message is None or message.startswith("text.joiner must be str, but is ")


def test_a_value_brings_no_second_setting() -> None:
    given = read_settings(None, ['text.joiner="@@ "\nmax_length = 3'])
    assert given == {"text": {"joiner": '"@@ "\nmax_length = 3'}}


def test_unknown_keys_get_a_hint(file: Path) -> None:
    said = refusal(UsageError, None, "training.sead=3")
    assert said == "there is no setting 'training.sead'; did you mean training.seed?"
    said = refusal(UsageError, None, "zzz=3")
    assert said.startswith("there is no setting 'zzz'; they are: text.tokenizer, text.vocabulary, ")
    said = refusal(UsageError, None, "training.seed")
    assert said == "assignments needs key=value, as in training.seed=2, but is 'training.seed'"
    file.write_text("[training]\nsead = 3\n")
    said = refusal(ConfigError, file)
    assert said == f"{file}: training has no setting 'sead'; did you mean 'seed'?"


@pytest.mark.parametrize("value", ["soon", "2020-01-01", "[3]", "3.5", "true"])
def test_a_value_of_the_wrong_type_is_refused_at_once(value: str) -> None:
    said = refusal(ConfigError, None, f"training.seed={value}")
    assert said.startswith("training.seed must be int, but is ")


def test_what_contradicts_itself_only_together_is_refused(file: Path) -> None:
    file.write_text('[training]\nema = 0.9\naverage_of = "ema"\n')
    read_settings(file, ["training.ema=0.99"])
    assert refusal(ConfigError, file, "training.ema=0").startswith("training.average_of is ema")


def test_files_that_are_none(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    assert refusal(ConfigError, path) == f"cannot read {path}: No such file or directory"
    assert refusal(ConfigError, tmp_path) == f"cannot read {tmp_path}: Is a directory"
    for data in (b"[training", b"seed: 3", b"a = '\xff'", b"a = " + b"[" * 10_000):
        path.write_bytes(data)
        assert refusal(ConfigError, path).startswith(f"{path} is not TOML: ")
    path.write_text("training = 3\n")
    said = refusal(ConfigError, path, "training.seed=3")
    assert said == f"{path}: training must be a section of settings, but is 3"


def test_differences_name_both_values() -> None:
    before = {"training": {"seed": 1, "max_updates": 7}, "model": {"preset": "tiny"}}
    now = {"training": {"seed": 2, "max_updates": 7}, "dev": {"samples": 3}}
    assert list(map(str, differences(before, now))) == [
        "training.seed was 1 and is now 2",
        "model.preset was 'tiny' and is now not given",
        "dev.samples was not given and is now 3",
    ]
    assert differences(before, before) == []
