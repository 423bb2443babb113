"""What pictures are drawn with: elements, text widths, colours for light and dark.

An SVG here has a title and a description, text as text, and no script. Text widths are
those of the widest of the fonts that may be there. Renderers lay out in pixels, with words of
`FONT_SIZE`; the paper asked for says how large these pixels come out.
"""

import hashlib
import math
import re
import unicodedata
from html import escape

from glassformer.drawing.paper import current
from glassformer.drawing.svg.colours import HUES, HUES_DARK, PALETTES, Colours
from glassformer.drawing.svg.widths import em
from glassformer.errors import Setting, UsageError
from glassformer.views import printable

__all__ = ["DASHES", "FONT_SIZE", "HUES", "HUES_DARK", "LINE", "MARGIN", "SMALL", "Canvas"]
__all__ += ["number", "room", "shorten", "text_width", "wrapped"]

FONT_SIZE = 15.0
MARGIN = 24.0
SPACE = "▁"
"""How subword tokens write the space before a word."""
SMALL = 12.0
"""Pixels of notes and labels."""
LONGEST_TITLE = 1400.0
LINE = 18.0
"""Pixels from one line of a note to the next."""

DASHES = ("", "7 4", "2 4", "12 4 2 4", "4 2", "16 4", "1 3", "10 3 3 3")
"""Pixels of line and gap; the first is a full line."""

_FONTS = (
    "system-ui,-apple-system,'Segoe UI','Noto Sans','DejaVu Sans','Noto Sans CJK SC',"
    "'Microsoft YaHei','PingFang SC',sans-serif"
)
_CHINESE_FONTS = (
    "'Noto Sans CJK SC','Noto Sans SC','PingFang SC','Microsoft YaHei',system-ui,sans-serif"
)
"""For all of a picture in which anything is Chinese, so that its texts are of one font …"""
_FORMULA = frozenset("ᵀ√₀₁₂₃₄₅₆₇₈₉")
"""… but formulas with these, which Chinese fonts lack: viewers would set them in any other."""

_LIGHT = """
&{font-size:15px}
.paper{fill:#fff}
text{fill:#1c2430}
.quiet{fill:#5b6675}
.small{font-size:12px}
.number{font-size:11px}
.title{font-size:17px;font-weight:600}
.strong{font-weight:600}
.italic{font-style:italic}
.number-below{fill:#fff;stroke:#fff;stroke-width:3px;stroke-linejoin:round;font-size:11px}
.box{fill:#f4f6f9;stroke:#9aa5b4}
.line{fill:none;stroke:#5b6675}
.arrow{fill:#5b6675}
.link{fill:none}
"""
_DARK = """
.paper{fill:#12161d}
text{fill:#e8edf3}
.quiet{fill:#a4afbd}
.number-below{fill:#12161d;stroke:#12161d}
.box{fill:#1d242e;stroke:#5d6978}
.line{stroke:#a4afbd}
.arrow{fill:#a4afbd}
"""


def _style(theme: str, scope: str, colours: Colours, fonts: str) -> str:
    """The rules of a theme, each for this picture alone: another may stand on the same page."""
    light, dark = _LIGHT + colours.css(dark=False), _DARK + colours.css(dark=True)
    light, dark = (
        "".join(f".{scope} {rule}".replace(" &", "") for rule in rules.strip().splitlines())
        for rules in (light, dark)
    )
    light = f".{scope}{{font-family:{fonts}}}{light}"
    preferred = f"@media (prefers-color-scheme:dark){{{dark}}}"
    return {"light": light, "dark": light + dark, "auto": light + preferred}[theme]


def _is_chinese(character: str) -> bool:
    """Whether it is a letter as wide as it is high: Chinese, Japanese, Korean."""
    wide = unicodedata.east_asian_width(character) in "WF"
    return wide and unicodedata.category(character) == "Lo"


def room() -> float:
    """How wide a drawing may be on the current paper; infinite where that is as wide as it needs.

    These are pixels of the layout, without the margins.
    """
    return current().laid_out_in(FONT_SIZE) - 2 * MARGIN


def text_width(text: str, size: float = FONT_SIZE, *, bold: bool = False) -> float:
    """How many pixels a text takes in this size, or a little less in narrow fonts."""
    return size * sum(em(character, bold) for character in text)


def shorten(text: str, room: float, size: float = FONT_SIZE) -> str:
    """The text if it fits, or its beginning and an ellipsis."""
    if text_width(text, size) <= room:
        return text
    kept = list(text)
    while kept and text_width("".join(kept) + "…", size) > room:
        kept.pop()
    return "".join(kept) + "…"


def wrapped(text: str, room: float, size: float = FONT_SIZE) -> list[str]:
    """The text in lines of at most this width, broken at its spaces and between Chinese letters."""
    lines = [""]
    for piece in _PIECES.findall(text):
        longer = lines[-1] + piece if lines[-1] else piece.strip()
        if text_width(longer, size) <= room:
            lines[-1] = longer
        else:
            lines.append(shorten(piece.strip(), room, size))
    return [line for line in lines if line]


_HAN = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_PIECES = re.compile(rf"\s*(?:[（“《]*[{_HAN}][，。：；、！？）”》]*|[^\s{_HAN}（“《]+|[（“《]+)")
"""What is not broken within: a word, or a letter as wide as high with the marks beside it."""


def number(value: float) -> str:
    """A coordinate or width, in as few digits as three decimals need."""
    return f"{value:.3f}".rstrip("0").rstrip(".")


