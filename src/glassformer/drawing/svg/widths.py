"""How wide characters are, in shares of the font size.

Of each the widest among DejaVu Sans, Noto Sans, Liberation Sans (as wide as Arial) and, where
Chinese texts use it, Noto Sans CJK, so that no text comes out wider than it was taken to be.
`tests/drawing/test_widths.py` holds the table against the fonts of the machine.
"""

import functools
import unicodedata

_CHARACTERS: dict[float, str] = {
    0.18: "ₗ",
    0.24: "י",
    0.28: "'ijıіј′اון",
    0.30: "lłₜـ",
    0.32: " ,.‚؛",
    0.34: ":;IΙІ،",
    0.36: "fſιז",
    0.38: "-ₛ",
    0.40: "()/[\\]t‹›ᵀₐ",
    0.42: "!r¡²³¹⁰⁴⁵⁶⁷⁸⁹ⁿ₀₁₂₃₄₅₆₇₈₉ₑₒₙגנ",
    0.44: "ₖₚ",
    0.46: "ₓدذ",
    0.48: '"ªº″ľء',
    0.50: "°Јرزوژ",
    0.52: "„",
    0.54: "Jszгзѕґ⁻ةه٠١٢٣٤٥٦٧٨٩؟ךכץ",
    0.56: "*?L_c|¦ƒΓεζνξсэє–ד",
    0.58: "kŁχבלר",
    0.60: "vxyγκλςвтухьعغצ",
    0.62: "FT`aeo¨«¯´¸»¿ðøΤδθοτυГТабекочяҐم",
    0.64: "$0123456789bdghnpqu{}¢£¤¥µþđŋΣβημρσУлрђ€ₘעףפ",
    0.66: "ßΞαЗинпћџجحخچהחטסת",
    0.68: "EKPSYÞΕΚΡΥЅЕРאםמ",
    0.70: "ABVXZħΑΒΔΖΛΧπАБВХЧЬдц",
    0.72: "ЄКЭъקש",
    0.74: "CRUφСЯلن",
    0.76: "HNŊΗΝΠЏЛНПм",
    0.78: "&DGÐĐψИЦق",
    0.80: "OQØΘΟΩДОыىيی",
    0.82: "wΦ",
    0.84: "#+<=>^~¬ΨωЪ−ك",
    0.86: "Ћфю",
    0.88: "ЂФ",
    0.90: "Ыњکگ",
    0.92: "MĦΜМжшљ",
    0.94: "طظ",
    0.96: "%щبتثپ",
    0.98: "m¼½¾",
    1.00: "W§©®±¶·Æ×æ÷—‘’“”†‡•…™←↑→↓↔∂∏∑√∞≈≤≥∈⊕⊙▁■□▪▫●○␣│─",
    1.02: "@",
    1.04: "œف",
    1.06: "Њ",
    1.08: "ŒЖШЮ№",
    1.10: "ЉЩ",
    1.22: "صض",
    1.24: "سش",
    1.36: "‰",
}
"""The characters of each width; letters with accents are as wide as without."""

_WIDTHS = {one: width for width, characters in _CHARACTERS.items() for one in characters}

_BOLD = 0.13
"""How much wider a character is in bold."""
_EMOJI = 1.28
_OTHER = 1.1
"""Scripts that are not in the table; their letters are seldom wider."""


@functools.cache
def em(character: str, bold: bool = False) -> float:
    """The width of a character, in shares of the font size."""
    kind = unicodedata.category(character)
    if kind in ("Mn", "Me", "Cf"):
        return 0.0
    if kind in ("So", "Sk") and ord(character) >= 0x2600:
        return _EMOJI
    if unicodedata.east_asian_width(character) in "WF":
        return 1.0
    base = unicodedata.normalize("NFD", character)[0]
    width = _WIDTHS.get(character) or _WIDTHS.get(base, _OTHER)
    return width + (_BOLD if bold else 0.0)
