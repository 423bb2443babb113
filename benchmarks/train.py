"""Claim: Glassformer trains at least three times as fast as Joey NMT 2.3 does, in target tokens/s.

Multi30k English to German, cut into one vocabulary of 8,000 subwords beforehand, so that both read
the same tokens; 4 + 4 layers, d_model 128, d_ff 256, 4 heads, every dropout 0.3, tied embeddings,
Adam, label smoothing 0.1, float32, on the CPU. Both train on the same number of real target
tokens an update (end tokens counted, padding not): first runs set the batch sizes, which count
padding. Short runs then find each system's best memory settings and the threads of Joey NMT.
Then they run in turn, each time as a process of its own. The first updates are not timed, and
nothing is evaluated or saved between those that are.

    python benchmarks/train.py                  makes an environment for Joey NMT in --cache
    python benchmarks/train.py --joey PYTHON    one that has joeynmt 2.3.0, torch as here,
                                                sentencepiece 0.1.99 and importlib_metadata

The environment gets the build of torch that is used here; where that needs an index other than
pip's own, name it in PIP_EXTRA_INDEX_URL. Allocators are tried where Debian has put them (packages
libtcmalloc-minimal4 and libjemalloc2).
"""

import argparse
import json
import os
import platform
import shutil
import statistics
import string
import subprocess
import sys
import venv
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

import torch
from tokenizers import Tokenizer, models, pre_tokenizers, trainers

import glassformer
from glassformer.text.lines import read_lines

MULTI30K = Path(__file__).parents[2] / "shared" / "data" / "multi30k"
VOCABULARY = 8000
WORD_END = "</w>"
JOEY = ("joeynmt==2.3.0", "sentencepiece==0.1.99", "importlib_metadata")

OURS = """
text.tokenizer=whitespace text.drop_duplicates=false text.max_ratio=1000000.0
model.encoder_layers=4 model.decoder_layers=4 model.num_heads=4 model.d_model=128 model.d_ff=256
model.dropout=0.3 model.attention_dropout=0.3 model.activation_dropout=0.3
training.precision=float32 training.label_smoothing=0.1 training.clip_norm=1.0
training.learning_rate=0.005 training.warmup=2000 training.average=1
training.evaluate_every=1000000 training.checkpoint_every=1000000 dev.sentences=1 dev.beam_size=1
"""

# Its dropout is also that of the attention weights and of the features within the feed-forward
# network. The last update only ends the one before it.
THEIRS = """
name: race
model_dir: $folder/model
use_cuda: false
random_seed: 1
data:
  train: $data/train
  dev: $data/val
  dataset_type: plain
  src: {lang: en, level: word, voc_file: $data/vocabulary}
  trg: {lang: de, level: word, voc_file: $data/vocabulary}
model:
  tied_embeddings: true
  tied_softmax: true
  embed_initializer: normal
  embed_init_weight: 0.0884
  encoder: &stack
    {type: transformer, num_layers: 4, num_heads: 4, hidden_size: 128, ff_size: 256, dropout: 0.3,
     layer_norm: post, embeddings: {embedding_dim: 128, scale: true}}
  decoder: *stack
training:
  {optimizer: adam, adam_betas: [0.9, 0.98], clip_grad_norm: 1.0,
   normalization: tokens, label_smoothing: 0.1,
   scheduling: warmupinversesquareroot, learning_rate: 0.005, learning_rate_warmup: 2000,
   learning_rate_min: 1.0e-12, batch_type: token, batch_size: $batch, updates: $updates,
   epochs: 1000000, logging_freq: 1000000, validation_freq: 1000000}
testing: {beam_size: 1}
"""

WINDOW = ("update", "target_tokens", "seconds")

KEPT = {"MALLOC_MMAP_THRESHOLD_": str(1 << 32), "MALLOC_TRIM_THRESHOLD_": str(1 << 33)}
MEMORY = {
    "as installed": {},
    "glibc keeps memory": KEPT,
    "glibc keeps memory in huge pages": {**KEPT, "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"},
}
ALLOCATORS = {  # Debian's libraries, told to keep memory too
    "libtcmalloc_minimal.so.4": {"TCMALLOC_RELEASE_RATE": "0"},
    "libjemalloc.so.2": {
        "MALLOC_CONF": "dirty_decay_ms:-1,muzzy_decay_ms:-1,oversize_threshold:0,thp:always"
    },
}

# Runs Joey NMT's own command; all that is added is a look at the clock when an update begins.
TIMED = """
import json, sys, time
from joeynmt.__main__ import main
from joeynmt.training import TrainManager

begun = []
step = TrainManager._train_step

def timed(manager, batch):
    begun.append((time.perf_counter(), batch.ntokens))
    return step(manager, batch)

TrainManager._train_step = timed
output = sys.argv.pop()
main()
with open(output, "w") as file:
    json.dump(begun, file)
"""


