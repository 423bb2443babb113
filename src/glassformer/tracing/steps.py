"""What is computed, step by step: name, formula, where it can be seen, and what it is made from.

The list follows from the configuration alone, so that no step is shown that a model does not have
and no formula that it does not follow. Layers count from 0 here, as indices do.
"""

import dataclasses
import functools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from glassformer.config import ModelConfig, Part, StackConfig
from glassformer.views.structure import ACTIVATION_NAMES, token_types_formula

Side: TypeAlias = Literal["source", "target"]
Port: TypeAlias = Literal["output", "input", "query", "key", "value", "mask"]

TOKEN_FEATURE = ("token", "feature")
HEAD_TOKEN_FEATURE = ("head", "token", "feature")
HEAD_QUERY_KEY = ("head", "query", "key")


@dataclass(frozen=True, kw_only=True)
class Step:
    """One row of the computation.

    `axes` name the axes of its array; `parents` are the steps that its formula is applied to and
    `parameters` the weights that it uses, in the formula's order; `operation` names the rule of
    `explain` that recomputes one cell.

    `side` says whose pass it belongs to, `layer` (from 0) which layer, `part` which attention and
    `role` what it is there ("query", "weights", "hidden", "residual_sum" …); what a step does not
    belong to is None. `rows` is the side whose tokens its rows are, `columns` the one whose tokens
    the keys of attention are.

    `module` and `port` say where a hook sees it: as output or input of a module, or as query, key,
    value or mask of an attention kernel; without a module it is derived from its parents.
    """

    name: str
    formula: str
    axes: tuple[str, ...]
    operation: str
    role: str
    parents: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()
    side: Side = "source"
    layer: int | None = None
    part: Part | None = None
    rows: Side = "source"
    columns: Side | None = None
    module: str | None = None
    port: Port = "output"

    def stack(self, config: ModelConfig) -> StackConfig:
        """The configuration of the stack that this step belongs to."""
        return config.stack_of("encoder" if self.side == "source" else "decoder")

    def shape(self, config: ModelConfig, lengths: dict[Side, int]) -> tuple[int, ...]:
        """The shape of its array, from the configuration and the number of tokens of each side."""
        stack = self.stack(config)
        width = stack.d_ff if self.role == "hidden" else stack.d_model
        sizes = {
            "head": stack.num_heads,
            "token": lengths[self.rows],
            "query": lengths[self.rows],
            "key": lengths[self.columns or self.rows],
            "feature": stack.d_head if "head" in self.axes else width,
            "entry": stack.vocabulary,
        }
        return tuple(sizes[axis] for axis in self.axes)

    def tokens_of(self, axis: str) -> Side | None:
        """Whose tokens an axis counts, or None for one that counts no tokens."""
        if axis == "key":
            return self.columns or self.rows
        return self.rows if axis in ("token", "query") else None


def attention_name(part: Part, layer: int) -> str:
    """What the attention of a part is called in this layer (from 0)."""
    side = "encoder" if part == "encoder" else "decoder"
    return f"{side}.layers.{layer}.{'cross' if part == 'cross' else 'self'}_attention"


def layer_name(side: Side, layer: int) -> str:
    """What a layer (from 0) of the stack of a side is called."""
    return f"{'encoder' if side == 'source' else 'decoder'}.layers.{layer}"


@functools.lru_cache(maxsize=16)
def steps_of(config: ModelConfig, *, with_target: bool) -> tuple[Step, ...]:
    """All steps in the order in which they are computed, with the decoder's where asked for."""
    steps = [_tokens("source"), *_stack("source", config.encoder)]
    if with_target and config.decoder is not None:
        steps += [_tokens("target"), *_stack("target", config.decoder), *_output(config)]
    return tuple(steps)


def _tokens(side: Side) -> Step:
    return Step(
        name=f"{side}.tokens",
        formula="text → subwords → ids",
        axes=("token",),
        operation="token",
        role="tokens",
        side=side,
        rows=side,
    )


def _stack(side: Side, stack: StackConfig) -> Iterator[Step]:
    name = "encoder" if side == "source" else "decoder"
    yield from _on(side, _embedding(name, f"{side}.tokens", stack))
    x = f"{name}.embedding"
    for index in range(stack.num_layers):
        yield from _on(side, _layer(side, index, stack, x), layer=index)
        x = layer_name(side, index)
    if stack.norm == "pre":
        yield from _on(side, [_norm(f"{name}.norm", f"{name}.norm", x, "LayerNorm(x)")])
        x = f"{name}.norm"
    what = "R, what the last layer gives" if side == "source" else "what the last layer gives"
    yield from _on(side, [_same(name, x, what, role="stack")])


