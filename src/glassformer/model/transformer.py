"""The Transformer: encoder, optional decoder, and the output layer tied to the embedding.

Vaswani et al. (2017), figure 1.
"""

import copy
import math
from itertools import chain
from typing import Self

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from glassformer.config import ModelConfig
from glassformer.errors import InputError
from glassformer.model import forking
from glassformer.model.attention import MultiHeadAttention
from glassformer.model.cache import DecoderCache
from glassformer.model.decoder import Decoder
from glassformer.model.embedding import TokenEmbedding
from glassformer.model.encoder import Encoder
from glassformer.model.feed_forward import FeedForward

forking.watch_forks()


class Output(nn.Module):
    """Output layer: the logits h Eᵀ of the next token, with E the decoder's embedding."""

    def __init__(self, weight: nn.Parameter, bias: bool) -> None:
        super().__init__()
        self.weight = weight
        self.bias = nn.Parameter(torch.empty(weight.shape[0])) if bias else None

    def forward(
        self, x: Float[Tensor, "batch length d_model"]
    ) -> Float[Tensor, "batch length vocabulary"]:
        """Raw logits, neither scaled nor masked (Vaswani et al., 2017, section 3.4)."""
        return nn.functional.linear(x, self.weight, self.bias)


class Transformer(nn.Module):
    """An encoder and optionally a decoder, with randomly initialised weights.

    Projections are Xavier-uniform, biases zero, embeddings N(0, 1/d_model) with a zero padding
    row, all from torch's global random generator.
    """

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        self.encoder = Encoder(config.encoder, config.padding)
        self.decoder: Decoder | None = None
        self.output: Output | None = None
        if config.decoder is not None:
            self.decoder = Decoder(config.decoder, config.padding, config.encoder.d_model)
            self.output = Output(self.decoder.embedding.tokens.weight, config.output_bias)
        self.tie()
        if not self.encoder.embedding.tokens.weight.is_meta:  # else weights will be loaded
            self.initialise()

    def tie(self) -> None:
        """Tie embeddings as configured: make them one tensor (again, after loading)."""
        if self.decoder is None or self.output is None:
            return
        if self.config.tie_embeddings:
            self.decoder.embedding.tokens.weight = self.encoder.embedding.tokens.weight
        self.output.weight = self.decoder.embedding.tokens.weight

    @torch.no_grad()
    def initialise(self) -> None:
        """Initialise all weights at random, in the order of the modules."""
        for module in self.modules():
            if isinstance(module, nn.Linear):
                nn.init.xavier_uniform_(module.weight)
                nn.init.zeros_(module.bias)
            elif isinstance(module, nn.LayerNorm):
                nn.init.ones_(module.weight)
                nn.init.zeros_(module.bias)
            elif isinstance(module, Output):
                if module.bias is not None:
                    nn.init.zeros_(module.bias)
            else:
                for table in module.parameters(recurse=False):
                    nn.init.normal_(table, std=1.0 / math.sqrt(table.shape[1]))
            if isinstance(module, TokenEmbedding):
                module.weight[module.padding].zero_()

    @torch.no_grad()
    def scale_residual_branches(self, gain: float) -> None:
        """Multiply the initial weights of the residual branches by a gain.

        In post-norm stacks, untrained attention makes all positions more and more alike: after six
        layers with Xavier initialisation hardly anything else is left. A gain of (8 N)^(-1/4) for N
        layers prevents it: Wang et al. (2022), "DeepNet", figure 2, where the residual sum is
        scaled as well.
        """
        for module in self.modules():
            if isinstance(module, MultiHeadAttention):
                branch = [module.value, module.output]
            elif isinstance(module, FeedForward):
                branch = [module.expand, module.contract]
            else:
                continue
            for linear in branch:
                linear.weight.mul_(gain)

    def encode(
        self,
        source: Int[Tensor, "batch source"],
        source_mask: Bool[Tensor, "batch 1 1 source"] | None = None,
        type_ids: Int[Tensor, "batch source"] | None = None,
    ) -> Float[Tensor, "batch source d_memory"]:
        """The encoder outputs R (the memory) for source tokens padded on the right.

        `type_ids` say which text of a pair a token belongs to; without them all are of type 0.

        Raises:
            InputError: when there are no tokens, or more than this model accepts.
            UsageError: when a token type is not in this model.
        """
        memory: Tensor = self.encoder(source, source_mask, type_ids=type_ids)
        return memory

    def decode(
        self,
        target: Int[Tensor, "batch target"],
        memory: Float[Tensor, "memories source d_memory"],
        memory_mask: Bool[Tensor, "memories 1 1 source"] | None = None,
        cache: DecoderCache | None = None,
    ) -> Float[Tensor, "batch target vocabulary"]:
        """Raw logits for the token after each target token; with a cache, for new tokens only.

        If each memory has several targets, those of a memory are consecutive.

        Raises:
            UsageError: when this model has no decoder.
            InputError: when the number of targets is not a multiple of the memories.
        """
        self.config.stack_of("decoder")  # an error where there is none
        assert self.decoder is not None
        assert self.output is not None
        if len(target) % max(1, len(memory)):
            raise InputError(
                "{targets} targets cannot be divided evenly among {memories} memories",
                targets=len(target),
                memories=len(memory),
            )
        logits: Tensor = self.output(self.decoder(target, memory, memory_mask, cache))
        return logits

    def read(
        self,
        source: Int[Tensor, "batch source"],
        target: Int[Tensor, "batch target"],
        source_mask: Bool[Tensor, "batch 1 1 source"] | None = None,
        type_ids: Int[Tensor, "batch source"] | None = None,
    ) -> Float[Tensor, "batch target d_model"]:
        """The teacher-forced pass: the decoder's hidden state for each target token.

        The decoder reads the whole target at once; by the causal mask a hidden state depends only
        on its own token and those before it.

        Raises:
            UsageError: when this model has no decoder.
        """
        self.config.stack_of("decoder")  # an error where there is none
        assert self.decoder is not None
        memory = self.encode(source, source_mask, type_ids)
        hidden: Tensor = self.decoder(target, memory, source_mask)
        return hidden

    def forward(
        self,
        source: Int[Tensor, "batch source"],
        target: Int[Tensor, "batch target"],
        source_mask: Bool[Tensor, "batch 1 1 source"] | None = None,
        type_ids: Int[Tensor, "batch source"] | None = None,
    ) -> Float[Tensor, "batch target vocabulary"]:
        """Raw logits for the token after each target token, given the source; see `encode`."""
        hidden = self.read(source, target, source_mask, type_ids)
        assert self.output is not None
        logits: Tensor = self.output(hidden)
        return logits

    def probabilities(
        self, logits: Float[Tensor, "*batch vocabulary"]
    ) -> Float[Tensor, "*batch vocabulary"]:
        """Softmax over the tokens that may be generated; padding, start and tags get exactly 0."""
        never = torch.tensor(sorted(self.config.never_generated), device=logits.device)
        return logits.index_fill(-1, never, -math.inf).softmax(-1)

    def new_cache(self) -> DecoderCache:
        """An empty cache for a new batch of target sentences.

        Raises:
            UsageError: when this model has no decoder.
        """
        return DecoderCache(self.config.stack_of("decoder").num_layers)

    @property
    def device(self) -> torch.device:
        """The device of the weights, where token ids must be, too.

        Raises:
            UsageError: when it is a GPU that the parent process used before a fork.
        """
        return forking.check_device(self.encoder.embedding.tokens.weight.device)

    def second_tree(self) -> Self:
        """A second module tree that shares all parameters, tied ones included.

        Hooks on it do not affect this one; in-place changes of weights are visible in both.
        """
        shared = {id(tensor): tensor for tensor in chain(self.parameters(), self.buffers())}
        return copy.deepcopy(self, shared)
