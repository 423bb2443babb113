"""Make what people have made, with whichever commit stands on PYTHONPATH.

    PYTHONPATH=<checkout>/src python tests/made_before/make.py FOLDER

writes pairs, a trained folder, an interrupted training, saved traces, views, and what commands
said of them. README.md says which commit made those that stand here. Only the command line and
public names are used, so that the same script runs with every commit; benchmarks/golden.py makes
all of it with two of them and compares.
"""

import contextlib
import io
import json
import os
import random
import shutil
import signal
import sys
import unittest.mock
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

NUMBERS = {
    "one": ("eins", "一"),
    "two": ("zwei", "二"),
    "three": ("drei", "三"),
    "four": ("vier", "四"),
    "five": ("fünf", "五"),
    "six": ("sechs", "六"),
    "seven": ("sieben", "七"),
    "eight": ("acht", "八"),
    "nine": ("neun", "九"),
}
COLOURS = ("red", "green", "blue", "white", "black", "grey", "pink")

_FIXED = {
    "training.workers": 1,
    "training.threads": 1,
    "training.precision": "float32",
    "training.average": 2,
}
_NUMBERS_SETTINGS = _FIXED | {
    "text.vocabulary": 350,
    "model.preset": "tiny",
    "model.d_model": 16,
    "model.num_heads": 2,
    "model.d_ff": 31,
    "model.encoder_layers": 2,
    "model.decoder_layers": 1,
    "model.dropout": 0.0,
    "training.max_updates": 600,
    "training.batch_tokens": 500,
    "training.learning_rate": 0.02,
    "training.warmup": 40,
    "training.checkpoint_every": 200,
    "training.evaluate_every": 200,
    "dev.beam_size": 2,
}
_REVERSED_SETTINGS = _FIXED | {
    "text.tokenizer": "whitespace",
    "model.preset": "tiny",
    "model.d_model": 14,
    "model.num_heads": 2,
    "model.d_ff": 17,
    "model.encoder_layers": 1,
    "model.decoder_layers": 1,
    "model.norm": "pre",
    "model.activation": "gelu",
    "model.positions": "learned",
    "model.max_positions": 23,
    "model.dropout": 0.1,
    "model.attention_dropout": 0.1,
    "model.activation_dropout": 0.1,
    "text.max_length": 20,
    "training.max_updates": 24,
    "training.batch_tokens": 120,
    "training.micro_batch_tokens": 40,
    "training.learning_rate": 0.01,
    "training.warmup": 5,
    "training.ema": 0.9,
    "training.checkpoint_every": 5,
    "training.evaluate_every": 6,
    "dev.beam_size": 2,
}


def _set(settings: dict[str, Any]) -> list[str]:
    return [
        word
        for name, value in settings.items()
        for word in ("--set", f"{name}={json.dumps(value)}")
    ]


WATCHED = "two seven one four"
TRAIN_NUMBERS = (
    *("train", "--pairs", "de=pairs/de.tsv", "--pairs", "zh=pairs/zh.tsv"),
    *("--output", "numbers", "--watch", WATCHED, "--watch", "nine eight"),
    *_set(_NUMBERS_SETTINGS),
)
TRAIN_REVERSED = (
    *("train", "pairs/source.txt", "pairs/target.txt"),
    *("--dev", "pairs/dev-source.txt", "pairs/dev-target.txt"),
    *("--watch", "red green blue", *_set(_REVERSED_SETTINGS)),
)
"""Without its --output; one run of it is interrupted and one is not."""

_DE = ("inspect", WATCHED, "--model", "numbers", "--to", "de")
_JSON = ("--format", "json")
_MODEL = ("--model", "numbers", "--to")
COMMANDS: dict[str, tuple[str, ...]] = {
    "inspect-de.json": (*_DE, "--history", *_JSON),
    "inspect-zh-tokens.json": (
        *("inspect", "five, five", "--model", "numbers", "--to", "zh", "--tokens", "--special"),
        *("--layer", "1", *_JSON),
    ),
    "inspect-target.json": (
        *(*_DE, "--target", "zwei sieben eins vier eins", "--contrast", "zwei acht"),
        *("--part", "cross", "--align", "output", *_JSON),
    ),
    "explain.json": (
        *(*_DE, "--explain", "decoder.layers.0.cross_attention.weights", "--at", "1,2,0", *_JSON),
    ),
    "explain-parameters.json": (
        *(*_DE, "--explain", "encoder.layers.1.feed_forward", "--at", "2,5", *_JSON),
    ),
    "at-step-100.json": (*("inspect", WATCHED, "--model", "numbers", "--at-step", "100", *_JSON),),
    "at-step-zh.json": (
        *("inspect", "nine eight", "--model", "numbers", "--at-step", "600", "--to", "zh"),
        *("--tokens", "--layer", "2", "--head", "1", "--part", "encoder", *_JSON),
    ),
    "at-step-grid.json": (
        *("inspect", WATCHED, "--model", "numbers", "--at-step", "50", "--view", "grid", *_JSON),
    ),
    "at-step-interrupted.json": (
        *("inspect", "--model", "interrupted", "--at-step", "9", "--word", "green", *_JSON),
    ),
    "translate.jsonl": ("translate", "pairs/new.txt", *_MODEL, "de", "--format", "jsonl"),
    "translate-n-best.jsonl": (
        *("translate", "pairs/new.txt", *_MODEL, "zh", "--n-best", "3"),
        *("--length-penalty-form", "gnmt", "--prefix", "七", "--format", "jsonl"),
    ),
    "score.jsonl": ("score", "--pairs", "pairs/few.tsv", *_MODEL, "de", "--format", "jsonl"),
    "evaluate.json": (
        *("evaluate", "--pairs", "pairs/few.tsv", *_MODEL, "de", "--bootstrap", "100", *_JSON),
    ),
}
"""What is kept of stdout, by the name of its file in outputs/."""

