"""One way to write each language: quotes, dashes, spaces, full-width signs, codes taken out."""

import re
from unicodedata import normalize

from box_data.sources import Pair

_QUOTE = re.compile("[“”„‟«»「」＂❝❞]|''|``")
_SINGLE = re.compile("[‘’‚‛ʼ´`‹›]")
_DASH = re.compile(r"^(?:[—–―─]+|-+(?= ))\s*")
_SPACE = re.compile(r"[\s\u00a0\u2000-\u200a\u202f\u3000]+")
_HIDDEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_CODE = re.compile(r"</?[a-z][^<>]*>|\*+|\\[ntr]")
_ENDS = {".": ("。", "."), "?": ("？", "?"), "!": ("！", "!")}
_HAN = r"\u3400-\u9fff"
_FULL = str.maketrans("?!,:;()", "？！，：；（）")
_WIDE = str.maketrans(
    {wide: chr(ord(wide) - 0xFEE0) for wide in map(chr, range(0xFF10, 0xFF5B)) if wide.isalnum()}
    | {"％": "%", "＋": "+", "＄": "$", "／": "/"}
)
_ZHU = re.compile("著(?![名作称述])(?<![显名原编土专论昭卓巨遗译合拙]著)")


def normalised(pair: Pair, tag: str) -> Pair:
    """The pair as our model is to read and write it."""
    english, other = (_DASH.sub("", _plain(side)) for side in pair)
    if english.count('"') % 2 or other.count('"') % 2 or ('"' in english) != ('"' in other):
        english, other = (" ".join(side.replace('"', " ").split()) for side in (english, other))
        english, other = (
            _DASH.sub("", re.sub(r" +([.,])", r"\1", one)) for one in (english, other)
        )
    return english, {"fr": _french, "de": _german, "zh": _chinese}[tag](_ended(english, other, tag))


def _plain(text: str) -> str:
    text = _CODE.sub(" ", normalize("NFC", _HIDDEN.sub("", text)).replace("\\'", "'"))
    text = text.replace("『", "‘").replace("』", "’").replace("‑", "-").replace("…", "...")
    text = _SINGLE.sub("'", _QUOTE.sub('"', text))
    text = re.sub(r" *(\.\.\.)", r"\1", re.sub(r"\.{4,}", "...", text))
    return _SPACE.sub(" ", text).strip()


def _ended(english: str, other: str, tag: str) -> str:
    """A part of a longer sentence ends as its English does."""
    if not english or not other or english[-1] not in _ENDS:
        return other
    end = _ENDS[english[-1]][0 if tag == "zh" else 1]
    if other[-1] in ",;:，；：、" and not other.endswith("..."):
        return other[:-1].rstrip() + end
    if tag == "zh" and re.match(rf"[{_HAN}]", other[-1]):
        return other + end
    return other


def _quoted(text: str, opening: str, closing: str) -> str:
    """Straight quotes as pairs: the first opens, the second closes."""
    parts = text.split('"')
    return "".join(
        part if not place else (opening if place % 2 else closing) + part
        for place, part in enumerate(
            part.strip() if place % 2 and place < len(parts) - 1 else part
            for place, part in enumerate(parts)
        )
    )


def _french(text: str) -> str:
    text = _quoted(text, "« ", " »")
    text = re.sub(r"\s*([?!;]+)(?=\s|$|[»)])", r" \1", text)
    text = re.sub(r"\s*:(?=\s|$)", " :", text)
    text = re.sub(r" (?=[?!] [?!])|(?<=[?!]) (?=[?!])", "", text)
    return re.sub(r"\s*([?!;:])\s*»", r" \1 »", " ".join(text.split()))


def _german(text: str) -> str:
    return " ".join(_quoted(text, "„", "“").split())


def _chinese(text: str) -> str:
    text = _quoted(text.translate(_WIDE), "“", "”")
    text = re.sub("─+|—+|–+", "——", text).replace("‧", "·").replace("•", "·").replace("・", "·")
    text = _ZHU.sub("着", text).replace("掛", "挂").replace("麽", "么").replace("妳", "你")
    text = re.sub(
        rf"(?<=[{_HAN}”）])\s*([?!,:;])\s*|\s*([?!,:;])\s*(?=[{_HAN}“])",
        lambda found: (found[1] or found[2]).translate(_FULL),
        text,
    )
    text = re.sub(rf"(?<=[{_HAN}”）])\s*\.(?=\s*(?:[{_HAN}“”]|$))", "。", text)
    text = re.sub(rf"(?<=[{_HAN}])\s*\(([^()]*)\)|\(([^()]*[{_HAN}][^()]*)\)",
                  lambda found: f"（{found[1] or found[2]}）", text)  # fmt: skip
    text = re.sub(r"\.\.\.", "……", text)
    return re.sub(
        rf"(?<=[{_HAN}，。？！：；、“”（）])\s+|\s+(?=[{_HAN}，。？！：；、“”（）])", "", text
    )
