"""The picture of attention: two rows of words, and lines whose width is c · weight.

In two rows while they are narrow enough to be read at once, in two columns otherwise. A line's
width is the weight times one c for the whole picture, which the legend states; the strongest lines
carry their number, and heads differ in dash as well as colour.
"""

from dataclasses import dataclass

from glassformer.catalogue import Language, phrase
from glassformer.drawing.language import head_name, levels_note, name_of, rows_note
from glassformer.drawing.svg.canvas import (
    DASHES,
    FONT_SIZE,
    MARGIN,
    Canvas,
    number,
    shorten,
    text_width,
    wrapped,
)
from glassformer.errors import Setting, UsageError
from glassformer.views import AttentionView, Link, printable

WIDEST = 14.0
"""c: the width in pixels of a line of weight 1."""

WIDEST_ROW = 1400.0
"""Pixels; longer rows of words become columns."""

LONGEST_WORD = 900.0
"""Pixels; sixty of the widest letters fit."""
LONGEST_NOTE = 700.0
MOST_LINES = 8000
"""More lines than this are a grey area, and a file that no viewer likes."""
BEND, SPREAD = 0.45, 0.5
"""How far a line goes straight on before it turns, of the way between the rows."""

NUMBERED = 12
"""So many lines, the strongest, carry their number where there is room for it."""


def attention_svg(view: AttentionView, language: Language = "en", theme: str = "auto") -> str:
    """The picture as an SVG document.

    Raises:
        UsageError: when it would show more heads than can be told apart, or too many lines.
    """
    if len(view.heads) > len(DASHES):
        raise UsageError(
            "one picture tells {most} heads apart, but {given} were asked for: choose fewer, a "
            "mean, or the grid of all heads",
            most=len(DASHES),
            given=len(view.heads),
        )
    if len(view.links) > MOST_LINES:
        raise UsageError(
            "a picture of lines can be read with up to {most} of them, but here are {given}: "
            "choose one word ({word}), a smaller {mass:name}, the grid of all heads ({grid}) or "
            "the weights as a matrix ({matrix} and {tensor})",
            most=MOST_LINES,
            given=len(view.links),
            word=Setting("word", "WORD"),
            mass=Setting("mass"),
            grid=Setting("view", "grid"),
            matrix=Setting("view", "matrix"),
            tensor=Setting("tensor", "NAME"),
        )
    canvas = Canvas(_title(view, language), _description(view))
    plan = _Plan.of(view)
    y = canvas.heading()
    for line in wrapped(_note(view, language), LONGEST_NOTE, 12.0):
        y += 18
        canvas.text(MARGIN, y, line, class_="quiet small note")
        canvas.reach(MARGIN + text_width(line, 12.0), y)
    labels = (name_of(_label_key(view, side), language) for side in ("query", "key"))
    plan.place(y + 34, max(text_width(label, 12.0) for label in labels) + 14)
    _links(canvas, view, plan)
    _words(canvas, view, plan, language)
    _legend(canvas, view, language)
    return canvas.svg(theme)


def _title(view: AttentionView, language: Language) -> str:
    part = name_of(view.part, language)
    if len(view.heads) == 1:
        part = phrase(
            "{a}, {b}", language, a=part, b=head_name(*view.heads[0], view.mean_of, language)
        )
    title = f"{phrase('Attention', language)} · {part}"
    if view.moment is not None:
        title += f" · {phrase('at update {n} of the training', language, n=view.moment.update)}"
    return title


def _note(view: AttentionView, language: Language) -> str:
    """Why this head, and which of the target's tokens a row of the decoder belongs to."""
    notes = (
        [phrase("the head on the model's card: {reason}", language, reason=view.reason)]
        if view.choice == "card"
        else []
    )
    rows = rows_note(view, language)
    if rows:
        notes.append(rows)
    if view.moment is not None:
        notes.append(levels_note(view.moment, language))
    return "; ".join(notes)


def _description(view: AttentionView) -> str:
    """The strongest links in words, for those who do not see the lines."""
    best = sorted(view.links, key=lambda link: -link.weight)[:8]
    return "; ".join(
        f"{view.queries[link.from_]} → {view.keys[link.to]} {link.weight:.2f}" for link in best
    )


