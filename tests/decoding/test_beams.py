"""Beam search against a plain one without cache or batch, and against all there is to find."""

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from models_for_tests import CHINESE, END, FRENCH, PADDING, START, random_model, stack
from models_for_tests import translator_config as translator
from narrowing import present
from strategies import Case, build, cases, examples

from glassformer.config import ModelConfig
from glassformer.decoding.search import Found, Hypothesis, SearchConfig, greedy, search
from glassformer.errors import UsageError
from glassformer.model.masks import padding_mask
from glassformer.model.transformer import Transformer

Sentence = list[int]


def together(
    model: Transformer,
    sources: Sequence[Sentence],
    config: SearchConfig,
    limit: int = 13,
    start: int = FRENCH,
    **options: Any,
) -> list[Found]:
    """What the search finds for these sentences in one batch."""
    lengths = torch.tensor([len(source) for source in sources])
    width = int(lengths.max())
    mask = padding_mask(lengths, width)
    rows = [[*source, *[model.config.padding] * (width - len(source))] for source in sources]
    memory = model.encode(torch.tensor(rows), mask)
    starts, limits = [start] * len(sources), [limit] * len(sources)
    return search(model, memory, mask, starts, config, limits=limits, **options)


def best(*arguments: Any, **options: Any) -> list[tuple[int, ...]]:
    return [one.hypotheses[0].tokens for one in together(*arguments, **options)]


@torch.no_grad()
def log_probabilities(
    model: Transformer, source: Sentence, start: int, targets: Sequence[tuple[int, ...]]
) -> list[list[float]]:
    """Of every token after each of these targets, all of one length, without a cache."""
    given = torch.tensor([[start, *target] for target in targets])
    logits = model(torch.tensor([source] * len(targets)), given)[:, -1].double()
    rows: list[list[float]] = model.probabilities(logits).log().tolist()
    return rows


def plainly(
    model: Transformer, source: Sentence, start: int, config: SearchConfig, limit: int
) -> list[tuple[int, ...]]:
    """Beam search of one sentence, written down as it is explained."""
    beam = config.beam_size
    going: list[tuple[float, tuple[int, ...]]] = [(0.0, ())]
    ended: list[tuple[float, tuple[int, ...]]] = []
    for _ in range(limit):
        rows = log_probabilities(model, source, start, [tokens for _, tokens in going])
        candidates = [
            (score + row[token], (*tokens, token))
            for (score, tokens), row in zip(going, rows, strict=True)
            for token in range(len(row))
            if row[token] > -math.inf
        ]
        candidates.sort(reverse=True)
        likeliest = candidates[: 2 * beam]
        ended += [one for one in likeliest[:beam] if one[1][-1] == model.config.end]
        going = [one for one in likeliest if one[1][-1] != model.config.end][:beam]
        if len(ended) >= beam or not going:
            break
    ranked = sorted(ended or going, key=lambda one: -config.penalized(one[0], len(one[1])))
    return [tokens for _, tokens in ranked[: config.n_best]]


@pytest.fixture(scope="module")
def model() -> Transformer:
    return random_model(translator(), 1).double()


@pytest.fixture(scope="module")
def sources() -> list[Sentence]:
    generator = torch.Generator().manual_seed(7)
    lengths = torch.randint(1, 12, (41,), generator=generator).tolist()
    return [
        [*torch.randint(263, 300, (length,), generator=generator).tolist(), END]
        for length in lengths
    ]


@examples(15)
@given(
    case=cases(decoder=True),
    beam=st.sampled_from([1, 2, 3, 5]),
    limit=st.integers(1, 7),
    form=st.sampled_from(["average", "gnmt"]),
    alpha=st.sampled_from([0.0, 0.6, 1.0]),
)
def test_the_search_finds_what_a_plain_one_finds(
    case: Case, beam: int, limit: int, form: Any, alpha: float
) -> None:
    model = build(case.config, seed=case.seed)
    config = SearchConfig(
        beam_size=beam, n_best=beam, length_penalty_form=form, length_penalty=alpha
    )
    sources = [case.source, case.source[:3], case.source[2:]]
    found = together(model, sources, config, limit, case.target[0])
    for one, source in zip(found, sources, strict=True):
        expected = plainly(model, source, case.target[0], config, limit)
        assert [hypothesis.tokens for hypothesis in one.hypotheses] == expected


