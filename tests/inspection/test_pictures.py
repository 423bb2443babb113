"""Views of a trace beyond attention: matrices, all heads, one head's flow; what they refuse."""

import functools
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from models_for_tests import (
    SENTENCE,
    encoder_config,
    loaded,
    minilm,
    random_model,
    stack,
    traced,
    translator_config,
)
from strategies import Case, cases

from glassformer.errors import TraceError, UsageError
from glassformer.inspection.add_norm import add_norm_view
from glassformer.inspection.attention import attention_view
from glassformer.inspection.flow import flow_view
from glassformer.inspection.grid import grid_view
from glassformer.inspection.matrix import matrix_view
from glassformer.inspection.multi_head import multi_head_view
from glassformer.inspection.positions import positions_view
from glassformer.inspection.trace import Trace
from glassformer.views import View, from_json, to_json


@functools.cache
def trace() -> Trace:
    """Source and target of different lengths, in a model with different numbers of heads."""
    return loaded(translator_config(tags=())).inspect(SENTENCE, target="a dog was hungry")


def words(one: Trace) -> tuple[str, ...]:
    assert one.target is not None
    return one.target.tokens


# Matrices


def test_every_step_is_a_matrix_of_its_own_numbers() -> None:
    one = trace()
    for step in one.steps():
        heads = len(one[step.name]) if step.axes[0] == "head" else None
        view = matrix_view(one, step.name, heads)
        array = one[step.name] if heads is None else one[step.name][heads - 1]
        array = array[:, None] if array.ndim == 1 else array
        assert np.array_equal(np.array(view.values), array.astype(np.float64))
        assert view.name == (step.name if heads is None else f"{step.name}[{heads - 1}]")
        assert view.formula == step.formula
        assert view.smallest == array.min()
        assert view.largest == np.abs(array).max()
        assert len(view.row_labels) == array.shape[0]
        assert len(view.column_labels) == (array.shape[1] if view.column_axis else 0)
        assert from_json(to_json(view)) == view


@pytest.mark.parametrize(
    ("name", "rows", "columns"),
    [
        ("encoder.layers.1.self_attention.weights", "source", "source"),
        ("decoder.layers.1.self_attention.weights", "target", "target"),
        ("decoder.layers.1.cross_attention.weights", "target", "source"),
        ("decoder.layers.1.cross_attention.scores", "target", "source"),
        ("decoder.layers.1.cross_attention.query", "target", None),
        ("decoder.layers.1.cross_attention.key", "source", None),
        ("decoder.layers.1.cross_attention.value", "source", None),
        ("decoder.layers.1.cross_attention.context", "target", None),
        ("decoder.layers.1.self_attention.key", "target", None),
        ("encoder.layers.1.self_attention.key", "source", None),
    ],
)
def test_rows_and_columns_are_named_by_their_tokens(
    name: str, rows: str, columns: str | None
) -> None:
    one = trace()
    tokens = {"source": one.source.tokens, "target": words(one)}
    assert len(tokens["source"]) != len(tokens["target"])
    view = matrix_view(one, name, 2)
    assert view.row_labels == tokens[rows]
    size = len(view.values[0])
    features = tuple(map(str, range(size)))
    assert view.column_labels == (features if columns is None else tokens[columns])


