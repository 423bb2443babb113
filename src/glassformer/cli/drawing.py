"""Options of pictures, and which formats are pictures."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from glassformer.errors import Setting, UsageError

_Command = TypeVar("_Command", bound=Callable[..., Any])

PICTURES = ("svg", "png", "pdf")
"""Formats that are drawn."""

_OPTIONS = (
    click.option(
        "--font-size",
        type=float,
        help="Font size of the words in a picture, in pixels; everything else scales with it.  "
        "[default: 15]",
    ),
    click.option(
        "--width",
        type=float,
        help="Width of a picture in pixels. Alone it scales the picture; with --font-size the "
        "picture is laid out anew in this width.",
    ),
    click.option(
        "--palette",
        type=click.Choice(["default", "okabe-ito", "grey"]),
        help="Colours of a picture: okabe-ito for colour-blind readers, grey for print.",
    ),
    click.option(
        "--no-caption",
        "caption",
        flag_value=False,
        default=None,
        help="Leave notes and legend sentences out of a picture; the scale stays.",
    ),
)


def paper_options(command: _Command) -> _Command:
    """How a picture comes out on paper."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def paper_of(options: dict[str, Any], format: str) -> dict[str, Any]:
    """Those of these options that were given, taken out of all the others.

    Raises:
        UsageError: when there are any, but no picture is drawn.
    """
    names = ("font_size", "width", "palette", "caption")
    taken = {name: options.pop(name) for name in names}
    paper = {name: value for name, value in taken.items() if value is not None}
    if paper and format not in PICTURES:
        raise UsageError(
            "{settings:name} is for pictures, and {format} is none: leave it out",
            settings=tuple(Setting(name) for name in paper),
            format=format,
        )
    return paper
