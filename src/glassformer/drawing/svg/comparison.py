"""Two sides of a comparison: beside each other, or as one panel of their differences.

Words stand in columns, each opposite its counterpart, and a line is c · weight pixels wide, or
c · |difference|, with the same c everywhere. What marks a word or a line is never its colour alone.
"""

from collections.abc import Callable, Sequence

from glassformer.catalogue import Language, phrase
from glassformer.drawing.compared import comparison_notes, joined, labels_of, title_of, word_of
from glassformer.drawing.language import name_of
from glassformer.drawing.svg.attention.legend import LINE, draw_notes, draw_scale
from glassformer.drawing.svg.attention.numbers import draw_numbers
from glassformer.drawing.svg.attention.panel import (
    WIDEST,
    Panel,
    check_lines,
    draw_label,
    draw_lines,
    draw_shares,
)
from glassformer.drawing.svg.attention.placing import (
    LONGEST_WORD,
    Plan,
    Row,
    right_to_left,
)
from glassformer.drawing.svg.canvas import (
    FONT_SIZE,
    MARGIN,
    SMALL,
    Canvas,
    number,
    room,
    shorten,
    text_width,
)
from glassformer.views import AttentionView, ComparisonView, Link, LinkDifference, Pair, printable

MORE, LESS = 0, 1
"""Numbers of the colours of lines that are stronger on the right, and on the left."""
LESS_DASH = "7 4"
MARK = 1
"""The number of the colour of words that are not the same on both sides."""

_PITCH, _BETWEEN, _TOP = 28.0, 48.0, 52.0
LONGEST_LABEL = 760.0
"""Pixels of what a sign means, in a picture that is not wider."""
_NARROWEST = 120.0
"""Pixels that lines need at least from word to word."""
_SHARE = 48.0
"""Room for the number in brackets beside a word."""


def comparison_svg(view: ComparisonView, language: Language = "en", theme: str = "auto") -> str:
    """The picture as an SVG document, of both sides or of the differences.

    Raises:
        UsageError: when it would show too many lines.
    """
    lines = max(len(view.differences), *(len(side.links) for side in view.sides))
    check_lines(lines)
    canvas = Canvas(title_of(view, language), _description(view))
    top = canvas.heading() + 18.0
    if view.shows == "difference":
        _draw_difference(canvas, view, top, language)
    else:
        _draw_sides(canvas, view, top, language)
    return canvas.svg(theme)


def _description(view: ComparisonView) -> str:
    """The largest differences in words, for those who do not see the lines."""
    best = sorted(view.differences, key=lambda one: -abs(one.difference))[:8]
    said = []
    for one in best:
        ends = view.queries[one.from_], view.keys[one.to]
        names = word_of(view, ends[0], "queries", "en"), word_of(view, ends[1], "keys", "en")
        said.append(f"{names[0]}, {names[1]}: {one.left:.2f} → {one.right:.2f}")
    return "; ".join(said)


def _draw_sides(canvas: Canvas, view: ComparisonView, top: float, language: Language) -> None:
    x, bottom = MARGIN, top
    labels = labels_of(view, language)
    plans = [_plan_of(view, at, language) for at in (0, 1)]
    plan_width = max(plan.width for plan in plans)
    for side, label, plan, name in zip(view.sides, labels, plans, ("left", "right"), strict=True):
        canvas.open(class_="attention side", data_side=name)
        _draw_label_of(canvas, label, x, top + 14.0, plan_width, "strong side-name")
        y = top + 26.0
        panel = Panel(side, plan)
        draw_lines(canvas, panel, x, y, side=name)
        draw_numbers(canvas, side.links, plan, WIDEST, x, y)
        for row, of in ((plan.queries, "query"), (plan.keys, "key")):
            pairs = view.queries if of == "query" else view.keys
            _draw_words(canvas, side, row, of, pairs, name == "right", x, y)
            draw_label(canvas, plan, row, x, y)
        draw_shares(canvas, panel, x, y)
        canvas.close()
        bottom = max(bottom, y + plan.height)
        canvas.reach(x + plan.width, bottom)
        x += plan_width + _BETWEEN
    width = canvas.width - MARGIN
    y = draw_scale(canvas, MARGIN, bottom + 30.0, language)
    drawn = phrase(
        "Lines drawn: the largest of both sides, {share} % of the attention among these.",
        language,
        share=f"{100 * view.left.mass:.0f}",
    )
    thinner = phrase("A line that one side lacks is thinner than every line drawn.", language)
    hidden = phrase("In brackets: the share of a word's attention that is not drawn.", language)
    notes = [joined((drawn, thinner, hidden), language), *comparison_notes(view, language)]
    draw_notes(canvas, [note for note in notes if note], MARGIN, y, width)


