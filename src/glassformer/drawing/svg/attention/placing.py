"""Where the words of a panel stand: two rows, or two columns where the rows would be too long.

Everything is in pixels from the panel's top left corner. A sentence that is written from right to
left runs so: its first word stands at the right, and the column of those that attend, too.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from glassformer.drawing.svg.canvas import FONT_SIZE, SMALL, room, text_width
from glassformer.views import AttentionView, Link, printable

WIDEST_ROW = 1400.0
"""Pixels; longer rows of words become columns."""

LONGEST_WORD = 900.0
"""Pixels; sixty of the widest letters fit."""

BEND = 0.45
"""How far a line goes straight on before it turns, of the way between the rows."""

NUMBER = 11.0
"""The font size of numbers."""

_GAP, _NARROWEST = 18.0, 30.0
_PITCH, _ACROSS, _LEAST_ACROSS = 26.0, 420.0, 90.0
_SHARE = 56.0
"""Room for the number in brackets beside a word."""

Point = tuple[float, float]
Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""


@dataclass(frozen=True)
class Row:
    """One row (or column) of words: which, how wide, and the middle of each along the row."""

    words: tuple[str, ...]
    centres: dict[int, float]
    widths: dict[int, float]
    line: float
    """The baseline of a row; the side of a column at which the lines begin or end."""
    anchor: str
    label: str

    @property
    def widest(self) -> float:
        """Of its words."""
        return max(self.widths.values(), default=0.0)


@dataclass(frozen=True)
class Plan:
    """The two rows of a panel, and how large it is."""

    upright: bool
    queries: Row
    keys: Row
    width: float
    height: float
    label_room: float

    def start(self, link: Link) -> Point:
        """Where a line begins."""
        along, line = self.queries.centres[link.from_], self.queries.line
        if self.upright:
            return line + (6.0 if self.queries.anchor == "end" else -6.0), along
        return along, line + 10.0

    def end(self, link: Link) -> Point:
        """Where a line ends."""
        along, line = self.keys.centres[link.to], self.keys.line
        if self.upright:
            return line - (6.0 if self.queries.anchor == "end" else -6.0), along
        return along, line - FONT_SIZE - 3.0

    def curve(self, link: Link) -> tuple[Point, Point, Point, Point]:
        """A line as the four points of a Bézier curve."""
        (x1, y1), (x2, y2) = self.start(link), self.end(link)
        if self.upright:
            turn = BEND * (x2 - x1)
            return (x1, y1), (x1 + turn, y1), (x2 - turn, y2), (x2, y2)
        turn = BEND * (y2 - y1)
        return (x1, y1), (x1, y1 + turn), (x2, y2 - turn), (x2, y2)

    def word_at(self, row: Row, index: int) -> Point:
        """Where the text of a word is anchored, on its baseline."""
        along = row.centres[index]
        return (row.line, along + 5.0) if self.upright else (along, row.line)

    def share_at(self, index: int) -> Point:
        """Where the share that is hidden of a word stands: above it, or outside beside it."""
        x, y = self.word_at(self.queries, index)
        if not self.upright:
            return x, y - 18.0
        beside = self.queries.widths[index] + 8.0
        return (x - beside if self.queries.anchor == "end" else x + beside), y

    def boxes(self) -> list[Box]:
        """What the words cover, their numbers in brackets included."""
        boxes = []
        for row, other in ((self.queries, _SHARE), (self.keys, 0.0)):
            for index, width in row.widths.items():
                x, y = self.word_at(row, index)
                if row.anchor == "middle":
                    over = y - FONT_SIZE - (18.0 if other else 0.0)
                    boxes.append((x - width / 2, over, x + width / 2, y + 5.0))
                elif row.anchor == "end":
                    boxes.append((x - width - other, y - FONT_SIZE, x, y + 5.0))
                else:
                    boxes.append((x, y - FONT_SIZE, x + width + other, y + 5.0))
        return boxes


def plan_of(view: AttentionView, labels: tuple[str, str], *, labelled: bool = True) -> Plan:
    """Place the words of a view; `labels` say what the rows are, where they are `labelled`."""
    sides = (
        (view.queries, queries_placed(view), labels[0]),
        (view.keys, view.shown_keys, labels[1]),
    )
    rows = [_row(*side) for side in sides]
    lengths = [sum(_room(width) for width in row.widths.values()) for row in rows]
    before = max(text_width(label, SMALL) for label in labels) + 14.0 if labelled else 0.0
    if max(lengths) > WIDEST_ROW or before + max(lengths) > room():
        return _columns(rows)
    first = 32.0
    second = first + min(320.0, 170.0 + max(lengths) / 8)
    placed = []
    for row, length, line in zip(rows, lengths, (first, second), strict=True):
        x = before + (max(lengths) - length) / 2
        centres = {}
        for index in _in_reading_order(row):
            centres[index] = x + _room(row.widths[index]) / 2
            x += _room(row.widths[index])
        kept = {index: centres[index] for index in row.widths}
        placed.append(Row(row.words, kept, row.widths, line, "middle", row.label))
    return Plan(False, placed[0], placed[1], before + max(lengths), second + 6.0, before)


def queries_placed(view: AttentionView) -> tuple[int, ...]:
    """In self-attention every word keeps its place in the first row, also when one is selected."""
    same = view.part != "cross" and view.queries == view.keys
    return view.shown_keys if same else view.shown_queries


def right_to_left(words: Sequence[str]) -> bool:
    """Whether most letters that have a direction are of a script written from right to left."""
    kinds = [unicodedata.bidirectional(letter) for word in words for letter in word]
    return sum(kind in ("R", "AL") for kind in kinds) > kinds.count("L")


def _row(words: tuple[str, ...], shown: tuple[int, ...], label: str) -> Row:
    widths = {i: min(LONGEST_WORD, text_width(printable(words[i]))) for i in shown}
    return Row(words, {}, widths, 0.0, "middle", label)


def _room(width: float) -> float:
    return max(width, _NARROWEST) + _GAP


def _in_reading_order(row: Row) -> list[int]:
    order = list(row.widths)
    return order[::-1] if right_to_left([row.words[index] for index in order]) else order


def _columns(rows: list[Row]) -> Plan:
    queries, keys = rows
    mirrored = right_to_left([queries.words[index] for index in queries.widths])
    rooms = [
        max(text_width(row.label, SMALL), row.widest + share)
        for row, share in ((queries, _SHARE), (keys, 0.0))
    ]
    across = min(_ACROSS, max(_LEAST_ACROSS, room() - sum(rooms)))
    width = sum(rooms) + across
    first = width - rooms[0] if mirrored else rooms[0]
    second = rooms[1] if mirrored else rooms[0] + across
    anchors = ("start", "end") if mirrored else ("end", "start")
    longest = _PITCH * max(len(row.widths) for row in rows)
    placed = []
    for row, line, anchor in zip(rows, (first, second), anchors, strict=True):
        y = 24.0 + (longest - _PITCH * len(row.widths)) / 2
        centres = {index: y + _PITCH * (n + 0.5) for n, index in enumerate(row.widths)}
        placed.append(Row(row.words, centres, row.widths, line, anchor, row.label))
    return Plan(True, placed[0], placed[1], width, 24.0 + longest, 0.0)
