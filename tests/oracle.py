"""The Transformer again, in float64 NumPy, for one sentence at a time.

This is the second opinion that the model is held against. It is written from the formulas of
"Attention Is All You Need" (Vaswani et al., 2017) and of the variants that a configuration can ask
for, in the order of the article. It shares no code with the model, knows no batch, no cache and no
fused kernel, and computes everything anew for every token. All it has in common with the model are
the configuration, the names of the weights and the name that each step has in a trace.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from glassformer.config import ModelConfig, StackConfig

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]


def run(
    config: ModelConfig,
    weights: Mapping[str, Array],
    source: Sequence[int],
    target: Sequence[int] | None = None,
    type_ids: Sequence[int] | None = None,
) -> dict[str, Array | Mask]:
    """Every step from source tokens to R, and with a target on to probabilities, by its name."""
    model = Oracle(config, weights)
    memory = model.encoder(source, type_ids)
    if target is not None:
        model.probabilities(model.logits(model.decoder(target, memory)))
    return model.trace


def greedy(
    config: ModelConfig, weights: Mapping[str, Array], source: Sequence[int], first: int, limit: int
) -> list[int]:
    """The most probable token, again and again, until the end token or `limit` tokens."""
    target = [first]
    while len(target) <= limit and (len(target) == 1 or target[-1] != config.end):
        target.append(int(run(config, weights, source, target)["probabilities"][-1].argmax()))
    return target[1:]


class Oracle:
    """The formulas, over one set of weights; `trace` keeps each result under its name."""

    def __init__(self, config: ModelConfig, weights: Mapping[str, Array]) -> None:
        self.config = config
        self.weights = weights
        self.trace: dict[str, Array | Mask] = {}

    def see(self, name: str, value: Array) -> Array:
        self.trace[name] = value
        return value

    # Section 3.1: encoder and decoder stacks

    def encoder(self, tokens: Sequence[int], type_ids: Sequence[int] | None = None) -> Array:
        stack = self.config.encoder
        x = self.embedding("encoder", stack, tokens, type_ids)
        for k in range(stack.num_layers):
            x = self.encoder_layer(f"encoder.layers.{k}", stack, x)
        return self.see("encoder", self.final_norm("encoder.norm", stack, x))

    def encoder_layer(self, name: str, stack: StackConfig, x: Array) -> Array:
        all_to_all = np.ones((len(x), len(x)), dtype=bool)

        def self_attention(x: Array) -> Array:
            return self.attention(f"{name}.self_attention", stack, x, x, all_to_all)

        def feed_forward(x: Array) -> Array:
            return self.feed_forward(f"{name}.feed_forward", stack, x)

        x = self.add_norm(f"{name}.add_norm_1", stack, x, self_attention)
        x = self.add_norm(f"{name}.add_norm_2", stack, x, feed_forward)
        return self.see(name, x)

    def decoder(self, tokens: Sequence[int], memory: Array) -> Array:
        stack = self.config.decoder
        assert stack is not None
        x = self.embedding("decoder", stack, tokens)
        for k in range(stack.num_layers):
            x = self.decoder_layer(f"decoder.layers.{k}", stack, x, memory)
        return self.see("decoder", self.final_norm("decoder.norm", stack, x))

    def decoder_layer(self, name: str, stack: StackConfig, x: Array, memory: Array) -> Array:
        m = len(x)
        to_earlier = np.array([[key <= query for key in range(m)] for query in range(m)])
        self.trace[f"{name}.self_attention.mask"] = to_earlier
        all_to_all = np.ones((m, len(memory)), dtype=bool)

        def self_attention(x: Array) -> Array:
            return self.attention(f"{name}.self_attention", stack, x, x, to_earlier)

        def cross_attention(x: Array) -> Array:
            return self.attention(f"{name}.cross_attention", stack, x, memory, all_to_all)

        def feed_forward(x: Array) -> Array:
            return self.feed_forward(f"{name}.feed_forward", stack, x)

        x = self.add_norm(f"{name}.add_norm_1", stack, x, self_attention)
        x = self.add_norm(f"{name}.add_norm_2", stack, x, cross_attention)
        x = self.add_norm(f"{name}.add_norm_3", stack, x, feed_forward)
        return self.see(name, x)

    def add_norm(
        self, name: str, stack: StackConfig, x: Array, sublayer: Callable[[Array], Array]
    ) -> Array:
        match stack.norm:
            case "post":
                total = self.see(f"{name}.sum", x + sublayer(x))
                return self.see(name, self.layer_norm(f"{name}.norm", stack, total))
            case "pre":
                normed = self.see(f"{name}.norm", self.layer_norm(f"{name}.norm", stack, x))
                return self.see(name, x + sublayer(normed))
            case "none":
                return self.see(name, x + sublayer(x))

    def final_norm(self, name: str, stack: StackConfig, x: Array) -> Array:
        return self.see(name, self.layer_norm(name, stack, x)) if stack.norm == "pre" else x

    def layer_norm(self, name: str, stack: StackConfig, x: Array) -> Array:
        centred = x - x.mean(axis=-1, keepdims=True)
        variance = (centred**2).mean(axis=-1, keepdims=True)
        normed = centred / np.sqrt(variance + stack.norm_epsilon)
        scaled: Array = normed * self.weights[f"{name}.weight"] + self.weights[f"{name}.bias"]
        return scaled

    # Section 3.2: attention

    def attention(
        self, name: str, stack: StackConfig, x: Array, memory: Array, may_attend: Mask
    ) -> Array:
        d_head = stack.d_model // stack.num_heads

        def heads(y: Array) -> Array:
            return np.stack([y[:, h : h + d_head] for h in range(0, stack.d_model, d_head)])

        Q = self.see(f"{name}.query", heads(self.linear(f"{name}.query", x)))
        K = self.see(f"{name}.key", heads(self.linear(f"{name}.key", memory)))
        V = self.see(f"{name}.value", heads(self.linear(f"{name}.value", memory)))
        scores = self.see(f"{name}.scores", np.stack([q @ k.T for q, k in zip(Q, K, strict=True)]))
        scaled = self.see(
            f"{name}.scaled_scores", scores / math.sqrt(d_head) if stack.scale_scores else scores
        )
        weights = self.see(f"{name}.weights", softmax(np.where(may_attend, scaled, -np.inf)))
        Z = self.see(f"{name}.context", np.stack([w @ v for w, v in zip(weights, V, strict=True)]))
        return self.see(name, self.linear(f"{name}.output", np.concatenate(list(Z), axis=1)))

    # Section 3.3: position-wise feed-forward networks

    def feed_forward(self, name: str, stack: StackConfig, x: Array) -> Array:
        hidden = ACTIVATIONS[stack.activation](self.linear(f"{name}.expand", x))
        return self.see(name, self.linear(f"{name}.contract", self.see(f"{name}.hidden", hidden)))

    def linear(self, name: str, x: Array) -> Array:
        # A row of the weight is an output feature: x W with W transposed.
        return x @ self.weights[f"{name}.weight"].T + self.weights[f"{name}.bias"]

    # Section 3.4: embeddings and softmax

    def embedding(
        self,
        side: str,
        stack: StackConfig,
        tokens: Sequence[int],
        type_ids: Sequence[int] | None = None,
    ) -> Array:
        name = f"{side}.embedding"
        table = self.table(side)
        x = np.stack([table[token] for token in tokens])
        x = self.see(f"{name}.tokens", x * math.sqrt(stack.d_model) if stack.scale_embedding else x)
        if stack.positions != "none":
            x = x + self.see(f"{name}.positions", self.positions(name, stack, len(tokens)))
        if stack.token_types:
            types = self.weights[f"{name}.token_types.weight"]
            of_tokens = [types[type_id] for type_id in type_ids or [0] * len(tokens)]
            x = x + self.see(f"{name}.token_types", np.stack(of_tokens))
        if stack.embedding_norm:
            x = self.layer_norm(f"{name}.norm", stack, self.see(f"{name}.sum", x))
        return self.see(name, x)

    def logits(self, x: Array) -> Array:
        logits = x @ self.table("decoder").T
        if self.config.output_bias:
            logits = logits + self.weights["output.bias"]
        return self.see("logits", logits)

    def probabilities(self, logits: Array) -> Array:
        """Padding, start, tags and what else is suppressed are never generated."""
        config = self.config
        never = {config.padding, config.start, *dict(config.tags).values(), *config.suppressed}
        allowed = np.array([token not in never for token in range(logits.shape[1])])
        return self.see("probabilities", softmax(np.where(allowed, logits, -np.inf)))

    def table(self, side: str) -> Array:
        """E: one table for both sides where they are tied."""
        return self.weights[
            f"{'encoder' if self.config.tie_embeddings else side}.embedding.tokens.weight"
        ]

    # Section 3.5: positions

    def positions(self, name: str, stack: StackConfig, length: int) -> Array:
        if stack.positions == "learned":
            first = stack.first_position
            return self.weights[f"{name}.positions.weight"][first : first + length]
        return sinusoids(range(length), stack.d_model, stack.positions == "sinusoidal_halves")


def sinusoids(positions: Iterable[int], d_model: int, halves: bool) -> Array:
    """sin and cos of pos / 10000^(2i / d_model), side by side or all sines first."""
    rows = []
    for pos in positions:
        angles = [pos / 10000 ** (2 * i / d_model) for i in range((d_model + 1) // 2)]
        sines, cosines = [math.sin(a) for a in angles], [math.cos(a) for a in angles]
        pairs = [value for pair in zip(sines, cosines, strict=True) for value in pair]
        rows.append((sines + cosines if halves else pairs)[:d_model])
    return np.array(rows)


def softmax(x: Array) -> Array:
    powers: Array = np.exp(x - x.max(axis=-1, keepdims=True))
    shares: Array = powers / powers.sum(axis=-1, keepdims=True)
    return shares


ACTIVATIONS: dict[str, Callable[[Array], Array]] = {
    "relu": lambda x: np.maximum(x, 0.0),
    "gelu": lambda x: x * (1.0 + np.vectorize(math.erf)(x / math.sqrt(2.0))) / 2.0,
    "gelu_tanh": lambda x: (
        x * (1.0 + np.tanh(math.sqrt(2.0 / math.pi) * (x + 0.044715 * x**3))) / 2.0
    ),
    "silu": lambda x: x / (1.0 + np.exp(-x)),
}
