"""Tables of links and steps: the numbers of the trace, each under its labels."""

import sys

import numpy as np
import pandas as pd
import pytest
from models_for_tests import SENTENCE, encoder_config, loaded, translator_config
from narrowing import present

from glassformer.errors import OutputError, TraceError, UsageError
from glassformer.inspection.trace import Trace

COLUMNS = ["part", "layer", "head", "mean_of", "from", "to", "from_word", "to_word"]
COLUMNS += ["weight", "hidden_share"]


@pytest.fixture(scope="module")
def trace() -> Trace:
    return loaded(translator_config()).inspect(SENTENCE, target="it was tasty", to="fr")


def test_links_are_those_of_the_picture(trace: Trace) -> None:
    frame = trace.attention_frame(part="cross", layer=2, head=[3, 1])
    view = trace.attention(part="cross", layer=2, head=[3, 1]).view
    assert [*frame.columns] == COLUMNS
    assert len(frame) == len(view.links) == 2 * 3 * 9
    for row, link in zip(frame.itertuples(index=False), view.links, strict=True):
        assert (row.part, row.layer, row.head) == ("cross", link.layer, link.head)
        assert (row[4], row.to, row.weight) == (link.from_, link.to, link.weight)
        assert (row.from_word, row.to_word) == (view.queries[link.from_], view.keys[link.to])
    assert {*frame["mean_of"]} == {1}


def test_each_word_gives_away_one_in_each_head(trace: Trace) -> None:
    every = {"heads": "all"}
    for options in (every, {"part": "decoder"}, {"unit": "tokens", **every}, {"layer": 3}):
        frame = trace.attention_frame(**options)
        groups = frame.groupby(["layer", "head", "from"], dropna=False)
        given = groups["weight"].sum() + groups["hidden_share"].first()
        np.testing.assert_allclose(given, 1.0, atol=1e-6)
        assert (groups["hidden_share"].nunique() == 1).all()


def test_a_mean_names_no_head_but_says_of_how_many_it_is(trace: Trace) -> None:
    frame = trace.attention_frame(part="decoder", heads="mean")
    assert frame["layer"].isna().all()
    assert frame["head"].isna().all()
    assert {*frame["mean_of"]} == {2 * 7}
    assert {*trace.attention_frame(layer=2)["layer"]} == {2}


def test_without_a_choice_it_is_the_head_that_pictures_show(trace: Trace) -> None:
    frame = trace.attention_frame(word="it")
    assert {*zip(frame["layer"], frame["head"], strict=True)} == {(2, 1)}
    assert {*frame["from_word"]} == {"it"}


def test_small_links_are_left_out_and_not_counted_as_hidden(trace: Trace) -> None:
    whole = trace.attention_frame(heads="all")
    large = trace.attention_frame(heads="all", min_weight=0.2)
    expected = whole[whole["weight"] >= 0.2].reset_index(drop=True)
    assert 0 < len(large) < len(whole)
    pd.testing.assert_frame_equal(large, expected)
    pd.testing.assert_frame_equal(trace.to_dataframe(), whole)


def test_a_part_that_was_not_traced_is_refused() -> None:
    alone = loaded(encoder_config()).inspect(SENTENCE)
    with pytest.raises(UsageError, match=r"no cross attention in this trace|no decoder"):
        alone.attention_frame(part="cross")


def test_every_step_is_a_table_of_its_numbers(trace: Trace) -> None:
    for name in trace:
        frame, array = trace.to_dataframe(name), trace[name]
        np.testing.assert_array_equal(frame.to_numpy().reshape(array.shape), array, err_msg=name)
        step = trace.step(name)
        sentence = trace.source if step.rows == "source" else present(trace.target)
        tokens = [*frame.index.get_level_values("token")]
        repeats = array.shape[0] if "head" in step.axes else 1
        assert tokens == [*sentence.tokens] * repeats, name
        assert ("head" in frame.index.names) == ("head" in step.axes)


def test_rows_and_columns_are_found_by_their_labels(trace: Trace) -> None:
    name = "decoder.layers.1.cross_attention.weights"
    frame = trace.to_dataframe(name)
    assert frame.index.names == ["head", "position", "token"]
    assert frame.columns.names == ["position", "token"]
    assert [*frame.columns.get_level_values("token")] == [*trace.source.tokens]
    target, source = present(trace.target).tokens[2], trace.source.tokens[4]
    assert frame.loc[(7, 2, target), (4, source)] == trace[name][6, 2, 4]
    logits = trace.to_dataframe("logits")
    assert logits.columns.name == "entry"
    assert logits.loc[(1, present(trace.target).tokens[1]), 5] == trace["logits"][1, 5]
    assert [*trace.to_dataframe("source.tokens")["id"]] == [*trace["source.tokens"]]


def test_a_table_is_a_copy(trace: Trace) -> None:
    before = trace["encoder"].copy()
    frame = trace.to_dataframe("encoder")
    frame.iloc[0, 0] = 1e9
    np.testing.assert_array_equal(trace["encoder"], before)


def test_an_unknown_step_has_no_table(trace: Trace) -> None:
    with pytest.raises(TraceError, match="no step 'encoders'"):
        trace.to_dataframe("encoders")


def test_without_pandas_the_error_names_the_extra(
    trace: Trace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    for table in (trace.to_dataframe, trace.attention_frame):
        with pytest.raises(OutputError, match=r"pip install 'glassformer\[pandas\]'"):
            table()
