"""The pairs that the model in the box learns from, put together from their sources.

    python examples/box_pairs.py FOLDER --data DATA

DATA holds the corpora and lexicons (tatoeba, novels-en-fr, more, lexicon). Each source, and each
way to make pairs from others, becomes one file, FOLDER/pairs/parts/TAG.SOURCE.tsv, and beside it
what was left out and why. FOLDER/pairs/TAG.train.tsv takes each as often as box_data/sources.py
says, and TAG.dev.tsv is measured on. Run again, it goes on where it was stopped; delete a part, and
it is made anew; the same bytes come out every time. `examples/box_model.py FOLDER` then trains on
these pairs; set `text.drop_duplicates = false`, so that repeats count.
"""

import argparse
import json
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from box_data.apart import Apart, sentences_apart
from box_data.copying import copied
from box_data.filters import reason_against
from box_data.lexicon import answering
from box_data.normal import normalised
from box_data.sources import LANGUAGES, LOOSE, SHARES, Pair, from_outside, read_source
from box_data.substitution import substituted
from box_data.templates import said
from box_data.words import taught
from box_model import cleaned, detokenised, held_out, kept_apart, key_of_words, read, write

from glassformer.outputs import replacing
from glassformer.training.corpus.held_out import key_of
from glassformer.training.corpus.near_duplicates import have_near_duplicates

JOINED = 0.15
"""So many pairs, as a share of Tatoeba's, are made by joining others."""
TYPED = 0.1
"""So many come a second time, with the English as people type it."""
EVERYDAY = ("tatoeba", "templates", "words", "storybooks-african", "storybooks-germany", "jec")
"""What is joined."""


def main() -> None:
    """Make every part that is not there, then take each as often as its share says."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--data", type=Path, required=True)
    given = parser.parse_args()
    pairs = given.folder / "pairs"
    (pairs / "parts").mkdir(parents=True, exist_ok=True)
    parts = Parts(pairs / "parts", given.data)
    for tag in LANGUAGES:
        write(pairs / f"{tag}.dev.tsv", parts.dev(tag))
        for source in from_outside(tag):
            parts.make(tag, source, parts.from_outside(tag, source))
        for source, pairs_of in MADE.items():
            parts.make(tag, source, pairs_of(parts, tag))
        with replacing(pairs / f"{tag}.train.tsv") as temporary:
            write(temporary, parts.mixed(tag))
    parts.report()
    if near := parts.near():
        sys.exit(f"{near} sentences that are measured on have a near-duplicate among these pairs")
    (pairs / "complete").touch()


class Parts:
    """The files in which the parts are, made as they are asked for."""

    def __init__(self, folder: Path, data: Path) -> None:
        self.folder, self.data = folder, data
        self._apart: Apart | None = None
        self._dev: dict[str, list[Pair]] = {}

    def dev(self, tag: str) -> list[Pair]:
        """What is measured on: Tatoeba's dev set, for Chinese also the pairs that we hold out."""
        if tag not in self._dev:
            tatoeba = self.data / "tatoeba"
            dev = list(read(tatoeba / f"eng-{LANGUAGES[tag]}.dev.tsv.gz"))
            if tag == "zh":
                pairs = [cleaned(pair, tag) for pair in read_source(self.data, "tatoeba", tag)]
                keys = kept_apart()
                dev += held_out([one for one in pairs if key_of_words(one[0]) not in keys])[0]
            self._dev[tag] = dev
        return self._dev[tag]

    def from_outside(self, tag: str, source: str) -> Callable[[Counter[str]], Iterator[Pair]]:
        """The pairs of a file, written one way, without those that are loose."""

        def pairs(left_out: Counter[str]) -> Iterator[Pair]:
            says = answering(self.data, tag)
            for pair in read_source(self.data, source, tag):
                whole = detokenised(pair) if source == "novels" else pair
                whole = normalised(whole, tag)
                loose = source in LOOSE
                if reason := reason_against(whole, tag, loose=loose, says=says):
                    left_out[reason] += 1
                else:
                    yield whole

        return pairs

    def make(self, tag: str, source: str, pairs: Callable[[Counter[str]], Iterable[Pair]]) -> None:
        """Write a part, without what is measured on and without what it says twice."""
        path = self.folder / f"{tag}.{source}.tsv"
        if path.exists():
            return
        left_out: Counter[str] = Counter()
        apart = self.apart()
        dev = {key_of_words(english) for english, _ in self.dev(tag)}
        kept: dict[Pair, None] = {}
        near: dict[str, str] = {}
        for pair in pairs(left_out):
            english = pair[0]
            if english not in near:
                measured = "measured on" if apart.has(english) else ""
                near[english] = measured or ("dev" if key_of_words(english) in dev else "")
            reason = near[english] or ("twice" if pair in kept else "")
            left_out[reason or "kept"] += 1
            if not reason:
                kept[pair] = None
        with replacing(path.with_suffix(".json")) as temporary:
            temporary.write_text(json.dumps(left_out), encoding="utf-8")
        with replacing(path) as temporary:
            write(temporary, kept)
        print(tag, source, dict(left_out), flush=True)

    def read(self, tag: str, source: str) -> list[Pair]:
        """A part that was made; nothing where the language has none of this source."""
        path = self.folder / f"{tag}.{source}.tsv"
        if not path.exists():
            return []
        rows = path.read_text(encoding="utf-8").split("\n")
        return [(one, other) for one, _, other in (row.partition("\t") for row in rows if row)]

    def mixed(self, tag: str) -> Iterator[Pair]:
        """Each part as often as its share says."""
        for source, shares in SHARES.items():
            share = shares.get(tag, 0)
            pairs = self.read(tag, source)
            for _ in range(int(share)):
                yield from pairs
            rest = (share - int(share)) * 2**64
            yield from (pair for pair in pairs if key_of("\t".join(pair)) < rest)

    def apart(self) -> Apart:
        """What is measured on."""
        if self._apart is None:
            self._apart = sentences_apart(self.data)
        return self._apart

    def near(self) -> int:
        """How many sentences that are measured on have a near-duplicate in any part."""
        names = (path.stem.split(".", 1) for path in sorted(self.folder.glob("*.tsv")))
        english = {pair[0] for tag, source in names for pair in self.read(tag, source)}
        return sum(have_near_duplicates(self.apart().sentences, english))

    def report(self) -> None:
        """What each source gave, and what was left out of it."""
        for path in sorted(self.folder.glob("*.json")):
            of_part = json.loads(path.read_text(encoding="utf-8"))
            print(path.stem, *(f"{reason} {count}" for reason, count in sorted(of_part.items())))


