"""What is to be shown of what: the request behind `inspect`, whichever surface it comes from.

Everything that can be found out without a model is found out here, before one is loaded.
"""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, TypedDict

from glassformer.config import Part
from glassformer.errors import Setting, UsageError
from glassformer.views import Align, Sublayer, Unit

Heads: TypeAlias = Literal["card", "mean", "largest", "all"]
ViewName: TypeAlias = Literal[
    "attention", "grid", "matrix", "flow", "multi-head", "positions", "add-norm", "structure"
]
StepsListed: TypeAlias = Literal["opened", "all", "none"]
SpecialTokens: TypeAlias = Literal["text", "parse"]


class InspectOptions(TypedDict, total=False):
    """The settings of an `InspectRequest` but for its text, as keywords; see there."""

    to: str | None
    target: str | None
    contrast: str | None
    beam_size: int
    history: bool
    pair: str | None
    special_tokens: SpecialTokens
    truncate: bool
    at_step: int | None
    view: ViewName | None
    tensor: str | None
    part: tuple[Part, ...]
    sublayer: Sublayer | None
    layer: int | None
    head: tuple[int, ...]
    heads: Heads | None
    word: tuple[str, ...]
    unit: Unit
    special: bool
    min_weight: float | None
    align: Align | None
    mass: float | None
    explain: str | None
    at: tuple[int, ...] | None
    steps: StepsListed


@dataclass(frozen=True, kw_only=True)
class InspectRequest:
    """What to show of a text as a model reads it. Layers and heads count from 1.

    Raises:
        UsageError: when two settings exclude each other, or one has no use beside the others.
    """

    text: str | None = None
    """The sentence; with `at_step` it may be left out where only one was watched."""
    to: str | None = None
    """Target language, in a model that translates."""
    target: str | None = None
    """A translation to trace instead of the model's own."""
    contrast: str | None = None
    """Another translation: where the two part, and by how much."""
    beam_size: int = 4
    """Hypotheses kept in the search for the translation; 1 is greedy search."""
    history: bool = False
    """List what the search considered at each step."""
    pair: str | None = None
    """A second text that the encoder reads together with the first, as BERT does."""
    special_tokens: SpecialTokens = "text"
    """What names of special tokens in the text are, such as [MASK]: text, or these tokens."""
    truncate: bool = False
    """Cut off what is longer than the model takes."""
    at_step: int | None = None
    """As the model was after so many updates of its training, where that was recorded."""

    view: ViewName | None = None
    """One picture instead of the whole report."""
    tensor: str | None = None
    """The step that a matrix shows."""
    part: tuple[Part, ...] = ()
    """Which attention; none given: all that were traced."""
    sublayer: Sublayer | None = None
    """Which add & norm of a layer: the one after its attention, or after its feed-forward."""
    layer: int | None = None
    """Alone: the mean over its heads."""
    head: tuple[int, ...] = ()
    """Heads of `layer`."""
    heads: Heads | None = None
    """The head on the model's card, a mean, the head with the largest link, or all."""
    word: tuple[str, ...] = ()
    """Only the links of these words; "the:2" is the second "the"."""
    unit: Unit = "words"
    """Links among words, or among tokens."""
    special: bool = False
    """Show special tokens too; they are tokens, not words."""
    min_weight: float | None = None
    """Leave out links below this."""
    align: Align | None = None
    """To which token a row of the decoder belongs: its input, or the one that it predicts."""
    mass: float | None = None
    """Draw the largest links only, which make up this share of the attention shown.

    Without it 0.95, or, of more than 25 words, the three strongest links of each.
    """
    explain: str | None = None
    """The step of which one number is to be recomputed …"""
    at: tuple[int, ...] | None = None
    """… namely the one at these indices, from 0."""
    steps: StepsListed = "opened"
    """Steps listed as text: one layer's in full and the outputs of the others, all, or none."""

    def __post_init__(self) -> None:
        if (self.explain is None) != (self.at is None):
            raise UsageError(
                "{explain} and {at} belong together",
                explain=Setting("explain", "NAME"),
                at=Setting("at", "INDICES"),
            )
        check_numbers(self.layer, self.head, self.min_weight, self.mass, self.beam_size)
        self._check_report()
        self._check_moment()
        if self.picture is not None:
            self._check_picture(self.picture)
        if self.picture != "matrix":  # whose step names the layer
            check_heads(self.layer, self.head, self.heads)
        check_units(self.unit, self.special)

    @property
    def picture(self) -> ViewName | None:
        """The one picture asked for, if it is not to be the whole report."""
        return "matrix" if self.view is None and self.tensor is not None else self.view

    def given(self) -> set[str]:
        """The names of the settings that are not as they are by default."""
        return {
            field.name
            for field in dataclasses.fields(self)
            if getattr(self, field.name) != field.default
        }

    def _check_report(self) -> None:
        """What belongs to the whole report goes with no picture and no single number."""
        whole = [name for name in ("contrast", "history") if getattr(self, name)]
        others = ("view", "tensor", "explain")
        if whole and any(getattr(self, name) is not None for name in others):
            raise UsageError(
                "{setting:name} belongs to the whole report: leave {others:name} out",
                setting=Setting(whole[0]),
                others=tuple(map(Setting, others)),
            )
        if self.sublayer is not None and self.picture is None:
            raise UsageError(
                "{sublayer} belongs to {view}",
                sublayer=Setting("sublayer", self.sublayer),
                view=Setting("view", "add-norm"),
            )

    def _check_moment(self) -> None:
        """A record of a training holds attention weights and translations, nothing else."""
        if self.at_step is None:
            return
        if self.at_step < 0:
            raise UsageError(
                "{setting:name} must be 0 or more, but is {given}",
                setting=Setting("at_step"),
                given=self.at_step,
            )
        no_use = [name for name in _NEED_THE_MODEL if name in self.given()]
        if no_use:
            raise UsageError(
                "{at_step:name} shows what was recorded while the model learned, its attention "
                "weights and its translation: leave {left_over} out",
                at_step=Setting("at_step"),
                left_over=tuple(map(self._setting, no_use)),
            )
        if self.picture not in (None, "attention", "grid"):
            raise UsageError(
                "{view} needs numbers that were not recorded: with {at_step:name} there are "
                "{attention} and {grid}",
                view=Setting("view", self.picture),
                at_step=Setting("at_step"),
                attention=Setting("view", "attention"),
                grid=Setting("view", "grid"),
            )

    def _check_picture(self, view: ViewName) -> None:
        """A setting that a picture has no use for is refused rather than ignored."""
        if (view == "matrix") != (self.tensor is not None):
            raise UsageError(
                "{view} and {tensor} belong together",
                view=Setting("view", "matrix"),
                tensor=Setting("tensor", "NAME"),
            )
        left_over = sorted((self.given() & _CHOOSING) - _CHOICES[view])
        if left_over:
            raise UsageError(
                "{view} has no use for {left_over}: leave it out",
                view=Setting("view", view),
                left_over=tuple(map(self._setting, left_over)),
            )
        if len(self.part) > 1:
            raise UsageError(
                "a picture shows one {part:name}, but several were given", part=Setting("part")
            )
        for name, views in _ONE_OF.items():
            if view in views and len(getattr(self, name)) > 1:
                raise UsageError(
                    "this picture shows one {setting:name}, but several were given",
                    setting=Setting(name),
                )

    def _setting(self, name: str) -> Setting:
        """A setting with what it was given."""
        value = getattr(self, name)
        return Setting(name, value[0] if isinstance(value, tuple) and len(value) == 1 else value)


