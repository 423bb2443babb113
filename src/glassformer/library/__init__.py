"""What a user of the package holds: models, and one function for every command.

    load, Glassformer      a model with its tokenizer: encode, translate, score, inspect, report
    report                 what to show of a text, or of a moment in a training
    page                   all of it, as a page to walk through
    encode_file, translate_file, score_file, trace_file    files of any length
    evaluate, models       how good translations are · what can be loaded here

Names are loaded when they are used, so that listing models imports no torch.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from glassformer.library.encoding import EncodedFile, encode_file
    from glassformer.library.evaluating import Evaluation, evaluate
    from glassformer.library.listing import KnownModel, models
    from glassformer.library.loading import load
    from glassformer.library.model import Glassformer
    from glassformer.library.pages import page
    from glassformer.library.reporting import report
    from glassformer.library.scoring import ScoredFile, score_file
    from glassformer.library.tracing import TracedFile, trace_file
    from glassformer.library.translating import TranslatedFile, translate_file

__all__ = [
    "EncodedFile",
    "Evaluation",
    "Glassformer",
    "KnownModel",
    "ScoredFile",
    "TracedFile",
    "TranslatedFile",
    "encode_file",
    "evaluate",
    "load",
    "models",
    "page",
    "report",
    "score_file",
    "trace_file",
    "translate_file",
]

_FILE_OF = {
    "EncodedFile": "encoding",
    "Evaluation": "evaluating",
    "Glassformer": "model",
    "KnownModel": "listing",
    "ScoredFile": "scoring",
    "TracedFile": "tracing",
    "TranslatedFile": "translating",
    "encode_file": "encoding",
    "evaluate": "evaluating",
    "load": "loading",
    "models": "listing",
    "page": "pages",
    "report": "reporting",
    "score_file": "scoring",
    "trace_file": "tracing",
    "translate_file": "translating",
}


def __getattr__(name: str) -> Any:
    if name not in _FILE_OF:
        raise AttributeError(f"module 'glassformer.library' has no attribute {name!r}")
    module = importlib.import_module(f"glassformer.library.{_FILE_OF[name]}")
    return getattr(module, name)
