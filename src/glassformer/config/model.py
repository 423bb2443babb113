"""The configuration of a model as plain, frozen data: its parts, their sizes and variants.

Nothing here imports torch, so that a configuration can be read, validated and drawn instantly.
"""

import dataclasses
import math
import types
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Self, TypedDict, Unpack

from glassformer.config.checking import build, check_types
from glassformer.errors import ConfigError, UsageError
from glassformer.messages import Message, Term

Activation = Literal["relu", "gelu", "gelu_tanh", "silu"]
Norm = Literal["post", "pre", "none"]
Positions = Literal["sinusoidal", "sinusoidal_halves", "learned", "none"]
Part = Literal["encoder", "decoder", "cross"]

MAX_LAYERS = 1000
"""No model has more layers: a file that says so is broken or malicious."""

FOLDER_VERSION = 1
"""The version of the folder format that this code writes, and the newest that it reads."""


@dataclass(frozen=True, kw_only=True)
class StackConfig:
    """One stack of layers, the encoder or the decoder, with its embedding.

    The defaults are the base model of "Attention Is All You Need" (section 3 and table 3).

    Raises:
        ConfigError: when sizes are invalid or inconsistent.
    """

    vocabulary: int
    d_model: int = 512
    num_heads: int = 8
    d_ff: int = 2048
    num_layers: int = 6
    activation: Activation = "relu"
    norm: Norm = "post"
    norm_epsilon: float = 1e-5
    positions: Positions = "sinusoidal"
    max_positions: int = 1024
    first_position: int = 0
    """The row of learned position embeddings for the first token (2 in RoBERTa)."""
    scale_embedding: bool = True
    """Multiply embeddings by √d_model (section 3.4)."""
    embedding_norm: bool = False
    token_types: int = 0
    """The number of token types (BERT's segment embedding); 0: none."""
    scale_scores: bool = True
    """Divide scores by √d_head (section 3.2.1); False shows what scaling is for."""
    dropout: float = 0.1
    attention_dropout: float = 0.0
    activation_dropout: float = 0.0

    def __post_init__(self) -> None:
        check_types(self)
        for name in ("vocabulary", "d_model", "num_heads", "d_ff", "num_layers", "max_positions"):
            if getattr(self, name) < 1:
                raise ConfigError(
                    "{name} must be at least 1, but is {given}",
                    name=name,
                    given=getattr(self, name),
                )
        for name in ("token_types", "first_position"):
            if getattr(self, name) < 0:
                raise ConfigError(
                    "{name} must not be negative, but is {given}",
                    name=name,
                    given=getattr(self, name),
                )
        for name in ("dropout", "attention_dropout", "activation_dropout"):
            if not 0.0 <= getattr(self, name) < 1.0:
                raise ConfigError(
                    "{name} must be in [0, 1), but is {given}", name=name, given=getattr(self, name)
                )
        if self.num_layers > MAX_LAYERS:
            raise ConfigError(
                "num_layers must be at most {most}, but is {num_layers}",
                most=MAX_LAYERS,
                num_layers=self.num_layers,
            )
        if self.d_model % self.num_heads:
            raise ConfigError(
                "d_model must be divisible by num_heads, but {d_model} / {num_heads} leaves a "
                "remainder of {rest}",
                d_model=self.d_model,
                num_heads=self.num_heads,
                rest=self.d_model % self.num_heads,
            )
        if not 0.0 < self.norm_epsilon < math.inf:
            raise ConfigError(
                "norm_epsilon must be positive and finite, but is {norm_epsilon}",
                norm_epsilon=self.norm_epsilon,
            )

    @property
    def d_head(self) -> int:
        """Dimension of the query, key and value vectors of a head."""
        return self.d_model // self.num_heads


@dataclass(frozen=True, kw_only=True)
class ShownHead:
    """The head that pictures show by default, and the measurement by which it was chosen.

    Layer and head count from 1.
    """

    part: Part
    layer: int
    head: int
    reason: str

    def __post_init__(self) -> None:
        check_types(self)


class ModelChanges(TypedDict, total=False):
    """The fields of a `ModelConfig`, as keyword arguments."""

    encoder: StackConfig
    decoder: StackConfig | None
    tie_embeddings: bool
    output_bias: bool
    padding: int
    start: int | None
    end: int | None
    tags: tuple[tuple[str, int], ...]
    suppressed: tuple[int, ...]
    shown_head: ShownHead | None


