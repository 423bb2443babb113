"""A tokenizer of nineteen words and models that fit it, for tests that need no real ones."""

import functools

import numpy as np
import pytest
import tokenizers
import torch
from hypothesis import strategies as st
from numpy.typing import NDArray
from strategies import build
from tokenizers import models, normalizers, pre_tokenizers, processors

from glassformer.config import ModelConfig, StackConfig
from glassformer.encoding.encoder import Encoding, SentenceEncoder
from glassformer.library import Glassformer, load
from glassformer.pretrained.files import MINILM, find_packaged
from glassformer.text.tokenizer import Tokenizer

SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
WORDS = [
    "a",
    "dog",
    "ate",
    "the",
    "food",
    "it",
    "was",
    "hungry",
    "狗",
    "吃",
    "犬",
    "שלום",
    "🐕",
    "é",
]

# A text of a few words, never longer than the smallest of the drawn models takes (19).
texts = st.lists(st.sampled_from([*WORDS, "other"]), min_size=1, max_size=17).map(" ".join)


@functools.cache
def tiny_tokenizer() -> Tokenizer:
    """One token a word of `WORDS`, [UNK] for any other, between [CLS] and [SEP]."""
    vocabulary = {token: id for id, token in enumerate([*SPECIAL, *WORDS])}
    backend = tokenizers.Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    backend.normalizer = normalizers.NFC()
    backend.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    backend.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    backend.add_special_tokens(SPECIAL)
    return Tokenizer(backend)


TINY = ModelConfig(
    encoder=StackConfig(
        vocabulary=19, d_model=14, num_heads=2, d_ff=11, num_layers=1, max_positions=23
    )
)


def tiny_encoder(dtype: torch.dtype = torch.float32) -> SentenceEncoder:
    """One layer of width 14 that takes 23 tokens."""
    return SentenceEncoder(build(TINY, dtype), tiny_tokenizer())


def encoding_of(text: str, vectors: NDArray[np.floating]) -> Encoding:
    """These vectors as if they were the text's."""
    return Encoding(text, vectors, tiny_tokenizer().encode(text))


@functools.cache
def minilm() -> Glassformer:
    """all-MiniLM-L6-v2 where it is installed; the test is skipped where it is not."""
    if find_packaged(MINILM) is None:
        pytest.skip("all-MiniLM-L6-v2 is not installed (extra minilm)")
    return load(MINILM.name)
