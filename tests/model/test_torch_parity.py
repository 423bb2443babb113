"""The layers equal torch's own, `nn.TransformerEncoderLayer` and `nn.TransformerDecoderLayer`."""

from typing import Any

import pytest
import torch
from narrowing import part_of
from strategies import build
from torch import Tensor, nn

from glassformer.config import Activation, ModelConfig, Norm, StackConfig
from glassformer.model.attention import MultiHeadAttention
from glassformer.model.decoder import DecoderLayer
from glassformer.model.encoder import EncoderLayer
from glassformer.model.masks import causal_mask, padding_mask
from glassformer.model.transformer import Transformer

HEADS, D_HEAD, D_FF = 3, 7, 29
SOURCE, TARGET = 11, 13
LENGTHS = [SOURCE, 5]

variants = pytest.mark.parametrize(
    ("norm", "activation"),
    [("post", "relu"), ("post", "gelu"), ("pre", "relu"), ("pre", "gelu")],
)


def model_and_theirs(
    kind: type[nn.Module], norm: Norm, activation: Activation
) -> tuple[Transformer, nn.Module]:
    stack = StackConfig(
        vocabulary=31,
        d_model=HEADS * D_HEAD,
        num_heads=HEADS,
        d_ff=D_FF,
        num_layers=1,
        norm=norm,
        activation=activation,
    )
    theirs = kind(
        stack.d_model,
        stack.num_heads,
        stack.d_ff,
        activation=activation,
        layer_norm_eps=stack.norm_epsilon,
        batch_first=True,
        norm_first=norm == "pre",
        dtype=torch.float64,
    )
    return build(ModelConfig(encoder=stack, decoder=stack)), theirs.eval()


def attention_to_torch(ours: MultiHeadAttention, prefix: str) -> dict[str, Tensor]:
    projections = ours.query, ours.key, ours.value
    return {
        f"{prefix}.in_proj_weight": torch.cat([linear.weight for linear in projections]),
        f"{prefix}.in_proj_bias": torch.cat([linear.bias for linear in projections]),
        f"{prefix}.out_proj.weight": ours.output.weight,
        f"{prefix}.out_proj.bias": ours.output.bias,
    }


def rest_to_torch(ours: EncoderLayer | DecoderLayer) -> dict[str, Tensor]:
    parts: dict[str, Any] = {
        "linear1": ours.feed_forward.expand,
        "linear2": ours.feed_forward.contract,
    }
    norms = [part.norm for name, part in ours.named_children() if name.startswith("add_norm")]
    parts |= {f"norm{number}": norm for number, norm in enumerate(norms, start=1)}
    return {
        f"{name}.{kind}": getattr(part, kind)
        for name, part in parts.items()
        for kind in ("weight", "bias")
    }


def inputs(length: int, seed: int) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    size = (len(LENGTHS), length, HEADS * D_HEAD)
    return torch.randn(size, generator=generator, dtype=torch.float64)


@variants
def test_encoder_layer(norm: Norm, activation: Activation) -> None:
    model, theirs = model_and_theirs(nn.TransformerEncoderLayer, norm, activation)
    ours = part_of(model, "encoder.layers.0", EncoderLayer)
    theirs.load_state_dict(
        attention_to_torch(ours.self_attention, "self_attn") | rest_to_torch(ours)
    )
    x, mask = inputs(SOURCE, 1), padding_mask(torch.tensor(LENGTHS))
    expected = theirs(x, src_key_padding_mask=~mask[:, 0, 0])
    for row, length in enumerate(LENGTHS):  # torch leaves open what stands beyond the length
        torch.testing.assert_close(
            ours(x, mask)[row, :length], expected[row, :length], rtol=0, atol=1e-12
        )


@variants
def test_decoder_layer(norm: Norm, activation: Activation) -> None:
    model, theirs = model_and_theirs(nn.TransformerDecoderLayer, norm, activation)
    ours = part_of(model, "decoder.layers.0", DecoderLayer)
    theirs.load_state_dict(
        attention_to_torch(ours.self_attention, "self_attn")
        | attention_to_torch(ours.cross_attention, "multihead_attn")
        | rest_to_torch(ours)
    )
    x, memory = inputs(TARGET, 1), inputs(SOURCE, 2)
    mask, memory_mask = causal_mask(TARGET, TARGET), padding_mask(torch.tensor(LENGTHS))
    expected = theirs(x, memory, tgt_mask=~mask, memory_key_padding_mask=~memory_mask[:, 0, 0])
    torch.testing.assert_close(ours(x, memory, mask, memory_mask), expected, rtol=0, atol=1e-12)
