"""Dropout with a fast random generator, for processors on which torch's own is slow.

On a CPU torch draws one number after the other from a generator made for other things; an eighth of
the training time of a small model goes into it. Sixteen bits decide here about each element, so the
rate is right to 1 / 65,536, and the noise of a micro-batch is a pure function of its seed.
"""

from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

_STEPS = 1 << 16


class Noise:
    """A stream of random 16-bit numbers that can be reseeded."""

    def __init__(self) -> None:
        self._bits = np.random.SFC64(0)

    def seed(self, *entropy: int) -> None:
        """Continue with the stream that belongs to these numbers."""
        self._bits = np.random.SFC64(entropy)

    def like(self, x: Tensor) -> Tensor:
        """Numbers from -32,768 to 32,767, all equally likely, in the shape of x."""
        words = self._bits.random_raw((x.numel() + 3) // 4)
        return torch.from_numpy(words.view(np.int16)[: x.numel()]).view(x.shape)


class FastDropout(nn.Module):
    """Set a share of the elements to zero and scale up the rest, in training mode."""

    def __init__(self, share: float, noise: Noise) -> None:
        super().__init__()
        steps = min(round(share * _STEPS), _STEPS - 1)
        self.share = steps / _STEPS
        self._lowest_kept = steps - _STEPS // 2
        self._noise = noise

    def forward(self, x: Tensor) -> Tensor:
        """x, an element kept with probability 1 - share and then divided by that."""
        if not self.training or not self.share:
            return x
        keep = (self._noise.like(x) >= self._lowest_kept).float()
        dropped: Tensor = _Masked.apply(  # type: ignore[no-untyped-call]
            x, keep.mul_(1.0 / (1.0 - self.share))
        )
        return dropped


class _Masked(torch.autograd.Function):
    """x · mask; unlike a plain product it need not keep x."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, mask: Tensor) -> Tensor:
        ctx.save_for_backward(mask)
        return x * mask

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None]:
        (mask,) = ctx.saved_tensors
        return gradient * mask, None