def check_numbers(
    layer: int | None,
    head: Sequence[int],
    min_weight: float | None,
    mass: float | None,
    beam_size: int,
) -> None:
    """Numbers that no model could make sense of.

    Raises:
        UsageError: when there is one.
    """
    counted = [("layer", layer), *(("head", one) for one in head), ("beam_size", beam_size)]
    for name, number in counted:
        if number is not None and number < 1:
            raise UsageError(
                "{setting:name} counts from 1, but is {given}", setting=Setting(name), given=number
            )
    if min_weight is not None and not 0.0 <= min_weight <= 1.0:
        raise UsageError(
            "{setting:name} must be from 0 to 1, but is {given}",
            setting=Setting("min_weight"),
            given=min_weight,
        )
    if mass is not None and not 0.0 < mass <= 1.0:
        raise UsageError(
            "{setting:name} must be above 0 and at most 1, but is {given}",
            setting=Setting("mass"),
            given=mass,
        )


def check_heads(layer: int | None, head: Sequence[int], heads: Heads | None) -> None:
    """Settings that choose heads, held against each other.

    Raises:
        UsageError: when they exclude each other.
    """
    if layer is None and head:
        raise UsageError(
            "a head needs its layer: give both {layer} and {head}",
            layer=Setting("layer", "L"),
            head=Setting("head", "H"),
        )
    if heads is not None and head:
        raise UsageError(
            "{heads} and {head} exclude each other",
            heads=Setting("heads", heads),
            head=Setting("head", head[0]),
        )
    if heads == "card" and layer is not None:
        raise UsageError(
            "{heads} names its layer itself: leave {layer:name} out",
            heads=Setting("heads", "card"),
            layer=Setting("layer"),
        )


def check_units(unit: Unit, special: bool) -> None:
    """Special tokens are shown among tokens.

    Raises:
        UsageError: when they are asked for among words.
    """
    if special and unit == "words":
        raise UsageError(
            "special tokens are no words: they are shown with tokens ({tokens})",
            tokens=Setting("unit", "tokens"),
        )


_NEED_THE_MODEL = (
    "explain",
    "at",
    "steps",
    "truncate",
    "tensor",
    "target",
    "contrast",
    "beam_size",
    "history",
    "pair",
    "special_tokens",
)
"""Settings about numbers that no record of a training holds."""

_CHOOSING = {
    "part",
    "sublayer",
    "word",
    "unit",
    "special",
    "layer",
    "head",
    "heads",
    "min_weight",
    "align",
}
_CHOICES: dict[ViewName, set[str]] = {
    "attention": _CHOOSING - {"sublayer"},
    "grid": {"part", "unit", "special"},
    "matrix": {"head"},
    "flow": {"part", "layer", "head", "word"},
    "multi-head": {"part", "layer", "word"},
    "positions": {"part"},
    "add-norm": {"part", "layer", "sublayer", "word"},
    "structure": {"layer"},
}
"""The settings that a picture has a use for."""

_ONE_OF: dict[str, tuple[ViewName, ...]] = {
    "head": ("matrix", "flow"),
    "word": ("flow", "multi-head", "add-norm"),
}
"""Of which settings a picture takes one value, although attention takes several."""
