"""The score of given targets: that of the search, in any batch, and what cannot be scored."""

import math
from typing import Any

import pytest
import torch
from models_for_tests import (
    END,
    FRENCH,
    SENTENCE,
    TAGS,
    encoder_config,
    loaded,
    translator_config,
)

from glassformer.decoding import scoring
from glassformer.decoding.scoring import NOTHING, ScoredTarget, Scorer, token_scores
from glassformer.errors import InputError, UsageError
from glassformer.library import Glassformer

TEXTS = [SENTENCE, "dog", "the food", "狗 饿 了", "it was tasty", "food " * 7]


@pytest.fixture(scope="module")
def model() -> Glassformer:
    return loaded(translator_config())


@pytest.fixture(scope="module")
def scorer(model: Glassformer) -> Scorer:
    return Scorer(model.translator)


@pytest.mark.parametrize("beam_size", [1, 4])
def test_the_scores_of_the_search_are_those_of_the_target(
    model: Glassformer, beam_size: int
) -> None:
    for text in TEXTS:
        source = torch.tensor([model.tokenizer.encode(text).ids])
        best = model.translate(text, to="fr", beam_size=beam_size, n_best=beam_size)
        for found in (best, *best.alternatives):
            outputs = [*found.ids, *[END] * (len(found.token_scores) - len(found.ids))]
            inputs = torch.tensor([[FRENCH, *outputs[:-1]]])
            scores = token_scores(model.model, source, None, inputs, torch.tensor([outputs]))
            assert scores[0].tolist() == pytest.approx(found.token_scores, abs=1e-4)


def test_a_translation_that_is_read_back_has_its_own_score(
    model: Glassformer, scorer: Scorer
) -> None:
    seen = 0
    for text in TEXTS:
        for to, _ in TAGS:
            found = model.translate(text, to=to, beam_size=3)
            scored = scorer.score(text, found.text, to=to)
            has_ended = len(found.token_scores) > len(found.ids)
            if has_ended and scored.tokens == found.tokens:  # cut into the same tokens again
                assert scored.score == pytest.approx(found.score, abs=1e-4)
                assert scored.token_scores == pytest.approx(found.token_scores, abs=1e-4)
                seen += 1
    assert seen >= 3


def test_a_score_is_the_logarithm_of_the_probabilities_of_the_trace(
    model: Glassformer, scorer: Scorer
) -> None:
    target = "the dog ate"
    scored = scorer.score(SENTENCE, target, to="de")
    probabilities = model.inspect(SENTENCE, to="de", target=target)["probabilities"]
    ids = [*model.target_tokenizer.encode_target(target), END]
    expected = [math.log(row[id]) for row, id in zip(probabilities, ids, strict=True)]
    assert scored.token_scores == pytest.approx(expected, abs=1e-5)
    assert scored.tokens == ("the", "▁dog", "▁ate")
    assert scored.score == pytest.approx(sum(expected), abs=1e-5)
    assert scored.per_token == pytest.approx(sum(expected) / 4, abs=1e-5)
    assert scored.perplexity == pytest.approx(math.exp(-sum(expected) / 4), rel=1e-5)


PAIRS = [
    (SENTENCE, "the dog"),
    ("", ""),
    ("dog", "food " * 7),
    ("the food", ""),
    ("狗 饿 了", "it"),
    (" \u200b", " "),
    ("food " * 7, SENTENCE),
]


@pytest.mark.parametrize("options", [
    {"batch_size": 1}, {"batch_size": 3}, {"batch_tokens": 1}, {"batch_tokens": 31}, {},
])  # fmt: skip
@pytest.mark.parametrize("logits", [1, 1 << 23])
def test_the_batch_changes_nothing(
    scorer: Scorer, options: dict[str, Any], logits: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scoring, "_LOGITS", logits)
    monkeypatch.setattr("glassformer.decoding.batches.WINDOW_TEXTS", 5)
    scored = list(scorer.score_stream(PAIRS, to="zh", **options))
    for (source, target), one in zip(PAIRS, scored, strict=True):
        if source.strip(" \u200b"):
            alone = scorer.score(source, target, to="zh")
            assert one.tokens == alone.tokens
            assert one.token_scores == pytest.approx(alone.token_scores, abs=1e-4)
        else:
            assert one == NOTHING


