"""The steps of a pass in the terminal, with their shapes, formulas and first numbers."""

from collections.abc import Iterable, Sequence

from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.text import Text

from glassformer.catalogue import Language, phrase, sentence
from glassformer.drawing.cells import columns, heading, number, shape_text
from glassformer.views import StepView


class Steps:
    """A table of steps, those of one layer under its name; formulas take what room is left."""

    def __init__(self, views: Sequence[StepView], language: Language = "en") -> None:
        self.views = views
        self.language = language

    def __rich_console__(self, console: Console, options: object) -> Iterable[RenderableType]:
        titles = phrase("step|shape|formula|first numbers|smallest … largest", self.language).split(
            "|"
        )
        labels = [_label(view) for view in self.views]
        shapes = [shape_text(view.shape) for view in self.views]
        numbers = 24 if console.width >= 96 else 16 if console.width >= 64 else 0
        widths = [
            max(map(cell_len, [titles[0], *labels])) + 2,
            max(map(cell_len, [titles[1], *shapes])) + 2,
            0,
            numbers,
            22 if console.width >= 120 else 0,
        ]
        widths[2] = max(0, console.width - sum(widths))
        yield heading(phrase("Steps", self.language))
        yield columns(titles, widths, "dim")
        opened = ""
        for view, label, shape in zip(self.views, labels, shapes, strict=True):
            if view.layer not in ("", opened, view.name):
                yield Text(view.layer, style="bold")
            opened = view.layer
            first = " ".join(map(number, view.first[: numbers // 8]))
            span = f"{number(view.smallest)} … {number(view.largest).strip()}"
            yield columns(
                [label, shape, sentence(view.formula, self.language), first, span], widths
            )


def _label(view: StepView) -> str:
    """Within a layer what the step adds to the layer's name."""
    return (
        f"  {view.name.removeprefix(view.layer)}"
        if view.layer not in ("", view.name)
        else view.name
    )
