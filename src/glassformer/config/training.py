"""How a model is trained: every setting of `glassformer train`, with what it does.

A setting of None is chosen from the corpus when training starts, and written down. Each sentence
begins with the field's term for the setting; a plain explanation follows.
"""

import dataclasses
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Self

from glassformer.config.checking import build, check_types
from glassformer.config.model import PRESETS, Activation, Norm, Positions
from glassformer.errors import ConfigError

Precision = Literal["float32", "bfloat16", "float16"]


def setting(default: Any, about: str) -> Any:
    """A field of a configuration with the sentence that explains it to a person."""
    return field(default=default, metadata={"about": about})


def _at_least(config: Any, **least: float) -> None:
    for name, bound in least.items():
        value = getattr(config, name)
        if value is not None and not bound <= value < math.inf:
            raise ConfigError(
                "{name} must be at least {bound}, but is {value}",
                name=name,
                bound=bound,
                value=value,
            )


def _shares(config: Any, *names: str) -> None:
    for name in names:
        value = getattr(config, name)
        if value is not None and not 0.0 <= value < 1.0:
            raise ConfigError("{name} must be in [0, 1), but is {value}", name=name, value=value)


@dataclass(frozen=True, kw_only=True)
class TextSettings:
    """Tokenization, and which pairs are filtered out."""

    tokenizer: Literal["bpe", "whitespace"] = setting(
        "bpe",
        "tokenizer: `bpe` learns subwords from the corpus (byte-pair encoding); `whitespace` "
        "splits at spaces, for text that is tokenized already, and its tokens are the vocabulary",
    )
    vocabulary: int | None = setting(
        None, "vocabulary size: entries that `bpe` learns, shared by source and target"
    )
    joiner: str = setting(
        "",
        "subword joiner: the mark of a token that the next one continues, as `@@ `; removed "
        "before scoring",
    )
    max_length: int = setting(
        256, "maximum sequence length in tokens; pairs with a longer side are left out"
    )
    max_ratio: float = setting(
        12.0,
        "maximum length ratio of the two sides, in characters; applied where the longer side has "
        "more than 40",
    )
    drop_duplicates: bool = setting(True, "deduplication: of equal pairs only the first is kept")
    balance: float = setting(
        1.0,
        "sampling exponent for several target languages (1 / temperature): each one's share of the "
        "training is proportional to its number of pairs to this power; 1 keeps the shares, 0 "
        "makes them equal, by repeating pairs of the smaller ones",
    )

    def __post_init__(self) -> None:
        check_types(self)
        _at_least(self, vocabulary=300, max_length=2, max_ratio=1.0, balance=0.0)
        if self.balance > 1.0:
            raise ConfigError("balance must be at most 1, but is {balance}", balance=self.balance)


@dataclass(frozen=True, kw_only=True)
class ModelSettings:
    """The model: a size, and what differs from it."""

    preset: str | None = setting(
        None, "model size: `base`, `small` or `tiny`, which name the five sizes below"
    )
    d_model: int | None = setting(
        None, "model dimension d_model: size of each token's vector; from the preset"
    )
    num_heads: int | None = setting(
        None, "number of attention heads in each attention layer; from the preset"
    )
    d_ff: int | None = setting(
        None,
        "feed-forward dimension d_ff: hidden units of the feed-forward network; from the preset",
    )
    encoder_layers: int | None = setting(None, "number of encoder layers; from the preset")
    decoder_layers: int | None = setting(None, "number of decoder layers; from the preset")
    dropout: float | None = setting(
        None,
        "dropout rate: share of the elements of embeddings and sublayer outputs that is set to "
        "zero in training",
    )
    attention_dropout: float = setting(
        0.0, "attention dropout rate: share of the attention weights that is set to zero"
    )
    activation_dropout: float = setting(
        0.0,
        "activation dropout rate: share of the feed-forward network's hidden units that is set "
        "to zero",
    )
    activation: Activation = setting(
        "relu",
        "activation function of the feed-forward network: `relu`, `gelu`, `gelu_tanh` or `silu`",
    )
    norm: Norm = setting(
        "post",
        "layer normalization: `post` (after each residual sum, as in the article), `pre` (before "
        "each sublayer) or `none` (to see what it is for)",
    )
    positions: Positions = setting(
        "sinusoidal",
        "positional encoding: `sinusoidal` (as in the article), `sinusoidal_halves` (all sines, "
        "then all cosines), `learned` or `none` (to see what it is for)",
    )
    scale_scores: bool = setting(
        True,
        "scaled dot-product attention: divide scores by √d_head; `false` to see what it is for",
    )
    tie_embeddings: bool = setting(
        True,
        "tied embeddings: source and target share one table (the output layer always shares the "
        "target's)",
    )
    max_positions: int = setting(
        1024, "maximum number of positions: the longest sequence, in tokens, that the model takes"
    )

    def __post_init__(self) -> None:
        check_types(self)
        if self.preset is not None and self.preset not in PRESETS:
            raise ConfigError(
                "preset must be one of {known}, but is {preset!r}",
                known=tuple(PRESETS),
                preset=self.preset,
            )
        _at_least(
            self,
            d_model=1,
            num_heads=1,
            d_ff=1,
            encoder_layers=1,
            decoder_layers=1,
            max_positions=2,
        )
        _shares(self, "dropout", "attention_dropout", "activation_dropout")
        sizes = PRESETS.get(self.preset or "", {})
        d_model = self.d_model or sizes.get("d_model")
        num_heads = self.num_heads or sizes.get("num_heads")
        if d_model and num_heads and d_model % num_heads:
            raise ConfigError(
                "num_heads must divide d_model, but {d_model} / {num_heads} leaves {rest}",
                d_model=d_model,
                num_heads=num_heads,
                rest=d_model % num_heads,
            )