def _plan_of(view: ComparisonView, at: int, language: Language) -> Plan:
    """Where the words of the left (0) or the right (1) stand, each in the row of its pair."""
    side = view.sides[at]
    places = [
        [(pair.left, pair.right)[at] for pair in pairs] for pairs in (view.queries, view.keys)
    ]
    words, paper = (side.queries, side.keys), (room() - _BETWEEN) / 2
    return _columns(side.part, words, places, language, shares=True, paper=paper)


def _columns(
    part: str,
    words: tuple[Sequence[str], Sequence[str]],
    places: Sequence[Sequence[int | None]],
    language: Language,
    *,
    shares: bool,
    paper: float,
) -> Plan:
    """Two columns of words: of each the positions from top to bottom, None for an empty row.

    They are `paper` pixels wide at most, where that leaves room for the lines.
    """
    kind = "cross" if part == "cross" else "self"
    labels = [name_of(f"row_{side}_{kind}", language) for side in ("query", "key")]
    rows = max(map(len, places))
    widths = [
        {
            at: min(LONGEST_WORD, text_width(printable(of[at]), bold=True))
            for at in column
            if at is not None
        }
        for of, column in zip(words, places, strict=True)
    ]
    rooms = [max(text_width(label, SMALL), *column.values(), 0.0)
             for label, column in zip(labels, widths, strict=True)]  # fmt: skip
    rooms[0] = max(rooms[0], max(widths[0].values(), default=0.0) + (_SHARE if shares else 0.0))
    across = max(_NARROWEST, min(420.0, 200.0 + 8.0 * rows, paper - sum(rooms)))
    width = sum(rooms) + across
    mirrored = right_to_left([words[0][at] for at in widths[0]])
    lines = (width - rooms[0], rooms[1]) if mirrored else (rooms[0], rooms[0] + across)
    anchors = ("start", "end") if mirrored else ("end", "start")
    placed = []
    for n in (0, 1):
        y = 24.0 + (rows - len(places[n])) * _PITCH / 2
        centres = {
            at: y + _PITCH * (row + 0.5) for row, at in enumerate(places[n]) if at is not None
        }
        placed.append(Row(tuple(words[n]), centres, widths[n], lines[n], anchors[n], labels[n]))
    return Plan(True, placed[0], placed[1], width, 24.0 + _PITCH * rows, 0.0)


def _draw_words(
    canvas: Canvas,
    side: AttentionView,
    row: Row,
    of: str,
    pairs: Sequence[Pair],
    on_right: bool,
    x: float,
    y: float,
) -> None:
    words = side.queries if of == "query" else side.keys
    all_shown = len(side.shown_queries) == len(row.centres)
    for pair in pairs:
        at = pair.right if on_right else pair.left
        if at is None:
            continue
        selected = None if all_shown else at in side.shown_queries
        canvas.text(
            x + row.line,
            y + row.centres[at] + 5.0,
            shorten(printable(words[at]), LONGEST_WORD),
            class_=f"word {of} {_marks(pair, selected if of == 'query' else None)}",
            data_position=at,
            data_kind=pair.kind,
            text_decoration="underline" if pair.kind in ("left", "right") else None,
            text_anchor=row.anchor,
        )


def _marks(pair: Pair, selected: bool | None) -> str:
    """The classes of a word: bold in the place of another.

    `selected` says of the words that attend whether this one was asked for, None if all are shown.
    """
    if pair.kind == "matched":
        return {None: "", True: "strong", False: "quiet"}[selected]
    return f"strong h{MARK}" if pair.kind == "replaced" else f"h{MARK}"


