"""Forty-eight sentences of every day in four languages, written for these tests: for quick looks
at what the model in the box does. They measure nothing: some may be among what it learned from."""

from pathlib import Path

LANGUAGES = ("en", "fr", "de", "zh")


def everyday(language: str) -> list[str]:
    """The sentences in this language, in the same order in each."""
    text = (Path(__file__).parent / "data" / "everyday.tsv").read_text(encoding="utf-8")
    place = LANGUAGES.index(language)
    return [line.split("\t")[place] for line in text.splitlines()]