@dataclass(frozen=True, kw_only=True)
class ModelConfig:
    """An encoder and an optional decoder, with the ids of special tokens.

    Raises:
        ConfigError: when the parts are inconsistent.
    """

    encoder: StackConfig
    decoder: StackConfig | None = None
    tie_embeddings: bool = True
    """Share one embedding between encoder and decoder, which requires equal vocabulary and d_model.
    The output layer is always tied to the decoder's embedding."""
    output_bias: bool = False
    padding: int = 0
    start: int | None = None
    """The decoder's first input where there are no target-language tags."""
    end: int | None = None
    tags: tuple[tuple[str, int], ...] = ()
    """Target languages, and the token id that is the decoder's first input for each."""
    suppressed: tuple[int, ...] = ()
    """Further token ids that are never generated, besides padding, start and tags."""
    shown_head: ShownHead | None = None

    def __post_init__(self) -> None:
        check_types(self)
        if self.decoder is None:
            if self.output_bias or self.tags:
                raise ConfigError("output_bias and tags require a decoder, but there is none")
        else:
            self._check_decoder(self.decoder)
        if not 0 <= self.padding < self.encoder.vocabulary:
            raise ConfigError(
                "padding must be a token id (0 to {last}), but is {padding}",
                last=self.encoder.vocabulary - 1,
                padding=self.padding,
            )
        if self.shown_head is not None:
            self._check_shown_head(self.shown_head)

    def _check_decoder(self, decoder: StackConfig) -> None:
        if decoder.token_types:
            raise ConfigError("token_types are for encoders only, but the decoder has some")
        if self.tie_embeddings:
            for name in ("vocabulary", "d_model"):
                ours, theirs = getattr(self.encoder, name), getattr(decoder, name)
                if ours != theirs:
                    raise ConfigError(
                        "tie_embeddings requires equal {name} on both sides, but the encoder has "
                        "{ours} and the decoder {theirs}",
                        name=name,
                        ours=ours,
                        theirs=theirs,
                    )
        roles: list[tuple[str | Message, int | None]]
        roles = [("padding", self.padding), ("start", self.start), ("end", self.end)]
        roles += [(Message("tag {tag!r}", {"tag": tag}), token) for tag, token in self.tags]
        roles += [("suppressed", token) for token in self.suppressed]
        for role, token in roles:
            if token is not None and not 0 <= token < decoder.vocabulary:
                raise ConfigError(
                    "{role} must be a token id of the target vocabulary (0 to {last}), but is "
                    "{token}",
                    role=role,
                    last=decoder.vocabulary - 1,
                    token=token,
                )
        if len(dict(self.tags)) < len(self.tags):
            raise ConfigError("tags must be unique, but are {tags}", tags=str(self.tags))
        if self.end in self.never_generated:
            raise ConfigError(
                "the end token ({end}) must be a token that may be generated",
                end=self.end,
            )
        if len(self.never_generated) == decoder.vocabulary:
            raise ConfigError(
                "at least one token of the target vocabulary must be a token that may be generated"
            )

    def _check_shown_head(self, shown: ShownHead) -> None:
        stack = self.encoder if shown.part == "encoder" else self.decoder
        if stack is None:
            raise ConfigError(
                "shown_head.part is {part!r}, but there is no decoder", part=shown.part
            )
        for name, given, largest in (
            ("layer", shown.layer, stack.num_layers),
            ("head", shown.head, stack.num_heads),
        ):
            if not 1 <= given <= largest:
                raise ConfigError(
                    "shown_head.{name} must be between 1 and {largest}, but is {given}",
                    name=name,
                    largest=largest,
                    given=given,
                )

    @classmethod
    def preset(cls, name: str, *, vocabulary: int, **changes: Unpack[ModelChanges]) -> Self:
        """A model of a standard size: "base" (Vaswani et al., 2017, table 3), "small" or "tiny".

        `changes` override fields of the model, such as `start`, `end` or `tags`.

        Raises:
            ConfigError: when there is no preset of that name.
        """
        if name not in PRESETS:
            raise ConfigError(
                "there is no preset {name!r}; choose one of {known}",
                name=name,
                known=tuple(PRESETS),
            )
        stack = StackConfig(vocabulary=vocabulary, **PRESETS[name])
        made: ModelChanges = {"encoder": stack, "decoder": stack, **changes}
        return cls(**made)

    def stack_of(self, part: Part) -> StackConfig:
        """The stack that a part belongs to; cross-attention belongs to the decoder.

        Raises:
            UsageError: when this model has no decoder.
        """
        stack = self.encoder if part == "encoder" else self.decoder
        if stack is None:
            raise UsageError(
                "this model has no decoder (it is an encoder only), so it cannot translate"
            )
        return stack

    @property
    def never_generated(self) -> frozenset[int]:
        """Token ids that get probability 0."""
        start = [] if self.start is None else [self.start]
        tags = [token for _, token in self.tags]
        return frozenset([self.padding, *start, *tags, *self.suppressed])

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON; `from_dict` restores an equal configuration."""
        data = dataclasses.asdict(self)
        data["tags"] = dict(self.tags)
        data["suppressed"] = list(self.suppressed)
        return data

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Read what `to_dict` wrote.

        Raises:
            ConfigError: when a key is unknown or missing, or a value has the wrong type.
        """
        if not isinstance(data, Mapping):
            raise ConfigError(
                "the model configuration must be an object, but is a {kind}",
                kind=type(data).__name__,
            )
        data = {str(key): value for key, value in data.items()}
        for side in ("encoder", "decoder"):
            if isinstance(data.get(side), Mapping):
                data[side] = build(StackConfig, data[side], side)
        if isinstance(data.get("tags"), Mapping):
            data["tags"] = tuple(data["tags"].items())
        if isinstance(data.get("suppressed"), list):
            data["suppressed"] = tuple(data["suppressed"])
        if isinstance(data.get("shown_head"), Mapping):
            data["shown_head"] = build(ShownHead, data["shown_head"], "shown_head")
        return build(cls, data, Term("the model"))


PRESETS: Mapping[str, Mapping[str, Any]] = types.MappingProxyType(
    {
        "base": {"d_model": 512, "num_heads": 8, "d_ff": 2048, "num_layers": 6},
        "small": {"d_model": 256, "num_heads": 4, "d_ff": 1024, "num_layers": 4},
        "tiny": {"d_model": 128, "num_heads": 4, "d_ff": 256, "num_layers": 4},
    }
)
