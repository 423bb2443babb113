"""`glassformer train`: sentence pairs in, a trained model folder out."""

import contextlib
import os
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from glassformer.cli.options import force_option, language_option, quiet_option
from glassformer.cli.spelling import command_line, in_shell
from glassformer.errors import GlassformerWarning
from glassformer.messages import Caution, Message, Note
from glassformer.views import printable

if TYPE_CHECKING:
    from glassformer.training.corpus.pairs import PairFiles
    from glassformer.training.train import TrainingResult

TEXTS = {
    "en": {
        "training": "training",
        "from": "going on after update {update} of {max_updates}",
        "dev": "update {update}: dev loss {loss:.3f}, BLEU {bleu:.1f}, chrF {chrf:.1f}",
        "warning": "  warning: {line}",
        "sample": "  {source}\n  → {translation}\n  ({reference})",
        "complete": "{folder} is complete already",
        "done": "wrote {folder}",
        "score": "{target}: BLEU {bleu:.1f}, chrF {chrf:.1f} on {pairs} dev pairs, beam {beam}\n"
        "  {bleu_signature}\n  {chrf_signature}",
        "apart": "  without near-duplicates: BLEU {bleu:.1f}, chrF {chrf:.1f} on {pairs} dev pairs",
        "none apart": "  all have a near-duplicate among the training pairs",
        "next": "see it at work: {command}",
    },
    "zh": {
        "training": "训练中",
        "from": "从第 {update} 步之后继续，共 {max_updates} 步",
        "dev": "第 {update} 步：开发集损失 {loss:.3f}，BLEU {bleu:.1f}，chrF {chrf:.1f}",
        "warning": "  警告：{line}",
        "sample": "  {source}\n  → {translation}\n  （{reference}）",
        "complete": "{folder} 已经训练完成",
        "done": "已写入 {folder}",
        "score": "{target}：{pairs} 个开发集句对上 BLEU {bleu:.1f}，chrF {chrf:.1f}，束宽 {beam}\n"
        "  {bleu_signature}\n  {chrf_signature}",
        "apart": "  在训练数据中没有近似重复的 {pairs} 对：BLEU {bleu:.1f}，chrF {chrf:.1f}",
        "none apart": "  每一对在训练数据中都有近似重复",
        "next": "查看模型：{command}",
    },
}

NOTES = {
    "zh": {
        "R is nearly the same at all positions of a sentence ({spread:.1%} of it differs), so "
        "there is nothing to attend to: lower training.learning_rate or training.residual_gain, "
        "or give training.warmup longer": "同一句子中各位置的 R 几乎相同"
        "（仅 {spread:.1%} 有差别），注意力无从选择：请减小 training.learning_rate "
        "或 training.residual_gain，"
        "或延长 training.warmup",
    },
}
"""Notes of the training in other languages, by their English."""

_BETWEEN = "\0"  # stands in no file name


class _TakesTwoFiles(click.Command):
    """A command whose --dev takes one file of pairs, or two files of lines."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Join the two files of a --dev into one value, which is all that click can take."""
        joined = list(args)
        for place in [index for index, word in enumerate(joined) if word == "--dev"][::-1]:
            values = joined[place + 1 : place + 3]
            if len(values) == 2 and not _is_pairs(values[0]) and not values[1].startswith("--"):
                joined[place + 1 : place + 3] = [_BETWEEN.join(values)]
        return super().parse_args(ctx, joined)


@click.command(cls=_TakesTwoFiles, short_help="Train a model on your own sentence pairs.")
@click.argument("source", required=False, type=click.Path(path_type=Path, readable=False))
@click.argument("target", required=False, type=click.Path(path_type=Path, readable=False))
@click.option(
    "--output",
    required=True,
    metavar="FOLDER",
    type=click.Path(path_type=Path),
    help="Where the model is made; the same command goes on with what is there.",
)
@click.option(
    "--pairs",
    multiple=True,
    metavar="[TAG=]FILE",
    help="Pairs in one file: .tsv, .csv, .jsonl or .tmx, gzipped or not; a tag names the target "
    "language. Repeatable: one model learns them all.",
)
@click.option(
    "--dev",
    multiple=True,
    metavar="SOURCE TARGET | [TAG=]FILE",
    help="Pairs to measure on. Without them 1 % (100 to 1,000) is held out.",
)
@click.option(
    "--config",
    "config_path",
    metavar="FILE.toml",
    type=click.Path(path_type=Path),
    help="Settings; docs/training.md lists them.",
)
@click.option(
    "--set",
    "assignments",
    multiple=True,
    metavar="KEY=VALUE",
    help="One setting, as training.seed=2. Repeatable; stronger than --config.",
)
@click.option(
    "--encoder-from",
    metavar="MODEL",
    help="Take this model's encoder, and its tokenizer for the source; the decoder is new.",
)
@click.option(
    "--model-from",
    metavar="MODEL",
    help="Go on from this trained model, with its weights, sizes and tokenizers.",
)
@click.option(
    "--watch",
    multiple=True,
    metavar="SENTENCE",
    help="Record how attention and translation of a sentence form, for inspect --at-step. "
    "Repeatable.",
)
@click.option(
    "--report-to",
    multiple=True,
    type=click.Choice(["tensorboard"]),
    help="Where measurements go beside metrics.jsonl.",
)
@click.option("--device", default="cpu", show_default=True, help="cpu, cuda, cuda:1, mps …")
@force_option
@quiet_option
@language_option
def command(
    source: Path | None,
    target: Path | None,
    output: Path,
    pairs: tuple[str, ...],
    dev: tuple[str, ...],
    config_path: Path | None,
    assignments: tuple[str, ...],
    encoder_from: str | None,
    model_from: str | None,
    watch: tuple[str, ...],
    report_to: tuple[Literal["tensorboard"], ...],
    device: str,
    force: bool,
    quiet: bool,
    language: str,
) -> None:
    """Train a model on sentence pairs: line i of TARGET is the translation of line i of SOURCE.

    What is not set is chosen from the corpus, said and written down. Ctrl-C saves the training;
    the same command goes on with it. The weights stand in FOLDER when it is complete.
    """
    from glassformer.config.settings import read_settings
    from glassformer.training.train import train

    first = os.environ.get("RANK", "0") == "0"  # of the processes that torchrun may have started
    with _watching(language, quiet or not first) as listener:
        result = train(
            source,
            target,
            output=output,
            pairs=[_pair_files(value) for value in pairs],
            dev=[_pair_files(value) for value in dev],
            settings=read_settings(config_path, assignments),
            watch=watch,
            encoder_from=encoder_from,
            model_from=model_from,
            report_to=report_to,
            device=device,
            force=force,
            listener=listener,
        )
    if first:
        _say_result(result, TEXTS[language], quiet)


