"""What people type without having read the manual: it works, or is told how it would."""

import io
import json
import shlex
import sys
from pathlib import Path

import pytest
from models_for_tests import SENTENCE, TAGS, encoder_config, translator_config, write_folder

from glassformer.cli import run
from glassformer.cli.spelling import command_line


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(write_folder(tmp_path_factory.mktemp("models") / "encoder", encoder_config()))


@pytest.fixture(scope="module")
def translator(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(
        write_folder(tmp_path_factory.mktemp("a model") / "one", translator_config(tags=TAGS[:1]))
    )


def piped(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(data))))


@pytest.mark.parametrize("argument", [[], ["-"]])
def test_a_sentence_may_come_through_a_pipe(
    encoder: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    argument: list[str],
) -> None:
    piped(monkeypatch, f"{SENTENCE}\n".encode())
    assert run(["inspect", *argument, "--model", encoder, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["words"] == SENTENCE.split()


@pytest.mark.parametrize(
    ("data", "complaint"), [(b"", "there is none"), (b"one\ntwo\n", "there are 2 lines")]
)
def test_a_pipe_has_to_hold_one_sentence(
    encoder: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    data: bytes,
    complaint: str,
) -> None:
    piped(monkeypatch, data)
    assert run(["inspect", "--model", encoder]) == 2
    assert complaint in capsys.readouterr().err


def test_words_without_quotes_are_told_to_be_quoted(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["inspect", "it's", "a", "dog"]) == 2
    err = capsys.readouterr().err
    assert "put it in quotes, glassformer inspect 'it'\"'\"'s a dog'" in err


@pytest.mark.parametrize("verb", ["translate", "encode"])
def test_a_sentence_in_the_place_of_a_file_is_told_what_to_do(
    verb: str, capsys: pytest.CaptureFixture[str]
) -> None:
    output = ["--output", "x.npz"] if verb == "encode" else []
    assert run([verb, "Hello my friend", *output]) == 2
    err = capsys.readouterr().err
    assert f"to give a sentence: glassformer {verb} --text 'Hello my friend'" in err
    assert "through a pipe" in err


@pytest.mark.parametrize(
    ("typed", "meant"), [("transalte", "translate"), ("insepct", "inspect"), ("scores", "score")]
)
def test_a_misspelt_command_gets_a_suggestion(
    typed: str, meant: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([typed]) == 2
    assert f"No such command '{typed}'; did you mean '{meant}'?" in capsys.readouterr().err


def test_two_words_are_both_shown(encoder: str, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["inspect", SENTENCE, "--model", encoder, "--format", "json"]
    assert run([*command, "--word", "dog", "--word", "it"]) == 0
    words = SENTENCE.split()
    links = json.loads(capsys.readouterr().out)["links"]
    assert {words[link["from"]] for link in links} == {"dog", "it"}


@pytest.mark.parametrize("named", ["French", "fr-FR", "FR", "français", "fre"])
def test_a_language_may_be_named_as_people_name_it(
    translator: str, capsys: pytest.CaptureFixture[str], named: str
) -> None:
    command = ["translate", "--text", SENTENCE, "--model", translator, "--quiet"]
    answers = []
    for to in ("fr", named):
        assert run([*command, "--to", to]) == 0
        answers.append(capsys.readouterr().out)
    assert answers[0] == answers[1]


def test_a_language_that_there_is_not_is_answered_with_those_that_there_are(
    translator: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["translate", "--text", SENTENCE, "--model", translator, "--to", "klingon"]) == 2
    err = capsys.readouterr().err
    assert "translates to fr" in err
    assert "'klingon'" in err


def test_given_sentences_are_translated_encoded_and_scored(
    translator: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = ["--model", translator, "--quiet"]
    assert run(["translate", "--text", SENTENCE, "--text", "dog", *model]) == 0
    assert capsys.readouterr().out.count("\n") == 2
    output = str(tmp_path / "r.npz")
    assert run(["encode", "--text", SENTENCE, "--output", output, *model]) == 0
    assert run(["score", "--text", SENTENCE, "--target", "dog", "--target", "food", *model]) == 0
    likeliest, *scores = capsys.readouterr().out.split("\t")
    assert float(scores[int(likeliest) - 1]) == max(map(float, scores))
    assert run(["score", "--text", SENTENCE, *model]) == 2
    assert "--text TEXT was given 1 times and --target TEXT 0 times" in capsys.readouterr().err


def test_a_file_and_a_sentence_exclude_each_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "in.txt").write_text("a\n", encoding="utf-8")
    assert run(["translate", str(tmp_path / "in.txt"), "--text", "a"]) == 2
    assert "exclude each other" in capsys.readouterr().err


def test_hypotheses_need_no_source(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("hyp.fr", "ref.fr"):
        (tmp_path / name).write_text("un chien a mangé la pomme\n" * 3, encoding="utf-8")
    command = ["evaluate", "--hypotheses", str(tmp_path / "hyp.fr"), str(tmp_path / "ref.fr")]
    assert run([*command, "--format", "json", "--bootstrap", "0"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["pairs"] == 3
    assert data["references"] == 1
    assert data["scores"]["bleu"]["score"] == pytest.approx(100.0)


def test_a_lone_carriage_return_is_told_and_nothing_is_lost(
    translator: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mac.txt").write_bytes(b"a dog.\rthe food.\rit.")
    assert run(["translate", str(tmp_path / "mac.txt"), "--model", translator]) == 1
    answer = capsys.readouterr()
    assert answer.out == ""
    assert "tr '\\r' '\\n'" in answer.err


def test_a_printed_command_can_be_typed_again() -> None:
    command = command_line("inspect", "SENTENCE", "--model", Path("my models/en fr"))
    assert command == "glassformer inspect SENTENCE --model 'my models/en fr'"
    assert shlex.split(command)[-1] == "my models/en fr"
