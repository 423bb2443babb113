"""From token ids to the stack's input: X, then X + P. Vaswani et al. (2017), sections 3.4, 3.5."""

import math

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from glassformer.config import StackConfig
from glassformer.errors import InputError, UsageError
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
    """BERT's segment table. One text alone is all of type 0, of a pair the second is of type 1."""

    def __init__(self, config: StackConfig) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(config.token_types, config.d_model))

    def forward(
        self,
        x: Float[Tensor, "batch length d_model"],
        type_ids: Int[Tensor, "batch length"] | None = None,
    ) -> Float[Tensor, "batch length d_model"]:
        """The row of each token's type; without types that of type 0 for every token of x."""
        if type_ids is None:
            return self.weight[0].expand_as(x)
        return nn.functional.embedding(type_ids, self.weight)


class Absent(nn.Module):
    """A summand that this model does not have."""

    def forward(
        self,
        x: Float[Tensor, "batch length d_model"],
        start: int = 0,
        type_ids: Int[Tensor, "batch length"] | None = None,
    ) -> float:
        """Zero."""
        return 0.0


class Embedding(nn.Module):
    """The input of a stack: tokens plus positions (plus token types, normalised, in BERT)."""

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
        """X + P for tokens of which the first stands at position `start`.

        `type_ids` say which text of a pair a token belongs to; without them all are of type 0.

        Raises:
            InputError: when there is no token, or the last stands beyond `max_positions`.
            UsageError: when a token has a type that this model does not know.
        """
        if tokens.shape[1] == 0:
            raise InputError("at least one token is needed, but the input has none")
        if start + tokens.shape[1] > self.max_positions:
            raise InputError(
                "this model takes at most {most} tokens, but was given {given}",
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
        """A model with one type, or none, has nothing to tell two texts apart by."""
        if type_ids.shape != tokens.shape:
            raise InputError(
                "each token needs its type, but the tokens are {tokens} and their types {types}",
                tokens=str(list(tokens.shape)),
                types=str(list(type_ids.shape)),
            )
        for id in (int(type_ids.min()), int(type_ids.max())):
            if not 0 <= id < max(1, self.num_types):
                raise UsageError(
                    "this model has {rows} rows of token types, none for type {id}: it cannot tell "
                    "two texts apart as its tokenizer does, so give it no pair",
                    rows=self.num_types,
                    id=id,
                )
