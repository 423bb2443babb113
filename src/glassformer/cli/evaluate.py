"""`glassformer evaluate`: BLEU, chrF and TER of a test set, with confidence intervals."""

import dataclasses
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from glassformer.cli.options import (
    force_option,
    given,
    language_option,
    model_options,
    quiet_option,
    say,
    say_notes,
    search_options,
)
from glassformer.cli.progress import progress
from glassformer.cli.spoken import Command, words
from glassformer.views import printable

if TYPE_CHECKING:
    from glassformer.library import Evaluation

TOKENIZERS = ["13a", "none", "intl", "char", "zh", "ja-mecab", "ko-mecab"]


@click.command(cls=Command, short_help="Score translations against references: BLEU, chrF, TER.")
@click.argument(
    "files",
    nargs=-1,
    metavar="[SOURCE REFERENCE...]",
    type=click.Path(path_type=Path, readable=False),
)
@click.option(
    "--pairs",
    metavar="FILE",
    type=click.Path(path_type=Path, readable=False),
    help="Source and reference in one file: .tsv (tab-separated), .csv, .jsonl or .tmx; further "
    "columns are ignored.",
)
@click.option(
    "--hypotheses",
    metavar="FILE",
    type=click.Path(path_type=Path, readable=False),
    help="Evaluate these translations, one per line, in place of a model's; SOURCE is then not "
    "needed.",
)
@click.option(
    "--against",
    metavar="FILE",
    type=click.Path(path_type=Path, readable=False),
    help="Translations by another system, to compare with by paired bootstrap resampling.",
)
@click.option(
    "--against-model",
    metavar="MODEL",
    help="Another model, whose translations are compared with in the same way.",
)
@click.option(
    "--tokenize",
    type=click.Choice(TOKENIZERS),
    help="BLEU tokenizer. Default: 13a, or the usual one for the target language; none is for "
    "text that is tokenized already.",
)
@click.option(
    "--bootstrap",
    metavar="N",
    type=click.IntRange(min=0),
    default=1000,
    show_default=True,
    help="Number of bootstrap resamples, for the confidence interval and the comparison; 0 "
    "turns them off.",
)
@click.option(
    "--save-translations",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Write the model's translations to this file as well.",
)
@search_options
@click.option(
    "--format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Text for people, or JSON for programs.",
)
@model_options
@force_option
@quiet_option
@language_option
def command(files: tuple[Path, ...], format: str, quiet: bool, **options: Any) -> None:
    """Translate SOURCE and score the translations against REFERENCE, line by line.

    BLEU, chrF and TER are computed by sacreBLEU and reported with its signatures; TER is an
    error rate, so lower is better. Several REFERENCE files give several reference translations
    per line. With --hypotheses nothing is translated, and SOURCE may be left out.
    """
    from glassformer.library import evaluate

    only_references = options["hypotheses"] is not None and len(files) == 1
    source, references = (None, files) if only_references else (next(iter(files), None), files[1:])
    with progress("translating", "sentence {number}", quiet=quiet, to_stdout=False) as bar:
        found = evaluate(source, references, progress=bar, **given(options))
    say_notes(found.notes, quiet=quiet)
    if format == "json":
        click.echo(json.dumps(found.to_json(), ensure_ascii=False))
    else:
        click.echo("\n".join(printable(line) for line in _lines(found)))
    saved = options["save_translations"]
    if saved is not None and not quiet:
        say("wrote {path}", path=saved)


def _lines(found: "Evaluation") -> list[str]:
    """The scores, for people."""
    lines = [words("{name}, {pairs} sentences", name=found.name, pairs=found.pairs)]
    for one in found.scores:
        line = f"{one.name:<5} {one.score:.2f}"
        if one.mean is not None:
            line += f"  (μ {one.mean:.2f} ± {one.interval:.2f})"
        lines.append(line)
        if one.against is not None:
            lines.append(
                words(
                    "      {name} {score:.2f}  (μ {mean:.2f} ± {interval:.2f}): difference "
                    "{difference:+.2f}, p = {p:.4f}",
                    name=found.against,
                    **dataclasses.asdict(one.against),
                )
            )
        lines.append(f"      {one.signature}")
    if found.resamples:
        lines.append(
            words(
                "μ ±: 95 % confidence interval from {resamples} bootstrap resamples of the "
                "sentences",
                resamples=found.resamples,
            )
        )
    if found.against is not None:
        lines.append(
            words(
                "p: how often a difference this large comes about by chance (paired bootstrap "
                "resampling)"
            )
        )
    if found.search is not None:
        lines.append(
            words(
                "{pairs} sentences in {seconds:.1f} s: {speed:.1f} sentences/s (beam size {beam}, "
                "loading not counted)",
                pairs=found.pairs,
                seconds=found.seconds,
                speed=found.sentences_per_second,
                beam=found.search.beam_size,
            )
        )
    return lines
