"""Options that several verbs share, with the same names and the same meaning."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from glassformer.cli.spelling import in_shell
from glassformer.views import printable

if TYPE_CHECKING:
    from glassformer.messages import Note

_Command = TypeVar("_Command", bound=Callable[..., Any])
_AT_LEAST_1 = click.IntRange(min=1)

quiet_option = click.option("--quiet", is_flag=True, help="Say nothing but results and errors.")
force_option = click.option("--force", is_flag=True, help="Replace outputs that exist already.")
language_option = click.option(
    "--language",
    type=click.Choice(["en", "zh"]),
    default="en",
    help="Language of the texts for people.",
    show_default=True,
)
to_option = click.option(
    "--to", metavar="LANGUAGE", help="The target language; not needed where the model has but one."
)
truncate_option = click.option(
    "--truncate", is_flag=True, help="Cut the end off lines that are too long."
)
parse_special_option = click.option(
    "--parse-special",
    "special_tokens",
    flag_value="parse",
    help="Let names of special tokens in the text, such as [MASK], be these tokens.",
)
text_option = click.option(
    "--text",
    "texts",
    multiple=True,
    metavar="TEXT",
    help="A sentence, in place of FILE. May be repeated.",
)


def _all(*options: Callable[[Any], Any]) -> Callable[[_Command], _Command]:
    """Several options in the order in which help lists them."""

    def decorate(command: _Command) -> _Command:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


model_options = _all(
    click.option(
        "--model",
        metavar="MODEL",
        help="A folder, an installed model's name or a hub name; default: en-fr-de-zh.",
    ),
    click.option("--device", help="cpu, cuda, cuda:1, mps …  [default: cpu]"),
    click.option(
        "--precision",
        type=click.Choice(["float32", "bfloat16", "float16", "float64"]),
        help="Number format of weights and arithmetic.  [default: float32]",
    ),
    click.option("--threads", type=_AT_LEAST_1, help="Processor threads; default: torch's own."),
)
"""Which model, where and how exactly."""

batch_options = _all(
    click.option(
        "--batch-tokens",
        type=_AT_LEAST_1,
        help="Tokens to run at a time, padding included; a matter of speed only.",
    ),
    click.option(
        "--batch-size", type=_AT_LEAST_1, help="The same as a number of lines, in its place."
    ),
)
"""How many lines are computed together."""

search_options = _all(
    to_option,
    click.option(
        "--beam-size",
        type=_AT_LEAST_1,
        default=4,
        show_default=True,
        help="Hypotheses kept for a sentence; 1 is greedy search.",
    ),
    click.option(
        "--length-penalty",
        type=float,
        default=1.0,
        show_default=True,
        help="α; the larger it is, the longer are the translations, and 0 is none.",
    ),
    click.option(
        "--length-penalty-form",
        type=click.Choice(["average", "gnmt"]),
        default="average",
        show_default=True,
        help="What scores of n tokens are divided by: n^α, or ((5 + n) / 6)^α.",
    ),
    click.option(
        "--max-length",
        type=_AT_LEAST_1,
        help="Tokens in a translation at most, its end included; default: twice the source's "
        "and 16.",
    ),
    click.option(
        "--no-repeat-ngram",
        type=click.IntRange(min=0),
        default=0,
        help="No sequence of so many tokens occurs twice in a translation.",
    ),
    click.option(
        "--temperature",
        type=float,
        help="Draw tokens at random, with the model's own probabilities at 1, with sharper ones "
        "below and flatter ones above.",
    ),
    click.option(
        "--top-k", type=click.IntRange(min=0), default=0, help="Draw from the k likeliest only."
    ),
    click.option(
        "--top-p",
        type=float,
        default=1.0,
        help="Draw from the likeliest that together have this probability only.",
    ),
    click.option(
        "--seed",
        type=click.IntRange(min=0),
        default=0,
        show_default=True,
        help="Of the draws; the same gives the same, whatever the batch.",
    ),
    batch_options,
    truncate_option,
)
"""All of how to translate."""


def given(options: dict[str, Any]) -> dict[str, Any]:
    """The options that were given, or that have a default other than none."""
    return {name: value for name, value in options.items() if value is not None}


def output_path(value: str | None) -> Path | None:
    """The file to write to, or None for stdout."""
    return None if value in (None, "-") else Path(value)


def say(text: str) -> None:
    """Tell a person something, on stderr, whatever characters it holds."""
    click.echo("\n".join(map(printable, text.split("\n"))), err=True)


def say_notes(notes: "tuple[Note, ...]", *, quiet: bool) -> None:
    """What a person should know about a result."""
    if not quiet:
        for note in notes:
            say(f"glassformer: {note.render(in_shell)}")
