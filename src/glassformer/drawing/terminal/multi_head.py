"""The heads joined, in the terminal: Z of each side by side, W_O, b_O and the output."""

import itertools
from collections.abc import Iterable

from rich.console import Console, RenderableType
from rich.text import Text

from glassformer.catalogue import Language, phrase
from glassformer.drawing.cells import heading, shape_text
from glassformer.drawing.language import name_of, titled
from glassformer.drawing.terminal.matrix import Matrix
from glassformer.drawing.terminal.table import table
from glassformer.views import MultiHeadView


class MultiHead:
    """The matrices of the joining, one below the other."""

    def __init__(self, view: MultiHeadView, language: Language = "en") -> None:
        self.view = view
        self.language = language

    def __rich_console__(self, console: Console, options: object) -> Iterable[RenderableType]:
        view, language = self.view, self.language
        layer = phrase("layer {n}", language, n=view.layer)
        where = phrase("{a}, {b}", language, a=name_of(view.part, language), b=layer)
        yield heading(phrase("Multi-head attention: the heads joined", language), where)
        yield Text(f"{view.output.matrix.name} = concat(Z₁ … Z_h) W_O + b_O", style="dim")
        note = phrase(
            "Of each head the first {shown} of {all} features are shown, and of W_O the rows that "
            "they meet.",
            language,
            shown=view.features_shown,
            all=view.d_head,
        )
        yield Text(note, style="dim")
        yield Text("")
        rows = view.output.matrix.row_labels
        shape = shape_text((len(rows), len(view.heads) * view.d_head))
        yield heading("concat(Z₁ … Z_h)", shape)
        labels = [f"{h.title} {label}" for h in view.heads for label in h.matrix.column_labels]
        values = [
            tuple(itertools.chain(*(head.matrix.values[row] for head in view.heads)))
            for row in range(len(rows))
        ]
        yield from table(rows, labels, values, console.width)
        signs = {"W_O": "·", "b_O": "+", "output": "="}
        for panel in (*view.parameters, view.output):
            yield Text("")
            title = f"{signs[panel.title]} {titled(panel.title, language)}"
            title = f"{title}  {shape_text(panel.shape)}  {panel.matrix.name}"
            yield Matrix(panel.matrix, language, title)
        if not view.parameters:
            missing = "The weights W and b are not in this trace: a saved one does not hold them."
            yield Text(phrase(missing, language), style="dim")
