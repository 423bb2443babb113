"""Which steps of a pass are kept, by name or pattern, and what has to be seen for them."""

import difflib
import fnmatch
import functools
import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from glassformer.config import ModelConfig
from glassformer.errors import Setting, UsageError
from glassformer.tracing.steps import Side, Step, attention_name, steps_of

_DERIVED = ("scores", "scaled_scores", "weights")
_KERNEL = ("query", "key", "value", "context")


class Selection(NamedTuple):
    """The steps that are kept of a pass, and what else has to be at hand while it runs.

    `observed` are the steps that hooks have to see, `derived` the attentions, each as a step of it,
    whose scores and weights are made from them. The sizes are how many steps there are of each
    shape, as one of them.
    """

    kept: tuple[Step, ...]
    observed: tuple[Step, ...]
    derived: tuple[Step, ...]
    with_target: bool
    sizes_kept: tuple[tuple[Step, int], ...]
    sizes_held: tuple[tuple[Step, int], ...]

    def has(self, name: str) -> bool:
        """Whether the step of this name is kept."""
        return any(step.name == name for step in self.kept)

    def runs(self, side: Side) -> bool:
        """Whether the stack of a side has to run at all."""
        return any(step.side == side for step in self.observed)

    @property
    def needs_logits(self) -> bool:
        """Whether the output layer has to run."""
        return any(step.role == "logits" for step in self.observed)

    def numbers(self, config: ModelConfig, lengths: dict[Side, int]) -> int:
        """How many numbers are held for one sentence of these lengths while it is recorded."""
        return _numbers(self.sizes_held, config, lengths)

    def numbers_kept(self, config: ModelConfig, lengths: dict[Side, int]) -> int:
        """How many numbers the trace of a sentence of these lengths has."""
        return _numbers(self.sizes_kept, config, lengths)


def _numbers(
    sizes: Sequence[tuple[Step, int]], config: ModelConfig, lengths: dict[Side, int]
) -> int:
    return sum(count * math.prod(step.shape(config, lengths)) for step, count in sizes)


def _sizes(steps: Iterable[Step]) -> tuple[tuple[Step, int], ...]:
    """One step of each shape, and how many there are of it."""
    alike: dict[tuple[object, ...], list[Step]] = {}
    for step in steps:
        shape = (step.axes, step.side, step.rows, step.columns, step.role == "hidden")
        alike.setdefault(shape, []).append(step)
    return tuple((steps[0], len(steps)) for steps in alike.values())


def select(config: ModelConfig, names: Sequence[str] | None, *, with_target: bool) -> Selection:
    """The steps of these names or patterns, such as `encoder.layers.*.self_attention.weights`.

    Without names it is all of them.

    Raises:
        UsageError: when a name matches no step; the message names similar ones.
    """
    if isinstance(names, str):
        names = [names]
    for name in names or ():
        if not isinstance(name, str):
            raise UsageError(
                "{names:name} must be names of steps, but one is {given}",
                names=Setting("names"),
                given=repr(name),
            )
    return _select(config, None if names is None else tuple(names), with_target)


@functools.lru_cache(maxsize=16)
def _select(config: ModelConfig, names: tuple[str, ...] | None, with_target: bool) -> Selection:
    steps = steps_of(config, with_target=with_target)
    kept = steps if names is None else _matching(config, steps, names)
    by_name = {step.name: step for step in steps}
    wanted = {step.name for step in kept}
    derived = {}
    for step in kept:
        if step.role == "probabilities":
            wanted.add("logits")
        if step.role in _DERIVED:
            assert step.part is not None
            assert step.layer is not None
            attention = attention_name(step.part, step.layer)
            derived[attention] = by_name[f"{attention}.scores"]
            wanted.update(f"{attention}.{role}" for role in _KERNEL)
    observed = tuple(s for s in steps if s.name in wanted and s.module is not None)
    held = {step.name: step for step in (*observed, *kept)}
    for attention in derived:
        held.update((f"{attention}.{role}", by_name[f"{attention}.{role}"]) for role in _DERIVED)
    return Selection(
        kept=kept,
        observed=observed,
        derived=tuple(derived.values()),
        with_target=with_target,
        sizes_kept=_sizes(kept),
        sizes_held=_sizes(held.values()),
    )


def _matching(
    config: ModelConfig, steps: Sequence[Step], patterns: Sequence[str]
) -> tuple[Step, ...]:
    if not patterns:
        raise UsageError(
            "{names:name} must name at least one step: give a name or a pattern such as {example}",
            names=Setting("names"),
            example="encoder.layers.*.self_attention.weights",
        )
    for pattern in patterns:
        if not _names_matching(pattern, steps):
            _refuse(config, steps, pattern)
    return tuple(
        step
        for step in steps
        if any(fnmatch.fnmatchcase(step.name, pattern) for pattern in patterns)
    )


def _names_matching(pattern: str, steps: Iterable[Step]) -> list[str]:
    return [step.name for step in steps if fnmatch.fnmatchcase(step.name, pattern)]


def _refuse(config: ModelConfig, steps: Sequence[Step], pattern: str) -> None:
    with_target = steps_of(config, with_target=True)
    if _names_matching(pattern, with_target):
        raise UsageError(
            "{name} is a step of the target side, but no target is traced here",
            name=Setting("names", pattern),
        )
    near = difflib.get_close_matches(pattern, [step.name for step in steps], n=3)
    if near:
        raise UsageError(
            "{name} matches no step of this model; did you mean {near}?",
            name=Setting("names", pattern),
            near=near,
        )
    raise UsageError(
        "{name} matches no step of this model; examples of its steps are {source} and {weights}",
        name=Setting("names", pattern),
        source=steps[0].name,
        weights="encoder.layers.0.self_attention.weights",
    )