@dataclass
class _Plan:
    """Where each word stands: centres along the row (or column), and the two rows themselves."""

    upright: bool
    queries: dict[int, float]
    keys: dict[int, float]
    length: float
    widest: float
    first: float = 0.0
    second: float = 0.0
    start: float = 0.0

    @classmethod
    def of(cls, view: AttentionView) -> "_Plan":
        rows = [
            [(i, min(LONGEST_WORD, text_width(printable(words[i])))) for i in shown]
            for words, shown in (
                (view.queries, _all_shown(view)),
                (view.keys, view.shown_keys),
            )
        ]
        widest = max((width for row in rows for _, width in row), default=0.0)
        placed, lengths = [], []
        for row in rows:
            centres, x = {}, 0.0
            for index, width in row:
                room = max(width, 30.0) + 18.0
                centres[index] = x + room / 2
                x += room
            placed.append(centres)
            lengths.append(x)
        upright = max(lengths) > WIDEST_ROW
        if upright:
            placed = [{i: 26.0 * n + 13.0 for n, (i, _) in enumerate(row)} for row in rows]
            lengths = [26.0 * len(row) for row in rows]
        longest = max(lengths)
        for centres, length in zip(placed, lengths, strict=True):
            for index in centres:
                centres[index] += (longest - length) / 2
        return cls(upright, placed[0], placed[1], longest, widest)

    def place(self, top: float, label_room: float) -> None:
        """Fix the rows (or columns) on the paper, below `top`; their labels stand before them."""
        if self.upright:
            self.first = MARGIN + max(label_room, self.widest + 56.0)  # room for the hidden share
            self.second = self.first + 420.0
            offset = top + 24.0
        else:
            self.first, self.second = top + 26.0, top + 26.0 + min(320.0, 170.0 + self.length / 8)
            offset = MARGIN + label_room
        for centres in (self.queries, self.keys):
            for index in centres:
                centres[index] += offset
        self.start = offset

    def ends(self, link: Link) -> tuple[float, float, float, float]:
        """Where a line begins and ends."""
        query, key = self.queries[link.from_], self.keys[link.to]
        if self.upright:
            return self.first + 6, query, self.second - 6, key
        return query, self.first + 10, key, self.second - FONT_SIZE - 3


def _all_shown(view: AttentionView) -> tuple[int, ...]:
    """In self-attention every word keeps its place in the first row, also when one is selected."""
    same = view.part != "cross" and view.queries == view.keys
    return view.shown_keys if same else view.shown_queries


def _label_key(view: AttentionView, side: str) -> str:
    return f"row_{side}_{'cross' if view.part == 'cross' else 'self'}"


def _links(canvas: Canvas, view: AttentionView, plan: _Plan) -> None:
    styles = {at: index for index, at in enumerate(view.heads)}
    alone = len(view.shown_queries) == 1
    canvas.open(class_="links")
    for link in sorted(view.links, key=lambda link: -link.weight):
        style = styles[(link.layer, link.head)]
        bend = _bend(style, len(styles))
        x1, y1, x2, y2 = plan.ends(link)
        if plan.upright:
            curve = (
                f"C{number(x1 + bend * (x2 - x1))} {number(y1)} "
                f"{number(x2 - bend * (x2 - x1))} {number(y2)}"
            )
        else:
            curve = (
                f"C{number(x1)} {number(y1 + bend * (y2 - y1))} "
                f"{number(x2)} {number(y2 - bend * (y2 - y1))}"
            )
        canvas.titled(
            "path",
            f"{view.queries[link.from_]} → {view.keys[link.to]} {link.weight:.6f}",
            class_=f"link h{style}",
            d=f"M{number(x1)} {number(y1)}{curve} {number(x2)} {number(y2)}",
            stroke_width=f"{WIDEST * link.weight:.6f}",
            stroke_dasharray=DASHES[style] or None,
            stroke_opacity="0.9" if alone else "0.6",
            data_part=link.part,
            data_layer="mean" if link.layer is None else link.layer,
            data_head="mean" if link.head is None else link.head,
            data_from=link.from_,
            data_to=link.to,
            data_weight=f"{link.weight:.6f}",
        )
    canvas.close()
    _numbers(canvas, view, plan)


def _bend(style: int, styles: int) -> float:
    """How far a line goes straight on before it turns; each head's another, to part on the way."""
    return BEND if styles == 1 else BEND - SPREAD / 2 + SPREAD * style / (styles - 1)


def _point(t: float, bend: float) -> tuple[float, float]:
    """How far a line has come at t, across and along the way between the rows (Bézier)."""
    across = 3 * (1 - t) * t**2 + t**3
    along = 3 * (1 - t) ** 2 * t * bend + 3 * (1 - t) * t**2 * (1 - bend) + t**3
    return across, along