def _on(side: Side, steps: Iterable[Step], layer: int | None = None) -> Iterator[Step]:
    """These steps as those of one side and layer; rows are the side's unless a step says more."""
    for step in steps:
        rows = step.rows if step.columns is not None else side
        yield dataclasses.replace(step, side=side, layer=layer, rows=rows)


def _embedding(name: str, ids: str, stack: StackConfig) -> Iterator[Step]:
    tokens, positions = f"{name}.embedding.tokens", f"{name}.embedding.positions"
    yield Step(
        name=tokens,
        formula="E[ids] · √d_model" if stack.scale_embedding else "E[ids]",
        axes=TOKEN_FEATURE,
        operation="lookup",
        role="token_embedding",
        parents=(ids,),
        parameters=(f"{tokens}.weight",),
        module=tokens,
    )
    summands = {tokens: "X"}
    if stack.positions != "none":
        learned = stack.positions == "learned"
        yield Step(
            name=positions,
            formula=_positions_formula(stack),
            axes=TOKEN_FEATURE,
            operation="learned_position" if learned else "sinusoid",
            role="positions",
            parameters=(f"{positions}.weight",) if learned else (),
            module=positions,
        )
        summands[positions] = "P"
    if stack.token_types:
        types = f"{name}.embedding.token_types"
        yield Step(
            name=types,
            formula=token_types_formula(stack),
            axes=TOKEN_FEATURE,
            operation="token_type",
            role="token_types",
            parameters=(f"{types}.weight",),
            module=types,
        )
        summands[types] = "token types"
    formula = " + ".join(summands.values())
    embedding = f"{name}.embedding"
    if stack.embedding_norm:
        norm = f"{embedding}.norm"
        yield _sum(f"{embedding}.sum", [*summands], formula, norm, port="input")
        yield _norm(embedding, norm, f"{embedding}.sum", "LayerNorm(sum)", role="embedding")
    else:
        yield _sum(embedding, [*summands], formula, embedding, role="embedding")


def _positions_formula(stack: StackConfig) -> str:
    if stack.positions == "learned":
        return f"table[pos + {stack.first_position}]" if stack.first_position else "table[pos]"
    if stack.positions == "sinusoidal_halves":
        return "sines, then cosines, of pos / 10000^(2i/d_model)"
    return "sin(pos / 10000^(2i/d_model)) at 2i, cos(same) at 2i + 1"


_SUBLAYERS: dict[Side, tuple[Literal["self", "cross", "feed"], ...]] = {
    "source": ("self", "feed"),
    "target": ("self", "cross", "feed"),
}


def _layer(side: Side, index: int, stack: StackConfig, x: str) -> Iterator[Step]:
    layer = layer_name(side, index)
    for number, kind in enumerate(_SUBLAYERS[side], start=1):
        add_norm = f"{layer}.add_norm_{number}"
        inner = x
        if stack.norm == "pre":
            inner = f"{add_norm}.norm"
            yield _norm(inner, inner, x, "LayerNorm(x)")
        if kind == "feed":
            sublayer = f"{layer}.feed_forward"
            yield from _feed_forward(sublayer, stack, inner)
        else:
            part: Part = "cross" if kind == "cross" else _SELF[side]
            sublayer = attention_name(part, index)
            yield from _attention(sublayer, stack, part, inner)
        if stack.norm == "post":
            total = f"{add_norm}.sum"
            yield _sum(total, [x, sublayer], "x + sublayer(x)", f"{add_norm}.norm", port="input")
            formula = "LayerNorm(x + sublayer(x))"
            yield _norm(add_norm, f"{add_norm}.norm", total, formula, role="add_norm")
        else:
            formula = "x + sublayer(LayerNorm(x))" if stack.norm == "pre" else "x + sublayer(x)"
            yield _sum(add_norm, [x, sublayer], formula, add_norm, role="add_norm")
        x = add_norm
    yield _same(layer, x, "output of the layer", role="layer")


_SELF: dict[Side, Part] = {"source": "encoder", "target": "decoder"}


