"""What is measured on is not learned from: neither a sentence nor what is nearly the same."""

import json
from collections.abc import Iterable
from pathlib import Path

from box_model import kept_apart, key_of_words

from box_data.sources import LANGUAGES, from_outside, read_source
from glassformer.training.corpus.near_duplicates import SHORT, NearDuplicates, words_of

EVERYDAY = Path(__file__).parents[2] / "benchmarks" / "everyday.jsonl"
COPYING = EVERYDAY.with_name("copying.jsonl")


class Apart:
    """The test set, the everyday sentences and those that test copying.

    Of the everyday sentences the short ones are left out themselves, and no more: half of all that
    is said in three words is within one word of "I'm hungry".
    """

    def __init__(self, test: Iterable[str], others: Iterable[str]) -> None:
        others = list(others)
        self._keys = {key_of_words(sentence) for sentence in others} | kept_apart()
        long = [sentence for sentence in others if len(words_of(sentence)) >= SHORT]
        self.sentences = [*test, *long]
        """Those that nothing may be near to."""
        self._near = NearDuplicates(self.sentences)

    def has(self, english: str) -> bool:
        """Whether this is one of the sentences, or near to one."""
        return key_of_words(english) in self._keys or self._near.is_near(english)


def sentences_apart(data: Path) -> Apart:
    """The frozen test set, found by its keys among the corpora, and what benchmarks/ holds."""
    keys = kept_apart()
    english = {
        english
        for tag in LANGUAGES
        for source in from_outside(tag)
        for english, _ in read_source(data, source, tag)
    }
    test = sorted(sentence for sentence in english if key_of_words(sentence) in keys)
    return Apart(test, benchmark_sentences())


def benchmark_sentences() -> list[str]:
    """The English of the everyday sentences and of those that test copying."""
    lines = [
        line
        for path in (EVERYDAY, COPYING)
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    return [json.loads(line)["english"] for line in lines]