def _is_pairs(value: str) -> bool:
    return "=" in value or value.removesuffix(".gz").endswith((".tsv", ".csv", ".jsonl", ".tmx"))


def _pair_files(value: str) -> "PairFiles":
    from glassformer.training.corpus.pairs import PairFiles

    source, both, target = value.partition(_BETWEEN)
    if both:
        return PairFiles(Path(source), Path(target))
    tag, equals, name = value.partition("=")
    if equals and tag and not Path(value).exists():
        return PairFiles(Path(name), tag=tag)
    return PairFiles(Path(value))


def _printable_lines(text: str) -> str:
    return "\n".join(map(printable, text.split("\n")))


def _say_result(result: "TrainingResult", texts: dict[str, str], quiet: bool) -> None:
    if quiet:
        return

    def say(key: str, **values: object) -> None:
        click.echo(_printable_lines(texts[key].format(**values)), err=True)

    say("complete" if result.was_complete else "done", folder=result.folder)
    beam = result.scores.get("beam_size")
    for target, scores in result.scores.get("targets", {}).items():
        say("score", target=target, beam=beam, **scores)
        if scores.get("near_duplicates"):
            apart = scores["without_near_duplicates"]
            say("apart", **apart) if apart else say("none apart")
    say("next", command=command_line("inspect", "SENTENCE", "--model", result.folder))


@contextlib.contextmanager
def _watching(language: str, quiet: bool) -> "Iterator[_Listener]":
    """A listener with a progress bar where stderr is a terminal, without it elsewhere."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True, highlight=False, markup=False)
    progress = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed}/{task.total} {task.fields[facts]}", markup=False),
        TimeRemainingColumn(compact=True),
        console=console,
        transient=True,
        disable=quiet or not console.is_terminal,
    )
    with progress, warnings.catch_warnings():
        warnings.simplefilter("ignore", GlassformerWarning)  # the listener is told the same
        yield _Listener(language, quiet, progress)


class _Listener:
    """Says on stderr what a training does."""

    def __init__(self, language: str, quiet: bool, progress: Any) -> None:
        self._language = language
        self._texts = TEXTS[language]
        self._quiet = quiet
        self._progress = progress
        self._task: Any = None

    def noted(self, note: Note) -> None:
        """There is something that a person should know."""
        told = NOTES.get(self._language, {}).get(note.id)
        line = (Message(told, note.fields) if told else note).render(in_shell)
        line = self._texts["warning"].format(line=line) if isinstance(note, Caution) else line
        self._say(line)

    def _say(self, line: str) -> None:
        if not self._quiet:
            text = _printable_lines(line)
            if self._progress.disable:
                click.echo(text, err=True)
            else:
                self._progress.console.print(text)

    def began(self, update: int, max_updates: int) -> None:
        """The training goes on after this update."""
        if update:
            self._say(self._texts["from"].format(update=update, max_updates=max_updates))
        self._task = self._progress.add_task(
            self._texts["training"], total=max_updates, completed=update, facts=""
        )

    def updated(self, record: dict[str, Any]) -> None:
        """An update was made."""
        facts = f"loss {record['loss']:.3f}, {record['tokens_per_second']:,.0f} tokens/s"
        self._progress.update(self._task, completed=record["update"], facts=facts)

    def measured(self, record: dict[str, Any]) -> None:
        """The dev set was measured."""
        self._say(self._texts["dev"].format(**record))
        for sample in record["samples"]:
            self._say(self._texts["sample"].format(**sample))
