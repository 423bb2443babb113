"""A comparison in the terminal, as a table of its links; an animation as a line for each moment."""

from collections.abc import Iterable, Sequence

from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.text import Text

from glassformer.catalogue import Language, phrase
from glassformer.drawing.cells import columns, heading, right
from glassformer.drawing.compared import comparison_notes, labels_of, title_of, word_of
from glassformer.drawing.language import card_note, head_name, levels_note, name_of
from glassformer.views import AnimationView, ComparisonView, LinkDifference, Pair, printable

MOST_ROWS = 24
"""Of more links than this the table has those with the largest differences."""
BEST = 4
"""So many links of each moment, the strongest, are named."""


class Comparison:
    """The words of both sides, and the links between words that both have."""

    def __init__(self, view: ComparisonView, language: Language = "en") -> None:
        self.view = view
        self.language = language

    def __rich_console__(self, console: Console, options: object) -> Iterable[RenderableType]:
        view, language = self.view, self.language
        yield heading(title_of(view, language))
        names = phrase("left", language), phrase("right", language)
        for name, label in zip(names, labels_of(view, language), strict=True):
            yield Text(phrase("{a}: {b}", language, a=name, b=" · ".join(label)))
        lone = [pair for pair in (*view.queries, *view.keys) if pair.kind not in ("matched",)]
        for pair in dict.fromkeys(lone):
            yield Text(f"  {self._word(pair, 'queries' if pair in view.queries else 'keys')}")
        for note in self._notes():
            yield Text(note, style="dim")
        yield from self._table(console.width)

    def _notes(self) -> list[str]:
        """What holds in the terminal too: all but the marks of words, which the lines above say."""
        return [note for note in comparison_notes(self.view, self.language)[1:] if note]

    def _word(self, pair: Pair, of: str) -> str:
        return word_of(self.view, pair, of, self.language)

    def _table(self, width: int) -> Iterable[Text]:
        view = self.view
        shown: Sequence[LinkDifference] = view.differences
        if len(shown) > MOST_ROWS:
            largest = sorted(shown, key=lambda one: -abs(one.difference))[:MOST_ROWS]
            said = phrase(
                "the {n} largest of {all} differences", self.language, n=MOST_ROWS, all=len(shown)
            )
            yield Text(said, style="dim")
            shown = largest
        titles = phrase("from|to|left|right|right − left", self.language).split("|")
        rows = [
            (
                self._word(view.queries[one.from_], "queries"),
                self._word(view.keys[one.to], "keys"),
                f"{one.left:.3f}",
                f"{one.right:.3f}",
                f"{one.difference:+.3f}".replace("-", "−"),
            )
            for one in shown
        ]
        numbers = [max(9, cell_len(title) + 2) for title in titles[2:]]
        room = max(8, (width - sum(numbers)) // 2)
        words = [
            min(room, 2 + max(map(cell_len, [titles[n], *(row[n] for row in rows)])))
            for n in (0, 1)
        ]
        for row in (tuple(titles), *rows):
            line = columns(row[:2], words, style="bold" if row == tuple(titles) else "")
            line.pad_right(sum(words) - line.cell_len)
            for text, cells in zip(row[2:], numbers, strict=True):
                line.append(right(text, cells))
            yield line


class Animation:
    """The strongest links of each moment, one moment a line."""

    def __init__(self, view: AnimationView, language: Language = "en") -> None:
        self.view = view
        self.language = language

    def __rich_console__(self, console: Console, options: object) -> Iterable[RenderableType]:
        frames, language = self.view.frames, self.language
        last = frames[-1]
        head = head_name(*last.heads[0], last.mean_of, language)
        what = phrase("{a}, {b}", language, a=name_of(last.part, language), b=head)
        yield heading(phrase("Attention while learning", language), what)
        assert last.moment is not None
        for note in (card_note(last, language), levels_note(last.moment, language)):
            if note:
                yield Text(note, style="dim")
        yield Text(phrase("strongest links of each", language), style="dim")
        for frame in frames:
            assert frame.moment is not None
            best = sorted(frame.links, key=lambda link: -link.weight)[:BEST]
            found = phrase(", ", language).join(
                f"{printable(frame.queries[link.from_])} → {printable(frame.keys[link.to])} "
                f"{link.weight:.2f}"
                for link in best
            )
            moment = phrase("update {n}", language, n=frame.moment.update)
            yield Text(phrase("{a}: {b}", language, a=moment, b=found))
