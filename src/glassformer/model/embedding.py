"""Embedding: from token ids to X + P. Vaswani et al. (2017), sections 3.4 and 3.5."""

import math

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from glassformer.config import StackConfig
from glassformer.errors import InputError, UsageError
from glassformer.model.positions import LearnedPositions, SinusoidalPositions


class TokenEmbedding(nn.Module):
    """Token embedding X: one learned row per vocabulary entry, times √d_model."""

    def __init__(self, config: StackConfig, padding: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(config.vocabulary, config.d_model))
        self.padding = padding
        self.scale = math.sqrt(config.d_model) if config.scale_embedding else 1.0

    def forward(self, tokens: Int[Tensor, "batch length"]) -> Float[Tensor, "batch length d_model"]:
        """The scaled embeddings of these tokens; the padding row gets no gradient."""
        rows = nn.functional.embedding(tokens, self.weight, padding_idx=self.padding)
        return rows * self.scale


class TokenTypes(nn.Module):
    """BERT's segment embedding: type 0, and type 1 for the second text of a pair."""

    def __init__(self, config: StackConfig) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(config.token_types, config.d_model))

    def forward(
        self,
        x: Float[Tensor, "batch length d_model"],
        type_ids: Int[Tensor, "batch length"] | None = None,
    ) -> Float[Tensor, "batch length d_model"]:
        """The embedding of each token's type; without `type_ids` all are of type 0."""
        if type_ids is None:
            return self.weight[0].expand_as(x)
        return nn.functional.embedding(type_ids, self.weight)


class Absent(nn.Module):
    """A summand that this model does not have: zero."""

    def forward(
        self,
        x: Float[Tensor, "batch length d_model"],
        start: int = 0,
        type_ids: Int[Tensor, "batch length"] | None = None,
    ) -> float:
        """Zero."""
        return 0.0


class Embedding(nn.Module):
    """The input of a stack: tokens plus positions (in BERT also token types, then a norm)."""

    def __init__(self, config: StackConfig, padding: int) -> None:
        super().__init__()
        self.max_positions = config.max_positions
        self.num_types = config.token_types
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
        self,
        tokens: Int[Tensor, "batch length"],
        start: int = 0,
        type_ids: Int[Tensor, "batch length"] | None = None,
    ) -> Float[Tensor, "batch length d_model"]:
        """X + P for tokens, the first of which is at position `start`.

        `type_ids` say which text of a pair a token belongs to; without them all are of type 0.

        Raises:
            InputError: when there are no tokens, or more than `max_positions`.
            UsageError: when a token type is not in this model.
        """
        if tokens.shape[1] == 0:
            raise InputError("the input is empty: expected at least one token")
        if start + tokens.shape[1] > self.max_positions:
            raise InputError(
                "this model accepts at most {most} tokens, but was given {given}",
                most=self.max_positions,
                given=start + tokens.shape[1],
            )
        if type_ids is not None:
            self._check_types(tokens, type_ids)
        x: Tensor = self.tokens(tokens)
        x = x + self.positions(x, start) + self.token_types(x, type_ids=type_ids)
        x = self.norm(x)
        x = self.dropout(x)
        return x

    def _check_types(self, tokens: Int[Tensor, "..."], type_ids: Int[Tensor, "..."]) -> None:
        """Token types must match the tokens, and be in this model's table."""
        if type_ids.shape != tokens.shape:
            raise InputError(
                "token types must have the shape of the tokens, but the tokens are {tokens} and "
                "the types {types}",
                tokens=str(list(tokens.shape)),
                types=str(list(type_ids.shape)),
            )
        for id in (int(type_ids.min()), int(type_ids.max())):
            if not 0 <= id < max(1, self.num_types):
                raise UsageError(
                    "this model has {rows} token types, but the input has type {id}: it cannot "
                    "distinguish the two texts of a pair, so give single texts only",
                    rows=self.num_types,
                    id=id,
                )
