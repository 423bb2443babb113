"""A recorded pass: every number by its name, with formula, shape and origin, saved and loaded."""

import dataclasses
import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
import safetensors.torch
import torch
from torch import Tensor

from glassformer.config import ModelConfig, Part
from glassformer.errors import Setting, TraceError
from glassformer.messages import Note
from glassformer.model.transformer import Transformer
from glassformer.tracing.explain import Explanation, explain
from glassformer.tracing.parameters import Parameter, parameters_of
from glassformer.tracing.saved_trace import as_bytes, read_trace, write_trace
from glassformer.tracing.sentences import as_predicted
from glassformer.tracing.steps import Side, Step, steps_of
from glassformer.views import HistoryView, Moment, Prediction, Sentence, as_plain

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True, kw_only=True)
class TracedStep:
    """One step of a trace: what it is called, how it is computed, its shape, and from what.

    `side`, `layer` (from 0), `part` and `role` say where it belongs; see `tracing.steps.Step`.
    """

    name: str
    formula: str
    shape: tuple[int, ...]
    axes: tuple[str, ...]
    parents: tuple[str, ...]
    parameters: tuple[str, ...]
    side: Side
    layer: int | None
    part: Part | None
    role: str


class RecordedPass:
    """One recorded pass over a sentence (and, in a model with a decoder, its target).

    `trace[name]` is a read-only numpy array without batch axis, float32 (float64 for a float64
    model; ids are int64 and masks boolean); `trace.tensor(name)` a torch copy in the model's own
    precision. `source` and `target` are what was read, `translations` what the model makes of the
    source by itself, by target tag. `predictions` say for each position of the target which tokens
    were most probable to come next, `history` what the search considered, where that was asked for,
    and `notes` what a person should know about it.

    A pass of which only some steps were kept has these and no others.
    """

    moment: Moment | None = None
    """A recorded pass is of the model as it is, at no moment of its training."""

    def __init__(
        self,
        tensors: Mapping[str, Tensor],
        *,
        config: ModelConfig,
        source: Sentence,
        target: Sentence | None = None,
        model_name: str = "",
        model: Transformer | None = None,
        to: str | None = None,
        translations: Mapping[str, Mapping[str, Any]] | None = None,
        predictions: tuple[Prediction, ...] = (),
        history: HistoryView | None = None,
        notes: tuple[Note, ...] = (),
    ) -> None:
        self.config = config
        self.source = source
        self.target = target
        self.model_name = model_name
        self.to = to
        self.translations = dict(translations or {})
        self.predictions = predictions
        self.history = history
        self.notes = notes
        self._tensors = tensors
        self._model = model
        steps = steps_of(config, with_target=target is not None)
        self._steps = {step.name: step for step in steps if step.name in tensors}
        self._not_kept = frozenset(step.name for step in steps) - self._steps.keys()

    def __getitem__(self, name: str) -> Array:
        """The numbers of one step, or of a weight of the model as its formula x W writes it.

        Raises:
            TraceError: when there is neither, or the trace of a weight was loaded without a model.
        """
        weight = self.parameters.get(name)
        if weight is None:
            return _read_only(self._tensor(name))
        if self._model is None:
            raise TraceError(
                "{name} is a weight of the model, which a saved trace does not hold: load the "
                "trace with its model, Trace.load(path, model=…), or give it one, "
                "trace.with_model(…)",
                name=name,
            )
        return weight.as_written(self.parameter(name))

    def __getstate__(self) -> dict[str, Any]:
        """What is sent to another process: as in a saved trace, the numbers without the model."""
        return {**self.__dict__, "_tensors": as_bytes(self._tensors), "_model": None}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state, _tensors=safetensors.torch.load(state["_tensors"]))

    def __copy__(self) -> Self:
        return self  # nothing in it changes

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self

    def __iter__(self) -> Iterator[str]:
        """The names of the steps that it has, in the order in which they were computed."""
        return iter(self._steps)

    def __len__(self) -> int:
        return len(self._steps)

    def __contains__(self, name: object) -> bool:
        return name in self._steps

    def __repr__(self) -> str:
        what = f"{type(self).__name__} of {self.source.text!r} by {self.model_name}"
        of_all = f" of {len(self) + len(self._not_kept)}" if self._not_kept else ""
        return f"<{what}: {len(self)}{of_all} steps>"

    def tensor(self, name: str) -> Tensor:
        """A copy of one step as a torch tensor, in the precision of the model."""
        return self._tensor(name).clone()

    @property
    def parameters(self) -> Mapping[str, Parameter]:
        """The weights that the steps of this pass use, by name, in their order."""
        return parameters_of(self.config, with_target=self.target is not None)

    @property
    def has_model(self) -> bool:
        """Whether the weights of the model are at hand; a saved trace does not hold them."""
        return self._model is not None

    def steps(self) -> list[TracedStep]:
        """Every step in the order in which it was computed."""
        return [
            TracedStep(
                name=step.name,
                formula=step.formula,
                shape=tuple(self._tensors[step.name].shape),
                axes=step.axes,
                parents=step.parents,
                parameters=step.parameters,
                side=step.side,
                layer=step.layer,
                part=step.part,
                role=step.role,
            )
            for step in self._steps.values()
        ]

    def explain(self, name: str, at: tuple[int, ...]) -> Explanation:
        """The arithmetic of one cell, recomputed in float64 from the numbers it was made of.

        `at` counts from 0, in the order of the step's axes: (head, query, key) for weights. Model
        weights that take part are those that the model has now.

        Raises:
            TraceError: when there is no such step, or the trace was loaded without its model.
            UsageError: when there is no such cell.
        """
        return explain(self, self.step(name), tuple(at))

    @property
    def target_as_predicted(self) -> Sentence | None:
        """The target with each row of the decoder under the token that it predicts."""
        if self.target is None:
            return None
        return as_predicted(self.target, self.predictions[-1].token if self.predictions else None)

    def with_model(self, model: Transformer) -> Self:
        """The same trace together with its model, so that `explain` has the weights.

        Raises:
            TraceError: when it is not of this model.
        """
        if not _alike(model.config, self.config):
            raise TraceError("the trace was recorded with a model of another configuration")
        other = object.__new__(type(self))
        other.__dict__.update(self.__dict__, _model=model)
        return other

    def parameter(self, name: str) -> Array:
        """A weight of the model that was traced, as float32 (float64 for a float64 model).

        Raises:
            TraceError: when the trace was loaded without its model.
        """
        if self._model is None:
            raise TraceError(
                "this arithmetic needs the weight {name}, which a saved trace does not hold: "
                "load it with its model, Trace.load(path, model=…), or attach one, "
                "trace.with_model(…)",
                name=name,
            )
        return _read_only(self._model.get_parameter(name).detach())

    def save(self, path: str | Path, *, force: bool = True) -> None:
        """Write the steps to `path` (.safetensors) and the rest to a .json beside it.

        Raises:
            OutputError: when they cannot be written.
        """
        data = {
            "model": self.model_name,
            "config": self.config.to_dict(),
            "source": self.source.to_json(),
            "target": None if self.target is None else self.target.to_json(),
            "to": self.to,
            "translations": self.translations,
            "predictions": as_plain(self.predictions),
            "history": as_plain(self.history),
            "steps": [
                {
                    "name": step.name,
                    "shape": step.shape,
                    "formula": step.formula,
                    "parents": step.parents,
                }
                for step in self.steps()
            ],
        }
        tensors = {name: self._tensors[name] for name in self}
        write_trace(Path(path), tensors, data, partial=bool(self._not_kept), force=force)

    @classmethod
    def load(cls, path: str | Path, model: Transformer | None = None) -> Self:
        """Read what `save` wrote; `explain` needs the model where weights take part.

        Raises:
            TraceError: when the files are no trace, or not of the same one, or not of this model.
        """
        tensors, saved = read_trace(Path(path))
        if model is not None and not _alike(model.config, saved["config"]):
            raise TraceError("{path} was recorded with a model of another configuration", path=path)
        return cls(tensors, model=model, **saved)

    def _tensor(self, name: str) -> Tensor:
        return self._tensors[self.step(name).name]

    def step(self, name: str) -> Step:
        """What is known of a step before it is computed.

        Raises:
            TraceError: when there is none of this name, the message names similar ones; or when it
                was not kept.
        """
        if name in self._not_kept:
            raise TraceError(
                "the step {name} was not kept in this trace, which has {some} of {all} steps: "
                "ask for it ({names}), or for all",
                name=name,
                some=len(self._steps),
                all=len(self._steps) + len(self._not_kept),
                names=Setting("names", [name]),
            )
        if name in self.parameters:
            raise TraceError(
                "{name} is a weight of the model, which was learned: no step computes it", name=name
            )
        if name not in self._steps:
            known = [*self._steps, *self._not_kept, *self.parameters]
            near = difflib.get_close_matches(name, known, n=3)
            if near:
                raise TraceError(
                    "there is no step {name!r} in this trace; did you mean {near}?",
                    name=name,
                    near=tuple(near),
                )
            raise TraceError("there is no step {name!r} in this trace", name=name)
        return self._steps[name]


def _read_only(tensor: Tensor) -> Array:
    """The same numbers in numpy, which has no bfloat16 and whose float16 is slow."""
    half = tensor.dtype in (torch.float16, torch.bfloat16)
    array: Array = (tensor.float() if half else tensor).cpu().numpy()
    array.flags.writeable = False  # it may be the model's own
    return array


def _alike(model: ModelConfig, traced: ModelConfig) -> bool:
    """Whether two models are built alike; the head that pictures show makes no difference."""
    return dataclasses.replace(model, shown_head=None) == dataclasses.replace(
        traced, shown_head=None
    )
