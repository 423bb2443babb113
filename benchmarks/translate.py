"""Claim: translating is faster than `generate` of transformers, with the same Marian weights.

The weights are random, of the size asked for, and every translation has exactly so many tokens:
both engines have to do the same work, and the tokens that they find are compared. Each runs once in
every round, after a round that is not counted; what counts are the ratios within one round.

    python benchmarks/translate.py                          base: d_model 512, 6 + 6 layers
    python benchmarks/translate.py --size small --threads 1
"""

import argparse
import dataclasses
import random
import statistics
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
import transformers
from torch import Tensor

import glassformer
from glassformer.decoding.search import SearchConfig, search
from glassformer.model.masks import padding_mask
from glassformer.model.transformer import Transformer
from glassformer.pretrained.folder import read_model

SIZES = {
    "base": {"d_model": 512, "layers": 6, "heads": 8, "d_ff": 2048, "vocabulary": 32_000},
    "small": {"d_model": 256, "layers": 3, "heads": 4, "d_ff": 1024, "vocabulary": 8_000},
}
END, START = 2, 3
Found = list[list[int]]
Engine = Callable[[Tensor, Tensor], Found]


def marian(size: dict[str, int]) -> Any:
    """A random model that hears its source."""
    torch.manual_seed(1)
    padding = size["vocabulary"] - 1
    config = transformers.MarianConfig(
        vocab_size=size["vocabulary"],
        d_model=size["d_model"],
        encoder_layers=size["layers"],
        decoder_layers=size["layers"],
        encoder_attention_heads=size["heads"],
        decoder_attention_heads=size["heads"],
        encoder_ffn_dim=size["d_ff"],
        decoder_ffn_dim=size["d_ff"],
        max_position_embeddings=512,
        pad_token_id=padding,
        decoder_start_token_id=padding,
        eos_token_id=END,
        forced_eos_token_id=None,
        scale_embedding=True,
        activation_function="swish",
    )
    model = transformers.MarianMTModel._from_config(  # type: ignore[no-untyped-call]
        config, attn_implementation="sdpa"
    ).eval()
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if ".layers." in name and weight.dim() == 2:
                weight.normal_(std=1.5 / weight.shape[1] ** 0.5)
    return model


def theirs(model: Any, beam: int, tokens: int) -> Engine:
    def run(source: Tensor, lengths: Tensor) -> Found:
        mask = torch.arange(source.shape[1])[None] < lengths[:, None]
        found = model.generate(
            input_ids=source,
            attention_mask=mask.long(),
            num_beams=beam,
            do_sample=False,
            min_new_tokens=tokens,
            max_new_tokens=tokens,
            suppress_tokens=[model.config.pad_token_id],
        )
        rows: Found = found[:, 1:].tolist()
        return rows

    return torch.inference_mode()(run)


def ours(model: Transformer, beam: int, tokens: int) -> Engine:
    start = model.config.start
    assert start is not None

    def run(source: Tensor, lengths: Tensor) -> Found:
        mask = padding_mask(lengths, source.shape[1])
        memory = model.encode(source, mask)
        count = len(source)
        config = SearchConfig(beam_size=beam)
        found = search(model, memory, mask, [start] * count, config, limits=[tokens] * count)
        return [list(one.hypotheses[0].tokens) for one in found]

    return torch.inference_mode()(run)


def sources(count: int, vocabulary: int) -> tuple[Tensor, Tensor]:
    """Sentences of 5 to 30 tokens, padded to one length."""
    draw = random.Random(0)
    lengths = [draw.randint(5, 30) for _ in range(count)]
    rows = [[draw.randrange(START, vocabulary - 1) for _ in range(n - 1)] + [END] for n in lengths]
    width = max(lengths)
    padded = [[*row, *[vocabulary - 1] * (width - len(row))] for row in rows]
    return torch.tensor(padded), torch.tensor(lengths)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--size", choices=SIZES, default="base")
    parser.add_argument("--tokens", type=int, default=20, help="of each translation")
    parser.add_argument("--threads", type=int, help="default: torch's own")
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    if given.threads:
        torch.set_num_threads(given.threads)
    warnings.simplefilter("ignore")
    transformers.utils.logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    transformers.utils.logging.disable_progress_bar()  # type: ignore[no-untyped-call]

    size = SIZES[given.size]
    other = marian(size)
    with tempfile.TemporaryDirectory() as folder:
        other.save_pretrained(folder)
        model = read_model(Path(folder), torch.float32)
    # Without an end token a translation goes on to its limit, as `min_new_tokens` makes theirs.
    never = (*model.config.suppressed, END)
    model.config = dataclasses.replace(model.config, end=None, suppressed=never)
    print(
        f"glassformer {glassformer.__version__}, transformers {transformers.__version__}, "
        f"torch {torch.__version__}, {torch.get_num_threads()} threads; {given.size}: {size}; "
        f"{given.tokens} tokens each"
    )
    for beam, batch in ((1, 1), (1, 32), (4, 1), (4, 32)):
        source, lengths = sources(batch, size["vocabulary"])
        engines = {
            "glassformer": ours(model, beam, given.tokens),
            "transformers": theirs(other, beam, given.tokens),
        }
        found = {name: run(source, lengths) for name, run in engines.items()}  # not counted
        same = sum(a == b for a, b in zip(*found.values(), strict=True))
        speeds: dict[str, list[float]] = {name: [] for name in engines}
        repeats = max(1, 8 // batch)
        for round_number in range(given.rounds):
            for name in list(engines) if round_number % 2 else list(engines)[::-1]:
                start = time.perf_counter()
                for _ in range(repeats):
                    engines[name](source, lengths)
                seconds = time.perf_counter() - start
                speeds[name].append(repeats * batch * given.tokens / seconds)
        ratios = [a / b for a, b in zip(speeds["glassformer"], speeds["transformers"], strict=True)]
        medians = ", ".join(f"{name} {statistics.median(v):,.0f}" for name, v in speeds.items())
        print(
            f"beam {beam}, batch {batch}: {statistics.median(ratios):.2f} ({min(ratios):.2f} to "
            f"{max(ratios):.2f}); target tokens/s: {medians}; {same} of {batch} found alike"
        )


if __name__ == "__main__":
    main()
