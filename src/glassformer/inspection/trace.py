"""A trace: every number of one pass by its name, with formula, shape and origin."""

import dataclasses
import difflib
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
import safetensors
import safetensors.torch
import torch
from torch import Tensor

from glassformer.config import ModelConfig, StackConfig
from glassformer.drawing.picture import Picture
from glassformer.errors import ConfigError, OutputError, TraceError
from glassformer.inspection.attention import attention_view
from glassformer.inspection.explain import Explanation, explain
from glassformer.inspection.steps import Step, steps_of
from glassformer.model.transformer import Transformer
from glassformer.outputs import replacing
from glassformer.views import Sentence

SCHEMA = "glassformer.trace/1"
Array = np.ndarray[Any, np.dtype[Any]]

_SOURCE_SIDE = ("source", "encoder")
_FLOATS = (torch.float32, torch.float64, torch.float16, torch.bfloat16)
_DTYPES = {"token": (torch.int64,), "causal": (torch.bool,)}


@dataclass(frozen=True, kw_only=True)
class TracedStep:
    """One step of a trace: what it is called, how it is computed, its shape, and from what."""

    name: str
    formula: str
    shape: tuple[int, ...]
    axes: tuple[str, ...]
    parents: tuple[str, ...]
    parameters: tuple[str, ...]