@dataclass(frozen=True, kw_only=True)
class OptimiserSettings:
    """Optimization: batches, Adam, learning rate, regularization, checkpoints and stopping."""

    seed: int = setting(1, "random seed: of initial weights, order of pairs and dropout")
    residual_gain: float | None = setting(
        None,
        "initialization gain of the residual branches: factor on the Xavier-initialized weights of "
        "values, attention outputs and feed-forward layers; below 1 it keeps the positions of a "
        "deep post-norm model distinguishable",
    )
    max_updates: int | None = setting(
        None, "maximum number of updates (optimizer steps); early stopping may end it sooner"
    )
    batch_tokens: int | None = setting(
        None, "batch size in tokens: tokens per update, padding included, of the longer side"
    )
    micro_batch_tokens: int | None = setting(
        None,
        "micro-batch size in tokens, for gradient accumulation: what is computed at once; larger "
        "ones need more memory",
    )
    learning_rate: float | None = setting(
        None, "peak learning rate, reached at the end of the warm-up"
    )
    schedule: Literal["inverse_sqrt", "cosine", "constant"] | None = setting(
        None, "learning-rate schedule after the warm-up: `inverse_sqrt`, `cosine` or `constant`"
    )
    warmup: int | None = setting(
        None, "warm-up steps: updates in which the learning rate rises from zero to its peak"
    )
    final_learning_rate: float = setting(0.0, "final learning rate of the `cosine` schedule")
    beta_1: float = setting(0.9, "Adam β₁: decay rate of the moving average of gradients")
    beta_2: float = setting(0.98, "Adam β₂: decay rate of the moving average of squared gradients")
    epsilon: float = setting(1e-9, "Adam ε: added to the denominator, so that it is never zero")
    weight_decay: float = setting(
        0.0,
        "decoupled weight decay (AdamW): every update shrinks the weights by the learning rate "
        "times this",
    )
    label_smoothing: float = setting(
        0.1,
        "label smoothing ε: probability that the target distribution spreads evenly over all "
        "tokens that may be generated",
    )
    consistency: float = setting(
        0.0,
        "R-Drop α, as 5 (consistency regularization): weight of the KL divergence between two "
        "passes with different dropout; doubles the time of an update, helps where pairs are few",
    )
    clip_norm: float = setting(
        1.0,
        "gradient clipping threshold (maximum gradient norm): a larger gradient is scaled down to "
        "it; 0 turns clipping off",
    )
    precision: Precision | None = setting(
        None,
        "mixed precision: number format of the large matrix products, `float32`, `bfloat16` or "
        "`float16`; weights stay float32",
    )
    compile: bool = setting(False, "torch.compile: compile the model (for GPUs); slow to start")
    ema: float = setting(
        0.0, "exponential moving average (EMA) of the weights: its decay, as 0.999; 0 keeps none"
    )
    average: int = setting(
        10, "checkpoint averaging: number of checkpoints whose mean becomes the model"
    )
    average_of: Literal["last", "best", "ema"] = setting(
        "last",
        "checkpoint averaging: of the `last` checkpoints or the `best` on the dev set; `ema` takes "
        "the moving average of the weights instead",
    )
    checkpoint_every: int | None = setting(None, "checkpoint interval, in updates")
    evaluate_every: int | None = setting(
        None, "evaluation interval, in updates: how often the model is evaluated on the dev set"
    )
    patience: int = setting(
        0,
        "early stopping patience: stop after so many evaluations without a lower dev loss; 0 never "
        "does",
    )
    workers: int | None = setting(
        None, "data-parallel processes on this machine, which share the work of each update"
    )
    threads: int | None = setting(None, "CPU threads of each process")
    encoder_learning_rate: float = setting(
        0.0, "peak learning rate of a pretrained encoder (`encoder_from`); 0 freezes it"
    )

    def __post_init__(self) -> None:
        check_types(self)
        _at_least(
            self,
            seed=0,
            max_updates=1,
            batch_tokens=1,
            micro_batch_tokens=1,
            warmup=0,
            weight_decay=0.0,
            consistency=0.0,
            clip_norm=0.0,
            final_learning_rate=0.0,
            encoder_learning_rate=0.0,
            average=1,
            checkpoint_every=1,
            evaluate_every=1,
            patience=0,
            workers=1,
            threads=1,
        )
        _shares(self, "beta_1", "beta_2", "label_smoothing", "ema")
        for name in ("residual_gain", "learning_rate", "epsilon"):
            value = getattr(self, name)
            if value is not None and not 0.0 < value < math.inf:
                raise ConfigError(
                    "{name} must be positive and finite, but is {value}", name=name, value=value
                )
        if self.average_of == "ema" and not self.ema:
            raise ConfigError("average_of is ema, but ema is 0: give a decay, as in ema = 0.999")


