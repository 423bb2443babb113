"""X + P of a sentence: embedding, positions, and what goes into the first layer."""

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np

from glassformer.config import Part
from glassformer.inspection.excerpts import LONGEST, check_length
from glassformer.inspection.matrix import matrix_view
from glassformer.tracing.recorded_pass import RecordedPass
from glassformer.views import FlowPanel, MatrixView, PositionsView

Array = np.ndarray[Any, np.dtype[Any]]

_LETTERS = {"tokens": "X", "positions": "P", "token_types": "T"}


def positions_view(trace: RecordedPass, part: Part = "encoder") -> PositionsView:
    """X, P and their sum, of the encoder or (any other part) of the decoder.

    A model without positions has X alone.

    Raises:
        UsageError: when the model has no decoder, no target was traced, or the text is too long to
            read such a picture.
        TraceError: when these steps were not kept.
    """
    stack = trace.config.stack_of(part)
    side = "encoder" if part == "encoder" else "decoder"
    name = f"{side}.embedding"
    total = f"{name}.sum" if stack.embedding_norm else name
    step = trace.step(total)
    check_length(len(trace[total]), LONGEST, "positions")
    names = {_LETTERS[parent.rpartition(".")[2]]: parent for parent in step.parents}
    sum_of = " + ".join(names)
    matrices = {letter: matrix_view(trace, parent) for letter, parent in names.items()}
    everything = [*matrices.values(), matrix_view(trace, total)]
    # One scale, so that one sees how large P is beside X.
    full = _full([trace[one] for one in (*names.values(), total)])

    def panel(title: str, matrix: MatrixView, full: float = full) -> FlowPanel:
        shape = (len(matrix.values), len(matrix.values[0]))
        return FlowPanel(title=title, matrix=dataclasses.replace(matrix, full=full), shape=shape)

    normalised = None
    if stack.embedding_norm:
        own = _full([trace[name]])
        normalised = panel(f"LayerNorm({sum_of})", matrix_view(trace, name), own)

    return PositionsView(
        side="encoder" if part == "encoder" else "decoder",
        positions=stack.positions,
        summands=tuple(panel(letter, matrix) for letter, matrix in matrices.items()),
        total=panel(sum_of, everything[-1]),
        normalised=normalised,
    )


def _full(matrices: Sequence[Array]) -> float:
    """The number at which colours are full: of all numbers one in a hundred is larger.

    A few features of trained models are so large that nothing else would have any colour.
    """
    sizes = np.abs(np.concatenate([matrix.reshape(-1) for matrix in matrices]))
    return float(np.quantile(sizes.astype(np.float64), 0.99))
