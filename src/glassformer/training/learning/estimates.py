"""What a training will roughly take, said before it starts: memory, disk and time."""

import contextlib
import math
import time

import torch

from glassformer.config import ModelConfig, StackConfig, TrainingConfig
from glassformer.model.transformer import Transformer
from glassformer.training.learning.reduced_precision import fewer_bits

_MEMORY = {"cpu": (900 << 20, 4.0)}
_MEMORY_ELSEWHERE = (400 << 20, 1.0)
"""What torch takes, on a CPU with the kernels that it compiles for the shapes of a corpus; and what
a number kept for the backward pass costs, since freed memory is kept as well. By experience."""
_TIME = {"cpu": (0.8, 5.5e-9)}
_TIME_ELSEWHERE = (0.2, 0.0)
"""Which share of a large product's speed products reach, and the seconds that everything else takes
for each number that is kept, by experience: with few columns, most of the time on a CPU."""
_TWO_PASSES = 1.6
"""The time of two passes over a batch at once (training.consistency) against that of one."""


def parameters_of(model: ModelConfig, *, without_encoder: bool = False) -> int:
    """The number of parameters of a model, tied ones once."""
    with torch.device("meta"):  # no memory is taken
        whole = Transformer(model)
    encoder = whole.encoder.parameters() if without_encoder else ()
    return sum(one.numel() for one in whole.parameters()) - sum(one.numel() for one in encoder)


def memory_of(model: ModelConfig, config: TrainingConfig, device: torch.device) -> int:
    """Bytes that each process will roughly need."""
    training = config.training
    assert training.micro_batch_tokens is not None
    decoder = model.stack_of("decoder")
    copies = 4 + (1 if training.ema else 0)  # weights, gradient, Adam's two moments
    logits = 64 << 20
    weights = 4 * copies * parameters_of(model) + 4 * decoder.vocabulary * decoder.d_model
    fixed, factor = _MEMORY.get(device.type, _MEMORY_ELSEWHERE)
    tokens = training.micro_batch_tokens * (2 if training.consistency else 1)
    return fixed + weights + round(4 * factor * tokens * _kept(model)) + logits


def disk_of(model: ModelConfig, config: TrainingConfig, *, encoder_learns: bool = True) -> int:
    """Bytes that checkpoints and weights take at most, with what is written before old ones go.

    The pairs as tokens come on top; they are there before the first step.
    """
    training = config.training
    assert training.max_updates is not None
    assert training.checkpoint_every is not None
    weights = 4 * parameters_of(model)
    learned = 4 * parameters_of(model, without_encoder=not encoder_learns)
    state = learned * (4 if training.ema else 3)  # weights, Adam's two moments, the EMA
    kept = min(training.average, math.ceil(training.max_updates / training.checkpoint_every))
    return 2 * state + (kept + 1) * weights


def seconds_of(
    model: ModelConfig, config: TrainingConfig, device: torch.device, processes: int
) -> float:
    """Seconds that all updates will roughly take on this machine.

    A product is timed for that, with the bits that it will have; nothing else depends on it.
    """
    training = config.training
    assert training.max_updates is not None
    assert training.batch_tokens is not None
    share, rest = _TIME.get(device.type, _TIME_ELSEWHERE)
    with fewer_bits() if training.precision == "bfloat16" else contextlib.nullcontext():
        speed = share * _speed(device)
    token = 6.0 * _products(model) / speed + rest * _kept(model)
    token *= _TWO_PASSES if training.consistency else 1.0
    return token * training.batch_tokens * training.max_updates / max(1, processes)


def _layer_weights(stack: StackConfig, attentions: int) -> int:
    return 4 * attentions * stack.d_model**2 + 2 * stack.d_model * stack.d_ff


def _kept(model: ModelConfig) -> int:
    """Activations that are kept for the backward pass, for one source and one target token."""
    return sum(
        stack.num_layers * (floats * stack.d_model + 3 * stack.d_ff)
        for stack, floats in ((model.encoder, 14), (model.stack_of("decoder"), 24))
    )


def _products(model: ModelConfig) -> int:
    """Multiplications of a forward pass, for one source and one target token."""
    decoder = model.stack_of("decoder")
    layers = sum(
        stack.num_layers * _layer_weights(stack, attentions)
        for stack, attentions in ((model.encoder, 1), (decoder, 2))
    )
    return layers + decoder.vocabulary * decoder.d_model


def _speed(device: torch.device, size: int = 512, repeats: int = 12) -> float:
    """Floating-point operations a second of one process with one thread, or of a GPU.

    The fastest of several products counts: the first are slow, and other programs may run.
    """
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        left, fastest = torch.ones(size, size, device=device), 1e9
        for _ in range(repeats):
            began = time.perf_counter()
            float((left @ left)[0, 0])  # waits for the device
            fastest = min(fastest, time.perf_counter() - began)
        return 2.0 * size**3 / max(fastest, 1e-9)
    finally:
        torch.set_num_threads(threads)
