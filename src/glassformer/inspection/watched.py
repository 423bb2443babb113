"""What was recorded of a model during training: attention and translations, moment by moment.

A weight is kept as a whole number of 255ths, rounded so that each row still sums to exactly 1. It
is at most 1/255 from the weight that the model had, and no other number is shown.
"""

import math
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float, UInt8

from glassformer.catalogue import Language
from glassformer.config import ModelConfig, Part
from glassformer.drawing.picture import Picture
from glassformer.errors import TraceError, UsageError
from glassformer.inspection.animation import animation_view
from glassformer.inspection.attention_pictures import AttentionPictures
from glassformer.messages import Message, Term
from glassformer.requests.calls import refusing_unknown_settings
from glassformer.requests.choosing import Heads
from glassformer.tracing.sentences import as_predicted
from glassformer.tracing.steps import attention_name
from glassformer.views import AnimationView, Moment, Sentence, Unit

LEVELS = 255
PARTS: tuple[Part, ...] = ("encoder", "decoder", "cross")

Weights = UInt8[np.ndarray, "_ _ _ _"]
"""Layers, heads, queries, keys; each part of a model has its own number of them."""


def quantised(
    weights: Float[np.ndarray, "*heads queries keys"],
) -> UInt8[np.ndarray, "*heads queries keys"]:
    """Attention weights as whole numbers of 255ths; each row sums to 255, and 0 stays 0."""
    scaled = weights.astype(np.float64) * LEVELS
    floors = np.floor(scaled)
    left = LEVELS - floors.sum(axis=-1, keepdims=True)
    # What rounding down leaves over goes to the weights that lost most by it.
    order = np.argsort(floors - scaled, axis=-1, kind="stable")
    rank = np.argsort(order, axis=-1, kind="stable")
    rounded: UInt8[np.ndarray, "*heads queries keys"] = (floors + (rank < left)).astype(np.uint8)
    return rounded


