"""Phrases that no text for people may have: each gave way to the field's own term.

`wording/*.tsv` lists them, one a line: a phrase, a tab, and what replaced it. They are looked for
in any case and across the ends of lines, but not in code.
"""

import ast
import functools
import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from glassformer.catalogue.chinese import CHINESE
from glassformer.cli import VERBS, glassformer

TESTS = Path(__file__).parent
ROOT = TESTS.parent
SOURCE = ROOT / "src" / "glassformer"
PAGES = [
    ROOT / "README.md",
    *sorted((ROOT / "docs").glob("*.md")),
    ROOT / "examples" / "lesson.ipynb",
]

NOT_YET: set[str] = set()
"""Rooms, files, pages and commands that are still to be read."""

AT_LEAST = 150
"""So many phrases there are: a list that got lost finds nothing."""

CODE = re.compile(r"^( *)```.*?^\1```|`[^`\n]+`", re.MULTILINE | re.DOTALL)


@functools.cache
def banned() -> dict[str, str]:
    """Every phrase, and what replaced it."""
    found: dict[str, str] = {}
    for path in sorted((TESTS / "wording").glob("*.tsv")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            phrase, _, instead = line.partition("\t")
            place = f"{path.name}, line {number}"
            assert phrase.strip(), f"{place}: expected a phrase, a tab and what replaced it"
            assert instead.strip(), f"{place}: expected a phrase, a tab and what replaced it"
            found[phrase.lower()] = instead
    return found


@functools.cache
def pattern_of(phrases: frozenset[str]) -> re.Pattern[str]:
    """What finds one of these phrases as whole words, the longest first."""
    longest_first = sorted(phrases, key=lambda phrase: (-len(phrase), phrase))
    either = "|".join(r"\s+".join(map(re.escape, phrase.split())) for phrase in longest_first)
    return re.compile(rf"(?<!\w)(?:{either})(?!\w)", re.IGNORECASE)


def found_in(text: str, phrases: frozenset[str]) -> list[str]:
    """The phrases that stand in a text outside of code."""
    plain = CODE.sub("`", text)
    return [" ".join(match[0].split()).lower() for match in pattern_of(phrases).finditer(plain)]


def texts() -> Iterator[tuple[str, str]]:
    """Every text for people, with where it stands: sentences, docstrings, help, pages."""
    for path in sorted(SOURCE.rglob("*.py")):
        name = path.relative_to(SOURCE).as_posix()
        if "catalogue/chinese" not in name:
            yield from texts_of_source(name, path.read_text(encoding="utf-8"))
    yield from help_of("glassformer", glassformer)
    for verb in VERBS:
        yield from help_of(verb, importlib.import_module(f"glassformer.cli.{verb}").command)
    for english in CHINESE:
        yield "catalogue", english
    for page in PAGES:
        yield page.name, page.read_text(encoding="utf-8")


def texts_of_source(name: str, source: str) -> Iterator[tuple[str, str]]:
    """Every string in a file: its docstrings, those of settings too, and what it says."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield f"{name}:{node.lineno}", node.value


def help_of(verb: str, command: click.Command) -> Iterator[tuple[str, str]]:
    """What a command says of itself and of its options."""
    yield f"{verb} --help", command.help or ""
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            yield f"{verb} {parameter.opts[0]}", parameter.help or ""


def is_waiting(place: str) -> bool:
    """Whether a place, such as `cli/score.py:91`, is in what is still to be read."""
    file = place.partition(":")[0]
    return not NOT_YET.isdisjoint((file, file.partition("/")[0], file.partition(" ")[0]))


def test_no_text_for_people_has_a_banned_phrase() -> None:
    found = [
        f"{place}: {phrase!r} → {banned()[phrase]}"
        for place, text in texts()
        if not is_waiting(place)
        for phrase in found_in(text, frozenset(banned()))
    ]
    assert not found, "\n".join(found)


def test_every_list_is_read() -> None:
    assert len(banned()) >= AT_LEAST


def test_no_replacement_is_banned_itself() -> None:
    phrases = frozenset(banned())
    assert not {one: instead for one, instead in banned().items() if found_in(instead, phrases)}


def test_all_kinds_of_text_are_looked_at() -> None:
    whole = dict(texts())
    assert "Glassformer" in whole["README.md"]
    assert whole["train --output"]
    assert any(place.startswith("config/training.py:") for place in whole)
    assert any(
        text == "there is no preset {name!r}; choose one of {known}" for text in whole.values()
    )


@pytest.mark.parametrize(
    "text",
    [
        "columns parted by tabs",
        "Parted by\n    Tabs, as in TSV",
        "`a` parted  by tabs `b`",
        "(parted by tabs)",
    ],
)
def test_a_banned_phrase_is_found(text: str) -> None:
    assert found_in(text, frozenset({"parted by tabs", "other"})) == ["parted by tabs"]


@pytest.mark.parametrize(
    "text",
    [
        "columns departed by tabs",
        "parted by tabsets",
        "`parted by tabs`",
        "```text\nparted by tabs\n```",
        "parted `x` by tabs",
    ],
)
def test_other_text_passes(text: str) -> None:
    assert found_in(text, frozenset({"parted by tabs"})) == []


def test_docstrings_of_modules_functions_and_settings_are_texts() -> None:
    source = '"""One."""\nclass A:\n    """Two."""\n    x: int = 1\n    """Three."""\nf("Four")\n'
    assert {text for _, text in texts_of_source("x.py", source)} == {
        "One.",
        "Two.",
        "Three.",
        "Four",
    }
