"""The language that a command speaks: how it is chosen, and that all of its words follow it.

Write what gettext reads anew with: GLASSFORMER_UPDATE_DOCS=1 pytest tests/cli/test_spoken.py
"""

import ast
import gettext
import importlib
import io
import os
import re
import struct
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path

import click
import pytest
from english_for_tests import english_in

from glassformer.catalogue.chinese import CHINESE, click_words
from glassformer.cli import VERBS, glassformer, run
from glassformer.cli.encode import POOLINGS
from glassformer.cli.spoken import LOCALE, language, language_in, paragraphs, speaking

COMPILED = LOCALE / "zh" / "LC_MESSAGES" / "messages.mo"


def compiled(sentences: Mapping[str, str]) -> bytes:
    """Sentences as gettext reads them, each as one with a plural, too, since Chinese has none.

    Head, table of the lengths and places of the originals, table of those of the translations, and
    the texts, each with a zero byte after it.
    """
    head = "Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=1; plural=0;\n"
    pairs = {"": head, **sentences, **{f"{one}\0{one}": said for one, said in sentences.items()}}
    originals, translations = (
        [text.encode() for text in column] for column in zip(*sorted(pairs.items()), strict=True)
    )
    count = len(pairs)
    place = 28 + 16 * count
    tables, texts = b"", b""
    for text in (*originals, *translations):
        tables += struct.pack("<II", len(text), place + len(texts))
        texts += text + b"\0"
    return struct.pack("<7I", 0x950412DE, 0, count, 28, 28 + 8 * count, 0, 0) + tables + texts


def help_of(*arguments: str) -> str:
    with speaking("zh"):
        command = (
            glassformer
            if not arguments
            else glassformer.get_command(click.Context(glassformer), arguments[0])
        )
        assert command is not None
        context = command.make_context(
            " ".join(["glassformer", *arguments]),
            [],
            resilient_parsing=True,
            help_option_names=["-h", "--help"],  # which click keeps, once asked
        )
        context.terminal_width = 90
        return command.get_help(context)


def commands() -> Iterator[click.Command]:
    yield glassformer
    for verb in VERBS:
        yield importlib.import_module(f"glassformer.cli.{verb}").command


def test_what_click_looks_up_is_compiled_from_the_catalogue() -> None:
    wanted = compiled(click_words.SENTENCES)
    if os.environ.get("GLASSFORMER_UPDATE_DOCS"):
        COMPILED.write_bytes(wanted)
    assert COMPILED.read_bytes() == wanted, "see the first lines of this file"
    read = gettext.GNUTranslations(io.BytesIO(wanted))
    for english, chinese in click_words.SENTENCES.items():
        assert read.gettext(english) == chinese
        assert read.ngettext(english, "another", 3) == chinese
    assert read.gettext("something else") == "something else"


def test_all_help_has_chinese() -> None:
    said = [*VERBS.values()]
    for command in commands():
        said += paragraphs(command.help or "")
        said += [one.help for one in command.params if isinstance(one, click.Option) and one.help]
    assert not [sentence for sentence in said if sentence not in CHINESE]


@pytest.mark.parametrize("verb", [(), *((verb,) for verb in VERBS)], ids=str)
def test_help_is_chinese_and_fits_its_lines(verb: tuple[str, ...]) -> None:
    lines = help_of(*verb).split("\n")
    assert lines[0].startswith("用法：")
    for line in lines:
        assert not english_in(line), line
        assert sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in line) <= 92, (
            line
        )
        assert not re.match(r" *[，。：；、）”]", line), line


@pytest.mark.parametrize(
    ("arguments", "chosen"),
    [
        ([], "en"),
        (["--language", "zh"], "zh"),
        (["inspect", "a", "--language=zh", "--nonsense"], "zh"),
        (["--language", "zh", "inspect", "--language", "en"], "en"),
        (["inspect", "--", "--language", "zh"], "en"),
        (["inspect", "--language"], "en"),
        (["inspect", "--language", "fr"], "en"),
    ],
)
def test_the_language_is_known_before_anything_is_parsed(arguments: list[str], chosen: str) -> None:
    assert language_in(arguments) == chosen


def test_the_language_is_that_of_the_locale(monkeypatch: pytest.MonkeyPatch) -> None:
    assert language() == "en"
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert language() == language_in([]) == "zh"
    assert language_in(["--language", "en"]) == "en"
    with speaking("en"):
        assert language() == "en"
    assert "LANGUAGE" not in os.environ


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--nonsense"], "没有选项"),
        (["nonsense"], "没有命令 'nonsense'"),
        (["transalte"], "没有命令 'transalte'；是否指 'translate'？"),
        (["inspect", "a", "--language", "fr"], "'fr' 不在可选值 'en', 'zh' 之中"),
        (["inspect", "a", "--layer"], "选项 '--layer' 需要一个值"),
        (["inspect", "a", "--layer", "x"], "'--layer' 的值无效：'x' 不是有效的数值（integer）"),
        (["inspect", "a", "--mass", "2"], "2.0 不在范围 0<x<=1 内"),
        (["encode", "a"], "缺少选项 '--output'"),
        (["average"], "缺少参数 'FOLDER'"),
        (["models", "a", "b"], "多余的参数（a b）"),
        (["inspect", "a", "--quiet=1"], "选项 '--quiet' 不带值"),
        (
            ["inspect", "a", "b"],
            "应给出一个句子，却给出了 2 个词：请加引号，如 glassformer inspect 'a b'",
        ),
        (["translate", "no such"], "没有文件 'no such'"),
        (["translate", "a.txt", "--text", "a"], "FILE 与 --text 不能同时使用"),
    ],
)
@pytest.mark.parametrize("chosen_by", ["option", "locale"])
def test_usage_errors_are_chinese(
    arguments: list[str],
    said: str,
    chosen_by: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    if chosen_by == "locale":
        monkeypatch.setenv("LANG", "zh_CN.UTF-8")
        monkeypatch.delenv("LC_ALL")
    else:
        arguments = ["--language", "zh", *arguments]
    assert run(arguments) == 2
    err = capsys.readouterr().err
    assert said in err
    assert not english_in(err), err


def test_a_chinese_locale_can_be_told_to_speak_english(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert run(["inspect", "--language", "en", "--nonsense"]) == 2
    assert "No such option" in capsys.readouterr().err
    assert run(["--help"]) == 0
    assert capsys.readouterr().out.startswith("用法：")
    assert run(["models", "--help", "--language", "en"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("Usage: ")
    assert "Show this message and exit." in out


SAYING = {"say", "words", "progress", "Message", "Note", "UsageError"}
"""What takes a sentence in English."""


def said_by_commands() -> Iterator[str]:
    """Every sentence that stands in the files of the command line."""
    for path in sorted(Path(importlib.import_module("glassformer.cli").__path__[0]).glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in SAYING:
                for argument in node.args:
                    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                        yield argument.value
    yield from POOLINGS.values()


def test_every_sentence_that_a_command_says_has_chinese() -> None:
    said = {*said_by_commands()}
    assert {"interrupted", "wrote {path}", "translating", "line {number}"} <= said
    assert not said - {*CHINESE}
