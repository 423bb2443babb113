"""Does a head find what "it" stands for? Each head of an encoder, measured on sentences it was not
chosen by, and pairs of sentences that differ in one word.

    python benchmarks/pronouns.py MODEL dpr-it-dev.jsonl
    python benchmarks/pronouns.py MODEL dpr-it-dev.jsonl --layer 4 --head 2 --to fr

A head is right where "it" attends more to the right one of two candidates (the sum over its words
and tokens) than to the other; of heads that are right equally often, the one counts that attends to
both together most. The head is chosen on one half of the sentences and measured on the
other, both ways; sentences that begin alike are in the same half. The pairs of it.jsonl are our
own: "... because it was hungry" or "tasty" decides what "it" is. With --to fr the translations are
read as well: whether il and elle change places as they should.
"""

import argparse
import json
import math
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassformer.inspection.trace import Trace
from glassformer.library import Glassformer, load

PAIRS = Path(__file__).with_name("it.jsonl")
Heads = NDArray[np.float64]
"""A number for each layer and head, or for each sentence, layer and head."""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("model")
    parser.add_argument("sentences", type=Path)
    parser.add_argument("--layer", type=int, help="of the head for the pairs; default: the card's")
    parser.add_argument("--head", type=int)
    parser.add_argument("--to", help="read the French translations of the pairs too")
    given = parser.parse_args()
    model = load(given.model)
    print(f"{model.name}: {given.sentences.name}")
    best = choose_and_measure(model, read(given.sentences))
    card = model.config.shown_head
    layer, head = (card.layer, card.head) if card is not None else best
    layer, head = given.layer or layer, given.head or head
    print(f"\nOur own pairs ({PAIRS.name}), layer {layer} head {head}")
    measure_pairs(model, read(PAIRS), layer, head, given.to)


def read(path: Path) -> list[dict[str, Any]]:
    lines = path.read_text(encoding="utf-8").split("\n")
    return [json.loads(line) for line in lines if line.strip()]


# Which head finds the antecedent


def choose_and_measure(model: Glassformer, sentences: list[dict[str, Any]]) -> tuple[int, int]:
    """Print how often heads are right; the head that is most often right in all, from 1."""
    weights = np.stack([attention_to_candidates(model, one) for one in sentences])
    right = (weights[:, 0] > weights[:, 1]).astype(np.float64)
    to_candidates = weights.sum(axis=1)
    half = halves(sentences)
    measured = np.zeros(len(sentences))
    for side in (0, 1):
        layer, head = best_of(right[half == side], to_candidates[half == side])
        other = right[half != side, layer, head]
        measured[half != side] = other
        chosen = right[half == side, layer, head]
        print(
            f"chosen on half {'AB'[side]}: layer {layer + 1} head {head + 1} "
            f"({share(chosen)}); on half {'BA'[side]}: {share(other)}"
        )
    print(f"both ways together, on sentences it was not chosen by: {share(measured)}")
    low, _ = wilson(measured)
    verdict = "better than chance" if low > 0.5 else "no evidence that any head does better"
    print(f"chance: 50.0 %; {verdict}")
    nearest = np.array([float(nearest_is_right(one)) for one in sentences])
    print(f"the nearest candidate: {share(nearest)}")
    layer, head = best_of(right, to_candidates)
    of_mean = weights.mean(axis=(2, 3))
    print(
        f"most often right on all {len(sentences)}, and so chosen by them: layer {layer + 1} head "
        f"{head + 1}, {share(right[:, layer, head])}, which gives both together "
        f"{to_candidates[:, layer, head].mean():.2f} of its attention; the mean over all heads: "
        f"{share((of_mean[:, 0] > of_mean[:, 1]).astype(np.float64))}"
    )
    return layer + 1, head + 1


def halves(sentences: list[dict[str, Any]]) -> NDArray[np.int64]:
    """0 or 1 for each sentence; those with the same words before the pronoun go together."""
    beginnings = [" ".join(one["words"][: one["pronoun"][0]]) for one in sentences]
    places = {beginning: n for n, beginning in enumerate(dict.fromkeys(beginnings))}
    return np.array([places[beginning] % 2 for beginning in beginnings])


def best_of(right: Heads, to_candidates: Heads) -> tuple[int, int]:
    """The head most often right, from 0; of several, the one that attends to both most."""
    often = right.sum(axis=0)
    ranked = np.where(often == often.max(), to_candidates.mean(axis=0), -1.0)
    layer, head = np.unravel_index(int(ranked.argmax()), ranked.shape)
    return int(layer), int(head)


