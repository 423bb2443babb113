"""How attention formed in a training, as one SVG that moves: a picture after each update recorded.

Moments follow each other without anything in between, since nothing between them was recorded. The
movement is CSS, so that it needs no script and runs as an image too. Whoever prefers no motion, and
whatever cannot move, shows the last moment.
"""

import hashlib

from glassformer.catalogue import Language, phrase
from glassformer.drawing.compared import joined
from glassformer.drawing.language import card_note, head_name, levels_note, name_of
from glassformer.drawing.svg.attention.legend import draw_notes, draw_scale
from glassformer.drawing.svg.attention.numbers import draw_numbers
from glassformer.drawing.svg.attention.panel import (
    WIDEST,
    Panel,
    check_lines,
    draw_lines,
    draw_shares,
    draw_words,
)
from glassformer.drawing.svg.canvas import MARGIN, Canvas, room
from glassformer.views import AnimationView

SECONDS, LAST = 0.6, 3.0
"""How long a moment is shown, and how long the last one."""

_BAR = 5.0
_UPDATE_ROOM = 44.0


def animation_svg(view: AnimationView, language: Language = "en", theme: str = "auto") -> str:
    """The picture as an SVG document.

    Raises:
        UsageError: when it would have too many lines.
    """
    lines = sum(len(frame.links) for frame in view.frames)
    check_lines(lines)
    first, last = view.frames[0], view.frames[-1]
    head = head_name(*last.heads[0], last.mean_of, language)
    what = phrase("{a}, {b}", language, a=name_of(last.part, language), b=head)
    canvas = Canvas(f"{phrase('Attention while learning', language)} · {what}", _description(view))
    top = canvas.heading() + 18.0
    panel = Panel.of(last, language)
    name = "m" + hashlib.sha256(repr(view).encode()).hexdigest()[:10]
    canvas.style(_keyframes(name, len(view.frames)))
    canvas.open(class_="moments")
    for number, frame in enumerate(view.frames):
        is_last = number == len(view.frames) - 1
        assert frame.moment is not None
        canvas.open(
            class_="moment",
            style=_movement(name, number, len(view.frames)),
            visibility=None if is_last else "hidden",
            data_update=frame.moment.update,
        )
        said = phrase("update {n}", language, n=frame.moment.update)
        canvas.text(MARGIN, top + 14.0, said, class_="strong update")
        share = (number + 1) / len(view.frames)
        canvas.add(
            "rect",
            class_="arrow progress",
            x=MARGIN,
            y=top + 22.0,
            width=panel.width * share,
            height=_BAR,
        )
        shown = Panel(frame, panel.plan)
        draw_lines(canvas, shown, MARGIN, top + _UPDATE_ROOM)
        draw_numbers(canvas, frame.links, panel.plan, WIDEST, MARGIN, top + _UPDATE_ROOM)
        draw_shares(canvas, shown, MARGIN, top + _UPDATE_ROOM)
        canvas.close()
    canvas.close()
    draw_words(canvas, panel, MARGIN, top + _UPDATE_ROOM, shares=False)
    canvas.reach(MARGIN + panel.width, top + _UPDATE_ROOM + panel.height)
    y = draw_scale(canvas, MARGIN, canvas.height + 30.0, language)
    drawn = phrase(
        "Lines drawn: the largest of all moments, {share} % of the attention among these.",
        language,
        share=f"{100 * last.mass:.0f}",
    )
    hidden = phrase("In brackets: the share of a word's attention that is not drawn.", language)
    assert first.moment is not None
    assert last.moment is not None
    recorded = phrase(
        "{n} moments recorded, from update {first} to {last}; each is shown in turn.",
        language,
        n=len(view.frames),
        first=first.moment.update,
        last=last.moment.update,
    )
    levels = levels_note(last.moment, language)
    notes = [recorded, joined((drawn, hidden), language), card_note(last, language), levels]
    width = min(room(), max(panel.width, canvas.width - MARGIN, 420.0))
    draw_notes(canvas, [note for note in notes if note], MARGIN, y, width)
    return canvas.svg(theme)


def _description(view: AnimationView) -> str:
    """The strongest links at the end, and what they were at the beginning, in words."""
    first, last = view.frames[0], view.frames[-1]
    before = {(link.from_, link.to): link.weight for link in first.links}
    said = []
    for link in sorted(last.links, key=lambda link: -link.weight)[:8]:
        weight = before.get((link.from_, link.to))
        earlier = "" if weight is None else f"{weight:.2f} → "
        said.append(f"{last.queries[link.from_]} → {last.keys[link.to]} {earlier}{link.weight:.2f}")
    return "; ".join(said)


def _keyframes(name: str, moments: int) -> str:
    """When a moment is seen and when no more, for those who do not mind motion."""
    frames = ""
    for which, seconds in (("", SECONDS), ("-last", LAST)):
        gone = f"{100 * seconds / _whole(moments):.4f}%"
        seen = f"0%{{visibility:visible}}{gone},100%{{visibility:hidden}}"
        frames += f"@keyframes {name}{which}{{{seen}}}"
    return f"@media (prefers-reduced-motion:no-preference){{{frames}}}"


def _movement(name: str, number: int, moments: int) -> str:
    """The animation of one moment (from 0), begun so long ago that its turn comes in time."""
    which = f"{name}-last" if number == moments - 1 else name
    begun = SECONDS * number - _whole(moments)
    return f"animation:{which} {_whole(moments):g}s step-end {begun:g}s infinite"


def _whole(moments: int) -> float:
    return SECONDS * (moments - 1) + LAST