class Canvas:
    """Collects elements and gives the whole SVG; coordinates are pixels, y goes down."""

    def __init__(self, title: str, description: str) -> None:
        self.paper = current()
        self.title = printable(title)
        self.description = printable(description)
        self._elements: list[str] = []
        self._is_chinese = self._has_formula = False
        self.width = self.height = 0.0

    def add(self, element: str, **attributes: object) -> None:
        """An element without content; `class_` and `data_from` stand for class and data-from."""
        self._elements.append(f"<{element}{_attributes(attributes)}/>")

    def text(
        self,
        x: float,
        y: float,
        content: str,
        *,
        pale: str | None = None,
        size: float = FONT_SIZE,
        **attributes: object,
    ) -> None:
        """A text whose baseline starts (or by `text_anchor` has its middle or end) at x, y.

        The mark `pale` in it, a text of this `size`, is quiet. Texts of class
        `note` are left out where the paper has no caption.
        """
        if not self.paper.caption and "note" in str(attributes.get("class_", "")).split():
            return
        content = printable(content)
        is_chinese = any(map(_is_chinese, content))
        self._is_chinese |= is_chinese
        if not is_chinese and _FORMULA & set(content):
            attributes["class_"] = f"{attributes.get('class_', '')} formula".strip()
            self._has_formula = True
        if pale is not None and pale in content:
            # Not every viewer finds the middle or the end of a text that is drawn in parts.
            anchor = str(attributes.get("text_anchor", "start"))
            x -= text_width(content, size) * {"start": 0.0, "middle": 0.5, "end": 1.0}[anchor]
            attributes["text_anchor"] = "start"
        placed = _attributes({"x": x, "y": y, **attributes})
        shown = escape(content, quote=False)
        if pale is not None:
            shown = shown.replace(pale, f'<tspan class="quiet" fill-opacity="0.5">{pale}</tspan>')
        self._elements.append(f"<text{placed}>{shown}</text>")
        self.reach(x, y + 6)

    def heading(self) -> float:
        """The title on top, in as many lines as it takes; gives the last baseline."""
        y = MARGIN + 18.0
        for line in wrapped(self.title, min(LONGEST_TITLE, room()) / 1.2, 17.0):  # it is bold
            y += 24.0 if self._elements else 0.0
            self.text(MARGIN, y, line, class_="title")
            self.reach(MARGIN + text_width(line, 17.0, bold=True), y)
        return y

    def note(self, text: str, y: float | None = None, width: float = 700.0) -> float:
        """Sentences in lines of at most this width, from below y, or at the foot.

        Gives the last baseline; without a caption on this paper, y as it was.
        """
        y = self.height if y is None else y
        if not self.paper.caption:
            return y
        for line in wrapped(text, min(width, room()), SMALL):
            y += LINE
            self.text(MARGIN, y, line, class_="quiet small note")
            self.reach(MARGIN + text_width(line, SMALL), y)
        return y

    def titled(self, element: str, title: str, **attributes: object) -> None:
        """An element that says more when pointed at."""
        tip = escape(printable(title), quote=False)
        self._elements.append(
            f"<{element}{_attributes(attributes)}><title>{tip}</title></{element}>"
        )

    def open(self, **attributes: object) -> None:
        """Begin a group."""
        self._elements.append(f"<g{_attributes(attributes)}>")

    def close(self) -> None:
        """End a group."""
        self._elements.append("</g>")

    def style(self, rules: str) -> None:
        """Rules of CSS for this picture; whatever they name must be named so nowhere else."""
        self._elements.append(f"<style>{rules}</style>")

    def reach(self, x: float, y: float) -> None:
        """Let the picture extend at least to here."""
        self.width, self.height = max(self.width, x), max(self.height, y)

    def svg(self, theme: str = "auto") -> str:
        """The whole picture; theme is "light", "dark", or "auto" for what the viewer prefers.

        Raises:
            UsageError: when it is wider than the paper at the font size asked for.
        """
        width, height = round(self.width + MARGIN), round(self.height + MARGIN)
        scale = self.paper.scale(FONT_SIZE, width)
        asked = self.paper.laid_out_in(FONT_SIZE)
        if width > asked + 1.0:
            raise UsageError(
                "with {font_size} this picture is {needed} pixels wide, which is more than "
                "{width}: give only one of the two, or other values",
                font_size=Setting("font_size", self.paper.font_size),
                width=Setting("width", self.paper.width),
                needed=math.ceil(width * scale),
            )
        left = 0.0
        if math.isfinite(asked):
            left, scale = (width - asked) / 2, self.paper.scale(FONT_SIZE, width)
        whole = width - 2 * left
        body = "\n".join(self._elements)
        scope = "g" + hashlib.sha256(f"{theme}{self.title}{body}".encode()).hexdigest()[:10]
        fonts = _CHINESE_FONTS if self._is_chinese else _FONTS
        style = _style(theme, scope, PALETTES[self.paper.palette], fonts)
        if self._is_chinese and self._has_formula:
            style += f".{scope} .formula{{font-family:{_FONTS}}}"
        shown: dict[str, object] = {"x": left or None, "width": whole, "height": float(height)}
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="{scope}" '
            f'width="{number(whole * scale)}" height="{number(height * scale)}" '
            f'viewBox="{number(left)} 0 {number(whole)} {height}" role="img" '
            f'aria-labelledby="{scope}-title {scope}-desc">\n'
            f'<title id="{scope}-title">{escape(self.title, quote=False)}</title>\n'
            f'<desc id="{scope}-desc">{escape(self.description, quote=False)}</desc>\n'
            f"<style>{style}</style>\n"
            f'<rect class="paper"{_attributes(shown)}/>\n{body}\n</svg>\n'
        )


def _attributes(attributes: dict[str, object]) -> str:
    parts = []
    for name, value in attributes.items():
        if value is None:
            continue
        shown = number(value) if isinstance(value, float) else escape(printable(str(value)))
        parts.append(f' {name.rstrip("_").replace("_", "-")}="{shown}"')
    return "".join(parts)