# What is made from others


def joined(parts: Parts, tag: str) -> Callable[[Counter[str]], Iterator[Pair]]:
    """Two to five pairs as one, sides in the same order."""

    def pairs(left_out: Counter[str]) -> Iterator[Pair]:
        chance = random.Random(1)
        space = "" if tag == "zh" else " "
        every = [pair for source in EVERYDAY for pair in parts.read(tag, source)]
        whole = [pair for pair in every if pair[0][-1] in '.?!"']
        for _ in range(round(JOINED * len(parts.read(tag, "tatoeba")))):
            some = chance.sample(whole, chance.choice((2, 2, 3, 3, 4, 5)))
            yield " ".join(one[0] for one in some), space.join(one[1] for one in some)

    return pairs


def typed(parts: Parts, tag: str) -> Callable[[Counter[str]], Iterator[Pair]]:
    """Some of the pairs with the English all small, no sign at its end, and either apostrophe."""

    def pairs(_: Counter[str]) -> Iterator[Pair]:
        every = parts.read(tag, "tatoeba")
        some = random.Random(2).sample(every, round(TYPED * len(every)))
        for place, (english, other) in enumerate(some):
            yield english.lower().rstrip(".?!").replace("'", "'’"[place % 2]), other

    return pairs


def _from(
    make: Callable[[Path, str, list[Pair]], Iterable[Pair]],
) -> Callable[[Parts, str], Callable[[Counter[str]], Iterable[Pair]]]:
    """A way to make pairs from the lexicon and Tatoeba's pairs."""
    return lambda parts, tag: lambda _: make(parts.data, tag, parts.read(tag, "tatoeba"))


MADE = {
    "templates": _from(lambda data, tag, _: said(tag)),
    "words": _from(lambda data, tag, _: taught(data, tag)),
    "copied": _from(lambda data, tag, pairs: copied(pairs, tag)),
    "substituted": _from(substituted),
    "joined": joined,
    "typed": typed,
}
"""In this order: what is joined stands before."""


if __name__ == "__main__":
    main()
