"""One pass as a page shows it: what was read, every step with where its numbers are, predictions.

Rows over the whole vocabulary (logits, probabilities) are not stored: of each the likeliest tokens
are, and what all others come to.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from glassformer.inspection.page.blocks import Array, Packer, narrowed
from glassformer.inspection.page.sources import source_file
from glassformer.tracing.recorded_pass import RecordedPass
from glassformer.tracing.steps import Step, layer_name
from glassformer.views import HistoryView, as_plain, structure_view, to_json

OVER_VOCABULARY = ("logits", "probabilities")
"""Roles of steps that have a number for each token id."""


def pass_of(
    trace: RecordedPass, *, prefix: str = "", with_weights: bool = False
) -> tuple[dict[str, Any], Mapping[str, Callable[[], bytes]]]:
    """The part of the manifest about one trace, and what makes its blocks.

    `prefix` goes before the names of its blocks; `with_weights` adds the weight matrices.
    """
    packer = Packer(prefix)
    steps = []
    for name in trace:
        step = trace.step(name)
        steps.append(_step(trace, step))
        if step.role not in OVER_VOCABULARY:
            summands = step.parents if step.operation == "sum" else ()
            packer.add(name, _reader(trace, name), _block(step), summands)
    parameters = _parameters(trace, packer, with_weights)
    target_length = None if trace.target is None else len(trace.target.tokens)
    predicted = trace.target_as_predicted
    shown = trace.config.shown_head
    data = {
        "model": trace.model_name,
        "config": trace.config.to_dict(),
        "source": trace.source.to_json(),
        "target": None if trace.target is None else trace.target.to_json(),
        "target_as_predicted": None if predicted is None else predicted.to_json(),
        "to": trace.to,
        "targets": [tag for tag, _ in trace.config.tags],
        "translations": trace.translations,
        "predictions": [_prediction(trace, row) for row in range(len(trace.predictions))],
        "history": None if trace.history is None else _history(trace.history),
        "notes": [note.to_json() for note in trace.notes],
        "card": None if shown is None else asdict(shown),
        "structure": to_json(structure_view(trace.config, len(trace.source.tokens), target_length)),
        "steps": steps,
        "parameters": parameters,
        "arrays": packer.entries,
    }
    return data, packer.makers()


def _step(trace: RecordedPass, step: Step) -> dict[str, Any]:
    lengths = {"source": len(trace.source.tokens)}
    lengths["target"] = 0 if trace.target is None else len(trace.target.tokens)
    return {
        "name": step.name,
        "formula": step.formula,
        "shape": list(step.shape(trace.config, lengths)),  # type: ignore[arg-type]
        "axes": list(step.axes),
        "parents": list(step.parents),
        "parameters": list(step.parameters),
        "side": step.side,
        "rows": step.rows,
        "columns": step.columns,
        "layer": step.layer,
        "part": step.part,
        "role": step.role,
        "operation": step.operation,
        "file": source_file(step),
    }


def _block(step: Step) -> str:
    """Numbers that are looked at together are loaded together."""
    stack = "encoder" if step.side == "source" else "decoder"
    if step.layer is not None:
        return layer_name(step.side, step.layer)
    return f"{stack}.embedding" if step.role != "stack" and step.role != "norm" else stack


def _parameters(trace: RecordedPass, packer: Packer, with_weights: bool) -> dict[str, Any]:
    """What is known of each weight; vectors are always among the arrays, matrices where asked for.

    Of a table (E, learned positions, token types) the row of each token is there: with the step
    that reads them they are mostly the same numbers.
    """
    found: dict[str, Any] = {}
    for name, parameter in trace.parameters.items():
        if not trace.has_model:
            found[name] = {"symbol": parameter.symbol, "kind": parameter.kind, "shape": None}
            continue
        array = trace.parameter(name)
        found[name] = {
            "symbol": parameter.symbol,
            "kind": parameter.kind,
            "shape": list(array.shape),
        }
        if parameter.kind == "vector" or (with_weights and parameter.kind == "matrix"):
            block = _block(parameter.step)
            if parameter.kind == "matrix":
                block = f"weights/{block}"
            packer.add(name, _parameter_reader(trace, name), block)
        elif parameter.kind == "table":
            packer.add(name, _table_reader(trace, parameter.step), _block(parameter.step))
    return found


def _reader(trace: RecordedPass, name: str) -> Callable[[], Array]:
    return lambda: trace[name]


def _parameter_reader(trace: RecordedPass, name: str) -> Callable[[], Array]:
    return lambda: narrowed(trace.parameter(name))


def _table_reader(trace: RecordedPass, step: Step) -> Callable[[], Array]:
    """The rows of a table that this step reads, one for each token."""

    def read() -> Array:
        rows = trace.parameter(step.parameters[0])
        stack, count = step.stack(trace.config), len(trace[step.name])
        if step.operation == "lookup":
            entries = rows[trace[step.parents[0]]]
            return narrowed(entries) if stack.scale_embedding else entries  # as the step's own
        if step.operation == "token_type":
            return rows[[trace.source.type_of(position) for position in range(count)]]
        return rows[stack.first_position : stack.first_position + count]

    return read


def _prediction(trace: RecordedPass, row: int) -> dict[str, Any]:
    """A prediction with what all tokens that are not named come to."""
    one = trace.predictions[row]
    if "probabilities" in trace:
        others = np.delete(trace["probabilities"][row], [likely.id for likely in one.best])
        rest = float(others.sum(dtype=np.float64))
    else:
        rest = max(0.0, 1.0 - sum(likely.probability for likely in one.best))
    return {**as_plain(one), "rest": rest}


def _history(history: HistoryView) -> list[list[dict[str, Any]]]:
    """The steps of a search, each candidate as the one that it continues and its last token.

    `after` is the place of that one among the candidates of the step before, from 0.
    """
    before: dict[tuple[str, ...], int | None] = {(): None}
    steps = []
    for step in history.steps:
        steps.append(
            [
                {
                    "after": before[one.tokens[:-1]],
                    "token": one.tokens[-1],
                    "score": one.score,
                    "fate": one.fate,
                }
                for one in step
            ]
        )
        kept = [(at, one) for at, one in enumerate(step) if one.fate == "kept"]
        before = {one.tokens: at for at, one in kept}
    return steps