def _draw_difference(canvas: Canvas, view: ComparisonView, top: float, language: Language) -> None:
    words = (
        [word_of(view, pair, "queries", language) for pair in view.queries],
        [word_of(view, pair, "keys", language) for pair in view.keys],
    )
    places = [range(len(of)) for of in words]
    plan = _columns(view.left.part, words, places, language, shares=False, paper=room())
    title = phrase("right − left", language)
    canvas.text(MARGIN, top + 14.0, title, class_="strong side-name")
    x, y = MARGIN, top + 26.0
    rows = {
        at
        for at, pair in enumerate(view.queries)
        if pair.left in view.left.shown_queries or pair.right in view.right.shown_queries
    }
    _draw_signed_lines(canvas, view, plan, x, y, "0.9" if len(rows) == 1 else "0.7")
    for row, of, pairs in (
        (plan.queries, "query", view.queries),
        (plan.keys, "key", view.keys),
    ):
        for at, pair in enumerate(pairs):
            selected = at in rows if of == "query" and len(rows) < len(pairs) else None
            canvas.text(
                x + row.line,
                y + row.centres[at] + 5.0,
                shorten(row.words[at], LONGEST_WORD),
                class_=f"word {of} {_marks(pair, selected)}",
                data_position=at,
                data_kind=pair.kind,
                text_decoration="underline" if pair.kind in ("left", "right") else None,
                text_anchor=row.anchor,
            )
        draw_label(canvas, plan, row, x, y)
    canvas.reach(x + plan.width, y + plan.height)
    y = draw_scale(canvas, MARGIN, y + plan.height + 30.0, language, differences=True)
    left, right = labels_of(view, language)
    signs = (
        (MORE, phrase("solid, +: more weight on the right:", language), right),
        (LESS, phrase("dashed, −: more weight on the left:", language), left),
    )
    for hue, said, label in signs:
        _draw_sample(canvas, hue, y)
        canvas.text(MARGIN + 56.0, y, said, class_="small sign")
        begun = 56.0 + text_width(f"{said} ", SMALL)
        space = min(room(), max(plan.width, LONGEST_LABEL)) - begun
        _draw_label_of(canvas, label, MARGIN + begun, y, space, "small sign-of", SMALL)
        y += LINE
    drawn = phrase(
        "Lines drawn: the largest differences, {share} % of their sum.",
        language,
        share=f"{100 * view.mass:.0f}",
    )
    notes = [drawn, *comparison_notes(view, language)]
    if any(pair.kind in ("left", "right") for pair in (*view.queries, *view.keys)):
        notes.insert(1, phrase("A word that stands on one side only has no difference.", language))
    draw_notes(canvas, [note for note in notes if note], MARGIN, y, canvas.width - MARGIN)


def _draw_label_of(
    canvas: Canvas,
    parts: Sequence[str],
    x: float,
    y: float,
    width: float,
    class_: str,
    size: float = FONT_SIZE,
) -> None:
    """What a side is called, in at most this width.

    Each part is a text of its own: few fonts have the letters of several scripts.
    """
    bold, end = size == FONT_SIZE, x + width
    for at, part in enumerate(parts):
        said = shorten(f"· {part}" if at else part, (end - x) / (1.2 if bold else 1.0), size)
        if said.strip("· ") in ("", "…"):
            break
        canvas.text(x, y, said, class_=class_)
        x += text_width(said, size, bold=bold)
        canvas.reach(x, y)
        x += size / 2


def _draw_sample(canvas: Canvas, hue: int, y: float) -> None:
    canvas.add(
        "line",
        class_=f"sample h{hue}",
        x1=MARGIN,
        y1=y - 4,
        x2=MARGIN + 46.0,
        y2=y - 4,
        stroke_width="4",
        stroke_dasharray=LESS_DASH if hue == LESS else None,
    )


def _draw_signed_lines(
    canvas: Canvas, view: ComparisonView, plan: Plan, x: float, y: float, opacity: str
) -> None:
    """Lines between pairs of words, as wide as the difference is large."""
    by_ends = {(one.from_, one.to): one for one in view.differences}
    links = [_sized(one) for one in view.differences]
    left, right = (side.heads[0] for side in view.sides)
    layer, head = (a if a == b else None for a, b in zip(left, right, strict=True))
    canvas.open(class_="links")
    for link in sorted(links, key=lambda link: -link.weight):
        one = by_ends[link.from_, link.to]
        a, b, c, d = (f"{number(x + p)} {number(y + q)}" for p, q in plan.curve(link))
        names = plan.queries.words[one.from_], plan.keys.words[one.to]
        canvas.titled(
            "path",
            f"{names[0]}, {names[1]}: {one.right:.6f} − {one.left:.6f} = {signed(one, 6)}",
            class_=f"link h{MORE if one.difference >= 0.0 else LESS}",
            d=f"M{a}C{b} {c} {d}",
            stroke_width=f"{WIDEST * link.weight:.6f}",
            stroke_dasharray=None if one.difference >= 0.0 else LESS_DASH,
            stroke_opacity=opacity,
            data_part=view.left.part,
            data_layer="mean" if layer is None else layer,
            data_head="mean" if head is None else head,
            data_from=one.from_,
            data_to=one.to,
            data_left=f"{one.left:.6f}",
            data_right=f"{one.right:.6f}",
            data_difference=f"{one.difference:.6f}",
            data_side="difference",
        )
    canvas.close()
    number_of: Callable[[Link], str] = lambda link: signed(by_ends[link.from_, link.to])  # noqa: E731
    draw_numbers(canvas, links, plan, WIDEST, x, y, number_of=number_of)


def _sized(one: LinkDifference) -> Link:
    """A difference as a line between the rows of two pairs, as strong as it is large."""
    return Link(
        part="encoder",
        layer=None,
        head=None,
        from_=one.from_,
        to=one.to,
        weight=abs(one.difference),
    )


def signed(one: LinkDifference, digits: int = 2) -> str:
    """A difference with its sign, as people write it: +0.12, −0.30."""
    return f"{one.difference:+.{digits}f}".replace("-", "−")
