"""Glassformer: the Transformer of "Attention Is All You Need" with glass walls.

    import glassformer

    model = glassformer.load()
    r = model.encode("a dog ate the food because it was hungry")
    trace = model.inspect("a dog ate the food because it was hungry")

Names are loaded when they are used: `import glassformer` does not import torch.
"""

import importlib
from typing import TYPE_CHECKING, Any

from glassformer.version import __version__ as __version__

if TYPE_CHECKING:
    from glassformer.config import ModelConfig, ShownHead, StackConfig
    from glassformer.decoding.translator import Translation
    from glassformer.encoding.encoder import Encoding
    from glassformer.errors import GlassformerError
    from glassformer.inspection.trace import Trace
    from glassformer.library import Glassformer, load
    from glassformer.model.transformer import Transformer
    from glassformer.tracing.explain import Explanation
    from glassformer.training.average import AverageResult, average
    from glassformer.training.corpus.pairs import PairFiles
    from glassformer.training.train import TrainingResult, train

_ROOM_OF = {
    "AverageResult": "glassformer.training.average",
    "Encoding": "glassformer.encoding.encoder",
    "Explanation": "glassformer.tracing.explain",
    "Glassformer": "glassformer.library",
    "GlassformerError": "glassformer.errors",
    "ModelConfig": "glassformer.config",
    "PairFiles": "glassformer.training.corpus.pairs",
    "ShownHead": "glassformer.config",
    "StackConfig": "glassformer.config",
    "Trace": "glassformer.inspection.trace",
    "TrainingResult": "glassformer.training.train",
    "Transformer": "glassformer.model.transformer",
    "Translation": "glassformer.decoding.translator",
    "average": "glassformer.training.average",
    "load": "glassformer.library",
    "train": "glassformer.training.train",
}

__all__ = [
    "AverageResult",
    "Encoding",
    "Explanation",
    "Glassformer",
    "GlassformerError",
    "ModelConfig",
    "PairFiles",
    "ShownHead",
    "StackConfig",
    "Trace",
    "TrainingResult",
    "Transformer",
    "Translation",
    "average",
    "load",
    "train",
]


def __getattr__(name: str) -> Any:
    if name not in _ROOM_OF:
        raise AttributeError(f"module 'glassformer' has no attribute {name!r}")
    return getattr(importlib.import_module(_ROOM_OF[name]), name)


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
