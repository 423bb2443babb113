"""How a token is chosen: drawn in proportion, from what is allowed, by the number of a sentence."""

import math
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from glassformer.decoding import next_token

PROBABILITIES = [0.05, 0.4, 0.0, 0.3, 0.15, 0.1, 0.0]


def drawn(draw: Tensor, temperature: float = 1.0, top_k: int = 0, top_p: float = 1.0) -> Tensor:
    logits = torch.tensor([PROBABILITIES]).log().repeat(len(draw), 1)
    scores = torch.zeros(len(draw), 1, dtype=torch.float64)
    found = next_token.sample(
        logits,
        next_token.normalizer(logits),
        scores,
        draw[:, None].double(),
        temperature=temperature,
        top_k=top_k,
        top_p=top_p,
    )
    expected = torch.tensor(PROBABILITIES).double().log()[found.tokens[:, 0]]
    torch.testing.assert_close(found.token_scores[:, 0], expected, rtol=0, atol=1e-6)
    assert torch.equal(found.scores, found.token_scores)
    return found.tokens[:, 0]


def shares(**settings: Any) -> list[float]:
    """How often each token is drawn by draws that are spread evenly."""
    tokens = drawn((torch.arange(10_007) + 0.5) / 10_007, **settings)
    counts: list[float] = (tokens.bincount(minlength=7) / 10_007).tolist()
    return counts


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, PROBABILITIES),
        ({"top_k": 2}, [0, 4 / 7, 0, 3 / 7, 0, 0, 0]),
        ({"top_k": 100}, PROBABILITIES),
        ({"top_k": 1}, [0, 1, 0, 0, 0, 0, 0]),
        ({"top_p": 0.69}, [0, 4 / 7, 0, 3 / 7, 0, 0, 0]),
        ({"top_p": 0.71}, [0, 40 / 85, 0, 30 / 85, 15 / 85, 0, 0]),
        ({"top_p": 1e-9}, [0, 1, 0, 0, 0, 0, 0]),
        ({"top_k": 3, "top_p": 0.8}, [0, 4 / 7, 0, 3 / 7, 0, 0, 0]),
        ({"temperature": 0.5}, [p * p / 0.285 for p in PROBABILITIES]),
        ({"temperature": 1e-3}, [0, 1, 0, 0, 0, 0, 0]),
    ],
)
def test_tokens_are_drawn_as_often_as_they_are_probable(
    settings: dict[str, float], expected: list[float]
) -> None:
    assert shares(**settings) == pytest.approx(expected, abs=1e-3)


def test_the_ends_of_the_line_belong_to_tokens_that_can_be() -> None:
    ends = torch.tensor([0.0, 1.0 - 2.0**-53], dtype=torch.float64)
    assert drawn(ends).tolist() == [0, 5]


@given(
    tokens=st.lists(st.lists(st.integers(0, 2), min_size=11, max_size=11), min_size=1, max_size=3),
    length=st.integers(0, 11),
    n=st.integers(1, 5),
)
def test_what_would_repeat_is_forbidden(tokens: list[list[int]], length: int, n: int) -> None:
    rows = torch.tensor(tokens)[:, :length]
    logits = torch.zeros(len(tokens), 3)
    next_token.forbid_repeated_ngrams(logits, rows, n)
    for row, given_tokens in zip(logits.tolist(), rows.tolist(), strict=True):
        ngrams = {tuple(given_tokens[i : i + n]) for i in range(length - n + 1)}
        for token, logit in enumerate(row):
            repeats = (*given_tokens[length - n + 1 :], token)[-n:] in ngrams
            assert logit == (-math.inf if repeats else 0.0)


@pytest.mark.parametrize("vocabulary", [3, 1_000_003])
def test_the_normalizer_is_the_logarithm_of_the_sum(vocabulary: int) -> None:
    logits = 50.0 * torch.randn(5, vocabulary, generator=torch.Generator().manual_seed(1))
    logits[:, 1] = -math.inf
    torch.testing.assert_close(
        next_token.normalizer(logits), logits.double().logsumexp(-1, keepdim=True).float()
    )


def test_the_draws_of_a_sentence_depend_on_its_number_only() -> None:
    first = next_token.draws_of(3, [5, 8], 2, [7, 11])
    second = next_token.draws_of(3, [8, 1, 5], 2, [4, 13, 7])
    assert first.shape == (2, 11, 2)
    assert torch.equal(first[0, :7], second[2, :7])
    assert torch.equal(first[1, :4], second[0, :4])
    assert not torch.equal(first[0, :4], first[1, :4])
    assert not torch.equal(next_token.draws_of(4, [5], 2, [7]), first[:1, :7])
    assert first.min() >= 0.0
    assert first.max() < 1.0
