"""`glassformer score`: how likely given translations are, and which of several is likelier."""

import json
import math
from collections import deque
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from glassformer.cli.options import language_option, model_options, quiet_option
from glassformer.cli.progress import progress
from glassformer.cli.search_options import (
    batch_options,
    batches_of,
    load_translator,
    to_option,
    truncate_option,
)
from glassformer.errors import UsageError
from glassformer.views import printable

if TYPE_CHECKING:
    from glassformer.cli.columns import Row, Rows
    from glassformer.decoding.scoring import ScoredTarget

SCHEMA = "glassformer.score/1"
TEXTS = {
    "en": {
        "progress": "scoring",
        "line": "line {number}",
        "total": "pairs {pairs}, tokens {tokens}: log-probability {score:.4f}, per token "
        "{per_token:.4f}, perplexity {perplexity:.2f}",
        "impossible": "pairs with a token that this model never generates, not among these: "
        "{impossible}",
        "likeliest": "target {column} is the likeliest of its line: {count} of {lines} "
        "({share:.1f} %)",
    },
    "zh": {
        "progress": "打分中",
        "line": "第 {number} 行",
        "total": "句对 {pairs}，词元 {tokens}：对数概率 {score:.4f}，每词元 {per_token:.4f}，"
        "困惑度 {perplexity:.2f}",
        "impossible": "另有 {impossible} 个句对含有模型从不生成的词元，不计在内",
        "likeliest": "第 {column} 个译文最可能的行：{count} / {lines}（{share:.1f} %）",
    },
}


@click.command(short_help="Say how likely given translations are.")
@click.argument(
    "files",
    nargs=-1,
    metavar="[SOURCE TARGET...]",
    type=click.Path(path_type=Path, readable=False),
)
@click.option(
    "--pairs",
    metavar="FILE.tsv",
    type=click.Path(path_type=Path, readable=False),
    help="Source and target in columns parted by tabs; what follows them is left out.",
)
@click.option(
    "--contrastive", is_flag=True, help="Every column of --pairs but the first is a target."
)
@to_option
@truncate_option
@batch_options
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "jsonl"]),
    default="text",
    show_default=True,
    help="Totals alone, or the scores of all tokens too.",
)
@model_options
@quiet_option
@language_option
def command(
    files: tuple[Path, ...],
    pairs: Path | None,
    contrastive: bool,
    to: str | None,
    truncate: bool,
    batch_size: int | None,
    batch_tokens: int | None,
    format_: str,
    model_name: str | None,
    device: str,
    precision: str,
    threads: int | None,
    quiet: bool,
    language: str,
) -> None:
    """Say how likely line i of TARGET is as the translation of line i of SOURCE.

    For each pair the natural logarithm of the target's probability and, after a tab, its mean over
    the tokens, the end token included. The sum over all pairs, and the perplexity, go to stderr.

    With several TARGET files, or --contrastive, each line has the number of its likeliest target,
    from 1, and then the logarithms of them all, parted by tabs.
    """
    texts = TEXTS[language]

    def say(key: str, **values: object) -> None:
        if not quiet:
            click.echo(printable(texts[key].format(**values)), err=True)

    from glassformer.cli.columns import Rows, paths_of

    if contrastive and pairs is None:
        raise UsageError("--contrastive is for --pairs; several TARGET files need no option")
    batches = batches_of(batch_size, batch_tokens)
    several = contrastive or len(files) > 2
    total = _Total()
    with Rows(paths_of(files, pairs, "SOURCE and TARGET")) as rows:
        from glassformer.decoding.scoring import Scorer

        model = load_translator(model_name, device, precision, threads)
        source = _Pairs(rows, only_first=pairs is not None and not contrastive)
        scored = Scorer(model.translator).score_stream(
            source.pairs(), to=to, **batches, truncate=truncate, name=source.name_of
        )
        with progress(texts["progress"], rows.size, quiet=quiet, to_stdout=True) as advance:
            for first in scored:
                row = source.pop()
                targets = [first, *islice(scored, len(row.texts) - 2)]
                likeliest = total.add(targets)
                if format_ == "jsonl":
                    click.echo(_json(row.number, targets, likeliest))
                else:
                    click.echo(_columns(targets, likeliest if several else None))
                advance(rows.position, texts["line"].format(number=row.number))
    total.say(say, several)


