"""What is measured on: so much of a corpus, the same in any order, all of a source or none."""

import json
import random
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glassformer.errors import InputError
from glassformer.training.corpus import held_out as module
from glassformer.training.corpus.held_out import HeldOut, held_out, key_of
from glassformer.training.corpus.pairs import Pair, PairFiles

FILES = PairFiles(Path("train.tsv"))


def pairs(sentences: Iterable[tuple[str, str]]) -> list[Pair]:
    return [Pair(s, t, None, line, FILES) for line, (s, t) in enumerate(sentences, 1)]


def numbered(number: int) -> list[Pair]:
    return pairs((f"sentence {n}", f"Satz {n}") for n in range(number))


def keys(some: Iterable[Pair]) -> list[int]:
    return [key_of(pair.source) for pair in some]


@pytest.mark.parametrize(
    ("number", "expected"),
    [(2, 1), (19, 1), (20, 2), (997, 99), (1009, 100), (9973, 100), (11_003, 110)],
)
def test_how_many_are_held_out(number: int, expected: int) -> None:
    chosen = held_out(keys(numbered(number)))
    assert (chosen.pairs, chosen.sources) == (expected, expected)
    assert sum(chosen.has(key_of(pair.source)) for pair in numbered(number)) == expected


def test_no_more_than_a_thousand_are_held_out(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"_MIN_DEV": 11, "_MAX_DEV": 37}.items():
        monkeypatch.setattr(module, name, value)
    many = numbered(4999)
    chosen = held_out(keys(many + many[::-1]))
    assert (chosen.sources, chosen.pairs) == (18, 36)
    again = [pair for pair in many if chosen.has(key_of(pair.source))]
    assert len(again) == 18


@given(st.integers(2, 300), st.integers(1, 5), st.randoms(use_true_random=False))
def test_one_source_is_on_one_side_in_any_order(
    number: int, targets: int, chance: random.Random
) -> None:
    some = pairs((f"s{n // targets}", f"t{n}") for n in range(number * targets))
    chosen = held_out(keys(some))
    chance.shuffle(some)
    assert held_out(keys(some)) == chosen
    assert chosen.pairs == chosen.sources * targets
    assert 1 <= chosen.sources < number
    assert chosen.pairs <= max(targets, number * targets / 10)


def test_what_is_held_out_stays_so_when_the_corpus_grows() -> None:
    few, many = numbered(1009), numbered(2003)
    before, after = (
        {pair.source for pair in some if chosen.has(key_of(pair.source))}
        for some, chosen in ((few, held_out(keys(few))), (many, held_out(keys(many))))
    )
    assert len(before - after) > 0  # the threshold falls, as 100 are wanted of either
    assert {source for source in after if int(source.split()[1]) < 1009} <= before


def test_what_is_held_out_can_be_written_down() -> None:
    chosen = held_out(keys(numbered(101)))
    written = json.dumps(chosen.to_json())
    assert HeldOut.from_json(json.loads(written)) == chosen
    assert '"threshold": "' in written


@pytest.mark.parametrize(
    ("sentences", "said"),
    [
        ([], "pairs: 0, different sources: 0;"),
        ([("a", "b")], "pairs: 1, different sources: 1;"),
        ([("a", "b"), ("a", "c")], "pairs: 2, different sources: 1;"),
    ],
)
def test_one_pair_is_not_enough(sentences: list[tuple[str, str]], said: str) -> None:
    with pytest.raises(InputError, match="one to train on and one to hold out") as caught:
        held_out(keys(pairs(sentences)))
    assert said in str(caught.value)
