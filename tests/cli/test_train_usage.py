"""`glassformer train` asked for what cannot be: one line says why, and nothing is made."""

from pathlib import Path

import pytest
from trainings_for_tests import write_corpus

from glassformer.cli import run


def complaint_of(words: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """The code of a command in a folder with a small corpus, and its one line."""
    write_corpus(folder, 31)
    (folder / "pairs.tsv").write_text("a dog\tun chien\n")
    code = run(["train", *words.split(" ")])
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert not (folder / "m").exists()
    return code, err


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ("source --output m", "give both SOURCE and TARGET, or --pairs FILE"),
        (
            "--output m",
            "training needs sentence pairs: give SOURCE and TARGET, or --pairs FILE",
        ),
        ("source target", "Missing option '--output'. (see glassformer train --help)"),
        (
            "source target --output m --set trainin.seed=2",
            "there is no setting 'trainin.seed'; did you mean training.seed?",
        ),
        (
            "source target --output m --set training.dropout=0.2",
            "there is no setting 'training.dropout'; did you mean ",
        ),
        (
            "source target --output m --set training.seed",
            "--set needs key=value, as in training.seed=2, but is 'training.seed'",
        ),
        (
            "source target --output m --pairs fr=pairs.tsv",
            "source and target has no target language, but other pairs have one: give it as in "
            "--pairs fr=source",
        ),
        (
            "--pairs fr=pairs.tsv --output m --dev de=pairs.tsv",
            "the dev set pairs.tsv is for the target language de, but the training pairs are for "
            "fr",
        ),
        (
            "source target --output m --device nowhere",
            "cannot train on the device 'nowhere': Expected one of cpu, cuda",
        ),
        ("- target --output m", "training reads its pairs more than once, which stdin does"),
    ],
)
def test_wrong_usage_is_named(
    words: str,
    complaint: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    code, said = complaint_of(words, tmp_path, capsys)
    assert code == 2
    assert said.startswith(f"glassformer: {complaint}")


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ("nowhere target --output m", "cannot read nowhere: No such file or directory"),
        ("source nowhere --output m", "cannot read nowhere: No such file or directory"),
        ("--pairs fr=nowhere.tsv --output m", "cannot read nowhere.tsv: No such file or directory"),
        ("source target --dev nowhere.tsv --output m", "cannot read nowhere.tsv: No such file"),
        ("source target --config nowhere.toml --output m", "cannot read nowhere.toml: No such"),
        (
            "source target --encoder-from nowhere --output m",
            "there is no model 'nowhere': expected an existing folder, a hub name",
        ),
        (
            "source target --set model.dropout=2 --output m",
            "model.dropout must be in [0, 1), but is 2.0",
        ),
        (
            "source target --set dev.bleu_tokenize=nothing --output m",
            "dev.bleu_tokenize: there is no BLEU tokenizer 'nothing'; choose one of ",
        ),
    ],
)
def test_what_is_not_there_is_named(
    words: str,
    complaint: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    code, said = complaint_of(words, tmp_path, capsys)
    assert code == 1
    assert said.startswith(f"glassformer: {complaint}")
