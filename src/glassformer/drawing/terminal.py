"""Views in the terminal: structure, steps, attention as bars or numbers, R.

`python -m glassformer.drawing.terminal` shows a demonstration.
"""

import io
from collections.abc import Iterable, Sequence

from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.text import Text

from glassformer.drawing.cells import columns, heading, left, number, right, shape_text
from glassformer.drawing.demo import attention_of_equal_scores
from glassformer.drawing.language import Language, head_name, moment_note, phrase, rows_note
from glassformer.views import (
    AttentionView,
    FlowView,
    GridView,
    Link,
    MatrixView,
    RepresentationView,
    StepView,
    View,
    printable,
)

EIGHTHS = " ▏▎▍▌▋▊▉█"
NARROWEST = 5
"""Cells that one number of a matrix needs: a space, and 0.53."""


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


def draw(view: View, language: Language = "en", open_layer: int = 1) -> RenderableType:
    """Any picture's view in the terminal; a structure with that layer opened (from 1)."""
    from glassformer.drawing import tables
    from glassformer.drawing.structure import structure

    if isinstance(view, AttentionView):
        return attention(view, language)
    if isinstance(view, GridView):
        return tables.Grid(view, language)
    if isinstance(view, MatrixView):
        return tables.Matrix(view)
    if isinstance(view, FlowView):
        return tables.Flow(view, language)
    return structure(view, language, open_layer)


def steps(views: Sequence[StepView], language: Language = "en") -> RenderableType:
    """A table of steps; those of one layer stand under its name."""
    return _Steps(views, language)