class _Pairs:
    """The source of each row with each of its targets; rows are kept until their scores came."""

    def __init__(self, rows: "Rows", *, only_first: bool) -> None:
        self._rows = rows
        self._only_first = only_first
        self._waiting: deque[Row] = deque()
        self._place_of: deque[str] = deque()  # of each pair that waits
        self._popped = 0

    def pairs(self) -> Iterator[tuple[str, str]]:
        """What to score, one after the other."""
        for row in self._rows:
            kept = row._replace(texts=row.texts[:2]) if self._only_first else row
            self._waiting.append(kept)
            source, *targets = kept.texts
            for column, target in enumerate(targets, start=1):
                which = f", target {column}" if len(targets) > 1 else ""
                self._place_of.append(row.place + which)
                yield source, target

    def name_of(self, index: int) -> str:
        """What an error calls the pair of this index."""
        return self._place_of[index - self._popped]

    def pop(self) -> "Row":
        """The next row in order."""
        row = self._waiting.popleft()
        for _ in row.texts[1:]:
            self._place_of.popleft()
            self._popped += 1
        return row


class _Total:
    """Sums over all pairs, and how often each target was the likeliest."""

    def __init__(self) -> None:
        self._pairs = self._tokens = self._impossible = self._lines = 0
        self._score = 0.0
        self._likeliest: dict[int, int] = {}

    def add(self, targets: list["ScoredTarget"]) -> int:
        """Count one line, and give the index of its likeliest target, the first of equal ones."""
        likeliest = max(range(len(targets)), key=lambda place: targets[place].score)
        self._lines += 1
        self._likeliest[likeliest] = self._likeliest.get(likeliest, 0) + 1
        for one in targets:
            if math.isinf(one.score):
                self._impossible += 1
            else:
                self._pairs += 1
                self._tokens += len(one.token_scores)
                self._score += one.score
        return likeliest

    def say(self, say: Any, several: bool) -> None:
        """Tell a person."""
        from glassformer.decoding.scoring import perplexity

        if several:
            for column, count in sorted(self._likeliest.items()):
                share = 100.0 * count / self._lines
                say("likeliest", column=column + 1, count=count, lines=self._lines, share=share)
        else:
            per_token = self._score / max(1, self._tokens)
            say(
                "total",
                pairs=self._pairs,
                tokens=self._tokens,
                score=self._score,
                per_token=per_token,
                perplexity=perplexity(per_token),
            )
        if self._impossible:
            say("impossible", impossible=self._impossible)


def _columns(targets: list["ScoredTarget"], likeliest: int | None) -> str:
    """One line of text; a single target has no likeliest."""
    if likeliest is None:
        return f"{targets[0].score:.6f}\t{targets[0].per_token:.6f}"
    return "\t".join([str(likeliest + 1), *(f"{one.score:.6f}" for one in targets)])


def _json(number: int, targets: list["ScoredTarget"], likeliest: int) -> str:
    record = {
        "schema": SCHEMA,
        "line": number,
        "likeliest": likeliest,
        "targets": [_record(one) for one in targets],
    }
    return json.dumps(record, ensure_ascii=False, allow_nan=False)


def _record(target: "ScoredTarget") -> dict[str, Any]:
    """Plain data; JSON knows no infinity, and null says it."""
    return {
        "score": _finite(target.score),
        "score_per_token": _finite(target.per_token),
        "perplexity": _finite(target.perplexity),
        "tokens": target.tokens,
        "token_scores": [_finite(score) for score in target.token_scores],
    }


def _finite(number: float) -> float | None:
    return number if math.isfinite(number) else None