@dataclass(frozen=True, kw_only=True)
class WatchedTarget:
    """A translation that the model made: the decoder's inputs, and its score where that is one."""

    sentence: Sentence
    score: float | None

    def to_json(self) -> dict[str, Any]:
        """Plain data, as `Translation.to_json` gives it."""
        tokens = list(self.sentence.tokens[1:])
        return {"text": self.sentence.text, "score": self.score, "tokens": tokens}


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What the model made of one sentence after an update.

    `targets` are its translations, in the order of the record's tags. `weights` are those of
    "encoder" and, for target number t, of "t.decoder" and "t.cross"; there are none where `problem`
    says what was wrong with them.
    """

    update: int
    sentence: int
    targets: tuple[WatchedTarget, ...]
    weights: Mapping[str, Weights]
    problem: str | None = None


@dataclass(frozen=True, kw_only=True)
class WatchRecord:
    """All that was recorded in a folder, in the order of updates and sentences.

    `tags` name the targets ("target" for one without a tag), `max_updates` is how long the training
    was to be.
    """

    sentences: tuple[Sentence, ...]
    tags: tuple[str, ...]
    max_updates: int
    entries: tuple[Entry, ...] = ()
    config: ModelConfig
    name: str = ""

    @property
    def updates(self) -> tuple[int, ...]:
        """After how many updates something was recorded."""
        return tuple(dict.fromkeys(entry.update for entry in self.entries))

    def at(self, update: int, text: str | None = None, to: str | None = None) -> "Watched":
        """The last recorded moment up to an update, for one of the sentences and targets.

        Where only one sentence was watched, it needs no naming, and `to` is the first target unless
        given.

        Raises:
            UsageError: when that sentence was not watched, or there is no such target.
            TraceError: when nothing was recorded by then, or only NaN.
        """
        number = self._sentence(text)
        to = self.tags[0] if to is None and self.tags else to
        if to is not None and to not in self.tags:
            known = self.tags or Message("none: the model has no decoder")
            raise UsageError(
                "the targets watched are {known}; there is no {to!r}", known=known, to=to
            )
        found = [e for e in self.entries if e.sentence == number and e.update <= update]
        if not found:
            raise TraceError(
                "nothing was recorded up to update {update}; recorded updates: {updates}",
                update=update,
                updates=tuple(self.updates) or Message("none"),
            )
        entry = found[-1]
        if entry.problem is not None:
            raise TraceError(
                "at update {update} no attention could be recorded: {problem}",
                update=entry.update,
                problem=entry.problem,
            )
        return Watched(self, entry, to)

    def moments(self, text: str | None = None) -> "tuple[Watched, ...]":
        """All moments of one of the sentences at which its attention is known.

        Raises:
            UsageError: when that sentence was not watched.
        """
        number = self._sentence(text)
        to = self.tags[0] if self.tags else None
        return tuple(
            Watched(self, entry, to)
            for entry in self.entries
            if entry.sentence == number and entry.problem is None
        )

    def _sentence(self, text: str | None) -> int:
        watched = "; ".join(f'"{sentence.text}"' for sentence in self.sentences)
        if text is None:
            if len(self.sentences) != 1:
                raise UsageError(
                    "several sentences were watched, so say which one: {watched}", watched=watched
                )
            return 0
        for number, sentence in enumerate(self.sentences):
            if unicodedata.normalize("NFC", text) == unicodedata.normalize("NFC", sentence.text):
                return number
        raise UsageError(
            '"{text}" was not watched in this training; watched sentences: {watched}',
            text=text,
            watched=watched,
        )


class Watched(AttentionPictures):
    """One sentence at one moment of a training, for pictures of attention.

    `watched[name]` are attention weights, float32 [heads, queries, keys], under the name that they
    have in a trace; `translations` are those that the model made then, by target. `updates` are all
    moments that there are.
    """

    def __init__(self, record: WatchRecord, entry: Entry, to: str | None) -> None:
        self._record = record
        self.config = record.config
        self.model_name = record.name
        self.updates = record.updates
        self.moment: Moment | None = Moment(update=entry.update, levels=LEVELS)
        self.source = record.sentences[entry.sentence]
        self.to = to
        self.target: Sentence | None = None
        by_tag = dict(zip(record.tags, entry.targets, strict=True))
        self.translations = {tag: target.to_json() for tag, target in by_tag.items()}
        keys = ["encoder"]
        if to is not None:
            self.target = by_tag[to].sentence
            keys += [f"{record.tags.index(to)}.{part}" for part in ("decoder", "cross")]
        self._weights: dict[str, np.ndarray[Any, np.dtype[Any]]] = {
            f"{attention_name(part, layer)}.weights": matrix.astype(np.float32) / LEVELS
            for part, key in zip(PARTS, keys, strict=False)
            for layer, matrix in enumerate(entry.weights[key])
        }

    def __getitem__(self, name: str) -> np.ndarray[Any, np.dtype[Any]]:
        """The attention weights of one layer.

        Raises:
            TraceError: when that was not recorded.
        """
        if name not in self._weights:
            raise TraceError(
                "{name!r} was not recorded: for an update of a training there are only the "
                "attention weights, {known}",
                name=name,
                known=tuple(self._weights),
            )
        return self._weights[name]

    @refusing_unknown_settings
    def animation(
        self,
        *,
        layer: int | None = None,
        head: int | None = None,
        heads: Heads | None = None,
        word: str | Sequence[str] | None = None,
        unit: Unit = "words",
        special: bool = False,
        min_weight: float = 0.0,
        mass: float | None = None,
        language: Language = "en",
    ) -> Picture[AnimationView]:
        """How the encoder's attention to this sentence formed, moment by moment.

        The settings are those of `attention`. The SVG moves without a script; where nothing can
        move it shows the last moment.

        Raises:
            UsageError: when there is no such layer, head or word, or several heads are asked for.
            TraceError: when fewer than two moments were recorded.
        """
        view = animation_view(
            self._record.moments(self.source.text),
            layer=layer,
            head=head,
            heads=heads,
            word=word,
            unit=unit,
            special=special,
            min_weight=min_weight,
        )
        return Picture(view, mass=mass, language=language)

    @property
    def target_as_predicted(self) -> Sentence | None:
        """The target with each row of the decoder under the token that it predicts."""
        return None if self.target is None else as_predicted(self.target, None)


def listing(updates: Sequence[int]) -> str:
    """Updates as people read them."""
    return ", ".join(map(str, updates)) or Term("none")


def finite_or_none(score: float) -> float | None:
    """A score, or None where a model that has lost its way gives no number."""
    return score if math.isfinite(score) else None
