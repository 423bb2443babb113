"""Learn to reverse sequences: the smallest task that shows what positional encodings are for.

    python examples/reversal.py FOLDER                     right nearly always
    python examples/reversal.py FOLDER --positions none    without positions, nearly never

Sequences have 3 to 9 of 40 symbols; those that are tested in the end were never trained on. It
takes less than a minute on one core. FOLDER/model is then a model like any other, as for
`glassformer inspect "a b c d" --model FOLDER/model`.
"""

import argparse
import random
import string
import sys
from pathlib import Path

import glassformer
from glassformer.cli import run

SYMBOLS = [*string.ascii_lowercase, *string.digits, *"+-*/"]
UNSEEN = 500
SETTINGS = """
[text]
tokenizer = "whitespace"  # each symbol is one entry of the vocabulary

[model]
d_model = 64
num_heads = 4
d_ff = 128
encoder_layers = 2
decoder_layers = 2
dropout = 0.0  # the pairs are so many that it does not overfit
positions = "{positions}"

[training]
max_updates = {updates}
batch_tokens = 512
micro_batch_tokens = 512
learning_rate = 0.003
schedule = "cosine"
warmup = 150
label_smoothing = 0.0  # there is only one right answer
precision = "float32"
workers = 1
threads = 1
average = 1
evaluate_every = 500
checkpoint_every = 500

[dev]
sentences = 100
beam_size = 1
"""


def sequences(count: int, seed: int) -> list[list[str]]:
    """Random sequences of 3 to 9 symbols."""
    chance = random.Random(seed)
    return [chance.choices(SYMBOLS, k=chance.randint(3, 9)) for _ in range(count)]


def write_pairs(folder: Path, name: str, lines: list[list[str]]) -> list[str]:
    """Write sequences, and their reversals line by line; the names of the two files."""
    paths = [folder / f"{name}.forwards", folder / f"{name}.backwards"]
    for path, step in zip(paths, (1, -1), strict=True):
        path.write_text("".join(" ".join(line[::step]) + "\n" for line in lines))
    return list(map(str, paths))


def learn(
    folder: Path, positions: str = "sinusoidal", *, pairs: int = 20_000, updates: int = 2000
) -> float:
    """Train in a folder; the share of unseen sequences that are reversed without a fault."""
    folder.mkdir(parents=True, exist_ok=True)
    unseen = sequences(UNSEEN, seed=2)  # left out of the training pairs
    train = write_pairs(folder, "train", sequences(pairs, seed=1))
    dev = write_pairs(folder, "dev", unseen)
    config = folder / "reversal.toml"
    config.write_text(SETTINGS.format(positions=positions, updates=updates))
    output = folder / "model"
    code = run(["train", *train, "--dev", *dev, "--output", str(output), "--config", str(config)])
    if code:
        sys.exit(code)
    found = glassformer.load(str(output)).translate([" ".join(line) for line in unseen])
    right = [str(one).split() == line[::-1] for one, line in zip(found, unseen, strict=True)]
    return sum(right) / len(right)


def main() -> None:
    """Read the command line, train, print the share."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--positions", choices=["sinusoidal", "none"], default="sinusoidal")
    arguments = parser.parse_args()
    share = learn(arguments.folder, arguments.positions)
    print(f"{share:.1%} of {UNSEEN} unseen sequences are reversed without a fault")


if __name__ == "__main__":
    main()