@pytest.mark.parametrize("config", [
    SearchConfig(beam_size=1),
    SearchConfig(beam_size=2, n_best=2),
    SearchConfig(beam_size=4, length_penalty=0.0),
    SearchConfig(beam_size=5, n_best=3, length_penalty_form="gnmt", length_penalty=0.6),
    SearchConfig(beam_size=7, n_best=7, length_penalty=2.0),
], ids=str)  # fmt: skip
def test_so_it_does_where_sentences_end(
    model: Transformer, sources: list[Sentence], config: SearchConfig
) -> None:
    sources = sources[:11]
    found = together(model, sources, config)
    for one, source in zip(found, sources, strict=True):
        tokens = [hypothesis.tokens for hypothesis in one.hypotheses]
        assert tokens == plainly(model, source, FRENCH, config, 13)
    assert len({len(one.hypotheses[0].tokens) for one in found}) > 1


def test_a_beam_of_one_is_greedy(model: Transformer, sources: list[Sentence]) -> None:
    for source, found in zip(
        sources[:7], together(model, sources[:7], SearchConfig(beam_size=1)), strict=True
    ):
        memory = model.encode(torch.tensor([source]))
        (expected,) = greedy(model, memory, None, [FRENCH], 13)
        (hypothesis,) = found.hypotheses
        assert hypothesis.tokens == expected.tokens
        assert hypothesis.score == pytest.approx(expected.score)


def tiny(end_bias: float) -> Transformer:
    """A model that knows four tokens and the end."""
    config = ModelConfig(
        encoder=stack(vocabulary=7), decoder=stack(vocabulary=7), padding=0, start=1, end=2
    )
    model = random_model(replace(config, output_bias=True), 3).double()
    present(present(model.output).bias)[2] = end_bias
    return model


@pytest.mark.parametrize("form", ["average", "gnmt"])
@pytest.mark.parametrize("alpha", [0.0, 0.6, 1.0, 3.0])
@pytest.mark.parametrize("end_bias", [0.0, -3.0])
def test_a_wide_beam_finds_the_best_there_is(form: Any, alpha: float, end_bias: float) -> None:
    model, source, limit = tiny(end_bias), [3, 5, 4, 6, 2], 4
    scores: dict[tuple[int, ...], float] = {}
    for length in range(limit):
        sequences = list(itertools.product(range(3, 7), repeat=length))
        scored = [0.0] * len(sequences)
        for place in range(length):
            rows = log_probabilities(model, source, 1, [one[:place] for one in sequences])
            scored = [
                score + row[one[place]]
                for score, row, one in zip(scored, rows, sequences, strict=True)
            ]
        rows = log_probabilities(model, source, 1, sequences)
        for one, score, row in zip(sequences, scored, rows, strict=True):
            scores[(*one, 2)] = score + row[2]
    assert len(scores) == 1 + 4 + 16 + 64
    config = SearchConfig(beam_size=400, n_best=100, length_penalty_form=form, length_penalty=alpha)
    penalty: Callable[[int], float] = {
        "average": lambda n: n**alpha,
        "gnmt": lambda n: ((5 + n) / 6) ** alpha,
    }[form]
    expected = sorted(scores, key=lambda one: -scores[one] / penalty(len(one)))
    (found,) = together(model, [source], config, limit, start=1)
    assert [one.tokens for one in found.hypotheses] == expected
    for kept in found.hypotheses:
        assert kept.score == pytest.approx(scores[kept.tokens], abs=1e-9)
        assert kept.penalized_score == pytest.approx(kept.score / penalty(len(kept.tokens)))
    first = replace(config, n_best=1)  # which may stop earlier
    assert best(model, [source], first, limit, start=1) == expected[:1]


def test_the_penalty_matters() -> None:
    model, source = tiny(0.0), [3, 5, 4, 6, 2]
    lengths = [
        len(best(model, [source], SearchConfig(beam_size=50, length_penalty=alpha), 7, start=1)[0])
        for alpha in (0.0, 1.0, 3.0)
    ]
    assert lengths == sorted(lengths)
    assert lengths[0] < lengths[-1]


