"""What the decoder predicts, rows under what they predict, two targets, a search's history."""

import dataclasses
import itertools
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from models_for_tests import END, SENTENCE, UNKNOWN, loaded, translator_config
from narrowing import present

from glassformer.decoding.scoring import Scorer
from glassformer.errors import TraceError, UsageError
from glassformer.inspection.attention import attention_view
from glassformer.inspection.predictions import BEST
from glassformer.inspection.trace import Trace
from glassformer.library import Glassformer
from glassformer.views import as_plain


@pytest.fixture(scope="module")
def model() -> Glassformer:
    return loaded(translator_config())


@pytest.fixture(scope="module")
def trace(model: Glassformer) -> Trace:
    return model.inspect(SENTENCE, to="zh")


def test_predictions_are_the_probabilities_of_the_trace(model: Glassformer, trace: Trace) -> None:
    probabilities = trace["probabilities"]
    ids = [*trace["target.tokens"][1:].tolist(), END]
    assert [one.id for one in trace.predictions] == ids
    for row, (one, token) in enumerate(zip(trace.predictions, ids, strict=True)):
        assert one.input == present(trace.target).tokens[row]
        assert one.token == model.target_tokenizer.token_of(token)
        assert one.probability == probabilities[row, token]
        assert one.score == pytest.approx(math.log(probabilities[row, token]), abs=1e-5)
        likeliest = np.argsort(-probabilities[row], kind="stable")[:BEST].tolist()
        assert one.rank == 1 + (probabilities[row] > probabilities[row, token]).sum()
        assert [x.id for x in one.best] == likeliest
        assert [x.probability for x in one.best] == probabilities[row, likeliest].tolist()
        assert [x.token for x in one.best] == [*map(model.target_tokenizer.token_of, likeliest)]


def test_their_scores_are_those_of_the_translation(model: Glassformer, trace: Trace) -> None:
    translation = model.translate(SENTENCE, to="zh")
    scores = [one.score for one in trace.predictions]
    assert scores == pytest.approx(translation.token_scores, abs=1e-4)


def test_a_greedy_translation_is_the_likeliest_token_each_time(model: Glassformer) -> None:
    greedy = model.inspect(SENTENCE, to="de", beam_size=1)
    assert {one.rank for one in greedy.predictions} == {1}
    assert greedy.translations["de"]["text"] == model.translate(SENTENCE, to="de", beam_size=1).text


def test_what_is_never_generated_is_impossible(model: Glassformer) -> None:
    unknown = model.target_tokenizer.token_of(UNKNOWN)
    for one in model.inspect(SENTENCE, to="fr", target="dog").predictions:
        assert unknown not in [likely.token for likely in one.best]
    byte = model.inspect(SENTENCE, to="fr", target="dog 👍")
    impossible = [one for one in byte.predictions if one.probability == 0.0]
    assert [one.token for one in impossible] == ["<0xF0>", "<0x9F>", "<0x91>", "<0x8D>"]
    assert {one.score for one in impossible} == {None}


def test_a_target_that_was_cut_goes_on_with_nothing(model: Glassformer) -> None:
    cut = model.inspect(SENTENCE, to="zh", max_length=2)
    assert len(cut.predictions) == 3
    assert [one.token is None for one in cut.predictions] == [False, False, True]
    endless = loaded(translator_config(end=None)).inspect(SENTENCE, to="fr")
    last = endless.predictions[-1]
    assert (last.token, last.id, last.probability, last.score, last.rank) == (None,) * 5
    assert len(last.best) == BEST
    assert present(endless.target_as_predicted).tokens[-1] == "…"
    assert len(endless.predictions) == len(present(endless.target).tokens)


def test_an_encoder_predicts_nothing(model: Glassformer) -> None:
    alone = model.inspect(SENTENCE)
    assert alone.predictions == ()
    assert alone.target_as_predicted is None
    with pytest.raises(UsageError, match="this trace has no target"):
        alone.contrast(alone)


# Rows under the token that they predict


