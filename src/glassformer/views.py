"""What a picture shows, as plain data: every surface draws from these and from nothing else.

People count layers and heads from 1, and so do these fields; positions count from 0.
"""

import dataclasses
import unicodedata
from dataclasses import dataclass
from typing import Any, Literal, Self

from glassformer.config import ModelConfig, Part, StackConfig

Unit = Literal["words", "tokens"]
Choice = Literal["asked", "card", "mean", "largest", "all"]


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """One side of what a model read: its tokens, its words, and which belongs to which.

    `word_of_token` is None for special tokens and for those that cover no visible character.
    """

    text: str
    tokens: tuple[str, ...]
    special: tuple[bool, ...]
    words: tuple[str, ...]
    word_of_token: tuple[int | None, ...]

    @property
    def is_consistent(self) -> bool:
        """Whether tokens, words and the map between them fit together."""
        texts = (self.text, *self.tokens, *self.words)
        return (
            len(self.tokens) == len(self.special) == len(self.word_of_token)
            and all(isinstance(text, str) for text in texts)
            and all(word is None or word in range(len(self.words)) for word in self.word_of_token)
        )

    def to_json(self) -> dict[str, Any]:
        """Plain data; `from_json` reads it back."""
        return dataclasses.asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Read what `to_json` gave."""
        lists: dict[str, Any] = {k: v if k == "text" else tuple(v) for k, v in data.items()}
        return cls(**lists)


@dataclass(frozen=True, kw_only=True)
class Link:
    """How much of its attention the word (or token) `from_` gives to `to`.

    Layer and head are None where the weight is a mean over several.
    """

    part: Part
    layer: int | None
    head: int | None
    from_: int
    to: int
    weight: float

    def to_json(self) -> dict[str, Any]:
        """Plain data, with `from` for `from_`."""
        return {
            "part": self.part,
            "layer": self.layer,
            "head": self.head,
            "from": self.from_,
            "to": self.to,
            "weight": self.weight,
        }


@dataclass(frozen=True, kw_only=True)
class AttentionView:
    """Who attends to whom in one part of a model.

    `queries` and `keys` are all words (or tokens) from and to which links can go; for
    self-attention both are the same. `shown_queries` and `shown_keys` are the positions among them
    that are shown: without special tokens unless asked for, and only what was selected. `heads` are
    the (layer, head) shown, with None for a mean over `mean_of` heads, and `choice` and `reason`
    say how they came to be chosen. `hidden_share` is, for each query shown, the part of its
    attention that goes to keys that are not shown, averaged over the heads shown.
    """

    part: Part
    unit: Unit
    queries: tuple[str, ...]
    keys: tuple[str, ...]
    shown_queries: tuple[int, ...]
    shown_keys: tuple[int, ...]
    heads: tuple[tuple[int | None, int | None], ...]
    mean_of: int
    choice: Choice
    reason: str
    links: tuple[Link, ...]
    hidden_share: tuple[float, ...]

    def to_json(self) -> dict[str, Any]:
        """Plain data."""
        return {**dataclasses.asdict(self), "links": [link.to_json() for link in self.links]}


@dataclass(frozen=True, kw_only=True)
class StepView:
    """One traced step: its shape, its formula and a glimpse of its numbers."""

    name: str
    shape: tuple[int, ...]
    formula: str
    first: tuple[float | int, ...]
    smallest: float | int
    largest: float | int


@dataclass(frozen=True, kw_only=True)
class RepresentationView:
    """R, one vector a token."""

    tokens: tuple[str, ...]
    shape: tuple[int, int]
    vectors: tuple[tuple[float, ...], ...]


@dataclass(frozen=True, kw_only=True)
class Block:
    """One box of the structure: what it is (a key for labels), its formula, and its shape."""

    kind: str
    formula: str
    shape: tuple[int, ...]


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
        inputs.append(Block(kind="token_types", formula="token_types[0]", shape=vectors))
    formula = " + ".join(_SUMMANDS[block.kind.partition("_")[0]] for block in inputs[1:])
    if stack.embedding_norm:
        formula = f"LayerNorm({formula})"
    inputs.append(Block(kind="input", formula=formula, shape=vectors))

    scaled = f" / √{stack.d_head}" if stack.scale_scores else ""
    attention = f"softmax(Q Kᵀ{scaled}) V"
    own, cross = (stack.num_heads, length, length), (stack.num_heads, length, source_length)
    name = "self_attention" if side == "encoder" else "masked_self_attention"
    sublayers = [Block(kind=name, formula=attention, shape=own)]
    if side == "decoder":
        sublayers.append(Block(kind="cross_attention", formula=attention, shape=cross))
    activation = {"relu": "ReLU", "gelu": "GELU", "gelu_tanh": "GELU_tanh", "silu": "SiLU"}
    formula = f"{activation[stack.activation]}(x W₁ + b₁) W₂ + b₂"
    sublayers.append(Block(kind="feed_forward", formula=formula, shape=(length, stack.d_ff)))

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


def printable(text: str) -> str:
    """Text that no terminal and no XML trips over.

    Control characters become their pictures (U+2400 and following); invisible format characters,
    such as those that reverse the reading direction, become their code in brackets.
    """
    return "".join(map(_printable, text))


def _printable(character: str) -> str:
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    invisible = unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp")
    joiner = code in (0x200C, 0x200D)  # these shape the letters beside them
    return f"[U+{code:04X}]" if invisible and not joiner else character
