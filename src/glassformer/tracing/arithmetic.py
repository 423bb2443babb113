"""The rules by which one cell of a step is recomputed from the cells that it was made of.

Each is one formula of the article, written for a single number in float64. They share no code
with the model, so that agreement means something.
"""

import math
from collections.abc import Callable
from typing import Any, Protocol

import numpy as np
from jaxtyping import Float

from glassformer.config import ModelConfig
from glassformer.messages import Term
from glassformer.tracing.steps import Step
from glassformer.views import Sentence

Array = np.ndarray[Any, np.dtype[Any]]
Vector = Float[np.ndarray, " n"]
Operand = float | int | Array


class Recorded(Protocol):
    """What a rule may look at: recorded steps and the model's weights, by name; what was read."""

    config: ModelConfig
    source: Sentence

    def __getitem__(self, name: str) -> Array:
        """A recorded step."""
        ...

    def parameter(self, name: str) -> Array:
        """A weight of the model."""
        ...


Result = tuple[dict[str, Operand], str, float]
"""The operands by name, the arithmetic as it is written down (a `Term` where words are in it), and
what it gives."""


def _token(trace: Recorded, step: Step, at: tuple[int, ...]) -> Result:
    token = int(trace[step.name][at])
    return {"id": token}, Term("entry {token} of the vocabulary", token=token), float(token)


def _lookup(trace: Recorded, step: Step, at: tuple[int, ...]) -> Result:
    position, feature = at
    stack = step.stack(trace.config)
    token = int(trace[step.parents[0]][position])
    entry = float(trace.parameter(step.parameters[0])[token, feature])
    scale = math.sqrt(stack.d_model) if stack.scale_embedding else 1.0
    times = f" · √{stack.d_model}" if stack.scale_embedding else ""
    return (
        {"token": token, "E[token, feature]": entry, "scale": scale},
        f"E[{token}, {feature}]{times} = {_n(entry)} · {_n(scale)}",
        entry * scale,
    )


def _sinusoid(trace: Recorded, step: Step, at: tuple[int, ...]) -> Result:
    position, feature = at
    stack = step.stack(trace.config)
    if stack.positions == "sinusoidal_halves":
        sines = (stack.d_model + 1) // 2
        even, i = feature < sines, feature % sines
    else:
        even, i = feature % 2 == 0, feature // 2
    angle = position / 10000.0 ** (2 * i / stack.d_model)
    return (
        {"pos": position, "i": i, "d_model": stack.d_model, "angle": angle},
        f"{'sin' if even else 'cos'}({position} / 10000^({2 * i}/{stack.d_model})) = "
        f"{'sin' if even else 'cos'}({_n(angle)})",
        math.sin(angle) if even else math.cos(angle),
    )


def _learned_position(trace: Recorded, step: Step, at: tuple[int, ...]) -> Result:
    position, feature = at
    row = position + step.stack(trace.config).first_position
    return _table_cell(trace, step, row, feature)


def _token_type(trace: Recorded, step: Step, at: tuple[int, ...]) -> Result:
    position, feature = at
    return _table_cell(trace, step, trace.source.type_of(position), feature)


def _table_cell(trace: Recorded, step: Step, row: int, feature: int) -> Result:
    value = float(trace.parameter(step.parameters[0])[row, feature])
    arithmetic = Term("learned table, row {row}, feature {feature}", row=row, feature=feature)
    return {"row": row, "entry": value}, arithmetic, value


def _sum(trace: Recorded, step: Step, at: tuple[int, ...]) -> Result:
    operands = {parent: float(trace[parent][at]) for parent in step.parents}
    return dict(operands), " + ".join(map(_n, operands.values())), sum(operands.values())


def _same(trace: Recorded, step: Step, at: tuple[int, ...]) -> Result:
    name = step.parents[0]
    value = float(trace[name][at])
    return {name: value}, Term("{name} there", name=name), value


def _project(trace: Recorded, step: Step, at: tuple[int, ...]) -> Result:
    head, position, feature = at
    row = head * step.stack(trace.config).d_head + feature
    return _dot_with_weights(trace, step, _row(trace, step.parents[0], position), row)


def _linear(trace: Recorded, step: Step, at: tuple[int, ...]) -> Result:
    position, feature = at
    return _dot_with_weights(trace, step, _row(trace, step.parents[0], position), feature)


def _join(trace: Recorded, step: Step, at: tuple[int, ...]) -> Result:
    position, feature = at
    heads = trace[step.parents[0]][:, position].astype(np.float64)
    return _dot_with_weights(trace, step, heads.reshape(-1), feature)


def _activate(trace: Recorded, step: Step, at: tuple[int, ...]) -> Result:
    operands, arithmetic, x = _linear(trace, step, at)
    kind = step.stack(trace.config).activation
    formula, function = _ACTIVATIONS[kind]
    arithmetic = Term(
        "{formula}, x = {products} = {x}", formula=formula, products=arithmetic, x=_n(x)
    )
    return {**operands, "x": x}, arithmetic, function(x)


def _dot_with_weights(trace: Recorded, step: Step, x: Vector, feature: int) -> Result:
    weights = trace.parameter(step.parameters[0])[feature].astype(np.float64)
    operands: dict[str, Operand] = {"x": x, "w": weights}
    arithmetic, value = _products(x, weights), float(x @ weights)
    if len(step.parameters) > 1:
        bias = float(trace.parameter(step.parameters[1])[feature])
        operands["b"] = bias
        arithmetic = Term("{products} + {bias}", products=arithmetic, bias=_n(bias))
        value += bias
    return operands, arithmetic, value