@pytest.mark.parametrize(
    ("name", "head", "said"),
    [
        (
            "encoder.layers.0.self_attention.weights",
            None,
            r"1 to 2: say which one \(head=H\)",
        ),
        ("encoder.layers.0.self_attention.weights", 0, "no head 0"),
        ("encoder.layers.0.self_attention.weights", 3, "heads 1 to 2.*no head 3"),
        ("encoder.layers.0.self_attention.weights", -1, "no head -1"),
        ("encoder", 1, "no heads: leave head out"),
    ],
)
def test_a_head_is_asked_for_where_there_are_heads(name: str, head: Any, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        matrix_view(trace(), name, head)


def test_a_step_that_is_not_there_is_told() -> None:
    with pytest.raises(TraceError, match=r"encoder\.layers\.9"):
        matrix_view(trace(), "encoder.layers.9")


def test_every_weight_is_a_matrix_as_its_formula_writes_it() -> None:
    one = trace()
    model = loaded(translator_config(tags=())).model
    weights = dict(model.named_parameters(remove_duplicate=False))
    assert {*one.parameters} >= {name for name in weights if "embedding" not in name}
    for name, weight in one.parameters.items():
        kept = weights[name].detach().numpy()
        turned = kept.T if weight.kind == "matrix" else kept
        assert np.array_equal(one[name], turned)
        view = matrix_view(one, name)
        if weight.kind != "table":
            assert np.array_equal(np.array(view.values), np.atleast_2d(turned).astype(np.float64))
        assert from_json(to_json(view)) == view


@pytest.mark.parametrize("part", ["encoder", "decoder", "cross"])
@pytest.mark.parametrize("letter", ["query", "key", "value"])
def test_x_times_a_weight_is_what_the_formula_says(part: Any, letter: str) -> None:
    one = trace()
    name = {"encoder": "encoder.layers.1.self", "decoder": "decoder.layers.1.self"}.get(
        part, "decoder.layers.1.cross"
    )
    step = one.step(f"{name}_attention.{letter}")
    x = one[step.parents[0]].astype(np.float64)
    weight, bias = (
        np.array(matrix_view(one, f"{step.name}.{kind}", 2).values) for kind in ("weight", "bias")
    )
    np.testing.assert_allclose(x @ weight + bias, one[step.name][1], atol=1e-5)


def test_heads_joined_are_the_output() -> None:
    one = trace()
    name = "decoder.layers.1.cross_attention"
    found = sum(
        np.array(matrix_view(one, f"{name}.context", head).values)
        @ np.array(matrix_view(one, f"{name}.output.weight", head).values)
        for head in range(1, 8)
    )
    np.testing.assert_allclose(found + one[f"{name}.output.bias"], one[name], atol=1e-5)


def test_tables_show_the_rows_of_the_text() -> None:
    one = minilm().inspect(SENTENCE)
    for table, step in (
        ("encoder.embedding.tokens.weight", "encoder.embedding.tokens"),
        ("encoder.embedding.positions.weight", "encoder.embedding.positions"),
        ("encoder.embedding.token_types.weight", "encoder.embedding.token_types"),
    ):
        view = matrix_view(one, table)
        assert np.array_equal(np.array(view.values), one[step].astype(np.float64))
        assert view.row_labels == one.source.tokens


@pytest.mark.parametrize(
    ("name", "head", "error", "said"),
    [
        ("encoder.layers.0.self_attention.qery.weight", None, TraceError, r"mean .*query\.weight"),
        ("encoder.layers.0.feed_forward.expand.weight", 1, UsageError, "no heads"),
        ("encoder.embedding.tokens.weight", 1, UsageError, "no heads"),
        ("encoder.layers.0.self_attention.query.weight", 3, UsageError, "heads 1 to 2"),
        ("encoder.layers.0.self_attention.output.bias", 1, UsageError, "no heads"),
    ],
)
def test_weights_that_are_not_there_are_told(
    name: str, head: int | None, error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        matrix_view(trace(), name, head)


def test_a_saved_trace_has_no_weights_and_says_so(tmp_path: Path) -> None:
    trace().save(tmp_path / "a.safetensors")
    one = Trace.load(tmp_path / "a.safetensors")
    name = "encoder.layers.1.self_attention.query.weight"
    for look in (lambda: one[name], lambda: matrix_view(one, name)):
        with pytest.raises(TraceError, match=r"a saved trace does not hold.*with_model"):
            look()
    with pytest.raises(TraceError, match="no step computes it"):
        one.explain(name, (0, 0))
    assert flow_view(one).parameters == ()
    assert multi_head_view(one).parameters == ()
    assert add_norm_view(one).parameters == ()
    assert "saved" in one.flow().svg()
    again = one.with_model(loaded(translator_config(tags=())).model)
    assert np.array_equal(again[name], trace()[name])


# All heads


@pytest.mark.parametrize("special", [False, True])
@pytest.mark.parametrize("unit", ["words", "tokens"])
@pytest.mark.parametrize("part", ["encoder", "decoder", "cross"])
def test_a_grid_has_the_weights_of_every_head(part: Any, unit: Any, special: bool) -> None:
    if special and unit == "words":
        with pytest.raises(UsageError, match="special tokens are no words"):
            grid_view(trace(), part, unit, special)
        return
    view = grid_view(trace(), part, unit, special)
    sizes = {"encoder": (3, 2), "decoder": (2, 7), "cross": (2, 7)}
    assert (view.num_layers, view.num_heads) == sizes[part]
    assert view.card == ((2, 1) if part == "encoder" else None)
    for layer in range(1, view.num_layers + 1):
        for head in range(1, view.num_heads + 1):
            cell = view.cell(layer, head)
            assert (cell.layer, cell.head) == (layer, head)
            one = attention_view(
                trace(), part=part, layer=layer, head=head, unit=unit, special=special
            )
            assert (one.shown_queries, one.shown_keys) == (view.shown_queries, view.shown_keys)
            expected = [link.weight for link in one.links]
            assert np.ravel(cell.weights).tolist() == pytest.approx(expected, abs=1e-12)
            best = max(one.links, key=lambda link: link.weight)
            assert (cell.from_, cell.to, cell.largest) == (best.from_, best.to, best.weight)
    assert from_json(to_json(view)) == view


def test_a_grid_of_a_part_that_was_not_traced_is_refused() -> None:
    one = loaded(encoder_config()).inspect(SENTENCE)
    assert grid_view(one).card is None
    with pytest.raises(UsageError, match="no cross attention"):
        grid_view(one, "cross")


def test_a_grid_of_a_long_text_makes_no_link_for_each_weight(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    config = encoder_config(encoder=stack(num_heads=7, num_layers=4, max_positions=300))
    one = loaded(config).inspect(" ".join(["dog"] * 290))
    # All heads of this text have 2.4 million links, which would take a minute.
    monkeypatch.setattr("glassformer.inspection.attention.Link", pytest.fail)
    assert len(grid_view(one).cells[0].weights) == 290


# The flow of one head


def test_a_flow_is_one_head_from_q_and_k_to_z() -> None:
    view = flow_view(trace(), layer=2, head=1)
    names = [[p.matrix.name for p in column.panels] for column in view.columns]
    prefix = "encoder.layers.1.self_attention."
    assert names == [
        [f"{prefix}{step}[0]" for step in steps]
        for steps in (
            ["query", "key"], ["scores"], ["scaled_scores"], ["weights", "value"], ["context"],
        )
    ]  # fmt: skip
    assert [column.operation for column in view.columns] == [
        "", "Q Kᵀ", "÷ √7", "softmax", "weights · V",
    ]  # fmt: skip
    assert (view.d_head, view.features_shown) == (7, 4)
    assert view == flow_view(trace())  # the head on the card
    assert from_json(to_json(view)) == view


@given(case=cases())
def test_a_flow_shows_the_numbers_of_the_trace(case: Case) -> None:
    target = case.target if case.config.decoder is not None else None
    one = traced(random_model(case.config, case.seed), case.source, target)
    parts = ["encoder"] if one.target is None else ["encoder", "decoder", "cross"]
    for part in parts:
        view = flow_view(one, part, 1, 1)  # type: ignore[arg-type]
        panels = {p.title: np.array(p.matrix.values) for c in view.columns for p in c.panels}
        side = "encoder" if part == "encoder" else "decoder"
        kind = "cross_attention" if part == "cross" else "self_attention"
        for title, step in {
            "Q": "query", "K": "key", "V": "value", "scores": "scores", "Z": "context",
            "scaled scores": "scaled_scores", "weights": "weights",
        }.items():  # fmt: skip
            array = one[f"{side}.layers.0.{kind}.{step}"][0].astype(np.float64)
            shown = array if array.shape[1] == panels[title].shape[1] else array[:, :4]
            assert np.array_equal(panels[title], shown)


def test_a_flow_begins_with_x_and_its_weights_and_follows_a_row() -> None:
    view = flow_view(trace(), layer=2, head=1)
    prefix = "encoder.layers.1.self_attention."
    assert [(p.title, p.matrix.name, p.shape) for p in view.inputs] == [
        ("x", "encoder.layers.0", (len(trace().source.tokens), 14))
    ]
    assert [(p.title, p.matrix.name) for p in view.parameters] == [
        ("W_Q", f"{prefix}query.weight[:, 0:7]"), ("b_Q", f"{prefix}query.bias[0:7]"),
        ("W_K", f"{prefix}key.weight[:, 0:7]"), ("b_K", f"{prefix}key.bias[0:7]"),
        ("W_V", f"{prefix}value.weight[:, 0:7]"), ("b_V", f"{prefix}value.bias[0:7]"),
    ]  # fmt: skip
    assert {p.shape for p in view.parameters} == {(14, 7), (1, 7)}
    assert view.row is not None
    assert trace().source.tokens[view.row] == "▁it"
    row = flow_view(trace(), layer=2, head=1, word="dog").row
    assert row is not None
    assert trace().source.tokens[row] == "▁dog"
    target = trace().target
    assert target is not None
    last = flow_view(trace(), "cross", 1, 1).row
    assert target.words[target.word_of_token[last or 0] or 0] == "hungry"
    assert [p.title for p in flow_view(trace(), "cross", 1, 1).inputs] == ["x", "R"]
    with pytest.raises(UsageError, match='no word "cat"'):
        flow_view(trace(), layer=1, head=1, word="cat")


# Positions, heads joined, add & norm


@given(case=cases())
def test_pictures_of_steps_show_the_numbers_of_the_trace(case: Case) -> None:
    target = case.target if case.config.decoder is not None else None
    one = traced(random_model(case.config, case.seed), case.source, target)
    parts: list[Any] = ["encoder"] if one.target is None else ["encoder", "decoder", "cross"]
    for part in parts:
        positions, joined = positions_view(one, part), multi_head_view(one, part)
        sums = [add_norm_view(one, part, sublayer=kind) for kind in ("attention", "feed-forward")]
        views: list[View] = [positions, joined, *sums]
        for view in views:
            assert from_json(to_json(view)) == view
        drawn = [*positions.summands, positions.total, *joined.heads, joined.output]
        drawn += [measured.panel for view in sums for measured in view.panels]
        for panel in drawn:
            name, _, head = panel.matrix.name.partition("[")
            array = one[name][int(head[:-1])] if head else one[name]
            shown = np.array(panel.matrix.values)
            assert panel.shape == array.shape
            assert np.array_equal(shown, array.astype(np.float64)[:, : shown.shape[1]])
        total = sum(np.array(panel.matrix.values) for panel in positions.summands)
        np.testing.assert_allclose(np.array(positions.total.matrix.values), total, atol=1e-5)


@pytest.mark.parametrize("norm", ["post", "pre", "none"])
def test_add_and_norm_in_the_order_in_which_they_come(norm: Any) -> None:
    config = translator_config(tags=(), encoder=stack(norm=norm), shown_head=None)
    one = loaded(config).inspect(SENTENCE, target="a dog")
    view = add_norm_view(one, layer=2, sublayer="feed-forward")
    operations = {
        "post": ["", "+", "=", "LayerNorm"],
        "pre": ["", "LayerNorm", "sublayer", "x +"],
        "none": ["", "+", "="],
    }
    assert [measured.operation for measured in view.panels] == operations[norm]
    assert view.panels[-1].panel.matrix.name == "encoder.layers.1.add_norm_2"
    numbers = one["encoder.layers.1.add_norm_2"].astype(np.float64)
    np.testing.assert_allclose(view.panels[-1].means, numbers.mean(axis=1))
    np.testing.assert_allclose(view.panels[-1].deviations, numbers.std(axis=1))
    assert [panel.title for panel in view.parameters] == ([] if norm == "none" else ["γ", "β"])


def test_long_texts_are_refused_where_every_token_has_a_row() -> None:
    config = encoder_config(encoder=stack(max_positions=300), shown_head=None)
    one = loaded(config).inspect("dog " * 140)
    for look in (positions_view, multi_head_view, add_norm_view):
        with pytest.raises(UsageError, match=r'up to 128 tokens.*view="matrix"'):
            look(one)


def test_a_model_that_does_not_scale_says_so() -> None:
    one = loaded(encoder_config(encoder=stack(scale_scores=False))).inspect(SENTENCE)
    operations = [column.operation for column in flow_view(one, layer=1, head=1).columns]
    assert operations[2] == "× 1"


@pytest.mark.parametrize(
    ("part", "layer", "head", "said"),
    [
        ("decoder", None, None, "give layer=L and head=H"),
        ("encoder", 1, None, "give layer=L and head=H"),
        ("encoder", None, 1, "give layer=L and head=H"),
        ("encoder", 4, 1, "no layer 4"),
        ("encoder", 1, 3, "no head 3"),
        ("cross", 1, 8, "no head 8"),
    ],
)
def test_a_flow_needs_a_head_that_is_there(part: Any, layer: Any, head: Any, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        flow_view(trace(), part, layer, head)


def test_a_flow_divides_as_its_own_side_of_the_model_does() -> None:
    config = translator_config(tags=(), encoder=stack(scale_scores=False), shown_head=None)
    one = loaded(config).inspect(SENTENCE, target="a dog was hungry")
    operations = {
        part: flow_view(one, part, layer=1, head=1).columns[2].operation
        for part in ("encoder", "decoder", "cross")
    }
    assert operations == {"encoder": "× 1", "decoder": "÷ √2", "cross": "÷ √2"}


def test_a_grid_without_any_word_is_refused() -> None:
    with pytest.raises(UsageError, match="there is no word to draw"):
        grid_view(minilm().inspect("\ufffd"))  # this tokenizer leaves the character out


def test_a_flow_of_a_long_text_is_refused() -> None:
    one = loaded(translator_config(tags=())).inspect("dog " * 13, target="a dog")
    assert flow_view(one, "decoder", 1, 1)
    config = encoder_config(encoder=stack(max_positions=90))
    with pytest.raises(UsageError, match=r'up to 40 tokens.*view="matrix"'):
        flow_view(loaded(config).inspect("dog " * 60), layer=1, head=1)


def test_a_trace_gives_pictures() -> None:
    one = trace()
    assert one.matrix("encoder").view == matrix_view(one, "encoder")
    assert one.matrix("encoder.layers.0.self_attention.weights", 2).svg()
    assert one.grid(part="cross").view == grid_view(one, "cross")
    assert one.flow(layer=1, head=1).view == flow_view(one, layer=1, head=1)
    assert one.structure(open_layer=2).open_layer == 2
    assert one.attention(mass=0.5, word="dog").mass == 0.5


def test_real_pictures_show_what_is_known() -> None:
    one = minilm().inspect(SENTENCE)
    view = grid_view(one)
    assert (view.num_layers, view.num_heads, view.card) == (6, 12, (4, 2))
    cell = view.cell(4, 2)
    assert (view.queries[cell.from_], view.keys[cell.to]) == ("it", "dog")
    assert flow_view(one).d_head == 32
