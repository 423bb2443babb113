"""Settings that a person gives: a TOML file, and `key=value` on the command line."""

import difflib
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from glassformer.config.training import TrainingConfig, settings_of
from glassformer.errors import ConfigError, Setting, UsageError, reason_of
from glassformer.messages import Message

Given = dict[str, dict[str, Any]]
"""Sections of settings, only those that were given."""


def read_settings(path: Path | None, assignments: Sequence[str]) -> Given:
    """What a TOML file and assignments of `section.name=value` give; the latter win.

    A value is read as TOML where it is TOML (`0.3`, `true`, `"@@ "`), else as the text itself.

    Raises:
        ConfigError: when the file cannot be read, is no TOML or has unknown settings, or when a
            value is impossible.
        UsageError: when an assignment is none, or its key is unknown.
    """
    given: Given = {}
    if path is not None:
        given = _read_toml(path)
        try:
            TrainingConfig.from_dict(given)
        except ConfigError as error:
            raise error.at(path) from error
    known = [name for name, _ in settings_of(TrainingConfig())]
    for assignment in assignments:
        key, equals, text = assignment.partition("=")
        if not equals:
            raise UsageError(
                "{setting:name} needs key=value, as in training.seed=2, but is {given!r}",
                setting=Setting("assignments"),
                given=assignment,
            )
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1)
            if near:
                raise UsageError(
                    "there is no setting {key!r}; did you mean {near}?", key=key, near=near[0]
                )
            raise UsageError(
                "there is no setting {key!r}; they are: {known}", key=key, known=tuple(known)
            )
        section, _, name = key.partition(".")
        given.setdefault(section, {})[name] = _value(text)
    TrainingConfig.from_dict(given)
    return given


def differences(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[Message]:
    """What two sets of sections differ in, as sentences."""
    keys = [
        (section, name) for section in {**before, **now} for name in _names(section, before, now)
    ]
    found = []
    for section, name in keys:
        was, is_now = (side.get(section, {}).get(name) for side in (before, now))
        if was != is_now:
            found.append(
                Message(
                    "{name} was {was} and is now {is_now}",
                    {"name": f"{section}.{name}", "was": _said(was), "is_now": _said(is_now)},
                )
            )
    return found


def _names(section: str, *sides: Mapping[str, Any]) -> dict[str, None]:
    return {name: None for side in sides for name in side.get(section, {})}


def _said(value: Any) -> str | Message:
    return Message("not given") if value is None else repr(value)


def _read_toml(path: Path) -> Given:
    try:
        with path.open("rb") as file:
            return tomllib.load(file)
    except OSError as error:
        raise ConfigError(
            "cannot read {path}: {reason}", path=path, reason=reason_of(error)
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ConfigError("{path} is not TOML: {reason}", path=path, reason=str(error)) from error


def _value(text: str) -> Any:
    try:
        value = tomllib.loads(f"value = {text}")
    except (tomllib.TOMLDecodeError, RecursionError):
        return text
    return value["value"] if len(value) == 1 else text
