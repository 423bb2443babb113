"""`glassformer evaluate`: how good translations of a test set are, and how sure that is."""

import dataclasses
import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from glassformer.cli.options import (
    force_option,
    language_option,
    model_options,
    quiet_option,
)
from glassformer.cli.progress import progress
from glassformer.cli.search_options import Searching, load_translator, search_options
from glassformer.cli.translate import one_line
from glassformer.errors import UsageError
from glassformer.views import printable

if TYPE_CHECKING:
    from glassformer.decoding.quality import Quality
    from glassformer.library import Glassformer

SCHEMA = "glassformer.evaluate/1"
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
    metavar="FILE.tsv",
    type=click.Path(path_type=Path, readable=False),
    help="Source and reference in columns parted by tabs; what follows them is left out.",
)
@click.option(
    "--hypotheses",
    metavar="FILE",
    type=click.Path(path_type=Path, readable=False),
    help="Measure these translations, one a line, and none of a model's.",
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
    "resamples",
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
    "format_",
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
    files: tuple[Path, ...],
    pairs: Path | None,
    hypotheses: Path | None,
    against: Path | None,
    against_model: str | None,
    tokenize: str | None,
    resamples: int,
    save_translations: Path | None,
    searching: Searching,
    format_: str,
    model_name: str | None,
    device: str,
    precision: str,
    threads: int | None,
    force: bool,
    quiet: bool,
    language: str,
) -> None:
    """Translate SOURCE and measure how near that comes to REFERENCE, line by line.

    BLEU, chrF and TER are sacreBLEU's, with its signatures; TER counts errors, so that less is
    better. Several REFERENCE files are several right translations of each line.
    """
    from glassformer.cli.columns import paths_of, read_as_many, read_columns
    from glassformer.outputs import check_writable

    paths = paths_of(files, pairs, "SOURCE and REFERENCE")
    _check(hypotheses, against, against_model, resamples, model_name, save_translations)
    if save_translations is not None:
        check_writable(save_translations, force=force)
    sources, *references = read_columns(paths)
    given = None if hypotheses is None else read_as_many(hypotheses, len(sources), paths[0])
    others = None if against is None else read_as_many(against, len(sources), paths[0])
    texts = TEXTS[language]

    def translated(model: "Glassformer") -> tuple[list[str], float]:
        source = "stdin" if str(paths[0]) == "-" else str(paths[0])
        return _translate(model, sources, source, searching, texts, quiet)

    tag, seconds = searching.to, None
    if given is None:
        model = load_translator(model_name, device, precision, threads)
        tag = searching.to or model.default_tag
        name = model.name
        given, seconds = translated(model)
        if save_translations is not None:
            _save(save_translations, given, force)
    else:
        name = str(hypotheses)
    other_name = None if against is None else str(against)
    if against_model is not None:
        other = load_translator(against_model, device, precision, threads)
        other_name = other.name
        others, _ = translated(other)
    from glassformer.decoding.quality import bleu_tokenizer, measure

    scores = measure(
        given,
        references,
        tokenize=tokenize or bleu_tokenizer(tag),
        resamples=resamples,
        against=others,
    )
    report = {
        "schema": SCHEMA,
        "name": name,
        "against": other_name,
        "to": tag,
        "pairs": len(given),
        "references": len(references),
        "resamples": resamples,
        "search": None if seconds is None else _settings(searching),
        "seconds": seconds,
        "sentences_per_second": None if seconds is None else len(given) / max(seconds, 1e-9),
        "scores": {one.name.lower(): _record(one) for one in scores},
    }
    if format_ == "json":
        click.echo(json.dumps(report, ensure_ascii=False))
    else:
        click.echo(_printable_lines(_text(report, scores, texts)))
    if save_translations is not None and not quiet:
        click.echo(printable(texts["saved"].format(path=save_translations)), err=True)


def _check(
    hypotheses: Path | None,
    against: Path | None,
    against_model: str | None,
    resamples: int,
    model_name: str | None,
    save_translations: Path | None,
) -> None:
    """Refuse options that exclude each other."""
    if hypotheses is not None and (model_name is not None or save_translations is not None):
        raise UsageError(
            "--hypotheses are measured as they are: leave --model and --save-translations out"
        )
    if against is not None and against_model is not None:
        raise UsageError("--against and --against-model exclude each other: give one of them")
    if (against or against_model) and resamples < 2:
        raise UsageError(f"a comparison needs --bootstrap 2 or more, but it is {resamples}")
    if resamples == 1:
        raise UsageError("one resample has no interval: give --bootstrap 2 or more, or 0 for none")


def _translate(
    model: "Glassformer",
    sources: Sequence[str],
    source: str,
    searching: Searching,
    texts: dict[str, str],
    quiet: bool,
) -> tuple[list[str], float]:
    """The translations, and the seconds that they took."""
    begin = time.perf_counter()
    found = model.translator.translate_stream(
        sources,
        to=searching.to,
        search=searching.config,
        **searching.batches,
        truncate=searching.truncate,
        name=lambda index: f"{source}, line {index + 1}",
    )
    translations = []
    with progress(texts["progress"], len(sources), quiet=quiet, to_stdout=False) as advance:
        for number, translation in enumerate(found, start=1):
            translations.append(translation.text)
            advance(number, texts["line"].format(number=number))
    return translations, time.perf_counter() - begin


def _save(path: Path, translations: list[str], force: bool) -> None:
    from glassformer.outputs import replacing

    lines = "".join(one_line(text) + "\n" for text in translations)
    with replacing(path, force=force) as temporary:
        temporary.write_text(lines, encoding="utf-8", newline="\n")


def _settings(searching: Searching) -> dict[str, Any]:
    settings = dataclasses.asdict(searching.config)
    del settings["history"], settings["n_best"]
    return settings


def _record(quality: "Quality") -> dict[str, Any]:
    data = dataclasses.asdict(quality)
    del data["name"]
    return data


def _text(report: dict[str, Any], scores: list["Quality"], texts: dict[str, str]) -> str:
    lines = [texts["of"].format(**report)]
    for one in scores:
        line = f"{one.name:<5} {one.score:.2f}"
        if one.mean is not None:
            line += texts["interval"].format(mean=one.mean, interval=one.interval)
        lines.append(line)
        if one.against is not None:
            compared = dataclasses.asdict(one.against)
            lines.append(texts["against"].format(name=report["against"], **compared))
        lines.append(f"      {one.signature}")
    if report["resamples"]:
        lines.append(texts["legend"].format(**report))
    if report["against"] is not None:
        lines.append(texts["p"])
    if report["seconds"] is not None:
        speed, beam = report["sentences_per_second"], report["search"]["beam_size"]
        lines.append(texts["speed"].format(**report, speed=speed, beam=beam))
    return "\n".join(lines)


def _printable_lines(text: str) -> str:
    return "\n".join(map(printable, text.split("\n")))
