"""From a drawing to lines of text."""

import io

from rich.console import Console, RenderableType


def render(drawing: RenderableType, *, width: int, colour: bool = False) -> str:
    """A drawing as text, without colour unless asked for, and without spaces at line ends."""
    file = io.StringIO()
    console = Console(
        file=file,
        width=width,
        force_terminal=colour,
        color_system="truecolor" if colour else None,
        legacy_windows=False,
    )
    console.print(drawing)
    return "\n".join(line.rstrip(" ") for line in file.getvalue().split("\n"))
