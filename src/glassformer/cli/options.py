"""Options that several verbs share, with the same names and the same meaning."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from glassformer.catalogue import LANGUAGES
from glassformer.cli import spoken
from glassformer.views import printable

if TYPE_CHECKING:
    from glassformer.messages import Note

_Command = TypeVar("_Command", bound=Callable[..., Any])
_AT_LEAST_1 = click.IntRange(min=1)

quiet_option = click.option("--quiet", is_flag=True, help="Print results and errors only.")
force_option = click.option("--force", is_flag=True, help="Overwrite existing outputs.")
language_option = click.option(
    "--language",
    type=click.Choice(LANGUAGES),
    expose_value=False,  # `spoken.language` has found it before anything was parsed
    help="Language of messages, help and pictures; default: the locale's (中文：--language zh).",
)
to_option = click.option(
    "--to", metavar="LANGUAGE", help="Target language; not needed where the model has only one."
)
truncate_option = click.option(
    "--truncate",
    is_flag=True,
    help="Truncate lines that are longer than the model's maximum length.",
)
parse_special_option = click.option(
    "--parse-special",
    "special_tokens",
    flag_value="parse",
    help="Read names of special tokens in the text, such as [MASK], as these tokens.",
)
text_option = click.option(
    "--text",
    "texts",
    multiple=True,
    metavar="TEXT",
    help="A sentence, in place of FILE. Repeatable.",
)


def _all(*options: Callable[[Any], Any]) -> Callable[[_Command], _Command]:
    """Several options in the order in which help lists them."""

    def decorate(command: _Command) -> _Command:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


loading_options = _all(
    click.option("--device", help="cpu, cuda, cuda:1, mps …  [default: cpu]"),
    click.option(
        "--precision",
        type=click.Choice(["float32", "bfloat16", "float16", "float64"]),
        help="Numeric precision of weights and arithmetic.  [default: float32]",
    ),
    click.option(
        "--threads", type=_AT_LEAST_1, help="Number of CPU threads; default: PyTorch's own choice."
    ),
)
"""On which device and in which precision."""

model_options = _all(
    click.option(
        "--model",
        metavar="MODEL",
        help="A model folder, the name of an installed model, or a Hugging Face hub name; "
        "default: en-fr-de-zh.",
    ),
    loading_options,
)
"""Which model, on which device and in which precision."""

comparison_options = _all(
    click.option(
        "--compare",
        metavar="TEXT",
        help="Compare with the attention in another sentence; words are aligned by edit distance.",
    ),
    click.option(
        "--compare-head",
        metavar="LAYER,HEAD",
        help="Compare with another head, such as 4,1; both numbers are counted from 1.",
    ),
    click.option(
        "--compare-model", metavar="MODEL", help="Compare with the attention in another model."
    ),
    click.option(
        "--compare-step",
        type=click.IntRange(min=0),
        metavar="K",
        help="Compare with the attention after K updates of the training, recorded with --watch.",
    ),
    click.option(
        "--difference",
        is_flag=True,
        help="Show the difference of a comparison, right minus left, in place of both sides.",
    ),
    click.option(
        "--animate",
        is_flag=True,
        help="Animate how attention formed during training, as recorded with --watch.",
    ),
)
"""What stands beside the attention asked for, or comes before it."""

batch_options = _all(
    click.option(
        "--batch-tokens",
        type=_AT_LEAST_1,
        help="Batch size in tokens, padding included; it affects speed, not results.",
    ),
    click.option(
        "--batch-size", type=_AT_LEAST_1, help="Batch size in lines, in place of --batch-tokens."
    ),
)
"""How many lines make a batch."""

search_options = _all(
    to_option,
    click.option(
        "--beam-size",
        type=_AT_LEAST_1,
        default=4,
        show_default=True,
        help="Beam size: the number of hypotheses kept for a sentence; 1 is greedy search.",
    ),
    click.option(
        "--length-penalty",
        type=float,
        default=1.0,
        show_default=True,
        help="Length penalty α: larger values favour longer translations; 0 turns it off.",
    ),
    click.option(
        "--length-penalty-form",
        type=click.Choice(["average", "gnmt"]),
        default="average",
        show_default=True,
        help="Divisor of the log-probability of n tokens: n^α (average), or ((5 + n) / 6)^α "
        "(gnmt).",
    ),
    click.option(
        "--max-length",
        type=_AT_LEAST_1,
        help="Maximum length of a translation in tokens, end token included; default: twice the "
        "source's length plus 16.",
    ),
    click.option(
        "--no-repeat-ngram",
        type=click.IntRange(min=0),
        default=0,
        help="N-gram blocking: no n-gram of this many tokens occurs twice in a translation; 0 "
        "turns it off.",
    ),
    click.option(
        "--temperature",
        type=float,
        help="Sampling temperature: sample tokens in place of searching, from the model's "
        "distribution at 1, a sharper one below 1 and a flatter one above.",
    ),
    click.option(
        "--top-k",
        type=click.IntRange(min=0),
        default=0,
        help="Top-k sampling: sample from the k most probable tokens only; 0 turns it off.",
    ),
    click.option(
        "--top-p",
        type=float,
        default=1.0,
        help="Nucleus (top-p) sampling: sample from the most probable tokens that together have "
        "this probability; 1 turns it off.",
    ),
    click.option(
        "--seed",
        type=click.IntRange(min=0),
        default=0,
        show_default=True,
        help="Random seed of sampling; the same seed gives the same samples, whatever the batch "
        "size.",
    ),
    batch_options,
    truncate_option,
)
"""All settings of the search."""


def given(options: dict[str, Any]) -> dict[str, Any]:
    """The options that were given, or that have a default other than none."""
    return {name: value for name, value in options.items() if value is not None}


def output_path(value: str | None) -> Path | None:
    """The file to write to, or None for stdout."""
    return None if value in (None, "-") else Path(value)


def say(english: str, /, **fields: object) -> None:
    """Tell a person something, on stderr and in the language spoken."""
    say_as_it_is(spoken.words(english, **fields))


def say_as_it_is(text: str) -> None:
    """Tell a person something that is in a language already, whatever characters it holds."""
    click.echo(printable_lines(text), err=True)


def printable_lines(text: str) -> str:
    """A text of several lines, of which every character can be seen."""
    return "\n".join(map(printable, text.split("\n")))


def say_notes(notes: "tuple[Note, ...]", *, quiet: bool) -> None:
    """What a person should know about a result."""
    if not quiet:
        for note in notes:
            say_as_it_is(f"glassformer: {spoken.told(note)}")
