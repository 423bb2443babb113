"""`glassformer translate`: lines in, translated lines out."""

import contextlib
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from glassformer.cli.options import (
    force_option,
    language_option,
    model_options,
    output_path,
    quiet_option,
)
from glassformer.cli.progress import progress
from glassformer.cli.search_options import Searching, load_translator, search_options
from glassformer.errors import InputError, OutputError, UsageError
from glassformer.views import printable

if TYPE_CHECKING:
    from glassformer.decoding.translator import Translation
    from glassformer.text.lines import Lines

SCHEMA = "glassformer.translate/1"
TEXTS = {
    "en": {
        "typing": "reading lines from the terminal; end with Ctrl-D",
        "progress": "translating",
        "line": "line {number}",
        "wrote": "wrote {output}: lines {lines}",
    },
    "zh": {
        "typing": "正在从终端读取文本，按 Ctrl-D 结束",
        "progress": "翻译中",
        "line": "第 {number} 行",
        "wrote": "已写入 {output}：行数 {lines}",
    },
}


@click.command(short_help="Translate each line of a text.")
@click.argument("file", required=False, type=click.Path(path_type=Path, readable=False))
@search_options
@click.option(
    "--n-best",
    type=click.IntRange(min=1),
    default=1,
    help="Translations of each line: the best of the beam, or so many samples.",
)
@click.option("--prefix", metavar="TEXT", help="How every translation begins.")
@click.option(
    "--prefix-file",
    metavar="FILE",
    type=click.Path(path_type=Path, readable=False),
    help="How each translation begins, one a line; an empty line leaves it open.",
)
@click.option(
    "--read-ahead",
    metavar="LINES",
    type=click.IntRange(min=1),
    help="Read so many lines, and translate those of like length together. 1 answers each line "
    "at once. Default: 1024, from a terminal 1.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "jsonl"]),
    default="text",
    show_default=True,
    help="For people, or with all scores, tokens and alternatives for programs.",
)
@click.option("--output", metavar="FILE", help="Where to; default: stdout.")
@model_options
@force_option
@quiet_option
@language_option
def command(
    file: Path | None,
    searching: Searching,
    prefix: str | None,
    prefix_file: Path | None,
    read_ahead: int | None,
    format_: str,
    output: str | None,
    model_name: str | None,
    device: str,
    precision: str,
    threads: int | None,
    force: bool,
    quiet: bool,
    language: str,
) -> None:
    """Translate each line of FILE, in its order.

    FILE is UTF-8 text, one sentence a line, gzipped or not; without one, or for -, it is stdin.
    Translations appear as they are made, and stay when the work is interrupted. An empty line
    stays an empty line.

    With --n-best above 1, text is the n-best list of Moses and Marian: the number of the line,
    from 0, the translation, the logarithm of its probability, and the score that ranks it, parted
    by |||.
    """
    texts = TEXTS[language]

    def say(key: str, **values: object) -> None:
        if not quiet:
            click.echo(printable(texts[key].format(**values)), err=True)

    if prefix is not None and prefix_file is not None:
        raise UsageError("--prefix and --prefix-file exclude each other: give one of them")
    path = None if file in (None, Path("-")) else file
    target = output_path(output)
    if target is not None:
        _check_target(target, path, force)
    from glassformer.text.lines import read_lines

    at_terminal = path is None and sys.stdin is not None and sys.stdin.isatty()
    if at_terminal:
        say("typing")
    with read_lines(path) as lines:
        prefixes = _read_prefixes(prefix_file)
        model = load_translator(model_name, device, precision, threads)
        found = model.translator.translate_stream(
            lines if prefixes is None else _as_many(lines, prefixes, prefix_file),
            to=searching.to,
            search=searching.config,
            **searching.batches,
            read_ahead=1 if read_ahead is None and at_terminal else read_ahead,
            prefix=(prefix or "") if prefixes is None else prefixes,
            truncate=searching.truncate,
            name=lambda index: f"{lines.name}, line {index + 1}",
        )
        as_text = _best if searching.config.n_best == 1 else _n_best
        number = 0
        with (
            progress(
                texts["progress"], lines.size, quiet=quiet, to_stdout=target is None
            ) as advance,
            _writing(target) as write,
        ):
            for number, translation in enumerate(found, start=1):
                if format_ == "text":
                    write(as_text(number, translation))
                else:
                    record = {"schema": SCHEMA, "line": number, **_record(translation)}
                    record["alternatives"] = [_record(one) for one in translation.alternatives]
                    write(json.dumps(record, ensure_ascii=False) + "\n")
                advance(lines.position, texts["line"].format(number=number))
    if target is not None:
        say("wrote", output=output, lines=number)


def _check_target(target: Path, source: Path | None, force: bool) -> None:
    from glassformer.outputs import check_writable

    check_writable(target, force=force)
    if source is not None and source.exists() and target.exists() and target.samefile(source):
        raise UsageError(f"the output {target} is the input itself: give another name")


def _read_prefixes(path: Path | None) -> list[str] | None:
    from glassformer.text.lines import read_lines

    if path is None:
        return None
    if path == Path("-"):
        raise UsageError("--prefix-file is read from a file, not from stdin: name one")
    with read_lines(path) as lines:
        return list(lines)


def _as_many(lines: "Lines", prefixes: list[str], path: Path | None) -> Iterator[str]:
    """The lines, for each of which there has to be a prefix."""
    for line in lines:
        if lines.number > len(prefixes):
            raise InputError(
                f"{path} has {len(prefixes)} lines, but {lines.name} has more: expected how the "
                "translation of each line begins (an empty line leaves it open)"
            )
        yield line
    if lines.number < len(prefixes):
        raise InputError(
            f"{path} has {len(prefixes)} lines, but {lines.name} has {lines.number}: expected how "
            "the translation of each line begins"
        )


@contextlib.contextmanager
def _writing(path: Path | None) -> Iterator[Callable[[str], None]]:
    """Write each piece so that whoever reads has it at once, and Ctrl-C leaves it there."""
    if path is None:

        def write_out(text: str) -> None:
            sys.stdout.write(text)
            sys.stdout.flush()

        yield write_out
        return
    try:
        with path.open("w", encoding="utf-8", newline="\n") as file:

            def write(text: str) -> None:
                file.write(text)
                file.flush()

            yield write
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error.strerror or error}") from error


def _best(number: int, translation: "Translation") -> str:
    return one_line(translation.text) + "\n"


def _n_best(number: int, translation: "Translation") -> str:
    """The list of one line; what Moses calls features is one, the model's own score."""
    return "".join(
        f"{number - 1} ||| {one_line(one.text)} ||| logprob= {one.score:.6f} ||| "
        f"{one.penalized_score:.6f}\n"
        for one in (translation, *translation.alternatives)
    )


def one_line(text: str) -> str:
    """A translation as one line, also where the model has generated the end of one."""
    return text.replace("\r", " ").replace("\n", " ")


def _record(translation: "Translation") -> dict[str, Any]:
    return {
        "text": translation.text,
        "score": translation.score,
        "penalized_score": translation.penalized_score,
        "tokens": translation.tokens,
        "token_scores": translation.token_scores,
    }
