"""The decoder: from R and the target tokens so far to the next token.

Vaswani et al. (2017), section 3.1.
"""

from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from glassformer.config import StackConfig
from glassformer.model.add_norm import add_norm, final_norm
from glassformer.model.attention import MultiHeadAttention
from glassformer.model.cache import DecoderCache, FixedCache, GrowingCache
from glassformer.model.embedding import Embedding
from glassformer.model.feed_forward import FeedForward
from glassformer.model.masks import causal_mask


class DecoderLayer(nn.Module):
    """Masked self-attention, cross-attention on R and feed-forward, each with add & norm."""

    def __init__(self, config: StackConfig, d_memory: int) -> None:
        super().__init__()
        self.self_attention = MultiHeadAttention(config)
        self.add_norm_1 = add_norm(config)
        self.cross_attention = MultiHeadAttention(config, d_memory)
        self.add_norm_2 = add_norm(config)
        self.feed_forward = FeedForward(config)
        self.add_norm_3 = add_norm(config)

    def forward(
        self,
        x: Float[Tensor, "batch target d_model"],
        memory: Float[Tensor, "memories source d_memory"],
        mask: Bool[Tensor, "target keys"],
        memory_mask: Bool[Tensor, "memories 1 1 source"] | None = None,
        self_cache: GrowingCache | None = None,
        cross_cache: FixedCache | None = None,
    ) -> Float[Tensor, "batch target d_model"]:
        """The output of the layer."""
        x = self.add_norm_1(x, lambda x: self.self_attention(x, x, mask, self_cache))
        x = self.add_norm_2(x, lambda x: self.cross_attention(x, memory, memory_mask, cross_cache))
        x = self.add_norm_3(x, self.feed_forward)
        return x


class Decoder(nn.Module):
    """From target tokens and the memory to the hidden states for the output layer."""

    def __init__(self, config: StackConfig, padding: int, d_memory: int) -> None:
        super().__init__()
        self.embedding = Embedding(config, padding)
        self.layers = nn.ModuleList(
            DecoderLayer(config, d_memory) for _ in range(config.num_layers)
        )
        self.norm = final_norm(config)

    def forward(
        self,
        tokens: Int[Tensor, "batch target"],
        memory: Float[Tensor, "memories source d_memory"],
        memory_mask: Bool[Tensor, "memories 1 1 source"] | None = None,
        cache: DecoderCache | None = None,
    ) -> Float[Tensor, "batch target d_model"]:
        """One hidden state per target token, which depends on that token and those before it.

        With a cache, `tokens` are only the new ones. Padding is on the right, where the causal
        mask hides it from all real tokens.
        """
        start = 0 if cache is None else cache.length
        length = tokens.shape[1]
        mask = causal_mask(length, start + length, tokens.device)
        x: Tensor = self.embedding(tokens, start)
        for index, layer in enumerate(self.layers):
            caches = () if cache is None else cache.layer(index)
            x = layer(x, memory, mask, memory_mask, *caches)
        x = self.norm(x)
        return x
