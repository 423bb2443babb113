"""The encoder: N identical layers; the output of the last is R.

Vaswani et al. (2017), section 3.1.
"""

from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from glassformer.config import StackConfig
from glassformer.model.add_norm import add_norm, final_norm
from glassformer.model.attention import MultiHeadAttention
from glassformer.model.embedding import Embedding
from glassformer.model.feed_forward import FeedForward


class EncoderLayer(nn.Module):
    """Self-attention, add & norm, feed-forward, add & norm."""

    def __init__(self, config: StackConfig) -> None:
        super().__init__()
        self.self_attention = MultiHeadAttention(config)
        self.add_norm_1 = add_norm(config)
        self.feed_forward = FeedForward(config)
        self.add_norm_2 = add_norm(config)

    def forward(
        self,
        x: Float[Tensor, "batch length d_model"],
        mask: Bool[Tensor, "batch 1 1 length"] | None = None,
    ) -> Float[Tensor, "batch length d_model"]:
        """The output of the layer."""
        x = self.add_norm_1(x, lambda x: self.self_attention(x, x, mask))
        x = self.add_norm_2(x, self.feed_forward)
        return x


class Encoder(nn.Module):
    """From source tokens to R, the memory."""

    def __init__(self, config: StackConfig, padding: int) -> None:
        super().__init__()
        self.embedding = Embedding(config, padding)
        self.layers = nn.ModuleList(EncoderLayer(config) for _ in range(config.num_layers))
        self.norm = final_norm(config)

    def forward(
        self,
        tokens: Int[Tensor, "batch length"],
        mask: Bool[Tensor, "batch 1 1 length"] | None = None,
        type_ids: Int[Tensor, "batch length"] | None = None,
    ) -> Float[Tensor, "batch length d_model"]:
        """R. The mask hides padding (`masks.padding_mask`); None means that there is none.

        `type_ids` as in `Embedding.forward`.

        Raises:
            InputError, UsageError: as `Embedding.forward`.
        """
        x: Tensor = self.embedding(tokens, type_ids=type_ids)
        for layer in self.layers:
            x = layer(x, mask)
        x = self.norm(x)
        return x
