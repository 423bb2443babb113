"""What is to be shown of what: the request behind `inspect`, whichever surface it comes from.

Everything that can be found out without a model is found out here, before one is loaded.
"""

import dataclasses
from dataclasses import dataclass
from typing import Literal, TypeAlias, TypedDict

from glassformer.config import Part
from glassformer.errors import Setting, UsageError
from glassformer.requests.choosing import Heads, check_heads, check_numbers, check_units
from glassformer.views import Align, Sublayer, Unit

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
    compare: str | None
    compare_head: tuple[int, ...]
    compare_model: str | None
    compare_step: int | None
    difference: bool
    animate: bool
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
    """Target language, for a model that translates."""
    target: str | None = None
    """A translation to trace in place of the model's own."""
    contrast: str | None = None
    """Another translation to contrast: where the two differ first, and their log-probabilities."""
    beam_size: int = 4
    """Beam size: the number of hypotheses kept at each step; 1 is greedy search."""
    history: bool = False
    """List the candidates that beam search considered at each step."""
    pair: str | None = None
    """A second segment that the encoder reads together with the first, as in BERT's pairs."""
    special_tokens: SpecialTokens = "text"
    """Whether names of special tokens, such as [MASK], are read as text or as these tokens."""
    truncate: bool = False
    """Truncate input that is longer than the model's maximum length."""
    at_step: int | None = None
    """Show the attention after this many updates of training, where that was recorded."""
    compare: str | None = None
    """Another sentence, to be compared with the first."""
    compare_head: tuple[int, ...] = ()
    """Layer and head to be compared with the one shown."""
    compare_model: str | None = None
    """Another model, to be compared with the first."""
    compare_step: int | None = None
    """Compare with the attention after this many updates of training, where that was recorded."""
    difference: bool = False
    """Show a comparison as a difference: the weights on the right minus those on the left."""
    animate: bool = False
    """All recorded updates of the training in one animated picture."""

    view: ViewName | None = None
    """One picture in place of the whole report."""
    tensor: str | None = None
    """The tensor that a matrix shows, by its name in a trace."""
    part: tuple[Part, ...] = ()
    """Encoder self-attention, decoder self-attention or cross-attention; by default all traced."""
    sublayer: Sublayer | None = None
    """Which add & norm of a layer: the one after its attention, or after its feed-forward."""
    layer: int | None = None
    """Layer, counted from 1; without `head` the mean over its heads."""
    head: tuple[int, ...] = ()
    """Heads of `layer`."""
    heads: Heads | None = None
    """The head named on the model card, the mean, the head with the largest weight, or all."""
    word: tuple[str, ...] = ()
    """Show only the attention links of these words; "the:2" is the second "the"."""
    unit: Unit = "words"
    """Attention between words, or between tokens."""
    special: bool = False
    """Show special tokens as well; they are tokens, not words."""
    min_weight: float | None = None
    """Leave out attention weights below this."""
    align: Align | None = None
    """Label each decoder row with the token that it reads (input) or predicts (output)."""
    mass: float | None = None
    """Draw only the largest links, which together carry this share of the attention shown.

    Without it 0.95, or, of more than 25 words, the three strongest links of each.
    """
    explain: str | None = None
    """The step of which one number is recomputed, with its arithmetic; needs `at`."""
    at: tuple[int, ...] | None = None
    """The array indices of that number, counted from 0."""
    steps: StepsListed = "opened"
    """Steps in the text report: one layer in full and the outputs of the others, all, or none."""

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
        self._check_comparison()
        self._check_animation()
        if self.picture is not None:
            self._check_picture(self.picture)
        if self.picture != "matrix":  # whose step names the layer
            check_heads(self.layer, self.head, self.heads)
        check_units(self.unit, self.special)

    @property
    def picture(self) -> ViewName | None:
        """The one picture asked for, if it is not to be the whole report."""
        if self.compares or self.animate:
            return self.view or "attention"
        return "matrix" if self.view is None and self.tensor is not None else self.view

    @property
    def compares(self) -> bool:
        """Whether it is about two sides: something else is to stand on the right."""
        return bool(self.given() & {*_COMPARING})

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
        """What is recorded during training is attention weights and translations, nothing else."""
        if self.at_step is None:
            return
        self._check_recorded("at_step", self.at_step)
        if self.picture not in (None, "attention", "grid"):
            raise UsageError(
                "{view} needs numbers that were not recorded: with {at_step:name} there are "
                "{attention} and {grid}",
                view=Setting("view", self.picture),
                at_step=Setting("at_step"),
                attention=Setting("view", "attention"),
                grid=Setting("view", "grid"),
            )

    def _check_recorded(self, name: str, update: int) -> None:
        """A setting that reads the record of a training needs an update that there can be."""
        if update < 0:
            raise UsageError(
                "{setting:name} must be at least 0, but is {given}",
                setting=Setting(name),
                given=update,
            )
        no_use = [one for one in _NEED_THE_MODEL if one in self.given()]
        if no_use:
            raise UsageError(
                "{at_step:name} shows what was recorded during training, attention weights and "
                "translations: leave {left_over} out",
                at_step=Setting(name),
                left_over=tuple(map(self._setting, no_use)),
            )

    def _check_comparison(self) -> None:
        """A comparison is one picture, of one head on each side."""
        if not self.compares:
            if self.difference:
                raise UsageError(
                    "{difference} is that of a comparison: give one of {comparing:name} too",
                    difference=Setting("difference", True),
                    comparing=tuple(map(Setting, _COMPARING)),
                )
            return
        comparing = Setting(next(name for name in _COMPARING if name in self.given()))
        self._check_one_picture(comparing)
        if self.compare_head and len(self.compare_head) != 2:
            raise UsageError(
                "{setting:name} is a layer and a head, such as {example}",
                setting=Setting("compare_head"),
                example=Setting("compare_head", "4,1"),
            )
        for number in self.compare_head:
            if number < 1:
                raise UsageError(
                    "{setting:name} counts from 1, but is {given}",
                    setting=Setting("compare_head"),
                    given=number,
                )
        if self.compare_step is not None:
            self._check_recorded("compare_step", self.compare_step)

    def _check_animation(self) -> None:
        """An animation is one picture of all moments, with nothing beside it."""
        if not self.animate:
            return
        both = [name for name in ("at_step", *_COMPARING) if name in self.given()]
        if both:
            raise UsageError(
                "{animate} shows all moments of a training, one after the other: leave {left_over} "
                "out",
                animate=Setting("animate", True),
                left_over=tuple(map(self._setting, both)),
            )
        self._check_one_picture(Setting("animate", True))
        self._check_recorded("animate", 0)

    def _check_one_picture(self, asked: Setting) -> None:
        """What goes with no picture of one head is refused beside it."""
        no_use = [name for name in _NOT_COMPARED if name in self.given()]
        if self.view not in (None, "attention"):
            no_use.append("view")
        if self.heads in ("largest", "all"):
            no_use.append("heads")
        if no_use:
            raise UsageError(
                "{asked} gives a picture of attention, in one head or one mean: leave {left_over} "
                "out",
                asked=asked,
                left_over=tuple(map(self._setting, no_use)),
            )
        if len(self.head) > 1:
            raise UsageError(
                "this picture shows one {head:name}, but several were given", head=Setting("head")
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
"""Settings about numbers that are not recorded during training."""

_COMPARING = ("compare", "compare_head", "compare_model", "compare_step")
"""Settings that put something on the right, beside what the others ask for."""

_NOT_COMPARED = ("tensor", "explain", "at", "contrast", "history", "target", "pair", "steps")
"""Settings of what is not attention, or of one side alone."""

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
