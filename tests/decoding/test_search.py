"""Greedy search with a cache, in a batch, finds what recomputing everything finds alone."""

import math

import numpy as np
import oracle
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from models_for_tests import (
    CHINESE,
    END,
    FRENCH,
    GERMAN,
    PADDING,
    encoder_config,
    random_model,
    translator_config,
)
from strategies import Case, build, cases, examples, weights_of

from glassformer.decoding.search import Hypothesis, greedy
from glassformer.errors import UsageError
from glassformer.model.masks import padding_mask
from glassformer.model.transformer import Transformer

WHOLE = [263, 276, 277, 278, 279, 282, 271, 280, 281, 284, 273, END]  # the usual sentence
FOOD, THE_FOOD = [267, END], [266, 279, END]
SENTENCES = [WHOLE, FOOD, WHOLE, THE_FOOD, FOOD, WHOLE]
STARTS = [FRENCH, GERMAN, GERMAN, CHINESE, CHINESE, CHINESE]
LENGTHS = [6, 3, 18, 37, 30, 12]
"""Of what the model in these tests makes of them: all but one come to an end by themselves."""


def padded(model: Transformer, sentences: list[list[int]]) -> tuple[torch.Tensor, torch.Tensor]:
    """The memory of several sentences, and the mask that hides what stands behind them."""
    lengths = torch.tensor([len(sentence) for sentence in sentences])
    width = int(lengths.max())
    rows = [[*s, *[model.config.padding] * (width - len(s))] for s in sentences]
    mask = padding_mask(lengths, width)
    return model.encode(torch.tensor(rows), mask), mask


@torch.no_grad()
def teacher_forced(model: Transformer, source: list[int], start: int, tokens: list[int]) -> float:
    """The natural logarithm of the probability of these tokens, all at once."""
    target = torch.tensor([[start, *tokens[:-1]]])
    logits = model(torch.tensor([source]), target)
    given = model.probabilities(logits.double())[0, range(len(tokens)), tokens]
    return float(given.log().sum())


@examples(25)
@given(case=cases(decoder=True), limit=st.integers(1, 17))
def test_a_batch_of_unequal_sentences_equals_the_oracle_one_by_one(case: Case, limit: int) -> None:
    model = build(case.config, torch.float64, case.seed)
    sentences = [case.source[:length] for length in (3, len(case.source), 5)]
    starts = case.target[:3]
    found = greedy(model, *padded(model, sentences), starts, limit)
    for hypothesis, source, start in zip(found, sentences, starts, strict=True):
        expected = oracle.greedy(case.config, weights_of(model), source, start, limit)
        assert [*hypothesis.tokens] == expected


@examples(12)
@given(case=cases(decoder=True), limit=st.integers(1, 17))
def test_the_score_is_the_logarithm_of_the_probability(case: Case, limit: int) -> None:
    model = build(case.config, torch.float64, case.seed)
    (found,) = greedy(model, model.encode(torch.tensor([case.source])), None, [3], limit)
    expected = teacher_forced(model, case.source, 3, [*found.tokens])
    assert found.score == pytest.approx(expected, abs=1e-5 * len(found.tokens))
    assert found.score <= 0.0


@examples(12)
@given(case=cases(decoder=True))
def test_what_is_never_generated_is_not(case: Case) -> None:
    model = build(case.config, torch.float32, case.seed)
    memory = model.encode(torch.tensor([case.source]))
    (found,) = greedy(model, memory, None, [case.target[0]], 17)
    assert not {*found.tokens} & case.config.never_generated
    assert math.isfinite(found.score)


@pytest.fixture(scope="module")
def model() -> Transformer:
    return random_model(translator_config(), 1)


def alone(model: Transformer, index: int, limit: int = 37) -> Hypothesis:
    memory = model.encode(torch.tensor([SENTENCES[index]]))
    return greedy(model, memory, None, [STARTS[index]], limit)[0]


def test_sentences_end_each_by_itself(model: Transformer) -> None:
    found = greedy(model, *padded(model, SENTENCES), STARTS, 37)
    assert [len(hypothesis.tokens) for hypothesis in found] == LENGTHS
    for index, hypothesis in enumerate(found):
        single = alone(model, index)
        assert hypothesis.tokens == single.tokens
        assert hypothesis.score == pytest.approx(single.score, abs=1e-4)
        assert END not in hypothesis.tokens[:-1]


def test_a_sentence_ends_with_its_end_token_or_at_the_limit(model: Transformer) -> None:
    for index in (0, 1):
        whole = alone(model, index)
        assert whole.tokens[-1] == END
        for limit in range(1, len(whole.tokens) + 3):
            assert alone(model, index, limit).tokens == whole.tokens[:limit]


def test_no_more_tokens_are_found_than_the_decoder_has_positions() -> None:
    model = random_model(translator_config(end=None), 1)
    found = greedy(model, model.encode(torch.tensor([SENTENCES[0]])), None, [FRENCH], 10_000)
    assert len(found[0].tokens) == model.config.stack_of("decoder").max_positions == 37


def test_the_search_leaves_no_trace_in_the_model(model: Transformer) -> None:
    before = {name: weight.clone() for name, weight in model.state_dict().items()}
    first, second = alone(model, 0), alone(model, 0)
    assert first == second
    for name, weight in model.state_dict().items():
        assert torch.equal(weight, before[name])
        assert not weight.is_inference()


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16], ids=str)
def test_half_precision_models_search_too(dtype: torch.dtype) -> None:
    model = random_model(translator_config(), 1).to(dtype)
    found = greedy(model, *padded(model, SENTENCES), STARTS, 37)
    for source, start, hypothesis in zip(SENTENCES, STARTS, found, strict=True):
        expected = teacher_forced(model, source, start, [*hypothesis.tokens])
        assert hypothesis.score == pytest.approx(expected, rel=0.05, abs=0.1)
        assert PADDING not in hypothesis.tokens


def test_an_encoder_cannot_search() -> None:
    model = random_model(encoder_config())
    with pytest.raises(UsageError, match="cannot translate"):
        greedy(model, model.encode(torch.tensor([[5, 6]])), None, [1], 5)


def test_the_oracle_agrees_on_a_model_that_ends() -> None:
    model = random_model(translator_config(), 1).double()
    for source, start in zip(SENTENCES[:3], STARTS[:3], strict=True):
        expected = oracle.greedy(model.config, weights_of(model), source, start, 36)
        (found,) = greedy(model, model.encode(torch.tensor([source])), None, [start], 36)
        assert [*found.tokens] == expected
        steps = oracle.run(model.config, weights_of(model), source, [start, *expected[:-1]])
        given = steps["probabilities"][np.arange(len(expected)), expected]
        assert found.score == pytest.approx(np.log(given).sum(), abs=1e-4)
