"""Whole trainings that take a second: made-up pairs, a tiny model, and ways to be stopped."""

import json
import random
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from glassformer.config.settings import Given
from glassformer.messages import Note
from glassformer.training.corpus.pairs import PairFiles
from glassformer.training.request import TrainingRequest
from glassformer.training.run import Outcome, carry_out

COMMAND = [sys.executable, "-W", "ignore", "-m", "glassformer"]

WORDS = ("red", "green", "blue", "white", "black", "big", "small", "old", "new", "dog", "cat")

SETTINGS: Given = {
    "text": {"tokenizer": "whitespace"},
    "model": {
        "preset": "tiny",
        "d_model": 2 * 7,
        "num_heads": 2,
        "d_ff": 17,
        "encoder_layers": 1,
        "decoder_layers": 1,
        "dropout": 0.1,
        "attention_dropout": 0.1,
        "activation_dropout": 0.1,
    },
    "training": {
        "max_updates": 17,
        "batch_tokens": 120,
        "micro_batch_tokens": 40,  # three for each update
        "learning_rate": 0.01,
        "warmup": 5,
        "checkpoint_every": 3,
        "evaluate_every": 6,
        "average": 2,
        "workers": 1,
        "threads": 1,
        "precision": "float32",
    },
    "dev": {"sentences": 3, "beam_size": 2, "samples": 1},
}
"""An epoch of the pairs below has between five and six updates."""


def changed(**sections: Mapping[str, Any]) -> Given:
    """The settings above with some of them replaced; None takes one away."""
    both = {name: {**values, **sections.get(name, {})} for name, values in SETTINGS.items()}
    return {
        name: {key: value for key, value in values.items() if value is not None}
        for name, values in both.items()
    }


def options(settings: Given) -> list[str]:
    """The same settings for the command line."""
    return [
        word
        for section, values in settings.items()
        for name, value in values.items()
        for word in ("--set", f"{section}.{name}={json.dumps(value)}")
    ]


def lines(count: int, seed: int = 1) -> list[str]:
    """Sentences of two to seven words, no two alike."""
    chance, found = random.Random(seed), dict[str, None]()
    while len(found) < count:
        found[" ".join(chance.choices(WORDS, k=chance.randint(2, 7)))] = None
    return list(found)


def backwards(sentences: Sequence[str]) -> list[str]:
    """What is to be learned: the words of each sentence in reverse."""
    return [" ".join(reversed(sentence.split(" "))) for sentence in sentences]


def write(path: Path, sentences: Sequence[str]) -> Path:
    """One sentence a line."""
    path.write_text("".join(f"{sentence}\n" for sentence in sentences), encoding="utf-8")
    return path


def write_corpus(folder: Path, count: int = 97) -> tuple[Path, Path]:
    """Two files of pairs; a tenth of them will be held out."""
    folder.mkdir(parents=True, exist_ok=True)
    sentences = lines(count)
    return write(folder / "source", sentences), write(folder / "target", backwards(sentences))


def request(output: Path, settings: Given | None = None, **more: Any) -> TrainingRequest:
    """A training in this folder, of files beside it."""
    if "pairs" not in more:
        more["pairs"] = (PairFiles(*write_corpus(output.parent)),)
    return TrainingRequest(output=output, settings=settings or SETTINGS, **more)


def arguments(of: TrainingRequest) -> list[str]:
    """The command line that asks for the same."""
    files = [str(path) for one in of.pairs for path in one.paths]
    watch = [word for sentence in of.watch for word in ("--watch", sentence)]
    return ["train", *files, "--output", str(of.output), *watch, *options(of.settings)]


class Listening:
    """Keeps what a training says, and may stop it."""

    def __init__(self, stop_at: int | None = None, error: BaseException | None = None) -> None:
        self.said: list[str] = []
        self.began_after: int | None = None
        self.updates: list[dict[str, Any]] = []
        self.measurements: list[dict[str, Any]] = []
        self._stop_at = stop_at
        self._error = error or KeyboardInterrupt()

    def noted(self, note: Note) -> None:
        self.said.append(str(note))

    def began(self, update: int, max_updates: int) -> None:
        self.began_after = update

    def updated(self, record: dict[str, Any]) -> None:
        self.updates.append(record)
        if record["update"] == self._stop_at:
            raise self._error

    def measured(self, record: dict[str, Any]) -> None:
        self.measurements.append(record)


def finish(of: TrainingRequest) -> Outcome:
    """Train to the end."""
    return carry_out(of, Listening())


def weights(folder: Path) -> bytes:
    """The file that makes a folder complete."""
    return (folder / "weights.safetensors").read_bytes()


def measurements(folder: Path) -> list[dict[str, Any]]:
    """The lines of metrics.jsonl without what the clock has put there."""
    text = (folder / "metrics.jsonl").read_text(encoding="utf-8")
    found = [json.loads(line) for line in text.splitlines()]
    return [{k: v for k, v in one.items() if "second" not in k} for one in found]


def run_command(words: Sequence[str], **more: Any) -> "subprocess.CompletedProcess[str]":
    """The command in a process of its own."""
    return subprocess.run(
        [*COMMAND, *words], capture_output=True, encoding="utf-8", timeout=300, check=False, **more
    )
