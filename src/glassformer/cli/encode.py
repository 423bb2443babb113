"""`glassformer encode`: R, or one pooled vector, of each line of a text."""

import dataclasses
import sys
from collections import deque
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import click

from glassformer.cli.options import (
    force_option,
    language_option,
    load_model,
    model_options,
    output_path,
    quiet_option,
)
from glassformer.cli.progress import progress
from glassformer.errors import InputError, UsageError
from glassformer.views import printable

if TYPE_CHECKING:
    from glassformer.encoding.arrays import ByteStream
    from glassformer.encoding.pooling import Pooling, PoolingMode
    from glassformer.text.lines import Lines

TEXTS = {
    "en": {
        "typing": "reading lines from the terminal; end with Ctrl-D",
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
        "typing": "正在从终端读取文本，按 Ctrl-D 结束",
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
    output: str,
    pool: "PoolingMode | None",
    normalize: bool,
    skip_blank: bool,
    truncate: bool,
    batch_tokens: int | None,
    model_name: str | None,
    device: str,
    precision: str,
    threads: int | None,
    force: bool,
    quiet: bool,
    language: str,
) -> None:
    """Write R, or one pooled vector, for each line of FILE.

    FILE is UTF-8 text, one sentence a line, gzipped or not; without one, or for -, it is stdin.

    The output holds vectors [tokens, d_model], those of all lines one after the other; offsets
    [lines + 1], where each line begins in them; and tokens. Pooled it holds vectors [lines,
    d_model] only. With --skip-blank it also holds lines, the number of each in FILE, from 1.
    """
    texts = TEXTS[language]

    def say(key: str, **values: object) -> None:
        if not quiet:
            click.echo(printable(texts[key].format(**values)), err=True)

    path = None if file in (None, Path("-")) else file
    target = _target(output, path, force)
    from glassformer.encoding.arrays import Content
    from glassformer.encoding.encoder import BATCH_TOKENS
    from glassformer.encoding.files import writing
    from glassformer.text.lines import read_lines

    if path is None and sys.stdin is not None and sys.stdin.isatty():
        say("typing")
    with read_lines(path) as lines:
        source = _Source(lines, skip_blank)
        model = load_model(model_name, device, precision, threads)
        pooling = _pooling(model.pooling, pool, normalize)
        if pool is None and model.pooling is not None:
            unit = texts["unit"] if pooling.normalize else ""
            say("own", pooling=texts[pooling.mode] + unit)
        content = Content(
            d_model=model.config.encoder.d_model,
            dtype="float64" if precision == "float64" else "float32",
            pooled=pooling.mode != "none",
            numbered=skip_blank,
            token_of=model.tokenizer.token_of,
        )
        encodings = model.encoder.encode_stream(
            source.texts,
            pool=pooling.mode,
            normalize=pooling.normalize,
            truncate=truncate,
            batch_tokens=batch_tokens or BATCH_TOKENS,
            name=source.name_of,
        )
        written = tokens = truncated = 0
        with (
            progress(texts["progress"], lines.size, quiet=quiet, to_stdout=False) as advance,
            writing(target, content, force=force) as add,
        ):
            for encoding in encodings:
                number, position = source.pop()
                add(number, encoding)
                advance(position, texts["line"].format(number=number))
                written += 1
                tokens += len(encoding.tokenized.ids)
                truncated += encoding.tokenized.truncated_from is not None
    if source.skipped:
        say("skipped", skipped=source.skipped)
    if truncated:
        say("truncated", limit=model.config.encoder.max_positions, truncated=truncated)
    shape = [written if content.pooled else tokens, content.d_model]
    where = "stdout" if output == "-" else output
    say("wrote", output=where, lines=written, tokens=tokens, shape=shape)


def _target(output: str, source: Path | None, force: bool) -> "Path | ByteStream":
    """Where the result goes, once it is known that it can go there."""
    path = output_path(output)
    if path is None:
        if sys.stdout.isatty():
            raise UsageError(
                "the output is binary and not written to a terminal: give --output a file name, "
                "or send stdout to a file or program"
            )
        return sys.stdout.buffer
    from glassformer.encoding.files import check_output

    check_output(path, force=force)
    if source is not None and source.exists() and path.exists() and path.samefile(source):
        raise UsageError(f"the output {path} is the input itself: give another name")
    return path


def _pooling(own: "Pooling | None", pool: "PoolingMode | None", normalize: bool) -> "Pooling":
    """The pooling asked for, or else the model's own, or else none."""
    from glassformer.encoding.pooling import Pooling

    if pool is not None or own is None:
        return Pooling(mode=pool or "none", normalize=normalize)
    own.check()
    return dataclasses.replace(own, normalize=own.normalize or normalize)


class _Source:
    """The lines to encode; the place of each is known until its encoding has come.

    Raises:
        InputError: when there is no line to encode, and later at a blank one.
    """

    def __init__(self, lines: "Lines", skip_blank: bool) -> None:
        self._lines = lines
        self._skip_blank = skip_blank
        self._places: deque[tuple[int, int]] = deque()  # number of the line; where it ends
        self._popped = 0
        self.skipped = 0
        kept = self._kept()
        first = next(kept, None)
        if first is None:
            what = "has blank lines only" if self.skipped else "is empty"
            raise InputError(f"{lines.name} {what}: expected one sentence a line")
        self.texts = chain([first], kept)

    def _kept(self) -> Iterator[str]:
        from glassformer.text.tokenizer import is_blank

        for line in self._lines:
            if not is_blank(line):
                self._places.append((self._lines.number, self._lines.position))
                yield line
            elif self._skip_blank:
                self.skipped += 1
            else:
                raise InputError(
                    f"{self._lines.name}, line {self._lines.number} is blank, but a sentence is "
                    "needed: --skip-blank leaves such lines out"
                )

    def name_of(self, index: int) -> str:
        """What an error calls the text of this index."""
        return f"{self._lines.name}, line {self._places[index - self._popped][0]}"

    def pop(self) -> tuple[int, int]:
        """The place of the next line in order: its number, and the bytes of the file up to it."""
        self._popped += 1
        return self._places.popleft()