@pytest.mark.parametrize("config", [
    SearchConfig(beam_size=1),
    SearchConfig(beam_size=4, n_best=4),
    SearchConfig(beam_size=3, no_repeat_ngram=2),
    SearchConfig(temperature=1.3, n_best=2, seed=5),
], ids=str)  # fmt: skip
def test_the_batch_changes_nothing(
    model: Transformer, sources: list[Sentence], config: SearchConfig
) -> None:
    found = [
        [
            one
            for first in range(0, len(sources), size)
            for one in together(
                model, sources[first : first + size], config, indices=range(41)[first:][:size]
            )
        ]
        for size in (1, 7, 41)
    ]
    assert len({one.hypotheses[0].tokens for one in found[0]}) > 7
    for alone, few, many in zip(*found, strict=True):
        tokens = [one.tokens for one in alone.hypotheses]
        assert [one.tokens for one in few.hypotheses] == tokens
        assert [one.tokens for one in many.hypotheses] == tokens
        for one, other in zip(alone.hypotheses, many.hypotheses, strict=True):
            assert one.score == pytest.approx(other.score, abs=1e-9)


def test_n_best_is_sorted_and_without_duplicates(
    model: Transformer, sources: list[Sentence]
) -> None:
    for one in together(model, sources, SearchConfig(beam_size=7, n_best=5)):
        penalized = [hypothesis.penalized_score for hypothesis in one.hypotheses]
        assert penalized == sorted(penalized, reverse=True)
        assert len({hypothesis.tokens for hypothesis in one.hypotheses}) == len(penalized) <= 5
    assert len(penalized) == 5


def test_scores_are_those_of_the_model(model: Transformer, sources: list[Sentence]) -> None:
    config = SearchConfig(beam_size=3, n_best=3, no_repeat_ngram=1)
    for found, source in zip(together(model, sources[:7], config), sources, strict=False):
        for one in found.hypotheses:
            each = [
                log_probabilities(model, source, FRENCH, [one.tokens[:place]])[0][token]
                for place, token in enumerate(one.tokens)
            ]
            assert one.token_scores == pytest.approx(each, abs=1e-9)
            assert one.score == pytest.approx(sum(each), abs=1e-9)
            assert one.penalized_score == pytest.approx(one.score / len(each))


def test_each_sentence_has_its_own_limit(model: Transformer, sources: list[Sentence]) -> None:
    endless = random_model(translator(end=None), 1)
    memory = endless.encode(torch.tensor([sources[3]] * 3))
    for beam in (1, 3):
        found = search(
            endless, memory, None, [FRENCH] * 3, SearchConfig(beam_size=beam), limits=[2, 11, 5]
        )
        assert [len(one.hypotheses[0].tokens) for one in found] == [2, 11, 5]


def test_what_has_ended_goes_before_what_was_cut_off(
    model: Transformer, sources: list[Sentence]
) -> None:
    for limit in range(1, 9):
        config = SearchConfig(beam_size=4, n_best=4)
        for one in together(model, sources[:13], config, limit):
            ends = {hypothesis.tokens[-1] == END for hypothesis in one.hypotheses}
            assert len(ends) == 1
            assert ends == {True} or all(len(each.tokens) == limit for each in one.hypotheses)


@given(case=cases(decoder=True), n=st.integers(1, 3), beam=st.sampled_from([1, 3]))
@examples(15)
def test_no_ngram_occurs_twice(case: Case, n: int, beam: int) -> None:
    model = build(case.config, seed=case.seed)
    config = SearchConfig(beam_size=beam, n_best=beam, no_repeat_ngram=n)
    for one in together(model, [case.source, case.source[:2]], config, 17, case.target[0]):
        for hypothesis in one.hypotheses:
            ngrams = list(zip(*(hypothesis.tokens[i:] for i in range(n)), strict=False))
            assert len({*ngrams}) == len(ngrams)


@pytest.mark.parametrize("config", [
    SearchConfig(beam_size=1, no_repeat_ngram=1),
    SearchConfig(beam_size=3, no_repeat_ngram=1),
    SearchConfig(temperature=1.0, no_repeat_ngram=1),
], ids=str)  # fmt: skip
def test_where_nothing_may_follow_the_search_is_over(config: SearchConfig) -> None:
    table = stack(vocabulary=7)
    config_of_model = ModelConfig(encoder=table, decoder=table, padding=0, start=1, suppressed=(2,))
    model = random_model(config_of_model, 3)
    (found,) = together(model, [[3, 4]], config, 30, start=1)
    assert sorted(found.hypotheses[0].tokens) == [3, 4, 5, 6]


