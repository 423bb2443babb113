"""Options that several verbs share, with the same names and the same meaning."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from glassformer.library import Glassformer

_Command = TypeVar("_Command", bound=Callable[..., Any])

quiet_option = click.option("--quiet", is_flag=True, help="Say nothing but results and errors.")
force_option = click.option("--force", is_flag=True, help="Replace outputs that exist already.")
language_option = click.option(
    "--language",
    type=click.Choice(["en", "zh"]),
    default="en",
    help="Language of the texts for people.",
    show_default=True,
)


def model_options(command: _Command) -> _Command:
    """Which model, where and how exactly: --model --device --precision --threads."""
    for option in (
        click.option(
            "--threads", type=click.IntRange(min=1), help="Processor threads; default: torch's own."
        ),
        click.option(
            "--precision",
            type=click.Choice(["float32", "bfloat16", "float16", "float64"]),
            default="float32",
            show_default=True,
            help="Number format of weights and arithmetic.",
        ),
        click.option("--device", default="cpu", show_default=True, help="cpu, cuda, cuda:1, mps …"),
        click.option(
            "--model",
            "model_name",
            metavar="MODEL",
            help="A folder, an installed model's name or a hub name; default: en-fr-de-zh.",
        ),
    ):
        command = option(command)
    return command


def load_model(
    model_name: str | None, device: str, precision: str, threads: int | None
) -> "Glassformer":
    """The model that the options ask for."""
    import torch

    from glassformer.library import load

    if threads is not None:
        torch.set_num_threads(threads)
    return load(model_name, device=device, precision=precision)


def output_path(value: str | None) -> Path | None:
    """The file to write to, or None for stdout."""
    return None if value in (None, "-") else Path(value)
