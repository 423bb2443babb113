"""Pictures as a person saw and approved them, letter by letter.

After a change that is meant, write them anew, look at each, and commit them with the change:

    PYTHONPATH=tests python tests/drawing/test_golden.py
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from views_for_tests import (
    CHINESE,
    ENGLISH,
    STRANGE,
    attention_view,
    representation_view,
    step_views,
    structure_view,
)

from glassformer.drawing import terminal

GOLDEN = Path(__file__).parent / "golden"

BERT: dict[str, Any] = {
    "norm": "post",
    "activation": "gelu",
    "positions": "learned",
    "token_types": 2,
    "embedding_norm": True,
    "scale_embedding": False,
    "num_layers": 12,
}
BARE: dict[str, Any] = {"norm": "none", "positions": "none", "scale_scores": False, "num_layers": 1}
PRE: dict[str, Any] = {
    "norm": "pre",
    "activation": "silu",
    "positions": "sinusoidal_halves",
    "num_layers": 3,
}


def drawn(drawing: Callable[..., Any], view: Any, width: int, *rest: Any) -> Callable[[], str]:
    return lambda: terminal.render(drawing(view, *rest), width=width)


CARD = attention_view(word=6, choice="card", reason="finds what “it” is in 61 % of sentences")
ALL = attention_view(heads=((1, 1), (1, 2), (2, 1), (2, 2)), choice="all")
CROSS = attention_view(ENGLISH[:4], keys=CHINESE, part="cross", heads=((None, None),), mean_of=48)
LAYER = attention_view(ENGLISH[:5], part="decoder", heads=((2, None),), mean_of=8, choice="mean")
SHOWN = attention_view(
    ENGLISH[:5], shown_keys=(1, 4), shown_queries=(0, 2), hidden_share=(0.5, 0.7)
)

PICTURES = {
    "structure-base": drawn(terminal.Structure, structure_view(target=13), 100),
    "structure-base-zh": drawn(terminal.Structure, structure_view(target=13), 80, "zh", 6),
    "structure-bert": drawn(terminal.Structure, structure_view(**BERT), 130, "en", 4),
    "structure-bare": drawn(terminal.Structure, structure_view(**BARE), 80),
    "structure-pre-norm-narrow": drawn(terminal.Structure, structure_view(**PRE), 40, "en", 2),
    "steps": drawn(terminal.Steps, step_views(), 130),
    "steps-zh": drawn(terminal.Steps, step_views(), 80, "zh"),
    "steps-narrow": drawn(terminal.Steps, step_views(), 40),
    "bars": drawn(terminal.Attention, CARD, 80),
    "bars-zh": drawn(terminal.Attention, attention_view(CHINESE, word=8), 60, "zh"),
    "bars-strange": drawn(terminal.Attention, attention_view(STRANGE, word=1), 60),
    "matrix": drawn(terminal.Attention, attention_view(choice="largest"), 100),
    "matrix-zh": drawn(terminal.Attention, attention_view(CHINESE), 80, "zh"),
    "matrix-strange": drawn(terminal.Attention, attention_view(STRANGE), 80),
    "matrix-layer": drawn(terminal.Attention, LAYER, 80),
    "matrix-some": drawn(terminal.Attention, SHOWN, 80),
    "matrix-cross": drawn(terminal.Attention, CROSS, 80),
    "matrix-cross-zh": drawn(terminal.Attention, CROSS, 80, "zh"),
    "strongest": drawn(terminal.Attention, attention_view(), 40),
    "heads": drawn(terminal.Attention, ALL, 80),
    "heads-zh": drawn(terminal.Attention, ALL, 80, "zh"),
    "representation": drawn(terminal.Representation, representation_view(), 80),
    "representation-zh": drawn(terminal.Representation, representation_view(CHINESE), 60, "zh"),
    "representation-strange": drawn(terminal.Representation, representation_view(STRANGE), 60),
}


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_as_it_was_approved(name: str) -> None:
    assert PICTURES[name]() == (GOLDEN / f"{name}.txt").read_text(encoding="utf-8")


def test_there_is_no_approved_picture_without_a_test() -> None:
    assert {path.stem for path in GOLDEN.glob("*.txt")} == {*PICTURES}


if __name__ == "__main__":
    for name, picture in PICTURES.items():
        (GOLDEN / f"{name}.txt").write_text(picture(), encoding="utf-8")
