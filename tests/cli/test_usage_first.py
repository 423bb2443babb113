"""What is wrong with a command is said before a model is loaded, which may take minutes."""

from pathlib import Path

import pytest

from glassformer.cli import run
from glassformer.library import loading

WRONG = {
    "inspect a --explain encoder": "belong together",
    "inspect a --head 1": "a head needs its layer",
    "inspect a --layer 1 --head 1 --heads mean": "exclude each other",
    "inspect a --special": "with tokens",
    "inspect a --view matrix": "belong together",
    "inspect a --view grid --word a": "has no use for",
    "inspect a --view flow --history": "belongs to the whole report",
    "inspect a --format svg --contrast b": "belongs to the whole report",
    "inspect a --output x.doc": "extension .doc",
    "inspect a b": "put it in quotes",
    "inspect a --at-step 3 --device cpu": "leave --device",
    "inspect a.txt --names encoder": "--output FOLDER",
    "inspect a.txt --names encoder --output x --word a": "leave --word out",
    "encode a.txt --output x.csv": "must end in",
    "encode a.txt --output x.npz --text a": "exclude each other",
    "translate a.txt --prefix a --prefix-file b": "exclude each other",
    "translate a.txt --batch-size 1 --batch-tokens 9": "exclude each other",
    "translate a.txt --top-k 3": "require sampling",
    "translate a.txt --output x.json": "extension .json",
    "score a.txt": "give SOURCE and TARGET",
    "score a.txt b.txt --pairs c.tsv": "not both",
    "score a.txt b.txt --contrastive": "--contrastive is for --pairs",
    "evaluate a.txt b.txt --hypotheses c --model m": "leave --model",
    "evaluate a.txt b.txt --against c --against-model m": "exclude each other",
    "evaluate a.txt b.txt --bootstrap 1": "no interval",
}


@pytest.mark.parametrize(("command", "complaint"), WRONG.items())
def test_usage_is_wrong_before_a_model_is_loaded(
    command: str,
    complaint: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("a.txt", "b.txt", "c", "c.tsv"):
        Path(name).write_text("a\tb\n", encoding="utf-8")
    monkeypatch.setattr(loading, "load", pytest.fail)
    assert run(command.split()) == 2
    err = capsys.readouterr().err
    assert complaint in err
    assert err.count("\n") == 1
    assert {path.name for path in tmp_path.iterdir()} == {"a.txt", "b.txt", "c", "c.tsv"}