def test_a_prefix_is_the_beginning_and_counts(model: Transformer, sources: list[Sentence]) -> None:
    prefixes = [[], [271], [265, 265, 265], [280, 266], [], [300, 301, 302, 303, 304]]
    for config in (
        SearchConfig(beam_size=1, no_repeat_ngram=2),
        SearchConfig(beam_size=3, n_best=3),
        SearchConfig(temperature=1.0, n_best=2),
    ):
        found = together(model, sources[:6], config, prefixes=prefixes)
        for index, (one, prefix) in enumerate(zip(found, prefixes, strict=True)):
            for hypothesis in one.hypotheses:
                assert [*hypothesis.tokens[: len(prefix)]] == prefix
                each = log_probabilities(model, sources[index], FRENCH, [()])[0]
                first = hypothesis.tokens[0]
                assert hypothesis.token_scores[0] == pytest.approx(each[first], abs=1e-9)
            (alone,) = together(model, [sources[index]], config, prefixes=[prefix], indices=[index])
            assert [x.tokens for x in alone.hypotheses] == [x.tokens for x in one.hypotheses]


def test_a_prefix_of_the_best_changes_nothing(model: Transformer, sources: list[Sentence]) -> None:
    config = SearchConfig(beam_size=1)
    free = best(model, sources[:7], config)
    again = best(model, sources[:7], config, prefixes=[tokens[:-1][:3] for tokens in free])
    assert again == free


@pytest.mark.parametrize(
    ("prefix", "complaint"),
    [
        (
            [271] * 13,
            "prefix has 13 tokens, but a translation may have at most 13, end token included",
        ),
        ([271, CHINESE], rf"contains a token \({CHINESE}\) that this model never generates"),
        ([PADDING], "never generates"),
        ([271, END, 271], "never generates"),
    ],
)
def test_a_prefix_that_cannot_be_is_refused(
    model: Transformer, prefix: list[int], complaint: str
) -> None:
    with pytest.raises(UsageError, match=complaint):
        together(model, [[271, END]], SearchConfig(), prefixes=[prefix])


def test_the_history_tells_the_whole_search(model: Transformer, sources: list[Sentence]) -> None:
    config = SearchConfig(beam_size=3, n_best=3, history=True)
    for one in together(model, sources[:7], config):
        kept: list[tuple[int, ...]] = [()]
        complete = {}
        for step in one.history:
            assert 0 < len(step) <= 6
            scores = [candidate.score for candidate in step]
            assert scores == sorted(scores, reverse=True)
            fates = {fate: [c for c in step if c.fate == fate] for fate in ("kept", "ended")}
            for candidate in fates["ended"]:
                assert candidate.token == END
                complete[(*kept[candidate.parent], END)] = candidate.score
            kept = [(*kept[candidate.parent], candidate.token) for candidate in fates["kept"]]
            assert len(kept) == 3
        cut = dict(zip(kept, (candidate.score for candidate in fates["kept"]), strict=True))
        for hypothesis in one.hypotheses:
            assert (complete or cut)[hypothesis.tokens] == pytest.approx(hypothesis.score)
    assert together(model, sources[:1], SearchConfig())[0].history == ()


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16], ids=str)
def test_other_precisions_search_too(dtype: torch.dtype, sources: list[Sentence]) -> None:
    model = random_model(translator(), 1).to(dtype)
    for one in together(model, sources[:7], SearchConfig(beam_size=4)):
        assert isinstance(one.hypotheses[0], Hypothesis)
        assert not {*one.hypotheses[0].tokens} & {START, PADDING}
        assert math.isfinite(one.hypotheses[0].score)


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        ({"beam_size": 0}, "beam_size must be at least 1, but is 0"),
        ({"n_best": 5}, "n_best must be at most beam_size, but is 5 with a beam size of 4"),
        ({"no_repeat_ngram": -1}, "no_repeat_ngram must be at least 0"),
        ({"max_length": 0}, "max_length must be at least 1"),
        ({"length_penalty": -0.5}, "length_penalty must be at least 0"),
        ({"length_penalty": math.nan}, "length_penalty must be at least 0"),
        ({"top_k": 3}, "require sampling: also give a temperature, such as temperature=1.0"),
        ({"top_p": 0.5}, "require sampling: also give a temperature, such as temperature=1.0"),
        ({"top_p": 0.0, "temperature": 1.0}, "top_p must be above 0 and at most 1"),
        ({"temperature": 0.0}, "temperature must be above 0"),
        ({"seed": -1}, "seed must not be negative"),
    ],
)
def test_settings_that_make_no_sense(settings: dict[str, Any], complaint: str) -> None:
    with pytest.raises(UsageError, match=complaint):
        SearchConfig(**settings)