def _scores(trace: Recorded, step: Step, at: tuple[int, ...]) -> Result:
    head, query, key = at
    q = trace[step.parents[0]][head, query].astype(np.float64)
    k = trace[step.parents[1]][head, key].astype(np.float64)
    return {"query": q, "key": k}, _products(q, k), float(q @ k)


def _scale(trace: Recorded, step: Step, at: tuple[int, ...]) -> Result:
    stack = step.stack(trace.config)
    score = float(trace[step.parents[0]][at])
    if not stack.scale_scores:
        return {"score": score}, _n(score), score
    return (
        {"score": score, "d_head": stack.d_head},
        f"{_n(score)} / √{stack.d_head}",
        score / math.sqrt(stack.d_head),
    )


def _causal(trace: Recorded, step: Step, at: tuple[int, ...]) -> Result:
    query, key = at
    return {"query": query, "key": key}, f"{key} ≤ {query}", float(key <= query)


def _softmax(trace: Recorded, step: Step, at: tuple[int, ...]) -> Result:
    head, query, key = at
    scores = trace[step.parents[0]][head, query].astype(np.float64)
    allowed = np.ones(len(scores), dtype=bool)
    if len(step.parents) > 1:
        allowed = trace[step.parents[1]][query].astype(bool)
    return _softmax_of(scores, allowed, key)


def _choose(trace: Recorded, step: Step, at: tuple[int, ...]) -> Result:
    position, entry = at
    logits = _row(trace, step.parents[0], position)
    allowed = np.ones(len(logits), dtype=bool)
    allowed[sorted(trace.config.never_generated)] = False
    return _softmax_of(logits, allowed, entry)


def _softmax_of(scores: Vector, allowed: Array, index: int) -> Result:
    operands: dict[str, Operand] = {"scores": scores, "allowed": allowed}
    if not allowed[index]:
        return operands, Term("masked"), 0.0
    largest = scores[allowed].max()
    powers = np.where(allowed, np.exp(np.where(allowed, scores - largest, 0.0)), 0.0)
    total = float(powers.sum())
    arithmetic = Term(
        "exp({score}) / Σ exp over {number} = {power} / {total} (both divided by exp({largest}))",
        score=f"{scores[index]:.4g}",
        number=int(allowed.sum()),
        power=_n(powers[index]),
        total=_n(total),
        largest=f"{largest:.4g}",
    )
    return operands, arithmetic, float(powers[index]) / total


def _context(trace: Recorded, step: Step, at: tuple[int, ...]) -> Result:
    head, query, feature = at
    weights = trace[step.parents[0]][head, query].astype(np.float64)
    values = trace[step.parents[1]][head, :, feature].astype(np.float64)
    operands: dict[str, Operand] = {"weights": weights, "values": values}
    return operands, _products(weights, values), float(weights @ values)


def _layer_norm(trace: Recorded, step: Step, at: tuple[int, ...]) -> Result:
    position, feature = at
    x = _row(trace, step.parents[0], position)
    gain, bias = (float(trace.parameter(name)[feature]) for name in step.parameters)
    mean, variance = float(x.mean()), float(x.var())
    epsilon = step.stack(trace.config).norm_epsilon
    return (
        {"x": x, "mean": mean, "variance": variance, "epsilon": epsilon, "γ": gain, "β": bias},
        f"({_n(x[feature])} − {_n(mean)}) / √({_n(variance)} + {epsilon:g}) · {_n(gain)} "
        f"+ {_n(bias)}",
        (float(x[feature]) - mean) / math.sqrt(variance + epsilon) * gain + bias,
    )


RULES: dict[str, Callable[[Recorded, Step, tuple[int, ...]], Result]] = {
    "token": _token,
    "lookup": _lookup,
    "sinusoid": _sinusoid,
    "learned_position": _learned_position,
    "token_type": _token_type,
    "sum": _sum,
    "same": _same,
    "project": _project,
    "linear": _linear,
    "join": _join,
    "activate": _activate,
    "scores": _scores,
    "scale": _scale,
    "causal": _causal,
    "softmax": _softmax,
    "choose": _choose,
    "context": _context,
    "layer_norm": _layer_norm,
}


def _gelu(x: float) -> float:
    return 0.5 * x * (1.0 + math.erf(x / math.sqrt(2.0)))


def _gelu_tanh(x: float) -> float:
    return 0.5 * x * (1.0 + math.tanh(math.sqrt(2.0 / math.pi) * (x + 0.044715 * x**3)))


def _silu(x: float) -> float:
    return x / (1.0 + math.exp(-x)) if x > -700.0 else 0.0


_ACTIVATIONS: dict[str, tuple[str, Callable[[float], float]]] = {
    "relu": ("max(0, x)", lambda x: max(0.0, x)),
    "gelu": ("x · ½(1 + erf(x / √2))", _gelu),
    "gelu_tanh": ("x · ½(1 + tanh(√(2/π) (x + 0.044715 x³)))", _gelu_tanh),
    "silu": ("x / (1 + exp(−x))", _silu),
}


def _row(trace: Recorded, name: str, position: int) -> Vector:
    row: Vector = trace[name][position].astype(np.float64)
    return row


def _products(left: Vector, right: Vector, shown: int = 3) -> str:
    """The first few products of a dot product, and how many there are in all."""
    terms = " + ".join(f"{_n(a)}·{_n(b)}" for a, b in zip(left[:shown], right[:shown], strict=True))
    if len(left) <= shown:
        return terms
    return Term("{terms} + … ({number} products)", terms=terms, number=len(left))


def _n(value: float) -> str:
    text = f"{value:.4g}"
    return f"({text})" if text.startswith("-") else text
