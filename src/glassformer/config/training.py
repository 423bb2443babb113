"""How a model is trained: every setting of `glassformer train`, with what it does.

A setting of None is chosen from the corpus when training begins, and written down.
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
    """How text becomes tokens, and which pairs are left out."""

    tokenizer: Literal["bpe", "whitespace"] = setting(
        "bpe",
        "`bpe` learns subwords from the corpus; `whitespace` takes a text that is cut already, as "
        "published files are, with the entries that stand in it",
    )
    vocabulary: int | None = setting(None, "entries that `bpe` learns, both languages together")
    joiner: str = setting("", "what marks a piece that goes on, as `@@ `; removed before scoring")
    max_length: int = setting(256, "most tokens on a side; longer pairs are left out")
    max_ratio: float = setting(
        12.0, "most characters on one side for each on the other, in pairs that are long enough"
    )
    drop_duplicates: bool = setting(True, "keep a pair that stands there several times only once")
    balance: float = setting(
        1.0,
        "with several targets: shares are as numbers of pairs to this power, so 1 leaves them as "
        "they are, and with 0 all are alike; pairs of the smaller ones come more often",
    )

    def __post_init__(self) -> None:
        check_types(self)
        _at_least(self, vocabulary=300, max_length=2, max_ratio=1.0, balance=0.0)
        if self.balance > 1.0:
            raise ConfigError("balance must be at most 1, but is {balance}", balance=self.balance)


@dataclass(frozen=True, kw_only=True)
class ModelSettings:
    """The model: a size, and what differs from it."""

    preset: str | None = setting(None, "the size: " + ", ".join(f"`{name}`" for name in PRESETS))
    d_model: int | None = setting(None, "size of a token's vector; from the preset")
    num_heads: int | None = setting(None, "heads of each attention; from the preset")
    d_ff: int | None = setting(None, "features inside the feed-forward network; from the preset")
    encoder_layers: int | None = setting(None, "layers of the encoder; from the preset")
    decoder_layers: int | None = setting(None, "layers of the decoder; from the preset")
    dropout: float | None = setting(None, "share of each sublayer's output that is set to zero")
    attention_dropout: float = setting(0.0, "share of attention weights that is set to zero")
    activation_dropout: float = setting(0.0, "share of the hidden features that is set to zero")
    activation: Activation = setting("relu", "`relu`, `gelu`, `gelu_tanh` or `silu`")
    norm: Norm = setting("post", "where the norm stands: `post`, `pre`, or `none` to see its use")
    positions: Positions = setting(
        "sinusoidal", "`sinusoidal`, `sinusoidal_halves`, `learned`, or `none` to see their use"
    )
    scale_scores: bool = setting(True, "divide scores by √d_head; `false` to see its use")
    tie_embeddings: bool = setting(True, "one table of embeddings for both sides")
    max_positions: int = setting(1024, "most tokens that the trained model takes")

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
    """The way from random weights to trained ones."""

    seed: int = setting(1, "where all chance comes from: weights, order of pairs, dropout")
    residual_gain: float | None = setting(
        None,
        "what values, attention outputs and feed-forward layers begin with, as a share of Xavier's "
        "weights; less than 1 keeps the positions of a deep post-norm model apart",
    )
    max_updates: int | None = setting(None, "steps of the optimizer, if nothing ends it sooner")
    batch_tokens: int | None = setting(
        None, "tokens an update learns from, padding counted, on the side that has more"
    )
    micro_batch_tokens: int | None = setting(
        None, "tokens that are computed at a time; more need more memory"
    )
    learning_rate: float | None = setting(None, "the peak rate, reached at the end of the warm-up")
    schedule: Literal["inverse_sqrt", "cosine", "constant"] | None = setting(
        None, "how the rate falls after the warm-up: `inverse_sqrt`, `cosine` or `constant`"
    )
    warmup: int | None = setting(None, "updates in which the rate rises from zero")
    final_learning_rate: float = setting(0.0, "where the cosine ends")
    beta_1: float = setting(0.9, "Adam's memory of gradients")
    beta_2: float = setting(0.98, "Adam's memory of their squares")
    epsilon: float = setting(1e-9, "what Adam adds below the fraction")
    weight_decay: float = setting(0.0, "pull of the weights towards zero, apart from the gradient")
    label_smoothing: float = setting(
        0.1, "probability that the target gives to all tokens that may be generated, alike"
    )
    consistency: float = setting(
        0.0,
        "how strongly two passes that differ in dropout are kept together (R-Drop's α, as 5); "
        "doubles the time of an update, and helps where pairs are few",
    )
    clip_norm: float = setting(1.0, "longest gradient that is taken as it is; 0 is no limit")
    precision: Precision | None = setting(
        None, "number format of the large products: `float32`, `bfloat16` or `float16`"
    )
    compile: bool = setting(False, "let torch compile the model (GPU); slow to start")
    ema: float = setting(0.0, "decay of a running mean of the weights, as 0.999; 0 is none")
    average: int = setting(10, "checkpoints whose mean becomes the model")
    average_of: Literal["last", "best", "ema"] = setting(
        "last", "which: the last ones, those with the best dev scores, or the running mean"
    )
    checkpoint_every: int | None = setting(None, "updates between checkpoints")
    evaluate_every: int | None = setting(None, "updates between measurements on the dev set")
    patience: int = setting(0, "stop after so many measurements without a lower dev loss; 0: never")
    workers: int | None = setting(None, "processes on this machine that share each update")
    threads: int | None = setting(None, "processor threads of each process")
    encoder_learning_rate: float = setting(
        0.0, "peak rate of an encoder that another model brings; 0 leaves it as it is"
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
            raise ConfigError("average_of is ema, but ema is 0: give a decay, as ema = 0.999")


@dataclass(frozen=True, kw_only=True)
class DevSettings:
    """What is measured on the dev set."""

    sentences: int = setting(500, "pairs that are translated at each measurement, the first ones")
    beam_size: int = setting(4, "hypotheses kept in the final score; those on the way are greedy")
    bleu_tokenize: str | None = setting(
        None, "sacreBLEU's tokenizer: `13a`, `zh`, `ja-mecab`, `char`, `none` …"
    )
    samples: int = setting(2, "translations shown at each measurement")

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
                # All others begin with the name of the setting.
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
