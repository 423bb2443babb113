"""Claims: a full trace of a 12-token sentence (all layers, scores and weights derived, each
derivation checked) costs at most 3 plain passes when repeated; and 32 short sentences are traced
together at 3 times the speed of one after the other.

Runs what is compared in turn, in one process, and prints medians and their ratio. The first claim
is measured on MiniLM, the second on the model in the box: encoder only, and with translations.

    python benchmarks/trace.py [--rounds 200] [--threads 1]
"""

import argparse
import statistics
import time
from collections.abc import Callable, Mapping

import torch

import glassformer
from glassformer.library.model import Glassformer
from glassformer.pretrained.files import MINILM
from glassformer.tracing.recorder import Recorder

SENTENCE = "a big dog ate the food because it was hungry"
WORDS = f"{SENTENCE} and the small cat slept on a warm chair".split()
SENTENCES = [" ".join(WORDS[n % 9 : n % 9 + 4 + n % 7]) for n in range(32)]


def milliseconds(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return (time.perf_counter() - begin) * 1000


def in_turn(works: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, list[float]]:
    """The times of each, after a few rounds to warm up."""
    times: dict[str, list[float]] = {name: [] for name in works}
    warm_up = max(2, rounds // 20)
    for index in range(rounds + warm_up):
        for name, work in works.items():
            taken = milliseconds(work)
            if index >= warm_up:
                times[name].append(taken)
    return times


def one_sentence(rounds: int) -> None:
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
    times = in_turn(works, rounds)
    base = statistics.median(times["plain pass"])
    print(f"{torch.get_num_threads()} threads, {ids.shape[1]} tokens, {rounds} rounds in turn")
    print(f"{'':<44}{'median ms':>10}{'min ms':>9}{'plain passes':>14}")
    for name, values in times.items():
        median = statistics.median(values)
        print(f"{name:<44}{median:>10.2f}{min(values):>9.2f}{median / base:>14.2f}")


def many_sentences(rounds: int) -> None:
    model = glassformer.load()
    print(f"\n{len(SENTENCES)} sentences of 4 to 10 words, {rounds} rounds in turn")
    print(f"{'':<44}{'one by one':>10}{'together':>9}{'ratio':>14}")
    for to in (None, "fr"):
        what = "encoder only" if to is None else f"with translations to {to}"
        compare(f"model.inspect, {what}", inspecting(model, to), rounds)
        compare(f"recorded passes, {what}", recording(model, to), rounds)


Pair = tuple[Callable[[], object], Callable[[], object]]


def inspecting(model: Glassformer, to: str | None) -> Pair:
    return (
        lambda: [model.inspect(sentence, to=to) for sentence in SENTENCES],
        lambda: model.inspect(SENTENCES, to=to),
    )


def recording(model: Glassformer, to: str | None) -> Pair:
    recorder = Recorder(model.model)
    sources = [model.tokenizer.encode(sentence).ids for sentence in SENTENCES]
    targets: list[list[int] | None] = [None] * len(sources)
    if to is not None:
        start = model.translator.start_of(to)
        targets = [[start, *found.ids] for found in model.translate(SENTENCES, to=to)]
    tensors = [
        (torch.tensor([source]), None if target is None else torch.tensor([target]))
        for source, target in zip(sources, targets, strict=True)
    ]
    return (
        lambda: [recorder.record(*pair) for pair in tensors],
        lambda: list(recorder.record_stream(zip(sources, targets, strict=True))),
    )


def compare(name: str, pair: Pair, rounds: int) -> None:
    times = in_turn(dict(zip(("one by one", "together"), pair, strict=True)), rounds)
    alone, together = map(statistics.median, times.values())
    print(f"{name:<44}{alone:>10.1f}{together:>9.1f}{alone / together:>14.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description="What a trace costs, alone and among others.")
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    one_sentence(arguments.rounds)
    many_sentences(max(5, arguments.rounds // 10))


if __name__ == "__main__":
    main()
