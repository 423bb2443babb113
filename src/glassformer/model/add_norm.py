"""Add & norm: the residual connection around a sublayer, and layer normalisation.

    post-norm  LayerNorm(x + sublayer(x))     Vaswani et al. (2017), section 3.1
    pre-norm   x + sublayer(LayerNorm(x))     with a final norm at the end of the stack
    none       x + sublayer(x)                to see what the norm is for

LayerNorm divides by the root of the biased variance, epsilon inside the root (Ba et al., 2016).
"""

from collections.abc import Callable
from typing import TypeAlias

from jaxtyping import Float
from torch import Tensor, nn

from glassformer.config import StackConfig

Sublayer: TypeAlias = Callable[[Tensor], Tensor]


class PostNorm(nn.Module):
    """LayerNorm(x + sublayer(x)); with norm="none" the norm is an Identity."""

    def __init__(self, config: StackConfig) -> None:
        super().__init__()
        self.norm = (
            nn.LayerNorm(config.d_model, eps=config.norm_epsilon)
            if config.norm == "post"
            else nn.Identity()
        )
        self.dropout = nn.Dropout(config.dropout)

    def forward(
        self, x: Float[Tensor, "batch length d_model"], sublayer: Sublayer
    ) -> Float[Tensor, "batch length d_model"]:
        """The output of the sublayer, added to its input and normalised."""
        x = self.norm(x + self.dropout(sublayer(x)))
        return x


class PreNorm(nn.Module):
    """x + sublayer(LayerNorm(x))."""

    def __init__(self, config: StackConfig) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(config.d_model, eps=config.norm_epsilon)
        self.dropout = nn.Dropout(config.dropout)

    def forward(
        self, x: Float[Tensor, "batch length d_model"], sublayer: Sublayer
    ) -> Float[Tensor, "batch length d_model"]:
        """The output of the sublayer on the normalised input, added to the input."""
        x = x + self.dropout(sublayer(self.norm(x)))
        return x


def add_norm(config: StackConfig) -> PostNorm | PreNorm:
    """The add & norm of this configuration."""
    return PreNorm(config) if config.norm == "pre" else PostNorm(config)


def final_norm(config: StackConfig) -> nn.Module:
    """The final norm after the last layer: pre-norm needs one, post-norm has none."""
    if config.norm == "pre":
        return nn.LayerNorm(config.d_model, eps=config.norm_epsilon)
    return nn.Identity()
