"""What is computed, step by step: name, formula, where it can be seen, and what it is made from.

The list follows from the configuration alone, so that no step is shown that a model does not have
and no formula that it does not follow. Layers count from 0 here, as indices do.
"""

import functools
from collections.abc import Iterator
from dataclasses import dataclass

from glassformer.config import ModelConfig, Part, StackConfig
from glassformer.views.structure import ACTIVATION_NAMES

TOKEN_FEATURE = ("token", "feature")
HEAD_TOKEN_FEATURE = ("head", "token", "feature")
HEAD_QUERY_KEY = ("head", "query", "key")


@dataclass(frozen=True, kw_only=True)
class Step:
    """One row of the computation.

    `axes` name the axes of its array; `parents` are the steps that its formula is applied to and
    `parameters` the weights that it uses, in the formula's order; `operation` names the rule of
    `explain` that recomputes one cell. `module` and `role` say where a hook sees it: as output or
    input of a module, or as query, key, value or mask of an attention kernel; without a module it
    is derived from its parents.
    """

    name: str
    formula: str
    axes: tuple[str, ...]
    operation: str
    parents: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()
    module: str | None = None
    role: str = "output"


def is_on_source(name: str) -> bool:
    """Whether a step belongs to the source and the encoder, and not to the target."""
    return name.startswith(("source", "encoder"))


def stack_of(config: ModelConfig, step: Step) -> StackConfig:
    """The stack that a step belongs to."""
    return config.stack_of("encoder" if is_on_source(step.name) else "decoder")


def attention_name(part: Part, layer: int) -> str:
    """What the attention of a part is called in this layer (from 0)."""
    side = "encoder" if part == "encoder" else "decoder"
    return f"{side}.layers.{layer}.{'cross' if part == 'cross' else 'self'}_attention"


@functools.lru_cache(maxsize=16)
def steps_of(config: ModelConfig, *, with_target: bool) -> tuple[Step, ...]:
    """All steps in the order in which they are computed, with the decoder's where asked for."""
    steps = [*_tokens("source"), *_stack("encoder", config.encoder, sublayers=("self", "feed"))]
    if with_target and config.decoder is not None:
        steps += _tokens("target")
        steps += _stack("decoder", config.decoder, sublayers=("self", "cross", "feed"))
        steps += _output(config)
    return tuple(steps)


def _tokens(side: str) -> Iterator[Step]:
    yield Step(
        name=f"{side}.tokens", formula="text → subwords → ids", axes=("token",), operation="token"
    )


def _stack(name: str, stack: StackConfig, sublayers: tuple[str, ...]) -> Iterator[Step]:
    yield from _embedding(name, stack)
    x = f"{name}.embedding"
    for index in range(stack.num_layers):
        layer = f"{name}.layers.{index}"
        yield from _layer(layer, stack, x, sublayers)
        x = layer
    if stack.norm == "pre":
        yield _norm(f"{name}.norm", f"{name}.norm", x, "LayerNorm(x)")
        x = f"{name}.norm"
    what = "R, what the last layer gives" if name == "encoder" else "what the last layer gives"
    yield _same(name, x, what)


def _embedding(name: str, stack: StackConfig) -> Iterator[Step]:
    tokens, positions = f"{name}.embedding.tokens", f"{name}.embedding.positions"
    ids = "source.tokens" if name == "encoder" else "target.tokens"
    yield Step(
        name=tokens,
        formula="E[ids] · √d_model" if stack.scale_embedding else "E[ids]",
        axes=TOKEN_FEATURE,
        operation="lookup",
        parents=(ids,),
        parameters=(f"{tokens}.weight",),
        module=tokens,
    )
    summands = [tokens]
    if stack.positions != "none":
        learned = stack.positions == "learned"
        yield Step(
            name=positions,
            formula=_positions_formula(stack),
            axes=TOKEN_FEATURE,
            operation="learned_position" if learned else "sinusoid",
            parameters=(f"{positions}.weight",) if learned else (),
            module=positions,
        )
        summands.append(positions)
    if stack.token_types:
        types = f"{name}.embedding.token_types"
        yield Step(
            name=types,
            formula="token_types[0]",
            axes=TOKEN_FEATURE,
            operation="token_type",
            parameters=(f"{types}.weight",),
            module=types,
        )
        summands.append(types)
    letters = {"tokens": "X", "positions": "P", "token_types": "token types"}
    formula = " + ".join(letters[summand.rpartition(".")[2]] for summand in summands)
    embedding = f"{name}.embedding"
    if stack.embedding_norm:
        norm = f"{embedding}.norm"
        yield _sum(f"{embedding}.sum", summands, formula, norm, role="input")
        yield _norm(embedding, norm, f"{embedding}.sum", "LayerNorm(sum)")
    else:
        yield _sum(embedding, summands, formula, embedding)