def test_a_row_stands_under_what_it_predicts(trace: Trace) -> None:
    weights = trace["decoder.layers.1.cross_attention.weights"][3]
    read = attention_view(trace, part="cross", layer=2, head=4, unit="tokens", special=True)
    predicted = attention_view(
        trace, part="cross", layer=2, head=4, unit="tokens", special=True, align="output"
    )
    assert (read.align, predicted.align) == ("input", "output")
    assert read.queries == present(trace.target).tokens
    assert predicted.queries == (*present(trace.target).tokens[1:], "</s>")
    assert predicted.keys == read.keys == trace.source.tokens
    assert [link.weight for link in predicted.links] == [link.weight for link in read.links]
    assert [link.weight for link in predicted.links] == weights.reshape(-1).tolist()


def test_a_word_has_the_rows_that_predict_its_tokens(model: Glassformer) -> None:
    trace = model.inspect(SENTENCE, to="fr", target="zoo dog")
    view = attention_view(trace, part="cross", layer=2, head=4, align="output")
    weights = trace["decoder.layers.1.cross_attention.weights"][3]
    found = {(link.from_, link.to): link.weight for link in view.links}
    assert view.queries == ("zoo", "dog")
    assert found[0, 0] == pytest.approx(weights[0:3, 0].mean(), abs=1e-6)  # z, o, o
    assert found[1, 0] == pytest.approx(weights[3, 0], abs=1e-6)


def test_the_decoder_looks_at_what_it_has_read(model: Glassformer) -> None:
    trace = model.inspect(SENTENCE, to="fr", target="zoo dog")
    view = attention_view(trace, part="decoder", layer=1, head=1, unit="tokens", align="output")
    assert view.queries == ("z", "o", "o", "▁dog", "</s>")
    assert view.keys == ("<fr>", "z", "o", "o", "▁dog")
    assert (view.shown_queries, view.shown_keys) == ((0, 1, 2, 3), (1, 2, 3, 4))
    # Row i has read keys 0 to i, so the first has read the tag alone.
    assert {link.weight for link in view.links if link.to > link.from_} == {0.0}
    assert view.hidden_share[0] == pytest.approx(1.0)
    svg = trace.attention(part="decoder", layer=1, head=1, unit="tokens", align="output").svg()
    assert "A row stands under" in svg


def test_the_encoder_predicts_no_tokens(trace: Trace) -> None:
    with pytest.raises(UsageError, match="encoder predicts no tokens"):
        attention_view(trace, align="output")


# Two targets


def test_two_targets_part_where_their_tokens_differ(model: Glassformer) -> None:
    first = model.inspect(SENTENCE, to="fr", target="the dog ate")
    second = model.inspect(SENTENCE, to="fr", target="the dog was tasty")
    view = first.contrast(second)
    assert (view.first.text, view.second.text) == ("the dog ate", "the dog was tasty")
    # "the" and "▁dog" are the same.
    assert view.parts_at == 2
    assert view.first.tokens == ("the", "▁dog", "▁ate", "</s>")
    assert view.second.tokens[2] == "▁was"
    assert view.first.scores[:2] == pytest.approx(view.second.scores[:2], abs=1e-5)
    sums = [sum(map(present, side.scores)) for side in view.sides]
    assert [side.score for side in view.sides] == pytest.approx(sums)
    assert view.in_all == pytest.approx(sums[0] - sums[1])
    first_scores, second_scores = (tuple(map(present, side.scores)) for side in view.sides)
    assert view.at_parting == first_scores[2] - second_scores[2]
    common = sum(first_scores[:2]) - sum(second_scores[:2])
    parted = present(view.at_parting) + present(view.afterwards)
    assert parted == pytest.approx(present(view.in_all) - common)
    backwards = second.contrast(first)
    assert backwards.in_all == pytest.approx(-present(view.in_all))


def test_their_scores_are_those_of_score(model: Glassformer) -> None:
    texts = ("the dog ate", "the dog was tasty")
    traces = [model.inspect(SENTENCE, to="fr", target=text) for text in texts]
    view = traces[0].contrast(traces[1])
    for side, text in zip(view.sides, texts, strict=True):
        scored = Scorer(model.translator).score(SENTENCE, text, to="fr")
        assert side.score == pytest.approx(scored.score, abs=1e-4)
        assert side.scores == pytest.approx(scored.token_scores, abs=1e-4)