class Trace:
    """One recorded pass over a sentence (and, in a model with a decoder, its target).

    `trace[name]` is a read-only numpy array without batch axis, float32 (float64 for a float64
    model; ids are int64 and masks boolean); `trace.tensor(name)` a torch copy in the model's own
    precision. `source` and `target` are what was read, `translations` what the model makes of the
    source by itself, by target tag.
    """

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
    ) -> None:
        self.config = config
        self.source = source
        self.target = target
        self.model_name = model_name
        self.to = to
        self.translations = dict(translations or {})
        self._tensors = dict(tensors)
        self._model = model
        self._steps = {step.name: step for step in steps_of(config, with_target=target is not None)}

    def __getitem__(self, name: str) -> Array:
        """The numbers of one step."""
        return _read_only(self._tensor(name))

    def __iter__(self) -> Iterator[str]:
        """The names of all steps, in the order in which they were computed."""
        return iter(self._steps)

    def __len__(self) -> int:
        return len(self._steps)

    def __contains__(self, name: object) -> bool:
        return name in self._steps

    def __repr__(self) -> str:
        return f"<Trace of {self.source.text!r} by {self.model_name}: {len(self)} steps>"

    def tensor(self, name: str) -> Tensor:
        """A copy of one step as a torch tensor, in the precision of the model."""
        return self._tensor(name).clone()

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
        return explain(self, self._step(name), tuple(at))

    def attention(self, **options: Any) -> Picture:
        """A picture of who attends to whom; see `attention_view` for the options."""
        return Picture(attention_view(self, **options))

    def parameter(self, name: str) -> Array:
        """A weight of the model that was traced, as float32 (float64 for a float64 model).

        Raises:
            TraceError: when the trace was loaded without its model.
        """
        if self._model is None:
            raise TraceError(
                f"this arithmetic needs the weight {name}, which a saved trace does not hold: "
                "load it with its model, Trace.load(path, model=…)"
            )
        return _read_only(self._model.get_parameter(name).detach())

    def save(self, path: str | Path, *, force: bool = True) -> None:
        """Write every step to `path` (.safetensors) and the rest to a .json beside it.

        Raises:
            OutputError: when they cannot be written.
        """
        path = Path(path)
        if path.suffix != ".safetensors":
            raise OutputError(
                f"a trace is saved as .safetensors, but the name given is {path.name}"
            )
        tensors = {name: self._tensors[name].cpu().contiguous().clone() for name in self}
        numbers = safetensors.torch.save(tensors)
        data = {
            "schema": SCHEMA,
            "sha256": hashlib.sha256(numbers).hexdigest(),
            "model": self.model_name,
            "config": self.config.to_dict(),
            "source": self.source.to_json(),
            "target": None if self.target is None else self.target.to_json(),
            "to": self.to,
            "translations": self.translations,
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
        with (
            replacing(path, force=force) as temporary,
            replacing(_json_beside(path), force=force) as beside,
        ):
            beside.write_text(json.dumps(data, indent=1, ensure_ascii=False), encoding="utf-8")
            temporary.write_bytes(numbers)

    @classmethod
    def load(cls, path: str | Path, model: Transformer | None = None) -> Self:
        """Read what `save` wrote; `explain` needs the model where weights take part.

        Raises:
            TraceError: when the files are no trace, or not of the same one, or not of this model.
        """
        path = Path(path)
        try:
            data = json.loads(_json_beside(path).read_text(encoding="utf-8"))
            numbers = path.read_bytes()
            tensors = safetensors.torch.load(numbers)
        except (OSError, ValueError, RecursionError, safetensors.SafetensorError) as error:
            raise TraceError(
                f"{path} and the .json beside it are no readable trace: {error}"
            ) from error
        if not isinstance(data, dict) or data.get("schema") != SCHEMA:
            raise TraceError(f"{_json_beside(path)} is no trace of schema {SCHEMA}")
        if data.get("sha256") != hashlib.sha256(numbers).hexdigest():
            raise TraceError(f"{path} and {_json_beside(path)} do not belong to the same trace")
        try:
            trace = cls(
                tensors,
                config=ModelConfig.from_dict(data["config"]),
                source=Sentence.from_json(data["source"]),
                target=None if data["target"] is None else Sentence.from_json(data["target"]),
                model_name=data["model"],
                model=model,
                to=data["to"],
                translations=data["translations"],
            )
        except (KeyError, TypeError, ValueError, AttributeError, ConfigError) as error:
            raise TraceError(f"{_json_beside(path)} is damaged: {error!r}") from error
        trace._check_fits(path)
        if model is not None and not _alike(model.config, trace.config):
            raise TraceError(f"{path} was recorded with a model of another configuration")
        return trace

    def _check_fits(self, path: Path) -> None:
        """What comes from files has to be all that the configuration says, and nothing else."""
        for side, sentence in (("source", self.source), ("target", self.target)):
            if sentence is not None and not sentence.is_consistent:
                raise TraceError(f"{_json_beside(path)} is damaged: its {side} contradicts itself")
        if self.target is not None and self.config.decoder is None:
            raise TraceError(f"{_json_beside(path)} is damaged: a target, but no decoder")
        wrong = {*self._tensors} ^ {*self._steps}
        wrong |= {name for name, step in self._steps.items() if not self._fits(step)}
        if wrong:
            raise TraceError(
                f"{path} does not hold what its .json says; {min(wrong)} is missing, left over or "
                "of another shape or type"
            )

    def _fits(self, step: Step) -> bool:
        tensor = self._tensors.get(step.name)
        if tensor is None or tuple(tensor.shape) != self._shape_of(step):
            return False
        if tensor.dtype not in _DTYPES.get(step.operation, _FLOATS):
            return False
        entries = self._stack_of(step).vocabulary
        return step.operation != "token" or all(0 <= id < entries for id in tensor.tolist())

    def _shape_of(self, step: Step) -> tuple[int, ...]:
        """The shape of a step, from the configuration and the lengths of the sentences."""
        source, target = len(self.source.tokens), len(self.target.tokens) if self.target else 0
        stack = self._stack_of(step)
        own = source if step.name.startswith(_SOURCE_SIDE) else target
        keys = source if ".cross_attention" in step.name else own
        width = stack.d_ff if step.name.endswith(".hidden") else stack.d_model
        sizes = {
            "head": stack.num_heads,
            "token": keys if step.name.endswith((".key", ".value")) else own,
            "query": own,
            "key": keys,
            "feature": stack.d_head if "head" in step.axes else width,
            "entry": stack.vocabulary,
        }
        return tuple(sizes[axis] for axis in step.axes)

    def _stack_of(self, step: Step) -> StackConfig:
        decoder = self.config.decoder
        on_source = step.name.startswith(_SOURCE_SIDE)
        return self.config.encoder if on_source or decoder is None else decoder

    def _tensor(self, name: str) -> Tensor:
        return self._tensors[self._step(name).name]

    def _step(self, name: str) -> Step:
        if name not in self._steps:
            near = difflib.get_close_matches(name, self._steps, n=3)
            hint = f"; did you mean {', '.join(near)}?" if near else ""
            raise TraceError(f"there is no step {name!r} in this trace{hint}")
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


def _json_beside(path: Path) -> Path:
    return path.with_suffix(".json")
