"""Attention: every token gathers information from all others.

    scores = Q Kᵀ    scaled scores = scores / √d_head    weights = softmax(scaled scores)
    Z = weights · V, one per head    output = concat(Z₁ … Z_h) W_O

Vaswani et al. (2017), section 3.2. The model computes Z with torch's fused kernel, which never
materialises scores or weights; `attention_weights` is the one place where their formula is written,
and a trace checks with it that weights · V is what the kernel computed.
"""

import math
from typing import NamedTuple

from jaxtyping import Bool, Float
from torch import Tensor, nn
from torch.nn.functional import scaled_dot_product_attention

from glassformer.config import StackConfig
from glassformer.model.cache import KeysValues, KeyValueCache


class AttentionWeights(NamedTuple):
    """The three matrices between Q, K and Z, with one row per query and one column per key."""

    scores: Float[Tensor, "batch heads queries keys"]
    scaled_scores: Float[Tensor, "batch heads queries keys"]
    weights: Float[Tensor, "batch heads queries keys"]


def attention_weights(
    query: Float[Tensor, "batch heads queries d_head"],
    key: Float[Tensor, "batch heads keys d_head"],
    mask: Bool[Tensor, "*mask"] | None,
    scale: float,
) -> AttentionWeights:
    """Scores, scaled scores and weights; weights of masked keys are exactly 0.

    The mask is applied between scaled scores and softmax, so masked keys have both kinds of scores,
    too. Vaswani et al. (2017), equation 1.
    """
    scores = query @ key.transpose(-2, -1)
    scaled = scores * scale
    allowed = scaled if mask is None else scaled.masked_fill(~mask, -math.inf)
    return AttentionWeights(scores, scaled, allowed.softmax(-1))


def score_scale(config: StackConfig) -> float:
    """The factor of the scores: 1 / √d_head, or 1 where scaling is turned off."""
    return 1.0 / math.sqrt(config.d_head) if config.scale_scores else 1.0


class ScaledDotProductAttention(nn.Module):
    """Z from Q, K and V in one fused kernel; a forward hook on it sees these and the mask."""

    def __init__(self, config: StackConfig) -> None:
        super().__init__()
        self.scale = score_scale(config)
        self.dropout = config.attention_dropout

    def forward(
        self,
        query: Float[Tensor, "batch heads queries d_head"],
        key: Float[Tensor, "batch heads keys d_head"],
        value: Float[Tensor, "batch heads keys d_head"],
        mask: Bool[Tensor, "*mask"] | None = None,
    ) -> Float[Tensor, "batch heads queries d_head"]:
        """The context of each query; the mask broadcasts to [batch, heads, queries, keys]."""
        return scaled_dot_product_attention(
            query,
            key,
            value,
            attn_mask=mask,
            dropout_p=self.dropout if self.training else 0.0,
            scale=self.scale,
        )


class MultiHeadAttention(nn.Module):
    """Multi-head attention: parallel attention heads on their own projections, joined by W_O."""

    def __init__(self, config: StackConfig, d_memory: int | None = None) -> None:
        super().__init__()
        d_memory = config.d_model if d_memory is None else d_memory
        self.d_head = config.d_head
        self.query = nn.Linear(config.d_model, config.d_model)
        self.key = nn.Linear(d_memory, config.d_model)
        self.value = nn.Linear(d_memory, config.d_model)
        self.attend = ScaledDotProductAttention(config)
        self.output = nn.Linear(config.d_model, config.d_model)

    def forward(
        self,
        x: Float[Tensor, "batch queries d_model"],
        memory: Float[Tensor, "memories keys d_memory"],
        mask: Bool[Tensor, "*mask"] | None = None,
        cache: KeyValueCache | None = None,
    ) -> Float[Tensor, "batch queries d_model"]:
        """The output of attention from x to memory; in self-attention they are the same.

        With a cache the keys include those of earlier calls, and `mask` covers all of them. A
        memory with fewer rows than x is shared by equally many consecutive rows each: the
        hypotheses of a sentence.
        """
        query = self.query(x)
        key, value = (
            self.keys_values(memory) if cache is None else cache.update(self.keys_values, memory)
        )
        if len(key) < len(x):  # several hypotheses are queries to the same keys
            query = query.reshape(len(key), -1, query.shape[-1])
        context = self.attend(self._split_heads(query), key, value, mask)
        x = self.output(context.transpose(1, 2).flatten(2)).view_as(x)
        return x

    def keys_values(self, memory: Float[Tensor, "batch keys d_memory"]) -> KeysValues:
        """K and V of the memory, split into heads: [batch, heads, keys, d_head] each."""
        return self._split_heads(self.key(memory)), self._split_heads(self.value(memory))

    def _split_heads(
        self, x: Float[Tensor, "batch length d_model"]
    ) -> Float[Tensor, "batch heads length d_head"]:
        return x.view(*x.shape[:2], -1, self.d_head).transpose(1, 2)