def test_one_target_may_be_the_beginning_of_the_other(model: Glassformer) -> None:
    short = model.inspect(SENTENCE, to="fr", target="the dog")
    long = model.inspect(SENTENCE, to="fr", target="the dog ate")
    view = short.contrast(long)
    assert view.parts_at == 2
    assert (view.first.tokens[2:], view.second.tokens[2:]) == (("</s>",), ("▁ate", "</s>"))
    assert view.afterwards == pytest.approx(-present(view.second.scores[3]))


def test_what_cannot_be_compared(model: Glassformer) -> None:
    trace = model.inspect(SENTENCE, to="fr", target="the dog")
    with pytest.raises(UsageError, match='"the dog" and "the dog" have the same tokens'):
        trace.contrast(trace)
    for other in (
        model.inspect(SENTENCE, to="de", target="dog"),
        model.inspect("a dog", to="fr", target="dog"),
    ):
        with pytest.raises(UsageError, match="only for the same source and target language"):
            trace.contrast(other)


def test_the_impossible_has_no_number(model: Glassformer) -> None:
    view = model.inspect(SENTENCE, to="fr", target="dog 👍").contrast(
        model.inspect(SENTENCE, to="fr", target="dog a")
    )
    assert view.first.score is None
    assert present(view.second.score) < 0.0
    assert (view.in_all, view.afterwards) == (None, None)


# History


def test_the_history_is_that_of_the_search(model: Glassformer) -> None:
    trace = model.inspect(SENTENCE, to="zh", beam_size=3, history=True)
    translation = model.translate(SENTENCE, to="zh", beam_size=3, history=True)
    steps = present(trace.history).steps
    assert [[one.score for one in step] for step in steps] == [
        [one.score for one in step] for step in translation.history
    ]
    ended = [one for step in steps for one in step if one.fate == "ended"]
    chosen = (*translation.tokens, "</s>")
    found = {one.tokens: one.score for one in ended}
    assert found[chosen] == pytest.approx(translation.score, abs=1e-9)
    for number, step in enumerate(steps, start=1):
        assert {len(one.tokens) for one in step} == {number}
        assert [one.score for one in step] == sorted((one.score for one in step), reverse=True)
    for before, step in itertools.pairwise(steps):
        kept = {one.tokens for one in before if one.fate == "kept"}
        assert {one.tokens[:-1] for one in step} <= kept


def test_nobody_searched_for_a_target_of_ones_own(model: Glassformer) -> None:
    assert model.inspect(SENTENCE, to="fr").history is None
    choices: tuple[dict[str, Any], ...] = ({"to": "fr", "target": "dog"}, {})
    for options in choices:
        with pytest.raises(UsageError, match="no translation was searched for"):
            model.inspect(SENTENCE, history=True, **options)


# Saved traces


def test_a_saved_trace_has_them_too(model: Glassformer, tmp_path: Path) -> None:
    trace = model.inspect(SENTENCE, to="zh", history=True)
    trace.save(tmp_path / "t.safetensors")
    again = Trace.load(tmp_path / "t.safetensors")
    assert again.predictions == trace.predictions
    assert again.history == trace.history
    assert again.target_as_predicted == trace.target_as_predicted
    other = model.inspect(SENTENCE, to="zh", target="dog")
    assert again.contrast(other) == trace.contrast(other)


@pytest.mark.parametrize("damage", ["predictions", "history"])
def test_a_damaged_one_is_refused(model: Glassformer, tmp_path: Path, damage: str) -> None:
    model.inspect(SENTENCE, to="zh", history=True).save(tmp_path / "t.safetensors")
    path = tmp_path / "t.json"
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    data[damage] = data[damage][1:] if damage == "predictions" else {"steps": [[{"fate": "lost"}]]}
    path.write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(TraceError, match="damaged"):
        Trace.load(tmp_path / "t.safetensors")


def test_they_are_plain_data(trace: Trace) -> None:
    first = as_plain(trace.predictions)[0]
    assert {*first} == {field.name for field in dataclasses.fields(trace.predictions[0])}
    assert first["best"][0]["probability"] == trace.predictions[0].best[0].probability


def test_half_precision_predicts_too() -> None:
    model = loaded(translator_config())
    model.model.to(torch.bfloat16)
    trace = model.inspect(SENTENCE, to="fr")
    assert all(0.0 < present(one.probability) <= 1.0 for one in trace.predictions)
