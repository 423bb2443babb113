"""R in the terminal, a row for each token."""

from collections.abc import Iterable

from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.text import Text

from glassformer.catalogue import Language, phrase
from glassformer.drawing.cells import heading, left, number, right, shape_text
from glassformer.views import RepresentationView, printable


class Representation:
    """R: as many of each token's numbers as there is room for."""

    def __init__(self, view: RepresentationView, language: Language = "en") -> None:
        self.view = view
        self.language = language

    def __rich_console__(self, console: Console, options: object) -> Iterable[RenderableType]:
        view = self.view
        yield heading(
            phrase("R, the representation", self.language),
            phrase(
                "{a}: {b}",
                self.language,
                a=shape_text(view.shape),
                b=phrase("one vector a token, {n} numbers each", self.language, n=view.shape[1]),
            ),
        )
        labels = min(max(cell_len(printable(token)) for token in view.tokens), 16)
        fits = max(1, (console.width - labels - 3) // 8)
        more = " …" if fits < view.shape[1] else ""
        for token, vector in zip(view.tokens, view.vectors, strict=True):
            numbers = "".join(right(number(value), 8) for value in vector[:fits])
            yield Text(left(printable(token), labels), style="bold").append(
                numbers + more, style="not bold"
            )