def _positions_formula(stack: StackConfig) -> str:
    if stack.positions == "learned":
        return f"table[pos + {stack.first_position}]" if stack.first_position else "table[pos]"
    if stack.positions == "sinusoidal_halves":
        return "sines, then cosines, of pos / 10000^(2i/d_model)"
    return "sin(pos / 10000^(2i/d_model)) at 2i, cos(same) at 2i + 1"


def _layer(layer: str, stack: StackConfig, x: str, sublayers: tuple[str, ...]) -> Iterator[Step]:
    for index, kind in enumerate(sublayers, start=1):
        add_norm = f"{layer}.add_norm_{index}"
        inner = x
        if stack.norm == "pre":
            inner = f"{add_norm}.norm"
            yield _norm(inner, inner, x, "LayerNorm(x)")
        if kind == "feed":
            sublayer = f"{layer}.feed_forward"
            yield from _feed_forward(sublayer, stack, inner)
        else:
            sublayer = f"{layer}.{kind}_attention"
            memory = "encoder" if kind == "cross" else inner
            causal = kind == "self" and layer.startswith("decoder")
            yield from _attention(sublayer, stack, inner, memory, causal)
        if stack.norm == "post":
            norm = f"{add_norm}.norm"
            total = f"{add_norm}.sum"
            yield _sum(total, [x, sublayer], "x + sublayer(x)", norm, role="input")
            yield _norm(add_norm, norm, total, "LayerNorm(x + sublayer(x))")
        else:
            formula = "x + sublayer(LayerNorm(x))" if stack.norm == "pre" else "x + sublayer(x)"
            yield _sum(add_norm, [x, sublayer], formula, add_norm)
        x = add_norm
    yield _same(layer, x, "output of the layer")


def _attention(name: str, stack: StackConfig, x: str, memory: str, causal: bool) -> Iterator[Step]:
    kernel = f"{name}.attend"
    for role, letter, given in (("query", "Q", x), ("key", "K", memory), ("value", "V", memory)):
        source = "R" if given == "encoder" else "x"
        yield Step(
            name=f"{name}.{role}",
            formula=f"{source} W_{letter} + b_{letter}, in heads",
            axes=HEAD_TOKEN_FEATURE,
            operation="project",
            parents=(given,),
            parameters=(f"{name}.{role}.weight", f"{name}.{role}.bias"),
            module=kernel,
            role=role,
        )
    yield Step(
        name=f"{name}.scores",
        formula="Q Kᵀ",
        axes=HEAD_QUERY_KEY,
        operation="scores",
        parents=(f"{name}.query", f"{name}.key"),
    )
    yield Step(
        name=f"{name}.scaled_scores",
        formula="scores / √d_head" if stack.scale_scores else "scores, not divided",
        axes=HEAD_QUERY_KEY,
        operation="scale",
        parents=(f"{name}.scores",),
    )
    parents: tuple[str, ...] = (f"{name}.scaled_scores",)
    if causal:
        parents += (f"{name}.mask",)
        yield Step(
            name=f"{name}.mask",
            formula="key position ≤ query position",
            axes=("query", "key"),
            operation="causal",
            module=kernel,
            role="mask",
        )
    yield Step(
        name=f"{name}.weights",
        formula="softmax over keys" + (", masked keys exactly 0" if causal else ""),
        axes=HEAD_QUERY_KEY,
        operation="softmax",
        parents=parents,
    )
    yield Step(
        name=f"{name}.context",
        formula="weights · V",
        axes=HEAD_TOKEN_FEATURE,
        operation="context",
        parents=(f"{name}.weights", f"{name}.value"),
        module=kernel,
    )
    yield Step(
        name=name,
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
        parents=(x,),
        parameters=(f"{name}.expand.weight", f"{name}.expand.bias"),
        module=f"{name}.activation",
    )
    yield Step(
        name=name,
        formula="hidden W₂ + b₂",
        axes=TOKEN_FEATURE,
        operation="linear",
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
        parents=("decoder",),
        parameters=("output.weight", "output.bias") if config.output_bias else ("output.weight",),
        module="output",
    )
    yield Step(
        name="probabilities",
        formula="softmax over what may be generated",
        axes=("token", "entry"),
        operation="choose",
        parents=("logits",),
    )


def _sum(name: str, summands: list[str], formula: str, module: str, role: str = "output") -> Step:
    return Step(
        name=name,
        formula=formula,
        axes=TOKEN_FEATURE,
        operation="sum",
        parents=tuple(summands),
        module=module,
        role=role,
    )


def _norm(name: str, module: str, x: str, formula: str) -> Step:
    return Step(
        name=name,
        formula=formula,
        axes=TOKEN_FEATURE,
        operation="layer_norm",
        parents=(x,),
        parameters=(f"{module}.weight", f"{module}.bias"),
        module=name,
    )


def _same(name: str, x: str, formula: str) -> Step:
    return Step(
        name=name,
        formula=formula,
        axes=TOKEN_FEATURE,
        operation="same",
        parents=(x,),
        module=name,
    )
