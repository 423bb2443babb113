"""Every command of the docs stands in docs/python.md with its Python, and both do the same.

Both run here, in folders with tiny files and models of the names that the docs use.
"""

import gzip
import io
import json
import random
import re
import shlex
import shutil
from collections.abc import Iterator
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest
from models_for_tests import SENTENCE, encoder_config, write_folder
from trainings_for_tests import options

import glassformer
import glassformer.library.listing  # before its names are patched here
from glassformer.cli import VERBS, run
from glassformer.config.settings import Given
from glassformer.pretrained import files

ROOT = Path(__file__).parents[1]
TWINS = ROOT / "docs" / "python.md"
PAGES = [ROOT / "README.md", ROOT / "README.zh-CN.md", *sorted((ROOT / "docs").glob("*.md"))]

NOT_RUN = {
    "--device cuda": "needs a GPU",
    "torchrun": "starts processes, on two machines even",
    "glassformer tour": "opens a browser; tests/cli/test_tour.py runs it",
    "glassformer serve": "goes on until it is ended; tests/cli/test_serve.py runs it",
}
"""Commands with one of these words are not run, nor is their Python, for this reason."""

TIMED = {"seconds", "sentences_per_second"}
"""Keys of JSON that no two runs share."""

OF_THE_RUN = {"training.json", "metrics.jsonl", "card.md", "report.md"}
"""Files of a trained folder that say when and how fast it was made."""

TINY: Given = {
    "text": {"vocabulary": 300},
    "model": {"preset": "tiny", "d_model": 14, "d_ff": 11, "num_heads": 2, "decoder_layers": 1},
    "training": {
        "max_updates": 2,
        "batch_tokens": 120,
        "micro_batch_tokens": 120,
        "checkpoint_every": 1,
        "evaluate_every": 2,
        "average": 2,
        "workers": 1,
        "threads": 1,
        "precision": "float32",
    },
    "dev": {"sentences": 1, "beam_size": 1, "samples": 0},
}
"""Settings that are added to every training, in the shell and in Python."""

pytestmark = pytest.mark.filterwarnings("ignore::glassformer.GlassformerWarning")


