"""Position encoding P: where in the sentence a token is.

Attention by itself is order-independent: it sees a set of tokens. Word order enters only here, by
the addition X + P. Vaswani et al. (2017), section 3.5.
"""

import functools
import math

import torch
from jaxtyping import Float
from torch import Tensor, nn

from glassformer.config import StackConfig


def sinusoids(length: int, d_model: int, halves: bool = False) -> Float[Tensor, "length d_model"]:
    """Sinusoidal position encoding: sines and cosines of geometrically decreasing frequency.

    Computed in float64.

    Row pos holds sin(pos / 10000^(2i/d_model)) at feature 2i and the cosine of the same angle at
    2i + 1 (Vaswani et al., 2017, section 3.5). With `halves`, the layout of Marian, all sines come
    first and then all cosines. An odd d_model ends with a sine without its cosine.
    """
    pairs = (d_model + 1) // 2
    exponents = torch.arange(pairs, dtype=torch.float64) * (-2.0 * math.log(10000.0) / d_model)
    angles = torch.arange(length, dtype=torch.float64)[:, None] * exponents.exp()
    table = torch.empty(length, d_model, dtype=torch.float64)
    sines, cosines = (
        (slice(0, pairs), slice(pairs, None)) if halves else (slice(0, None, 2), slice(1, None, 2))
    )
    table[:, sines] = angles.sin()
    table[:, cosines] = angles[:, : d_model // 2].cos()
    return table


@functools.lru_cache(maxsize=16)
def _table(
    rows: int, d_model: int, halves: bool, dtype: torch.dtype, device: torch.device
) -> Float[Tensor, "rows d_model"]:
    return sinusoids(rows, d_model, halves).to(dtype).to(device)


class SinusoidalPositions(nn.Module):
    """Sinusoidal position encoding, computed in float64 and rounded to the model's dtype."""

    def __init__(self, config: StackConfig) -> None:
        super().__init__()
        self.d_model = config.d_model
        self.halves = config.positions == "sinusoidal_halves"

    def forward(
        self, x: Float[Tensor, "batch length d_model"], start: int = 0
    ) -> Float[Tensor, "length d_model"]:
        """P for the tokens of x, the first of which is at position `start`."""
        end = start + x.shape[1]
        rows = max(64, 1 << (end - 1).bit_length())  # few sizes, so that cached tables are reused
        return _table(rows, self.d_model, self.halves, x.dtype, x.device)[start:end]


class LearnedPositions(nn.Module):
    """Learned position embeddings, trained like any other weight (BERT); they are not sinusoids."""

    def __init__(self, config: StackConfig) -> None:
        super().__init__()
        self.first = config.first_position
        self.weight = nn.Parameter(torch.empty(self.first + config.max_positions, config.d_model))

    def forward(
        self, x: Float[Tensor, "batch length d_model"], start: int = 0
    ) -> Float[Tensor, "length d_model"]:
        """P for the tokens of x, the first of which is at position `start`."""
        begin = self.first + start
        return self.weight[begin : begin + x.shape[1]]
