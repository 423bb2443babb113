"""Attention held against attention: the numbers of both traces, their difference, what is refused.

The models are small and random, so that no two links are equally strong.
"""

import dataclasses
import functools
import itertools
import json
from typing import Any

import numpy as np
import pytest
import torch
from models_for_tests import (
    SENTENCE,
    TAGS,
    encoder_config,
    loaded,
    random_model,
    stack,
    tokenizer,
    translator_config,
    write_folder,
)

from glassformer.errors import TraceError, UsageError
from glassformer.inspection.attention import attention_view
from glassformer.inspection.comparison import comparison_view
from glassformer.inspection.trace import Trace
from glassformer.inspection.watch_file import read_watch
from glassformer.inspection.watched import WatchRecord
from glassformer.text.tokenizer import Tokenizer
from glassformer.training.reporting.watch import Watch
from glassformer.views import AttentionView, ComparisonView, from_json, to_json

TASTY = "a dog ate the food because it was tasty"
LONGER = "the dog ate food because it was tasty and hungry"


@functools.cache
def traced(text: str, seed: int = 1, **changes: Any) -> Trace:
    return loaded(translator_config(**changes), seed).inspect(text, to="fr")


def weights(view: AttentionView) -> dict[tuple[int, int], float]:
    return {(link.from_, link.to): link.weight for link in view.links}


def check_differences(view: ComparisonView, left: AttentionView, right: AttentionView) -> None:
    """Each is that of two links of the views, and there is one for all that both sides have."""
    ours, theirs = weights(left), weights(right)
    found = {(one.from_, one.to): one for one in view.differences}
    assert len(found) == len(view.differences)
    both = [
        [at for at, pair in enumerate(pairs) if pair.kind in ("matched", "replaced")]
        for pairs in (view.queries, view.keys)
    ]
    assert set(found) == set(itertools.product(*both))
    for (row, column), one in found.items():
        query, key = view.queries[row], view.keys[column]
        assert query.left is not None
        assert query.right is not None
        assert key.left is not None
        assert key.right is not None
        assert one.left == ours[query.left, key.left]
        assert one.right == theirs[query.right, key.right]
        assert abs(one.difference - (one.right - one.left)) < 1e-6


@pytest.mark.parametrize("unit", ["words", "tokens"])
@pytest.mark.parametrize("part", ["encoder", "decoder", "cross"])
@pytest.mark.parametrize("text", [TASTY, LONGER])
def test_sides_and_differences_are_the_traces_own(text: str, part: Any, unit: Any) -> None:
    one, other = traced(SENTENCE), traced(text)
    view = one.compare(other, part=part, layer=2, head=2, unit=unit).view
    sides = [attention_view(t, part=part, layer=2, head=2, unit=unit) for t in (one, other)]
    assert [view.left, view.right] == sides
    assert view.differs == ("sentence",)
    assert view.texts == (SENTENCE, text)
    check_differences(view, *sides)
    assert from_json(json.loads(json.dumps(to_json(view)))) == view


def test_the_words_that_differ_stand_opposite_each_other() -> None:
    view = traced(SENTENCE).compare(traced(TASTY)).view
    assert [pair.kind for pair in view.queries] == ["matched"] * 8 + ["replaced"]
    view = traced(SENTENCE).compare(traced(LONGER)).view
    assert {view.right.queries[pair.right] for pair in view.queries if pair.right is not None} == {
        *LONGER.split()
    }
    assert sum(pair.kind == "right" for pair in view.queries) >= 1


def test_two_heads_of_one_sentence() -> None:
    view = traced(SENTENCE).compare_heads((1, 2), (3, 1), word="it").view
    assert view.differs == ("head",)
    assert (view.left.heads, view.right.heads) == (((1, 2),), ((3, 1),))
    check = [
        attention_view(traced(SENTENCE), layer=x, head=y, word="it") for x, y in ((1, 2), (3, 1))
    ]
    assert [view.left.links, view.right.links] == [one.links for one in check]
    assert [view.left.hidden_share, view.right.hidden_share] == [one.hidden_share for one in check]
    assert len(view.differences) == 9