@dataclass(frozen=True, kw_only=True)
class DevSettings:
    """Evaluation on the dev set, also called validation set."""

    sentences: int = setting(
        500, "sentences translated at each evaluation for BLEU and chrF: the first of each target"
    )
    beam_size: int = setting(
        4, "beam size of the final evaluation; those during training are greedy"
    )
    bleu_tokenize: str | None = setting(
        None, "BLEU tokenizer of sacreBLEU: `13a`, `zh`, `ja-mecab`, `char`, `none` …"
    )
    samples: int = setting(2, "sample translations shown at each evaluation")

    def __post_init__(self) -> None:
        check_types(self)
        _at_least(self, sentences=1, beam_size=1, samples=0)


@dataclass(frozen=True, kw_only=True)
class TrainingConfig:
    """All settings of a training, in the sections of a TOML file.

    Raises:
        ConfigError: when a setting is unknown, of the wrong type or impossible.
    """

    text: TextSettings = TextSettings()
    model: ModelSettings = ModelSettings()
    training: OptimiserSettings = OptimiserSettings()
    dev: DevSettings = DevSettings()

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON or TOML; `from_dict` reads it back to an equal configuration."""
        return dataclasses.asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Read sections of settings; what is not given keeps its default.

        Raises:
            ConfigError: when a section or setting is unknown or a value is of the wrong type.
        """
        sections: dict[str, Any] = {}
        known = {section.name: section for section in dataclasses.fields(cls)}
        for name, values in data.items():
            if name not in known:
                raise ConfigError(
                    "there is no section {name!r} of settings; there are: {known}",
                    name=name,
                    known=tuple(known),
                )
            if not isinstance(values, Mapping):
                raise ConfigError(
                    "{name} must be a section of settings, but is {values!r}",
                    name=name,
                    values=values,
                )
            try:
                sections[name] = build(type(getattr(cls, name)), values, name)
            except ConfigError as error:
                if str(error).startswith(name):
                    raise
                # All others start with the name of the setting.
                raise ConfigError(
                    "{section}.{message}", section=name, message=error.message
                ) from error
        return cls(**sections)

    def changed(self, **sections: Mapping[str, Any]) -> Self:
        """The same with some settings of some sections replaced."""
        new = {
            name: dataclasses.replace(getattr(self, name), **values)
            for name, values in sections.items()
        }
        return dataclasses.replace(self, **new)


def settings_of(config: TrainingConfig) -> Iterator[tuple[str, "dataclasses.Field[Any]"]]:
    """Every setting as `section.name` with its field, in order."""
    for section in dataclasses.fields(config):
        for one in dataclasses.fields(getattr(config, section.name)):
            yield f"{section.name}.{one.name}", one
