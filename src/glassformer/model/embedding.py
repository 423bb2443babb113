"""From token ids to the stack's input: X, then X + P. Vaswani et al. (2017), sections 3.4, 3.5."""

import math

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from glassformer.config import StackConfig
from glassformer.errors import InputError
from glassformer.model.positions import LearnedPositions, SinusoidalPositions


class TokenEmbedding(nn.Module):
    """X: one learned row a vocabulary entry, times √d_model."""

    def __init__(self, config: StackConfig, padding: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(config.vocabulary, config.d_model))
        self.padding = padding
        self.scale = math.sqrt(config.d_model) if config.scale_embedding else 1.0

    def forward(self, tokens: Int[Tensor, "batch length"]) -> Float[Tensor, "batch length d_model"]:
        """The rows of these tokens, scaled; no gradient reaches the padding row."""
        rows = nn.functional.embedding(tokens, self.weight, padding_idx=self.padding)
        return rows * self.scale


class TokenTypes(nn.Module):
    """BERT's segment table. One text alone is all of type 0."""

    def __init__(self, config: StackConfig) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(config.token_types, config.d_model))

    def forward(
        self, x: Float[Tensor, "batch length d_model"]
    ) -> Float[Tensor, "batch length d_model"]:
        """The row of type 0 for every token of x."""
        return self.weight[0].expand_as(x)


class Absent(nn.Module):
    """A summand that this model does not have."""

    def forward(self, x: Float[Tensor, "batch length d_model"], start: int = 0) -> float:
        """Zero."""
        return 0.0


class Embedding(nn.Module):
    """The input of a stack: tokens plus positions (plus token types, normalised, in BERT)."""

    def __init__(self, config: StackConfig, padding: int) -> None:
        super().__init__()
        self.max_positions = config.max_positions
        self.tokens = TokenEmbedding(config, padding)
        self.positions: nn.Module
        if config.positions == "learned":
            self.positions = LearnedPositions(config)
        elif config.positions == "none":
            self.positions = Absent()
        else:
            self.positions = SinusoidalPositions(config)
        self.token_types = TokenTypes(config) if config.token_types else Absent()
        self.norm = (
            nn.LayerNorm(config.d_model, eps=config.norm_epsilon)
            if config.embedding_norm
            else nn.Identity()
        )
        self.dropout = nn.Dropout(config.dropout)

    def forward(
        self, tokens: Int[Tensor, "batch length"], start: int = 0
    ) -> Float[Tensor, "batch length d_model"]:
        """X + P for tokens of which the first stands at position `start`.

        Raises:
            InputError: when there is no token, or the last stands beyond `max_positions`.
        """
        if tokens.shape[1] == 0:
            raise InputError("at least one token is needed, but the input has none")
        if start + tokens.shape[1] > self.max_positions:
            raise InputError(
                "this model takes at most {most} tokens, but was given {given}",
                most=self.max_positions,
                given=start + tokens.shape[1],
            )
        x: Tensor = self.tokens(tokens)
        x = x + self.positions(x, start) + self.token_types(x)
        x = self.norm(x)
        x = self.dropout(x)
        return x
