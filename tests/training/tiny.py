"""A small model and made-up pairs to train on; sizes are different primes."""

from pathlib import Path
from typing import Any

import numpy as np
import torch

from glassformer.config import ModelConfig, StackConfig, TrainingConfig
from glassformer.model.transformer import Transformer
from glassformer.training.corpus.examples import Examples, write_examples
from glassformer.training.corpus.filtering import CorpusStatistics
from glassformer.training.corpus.pairs import Pair, PairFiles
from glassformer.training.corpus.subwords import whitespace_vocabulary

WORDS = ("red", "green", "blue", "white", "black", "big", "small", "old", "new", "dog", "cat")
TAGS = ("de", "nl")

_OPEN = {
    "learning_rate": 0.01,
    "warmup": 1,
    "schedule": "inverse_sqrt",
    "max_updates": 7,
    "precision": "float32",
}


def sentences(count: int, seed: int = 1, longest: int = 7) -> list[str]:
    """So many sentences of one to `longest` words."""
    random = np.random.default_rng(seed)
    lengths = random.integers(1, longest + 1, count)
    return [" ".join(random.choice(WORDS, length)) for length in lengths]


def made_pairs(count: int, *, tags: tuple[str, ...] = (), seed: int = 1) -> list[Pair]:
    """Pairs whose target is the source backwards."""
    files = PairFiles(Path("made.tsv"))
    return [
        Pair(
            text,
            " ".join(reversed(text.split(" "))),
            tags[line % len(tags)] if tags else None,
            line,
            files,
        )
        for line, text in enumerate(sentences(count, seed), 1)
    ]


TOKENIZER, ROLES = whitespace_vocabulary(WORDS)
TAGGED_TOKENIZER, TAGGED_ROLES = whitespace_vocabulary(WORDS, tags=TAGS)


def made_examples(
    folder: Path, count: int, *, tags: tuple[str, ...] = (), seed: int = 1
) -> Examples:
    """The same as tokens in a folder."""
    tokenizer, roles = (TAGGED_TOKENIZER, TAGGED_ROLES) if tags else (TOKENIZER, ROLES)
    pairs = made_pairs(count, tags=tags, seed=seed)
    return write_examples(
        folder, pairs, tokenizer, tokenizer, roles, max_length=101, statistics=CorpusStatistics()
    )


def model_config(*, tags: bool = False, **changes: Any) -> ModelConfig:
    """One layer on each side, without dropout."""
    tokenizer, roles = (TAGGED_TOKENIZER, TAGGED_ROLES) if tags else (TOKENIZER, ROLES)
    stack: dict[str, Any] = {
        "vocabulary": tokenizer.vocabulary,
        "d_model": 2 * 7,
        "num_heads": 2,
        "d_ff": 17,
        "num_layers": 1,
        "max_positions": 41,
        "dropout": 0.0,
    }
    settings: dict[str, Any] = {
        "padding": roles.padding,
        "start": roles.start,
        "end": roles.end,
        "tags": roles.tags,
        "suppressed": roles.suppressed,
    }
    for name, value in changes.items():
        (stack if name in stack or name in StackConfig.__dataclass_fields__ else settings)[name] = (
            value
        )
    one = StackConfig(**stack)
    return ModelConfig(encoder=one, decoder=one, **settings)


def new_model(config: ModelConfig | None = None, seed: int = 1) -> Transformer:
    """A model with fresh weights, as training begins with."""
    torch.manual_seed(seed)
    return Transformer(config or model_config())


def training_config(**training: Any) -> TrainingConfig:
    """Settings of which none is open that a step needs."""
    return TrainingConfig.from_dict({"training": {**_OPEN, **training}})
