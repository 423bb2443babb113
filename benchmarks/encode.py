"""Claim: Glassformer's encoder is at least as fast as that of transformers.

From texts to one array of vectors for each, tokenizer included, with the weights of the same model,
on the same sentences in the same batches, sorted by length. Every engine runs once in every round,
after a round that is not counted; what counts are the ratios within one round.

    python benchmarks/encode.py                       sentences made here, always the same
    python benchmarks/encode.py lines.txt --threads 1
"""

import argparse
import os
import random
import statistics
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("HF_HUB_OFFLINE", "1")

import numpy as np
import torch
import transformers
from numpy.typing import NDArray

import glassformer
from glassformer.encoding.encoder import BATCH_TOKENS
from glassformer.library import Glassformer, load
from glassformer.pretrained.files import MINILM, find_model
from glassformer.text.lines import read_lines

Engine = Callable[[list[str]], list[NDArray[np.float32]]]

WORDS = (
    "the a of and to in that it was he she dog food hungry because ate people time water old new "
    "house children river between morning government important understanding yesterday never "
    "always quickly through without mountain language translation"
)


def sentences(count: int) -> list[str]:
    """Sentences of 3 to 40 words, most of them short."""
    draw = random.Random(0)
    lengths = [min(40, 3 + int(draw.expovariate(1 / 11))) for _ in range(count)]
    words = WORDS.split()
    return [" ".join(draw.choices(words, k=length)) for length in lengths]


def ours(model: Glassformer, batch_tokens: int) -> Engine:
    def run(texts: list[str]) -> list[NDArray[np.float32]]:
        return [
            one.vectors for one in model.encode(texts, batch_tokens=batch_tokens, truncate=True)
        ]

    return run


def theirs(folder: Path, batch_tokens: int) -> Engine:
    """transformers with the fused attention kernel, in batches made as ours are."""
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    model = transformers.AutoModel.from_pretrained(folder, attn_implementation="sdpa").eval()

    @torch.inference_mode()
    def run(texts: list[str]) -> list[NDArray[np.float32]]:
        ids = tokenizer(texts, truncation=True, max_length=512)["input_ids"]
        results: list[Any] = [None] * len(texts)
        for batch in batches([len(row) for row in ids], batch_tokens):
            padded = tokenizer.pad({"input_ids": [ids[i] for i in batch]}, return_tensors="pt")
            vectors = model(**padded).last_hidden_state.numpy()
            for index, rows in zip(batch, vectors, strict=True):
                results[index] = rows[: len(ids[index])].copy()
        return results

    return run


def batches(lengths: list[int], batch_tokens: int) -> list[list[int]]:
    done: list[list[int]] = []
    for index in sorted(range(len(lengths)), key=lambda index: -lengths[index]):
        if not done or (len(done[-1]) + 1) * lengths[done[-1][0]] > batch_tokens:
            done.append([])
        done[-1].append(index)
    return done


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", nargs="?", type=Path, help="a sentence a line (.gz or not)")
    parser.add_argument("--sentences", type=int, default=1024, help="so many of them")
    parser.add_argument("--model", default=MINILM.name)
    parser.add_argument("--batch-tokens", type=int, default=BATCH_TOKENS)
    parser.add_argument("--threads", type=int, help="default: torch's own")
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    if given.threads:
        torch.set_num_threads(given.threads)
    warnings.simplefilter("ignore")
    transformers.utils.logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    transformers.utils.logging.disable_progress_bar()  # type: ignore[no-untyped-call]

    if given.file is None:
        texts = sentences(given.sentences)
    else:
        with read_lines(given.file) as lines:
            texts = [text for text in lines if text.strip()][: given.sentences]
    model = load(given.model)
    engines = {
        "glassformer": ours(model, given.batch_tokens),
        "transformers": theirs(find_model(given.model), given.batch_tokens),
    }

    results = {name: run(texts) for name, run in engines.items()}  # the round not counted
    tokens = sum(map(len, results["glassformer"]))
    apart = max(
        float(np.abs(one - other).max())
        for one, other in zip(results["glassformer"], results["transformers"], strict=True)
    )
    print(f"{len(texts)} sentences, {tokens} tokens, batches of {given.batch_tokens} tokens")
    print(
        f"glassformer {glassformer.__version__}, transformers {transformers.__version__}, "
        f"torch {torch.__version__}, {torch.get_num_threads()} threads"
    )
    print(f"largest difference between their vectors: {apart:.1e}")

    speeds: dict[str, list[float]] = {name: [] for name in engines}
    for round_number in range(given.rounds):
        order = list(engines) if round_number % 2 else list(engines)[::-1]
        for name in order:
            start = time.perf_counter()
            engines[name](texts)
            speeds[name].append(tokens / (time.perf_counter() - start))
    for name, values in speeds.items():
        print(f"{name:13} {statistics.median(values):8,.0f} tokens/s (median of {len(values)})")
    ratios = [a / b for a, b in zip(speeds["glassformer"], speeds["transformers"], strict=True)]
    print(
        f"glassformer / transformers: {statistics.median(ratios):.2f} "
        f"({min(ratios):.2f} to {max(ratios):.2f})"
    )


if __name__ == "__main__":
    main()