class Window(NamedTuple):
    """What was trained on in the updates that count."""

    updates: int
    tokens: int
    seconds: float


@dataclass(frozen=True)
class Settings:
    """How a system is run: its batch size as it counts, and what its process finds around it."""

    batch: int
    memory: str
    environment: dict[str, str] = field(default_factory=dict)
    threads: int | None = None


System = Callable[[Settings, int, int], Window]
"""Runs so many updates, of which the first so many are not timed."""


def prepare(raw: Path, data: Path) -> None:
    """Cut train and val into subwords, `Bü@@ sche`, as published files are."""
    if (data / "vocabulary").exists():
        return
    texts: dict[str, list[str]] = {}
    for name in ("train.en", "train.de", "val.en", "val.de"):
        with read_lines(raw / f"{name}.gz") as lines:
            texts[name] = list(lines)
    size = VOCABULARY
    for _ in range(5):  # some of what is learned is only ever part of something longer
        tokenizer = learn(texts["train.en"] + texts["train.de"], size)
        cut = {name: [pieces(tokenizer, line) for line in of] for name, of in texts.items()}
        vocabulary = {piece for line in cut["train.en"] + cut["train.de"] for piece in line}
        if len(vocabulary) == VOCABULARY:
            break
        size += VOCABULARY - len(vocabulary)
    data.mkdir(parents=True, exist_ok=True)
    for name, of in cut.items():
        write_lines(data / name, [" ".join(line) for line in of])
    val = zip(cut["val.en"], cut["val.de"], strict=True)
    write_lines(data / "val.tsv", [f"{' '.join(a)}\t{' '.join(b)}" for a, b in val])
    write_lines(data / "vocabulary", sorted(vocabulary))


def learn(lines: list[str], size: int) -> Tokenizer:
    tokenizer = Tokenizer(models.BPE(end_of_word_suffix=WORD_END))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Punctuation()]
    )
    trainer = trainers.BpeTrainer(vocab_size=size, end_of_word_suffix=WORD_END, show_progress=False)
    tokenizer.train_from_iterator(lines, trainer)
    return tokenizer


def pieces(tokenizer: Tokenizer, line: str) -> list[str]:
    return [
        piece.removesuffix(WORD_END) if piece.endswith(WORD_END) else f"{piece}@@"
        for piece in tokenizer.encode(line).tokens
    ]


def write_lines(path: Path, lines: list[str]) -> None:
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="\n")


def ours(data: Path, work: Path, more: list[str]) -> System:
    def run(settings: Settings, updates: int, skip: int) -> Window:
        folder = fresh(work / "glassformer")
        values = [*OURS.split(), "text.joiner=@@ ", f"training.batch_tokens={settings.batch}"]
        values += [f"training.max_updates={updates}", *more]
        command = [sys.executable, "-m", "glassformer", "train", "--quiet"]
        command += [str(data / "train.en"), str(data / "train.de")]
        command += ["--dev", str(data / "val.tsv"), "--output", str(folder)]
        execute(command + [word for value in values for word in ("--set", value)], settings, work)
        with (folder / "metrics.jsonl").open(encoding="utf-8") as file:
            records = [record for record in map(json.loads, file) if record["kind"] == "train"]
        timed = [record for record in records if record["update"] >= skip]
        first, last = ([one[key] for key in WINDOW] for one in (timed[0], timed[-1]))
        return Window(*(end - begin for begin, end in zip(first, last, strict=True)))

    return run


def theirs(python: Path, data: Path, work: Path) -> System:
    def run(settings: Settings, updates: int, skip: int) -> Window:
        folder = fresh(work / "joeynmt")
        folder.mkdir()
        config, times = folder / "config.yaml", folder / "times.json"
        values = {"data": data, "folder": folder, "batch": settings.batch, "updates": updates + 1}
        config.write_text(string.Template(THEIRS).substitute(values))
        command = [str(python), "-c", TIMED, "train", str(config), "--skip-test", str(times)]
        execute(command, settings, work)
        begun = json.loads(times.read_text())[skip:]
        tokens = sum(of for _, of in begun[:-1])
        return Window(len(begun) - 1, tokens, begun[-1][0] - begun[0][0])

    return run


