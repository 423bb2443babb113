"""One panel of attention, which can stand anywhere: two rows of words, and lines between them.

A line is `c` · weight pixels wide, with one c for the whole picture, whatever panels it has.
"""

from dataclasses import dataclass

from glassformer.catalogue import Language
from glassformer.drawing.language import name_of
from glassformer.drawing.svg.attention.numbers import draw_numbers
from glassformer.drawing.svg.attention.placing import (
    LONGEST_WORD,
    Plan,
    Row,
    plan_of,
)
from glassformer.drawing.svg.canvas import SPACE, Canvas, number, shorten, text_width
from glassformer.errors import Setting, UsageError
from glassformer.views import AttentionView, printable

WIDEST = 14.0
"""c: the width in pixels of a line of weight 1."""

_TITLE_ROOM = 26.0


MOST_LINES = 8000
"""More lines than this are a grey area, and a file that no viewer likes."""


def check_lines(lines: int) -> None:
    """Refuse more lines than can be read.

    Raises:
        UsageError: when there are.
    """
    if lines > MOST_LINES:
        raise UsageError(
            "a picture of lines can be read with up to {most} of them, but here are {given}: "
            "choose one word ({word}) or a smaller {mass:name}",
            most=MOST_LINES,
            given=lines,
            word=Setting("word", "WORD"),
            mass=Setting("mass"),
        )


@dataclass(frozen=True)
class Panel:
    """A view of one head (or of one mean), placed; draw it where there is room."""

    view: AttentionView
    plan: Plan
    title: str = ""
    hue: int = 0
    labelled: bool = True

    @classmethod
    def of(
        cls,
        view: AttentionView,
        language: Language = "en",
        *,
        title: str = "",
        hue: int = 0,
        labelled: bool = True,
    ) -> "Panel":
        """Place the words of a view; `hue` is the number of its colour, `title` stands above.

        `labelled` says before (or above) each row what it is; a second panel beside the first
        needs that no more.
        """
        kind = "cross" if view.part == "cross" else "self"
        labels = (name_of(f"row_query_{kind}", language), name_of(f"row_key_{kind}", language))
        return cls(view, plan_of(view, labels, labelled=labelled), title, hue, labelled)

    @property
    def width(self) -> float:
        """Pixels."""
        return max(self.plan.width, self.plan.label_room + text_width(self.title, bold=True))

    @property
    def height(self) -> float:
        """Pixels, its title included."""
        return self.plan.height + (_TITLE_ROOM if self.title else 0.0)

    def draw(self, canvas: Canvas, x: float, y: float) -> tuple[float, float]:
        """Draw it with its top left corner at x, y; gives where its right and bottom are."""
        right, bottom = x + self.width, y + self.height
        layer, head = self.view.heads[0]
        canvas.open(
            class_="attention",
            data_layer="mean" if layer is None else layer,
            data_head="mean" if head is None else head,
        )
        if self.title:
            canvas.text(x + self.plan.label_room, y + 14.0, self.title, class_="strong head-name")
            y += _TITLE_ROOM
        draw_lines(canvas, self, x, y)
        draw_numbers(canvas, self.view.links, self.plan, WIDEST, x, y)
        draw_words(canvas, self, x, y)
        canvas.close()
        canvas.reach(right, bottom)
        return right, bottom


def draw_attention(
    canvas: Canvas,
    view: AttentionView,
    x: float,
    y: float,
    *,
    language: Language = "en",
    title: str = "",
    hue: int = 0,
    labelled: bool = True,
) -> tuple[float, float]:
    """Draw a view of one head with its top left corner at x, y; gives its right and bottom."""
    panel = Panel.of(view, language, title=title, hue=hue, labelled=labelled)
    return panel.draw(canvas, x, y)


def draw_lines(
    canvas: Canvas, panel: Panel, x: float, y: float, *, side: str | None = None
) -> None:
    """The lines of a panel whose corner is at x, y; `side` says which of two it is."""
    view = panel.view
    opacity = "0.9" if len(view.shown_queries) == 1 else "0.6"
    canvas.open(class_="links")
    for link in sorted(view.links, key=lambda link: -link.weight):
        a, b, c, d = (
            f"{number(x + across)} {number(y + down)}" for across, down in panel.plan.curve(link)
        )
        canvas.titled(
            "path",
            f"{view.queries[link.from_]} → {view.keys[link.to]} {link.weight:.6f}",
            class_=f"link h{panel.hue}",
            d=f"M{a}C{b} {c} {d}",
            stroke_width=f"{WIDEST * link.weight:.6f}",
            stroke_opacity=opacity,
            data_part=link.part,
            data_layer="mean" if link.layer is None else link.layer,
            data_head="mean" if link.head is None else link.head,
            data_from=link.from_,
            data_to=link.to,
            data_weight=f"{link.weight:.6f}",
            data_side=side,
        )
    canvas.close()


def draw_words(canvas: Canvas, panel: Panel, x: float, y: float, *, shares: bool = True) -> None:
    """The words of a panel whose corner is at x, y, what its rows are, and what is not drawn."""
    view, plan = panel.view, panel.plan
    hidden = dict(zip(view.shown_queries, view.hidden_share, strict=True)) if shares else {}
    for row, side in ((plan.queries, "query"), (plan.keys, "key")):
        for index in row.centres:
            emphasis = ""
            if side == "query" and len(row.centres) > len(view.shown_queries):
                emphasis = " strong" if index in view.shown_queries else " quiet"
            across, down = plan.word_at(row, index)
            canvas.text(
                x + across,
                y + down,
                shorten(printable(row.words[index]), LONGEST_WORD),
                pale=SPACE,
                class_=f"word {side}{emphasis}",
                data_position=index,
                text_anchor=row.anchor,
            )
            if side == "query" and index in hidden:
                _draw_share(canvas, plan, index, hidden[index], x, y)
        if panel.labelled or plan.upright:
            draw_label(canvas, plan, row, x, y)


def draw_shares(canvas: Canvas, panel: Panel, x: float, y: float) -> None:
    """How much of each word's attention is not drawn, in brackets beside it."""
    view, plan = panel.view, panel.plan
    for index, share in zip(view.shown_queries, view.hidden_share, strict=True):
        _draw_share(canvas, plan, index, share, x, y)


def _draw_share(canvas: Canvas, plan: Plan, index: int, share: float, x: float, y: float) -> None:
    across, down = plan.share_at(index)
    canvas.text(
        x + across,
        y + down,
        f"({share:.2f})",
        class_="number quiet hidden-share",
        data_position=index,
        text_anchor=plan.queries.anchor,
    )


def draw_label(canvas: Canvas, plan: Plan, row: Row, x: float, y: float) -> None:
    """What a row or column of words is."""
    if plan.upright:
        at, anchor = (x + row.line, y + 12.0), row.anchor
    else:
        at, anchor = (x, y + row.line), "start"
    canvas.text(*at, row.label, class_="quiet small row-label", text_anchor=anchor)
