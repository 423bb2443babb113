"""The structure of a model, from its configuration."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from glassformer.config import Activation, ModelConfig, StackConfig

ACTIVATION_NAMES: Mapping[Activation, str] = {
    "relu": "ReLU",
    "gelu": "GELU",
    "gelu_tanh": "GELU_tanh",
    "silu": "SiLU",
}
"""As formulas write them."""


def token_types_formula(stack: StackConfig) -> str:
    """Which row of its token types a model adds: of several the one of a token's text in a pair."""
    return "token_types[type]" if stack.token_types > 1 else "token_types[0]"


@dataclass(frozen=True, kw_only=True)
class Block:
    """One box of the structure: what it is (a key for labels), its formula, and its shape.

    `shape_of` names what the shape is of where that is not what comes out of the box: the weights
    of an attention, the hidden layer of a feed-forward network.
    """

    kind: str
    formula: str
    shape: tuple[int, ...]
    shape_of: str = ""

    @property
    def is_added(self) -> bool:
        """Whether it is added to the embedding from the side, as positions are."""
        return self.kind.startswith(("positions_", "token_types"))


@dataclass(frozen=True, kw_only=True)
class StackView:
    """The encoder or the decoder: what goes in, one layer of the many alike, what comes out.

    Around each sublayer goes a residual way, joined again in an add & norm of the given formula.
    """

    side: Literal["encoder", "decoder"]
    inputs: tuple[Block, ...]
    num_layers: int
    sublayers: tuple[Block, ...]
    add_norm: Block
    outputs: tuple[Block, ...]


@dataclass(frozen=True, kw_only=True)
class StructureView:
    """The whole model from its configuration, bottom to top."""

    stacks: tuple[StackView, ...]


def structure_view(
    config: ModelConfig, source_length: int, target_length: int | None = None
) -> StructureView:
    """The structure of a model, with the shapes that sentences of these lengths have in it."""
    stacks = [_stack_view("encoder", config.encoder, source_length, source_length)]
    if config.decoder is not None and target_length is not None:
        decoder = _stack_view("decoder", config.decoder, target_length, source_length)
        entries = (target_length, config.decoder.vocabulary)
        bias = " + b" if config.output_bias else ""
        outputs = (
            *decoder.outputs,
            Block(kind="logits", formula=f"h Eᵀ{bias}", shape=entries),
            Block(kind="probabilities", formula="softmax", shape=entries),
        )
        stacks.append(dataclasses.replace(decoder, outputs=outputs))
    return StructureView(stacks=tuple(stacks))


def _stack_view(
    side: Literal["encoder", "decoder"], stack: StackConfig, length: int, source_length: int
) -> StackView:
    vectors = (length, stack.d_model)
    inputs = [Block(kind="tokens", formula="", shape=(length,))]
    scale = " · √d_model" if stack.scale_embedding else ""
    inputs.append(Block(kind="embedding", formula=f"E[ids]{scale}", shape=vectors))
    if stack.positions != "none":
        row = f"pos + {stack.first_position}" if stack.first_position else "pos"
        formula = f"table[{row}]" if stack.positions == "learned" else "sin, cos"
        inputs.append(Block(kind=f"positions_{stack.positions}", formula=formula, shape=vectors))
    if stack.token_types:
        formula = token_types_formula(stack)
        inputs.append(Block(kind="token_types", formula=formula, shape=vectors))
    formula = " + ".join(_SUMMANDS[block.kind.partition("_")[0]] for block in inputs[1:])
    if stack.embedding_norm:
        formula = f"LayerNorm({formula})"
    inputs.append(Block(kind="input", formula=formula, shape=vectors))

    scaled = f" / √{stack.d_head}" if stack.scale_scores else ""
    attention = f"softmax(Q Kᵀ{scaled}) V"
    own, cross = (stack.num_heads, length, length), (stack.num_heads, length, source_length)
    name = "self_attention" if side == "encoder" else "masked_self_attention"
    sublayers = [Block(kind=name, formula=attention, shape=own, shape_of="weights")]
    if side == "decoder":
        sublayers.append(
            Block(kind="cross_attention", formula=attention, shape=cross, shape_of="weights")
        )
    formula = f"{ACTIVATION_NAMES[stack.activation]}(x W₁ + b₁) W₂ + b₂"
    hidden = (length, stack.d_ff)
    sublayers.append(Block(kind="feed_forward", formula=formula, shape=hidden, shape_of="hidden"))

    formulas = {
        "post": "LayerNorm(x + sublayer(x))",
        "pre": "x + sublayer(LayerNorm(x))",
        "none": "x + sublayer(x)",
    }
    add_norm = Block(
        kind="add" if stack.norm == "none" else "add_norm",
        formula=formulas[stack.norm],
        shape=vectors,
    )
    last = "LayerNorm(x)" if stack.norm == "pre" else ""
    output = Block(kind="representation" if side == "encoder" else "h", formula=last, shape=vectors)
    return StackView(
        side=side,
        inputs=tuple(inputs),
        num_layers=stack.num_layers,
        sublayers=tuple(sublayers),
        add_norm=add_norm,
        outputs=(output,),
    )


_SUMMANDS = {"embedding": "X", "positions": "P", "token": "T"}