def attention_to_candidates(model: Glassformer, sentence: dict[str, Any]) -> tuple[Heads, Heads]:
    trace = model.inspect(sentence["sentence"])
    tokens = tokens_of_words(trace, sentence["words"])
    query = span(tokens, sentence["pronoun"])
    by_truth = {one["correct"]: span(tokens, one["words"]) for one in sentence["candidates"]}
    right, wrong = (attention(trace, query, by_truth[truth]) for truth in (True, False))
    return right, wrong


def attention(trace: Trace, query: Sequence[int], keys: Sequence[int]) -> Heads:
    """From these tokens, the mean, to those, the sum, in each layer and head."""
    layers = range(trace.config.encoder.num_layers)
    return np.array(
        [
            trace[f"encoder.layers.{k}.self_attention.weights"][:, query][:, :, keys]
            .sum(axis=2, dtype=np.float64)
            .mean(axis=1)
            for k in layers
        ]
    )


def tokens_of_words(trace: Trace, words: Sequence[str]) -> list[list[int]]:
    """The tokens of each of these words, which may be cut otherwise than ours are."""
    theirs = [n for n, word in enumerate(words) for _ in word]
    ours = [n for n, word in enumerate(trace.source.words) for _ in word]
    assert len(theirs) == len(ours), (words, trace.source.words)
    found: list[list[int]] = [[] for _ in words]
    for token, word in enumerate(trace.source.word_of_token):
        if word is not None:
            found[theirs[ours.index(word)]].append(token)
    return found


def span(tokens: Sequence[Sequence[int]], ends: Sequence[int]) -> list[int]:
    return [token for word in tokens[ends[0] : ends[1]] for token in word]


def nearest_is_right(sentence: dict[str, Any]) -> bool:
    start = sentence["pronoun"][0]
    distances = [abs(start - one["words"][1]) for one in sentence["candidates"]]
    return bool(sentence["candidates"][int(np.argmin(distances))]["correct"])


def share(right: NDArray[np.float64]) -> str:
    low, high = wilson(right)
    return f"{100 * right.mean():.1f} % of {len(right)} (95 %: {100 * low:.0f} to {100 * high:.0f})"


def wilson(right: NDArray[np.float64]) -> tuple[float, float]:
    """Wilson's interval (1927) for a share of so many trials."""
    n, p, z = len(right), float(right.mean()), 1.959964
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return middle - half, middle + half


# Two sentences that differ in one word


def measure_pairs(
    model: Glassformer, pairs: list[dict[str, Any]], layer: int, head: int, to: str | None
) -> None:
    lines = {"both right": 0, "both wrong": 0, "always the first": 0, "always the second": 0}
    french = dict.fromkeys(("both right", "both wrong", "always the same", "no il or elle"), 0)
    for pair in pairs:
        sentences = [pair["sentence"].format(word) for word in pair["words"]]
        thickest = [thicker(model, text, pair["candidates"], layer, head) for text in sentences]
        lines[
            {(0, 1): "both right", (1, 0): "both wrong", (0, 0): "always the first"}.get(
                (thickest[0], thickest[1]), "always the second"
            )
        ] += 1
        if to is None:
            continue
        said = [model.translate(text, to=to).text for text in sentences]
        pronouns = [pronoun_of(text) for text in said]
        if None in pronouns:
            outcome = "no il or elle"
        elif pronouns[0] == pronouns[1]:
            outcome = "always the same"
        else:
            outcome = "both right" if pronouns == pair["french"] else "both wrong"
        french[outcome] += 1
        print(f"  {outcome:16} {' / '.join(said)}")
    print(f"thicker line, of {len(pairs)} pairs: {listed(lines)}")
    if to is not None:
        print(f"il or elle, of {len(pairs)} pairs: {listed(french)}")


def listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items())


def thicker(model: Glassformer, text: str, candidates: Sequence[str], layer: int, head: int) -> int:
    """To which candidate, 0 or 1, the line from "it" is thicker."""
    trace = model.inspect(text)
    words = [word.casefold() for word in trace.source.words]
    of_word = [
        [t for t, word in enumerate(trace.source.word_of_token) if word == words.index(name)]
        for name in ("it", *candidates)
    ]
    weights = [attention(trace, of_word[0], keys)[layer - 1, head - 1] for keys in of_word[1:]]
    return int(weights[1] > weights[0])


def pronoun_of(french: str) -> str | None:
    """The last il or elle of a sentence."""
    found = re.findall(r"\b(il|elle)\b", french.casefold())
    return found[-1] if found else None


if __name__ == "__main__":
    main()
