"""Flat parameters: all trained weights in one long vector, and likewise their gradients.

What is done to every weight alike (gradient clipping, Adam, the moving average, a sum over
processes) is then one operation, in an order that never changes.
"""

from collections.abc import Mapping
from typing import NamedTuple

import torch
from torch import Tensor, nn

from glassformer.config import TrainingConfig
from glassformer.model.transformer import Transformer

TAIL = 8
"""Numbers behind the gradient that are summed over processes together with it."""


class Stretch(NamedTuple):
    """Part of the vector with a learning rate of its own, as a factor of the schedule's."""

    start: int
    end: int
    factor: float


class FlatWeights:
    """The trained weights of a model as one vector, which the model's parameters are views of.

    `values` are the weights and `gradient` their gradient, both float32; `tail` are `TAIL` further
    numbers in the same memory as the gradient.
    """

    def __init__(self, model: Transformer, factors: Mapping[str, float] | None = None) -> None:
        factors = factors or {}
        parameters = [(n, p) for n, p in model.named_parameters() if p.requires_grad]
        size = sum(parameter.numel() for _, parameter in parameters)
        device = model.device
        self.values = torch.empty(size, device=device)
        self._with_tail = torch.zeros(size + TAIL, device=device)
        self.gradient = self._with_tail[:size]
        self.tail = self._with_tail[size:]
        self.stretches: list[Stretch] = []
        start = 0
        for name, parameter in parameters:
            end = start + parameter.numel()
            self.values[start:end] = parameter.detach().flatten()
            parameter.data = self.values[start:end].view_as(parameter)
            parameter.grad = self.gradient[start:end].view_as(parameter)
            factor = factors.get(name.partition(".")[0], 1.0)
            if self.stretches and self.stretches[-1].factor == factor:
                self.stretches[-1] = self.stretches[-1]._replace(end=end)
            else:
                self.stretches.append(Stretch(start, end, factor))
            start = end

    @property
    def to_sum(self) -> Tensor:
        """Gradient and tail as one tensor, to be summed over processes."""
        return self._with_tail

    def clear(self) -> None:
        """Set the gradient to zero."""
        self._with_tail.zero_()

    def clip(self, threshold: float) -> float:
        """The gradient norm; above the threshold (0: none) the gradient is scaled down to it."""
        norm = float(self.gradient.norm())
        if 0.0 < threshold < norm < float("inf"):
            self.gradient.mul_(threshold / norm)
        return norm


class Adam:
    """Adam (Kingma & Ba, 2015) on a flat vector, its state readable as tensors.

    With decoupled weight decay it is AdamW (Loshchilov & Hutter, 2019).
    """

    def __init__(self, flat: FlatWeights, config: TrainingConfig) -> None:
        settings = config.training
        self._stretches = flat.stretches
        self._parts = []
        for start, end, _ in flat.stretches:
            part = nn.Parameter(flat.values[start:end])
            part.grad = flat.gradient[start:end]
            self._parts.append(part)
        self._optimizer = torch.optim.AdamW(
            [{"params": [part]} for part in self._parts],
            lr=0.0,
            betas=(settings.beta_1, settings.beta_2),
            eps=settings.epsilon,
            weight_decay=settings.weight_decay,
            fused=True,
        )
        self.mean = torch.zeros_like(flat.values)
        self.mean_square = torch.zeros_like(flat.values)
        for part, (start, end, _) in zip(self._parts, flat.stretches, strict=True):
            self._optimizer.state[part] = {
                "step": torch.zeros((), device=flat.values.device),
                "exp_avg": self.mean[start:end],
                "exp_avg_sq": self.mean_square[start:end],
            }

    @property
    def steps(self) -> int:
        """How many steps have been taken."""
        return int(self._optimizer.state[self._parts[0]]["step"]) if self._parts else 0

    @steps.setter
    def steps(self, count: int) -> None:
        for part in self._parts:
            self._optimizer.state[part]["step"].fill_(count)

    def step(self, learning_rate: float) -> None:
        """Take one optimizer step."""
        for group, stretch in zip(self._optimizer.param_groups, self._stretches, strict=True):
            group["lr"] = learning_rate * stretch.factor
        self._optimizer.step()
