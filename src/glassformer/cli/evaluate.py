"""`glassformer evaluate`: how good translations of a test set are, and how sure that is."""

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
from glassformer.views import printable

if TYPE_CHECKING:
    from glassformer.library import Evaluation

TOKENIZERS = ["13a", "none", "intl", "char", "zh", "ja-mecab", "ko-mecab"]
TEXTS = {
    "en": {
        "progress": "translating",
        "line": "sentence {number}",
        "of": "{name}, {pairs} sentences",
        "interval": "  (μ {mean:.2f} ± {interval:.2f})",
        "against": "      {name} {score:.2f}  (μ {mean:.2f} ± {interval:.2f}): difference "
        "{difference:+.2f}, p = {p:.4f}",
        "legend": "μ ±: 95 % interval from {resamples} bootstrap resamples of the sentences",
        "p": "p: probability of such a difference by chance (paired bootstrap)",
        "speed": "{pairs} sentences in {seconds:.1f} s: {speed:.1f} sentences/s (beam {beam}, "
        "without loading)",
        "saved": "wrote {path}",
    },
    "zh": {
        "progress": "翻译中",
        "line": "第 {number} 句",
        "of": "{name}，{pairs} 句",
        "interval": "  （μ {mean:.2f} ± {interval:.2f}）",
        "against": "      {name} {score:.2f}  （μ {mean:.2f} ± {interval:.2f}）：相差 "
        "{difference:+.2f}，p = {p:.4f}",
        "legend": "μ ±：对句子做 {resamples} 次自助重采样得到的 95 % 区间",
        "p": "p：仅由偶然造成这样差异的概率（配对自助法）",
        "speed": "{pairs} 句用时 {seconds:.1f} 秒：每秒 {speed:.1f} 句（束宽 {beam}，不计加载）",
        "saved": "已写入 {path}",
    },
}


@click.command(short_help="Measure translations: BLEU, chrF, TER.")
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
    help="Source and reference in one file, .tsv, .csv, .jsonl or .tmx; other columns of it are "
    "left out.",
)
@click.option(
    "--hypotheses",
    metavar="FILE",
    type=click.Path(path_type=Path, readable=False),
    help="Measure these translations, one a line, and none of a model's; REFERENCE is then enough.",
)
@click.option(
    "--against",
    metavar="FILE",
    type=click.Path(path_type=Path, readable=False),
    help="Other translations of the same, to compare with by paired bootstrap.",
)
@click.option(
    "--against-model", metavar="MODEL", help="The same with those that another model makes."
)
@click.option(
    "--tokenize",
    type=click.Choice(TOKENIZERS),
    help="How BLEU cuts text. Default: 13a, or what is usual for the target language; none for "
    "text that is cut already.",
)
@click.option(
    "--bootstrap",
    metavar="N",
    type=click.IntRange(min=0),
    default=1000,
    show_default=True,
    help="Resamples of the sentences, for interval and comparison; 0: none.",
)
@click.option(
    "--save-translations",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Write the model's translations there as well.",
)
@search_options
@click.option(
    "--format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="For people or for programs.",
)
@model_options
@force_option
@quiet_option
@language_option
def command(
    files: tuple[Path, ...], format: str, quiet: bool, language: str, **options: Any
) -> None:
    """Translate SOURCE and measure how near that comes to REFERENCE, line by line.

    BLEU, chrF and TER are sacreBLEU's, with its signatures; TER counts errors, so that less is
    better. Several REFERENCE files are several right translations of each line. With --hypotheses
    nothing is translated, and SOURCE may be left out.
    """
    from glassformer.library import evaluate

    only_references = options["hypotheses"] is not None and len(files) == 1
    source, references = (None, files) if only_references else (next(iter(files), None), files[1:])
    words = TEXTS[language]
    with progress(words["progress"], words["line"], quiet=quiet, to_stdout=False) as bar:
        found = evaluate(source, references, progress=bar, **given(options))
    say_notes(found.notes, quiet=quiet)
    if format == "json":
        click.echo(json.dumps(found.to_json(), ensure_ascii=False))
    else:
        click.echo("\n".join(printable(line) for line in _lines(found, words)))
    saved = options["save_translations"]
    if saved is not None and not quiet:
        say(words["saved"].format(path=saved))


def _lines(found: "Evaluation", words: dict[str, str]) -> list[str]:
    """The scores, for people."""
    lines = [words["of"].format(name=found.name, pairs=found.pairs)]
    for one in found.scores:
        line = f"{one.name:<5} {one.score:.2f}"
        if one.mean is not None:
            line += words["interval"].format(mean=one.mean, interval=one.interval)
        lines.append(line)
        if one.against is not None:
            compared = dataclasses.asdict(one.against)
            lines.append(words["against"].format(name=found.against, **compared))
        lines.append(f"      {one.signature}")
    if found.resamples:
        lines.append(words["legend"].format(resamples=found.resamples))
    if found.against is not None:
        lines.append(words["p"])
    if found.search is not None:
        lines.append(
            words["speed"].format(
                pairs=found.pairs,
                seconds=found.seconds,
                speed=found.sentences_per_second,
                beam=found.search.beam_size,
            )
        )
    return lines