def test_two_models_are_compared_among_words() -> None:
    encoder = loaded(encoder_config(encoder=stack(num_heads=7)), 3).inspect(SENTENCE)
    view = traced(SENTENCE).compare(encoder, layer=1, head=2).view
    assert view.differs == ("model",)
    check_differences(
        view, *(attention_view(one, layer=1, head=2) for one in (traced(SENTENCE), encoder))
    )
    assert traced(SENTENCE).compare(encoder).view.differs == ("model", "head")  # each its own


@pytest.mark.parametrize(
    ("word", "left", "right"),
    [("it", "it", "it"), ("hungry", "hungry", "tasty"), ("tasty", "hungry", "tasty"),
     ("HUNGRY", "hungry", "tasty")],
)  # fmt: skip
def test_a_word_is_looked_for_on_the_left_and_then_on_the_right(
    word: str, left: str, right: str
) -> None:
    view = traced(SENTENCE).compare(traced(TASTY), word=word).view
    assert [view.left.queries[at] for at in view.left.shown_queries] == [left]
    assert [view.right.queries[at] for at in view.right.shown_queries] == [right]
    assert len(view.differences) == 9
    assert {link.from_ for link in view.left.links} == set(view.left.shown_queries)


def test_a_word_of_one_side_alone_has_links_there_and_no_difference() -> None:
    view = traced(SENTENCE).compare(traced(LONGER), word="and").view
    assert (view.left.shown_queries, view.left.links) == ((), ())
    assert len(view.right.links) == len(LONGER.split())
    assert view.differences == ()
    assert view.with_largest(0.5).mass == 1.0


def test_a_word_that_is_ambiguous_or_nowhere_is_told() -> None:
    double = traced("the dog ate the food")
    with pytest.raises(UsageError, match='"the" occurs 2 times'):
        double.compare(traced(SENTENCE), word="the")
    with pytest.raises(UsageError, match='no word "cat"'):
        double.compare(traced(SENTENCE), word="cat")
    assert double.compare(traced(SENTENCE), word="the:2").view.left.shown_queries == (3,)


def test_links_that_are_weak_on_both_sides_are_left_out() -> None:
    view = traced(SENTENCE).compare(traced(TASTY), min_weight=0.1).view
    assert min(link.weight for side in view.sides for link in side.links) >= 0.1
    assert min(max(one.left, one.right) for one in view.differences) >= 0.1
    every = traced(SENTENCE).compare(traced(TASTY)).view.differences
    assert set(view.differences) == {one for one in every if max(one.left, one.right) >= 0.1}