def fresh(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    return folder


def execute(command: list[str], settings: Settings, work: Path) -> None:
    log = work / "log.txt"
    environment = {**os.environ, **settings.environment}
    if settings.threads:
        environment["OMP_NUM_THREADS"] = str(settings.threads)
    with log.open("wb") as file:
        done = subprocess.run(
            command, stdout=file, stderr=subprocess.STDOUT, env=environment, check=False
        )
    if done.returncode:
        last = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
        sys.exit(f"{last}\n{command[0]} … ended with {done.returncode}; all it wrote: {log}")


def environment_for_joey(folder: Path) -> Path:
    """An environment of its own, with the torch that is used here."""
    python = folder / "bin" / "python"
    if not (folder / "complete").exists():
        print(f"installing {JOEY[0]} into {folder}", flush=True)
        venv.create(folder, with_pip=True, clear=True)
        install = [str(python), "-m", "pip", "install", "--quiet", "--only-binary", ":all:"]
        subprocess.run([*install, f"torch=={torch.__version__}", *JOEY], check=True)
        (folder / "complete").touch()
    return python


def memories(batch: int) -> list[Settings]:
    """Every way to keep freed memory that this machine offers."""
    found = [Settings(batch, name, environment) for name, environment in MEMORY.items()]
    for library, environment in ALLOCATORS.items():
        for path in Path("/usr/lib").glob(f"*/{library}"):
            found.append(Settings(batch, library, {"LD_PRELOAD": str(path), **environment}))
    return found


def best(name: str, system: System, settings: list[Settings], updates: int, skip: int) -> Settings:
    rates: list[float] = []
    for one in settings:
        rates.append(rate(system(one, updates, skip)))
        print(f"  {rates[-1]:8,.0f} tokens/s  {name}, {described(one)}", flush=True)
    return settings[rates.index(max(rates))]


def rate(window: Window) -> float:
    return window.tokens / window.seconds


def described(settings: Settings) -> str:
    threads = f"{settings.threads} thread" if settings.threads else "threads as by itself"
    return f"{settings.memory}, {threads}, batch size {settings.batch:,}"


def table(windows: dict[str, list[Window]]) -> None:
    print("\ntarget tokens/s" + "".join(f"{name:>14}" for name in windows) + f"{'ratio':>8}")
    rows = [[rate(window) for window in row] for row in zip(*windows.values(), strict=True)]
    lines = {f"round {number}": [*row, row[0] / row[-1]] for number, row in enumerate(rows, 1)}
    lines["median"] = [statistics.median(column) for column in zip(*lines.values(), strict=True)]
    for name, (*rates, ratio) in lines.items():
        print(f"{name:15}" + "".join(f"{one:14,.0f}" for one in rates) + f"{ratio:8.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--updates", type=int, default=60, help="in each run")
    parser.add_argument("--skip", type=int, default=20, help="of them, not timed")
    parser.add_argument("--tokens", type=int, default=1920, help="real target tokens an update")
    parser.add_argument("--joey", type=Path, metavar="PYTHON", help="that has joeynmt")
    parser.add_argument("--data", type=Path, default=MULTI30K, help="folder of train.en.gz …")
    parser.add_argument(
        "--cache", type=Path, default=Path.home() / ".cache" / "glassformer-benchmarks"
    )
    parser.add_argument(
        "--set", action="append", default=[], metavar="KEY=VALUE", help="for glassformer train"
    )
    parser.add_argument("--only", choices=("glassformer", "joeynmt"), help="try one, no race")
    given = parser.parse_args()
    python = given.joey
    if python is None and given.only != "glassformer":
        python = environment_for_joey(given.cache / "joeynmt")
    data, work = (given.cache.resolve() / name for name in ("multi30k", "runs"))
    work.mkdir(parents=True, exist_ok=True)
    prepare(given.data, data)
    systems = {"glassformer": ours(data, work, given.set), "joeynmt": theirs(python, data, work)}
    systems = {name: systems[name] for name in systems if given.only in (None, name)}
    print(f"glassformer {glassformer.__version__}, {JOEY[0]}, torch {torch.__version__}")
    print(
        f"Python {platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    )

    short, skip = given.updates // 3, given.skip // 3
    print(f"to find the best settings, {short - skip} updates each")
    chosen = {}
    for name, system in systems.items():
        batch = given.tokens
        for _ in range(2):  # a larger batch is also one of longer sentences
            counted = system(Settings(batch, "kept", KEPT), given.updates, given.skip)
            batch = round(batch * given.tokens * counted.updates / counted.tokens)
        chosen[name] = best(name, system, memories(batch), short, skip)
        if name == "joeynmt":  # ours chooses its processes and threads by itself
            one_thread = replace(chosen[name], threads=1)
            chosen[name] = best(name, system, [chosen[name], one_thread], short, skip)

    windows: dict[str, list[Window]] = {name: [] for name in systems}
    for _ in range(given.rounds):
        for name, system in systems.items():
            windows[name].append(system(chosen[name], given.updates, given.skip))
    for name, of in windows.items():
        tokens = sum(window.tokens for window in of) / sum(window.updates for window in of)
        print(f"{name}: {tokens:,.0f} target tokens an update; {described(chosen[name])}")
    table(windows)


if __name__ == "__main__":
    main()
