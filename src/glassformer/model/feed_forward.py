"""The position-wise feed-forward network: the same at every position, but not in every layer.

Vaswani et al. (2017), section 3.3.
"""

from collections.abc import Callable
from functools import partial

from jaxtyping import Float
from torch import Tensor, nn

from glassformer.config import Activation, StackConfig

ACTIVATIONS: dict[Activation, Callable[[], nn.Module]] = {
    "relu": nn.ReLU,
    "gelu": nn.GELU,
    "gelu_tanh": partial(nn.GELU, approximate="tanh"),
    "silu": nn.SiLU,
}


class FeedForward(nn.Module):
    """activation(x W₁ + b₁) W₂ + b₂, with d_ff hidden features."""

    def __init__(self, config: StackConfig) -> None:
        super().__init__()
        self.expand = nn.Linear(config.d_model, config.d_ff)
        self.activation = ACTIVATIONS[config.activation]()
        self.dropout = nn.Dropout(config.activation_dropout)
        self.contract = nn.Linear(config.d_ff, config.d_model)

    def forward(
        self, x: Float[Tensor, "batch length d_model"]
    ) -> Float[Tensor, "batch length d_model"]:
        """The output for each position, independent of the others."""
        hidden = self.activation(self.expand(x))
        x = self.contract(self.dropout(hidden))
        return x
