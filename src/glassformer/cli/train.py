"""`glassformer train`: sentence pairs in, a trained model folder out."""

import contextlib
import json
import os
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from glassformer.cli.options import (
    force_option,
    language_option,
    printable_lines,
    quiet_option,
    say,
)
from glassformer.cli.spelling import command_line
from glassformer.cli.spoken import Command, language, told, words
from glassformer.errors import GlassformerWarning
from glassformer.messages import Caution, Note

if TYPE_CHECKING:
    from glassformer.training.corpus.pairs import PairFiles
    from glassformer.training.train import TrainingResult

_BETWEEN = "\0"  # stands in no file name


class _TakesTwoFiles(Command):
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
    help="Folder of the model; an unfinished training in it is resumed by the same command.",
)
@click.option(
    "--pairs",
    multiple=True,
    metavar="[TAG=]FILE",
    help="Sentence pairs in one file: .tsv (tab-separated), .csv, .jsonl or .tmx, gzipped or "
    "not; TAG names the target language. Repeatable: one model learns all of them.",
)
@click.option(
    "--dev",
    multiple=True,
    metavar="SOURCE TARGET | [TAG=]FILE",
    help="Dev set: pairs to evaluate on during training. Without it, 1 % of the pairs (100 to "
    "1,000) is held out.",
)
@click.option(
    "--config",
    "config_path",
    metavar="FILE.toml",
    type=click.Path(path_type=Path),
    help="Settings in a TOML file; --list-settings lists them.",
)
@click.option(
    "--set",
    "assignments",
    multiple=True,
    metavar="KEY=VALUE",
    help="One setting, such as training.seed=2. Repeatable; overrides --config.",
)
@click.option(
    "--list-settings",
    is_flag=True,
    is_eager=True,  # before anything that is missing is complained of
    expose_value=False,
    callback=lambda context, _, asked: _list_settings(context) if asked else None,
    help="List every setting with its default and what it is, and exit.",
)
@click.option(
    "--encoder-from",
    metavar="MODEL",
    help="Initialize the encoder and the source tokenizer from this model; the decoder is new.",
)
@click.option(
    "--model-from",
    metavar="MODEL",
    help="Fine-tune this trained model, with its weights, sizes and tokenizers.",
)
@click.option(
    "--watch",
    multiple=True,
    metavar="SENTENCE",
    help="Record the attention and translation of a sentence as training goes on, for inspect "
    "--at-step. Repeatable.",
)
@click.option(
    "--report-to",
    multiple=True,
    type=click.Choice(["tensorboard"]),
    help="Report metrics there as well as to metrics.jsonl.",
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
) -> None:
    """Train a model on sentence pairs: line i of TARGET is the translation of line i of SOURCE.

    Settings that are not given are chosen from the corpus, reported and recorded. Ctrl-C saves
    a checkpoint; the same command resumes the training. When it is complete, FOLDER holds the
    weights.
    """
    from glassformer.config.settings import read_settings
    from glassformer.training.train import train

    first = os.environ.get("RANK", "0") == "0"  # of the processes that torchrun may have started
    with _watching(quiet or not first) as listener:
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
            language=language(),
            listener=listener,
        )
    if first and not quiet:
        _say_result(result)


def _list_settings(context: click.Context) -> None:
    from glassformer.config.training import TrainingConfig, settings_of

    config, section = TrainingConfig(), ""
    for name, field in settings_of(config):
        if (begun := name.partition(".")[0]) != section:
            section = begun
            about = (type(getattr(config, section)).__doc__ or "").partition("\n")[0]
            click.echo(f"[{section}]  {words(about)}\n")
        default = json.dumps(field.default)
        if field.default is None:
            default = words("(chosen)")
        click.echo(f"  {name} = {default}\n      {words(field.metadata['about'])}\n")
    context.exit()


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


def _say_result(result: "TrainingResult") -> None:
    if result.was_complete:
        say("{folder} is complete already", folder=result.folder)
    else:
        say("wrote {folder}", folder=result.folder)
    beam = result.scores.get("beam_size")
    for target, scores in result.scores.get("targets", {}).items():
        say(
            "{target}: BLEU {bleu:.1f}, chrF {chrf:.1f} on {pairs} dev pairs, beam size {beam}\n"
            "  {bleu_signature}\n  {chrf_signature}",
            target=target,
            beam=beam,
            **scores,
        )
        if scores.get("near_duplicates"):
            _say_apart(scores["without_near_duplicates"])
    command = command_line("inspect", "SENTENCE", "--model", result.folder)
    say("see it at work: {command}", command=command)


def _say_apart(scores: "dict[str, Any] | None") -> None:
    """The scores on the dev pairs without near-duplicates."""
    if scores is None:
        say("  all have a near-duplicate among the training pairs")
    else:
        say(
            "  without near-duplicates: BLEU {bleu:.1f}, chrF {chrf:.1f} on {pairs} dev pairs",
            **scores,
        )


@contextlib.contextmanager
def _watching(quiet: bool) -> "Iterator[_Listener]":
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
        yield _Listener(quiet, progress)


class _Listener:
    """Says on stderr what a training does."""

    def __init__(self, quiet: bool, progress: Any) -> None:
        self._quiet = quiet
        self._progress = progress
        self._task: Any = None

    def noted(self, note: Note) -> None:
        """There is something that a person should know."""
        line = told(note)
        self._say(words("  warning: {line}", line=line) if isinstance(note, Caution) else line)

    def _say(self, line: str) -> None:
        if not self._quiet:
            text = printable_lines(line)
            if self._progress.disable:
                click.echo(text, err=True)
            else:
                self._progress.console.print(text)

    def began(self, update: int, max_updates: int) -> None:
        """The training goes on after this update."""
        if update:
            self._say(
                words(
                    "resuming after update {update} of {max_updates}",
                    update=update,
                    max_updates=max_updates,
                )
            )
        self._task = self._progress.add_task(
            words("training"), total=max_updates, completed=update, facts=""
        )

    def updated(self, record: dict[str, Any]) -> None:
        """An update was made."""
        facts = words(
            "loss {loss:.3f}, {speed:,.0f} tokens/s",
            loss=record["loss"],
            speed=record["tokens_per_second"],
        )
        self._progress.update(self._task, completed=record["update"], facts=facts)

    def measured(self, record: dict[str, Any]) -> None:
        """The dev set was measured."""
        self._say(
            words(
                "update {update}: dev loss {loss:.3f}, BLEU {bleu:.1f}, chrF {chrf:.1f}", **record
            )
        )
        for sample in record["samples"]:
            self._say(words("  {source}\n  → {translation}\n  ({reference})", **sample))
