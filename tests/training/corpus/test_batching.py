"""Micro-batches: every pair once, the same for the same seed, within the budget, little padding."""

import itertools
from collections.abc import Iterable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glassformer.training.corpus import batching
from glassformer.training.corpus.batching import Batching, Indices, repeats_of

LENGTHS = st.lists(st.tuples(st.integers(1, 60), st.integers(1, 60)), min_size=1, max_size=101)


def of(
    lengths: Iterable[tuple[int, int]], *, tokens: int = 97, per_update: int = 3, seed: int = 5
) -> Batching:
    source, target = np.array(list(lengths), dtype=np.int32).T
    return Batching(source, target, micro_batch_tokens=tokens, per_update=per_update, seed=seed)


def order(updates: Iterable[list[Indices]]) -> list[list[list[int]]]:
    return [[batch.tolist() for batch in batches] for batches in updates]


def captions(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Lengths as those of image captions: 14 tokens, seldom over 40, the sides alike but noisy."""
    random = np.random.default_rng(1)
    source = np.clip(np.round(random.gamma(9.0, 1.5, count)), 3, 60)
    target = np.clip(np.round(source * random.lognormal(0.0, 0.2, count)), 3, 60)
    return source.astype(np.int32), target.astype(np.int32)


# What an epoch holds


@given(LENGTHS, st.integers(1, 200), st.integers(1, 7), st.integers(0, 3))
def test_every_pair_is_learned_from_once_an_epoch(
    lengths: list[tuple[int, int]], tokens: int, per_update: int, number: int
) -> None:
    updates = list(of(lengths, tokens=tokens, per_update=per_update).epoch(number))
    found = np.concatenate(list(itertools.chain.from_iterable(updates)))
    assert sorted(found.tolist()) == list(range(len(lengths)))
    assert [len(batches) for batches in updates[:-1]] == [per_update] * (len(updates) - 1)
    assert 1 <= len(updates[-1]) <= per_update


@given(LENGTHS, st.integers(1, 200))
def test_the_budget_holds_padding_counted(lengths: list[tuple[int, int]], tokens: int) -> None:
    for batch in itertools.chain.from_iterable(of(lengths, tokens=tokens).epoch(0)):
        widest = max(max(lengths[index]) for index in batch)
        assert len(batch) * widest <= tokens or len(batch) == 1


def test_a_pair_longer_than_the_budget_is_alone() -> None:
    batches = order(of([(3, 5), (101, 5), (5, 3), (3, 103)], per_update=1).epoch(0))
    assert [[1]] in batches
    assert [[3]] in batches
    assert len(batches) == 3


def test_what_fits_into_one_micro_batch_is_one() -> None:
    (update,) = of([(7, 5)] * 13, tokens=7 * 13).epoch(0)
    assert [len(batch) for batch in update] == [13]
    (update,) = of([(7, 5)] * 13, tokens=7 * 13 - 1).epoch(0)
    assert sorted(len(batch) for batch in update) == [1, 12]


# The order


@given(LENGTHS, st.integers(0, 2**63), st.integers(0, 10**6))
def test_the_order_is_a_pure_function_of_seed_and_epoch(
    lengths: list[tuple[int, int]], seed: int, number: int
) -> None:
    np.random.seed(seed % 1009)  # it has no part in it
    first = of(lengths, seed=seed)
    list(first.epoch(number + 1))
    assert order(first.epoch(number)) == order(of(lengths, seed=seed).epoch(number))


def test_the_order_never_changes() -> None:
    lengths = [(n % 7 + 1, n % 5 + 1) for n in range(11)]
    found = order(of(lengths, tokens=17, per_update=2, seed=1).epoch(0))
    assert found == [[[5, 1], [9, 4]], [[0, 10], [6, 7]], [[2, 8, 3]]]


def test_epochs_and_seeds_differ() -> None:
    lengths = list(zip(*captions(211), strict=True))
    orders = [order(of(lengths, seed=seed).epoch(n)) for seed in (1, 2) for n in (0, 1, 2)]
    for one, other in itertools.combinations(orders, 2):
        assert one != other


def test_short_and_long_micro_batches_are_mixed() -> None:
    source, target = captions(10_007)
    made = Batching(source, target, micro_batch_tokens=499, per_update=1, seed=1)
    widths = [int(target[batch].max()) for (batch,) in made.epoch(0)]
    halves = np.mean(widths[: len(widths) // 2]), np.mean(widths[len(widths) // 2 :])
    assert halves[0] == pytest.approx(halves[1], rel=0.1)
    assert abs(np.corrcoef(widths[:-1], widths[1:])[0, 1]) < 0.1


# Padding


@pytest.mark.parametrize(
    ("tokens", "of_target", "of_both"), [(2048, 0.005, 0.05), (4096, 0.01, 0.08)]
)
def test_little_is_padding(tokens: int, of_target: float, of_both: float) -> None:
    source, target = captions(29_000)
    made = Batching(source, target, micro_batch_tokens=tokens, per_update=1, seed=1)
    computed = dict.fromkeys(("source", "target"), 0)
    for (batch,) in made.epoch(0):
        computed["source"] += len(batch) * int(source[batch].max())
        computed["target"] += len(batch) * int(target[batch].max())
    assert 1.0 - target.sum() / computed["target"] < of_target
    assert 1.0 - (source.sum() + target.sum()) / sum(computed.values()) < of_both


# A corpus of several pools


@given(LENGTHS, st.integers(1, 4))
def test_pools_change_nothing_but_the_order(
    lengths: list[tuple[int, int]], per_update: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batching, "_POOL", 13)
        updates = list(of(lengths, per_update=per_update).epoch(2))
        again = order(of(lengths, per_update=per_update).epoch(2))
    assert order(updates) == again
    found = np.concatenate(list(itertools.chain.from_iterable(updates)))
    assert sorted(found.tolist()) == list(range(len(lengths)))
    assert all(len(batches) == per_update for batches in updates[:-1])  # only the last is short


def test_a_pool_is_used_up_before_the_next_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batching, "_POOL", 13)
    made = of([(5, 5)] * 39, tokens=5, per_update=1)
    found = [int(batch[0]) for (batch,) in made.epoch(0)]
    monkeypatch.undo()
    shuffled = np.random.Generator(np.random.PCG64([5, 0])).permutation(39).tolist()
    for start in (0, 13, 26):
        assert set(found[start : start + 13]) == set(shuffled[start : start + 13])
    assert found != shuffled


# Several targets


def test_shares_are_powers_of_the_sizes() -> None:
    sizes = {"fr": 8100, "de": 900, "zh": 100}
    assert repeats_of(sizes, 1.0) == {"fr": 1.0, "de": 1.0, "zh": 1.0}
    assert repeats_of(sizes, 0.5) == pytest.approx({"fr": 1.0, "de": 3.0, "zh": 9.0})
    assert repeats_of(sizes, 0.0) == pytest.approx({"fr": 1.0, "de": 9.0, "zh": 81.0})
    assert repeats_of({None: 7}, 0.3) == {None: 1.0}
    assert repeats_of({}, 0.3) == {}


def test_pairs_come_as_often_as_they_should() -> None:
    lengths = [(5, 7)] * 30
    repeats = np.array([1.0] * 10 + [2.0] * 10 + [2.5] * 10)
    source, target = np.array(lengths, dtype=np.int32).T
    made = Batching(source, target, micro_batch_tokens=70, per_update=2, seed=3, repeats=repeats)
    found = np.zeros((200, 30))
    for number in range(200):
        indices = np.concatenate(list(itertools.chain.from_iterable(made.epoch(number))))
        found[number] = np.bincount(indices, minlength=30)
    assert (found[:, :10] == 1).all()
    assert (found[:, 10:20] == 2).all()
    assert {*found[:, 20:].ravel().tolist()} == {2.0, 3.0}
    assert found[:, 20:].mean() == pytest.approx(2.5, abs=0.05)
    assert order(made.epoch(7)) == order(made.epoch(7))


def test_a_pair_that_comes_once_comes_once() -> None:
    source, target = captions(101)
    ones = np.ones(101)
    made = Batching(source, target, micro_batch_tokens=97, per_update=3, seed=5, repeats=ones)
    found = np.concatenate(list(itertools.chain.from_iterable(made.epoch(2))))
    assert sorted(found.tolist()) == list(range(101))