VIEWS: dict[str, tuple[str, ...]] = {
    "attention": (*_DE, "--view", "attention", "--word", "seven"),
    "attention-cross": (*_DE, "--view", "attention", "--part", "cross", "--heads", "all"),
    "attention-at-step": (
        *("inspect", WATCHED, "--model", "numbers", "--view", "attention", "--at-step", "20"),
    ),
    "grid": (*_DE, "--view", "grid", "--part", "decoder", "--tokens"),
    "matrix": (*_DE, "--view", "matrix", "--tensor", "encoder"),
    "matrix-head": (
        *(*_DE, "--view", "matrix", "--tensor", "decoder.layers.0.self_attention.weights"),
        *("--head", "2"),
    ),
    "flow": (*_DE, "--view", "flow", "--layer", "2", "--head", "1"),
    "structure": (*_DE, "--view", "structure"),
}
"""The data of a picture, by the name of its file in views/."""


def main() -> None:
    """Make everything anew in a folder that is not there yet."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True)
    os.chdir(folder)
    import torch

    torch.set_num_threads(1)
    write_pairs(Path("pairs"))
    run(TRAIN_NUMBERS)
    interrupt((*TRAIN_REVERSED, "--output", "interrupted"), after=10)
    run((*TRAIN_REVERSED, "--output", "whole"))
    keep_finished(Path("whole"))
    Path("traces").mkdir()
    run((*_DE, "--history", "--save-trace", "traces/translation.safetensors"))
    save_encoder_trace(Path("traces/encoder.safetensors"))
    write_outputs()


def keep_finished(folder: Path) -> None:
    """Keep of a training what it came to."""
    Path("finished").mkdir()
    for name in ("weights.safetensors", "metrics.jsonl"):
        shutil.copy(folder / name, Path("finished", name))
    shutil.rmtree(folder)


def write_outputs() -> None:
    """What commands say of all this."""
    for place, commands, more in (("outputs", COMMANDS, ()), ("views", VIEWS, _JSON)):
        Path(place).mkdir()
        for name, words in commands.items():
            file = name if "." in name else f"{name}.json"
            Path(place, file).write_text(run((*words, *more)), encoding="utf-8", newline="\n")


def run(words: Sequence[str], expected: int = 0) -> str:
    """What a command writes to stdout; it has to end as expected."""
    from glassformer.cli import run

    out, error = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(error):
        code = run(words)
    if code != expected:
        raise SystemExit(f"{' '.join(words)}\nended with {code}:\n{error.getvalue()}")
    return out.getvalue()


def interrupt(words: Sequence[str], *, after: int) -> None:
    """Press Ctrl-C in a training as soon as the checkpoint of an update is written.

    The update that is then begun is finished and saved.
    """
    replace, marker = os.replace, f"weights-{after:08}.safetensors"

    def replaced(source: Any, target: Any, **options: Any) -> None:
        replace(source, target, **options)
        if Path(target).name == marker:
            os.kill(os.getpid(), signal.SIGINT)

    with unittest.mock.patch("os.replace", replaced):
        run(words, expected=130)


def write_pairs(folder: Path) -> None:
    """Numbers word for word into two languages, and colours backwards."""
    folder.mkdir()
    chance = random.Random(1)
    sentences = list(_different(chance, tuple(NUMBERS), 250))
    for column, (tag, space) in enumerate((("de", " "), ("zh", ""))):
        lines = [
            f"{text}\t{space.join(NUMBERS[word][column] for word in text.split(' '))}\n"
            for text in sentences
        ]
        _write(folder / f"{tag}.tsv", lines[:240])
        if tag == "de":
            _write(folder / "few.tsv", lines[240:])
    new = ["six one", "", "four nine two seven five", "Three, three!", "vier 👍"]
    _write(folder / "new.txt", [f"{text}\n" for text in new])
    colours = list(_different(chance, COLOURS, 100))
    for name, some in (("", colours[:90]), ("dev-", colours[90:])):
        _write(folder / f"{name}source.txt", [f"{text}\n" for text in some])
        backwards = [" ".join(reversed(text.split(" "))) for text in some]
        _write(folder / f"{name}target.txt", [f"{text}\n" for text in backwards])


def _different(chance: random.Random, words: Sequence[str], count: int) -> Iterator[str]:
    """Sentences of two to five words, no two alike."""
    seen: set[str] = set()
    while len(seen) < count:
        text = " ".join(chance.choices(words, k=chance.randint(2, 5)))
        if text not in seen:
            seen.add(text)
            yield text


def _write(path: Path, lines: Sequence[str]) -> None:
    path.write_text("".join(lines), encoding="utf-8", newline="\n")


def save_encoder_trace(path: Path) -> None:
    """A trace without a target, as a model with several targets makes it."""
    import glassformer

    glassformer.load("numbers").inspect("one six, six").save(path)


if __name__ == "__main__":
    main()
