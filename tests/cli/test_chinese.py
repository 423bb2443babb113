"""With --language zh nothing that is said to a person is English, on any surface."""

import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from english_for_tests import english_in
from models_for_tests import SENTENCE, TAGS, encoder_config, translator_config, write_folder
from trainings_for_tests import changed, options, write_corpus

from glassformer.catalogue import sentence
from glassformer.cli import run

KNOWN = {*SENTENCE.split(), "tasty", "red", "fish"}
"""Words of the texts themselves, which are what they are."""

Say = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Models and files to work on."""
    place = tmp_path_factory.mktemp("made")
    write_folder(place / "encoder", encoder_config())
    write_folder(place / "one", translator_config(tags=TAGS[:1]))
    write_folder(place / "three", translator_config(tags=TAGS))
    lines = f"{SENTENCE}\nthe food was tasty\n[MASK] was here\n"
    for name in ("in.txt", "out.txt"):
        (place / name).write_text(lines, encoding="utf-8")
    (place / "blank.txt").write_text("a dog\n\n" + "it " * 40, encoding="utf-8")
    return place


@pytest.fixture
def say(
    made: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Say:
    """Run a command in Chinese; gives its code and what it says."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)

    def say(*words: object) -> tuple[int, str, str]:
        code = run([*map(str, words), "--language", "zh"])
        out, err = capsys.readouterr()
        return code, out, err

    return say


INSPECTED = [
    ["--model", "three"],
    ["--model", "three", "--steps", "all", "--history", "--to", "fr"],
    ["--model", "one", "--contrast", "the food was tasty"],
    ["--model", "one", "--word", "it", "--heads", "largest"],
    ["--model", "one", "--tokens", "--special", "--layer", "1", "--heads", "all"],
    ["--model", "one", "--part", "cross", "--align", "output"],
    ["--model", "encoder", "--view", "structure"],
    ["--model", "encoder", "--view", "grid"],
    ["--model", "encoder", "--tensor", "encoder.layers.0.self_attention.weights", "--head", "1"],
    ["--model", "encoder", "--view", "flow", "--layer", "1", "--head", "1"],
    ["--model", "encoder", "--explain", "encoder.layers.0.self_attention.weights", "--at", "0,1,2"],
    ["--model", "encoder", "--explain", "encoder.layers.0.feed_forward", "--at", "1,2"],
    ["--model", "encoder", "--explain", "encoder.layers.0", "--at", "1,2"],
    ["--model", "encoder", "--explain", "source.tokens", "--at", "1"],
]


@pytest.mark.parametrize("arguments", INSPECTED, ids=" ".join)
@pytest.mark.filterwarnings("ignore:.*repeats")
def test_reports_are_chinese(say: Say, arguments: list[str]) -> None:
    code, out, err = say("inspect", SENTENCE, *arguments)
    assert code == 0, err
    assert any("一" <= character <= "鿿" for character in out)
    assert not english_in(out + err, KNOWN)