class _Steps:
    """A table of steps in which the formulas take what room the rest leaves."""

    def __init__(self, views: Sequence[StepView], language: Language) -> None:
        self.views = views
        self.language = language

    def __rich_console__(self, console: Console, options: object) -> Iterable[RenderableType]:
        titles = phrase("step_columns", self.language).split("|")
        labels = [self._label(view.name) for view in self.views]
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
        yield heading(phrase("steps", self.language))
        yield columns(titles, widths, "dim")
        opened = ""
        for view, label, shape in zip(self.views, labels, shapes, strict=True):
            layer = _layer_of(view.name)
            if layer not in ("", opened, view.name):
                yield Text(layer, style="bold")
            opened = layer
            first = " ".join(map(number, view.first[: numbers // 8]))
            span = f"{number(view.smallest)} … {number(view.largest).strip()}"
            yield columns([label, shape, view.formula, first, span], widths)

    def _label(self, name: str) -> str:
        layer = _layer_of(name)
        return f"  {name.removeprefix(layer)}" if layer not in ("", name) else name


def _layer_of(name: str) -> str:
    parts = name.split(".")
    return ".".join(parts[:3]) if len(parts) > 2 and parts[1] == "layers" else ""


def attention(view: AttentionView, language: Language = "en") -> RenderableType:
    """Bars for one word, a matrix of numbers for all, the strongest links where it is too wide."""
    return _Attention(view, language)


class _Attention:
    """An attention picture that adapts to the width it is given."""

    def __init__(self, view: AttentionView, language: Language) -> None:
        self.view = view
        self.language = language

    def __rich_console__(self, console: Console, options: object) -> Iterable[RenderableType]:
        view = self.view
        what = phrase(view.part, self.language)
        if len(view.heads) == 1:
            what = phrase("comma", self.language, a=what, b=self._which(*view.heads[0]))
        yield heading(phrase("attention", self.language), what)
        if view.moment is not None:
            yield Text(moment_note(view.moment, self.language), style="dim")
        if view.choice == "card":
            yield Text(phrase("choice_card", self.language, reason=view.reason), style="dim")
        elif view.choice == "largest":
            yield Text(phrase("choice_largest", self.language), style="dim")
        rows = rows_note(view, self.language)
        if rows:
            yield Text(rows, style="dim")
        if len(view.heads) > 1:
            yield from self._heads()
        elif len(view.shown_queries) == 1:
            yield from self._bars(console.width)
        else:
            yield from self._matrix(console.width)

    def _which(self, layer: int | None, head: int | None) -> str:
        return head_name(layer, head, self.view.mean_of, self.language)

    def _bars(self, width: int) -> Iterable[RenderableType]:
        view, query = self.view, self.view.shown_queries[0]
        word = printable(view.queries[query])
        scale = phrase("bar_scale", self.language)
        yield Text(f"{phrase('from_word', self.language, word=word)}   {scale}")
        hidden = phrase("hidden", self.language)
        rows = [(printable(view.keys[link.to]), link.weight) for link in view.links]
        labels = min(max(cell_len(label) for label, _ in [*rows, (hidden, 0.0)]), width // 3)
        room = max(4, width - labels - 9)
        for label, weight in rows:
            yield _bar(label, weight, labels, room, "cyan")
        yield _bar(hidden, view.hidden_share[0], labels, room, "dim")

    def _matrix(self, width: int) -> Iterable[RenderableType]:
        view = self.view
        labels = max((cell_len(printable(view.queries[q])) for q in view.shown_queries), default=0)
        labels = min(labels, 16)
        widest = max((cell_len(printable(view.keys[k])) for k in view.shown_keys), default=0) + 1
        room = (width - labels) // (len(view.shown_keys) + 1) if view.shown_keys else 0
        if room < NARROWEST:
            yield from self._strongest()
            return
        cell = max(NARROWEST, min(room, widest, 9))
        yield Text(phrase("row_to_column", self.language), style="dim")
        yield Text(" " * labels).append(
            "".join(right(printable(view.keys[k]), cell) for k in view.shown_keys)
            + right("(…)", cell),
            style="bold",
        )
        weights = {(link.from_, link.to): link.weight for link in view.links}
        for query, hidden in zip(view.shown_queries, view.hidden_share, strict=True):
            line = Text(left(printable(view.queries[query]), labels), style="bold")
            for key in view.shown_keys:
                weight = weights.get((query, key))
                text = "" if weight is None else f"{weight:.2f}"
                line.append(right(text, cell), style=_shade(weight or 0.0))
            yield line.append(right(f"{hidden:.2f}", cell), style="dim not bold")
        yield Text(f"(…) {phrase('hidden', self.language)}", style="dim")

    def _strongest(self) -> Iterable[RenderableType]:
        yield Text(phrase("strongest", self.language), style="dim")
        for query in self.view.shown_queries:
            links = [link for link in self.view.links if link.from_ == query]
            yield Text(f"{printable(self.view.queries[query])} → {self._listing(links)}")

    def _heads(self) -> Iterable[RenderableType]:
        yield Text(phrase("strongest", self.language), style="dim")
        for layer, head in self.view.heads:
            links = [x for x in self.view.links if (x.layer, x.head) == (layer, head)]
            found = self._listing(links, origin=True)
            yield Text(phrase("colon", self.language, a=self._which(layer, head), b=found))

    def _listing(self, links: Sequence[Link], origin: bool = False) -> str:
        view = self.view
        best = sorted(links, key=lambda link: -link.weight)[:4]
        return ", ".join(
            (f"{printable(view.queries[link.from_])} → " if origin else "")
            + f"{printable(view.keys[link.to])} {link.weight:.2f}"
            for link in best
        )


def _bar(label: str, weight: float, labels: int, room: int, style: str) -> Text:
    whole, part = divmod(round(weight * room * 8), 8)
    bar = "█" * whole + (EIGHTHS[part] if part else "")
    line = Text(right(label, labels + 1)).append(f"  {weight:.2f}  ", "bold")
    return line.append(bar, style=style)


def _shade(weight: float) -> str:
    if weight < 0.05:
        return "dim not bold"
    return "not bold" if weight < 0.2 else "bold cyan"


def representation(view: RepresentationView, language: Language = "en") -> RenderableType:
    """R: as many of each token's numbers as there is room for."""
    return _Representation(view, language)


class _Representation:
    """R, as wide as there is room."""

    def __init__(self, view: RepresentationView, language: Language) -> None:
        self.view = view
        self.language = language

    def __rich_console__(self, console: Console, options: object) -> Iterable[RenderableType]:
        view = self.view
        yield heading(
            phrase("representation", self.language),
            phrase(
                "colon",
                self.language,
                a=shape_text(view.shape),
                b=phrase("r_rows", self.language, n=view.shape[1]),
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


def demo() -> str:
    """Uniform attention, as bars."""
    return render(attention(attention_of_equal_scores()), width=80)


if __name__ == "__main__":
    print(demo())
