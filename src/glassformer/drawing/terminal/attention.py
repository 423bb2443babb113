"""Who attends to whom in the terminal: bars, a matrix of numbers, or the strongest links."""

from collections.abc import Iterable, Sequence

from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.text import Text

from glassformer.catalogue import Language, phrase
from glassformer.drawing.cells import heading, left, right
from glassformer.drawing.language import card_note, head_name, moment_note, name_of, rows_note
from glassformer.views import AttentionView, Link, printable

EIGHTHS = " ▏▎▍▌▋▊▉█"
NARROWEST = 5
"""Cells that one number of a matrix needs: a space, and 0.53."""


class Attention:
    """Bars for one word, a matrix of numbers for all, the strongest links where it is too wide."""

    def __init__(self, view: AttentionView, language: Language = "en") -> None:
        self.view = view
        self.language = language

    def __rich_console__(self, console: Console, options: object) -> Iterable[RenderableType]:
        view = self.view
        what = name_of(view.part, self.language)
        if len(view.heads) == 1:
            what = phrase("{a}, {b}", self.language, a=what, b=self._which(*view.heads[0]))
        yield heading(phrase("Attention", self.language), what)
        if view.moment is not None:
            yield Text(moment_note(view.moment, self.language), style="dim")
        if view.choice == "card":
            yield Text(card_note(view, self.language), style="dim")
        elif view.choice == "largest":
            yield Text(phrase("the head with the largest link", self.language), style="dim")
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
        scale = phrase("(a bar of full width is 1)", self.language)
        yield Text(f"{phrase('from “{word}” to', self.language, word=word)}   {scale}")
        hidden = phrase("not shown (special tokens)", self.language)
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
        yield Text(phrase("row attends to column", self.language), style="dim")
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
        yield Text(f"(…) {phrase('not shown (special tokens)', self.language)}", style="dim")

    def _strongest(self) -> Iterable[RenderableType]:
        yield Text(phrase("strongest links of each", self.language), style="dim")
        for query in self.view.shown_queries:
            links = [link for link in self.view.links if link.from_ == query]
            yield Text(f"{printable(self.view.queries[query])} → {self._listing(links)}")

    def _heads(self) -> Iterable[RenderableType]:
        yield Text(phrase("strongest links of each", self.language), style="dim")
        for layer, head in self.view.heads:
            links = [x for x in self.view.links if (x.layer, x.head) == (layer, head)]
            found = self._listing(links, origin=True)
            yield Text(phrase("{a}: {b}", self.language, a=self._which(layer, head), b=found))

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
