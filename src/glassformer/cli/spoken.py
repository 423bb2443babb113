"""What a command says, in the language of whoever it is said to: results, errors, help.

The language is `--language`, wherever it stands among the arguments, and else the locale's. It is
known before click has parsed anything, so that usage errors are said in it, too. Sentences stand in
English where they are said (`words`), and so does help in its decorators; both are looked up in the
catalogue when they are shown. What click itself says it looks up with gettext, in `locale/`:
tests/cli/test_spoken.py writes that file from `catalogue/chinese/click_words.py`.
"""

import contextlib
import copy
import gettext
import inspect
import itertools
import os
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextvars import ContextVar
from pathlib import Path

import click

from glassformer.catalogue import LANGUAGES, Language, language_of, said
from glassformer.cli.spelling import in_shell
from glassformer.messages import Message

LOCALE = Path(__file__).parent / "locale"
"""Where gettext finds what click says."""

_SPOKEN: ContextVar[Language | None] = ContextVar("spoken", default=None)


def language() -> Language:
    """The language that this command speaks."""
    return _SPOKEN.get() or language_of()


def language_in(arguments: Sequence[str]) -> Language:
    """The language that `--language` names last among unparsed arguments, else the locale's."""
    found = language_of()
    options = [*itertools.takewhile(lambda one: one != "--", arguments), ""]
    for option, following in itertools.pairwise(options):
        name, equals, value = option.partition("=")
        if name == "--language":
            value = value if equals else following
            found = next((one for one in LANGUAGES if one == value), found)
    return found


@contextlib.contextmanager
def speaking(chosen: Language) -> Iterator[None]:
    """Say everything in this language meanwhile, click's own words included."""
    before = os.environ.get("LANGUAGE")
    token = _SPOKEN.set(chosen)
    gettext.bindtextdomain("messages", LOCALE)  # the domain that click takes its words from
    os.environ["LANGUAGE"] = chosen  # the only place where gettext asks for the language
    try:
        yield
    finally:
        _SPOKEN.reset(token)
        if before is None:
            del os.environ["LANGUAGE"]
        else:
            os.environ["LANGUAGE"] = before


def words(english: str, /, **fields: object) -> str:
    """A sentence in the language of this command, with its fields filled in.

    Without fields it is the sentence with its fields open.
    """
    return told(Message(english, fields))


def told(message: Message) -> str:
    """A message in the language of this command, with settings spelled as options."""
    return said(message, language(), in_shell)


class _Formatter(click.HelpFormatter):
    """Help as click lays it out, with lines of Chinese broken where Chinese may be broken."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write the line that shows how the command is typed."""
        super().write_usage(prog, args, None if language() == "en" else words("Usage:"))

    def write_heading(self, heading: str) -> None:
        """Write the heading of a section."""
        if language() == "en":
            super().write_heading(heading)
        else:
            self.write(f"{'':>{self.current_indent}}{heading}：\n")

    def write_text(self, text: str) -> None:
        """Write paragraphs of text."""
        super().write_text(_broken(text, self.width - self.current_indent))

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        """Write a list of options or commands, each with what it does."""
        rows = list(rows)
        first = min(max((len(name) for name, _ in rows), default=0), col_max) + col_spacing
        width = max(self.width - first - 2, 10)
        super().write_dl(
            [(name, _broken(text, width)) for name, text in rows], col_max, col_spacing
        )


class _Context(click.Context):
    formatter_class = _Formatter


class Command(click.Command):
    """A command whose help, in English in its decorators, is shown in the language spoken."""

    context_class = _Context

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what the command does, paragraph by paragraph."""
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text("\n\n".join(map(words, paragraphs(self.help or ""))))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the options."""
        options = [copy.copy(one) for one in self.get_params(ctx) if isinstance(one, click.Option)]
        for option in options:
            option.help = words(option.help or "")
            if isinstance(option.show_default, str):
                option.show_default = words(option.show_default)
        records = [record for option in options if (record := option.get_help_record(ctx))]
        with formatter.section(words("Options")):
            formatter.write_dl(records)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """`--help`, which click makes once, in whatever language is spoken then."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "Show this message and exit."
        return option


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a docstring, each on one line: the sentences that the catalogue has."""
    return [" ".join(one.split()) for one in inspect.cleandoc(text).split("\n\n")]


_PIECE = re.compile(r"\s+|[“（《]?(?:[^\s\u2e80-\uffef]+|[\u2e80-\uffef])[，。：；、）”》！？…]*")
"""What a line of Chinese is not broken within: a space, a Latin word, a character and its marks."""


def _broken(text: str, width: int) -> str:
    """Chinese text in lines of at most this many columns, marked for click as lines that stay.

    click counts characters, of which a Chinese one is two columns wide, and breaks at spaces alone.
    """
    if language() == "en":
        return text
    return "\n\n".join("\b\n" + "\n".join(_lines(one, width)) for one in text.split("\n\n"))


def _lines(paragraph: str, width: int) -> list[str]:
    lines = [""]
    for piece in _PIECE.findall(paragraph):
        if columns(lines[-1] + piece.rstrip()) > width:
            lines.append("")
        lines[-1] += piece if lines[-1] else piece.lstrip()
    return [line.rstrip() for line in lines]


def columns(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)
