"""`glassformer encode`: R, or one pooled vector, of each line of a text."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from glassformer.cli.options import (
    force_option,
    given,
    language_option,
    model_options,
    output_path,
    parse_special_option,
    quiet_option,
    say,
    say_notes,
    text_option,
)
from glassformer.cli.progress import progress
from glassformer.cli.reading import source_of
from glassformer.errors import UsageError

if TYPE_CHECKING:
    from glassformer.library import EncodedFile

TEXTS = {
    "en": {
        "own": "the model's own pooling is used: {pooling} (--pool none keeps a vector a token)",
        "mean": "the mean over the tokens",
        "cls": "the vector of the first token",
        "unit": ", made length 1",
        "progress": "encoding",
        "line": "line {number}",
        "skipped": "blank lines left out: {skipped}",
        "truncated": "lines cut off after {limit} tokens: {truncated}",
        "wrote": "wrote {output}: lines {lines}, tokens {tokens}, vectors {shape}",
    },
    "zh": {
        "own": "使用模型自带的池化方式：{pooling}（--pool none 则每个词元保留一个向量）",
        "mean": "所有词元向量的平均",
        "cls": "第一个词元的向量",
        "unit": "，长度归一为 1",
        "progress": "编码中",
        "line": "第 {number} 行",
        "skipped": "略去的空白行数：{skipped}",
        "truncated": "只保留前 {limit} 个词元的行数：{truncated}",
        "wrote": "已写入 {output}：行数 {lines}，词元数 {tokens}，向量形状 {shape}",
    },
}


@click.command(short_help="Write R, or one pooled vector, for each line of a text.")
@click.argument("file", required=False, type=click.Path(path_type=Path, readable=False))
@text_option
@click.option(
    "--output",
    required=True,
    metavar="FILE",
    help="Where to: .npz, .safetensors or .parquet; - is stdout, as .npz.",
)
@click.option(
    "--pool",
    type=click.Choice(["none", "mean", "cls"]),
    help="One vector a line: the mean over its tokens, or that of its first token, [CLS]; none "
    "keeps one a token. Default: what the model's own files say, else none.",
)
@click.option("--normalize", is_flag=True, help="Make every vector length 1.")
@click.option("--skip-blank", is_flag=True, help="Leave blank lines out; else they are an error.")
@parse_special_option
@click.option("--truncate", is_flag=True, help="Cut the end off lines that are too long.")
@click.option(
    "--batch-tokens",
    type=click.IntRange(min=1),
    help="Tokens to run at a time, padding included; a matter of speed only.",
)
@model_options
@force_option
@quiet_option
@language_option
def command(
    file: Path | None,
    texts: tuple[str, ...],
    output: str,
    quiet: bool,
    language: str,
    **options: Any,
) -> None:
    """Write R, or one pooled vector, for each line of FILE.

    FILE is UTF-8 text, one sentence a line, gzipped or not; without one, or for -, it is stdin.

    The output holds vectors [tokens, d_model], those of all lines one after the other; offsets
    [lines + 1], where each line begins in them; and tokens. Pooled it holds vectors [lines,
    d_model] only. With --skip-blank it also holds lines, the number of each in FILE, from 1.
    """
    source = source_of(file, texts, language, quiet)
    path = output_path(output)
    if path is None and sys.stdout.isatty():
        raise UsageError(
            "the output is binary and not written to a terminal: give --output a file name, "
            "or send stdout to a file or program"
        )
    from glassformer.library import encode_file

    words = TEXTS[language]
    with progress(words["progress"], words["line"], quiet=quiet, to_stdout=False) as bar:
        done = encode_file(source, path or sys.stdout.buffer, progress=bar, **given(options))
    say_notes(done.notes, quiet=quiet)
    if not quiet:
        _say(done, "stdout" if path is None else output, words)


def _say(done: "EncodedFile", output: str, words: dict[str, str]) -> None:
    """What was made, for a person."""
    if done.own_pooling is not None:
        unit = words["unit"] if done.own_pooling.normalize else ""
        say(words["own"].format(pooling=words[done.own_pooling.mode] + unit))
    if done.skipped:
        say(words["skipped"].format(skipped=done.skipped))
    if done.truncated:
        say(words["truncated"].format(limit=done.limit, truncated=done.truncated))
    say(
        words["wrote"].format(
            output=output, lines=done.lines, tokens=done.tokens, shape=list(done.shape)
        )
    )