def _numbers(canvas: Canvas, view: AttentionView, plan: _Plan) -> None:
    """The weights of the strongest lines, where on their way they do not cover each other."""
    taken: list[tuple[float, float]] = []
    styles = {at: index for index, at in enumerate(view.heads)}
    for link in sorted(view.links, key=lambda link: -link.weight)[:NUMBERED]:
        if link.weight < 0.005:
            break
        style = styles[(link.layer, link.head)]
        x1, y1, x2, y2 = plan.ends(link)
        for t in (0.8, 0.7, 0.6, 0.5, 0.4):
            across, along = _point(t, _bend(style, len(styles)))
            x, y = (
                (x1 + (x2 - x1) * along, y1 + (y2 - y1) * across)
                if plan.upright
                else (x1 + (x2 - x1) * across, y1 + (y2 - y1) * along)
            )
            if any(abs(x - a) < 30 and abs(y - b) < 14 for a, b in taken):
                continue
            taken.append((x, y))
            canvas.text(
                x,
                y + 4,
                f"{link.weight:.2f}",
                class_=f"number halo weight{f' h{style}' if len(styles) > 1 else ''}",
                text_anchor="middle",
            )
            break


def _words(canvas: Canvas, view: AttentionView, plan: _Plan, language: Language) -> None:
    hidden = dict(zip(view.shown_queries, view.hidden_share, strict=True))
    rows = (
        (view.queries, plan.queries, plan.first, "query", "end"),
        (view.keys, plan.keys, plan.second, "key", "start"),
    )
    for words, centres, line, side, anchor in rows:
        for index, centre in centres.items():
            emphasis = ""
            if side == "query" and len(plan.queries) > len(hidden):
                emphasis = " strong" if index in hidden else " quiet"
            x, y = (line, centre + 5) if plan.upright else (centre, line)
            canvas.text(
                x,
                y,
                shorten(printable(words[index]), LONGEST_WORD),
                class_=f"word {side}{emphasis}",
                data_position=index,
                text_anchor=anchor if plan.upright else "middle",
            )
            if side == "query" and index in hidden:
                beside = min(LONGEST_WORD, text_width(printable(words[index]))) + 8
                at = (x - beside, y) if plan.upright else (x, y - 18)
                canvas.text(
                    *at,
                    f"({hidden[index]:.2f})",
                    class_="number quiet hidden-share",
                    data_position=index,
                    text_anchor="end" if plan.upright else "middle",
                )
        label = name_of(_label_key(view, side), language)
        if plan.upright:
            canvas.text(line, plan.start - 10, label, class_="quiet small", text_anchor=anchor)
        else:
            canvas.text(MARGIN, line, label, class_="quiet small row-label")
    if plan.upright:
        canvas.reach(plan.second + plan.widest + 8, plan.start + plan.length)
    else:
        canvas.reach(plan.start + plan.length, plan.second + 10)


def _legend(canvas: Canvas, view: AttentionView, language: Language) -> None:
    x, y = MARGIN, canvas.height + 26
    canvas.text(
        x,
        y,
        phrase("line width = {c} px × weight:", language, c=f"{WIDEST:g}"),
        class_="quiet small legend",
        data_c=f"{WIDEST:g}",
    )
    x += text_width(phrase("line width = {c} px × weight:", language, c=f"{WIDEST:g}"), 12.0) + 16
    for weight in (0.1, 0.5, 1.0):
        canvas.add(
            "line",
            class_="sample h0",
            x1=x,
            y1=y - 4,
            x2=x + 34,
            y2=y - 4,
            stroke_width=f"{WIDEST * weight:.6f}",
        )
        canvas.text(x + 40, y, f"{weight:g}", class_="quiet small")
        x += 74
    canvas.reach(x, y)
    if len(view.heads) > 1:
        for index, (layer, head) in enumerate(view.heads):
            y += 20
            canvas.add(
                "line",
                class_=f"sample h{index}",
                x1=MARGIN,
                y1=y - 4,
                x2=MARGIN + 46.0,
                y2=y - 4,
                stroke_width="4",
                stroke_dasharray=DASHES[index] or None,
            )
            canvas.text(
                MARGIN + 56.0, y, head_name(layer, head, view.mean_of, language), class_="small"
            )
    y += 20
    mass = phrase(
        "Lines drawn: the largest, {share} % of the attention among these.",
        language,
        share=f"{view.mass * 100:g}",
    )
    note = phrase("In brackets: the share of a word's attention that is not drawn.", language)
    canvas.text(MARGIN, y, f"{mass} {note}", class_="quiet small")
    canvas.reach(MARGIN + text_width(f"{mass} {note}", 12.0), y)
