"""The sources of the pairs: how often each is learned from, under which licence, by whom.

A share below 1 takes that part of the pairs (those with the smallest hashes), above 1 repeats all
of them: `text.drop_duplicates = false` in the training's settings keeps the repeats. Everyday
language is the main thing: of the target words that a training reads, about half are Tatoeba's and
what is made from it.

| source | licence | whom to name |
|---|---|---|
| tatoeba | CC BY 2.0 FR | tatoeba.org and its contributors, through www.manythings.org/anki |
| novels | CC BY | TransRead corpus (fyvo/TransReadAlignments) |
| suttacentral | CC0 | SuttaCentral: sujato; sabbamitta (German); noeismet, sekha (French) |
| bible | CC0, public domain | Berean Standard Bible; Crampon 1923; Menge 1939; Union Version |
| maupassant-poe | CC BY 4.0 | Michael Myers, Isosceles corpus (myersm0/isosceles) |
| cds-blog | MIT | Canadian Digital Service |
| canada-acts | Open Government Licence – Canada | "Contains information licensed under the Open
  Government Licence – Canada"; no official version |
| tico19 | CC0 | Translation Initiative for COVID-19 |
| storybooks-african, storybooks-germany | CC BY | African Storybook, Global Storybooks, authors |
| jec | CC BY 3.0 | Kyoto University and NICT, JEC Basic Sentence Data |
| opensource-guide | CC BY 4.0 | GitHub, Open Source Guides |
| wikipedia-android | Apache-2.0 | Wikimedia Foundation, Wikipedia for Android |
| cataclysm-dda | CC BY-SA 3.0 | Cataclysm: Dark Days Ahead contributors |
| pud | CC BY-SA 3.0 | Universal Dependencies, Parallel UD treebanks |
| gnome-help | CC BY-SA 3.0 | GNOME documentation project |
| words (wiktionary) | CC BY-SA 3.0 | English Wiktionary's contributors, 2015-01-02 |
| words (cc-cedict) | CC BY-SA 4.0 | CC-CEDICT, MDBG |
| words (chinese-open-wordnet) | WordNet-like | Chinese Open Wordnet; Princeton WordNet 3.0 |
| words (cldr) | Unicode License v3 | Unicode, Inc.: CLDR 48 |
| templates, copied, substituted, joined, typed | – | ours; the last four change Tatoeba's pairs |
"""

import gzip
from collections.abc import Iterator
from pathlib import Path

LANGUAGES = {"fr": "fra", "de": "deu", "zh": "cmn"}

Pair = tuple[str, str]

SHARES: dict[str, dict[str, float]] = {
    # everyday language, and what is made from it
    "tatoeba": {"fr": 3, "de": 3, "zh": 8},
    "typed": {"fr": 1, "de": 1, "zh": 2},
    "joined": {"fr": 1, "de": 1, "zh": 2},
    "copied": {"fr": 1, "de": 1, "zh": 3},
    "templates": {"fr": 1, "de": 1, "zh": 1},
    "words": {"fr": 1, "de": 1, "zh": 1},
    "substituted": {"fr": 1, "de": 1, "zh": 2},
    # near to it
    "storybooks-african": {"fr": 2},
    "storybooks-germany": {"fr": 2, "de": 2},
    "jec": {"zh": 2},
    # prose of today
    "pud": {"fr": 2, "de": 2, "zh": 2},
    "tico19": {"fr": 1, "zh": 1},
    "cds-blog": {"fr": 1},
    "opensource-guide": {"fr": 1, "zh": 1},
    "wikipedia-android": {"fr": 1, "de": 1, "zh": 1},
    "gnome-help": {"fr": 1, "de": 1, "zh": 1},
    "cataclysm-dda": {"fr": 1, "de": 1, "zh": 0.35},
    # long, or old, or of one subject
    "novels": {"fr": 1},
    "maupassant-poe": {"fr": 1},
    "suttacentral": {"fr": 0.5, "de": 0.4},
    "bible": {"fr": 0.5, "de": 0.5, "zh": 0.35},
    "canada-acts": {"fr": 0.3},
}
"""Today's best guess, to be decided on the neighbour-free dev set."""

LOOSE = frozenset(SHARES) - {"tatoeba"}
"""Sources whose pairs may not say the same: all but one."""


def from_outside(tag: str) -> list[str]:
    """The sources of this language that come as files, in the order of the table."""
    made = {"typed", "joined", "copied", "templates", "words", "substituted"}
    return [source for source, of in SHARES.items() if tag in of and source not in made]


def read_source(data: Path, source: str, tag: str) -> Iterator[Pair]:
    """The pairs of a source as they are in its file, English first."""
    name = LANGUAGES[tag]
    if source == "tatoeba":
        path = data / "tatoeba" / f"eng-{name}.train.tsv.gz"
    elif source == "novels":
        path = data / "novels-en-fr" / f"eng-{name}.tsv.gz"
    else:
        path = data / "more" / f"{source}.eng-{name}.tsv.gz"
    with gzip.open(path, "rt", encoding="utf-8", newline="\n") as file:
        for line in file:
            english, _, other = line.rstrip("\r\n").partition("\t")
            yield english, other
