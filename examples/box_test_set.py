"""The test set of the model in the box: sentences that have no near-duplicate in what it learns.

    python examples/box_test_set.py FOLDER --data DATA [--freeze]

DATA holds the corpora (tatoeba, novels-en-fr, more). English sentences that are near-duplicates
(training/corpus/near_duplicates.py) hang together in clusters; whole clusters are drawn, by a
hash, from each source alike. What is drawn is written as FOLDER/{fr,de,zh}.tsv: English, its
translation, the source. --freeze writes configs/box-test-set.txt, the keys of these sentences, by
which everything that learns leaves them out; without it the drawing is held against that file.
"""

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from box_model import (
    LANGUAGES,
    TEST_SET,
    cleaned,
    detokenised,
    is_prose,
    key_of_words,
    read,
)

from glassformer.training.corpus.held_out import key_of
from glassformer.training.corpus.near_duplicates import GRAM, SHORT, is_within_one_word, words_of

WANTED = {"tatoeba": {"fr": 800, "de": 800, "zh": 500}}
"""Sentences of everyday language, and of every other source:"""
OF_OTHERS = 50
LARGEST = 30
"""Sentences in a cluster that may be drawn: short ones all hang together, and stay."""
LONGEST = 60
"""Words; what is longer is hardly one sentence."""

Words = tuple[int, ...]


def main() -> None:
    """Draw the sentences, write them, and freeze them or hold them against what is frozen."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--freeze", action="store_true")
    given = parser.parse_args()
    pairs = {tag: list(pairs_of(given.data, tag)) for tag in LANGUAGES}
    drawn = draw(pairs)
    keys = sorted(set(map(key_of_words, drawn)))
    if given.freeze:
        TEST_SET.write_text("\n".join(keys) + "\n", encoding="utf-8")
    elif TEST_SET.read_text(encoding="utf-8").split() != keys:
        sys.exit(f"what was drawn is not what {TEST_SET} says: are the corpora the same?")
    given.folder.mkdir(parents=True, exist_ok=True)
    for tag, rows in chosen(pairs, drawn).items():
        text = "".join("\t".join(row) + "\n" for row in rows)
        (given.folder / f"{tag}.tsv").write_text(text, encoding="utf-8", newline="\n")
        long = sum(len(words_of(english)) > 12 for english, _, _ in rows)
        print(tag, len(rows), "above 12 words:", long, dict(Counter(row[2] for row in rows)))


def pairs_of(data: Path, tag: str) -> Iterator[tuple[str, str, str]]:
    """English, its translation, the source: everything that may be trained on."""
    name = LANGUAGES[tag]
    for pair in read(data / "tatoeba" / f"eng-{name}.train.tsv.gz"):
        yield *cleaned(pair, tag), "tatoeba"
    for path in sorted((data / "more").glob(f"*.eng-{name}.tsv.gz")):
        for pair in read(path):
            yield *cleaned(pair, tag), path.name.partition(".")[0]
    if tag == "fr":
        for path in sorted((data / "novels-en-fr").glob("*.tsv.gz")):
            for pair in read(path):
                if is_prose(whole := detokenised(pair)):
                    yield *whole, "novels"


def draw(pairs: dict[str, list[tuple[str, str, str]]]) -> set[str]:
    """Whole clusters in the order of their hashes, until each source has given its part."""
    sources: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for tag, rows in pairs.items():
        for english, _, source in rows:
            sources[english].add((source, tag))
    left = {(source, tag): OF_OTHERS for some in sources.values() for source, tag in some}
    left |= {("tatoeba", tag): count for tag, count in WANTED["tatoeba"].items()}
    drawn: set[str] = set()
    small = [cluster for cluster in clusters(sources) if len(cluster) <= LARGEST]
    for cluster in sorted(small, key=lambda some: min(map(key_of, some))):
        if max(len(words_of(english)) for english in cluster) > LONGEST:
            continue
        gives = Counter(one for english in cluster for one in sources[english])
        if any(left[one] > 0 for one in gives) and all(left[one] > -LARGEST for one in gives):
            drawn |= cluster
            for one, count in gives.items():
                left[one] -= count
    return drawn


def chosen(
    pairs: dict[str, list[tuple[str, str, str]]], drawn: set[str]
) -> dict[str, list[tuple[str, str, str]]]:
    """One translation of each sentence drawn, the one whose hash is smallest."""
    found: dict[str, dict[str, tuple[str, str, str]]] = {tag: {} for tag in pairs}
    for tag, rows in pairs.items():
        for row in rows:
            if row[0] in drawn:
                best = min(found[tag].get(row[0], row), row, key=lambda one: key_of(one[1]))
                found[tag][row[0]] = best
    return {tag: sorted(rows.values()) for tag, rows in found.items()}


# Clusters


def clusters(sentences: Iterable[str]) -> list[set[str]]:
    """The sentences in groups, so that near-duplicates are in one."""
    spelled: dict[Words, list[str]] = defaultdict(list)
    numbers: dict[str, int] = {}
    for sentence in sentences:
        words = tuple(numbers.setdefault(word, len(numbers) + 1) for word in words_of(sentence))
        spelled[words].append(sentence)
    nodes = list(spelled)
    group = list(range(len(nodes)))

    def root(node: int) -> int:
        while group[node] != node:
            group[node] = node = group[group[node]]
        return node

    for one, other in _edges(nodes):
        group[root(one)] = root(other)
    found: dict[int, set[str]] = defaultdict(set)
    for node, words in enumerate(nodes):
        found[root(node)].update(spelled[words])
    return list(found.values())


def _edges(nodes: Sequence[Words]) -> Iterator[tuple[int, int]]:
    yield from _edits(nodes)
    yield from _shared_runs(nodes)


def _edits(nodes: Sequence[Words]) -> Iterator[tuple[int, int]]:
    """Sentences within one word of each other: equal once a word is left out."""
    whole = {words: node for node, words in enumerate(nodes)}
    first: dict[int, int] = {}
    for node, words in enumerate(nodes):
        for place in range(len(words) if len(words) > 1 else 0):
            rest = words[:place] + words[place + 1 :]
            other = whole.get(rest)
            if other is not None and is_within_one_word(words, rest):
                yield node, other
            same = first.setdefault(hash((place, rest)), node)
            if same != node and is_within_one_word(words, nodes[same]):
                yield node, same


def _shared_runs(nodes: Sequence[Words]) -> Iterator[tuple[int, int]]:
    """Sentences of which one has more than half of the other's runs of five words.

    Of n runs more than half are shared, so that at least one of the rarest n - n // 2 is: only
    these are looked up.
    """
    runs = [_runs(words) for words in nodes]
    where: dict[Words, list[int]] = defaultdict(list)
    for node, some in enumerate(runs):
        for run in some:
            where[run].append(node)
    for node, some in enumerate(runs):
        if len(nodes[node]) < SHORT:
            continue
        rarest = sorted(some, key=lambda run: len(where[run]))[: len(some) - len(some) // 2]
        for other in {other for run in rarest for other in where[run]} - {node}:
            if 2 * len(some & runs[other]) > len(some):
                yield node, other


def _runs(words: Words) -> set[Words]:
    return {words[start : start + GRAM] for start in range(len(words) - GRAM + 1)}


if __name__ == "__main__":
    main()