def commands(page: Path) -> list[str]:
    """The command lines of ours on a page, each on one line, from `echo`, torchrun or us on."""
    found = []
    for block in re.findall(r"```bash\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL):
        for line in re.sub(r"\s*\\\n\s*", " ", block).splitlines():
            line = line.rpartition("&&")[2].strip().replace(".venv/bin/", "")
            if (
                page.name == "README.zh-CN.md"
            ):  # what a result is in, Python is told when it shows it
                line = line.removesuffix(" --language zh")
            if re.search(rf"\bglassformer ({'|'.join(VERBS)})\b", line):
                found.append(line)
    return found


def twins(page: Path) -> dict[str, str]:
    """Each command of a page with the Python that stands right below it."""
    found: dict[str, str] = {}
    blocks = re.findall(
        r"```bash\n(.*?)```\n\n```python\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL
    )
    for command, code in blocks:
        found[re.sub(r"\s*\\\n\s*", " ", command).strip()] = code
    return found


PAIRS = twins(TWINS)
OWN = twins(ROOT / "docs" / "gallery.md")
"""Run by tests/test_remake.py."""


def why_not(command: str) -> str | None:
    """Why a command is not run here, if so."""
    return next((reason for word, reason in NOT_RUN.items() if word in command), None)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_has_its_python(page: Path) -> None:
    assert [one for one in commands(page) if one not in PAIRS | OWN] == []


def test_all_commands_and_functions_have_one() -> None:
    assert commands(TWINS) == [*PAIRS]
    assert {verb for verb in VERBS if any(f"glassformer {verb}" in one for one in PAIRS)} == {
        *VERBS
    }
    public = {name for name in glassformer.__all__ if name.islower()}
    assert {
        name for name in public if any(f"glassformer.{name}(" in c for c in PAIRS.values())
    } == public


def test_every_reason_not_to_run_is_needed() -> None:
    for word in NOT_RUN:
        assert any(word in command for command in PAIRS)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all files and models that the docs name."""
    folder = tmp_path_factory.mktemp("docs")
    chance, words = random.Random(1), [*SENTENCE.split(), "two", "dogs", "run", "water"]
    english = [SENTENCE, *(" ".join(chance.choices(words, k=5)) for _ in range(50))]
    others = [" ".join(reversed(line.split())) for line in english]
    for name, lines in {
        "train.en": english,
        "train.de": others,
        "medicine.en": english,
        "medicine.de": others,
        "test.en": english[:3],
        "test.de": others[:3],
        "sentences.en": english[:2],
        "mine.de": english[1:4],
        "theirs.de": english[:3],
        "pairs.tsv": list(map("\t".join, zip(english, others, strict=True))),
    }.items():
        (folder / name).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    for tag in ("fr", "de"):
        columns = (folder / "pairs.tsv").read_bytes()
        (folder / f"en-{tag}.tsv.gz").write_bytes(gzip.compress(columns))
    write_folder(folder / "all-MiniLM-L6-v2", encoder_config())
    many = dict.fromkeys(("fr", "de"), folder / "pairs.tsv")
    train = partial(glassformer.train, settings=TINY, watch=SENTENCE)
    train(pairs=many["de"], output=folder / "en-de")
    train(pairs=many, output=folder / "en-many")
    shutil.copytree(folder / "en-many", folder / "en-fr-de-zh")
    return folder


@pytest.mark.parametrize("command", [one for one in PAIRS if not why_not(one)])
def test_both_do_the_same(
    command: str,
    made: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(files, "find_packaged", lambda model: Path(model.name))
    settings = TINY
    if "--model-from" in command:  # which brings its sizes along
        settings = {name: TINY[name] for name in ("training", "dev")}
    monkeypatch.setattr(glassformer, "train", partial(glassformer.train, settings=settings))
    words = shlex.split(command)
    outputs = [after for word, after in pairwise(words) if word in ("--output", ">")]
    results = []
    for surface in ("shell", "python"):
        place = tmp_path / surface
        place.mkdir()
        for one in made.iterdir():
            if one.name not in outputs:
                (place / one.name).symlink_to(one)
        monkeypatch.chdir(place)
        if surface == "shell":
            in_the_shell(words, settings, monkeypatch, capsys)
        else:
            exec(compile(PAIRS[command], TWINS.name, "exec"), {"glassformer": glassformer})
        said = capsys.readouterr().out
        results.append((as_data(said), dict(written(place))))
    assert results[0] == results[1]
    assert any(results[0])


def in_the_shell(
    words: list[str],
    settings: Given,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Run a command as a shell does: `echo TEXT | glassformer …`, `glassformer … > FILE`."""
    if words[0] == "echo":
        text = io.BytesIO(words[1].encode() + b"\n")
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BufferedReader(text)))
        words = words[3:]
    words, file = (words[:-2], words[-1]) if words[-2] == ">" else (words, None)
    if words[1] == "train":
        words = [*words, *options(settings)]
    assert run(words[1:]) == 0, capsys.readouterr().err
    if file is not None:
        Path(file).write_text(capsys.readouterr().out, encoding="utf-8")


def as_data(said: str) -> object:
    """What was printed; JSON without what a clock has put there."""
    try:
        data = [json.loads(line) for line in said.splitlines()]
    except ValueError:
        return said.strip()
    return [
        {k: v for k, v in one.items() if k not in TIMED} if isinstance(one, dict) else one
        for one in data
    ]


def written(place: Path) -> Iterator[tuple[str, bytes]]:
    """The files that were not there before."""
    for path in sorted(place.rglob("*")):
        if path.is_file() and not path.is_symlink() and path.name not in OF_THE_RUN:
            yield path.relative_to(place).as_posix(), path.read_bytes()
