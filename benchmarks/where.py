"""A profile of training time, against what the arithmetic alone would take.

    python benchmarks/where.py FOLDER [--updates 30]

FOLDER is that of a training under way: its pairs, settings and order of updates are taken. One
process with one thread computes some updates as the training does; torch's profiler says which
operations took how long, its counter how many multiplications and additions the products have, and
a timed large product how fast this processor could do them.
"""

import argparse
import math
import time
from collections.abc import Callable
from pathlib import Path

import torch
from torch.profiler import ProfilerActivity, profile
from torch.utils.flop_counter import FlopCounterMode

from glassformer.pretrained.folder import read_model_config
from glassformer.training.corpus.batching import Batching
from glassformer.training.learning.flat_parameters import Adam, FlatWeights
from glassformer.training.learning.learner import Collator, Learner, MicroBatch
from glassformer.training.learning.reduced_precision import fewer_bits
from glassformer.training.new_model import new_model
from glassformer.training.preparation import open_examples
from glassformer.training.reporting.record import TrainingRecord

KINDS = (
    ("products", ("aten::mm", "aten::addmm", "aten::bmm", "aten::baddbmm", "aten::linear")),
    ("attention", ("scaled_dot_product", "flash_attention")),
    ("norms", ("layer_norm",)),
    ("loss, beside its products", ("exp", "logsumexp", "gather", "log_softmax", "amax", "scatter")),
    ("dropout and ReLU", ("threshold", "relu", "bernoulli", "random_", "where", "mul", "bitwise")),
    ("embedding", ("embedding", "index")),
    (
        "sums, copies, zeros",
        ("add", "copy_", "clone", "cat", "fill_", "zero_", "sum", "div", "sub"),
    ),
    ("Adam", ("addcmul", "addcdiv", "sqrt", "lerp", "norm")),
)


OTHER = "other operations"


def peak(size: int, few: bool, seconds: float = 2.0) -> float:
    """Operations a second of a large product with one thread."""
    a, b = torch.randn(size, size), torch.randn(size, size)

    def run() -> None:
        torch.mm(a, b)

    if few:
        with fewer_bits():
            return 2.0 * size**3 / timed(run, seconds)
    return 2.0 * size**3 / timed(run, seconds)


def timed(run: Callable[[], None], seconds: float) -> float:
    run()
    best, end = math.inf, time.perf_counter() + seconds
    while time.perf_counter() < end:
        start = time.perf_counter()
        run()
        best = min(best, time.perf_counter() - start)
    return best


def kind_of(operation: str) -> str:
    for kind, names in KINDS:
        if any(name in operation for name in names):
            return kind
    return OTHER


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--updates", type=int, default=30)
    given = parser.parse_args()
    torch.set_num_threads(1)
    config = read_model_config(given.folder)
    record = TrainingRecord.read(given.folder)
    assert record is not None
    settings = record.settings.training
    assert settings.batch_tokens is not None
    assert settings.micro_batch_tokens is not None
    assert config.end is not None
    examples, _ = open_examples(given.folder)
    model = new_model(config, settings.seed)
    flat = FlatWeights(model, {})
    adam = Adam(flat, record.settings)
    learner = Learner(model, record.settings)
    starts = [token for _, token in config.tags] or [config.start or 0]
    collate = Collator(examples, padding=config.padding, end=config.end, starts=starts)
    batching = Batching(
        examples.source_lengths,
        examples.target_lengths + 1,
        micro_batch_tokens=settings.micro_batch_tokens,
        per_update=math.ceil(settings.batch_tokens / settings.micro_batch_tokens),
        seed=settings.seed,
    )
    updates = []
    for update, batches in zip(range(2 * given.updates), batching.epoch(0), strict=False):
        updates.append((update, [collate(batch, learner.device) for batch in batches]))

    def run(some: list[tuple[int, list[MicroBatch]]]) -> None:
        for update, batches in some:
            flat.clear()
            tokens = sum(int(batch.target_lengths.sum()) for batch in batches)
            for index, batch in enumerate(batches):
                learner.seed(update, index)
                learner.learn(batch, 1.0 / tokens)
            flat.clip(settings.clip_norm)
            adam.step(1e-5)

    run(updates)  # kernels are compiled for new shapes, memory is taken
    measured = updates[given.updates :]
    tokens = sum(int(b.target_lengths.sum()) for _, batches in measured for b in batches)
    start = time.perf_counter()
    run(measured)
    seconds = time.perf_counter() - start
    with FlopCounterMode(display=False) as counter:
        run(measured)
    work = float(counter.get_total_flops())
    few = settings.precision == "bfloat16"
    exact, rounded = peak(1024, few=False), peak(1024, few=True)
    ceiling = rounded if few else exact
    print(f"{given.folder}: {len(measured)} updates, {tokens:,} target tokens, one thread")
    print(
        f"large products: {exact / 1e9:.0f} GFLOP/s in float32, {rounded / 1e9:.0f} with bfloat16 "
        f"inside; this training: {settings.precision}"
    )
    per_token = work / tokens
    print(
        f"{per_token / 1e6:.1f} MFLOP a target token: at that rate {ceiling / per_token:,.0f} "
        f"tokens/s; measured {tokens / seconds:,.0f}, {100 * work / seconds / ceiling:.0f} %"
    )
    with profile(activities=[ProfilerActivity.CPU]) as profiler:
        run(measured)
    spent: dict[str, float] = {}
    for event in profiler.key_averages():
        kind = kind_of(event.key)
        spent[kind] = spent.get(kind, 0.0) + event.self_cpu_time_total / 1e6
    total = sum(spent.values())
    others = [event for event in profiler.key_averages() if kind_of(event.key) == OTHER]
    for kind, took in sorted(spent.items(), key=lambda item: -item[1]):
        print(f"  {100 * took / total:5.1f} %  {kind}")
    largest = sorted(others, key=lambda event: -event.self_cpu_time_total)[:5]
    print("  the largest of the others: " + ", ".join(event.key for event in largest))


if __name__ == "__main__":
    main()
