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
    from glassformer.decoding.scoring import ScoredTarget
    from glassformer.decoding.translator import Translation
    from glassformer.encoding.encoder import Encoding
    from glassformer.errors import GlassformerError, GlassformerWarning
    from glassformer.inspection.report import Report
    from glassformer.inspection.trace import Trace
    from glassformer.library import (
        EncodedFile,
        Evaluation,
        Glassformer,
        KnownModel,
        ScoredFile,
        TracedFile,
        TranslatedFile,
        encode_file,
        evaluate,
        load,
        models,
        page,
        report,
        score_file,
        trace_file,
        translate_file,
    )
    from glassformer.messages import Note
    from glassformer.model.transformer import Transformer
    from glassformer.requests.inspection import InspectRequest
    from glassformer.server.serving import serve
    from glassformer.tracing.explain import Explanation
    from glassformer.training.average import AverageResult, average
    from glassformer.training.corpus.pairs import PairFiles
    from glassformer.training.train import TrainingResult, train

_ROOM_OF = {
    "AverageResult": "glassformer.training.average",
    "EncodedFile": "glassformer.library",
    "Encoding": "glassformer.encoding.encoder",
    "Evaluation": "glassformer.library",
    "Explanation": "glassformer.tracing.explain",
    "Glassformer": "glassformer.library",
    "GlassformerError": "glassformer.errors",
    "GlassformerWarning": "glassformer.errors",
    "InspectRequest": "glassformer.requests.inspection",
    "KnownModel": "glassformer.library",
    "ModelConfig": "glassformer.config",
    "Note": "glassformer.messages",
    "PairFiles": "glassformer.training.corpus.pairs",
    "Report": "glassformer.inspection.report",
    "ScoredFile": "glassformer.library",
    "ScoredTarget": "glassformer.decoding.scoring",
    "ShownHead": "glassformer.config",
    "StackConfig": "glassformer.config",
    "Trace": "glassformer.inspection.trace",
    "TracedFile": "glassformer.library",
    "TrainingResult": "glassformer.training.train",
    "Transformer": "glassformer.model.transformer",
    "TranslatedFile": "glassformer.library",
    "Translation": "glassformer.decoding.translator",
    "average": "glassformer.training.average",
    "encode_file": "glassformer.library",
    "evaluate": "glassformer.library",
    "load": "glassformer.library",
    "models": "glassformer.library",
    "page": "glassformer.library",
    "report": "glassformer.library",
    "score_file": "glassformer.library",
    "serve": "glassformer.server.serving",
    "trace_file": "glassformer.library",
    "train": "glassformer.training.train",
    "translate_file": "glassformer.library",
}

__all__ = [
    "AverageResult",
    "EncodedFile",
    "Encoding",
    "Evaluation",
    "Explanation",
    "Glassformer",
    "GlassformerError",
    "GlassformerWarning",
    "InspectRequest",
    "KnownModel",
    "ModelConfig",
    "Note",
    "PairFiles",
    "Report",
    "ScoredFile",
    "ScoredTarget",
    "ShownHead",
    "StackConfig",
    "Trace",
    "TracedFile",
    "TrainingResult",
    "Transformer",
    "TranslatedFile",
    "Translation",
    "average",
    "encode_file",
    "evaluate",
    "load",
    "models",
    "page",
    "report",
    "score_file",
    "serve",
    "trace_file",
    "train",
    "translate_file",
]


def __getattr__(name: str) -> Any:
    if name not in _ROOM_OF:
        raise AttributeError(f"module 'glassformer' has no attribute {name!r}")
    return getattr(importlib.import_module(_ROOM_OF[name]), name)


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
