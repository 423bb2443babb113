"""Claim: a full trace of a 12-token sentence (all layers, scores and weights derived, each
derivation checked) costs at most 3 plain passes when repeated.

Runs plain passes and traces in turn, in one process, and prints medians and their ratio.

    python benchmarks/trace.py [--rounds 200] [--threads 1]
"""

import argparse
import statistics
import time
from collections.abc import Callable

import torch

import glassformer
from glassformer.pretrained.files import MINILM
from glassformer.tracing.recorder import Recorder

SENTENCE = "a big dog ate the food because it was hungry"


def milliseconds(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return (time.perf_counter() - begin) * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)

    model = glassformer.load(MINILM.name)
    ids = torch.tensor([model.tokenizer.encode(SENTENCE).ids])
    assert ids.shape[1] == 12, ids.shape
    recorder = Recorder(model.model)

    @torch.inference_mode()
    def plain() -> object:
        return model.model.encode(ids)

    works = {
        "plain pass": plain,
        "recorded pass": lambda: recorder.record(ids),
        "model.inspect, from text": lambda: model.inspect(SENTENCE),
    }
    times: dict[str, list[float]] = {name: [] for name in works}
    for index in range(arguments.rounds + 10):
        for name, work in works.items():
            taken = milliseconds(work)
            if index >= 10:
                times[name].append(taken)
    base = statistics.median(times["plain pass"])
    print(f"{arguments.threads} threads, {ids.shape[1]} tokens, {arguments.rounds} rounds in turn")
    print(f"{'':<28}{'median ms':>10}{'min ms':>9}{'plain passes':>14}")
    for name, values in times.items():
        median = statistics.median(values)
        print(f"{name:<28}{median:>10.2f}{min(values):>9.2f}{median / base:>14.2f}")


if __name__ == "__main__":
    main()