@pytest.mark.parametrize("more", [[], ["--explain", "encoder.layers.0", "--at", "1,2"]])
def test_json_does_not_depend_on_the_language(
    say: Say, more: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["inspect", f"{SENTENCE} [MASK]", "--model", "encoder", "--format", "json", *more]
    code, out, _ = say(*arguments)
    assert code == run(arguments) == 0
    assert json.loads(out) == json.loads(capsys.readouterr().out)


WORK = {
    "encode in.txt --output r.npz --model encoder": "已写入 r.npz：行数 3",
    "encode blank.txt --output r.npz --model encoder --skip-blank --truncate": "略去的空白行数：1",
    "translate in.txt --output o.txt --model one": "已写入 o.txt：行数 3",
    "score in.txt out.txt --model one": "困惑度",
    "evaluate in.txt out.txt --model one --bootstrap 9": "置信区间",
    "evaluate in.txt out.txt --hypotheses in.txt --against out.txt --bootstrap 9": "配对自助重采样",
    "models": "可用",
    "inspect in.txt --names encoder --output t --model encoder": "已写入 t：计算记录 3 份",
}


@pytest.mark.parametrize(("command", "said"), WORK.items(), ids=list(WORK))
@pytest.mark.filterwarnings("ignore:.*repeats")
def test_results_and_notes_are_chinese(say: Say, command: str, said: str) -> None:
    code, out, err = say(*command.split())
    assert code == 0, err
    assert said in out + err
    assert not english_in(out + err, KNOWN)


WRONG = [
    "inspect a --explain encoder",
    "inspect a --head 1",
    "inspect a --layer 1 --head 1 --heads mean",
    "inspect a --special",
    "inspect a --view matrix",
    "inspect a --view grid --word a",
    "inspect a --format svg --contrast b",
    "inspect a --output x.doc",
    "inspect a --at-step 3 --device cpu",
    "inspect in.txt --names encoder",
    "inspect in.txt --names encoder --output x --word a",
    "inspect a --model encoder --word b",
    "inspect dog --model encoder --layer 9",
    "inspect dog --model encoder --layer 1 --head 99",
    "inspect dog --model encoder --part cross",
    "inspect dog --model encoder --explain nothing --at 1",
    "inspect dog --model encoder --explain encoder --at 1,2,3",
    "inspect dog --model encoder --output in.txt",
    "inspect dog --model encoder --at-step 3",
    "encode blank.txt --output r.npz --model encoder",
    "translate in.txt --prefix a --prefix-file b",
    "translate in.txt --output x.json",
    "inspect dog --model encoder --to fr",
    "encode nothing.txt --output r.npz --model encoder",
    "encode in.txt --output in.txt --force",
    "score in.txt",
    "score in.txt blank.txt --model one",
    "evaluate in.txt out.txt --hypotheses c --model m",
    "evaluate in.txt out.txt --bootstrap 1",
]


@pytest.mark.parametrize("command", WRONG)
def test_errors_are_chinese(say: Say, command: str) -> None:
    code, out, err = say(*command.split())
    assert code in (1, 2)
    assert out == ""
    assert any("一" <= character <= "鿿" for character in err)
    assert not english_in(err, KNOWN), err


def test_what_a_training_tells_is_chinese(say: Say) -> None:
    write_corpus(Path())
    settings = options(changed(training={"max_updates": 2}))
    code, _, err = say("train", "source", "target", "--output", "m", *settings)
    assert code == 0
    for told in ("第 2 步：开发集损失", "已写入 m", "查看模型：glassformer inspect"):
        assert told in err


def test_lines_that_are_typed_are_asked_for(say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    class Typed(io.TextIOWrapper):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stdin", Typed(io.BufferedReader(io.BytesIO(b"a dog\n"))))
    assert say("translate", "--model", "one")[2].startswith("正在从终端读取文本，按 Ctrl-D 结束")


@pytest.mark.parametrize(("locale", "said"), [("C", "interrupted"), ("zh_CN.UTF-8", "已中断")])
def test_the_locale_chooses_the_language(locale: str, said: str) -> None:
    code = (
        "import glassformer.cli as cli\n"
        "from glassformer.cli import models\n"
        "def interrupted(*_, **__):\n    raise KeyboardInterrupt\n"
        "models.command.callback = interrupted\n"
        "cli.main(['models'])\n"
    )
    environment = {**os.environ, "LC_ALL": locale}
    environment.pop("PYTHONUTF8", None)
    seen = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], capture_output=True, env=environment
    )
    assert seen.returncode == 130
    assert seen.stderr.decode().strip() == f"glassformer: {said}"


def test_the_check_knows_english_when_it_sees_it() -> None:
    assert english_in("应为 one of these words")
    assert english_in("there is no such file")
    assert not english_in("没有词“one of these words”")
    assert not english_in("LayerNorm(x + sublayer(x)) --word TEXT encoder.layers.0")
    assert not english_in(SENTENCE, KNOWN)
    assert sentence("interrupted", "en") == "interrupted"


def test_what_the_system_refuses_is_said_in_chinese(say: Say) -> None:
    (Path("folder")).mkdir()
    assert "没有这个文件或文件夹" in say("encode", "no.txt", "--output", "r.npz")[2]
    assert "是文件夹" in say("encode", "folder", "--output", "r.npz")[2]
