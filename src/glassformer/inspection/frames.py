"""Traces as tables, for those who count further: pandas, the extra `pandas`.

The numbers are those of the trace and of the view that pictures are made from, none rescaled.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from glassformer.errors import OutputError
from glassformer.tracing.recorded_pass import RecordedPass
from glassformer.tracing.steps import Step
from glassformer.views import AttentionView

if TYPE_CHECKING:
    import pandas


def link_frame(view: AttentionView, min_weight: float = 0.0) -> "pandas.DataFrame":
    """The links of a view, one a row, in the order layer, head, from, to.

    The view has to have all its links; those below `min_weight` are left out here.

    Raises:
        OutputError: when pandas is not installed.
    """
    pd = import_pandas()
    links = view.links
    frame = pd.DataFrame(
        {
            "part": [link.part for link in links],
            "layer": pd.array([link.layer for link in links], dtype="Int64"),
            "head": pd.array([link.head for link in links], dtype="Int64"),
            "mean_of": np.full(len(links), view.mean_of),
            "from": np.array([link.from_ for link in links], dtype=np.int64),
            "to": np.array([link.to for link in links], dtype=np.int64),
            "from_word": [view.queries[link.from_] for link in links],
            "to_word": [view.keys[link.to] for link in links],
            "weight": np.array([link.weight for link in links], dtype=np.float64),
            "hidden_share": _hidden_shares(view),
        }
    )
    return frame[frame["weight"] >= min_weight].reset_index(drop=True)


def _hidden_shares(view: AttentionView) -> Sequence[float]:
    """For each link what its word gives away unseen in that head, as all its links are here."""
    given: dict[Any, float] = {}
    places = [(link.layer, link.head, link.from_) for link in view.links]
    for place, link in zip(places, view.links, strict=True):
        given[place] = given.get(place, 0.0) + link.weight
    return [max(0.0, 1.0 - given[place]) for place in places]


def step_frame(trace: RecordedPass, name: str) -> "pandas.DataFrame":
    """One step as a table, its axes labelled.

    Rows are tokens, as `position` (from 0) and `token`, below `head` (from 1) where the step has
    heads. Columns are the keys' positions and tokens, or the `feature`, `entry` of the vocabulary
    or `value`, counted from 0.

    Raises:
        TraceError: when there is no such step in the trace.
        OutputError: when pandas is not installed.
    """
    pd = import_pandas()
    step, array = trace.step(name), trace[name]
    axes = list(step.axes)
    rows = _labels(trace, step, "query" if "query" in axes else "token")
    if axes[0] == "head":
        heads = range(1, len(array) + 1)
        index = pd.MultiIndex.from_tuples(
            [(head, *row) for head in heads for row in rows], names=["head", "position", "token"]
        )
        array = array.reshape(-1, array.shape[-1])
    else:
        index = pd.MultiIndex.from_tuples(rows, names=["position", "token"])
    if len(axes) == 1:
        return pd.DataFrame(array[:, None], index=index, columns=["id"], copy=True)
    if axes[-1] == "key":
        columns = pd.MultiIndex.from_tuples(
            _labels(trace, step, "key"), names=["position", "token"]
        )
    else:
        columns = pd.RangeIndex(array.shape[-1], name=axes[-1])
    return pd.DataFrame(array, index=index, columns=columns, copy=True)


def _labels(trace: RecordedPass, step: Step, axis: str) -> list[tuple[int, str]]:
    sentence = trace.source if step.tokens_of(axis) == "source" else trace.target
    assert sentence is not None
    return list(enumerate(sentence.tokens))


def import_pandas() -> Any:
    """pandas.

    Raises:
        OutputError: when it is not installed.
    """
    try:
        import pandas
    except ImportError as error:
        raise OutputError(
            "tables need pandas: {command}", command="pip install 'glassformer[pandas]'"
        ) from error
    return pandas