@pytest.mark.parametrize("mass", [0.3, 0.95, 1.0, None])
def test_one_threshold_holds_for_both_sides(mass: float | None) -> None:
    view = traced(SENTENCE).compare(traced(LONGER)).view
    shown = view.with_largest(mass)
    kept = [link.weight for side in shown.sides for link in side.links]
    every = [link.weight for side in view.sides for link in side.links]
    assert sorted(kept) == sorted(weight for weight in every if weight >= min(kept))
    share = sum(kept) / sum(every)
    assert shown.left.mass == shown.right.mass == pytest.approx(share)
    assert share >= (0.95 if mass is None else mass) - 1e-9
    assert share - min(kept) / sum(every) < (0.95 if mass is None else mass)
    sizes = [abs(one.difference) for one in shown.differences]
    assert shown.mass == pytest.approx(
        sum(sizes) / sum(abs(one.difference) for one in view.differences)
    )


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"layer": 9, "head": 1}, "random: .*no layer 9"),
        ({"layer": 1, "head": 9}, "random: .*no head 9"),
        ({"heads": "all"}, "leave heads=\"all\" out"),
        ({"heads": "largest"}, "leave heads=\"largest\" out"),
        ({"layer": 1, "heads": "card"}, "leave layer out"),
        ({"special": True}, "special tokens are no words"),
        ({"align": "output"}, "the encoder predicts no tokens"),
        ({"colour": 1}, "no setting 'colour'"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(settings: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        traced(SENTENCE).compare(traced(TASTY), **settings)


def test_the_same_on_both_sides_is_refused() -> None:
    with pytest.raises(UsageError, match="nothing to compare"):
        traced(SENTENCE).compare(traced(SENTENCE))
    with pytest.raises(UsageError, match="nothing to compare"):
        traced(SENTENCE).compare_heads((1, 1), (1, 1))


def test_a_part_that_one_side_lacks_is_refused_with_its_name() -> None:
    encoder = loaded(encoder_config(), 3).inspect(SENTENCE)
    with pytest.raises(UsageError, match="random: there is no cross attention"):
        traced(SENTENCE).compare(encoder, part="cross")


def test_two_targets_of_one_source_are_compared_where_they_show() -> None:
    model = loaded(translator_config(tags=()))
    one, other = (model.inspect(SENTENCE, target=text) for text in ("a dog", "the dog was"))
    assert one.compare(other, part="cross").view.differs == ("target",)
    with pytest.raises(UsageError, match="nothing to compare"):
        one.compare(other)


def test_tokens_of_two_models_are_compared_only_where_they_are_the_same() -> None:
    other = traced(SENTENCE, 2, shown_head=None)
    assert traced(SENTENCE).compare(other, unit="tokens", layer=1, head=1).view.differs == (
        "model",
    )
    renamed = traced(TASTY, 2, shown_head=None)
    with pytest.raises(UsageError, match="two models may cut a text"):
        traced(SENTENCE).compare(renamed, unit="tokens")
    assert "sentence" in traced(SENTENCE).compare(renamed).view.differs


# Moments of a training


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> WatchRecord:
    config = translator_config(tags=TAGS[:1])
    folder = write_folder(tmp_path_factory.mktemp("watched") / "one", config)
    model, text = random_model(config), Tokenizer(tokenizer())
    watch = Watch(folder, (SENTENCE, TASTY), model, text, text, ["fr"], 5)
    for update in (0, 2, 5):
        watch(update)
        for weight in model.parameters():
            generator = torch.Generator().manual_seed(update)
            weight.add_(0.2 * torch.randn(weight.shape, generator=generator))
    return read_watch(folder, "random")


def test_two_moments_of_a_training_and_the_finished_model(record: WatchRecord) -> None:
    early, late = record.at(0, SENTENCE), record.at(5, SENTENCE)
    view = early.compare(late, layer=2, head=1).view
    assert view.differs == ("update",)
    check_differences(view, *(attention_view(one, layer=2, head=1) for one in (early, late)))
    assert (view.left.moment, view.right.moment) == (early.moment, late.moment)
    finished = loaded(record.config).inspect(SENTENCE, to="fr")
    view = early.compare(finished, layer=2, head=1).view
    assert view.differs == ("update",)
    assert view.right.moment is None
    # The record of update 0 is of this very model, in steps of 1/255.
    assert max(abs(one.difference) for one in view.differences) < 2 / 255 + 1e-6


def test_an_animation_has_every_moment(record: WatchRecord) -> None:
    view = record.at(5, SENTENCE).animation(layer=2, head=1, word="it").view
    assert [frame.moment and frame.moment.update for frame in view.frames] == [0, 2, 5]
    for frame, update in zip(view.frames, (0, 2, 5), strict=True):
        expected = attention_view(record.at(update, SENTENCE), layer=2, head=1, word="it")
        assert frame == expected
    assert from_json(json.loads(json.dumps(to_json(view)))) == view
    shown = view.with_largest(0.5)
    kept = [link.weight for frame in shown.frames for link in frame.links]
    every = [link.weight for frame in view.frames for link in frame.links]
    assert sorted(kept) == sorted(weight for weight in every if weight >= min(kept))


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"heads": "all"}, "one head, or one mean"),
        ({"layer": 9}, "no layer 9"),
        ({"word": "cat"}, 'no word "cat"'),
        ({"part": "cross"}, "no setting 'part'"),
    ],
)
def test_an_animation_refuses(record: WatchRecord, settings: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        record.at(5, SENTENCE).animation(**settings)


def test_one_moment_is_no_animation(record: WatchRecord) -> None:
    alone = dataclasses.replace(record, entries=record.entries[:1])
    with pytest.raises(TraceError, match="two moments at least, but 1"):
        alone.at(5, SENTENCE).animation()


def test_only_one_head_is_compared_whatever_the_caller_says() -> None:
    with pytest.raises(UsageError, match="leave heads"):
        comparison_view(traced(SENTENCE), traced(TASTY), heads="all")
    difference = traced(SENTENCE).compare(traced(TASTY), difference=True).view
    assert difference.shows == "difference"
    assert np.isfinite([one.difference for one in difference.differences]).all()