def _attention(name: str, stack: StackConfig, part: Part, x: str) -> Iterator[Step]:
    """The steps of one attention: queries from `x`, keys and values from it or from R."""
    kernel = f"{name}.attend"
    queries: Side = "source" if part == "encoder" else "target"
    keys: Side = "target" if part == "decoder" else "source"
    memory, letter_of = ("encoder", "R") if part == "cross" else (x, "x")

    step = functools.partial(Step, part=part, rows=queries, columns=keys)
    projected: tuple[tuple[Port, str, str, str, Side], ...] = (
        ("query", "Q", "x", x, queries),
        ("key", "K", letter_of, memory, keys),
        ("value", "V", letter_of, memory, keys),
    )
    for port, letter, read, given, rows in projected:
        yield step(
            name=f"{name}.{port}",
            role=port,
            rows=rows,
            formula=f"{read} W_{letter} + b_{letter}, in heads",
            axes=HEAD_TOKEN_FEATURE,
            operation="project",
            parents=(given,),
            parameters=(f"{name}.{port}.weight", f"{name}.{port}.bias"),
            module=kernel,
            port=port,
        )
    yield step(
        name=f"{name}.scores",
        role="scores",
        formula="Q Kᵀ",
        axes=HEAD_QUERY_KEY,
        operation="scores",
        parents=(f"{name}.query", f"{name}.key"),
    )
    yield step(
        name=f"{name}.scaled_scores",
        role="scaled_scores",
        formula="scores / √d_head" if stack.scale_scores else "scores, not divided",
        axes=HEAD_QUERY_KEY,
        operation="scale",
        parents=(f"{name}.scores",),
    )
    parents: tuple[str, ...] = (f"{name}.scaled_scores",)
    if part == "decoder":
        parents += (f"{name}.mask",)
        yield step(
            name=f"{name}.mask",
            role="mask",
            formula="key position ≤ query position",
            axes=("query", "key"),
            operation="causal",
            module=kernel,
            port="mask",
        )
    yield step(
        name=f"{name}.weights",
        role="weights",
        formula="softmax over keys" + (", masked keys exactly 0" if part == "decoder" else ""),
        axes=HEAD_QUERY_KEY,
        operation="softmax",
        parents=parents,
    )
    yield step(
        name=f"{name}.context",
        role="context",
        formula="weights · V",
        axes=HEAD_TOKEN_FEATURE,
        operation="context",
        parents=(f"{name}.weights", f"{name}.value"),
        module=kernel,
    )
    yield step(
        name=name,
        role="attention",
        formula="concat(Z₁ … Z_h) W_O + b_O",
        axes=TOKEN_FEATURE,
        operation="join",
        parents=(f"{name}.context",),
        parameters=(f"{name}.output.weight", f"{name}.output.bias"),
        module=name,
    )


def _feed_forward(name: str, stack: StackConfig, x: str) -> Iterator[Step]:
    yield Step(
        name=f"{name}.hidden",
        formula=f"{ACTIVATION_NAMES[stack.activation]}(x W₁ + b₁)",
        axes=TOKEN_FEATURE,
        operation="activate",
        role="hidden",
        parents=(x,),
        parameters=(f"{name}.expand.weight", f"{name}.expand.bias"),
        module=f"{name}.activation",
    )
    yield Step(
        name=name,
        formula="hidden W₂ + b₂",
        axes=TOKEN_FEATURE,
        operation="linear",
        role="feed_forward",
        parents=(f"{name}.hidden",),
        parameters=(f"{name}.contract.weight", f"{name}.contract.bias"),
        module=name,
    )


def _output(config: ModelConfig) -> Iterator[Step]:
    yield Step(
        name="logits",
        formula="h Eᵀ + b" if config.output_bias else "h Eᵀ",
        axes=("token", "entry"),
        operation="linear",
        role="logits",
        side="target",
        rows="target",
        parents=("decoder",),
        parameters=("output.weight", "output.bias") if config.output_bias else ("output.weight",),
        module="output",
    )
    yield Step(
        name="probabilities",
        formula="softmax over what may be generated",
        axes=("token", "entry"),
        operation="choose",
        role="probabilities",
        side="target",
        rows="target",
        parents=("logits",),
    )


def _sum(
    name: str,
    summands: list[str],
    formula: str,
    module: str,
    *,
    port: Port = "output",
    role: str = "residual_sum",
) -> Step:
    return Step(
        name=name,
        formula=formula,
        axes=TOKEN_FEATURE,
        operation="sum",
        role=role,
        parents=tuple(summands),
        module=module,
        port=port,
    )


def _norm(name: str, module: str, x: str, formula: str, *, role: str = "norm") -> Step:
    return Step(
        name=name,
        formula=formula,
        axes=TOKEN_FEATURE,
        operation="layer_norm",
        role=role,
        parents=(x,),
        parameters=(f"{module}.weight", f"{module}.bias"),
        module=name,
    )


def _same(name: str, x: str, formula: str, *, role: str) -> Step:
    return Step(
        name=name,
        formula=formula,
        axes=TOKEN_FEATURE,
        operation="same",
        role=role,
        parents=(x,),
        module=name,
    )
