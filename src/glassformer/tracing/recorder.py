"""Recording a pass: ordinary forward hooks on a second tree of modules over the same tensors.

The model in use is never touched. What the fused kernel does not build, scores and weights, is
derived from the query, key and mask that it was given, by the one formula in `model.attention`;
and each derivation proves itself: weights · V must be what the kernel gave.
"""

from collections.abc import Iterator
from typing import Any

import torch
from jaxtyping import Int
from torch import Tensor, nn

from glassformer.errors import TraceError
from glassformer.model.attention import attention_weights, score_scale
from glassformer.model.transformer import Transformer
from glassformer.tracing.steps import Step, attention_name, steps_of

TOLERANCE = {
    torch.float64: 1e-12,
    torch.float32: 1e-5,
    torch.float16: 2e-3,
    torch.bfloat16: 2e-2,
}
"""How far weights · V may be from the kernel's output, relative to its largest number."""

_PORTS = {"query": 0, "key": 1, "value": 2, "mask": 3}

_TABLES = ("learned_position", "token_type")
"""Steps that a module gives as a view of its weight, which may change after the pass."""


class Recorder:
    """Records passes of one model, one at a time; each thread needs a recorder of its own."""

    def __init__(self, model: Transformer) -> None:
        self._model = model
        self._tree: Transformer | None = None
        self._made_of: list[object] = []
        self._seen: dict[str, Tensor] = {}

    @torch.no_grad()
    def record(
        self, source: Int[Tensor, "1 source"], target: Int[Tensor, "1 target"] | None = None
    ) -> dict[str, Tensor]:
        """One pass in evaluation mode; every step by its name, without the batch axis.

        The target tokens, where given, are the decoder's inputs (teacher forcing).

        Raises:
            TraceError: when derived weights do not lead to what the kernel gave, or a step was not
                seen because the model's module for it was replaced.
        """
        tree = self._second_tree()
        self._seen.clear()
        if target is None:
            tree.encode(source)
        else:
            tree(source, target)
        steps = steps_of(self._model.config, with_target=target is not None)
        seen = {**self._seen, "source.tokens": source}
        for step in steps:
            if step.module is not None and step.name not in seen:
                raise TraceError(
                    "{name} was not seen: the model did not run {module}",
                    name=step.name,
                    module=step.module,
                )
        if target is not None:
            seen["target.tokens"] = target
            seen["probabilities"] = tree.probabilities(seen["logits"])
        self._derive_weights(steps, seen)
        self._seen.clear()
        return {step.name: _kept(step, seen[step.name]) for step in steps}

    def _second_tree(self) -> Transformer:
        """The hooked tree, made anew when the model is made of other parts than it was."""
        parts = list(_parts(self._model))
        same = len(parts) == len(self._made_of) and all(
            part is before for part, before in zip(parts, self._made_of, strict=True)
        )
        if self._tree is None or not same:
            self._tree = self._model.second_tree().eval()
            self._made_of = parts
            self._watch(self._tree)
        return self._tree

    def _watch(self, tree: Transformer) -> None:
        modules = dict(tree.named_modules())
        for step in steps_of(self._model.config, with_target=True):
            if step.module in modules:
                modules[step.module].register_forward_hook(self._hook(step))

    def _hook(self, step: Step) -> Any:
        seen, name, port = self._seen, step.name, step.port

        def hook(module: nn.Module, arguments: tuple[Any, ...], output: Tensor) -> None:
            if port == "output":
                seen[name] = output
            else:
                seen[name] = arguments[_PORTS.get(port, 0)]

        return hook

    def _derive_weights(self, steps: tuple[Step, ...], seen: dict[str, Tensor]) -> None:
        names, doubts = [], []
        for step in steps:
            if step.role != "scores":
                continue
            assert step.part is not None
            assert step.layer is not None
            name = attention_name(step.part, step.layer)
            scale = score_scale(step.stack(self._model.config))
            query, key, value, context = (
                _at_least_float32(seen[f"{name}.{role}"])
                for role in ("query", "key", "value", "context")
            )
            derived = attention_weights(query, key, seen.get(f"{name}.mask"), scale)
            for role, tensor in zip(derived._fields, derived, strict=True):
                seen[f"{name}.{role}"] = tensor
            # Rounding of a score moves its weight by as much, and the larger the scores, the more.
            allowed = derived.scaled_scores.abs().amax().clamp(min=1.0) * context.abs().amax()
            difference = (derived.weights @ value - context).abs().amax()
            doubts.append(difference / allowed.clamp(min=1e-30))
            names.append(name)
        tolerance = TOLERANCE[seen["encoder"].dtype]
        for name, doubt in zip(names, torch.stack(doubts).tolist(), strict=True):
            if not doubt <= tolerance:  # a NaN proves nothing either
                raise TraceError(
                    "{name}: the derived weights · V should equal the kernel's output within "
                    "{tolerance:g}, but differ by {doubt:g}; the weights are not shown",
                    name=name,
                    tolerance=tolerance,
                    doubt=doubt,
                )


def _at_least_float32(tensor: Tensor) -> Tensor:
    return tensor if tensor.dtype == torch.float64 else tensor.float()


def _kept(step: Step, tensor: Tensor) -> Tensor:
    """What a trace keeps of a tensor: without batch axis, and not the model's own table."""
    tensor = tensor[0] if tensor.dim() > len(step.axes) else tensor
    return tensor.clone() if step.operation in _TABLES else tensor


def _parts(model: nn.Module) -> Iterator[object]:
    """Everything that a second tree is made of: modules, hooks of others on them, tensors."""
    for module in model.modules():
        yield module
        yield from module._forward_pre_hooks.values()
        yield from module._forward_hooks.values()
    yield from model.parameters()
    yield from model.buffers()
