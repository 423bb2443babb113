"""The fonts of this machine, and whether they have every character of a picture."""

import functools
import html
import os
import re
import struct
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

from glassformer.errors import OutputError
from glassformer.messages import Message


def check_fonts(svg: str) -> None:
    """Find out whether every character of a picture can be drawn here.

    Raises:
        OutputError: when no font on this machine has a character of it.
    """
    missing = without_font(_texts(svg))
    if missing:
        raise OutputError(
            "no font on this machine has {characters}: install {font}, or save as SVG, which uses "
            "the fonts of the machine that shows it",
            characters=tuple(f"{one} (U+{ord(one):04X})" for one in missing[:5]),
            font=_suggestion(missing),
        )


def without_font(texts: Iterable[str]) -> list[str]:
    """The characters of these texts that no font of this machine has, in order of their code."""
    needed = {ord(c) for text in texts for c in text if not _is_invisible(c)}
    for path in font_files():
        if not needed:
            break
        needed -= _characters_of(path)
    return [chr(code) for code in sorted(needed)]


def font_folders() -> list[Path]:
    """Where fonts are on this machine."""
    home = Path.home()
    if sys.platform == "darwin":
        folders = [Path("/System/Library/Fonts"), Path("/Library/Fonts"), home / "Library/Fonts"]
    elif sys.platform == "win32":
        local = Path(os.environ.get("LOCALAPPDATA", home)) / "Microsoft/Windows/Fonts"
        folders = [Path(os.environ.get("WINDIR", "C:/Windows")) / "Fonts", local]
    else:
        data = Path(os.environ.get("XDG_DATA_HOME", home / ".local/share"))
        folders = [Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), home / ".fonts"]
        folders.append(data / "fonts")
    return [folder for folder in folders if folder.is_dir()]


def font_files() -> Iterator[Path]:
    """Every font file of this machine, small ones first, since most texts need no more."""
    paths = {
        path
        for folder in font_folders()
        for path in folder.rglob("*")
        if path.suffix.lower() in (".ttf", ".otf", ".ttc", ".otc")
    }
    yield from sorted(paths, key=lambda path: (path.stat().st_size, path))


@functools.lru_cache(maxsize=256)
def _characters_of(path: Path) -> frozenset[int]:
    from fontTools.ttLib import TTFont, TTLibError

    try:
        # All faces of a collection have the same characters, near enough.
        with path.open("rb") as file, TTFont(file, lazy=True, fontNumber=0) as font:
            return frozenset(font.getBestCmap() or ())
    except (TTLibError, OSError, KeyError, ValueError, AssertionError, struct.error):
        return frozenset()


def _texts(svg: str) -> list[str]:
    texts = re.findall(r"<text[^>]*>(.*?)</text>", svg)
    return [html.unescape(re.sub(r"<[^>]*>", "", text)) for text in texts]


def _is_invisible(character: str) -> bool:
    # Variation selectors and joiners choose among glyphs and need none of their own.
    return character.isspace() or unicodedata.category(character) in ("Cf", "Cc", "Mn")


def _suggestion(missing: list[str]) -> Message:
    code = ord(missing[0])
    if code < 0x250:  # Latin: there is hardly any font here
        return Message("a font such as DejaVu Sans (Debian: fonts-dejavu-core)")
    if unicodedata.east_asian_width(missing[0]) in "WF" and unicodedata.category(
        missing[0]
    ).startswith("L"):
        return Message("Noto Sans CJK (Debian: fonts-noto-cjk)")
    if code >= 0x1F000 or 0x2600 <= code < 0x2800:
        return Message("Noto Color Emoji (Debian: fonts-noto-color-emoji)")
    if 0x2400 <= code < 0x2440:  # the pictures of control characters
        return Message("GNU FreeFont (Debian: fonts-freefont-ttf)")
    return Message("the Noto fonts of that script (Debian: fonts-noto-core)")