def test_batches_hold_no_more_than_asked(scorer: Scorer, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    run = Scorer._run

    def watched(self: Scorer, tasks: Any) -> Any:
        seen.append([max(task.widths) for task in tasks])
        return run(self, tasks)

    monkeypatch.setattr(Scorer, "_run", watched)
    pairs = [("dog " * n, "food " * m) for n, m in ((3, 11), (11, 2), (2, 7), (7, 5), (2, 3))]
    list(scorer.score_stream(pairs, to="fr", batch_tokens=29))
    assert sum(map(len, seen)) == len(pairs) > len(seen)
    assert all(len(batch) == 1 or len(batch) * max(batch) <= 29 for batch in seen)
    seen.clear()
    list(scorer.score_stream(pairs, to="fr", batch_size=2))
    assert [len(batch) for batch in seen] == [2, 2, 1]


def test_an_empty_target_is_the_end_token(scorer: Scorer) -> None:
    scored = scorer.score(SENTENCE, " ", to="fr")
    assert scored.tokens == ()
    assert len(scored.token_scores) == 1
    assert scored.score < 0.0


def test_without_an_end_token_none_is_scored() -> None:
    scorer = Scorer(loaded(translator_config(end=None)).translator)
    assert len(scorer.score(SENTENCE, "the dog", to="fr").token_scores) == 2
    assert scorer.score(SENTENCE, "", to="fr") == NOTHING


def test_what_is_never_generated_has_no_probability(scorer: Scorer) -> None:
    scored = scorer.score(SENTENCE, "the é", to="fr")
    assert scored.token_scores.count(-math.inf) == 2  # its two bytes
    assert (scored.score, scored.per_token, scored.perplexity) == (-math.inf, -math.inf, math.inf)


def test_nothing_is_certain() -> None:
    assert (NOTHING.score, NOTHING.per_token, NOTHING.perplexity) == (0.0, 0.0, 1.0)
    assert ScoredTarget(("a",), (-1e9,)).perplexity == math.inf


def test_what_is_too_long_is_named_or_cut(scorer: Scorer) -> None:
    longest, long = " ".join("a" * 36), " ".join("a" * 37)
    whole = scorer.score("dog", longest, to="fr")
    assert len(whole.token_scores) == 37
    pairs = [("dog", "dog"), ("dog", long)]
    with pytest.raises(InputError, match=r"^pair 2: the target has 37 tokens.* at most 36"):
        list(scorer.score_stream(pairs, to="fr"))
    with pytest.raises(InputError, match=r"^pair 1: the text has 42 tokens.* at most 41"):
        scorer.score(" ".join("a" * 41), "dog", to="fr")
    cut = scorer.score("dog", long, to="fr", truncate=True)
    assert cut.token_scores == pytest.approx(whole.token_scores[:36], abs=1e-5)


@pytest.mark.parametrize(
    ("pair", "complaint"),
    [
        (("", "dog"), "^row 7: the text is blank"),
        (("\ud800", ""), "^row 7: the text is not valid Unicode"),
        (("dog", "\ud800"), "^row 7: the text is not valid Unicode"),
    ],
)
def test_texts_that_cannot_be_scored(scorer: Scorer, pair: tuple[str, str], complaint: str) -> None:
    with pytest.raises(InputError, match=complaint):
        list(scorer.score_stream([pair], to="fr", name=lambda index: f"row {index + 7}"))


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({}, "translates to fr, de, zh: choose the target language"),
        ({"to": "en"}, "but not to 'en'"),
        ({"to": "fr", "batch_size": 0}, "batch_size must be at least 1"),
        ({"to": "fr", "batch_tokens": 0}, "batch_tokens must be at least 1"),
    ],
)
def test_options_that_make_no_sense(
    scorer: Scorer, options: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(UsageError, match=complaint):
        scorer.score_stream([], **options)


def test_an_encoder_cannot_score() -> None:
    with pytest.raises(UsageError, match="has no decoder"):
        Scorer(loaded(encoder_config()).translator).score("a", "b")
