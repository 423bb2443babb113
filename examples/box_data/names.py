"""Names made by rule, from the sounds of many languages, and some that everybody knows.

None of them stands in benchmarks/copying.jsonl, by which it is tested whether names are kept.
"""

import random
from dataclasses import dataclass
from functools import cache

KNOWN = (
    "Tom m 汤姆, Mary f 玛丽, John m 约翰, Peter m 彼得, Anna f 安娜, Maria f 玛丽亚, Paul m 保罗, "
    "David m 大卫, Linda f 琳达, Susan f 苏珊, Michael m 迈克尔, Robert m 罗伯特, Lucy f 露西, "
    "Emma f 艾玛, Alice f 爱丽丝, Jack m 杰克, Daniel m 丹尼尔, Martin m 马丁, Sarah f 莎拉, "
    "Thomas m 托马斯, Lisa f 丽莎, Jim m 吉姆, Mike m 迈克, Bill m 比尔, Sophie f 苏菲, Ken m 肯, "
    "Nancy f 南希, Kate f 凯特, Simon m 西蒙, Eva f 伊娃, Laura f 劳拉, Mark m 马克, Julia f 朱莉娅, "
    "Andrew m 安德鲁, Helen f 海伦, Victor m 维克多, Diana f 戴安娜, Frank m 弗兰克, Jane f 简, "
    "Charles m 查尔斯, Richard m 理查德, George m 乔治, Betty f 贝蒂, Monica f 莫妮卡, Oscar m 奥斯卡"
)
"""Names that are translated into Chinese; all others stay in Latin letters there."""

LATIN = (
    "Lukas Jonas Felix Emil Anton Jan Sven Lars Nils Erik Olaf Henrik Marco Luca Matteo Paolo Pablo "
    "Diego Carlos Miguel Rafael Bruno Hugo Louis Pierre Julien Antoine Luc Igor Ivan Boris Dmitri "
    "Pavel Marek Tomas Andrei Kenji Hiroshi Ravi Amir Omar Karim Ali Hassan Yusuf Mehmet Kwame",
    "Lena Klara Greta Frieda Johanna Karin Astrid Elin Freja Giulia Bianca Elena Carmen Lucia Ines "
    "Paula Camille Manon Chloé Zoé Amélie Margot Olga Irina Natalia Svetlana Katja Zofia Hana Yuki "
    "Sakura Aiko Priya Indira Leila Fatima Aisha Samira Nadia Zeynep Amina Abena Rosa Marta Nora",
)
"""Given names of men and of women that may be met anywhere."""


@dataclass(frozen=True)
class Name:
    """A name in Latin letters, and as Chinese writes it."""

    latin: str
    chinese: str

    def __add__(self, other: "Name") -> "Name":
        """Given name and surname; both in Latin letters unless Chinese has both."""
        latin = f"{self.latin} {other.latin}"
        return Name(latin, latin)


_SOUNDS = (
    # onsets | vowels | codas | endings of surnames | of men | of women
    ("b d f g h k l m n r s t w st br gr kr sch", "a e i o u au ei", "n r l ck tz nd rt", "mann er berg hardt ke ling feld", "o us hard win", "a e hild"),
    ("b c d f g l m n p r s t v br tr ch", "a e i o u ou ai", "n l r s t nt", "ault ier eau ard in ois elle", "ien ain in", "ette ine elle ie"),
    ("b c d f g l m n p r s t v gr tr sc", "a e i o u ia", "l n r s", "ini etti ello ari one ucci", "o io ano", "a ina ella"),
    ("b c d f g j l m n p r s t v fr", "a e i o u ue ie", "n r s l", "ez era osa ado ales", "o io an", "a ita ia"),
    ("b d g k l m n p r s t v z br kr st vl mir", "a e i o u", "n k l r v s d", "ov ski enko ić ak uk ek in", "slav mir an ek", "ova ka ina ja"),
    ("b d f g h k l m n r s t v j hj sv st", "a e i o u å ø y", "n r l d k", "sen sson berg dal lund vik strøm", "e ar ulf", "a rid e"),
    ("k s t n h m y r sh ch ts z g", "a i u e o", "", "moto mura shima yama kawa da no", "ro to shi ki", "ko mi ka na"),
    ("b d g h k l m n p r s t v j sh ch bh dh", "a i u e aa", "n r l t", "kar an wal bhai esh swamy", "esh an it", "a i ika"),
    ("b d f g h j k l m n r s t z kh sh", "a i u aa", "d r m n l f", "i ani zadeh oun awi", "im ad ir", "a iya een"),
    ("b d f g k l m n s t w y nd mb kw", "a e i o u", "", "wa ba le mba nga kele", "le o ba", "e a isha"),
    ("b c d g h k l m n s t y ç ş", "a e ı i o ö u ü", "n r l k z", "oğlu can maz er türk", "han er il", "ay e nur"),
    ("l m n k t p v r s h j", "aa a i ii e ä o u ö", "n s l", "nen la maki lainen salo", "o i ari", "a i ikki"),
    ("b c d l m n p r s t v", "ã a e i o u ei", "r s l", "eira inho ães ão ado es", "o ão im", "a inha ia"),
    ("b d f g h j l m n p r s t w th wh cl br", "a e i o u ea oo", "n r l ll ck rd", "ton ley ford worth son wood", "er y an", "y ie a"),
)  # fmt: skip


@cache
def _parts(language: int) -> tuple[list[str], ...]:
    return tuple(part.split() or [""] for part in _SOUNDS[language])


def given(chance: random.Random, gender: str = "") -> Name:
    """The given name of a man (m), a woman (f) or either."""
    gender = gender or chance.choice("mf")
    kind = chance.random()
    if kind < 0.2:
        return chance.choice([name for name, of in known() if of == gender])
    if kind < 0.4:
        name = chance.choice(LATIN[gender == "f"].split())
    else:
        name = _made(chance, 4 if gender == "m" else 5)
    return Name(name, name)


def surname(chance: random.Random) -> Name:
    """A family name."""
    name = _made(chance, 3)
    return Name(name, name)


@cache
def known() -> list[tuple[Name, str]]:
    """The names that are translated into Chinese, with their gender."""
    rows = (row.split() for row in KNOWN.split(", "))
    return [(Name(latin, chinese), gender) for latin, gender, chinese in rows]


def _made(chance: random.Random, ending: int) -> str:
    """One to three syllables and an ending, all of one language."""
    parts = _parts(chance.randrange(len(_SOUNDS)))
    name = ""
    for _ in range(chance.choice((1, 1, 2))):
        name += chance.choice(parts[0]) + chance.choice(parts[1])
    last = chance.choice(parts[ending])
    if last[0] in "aeiouãåäöøüyıi":
        name += chance.choice(parts[2]) or chance.choice(parts[0])
    return (name + last).capitalize()
