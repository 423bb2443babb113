"""Drawn models: every variant of the configuration, over sizes that are different primes.

A swapped pair of axes then never fits by chance. The one size that is no prime, 1, stands for the
single head and the single layer.
"""

from typing import NamedTuple

import numpy as np
import torch
from hypothesis import settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from glassformer.config import ModelConfig, ShownHead, StackConfig
from glassformer.model.transformer import Transformer

COUNTS = (1, 2, 3, 5)
LENGTHS = (7, 11, 13, 17)
WIDTHS = (19, 23, 29, 31, 37, 41)


def examples(count: int) -> settings:
    """So many examples in the short profile, as many times more in the long one as it has more."""
    usual = settings.get_profile("short").max_examples
    return settings(max_examples=count * settings().max_examples // usual)


class Case(NamedTuple):
    """A configuration, a seed for its weights, and tokens to run it on."""

    config: ModelConfig
    seed: int
    source: list[int]
    target: list[int]


@st.composite
def stacks(
    draw: st.DrawFn,
    *,
    vocabulary: int,
    num_heads: int,
    d_head: int,
    d_ff: int,
    num_layers: int,
    max_positions: int,
    decoder: bool = False,
) -> StackConfig:
    """One stack of the given sizes and any variant of its parts."""
    return StackConfig(
        vocabulary=vocabulary,
        d_model=num_heads * d_head,
        num_heads=num_heads,
        d_ff=d_ff,
        num_layers=num_layers,
        activation=draw(st.sampled_from(["relu", "gelu", "gelu_tanh", "silu"])),
        norm=draw(st.sampled_from(["post", "pre", "none"])),
        norm_epsilon=draw(st.sampled_from([1e-5, 1e-12, 0.25])),
        positions=draw(st.sampled_from(["sinusoidal", "sinusoidal_halves", "learned", "none"])),
        max_positions=max_positions,
        first_position=draw(st.sampled_from([0, 2])),
        scale_embedding=draw(st.booleans()),
        embedding_norm=draw(st.booleans()),
        token_types=0 if decoder else draw(st.sampled_from([0, 2])),
        scale_scores=draw(st.booleans()),
        dropout=draw(st.sampled_from([0.0, 0.1])),
        attention_dropout=draw(st.sampled_from([0.0, 0.2])),
        activation_dropout=draw(st.sampled_from([0.0, 0.3])),
    )


@st.composite
def cases(draw: st.DrawFn, *, decoder: bool | None = None) -> Case:
    """A model of any shape with a source and a target; `decoder` says whether it has one."""
    encoder_heads, encoder_layers, decoder_heads, decoder_layers = draw(st.permutations(COUNTS))
    encoder_head, decoder_head, source, target = draw(st.permutations(LENGTHS))
    encoder_ff, decoder_ff, vocabulary, target_vocabulary, most, most_target = draw(
        st.permutations(WIDTHS)
    )
    tied = draw(st.booleans())
    if tied:
        decoder_heads, decoder_head, target_vocabulary = encoder_heads, encoder_head, vocabulary
    encoder = draw(
        stacks(
            vocabulary=vocabulary,
            num_heads=encoder_heads,
            d_head=encoder_head,
            d_ff=encoder_ff,
            num_layers=encoder_layers,
            max_positions=most,
        )
    )
    seed = draw(st.integers(0, 999))
    random = np.random.default_rng(seed)
    source_tokens = random.integers(vocabulary, size=source).tolist()
    target_tokens = random.integers(target_vocabulary, size=target).tolist()
    if decoder is None:
        decoder = draw(st.booleans())
    if not decoder:
        config = ModelConfig(encoder=encoder, tie_embeddings=tied, padding=draw(st.integers(0, 18)))
        return Case(config, seed, source_tokens, target_tokens)
    padding, start, end, french, german, hidden = draw(st.permutations(range(19)))[:6]
    layer, head = (draw(st.integers(1, n)) for n in (decoder_layers, decoder_heads))
    config = ModelConfig(
        encoder=encoder,
        decoder=draw(
            stacks(
                vocabulary=target_vocabulary,
                num_heads=decoder_heads,
                d_head=decoder_head,
                d_ff=decoder_ff,
                num_layers=decoder_layers,
                max_positions=most_target,
                decoder=True,
            )
        ),
        tie_embeddings=tied,
        output_bias=draw(st.booleans()),
        padding=padding,
        start=draw(st.sampled_from([None, start, padding])),
        end=draw(st.sampled_from([None, end])),
        tags=draw(st.sampled_from([(), (("fr", french), ("de", german))])),
        suppressed=draw(st.sampled_from([(), (hidden,)])),
        shown_head=draw(
            st.sampled_from([None, ShownHead(part="cross", layer=layer, head=head, reason="drawn")])
        ),
    )
    return Case(config, seed, source_tokens, target_tokens)


def build(config: ModelConfig, dtype: torch.dtype = torch.float64, seed: int = 0) -> Transformer:
    """A model in eval mode with every weight drawn at random.

    Fresh models have zero biases, gains of one and a zero padding row, behind which a forgotten
    summand, factor or mask could hide; here none of these is trivial. Weights of one seed are the
    same in every dtype, but for rounding. Projections are drawn small, so that without norm or
    scaling the softmax does not turn the rounding of float32 into an error of its own.
    """
    model = Transformer(config).to(dtype).eval()
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, weight in model.named_parameters():
            drawn = torch.randn(weight.shape, generator=generator, dtype=torch.float64)
            if weight.dim() == 1:
                weight.copy_(0.3 * drawn + (1.0 if name.endswith("norm.weight") else 0.0))
            elif "embedding" in name:
                weight.copy_(drawn / weight.shape[1] ** 0.5)
            else:
                weight.copy_(drawn / weight.shape[1] ** 0.5 / 2.0)
    return model


def weights_of(model: Transformer) -> dict[str, NDArray[np.float64]]:
    """All weights by name, tied ones under each of their names, for the oracle."""
    return {name: weight.double().numpy() for name, weight in model.state_dict().items()}
