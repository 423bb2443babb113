"""Pre-flight: pairs that are left out are counted by reason."""

import json
import random
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glassformer.errors import InputError
from glassformer.training.corpus import filtering
from glassformer.training.corpus.filtering import CorpusStatistics, Limits, fit, unknown_rate
from glassformer.training.corpus.held_out import DevSet
from glassformer.training.corpus.pairs import Pair, PairFiles
from glassformer.training.corpus.subwords import train_subwords, whitespace_vocabulary

FILES = PairFiles(Path("train.tsv"))
GOOD = [("a dog", "ein Hund"), ("a cat", "eine Katze")]


def pairs(sentences: Iterable[tuple[str, str]], tag: str | None = None) -> list[Pair]:
    return [Pair(s, t, tag, line, FILES) for line, (s, t) in enumerate(sentences, 1)]


def what_is_kept(
    sentences: Iterable[tuple[str, str]], limits: Limits | None = None, dev: DevSet | None = None
) -> tuple[list[tuple[str, str]], CorpusStatistics]:
    statistics = CorpusStatistics()
    left = list(fit(iter(pairs(sentences)), limits or Limits(), statistics, dev=dev))
    for pair in left:
        statistics.keep(pair, dev)
    return [(pair.source, pair.target) for pair in left], statistics


def said(statistics: CorpusStatistics) -> list[str]:
    return list(map(str, statistics.notes()))


# What is left out


@pytest.mark.parametrize(
    ("source", "target", "reason"),
    [
        ("", "x", "empty side"),
        ("x", " \t\u200b\u00a0", "empty side"),
        ("nul\0", "x", "control characters"),
        ("x", "nel\x85", "control characters"),
        ("\r", "x", "control characters"),
        ("del\x7f", "x", "control characters"),
        ("a b " * 25_000, "c d " * 25_000, "too long"),
        ("x", "y" * 5001, "too long"),
        ("x", "y" * 41, "length ratio"),
        ("y" * 97, "x" * 8, "length ratio"),
        ("a dog", "ein Hund", "duplicate"),
    ],
)
def test_what_is_not_fit_is_counted(source: str, target: str, reason: str) -> None:
    sentences = [*GOOD, (source, target), (source, target)]
    left, statistics = what_is_kept(sentences)
    assert left == GOOD
    assert statistics.dropped == {reason: 2}
    assert str(statistics.first[reason]) == "train.tsv, line 3"
    assert (statistics.seen, statistics.kept) == (4, 2)


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("one\u2028still one", "eins"),
        ("a tab\tin it", "ein Tab"),
        ("x", "y" * 40),
        ("y" * 96, "x" * 8),
        ("Things are the same, but people have changed.", "物是人非。"),
        ("y" * 5000, "x" * 5000),
        ("👩\u200d💻 \u202eab\u202c", "?"),
        ("a dog", "ein Köter"),
        ("A dog", "ein Hund"),
    ],
)
def test_what_is_fit_is_kept(source: str, target: str) -> None:
    assert what_is_kept([*GOOD, (source, target)])[0] == [*GOOD, (source, target)]


def test_limits_are_settings() -> None:
    sentences = [*GOOD, *GOOD, ("abc", "abcdefg")]
    assert what_is_kept(sentences, Limits(drop_duplicates=False))[0] == sentences
    assert what_is_kept(sentences, Limits(max_characters=8))[1].dropped == {
        "duplicate": 1,
        "too long": 2,
    }
    limits = Limits(max_ratio=2.0, ratio_from=6)
    assert what_is_kept(sentences, limits)[1].dropped == {"duplicate": 2, "length ratio": 1}


def test_the_same_pair_for_another_language_is_no_duplicate() -> None:
    both = pairs(GOOD, tag="de") + pairs(GOOD, tag="nl")
    assert list(fit(both, Limits(), CorpusStatistics())) == both


def test_a_pair_is_the_same_in_any_unicode_form() -> None:
    assert what_is_kept([("caf\u00e9", "x"), ("cafe\u0301", "x")])[1].dropped == {"duplicate": 1}


def test_what_is_in_the_dev_set_is_left_out() -> None:
    dev = DevSet(pairs([GOOD[0], ("a bird", "ein Vogel")]))
    left, statistics = what_is_kept([*GOOD, ("a bird", "der Vogel")], dev=dev)
    assert left == [GOOD[1], ("a bird", "der Vogel")]
    assert statistics.dropped == {"also in dev": 1}
    assert statistics.dev_sources == 1
    assert "1 kept although the source is in the dev set too" in said(statistics)[-1]


def test_the_report_in_full() -> None:
    sentences = [
        *GOOD,
        ("", "leer"),
        ("a dog", "der Hund"),
        ("我喜欢狗。", "Ich mag Hunde."),
        GOOD[0],
    ]
    statistics = what_is_kept(sentences, dev=DevSet(pairs(GOOD[1:])))[1]
    assert json.loads(json.dumps(statistics.to_json())) == {
        "seen": 6,
        "kept": 3,
        "held_out": 0,
        "dropped": {
            "also in dev": {"pairs": 1, "first": "train.tsv, line 2"},
            "empty side": {"pairs": 1, "first": "train.tsv, line 3"},
            "duplicate": {"pairs": 1, "first": "train.tsv, line 6"},
        },
        "source": {"words": 9, "characters": 15},
        "target": {"words": 8, "characters": 30},
        "dev_sources": 0,
    }
    assert said(statistics) == [
        "3 of 6 pairs to train on; 9 words on the source side, 8 on the target side",
        "1 left out: also in dev (first: train.tsv, line 2)",
        "1 left out: empty side (first: train.tsv, line 3)",
        "1 left out: duplicate (first: train.tsv, line 6)",
    ]


def complaint(sentences: Iterable[tuple[str, str]], dev: DevSet | None = None) -> str:
    with pytest.raises(InputError) as caught:
        what_is_kept(sentences, dev=dev)
    return str(caught.value)


def test_nothing_is_left() -> None:
    assert complaint([("", "x"), ("nul\0", "x"), ("", "")]) == (
        "none of the pairs (3) is usable: 2 × empty side (first: train.tsv, line 1), "
        "1 × control characters (first: train.tsv, line 2)"
    )


def test_the_dev_set_is_the_training_set() -> None:
    message = complaint([*GOOD, GOOD[0], ("", "")], dev=DevSet(pairs(GOOD)))
    assert message.startswith("every training pair is also in the dev set")
    assert "give another dev set" in message


@given(st.lists(st.integers(0, (1 << 64) - 1) | st.integers(0, 7) | st.just(1 << 40)))
def test_a_set_of_hashes(keys: list[int]) -> None:
    seen, theirs = filtering._Seen(), set()
    for key in keys:
        assert seen.add(key) == ((key or 1) not in theirs)
        theirs.add(key or 1)


def test_a_set_of_hashes_grows() -> None:
    seen = filtering._Seen()
    keys = random.Random(3).sample(range(1, 1 << 62), 5003)
    assert all(seen.add(key) for key in keys)
    assert not any(seen.add(key) for key in keys)


# Unknown tokens


def test_the_rate_of_unknown_tokens() -> None:
    tokenizer, _ = whitespace_vocabulary(["a dog ein Hund"])
    some = pairs([("a dog", "ein Köter"), ("a cat", "ein Hund oder so")])
    assert unknown_rate(tokenizer, some) == (1 / 4, 3 / 6)
    subwords, _ = train_subwords(["a dog"], vocabulary=307)
    assert unknown_rate(tokenizer, some, target=subwords) == (1 / 4, 0.0)
    assert unknown_rate(tokenizer, []) == (0.0, 0.0)
