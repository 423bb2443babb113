"""The paper that pictures are drawn on: elements, text widths, colours for light and dark.

An SVG here has a title and a description, text as text, and no script. Text widths are estimates,
since fonts differ; whatever depends on them leaves room.
"""

import hashlib
import unicodedata
from html import escape

from glassformer.views import printable

FONT_SIZE = 15.0
MARGIN = 24.0

HUES = ("#0b6fb8", "#c2410c", "#15803d", "#7e22ce", "#a16207", "#be185d", "#0f766e", "#4b5563")
"""Colours that stand apart on white and, lightened, on black; dashes tell the same."""
HUES_DARK = ("#6cb6f0", "#f6935c", "#5fd08b", "#c79bf2", "#e3b84a", "#f28bb5", "#54c9bd", "#b6bec9")
DASHES = ("", "7 4", "2 4", "12 4 2 4", "4 2", "16 4", "1 3", "10 3 3 3")
"""Pixels of line and gap; the first is a full line."""

_LIGHT = """
&{font-family:system-ui,-apple-system,'Segoe UI','Noto Sans','DejaVu Sans','Noto Sans CJK SC','Microsoft YaHei','PingFang SC',sans-serif;font-size:15px}
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
.wide{font-family:'Noto Sans CJK SC','Noto Sans SC','PingFang SC','Microsoft YaHei',system-ui,sans-serif}
"""  # noqa: E501
_DARK = """
.paper{fill:#12161d}
text{fill:#e8edf3}
.quiet{fill:#a4afbd}
.number-below{fill:#12161d;stroke:#12161d}
.box{fill:#1d242e;stroke:#5d6978}
.line{stroke:#a4afbd}
.arrow{fill:#a4afbd}
"""


def _style(theme: str, scope: str) -> str:
    """The rules of a theme, each for this picture alone: another may stand on the same page."""
    light, dark = (
        rules
        + "".join(
            f"path.h{i}{{stroke:{hue}}}\nline.h{i}{{stroke:{hue}}}\ntext.h{i}{{fill:{hue}}}\n"
            for i, hue in enumerate(hues)
        )
        for rules, hues in ((_LIGHT, HUES), (_DARK, HUES_DARK))
    )
    light, dark = (
        "".join(f".{scope} {rule}".replace(" &", "") for rule in rules.strip().splitlines())
        for rules in (light, dark)
    )
    preferred = f"@media (prefers-color-scheme:dark){{{dark}}}"
    return {"light": light, "dark": light + dark, "auto": light + preferred}[theme]


def text_width(text: str, size: float = FONT_SIZE) -> float:
    """About how many pixels a text takes in this size."""
    return size * sum(map(_em, text))


def _em(character: str) -> float:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0.0
    if unicodedata.east_asian_width(character) in "WF":
        return 1.02
    if character in " .,:;!|'il[]()-·":
        return 0.36
    if character in "mwMW@%—…":
        return 0.95
    return 0.72 if character.isupper() else 0.6


def shorten(text: str, room: float, size: float = FONT_SIZE) -> str:
    """The text if it fits, or its beginning and an ellipsis."""
    if text_width(text, size) <= room:
        return text
    kept = list(text)
    while kept and text_width("".join(kept) + "…", size) > room:
        kept.pop()
    return "".join(kept) + "…"


def wrapped(text: str, room: float, size: float = FONT_SIZE) -> list[str]:
    """The text in lines of at most this width, broken at its spaces."""
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if text_width(longer, size) <= room:
            lines[-1] = longer
        else:
            lines.append(shorten(word, room, size))
    return [line for line in lines if line]


def number(value: float) -> str:
    """A coordinate or width, in as few digits as three decimals need."""
    return f"{value:.3f}".rstrip("0").rstrip(".")


class Canvas:
    """Collects elements and gives the whole SVG; coordinates are pixels, y goes down."""

    def __init__(self, title: str, description: str) -> None:
        self.title = printable(title)
        self.description = printable(description)
        self._elements: list[str] = []
        self.width = self.height = 0.0

    def add(self, element: str, **attributes: object) -> None:
        """An element without content; `class_` and `data_from` stand for class and data-from."""
        self._elements.append(f"<{element}{_attributes(attributes)}/>")

    def text(self, x: float, y: float, content: str, **attributes: object) -> None:
        """A text whose baseline starts (or by `text_anchor` has its middle or end) at x, y."""
        content = printable(content)
        classes = str(attributes.get("class_", "")).split()
        wide = any(unicodedata.east_asian_width(character) in "WF" for character in content)
        if wide and "wide" not in classes:
            attributes["class_"] = " ".join([*classes, "wide"])
        placed = _attributes({"x": x, "y": y, **attributes})
        self._elements.append(f"<text{placed}>{escape(content, quote=False)}</text>")
        self.reach(x, y + 6)

    def heading(self) -> float:
        """The title on top; gives its baseline."""
        y = MARGIN + 18.0
        self.text(MARGIN, y, self.title, class_="title")
        self.reach(MARGIN + text_width(self.title, 17.0), y)
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

    def reach(self, x: float, y: float) -> None:
        """Let the picture extend at least to here."""
        self.width, self.height = max(self.width, x), max(self.height, y)

    def svg(self, theme: str = "auto") -> str:
        """The whole picture; theme is "light", "dark", or "auto" for what the viewer prefers."""
        width, height = round(self.width + MARGIN), round(self.height + MARGIN)
        body = "\n".join(self._elements)
        scope = "g" + hashlib.sha256(f"{theme}{self.title}{body}".encode()).hexdigest()[:10]
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="{scope}" width="{width}" '
            f'height="{height}" viewBox="0 0 {width} {height}" role="img" '
            f'aria-labelledby="{scope}-title {scope}-desc">\n'
            f'<title id="{scope}-title">{escape(self.title, quote=False)}</title>\n'
            f'<desc id="{scope}-desc">{escape(self.description, quote=False)}</desc>\n'
            f"<style>{_style(theme, scope)}</style>\n"
            f'<rect class="paper" width="{width}" height="{height}"/>\n{body}\n</svg>\n'
        )


def _attributes(attributes: dict[str, object]) -> str:
    parts = []
    for name, value in attributes.items():
        if value is None:
            continue
        shown = number(value) if isinstance(value, float) else escape(printable(str(value)))
        parts.append(f' {name.rstrip("_").replace("_", "-")}="{shown}"')
    return "".join(parts)
