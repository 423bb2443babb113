"""Text measured in terminal cells, where a Chinese character takes two."""

from collections.abc import Sequence

from rich.cells import cell_len, chop_cells, set_cell_size
from rich.text import Text


def heading(text: str, more: str = "") -> Text:
    """A title, with what belongs to it in plain type."""
    title = Text(text, style="bold")
    if more:
        title.append(f"  {more}", style="not bold")
    return title


def shape_text(shape: Sequence[int]) -> str:
    """Sizes as people write them: 12 × 11 × 11."""
    return " × ".join(map(str, shape))


def number(value: float | int) -> str:
    """A number in about seven cells: three or four digits of it, a whole number in full."""
    if isinstance(value, int):
        return f"{value: d}"
    size = abs(value)
    if size != 0.0 and (size < 0.001 or size >= 10_000):
        return f"{value: .0e}"
    return f"{value: .{3 if size < 10 else 2 if size < 100 else 1 if size < 1000 else 0}f}"


def left(text: str, width: int) -> str:
    """Text in exactly this many cells, flush left."""
    return set_cell_size(crop(text, width), width)


def right(text: str, width: int) -> str:
    """Text in exactly this many cells, flush right, a space before it where it was cropped."""
    text = crop(text, width - 1) if cell_len(text) >= width > 1 else text
    return " " * (width - cell_len(text)) + text


def crop(text: str, width: int) -> str:
    """Text in at most this many cells; an ellipsis says that there was more."""
    return text if cell_len(text) <= width else set_cell_size(text, max(0, width - 1)) + "…"


def wrapped(text: str, width: int) -> list[str]:
    """The text in lines of at most so many cells, broken at spaces, and in words too long."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and cell_len(longer) > width:
            lines.append(word)
        else:
            lines[-1:] = [longer]
        while cell_len(lines[-1]) > width > 1:
            first, *_ = chop_cells(lines[-1], width)
            lines[-1:] = [first, lines[-1][len(first) :]]
    return lines


def columns(texts: Sequence[str], widths: Sequence[int], style: str = "") -> Text:
    """A line of a table: each text in its width, a space at its end; a width of 0 leaves it out."""
    cells = [
        left(crop(text, width - 1), width) if width else ""
        for text, width in zip(texts, widths, strict=True)
    ]
    return Text("".join(cells).rstrip(), style=style, no_wrap=True, overflow="ellipsis")
