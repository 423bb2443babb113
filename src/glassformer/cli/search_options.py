"""Options of all verbs that translate: to which language, by which search, how many at a time."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import click

from glassformer.cli.options import load_model
from glassformer.decoding.settings import SearchConfig
from glassformer.errors import UsageError

if TYPE_CHECKING:
    from glassformer.library import Glassformer

_Command = TypeVar("_Command", bound=Callable[..., Any])
_AT_LEAST_1 = click.IntRange(min=1)

to_option = click.option(
    "--to", metavar="LANGUAGE", help="The target language; not needed where the model has but one."
)
truncate_option = click.option(
    "--truncate", is_flag=True, help="Cut the end off lines that are too long."
)


def batch_options(command: _Command) -> _Command:
    """How many lines are computed together: --batch-size --batch-tokens."""
    command = click.option(
        "--batch-size", type=_AT_LEAST_1, help="The same as a number of lines, in its place."
    )(command)
    return click.option(
        "--batch-tokens",
        type=_AT_LEAST_1,
        help="Tokens to run at a time, padding included; a matter of speed only.",
    )(command)


def batches_of(batch_size: int | None, batch_tokens: int | None) -> dict[str, Any]:
    """The arguments that say how many lines are computed together.

    Raises:
        UsageError: when both are given.
    """
    if batch_size is not None and batch_tokens is not None:
        raise UsageError("--batch-size and --batch-tokens exclude each other: give one of them")
    if batch_size is not None:
        return {"batch_size": batch_size}
    return {} if batch_tokens is None else {"batch_tokens": batch_tokens}


@dataclass(frozen=True)
class Searching:
    """What the options say of how to translate."""

    config: SearchConfig
    to: str | None
    batches: dict[str, Any]
    truncate: bool


_SEARCH = (
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
)
_OF_CONFIG = (
    "beam_size",
    "length_penalty",
    "length_penalty_form",
    "max_length",
    "no_repeat_ngram",
    "temperature",
    "top_k",
    "top_p",
    "seed",
)


def search_options(command: _Command) -> Callable[..., Any]:
    """All of how to translate, which the command receives as one argument `searching`."""

    @functools.wraps(command)
    def with_searching(*arguments: Any, **options: Any) -> Any:
        settings = {name: options.pop(name) for name in _OF_CONFIG}
        if "n_best" in options:
            settings["n_best"] = options.pop("n_best")
        searching = Searching(
            config=SearchConfig(**settings),
            to=options.pop("to"),
            batches=batches_of(options.pop("batch_size"), options.pop("batch_tokens")),
            truncate=options.pop("truncate"),
        )
        return command(*arguments, searching=searching, **options)

    wrapped: Callable[..., Any] = truncate_option(batch_options(with_searching))
    for option in reversed(_SEARCH):
        wrapped = option(wrapped)
    return to_option(wrapped)


def load_translator(
    model_name: str | None, device: str, precision: str, threads: int | None
) -> "Glassformer":
    """The model that the options ask for, which has to have a decoder.

    Raises:
        UsageError: when it has none.
        ModelFilesError: when it cannot be loaded.
    """
    model = load_model(model_name, device, precision, threads)
    if model.config.decoder is None:
        raise UsageError(
            f"{model.name} is an encoder without a decoder: it cannot translate; --model FOLDER "
            "names one that can, such as glassformer train makes"
        )
    return model
