"""`glassformer inspect`: how a model reads a sentence, as text, JSON or picture."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from glassformer.cli.drawing import PICTURES, paper_of, paper_options
from glassformer.cli.options import (
    comparison_options,
    force_option,
    given,
    language_option,
    model_options,
    output_path,
    parse_special_option,
    quiet_option,
    say_notes,
)
from glassformer.cli.reading import sentence_of
from glassformer.cli.spoken import Command
from glassformer.cli.spoken import language as spoken_language
from glassformer.cli.trace_lines import trace_lines
from glassformer.errors import Setting, UsageError
from glassformer.outputs import check_writable, format_of, replacing

if TYPE_CHECKING:
    from glassformer.inspection.report import Report

FORMATS = {".txt": "text", ".json": "json", ".svg": "svg", ".png": "png", ".pdf": "pdf"}
FORMATS |= {".html": "html", ".htm": "html"}
"""The format of each extension of --output; without an extension it is text."""


@click.command(cls=Command, name="inspect")
@click.argument("words_of_sentence", nargs=-1, metavar="[SENTENCE]")
@model_options
@click.option(
    "--word",
    multiple=True,
    help='Show only the attention links of this word; "the:2" is the second "the". Repeatable.',
)
@click.option(
    "--layer", type=int, help="Layer, counted from 1; without --head, the mean over its heads."
)
@click.option(
    "--head",
    type=int,
    multiple=True,
    help="Head, counted from 1; needs --layer. Repeat it to compare heads.",
)
@click.option(
    "--heads",
    type=click.Choice(["card", "mean", "largest", "all"]),
    help="The head named on the model card, the mean over heads, the head with the largest "
    "weight, or all heads.",
)
@click.option(
    "--part",
    type=click.Choice(["encoder", "decoder", "cross"]),
    multiple=True,
    help="Encoder self-attention, decoder self-attention or cross-attention; default: all that "
    "were traced. Repeatable.",
)
@click.option(
    "--words/--tokens",
    "among_words",
    default=True,
    help="Attention between words, or between tokens.",
)
@click.option("--special", is_flag=True, help="Show special tokens as well; needs --tokens.")
@click.option(
    "--min-weight", type=click.FloatRange(0, 1), help="Leave out attention weights below this."
)
@click.option(
    "--pair",
    metavar="TEXT",
    help="A second segment that the encoder reads together with SENTENCE, as in BERT's sentence "
    "pairs.",
)
@parse_special_option
@click.option("--to", help="Target language, for a model that translates.")
@click.option("--target", help="Your own translation, to be traced in place of the model's.")
@click.option(
    "--contrast",
    help="Another translation to contrast: the first token where the "
    "two differ, and their log-probabilities.",
)
@click.option(
    "--align",
    type=click.Choice(["input", "output"]),
    help="Label each decoder row with the token it reads (input, the default) or the token it "
    "predicts (output).",
)
@click.option(
    "--beam-size",
    type=click.IntRange(min=1),
    default=4,
    show_default=True,
    help="Beam size: the number of hypotheses kept at each step; 1 is greedy search.",
)
@click.option(
    "--history", is_flag=True, help="List the candidates that beam search considered at each step."
)
@click.option(
    "--explain",
    metavar="NAME",
    help="Recompute one number of this step and show its arithmetic; needs --at.",
)
@click.option(
    "--at", help="The array indices of the number to --explain, counted from 0: --at 1,7,2."
)
@click.option(
    "--steps",
    type=click.Choice(["opened", "all", "none"]),
    default="opened",
    show_default=True,
    help="Steps listed in the text report: one layer in full and the outputs of the others "
    "(opened), all, or none.",
)
@click.option(
    "--at-step",
    type=click.IntRange(min=0),
    metavar="K",
    help="Show the attention after K updates of training, as recorded by train --watch.",
)
@click.option(
    "--truncate",
    is_flag=True,
    help="Truncate input that is longer than the model's maximum length.",
)
@click.option(
    "--view",
    type=click.Choice(
        [
            "attention",
            "grid",
            "matrix",
            "flow",
            "multi-head",
            "positions",
            "add-norm",
            "structure",
        ]
    ),
    help="One picture in place of the whole report; in svg and png the default is attention.",
)
@comparison_options
@click.option(
    "--tensor",
    metavar="NAME",
    help="The tensor that --view matrix shows, by its name in a trace (--steps all lists them), or "
    "a weight, such as encoder.layers.3.self_attention.query.weight.",
)
@click.option(
    "--sublayer",
    type=click.Choice(["attention", "feed-forward"]),
    help="Which sublayer --view add-norm shows the residual sum of.  [default: attention]",
)
@click.option(
    "--mass",
    type=click.FloatRange(0, 1, min_open=True),
    show_default="0.95; of more than 25 words, the 3 strongest links of each",
    help="Draw only the largest links, which together carry this share of the attention shown.",
)
@click.option(
    "--theme",
    type=click.Choice(["auto", "light", "dark"]),
    default="auto",
    show_default=True,
    help="Colour theme of svg, png and pdf; auto follows the viewer's setting, and is light in png "
    "and pdf.",
)
@paper_options
@click.option(
    "--format",
    type=click.Choice(["text", "json", "svg", "png", "pdf", "html"]),
    help="Text, JSON, a picture (png needs the extra “png”, pdf the extra “pdf”), or html: a page "
    "to walk through, in one file. Default: by the extension of --output, else text.",
)
@click.option(
    "--names",
    multiple=True,
    metavar="NAME",
    help="Trace each line of a file and keep only the steps of this name, such as "
    "'encoder.layers.*.self_attention.weights'; --output is a folder. Repeatable.",
)
@click.option(
    "--with-weights",
    is_flag=True,
    help="Put the weight matrices into an html page too, so that every number in it can be "
    "recomputed.",
)
@click.option("--output", metavar="FILE", help="Write to this file; default: stdout.")
@click.option(
    "--save-trace",
    metavar="FILE",
    help="Save the whole trace, every number of it, to FILE (.safetensors).",
)
@force_option
@language_option
@quiet_option
def command(
    words_of_sentence: tuple[str, ...],
    among_words: bool,
    at: str | None,
    compare_head: str | None,
    names: tuple[str, ...],
    format: str | None,
    output: str | None,
    save_trace: str | None,
    with_weights: bool,
    theme: Any,
    force: bool,
    quiet: bool,
    **options: Any,
) -> None:
    """Show how a model reads SENTENCE: structure, steps, attention, encoder outputs (R).

    Without SENTENCE, or with -, the sentence is read from stdin. Layers and heads are counted
    from 1, array indices (--at) from 0. Without --model, the model that ships with Glassformer
    is used. With --at-step and a training that watched a single sentence, SENTENCE may be left
    out.

    With --names, a FILE takes the place of SENTENCE, and a trace of each of its lines is
    written to the folder --output.
    """
    if names:
        trace_lines(words_of_sentence, names, output, force, quiet, options)
        return
    path = output_path(output)
    format = format_of(path, format, FORMATS, default="text")
    if format in ("png", "pdf") and path is None and sys.stdout.isatty():
        raise UsageError(
            "a {kind} is not written to a terminal: give --output FILE.{format}",
            kind=format.upper(),
            format=format,
        )
    paper = paper_of(options, format)
    if format in PICTURES:
        _check_drawn(format, options)
    _check_page(format, with_weights, save_trace)
    _check_places(path, save_trace, force)
    is_recorded = options["at_step"] is not None or options["animate"]
    sentence = sentence_of(words_of_sentence, is_recorded)
    if is_recorded and save_trace is not None:
        raise UsageError(
            "{at_step} shows what was recorded during training, attention weights and "
            "translations: leave {save_trace} out",
            at_step=Setting("animate" if options["animate"] else "at_step"),
            save_trace=Setting("save_trace"),
        )
    if save_trace is not None and _compares(compare_head, options):
        raise UsageError(
            "a comparison has two traces, and {save_trace} writes one: leave it out",
            save_trace=Setting("save_trace"),
        )
    asked: dict[str, Any] = {
        "unit": "words" if among_words else "tokens",
        "at": _indices(at),
        "compare_head": compare_head,
        **given(options),
    }
    if format == "html":
        _write(_page(sentence, asked, with_weights, theme, quiet), path, force)
        return
    from glassformer.library import report

    found = report(sentence, **asked)
    say_notes(found.notes, quiet=quiet)
    if save_trace is not None:
        found.save_trace(save_trace, force=force)
    _write(_shown(found, format, spoken_language(), theme, paper, path), path, force)


def _page(
    sentence: str | None, asked: dict[str, Any], with_weights: bool, theme: Any, quiet: bool
) -> str:
    """The page of a sentence, in the language that is spoken."""
    from glassformer.library import page

    language: Any = spoken_language()
    found = page(sentence, with_weights=with_weights, language=language, theme=theme, **asked)
    say_notes(found.notes, quiet=quiet)
    return found


def _check_page(format: str, with_weights: bool, save_trace: str | None) -> None:
    """Refuse what only a page takes, and what a page does not."""
    if with_weights and format != "html":
        raise UsageError(
            "{with_weights} is for {html}, but the format is {format}",
            with_weights=Setting("with_weights", True),
            html=Setting("format", "html"),
            format=format,
        )
    if save_trace is not None and format == "html":
        raise UsageError(
            "a page has the numbers within: save a trace with another format, without {html}",
            html=Setting("format", "html"),
        )


def _compares(compare_head: str | None, options: dict[str, Any]) -> bool:
    others = ("compare", "compare_model", "compare_step")
    return compare_head is not None or any(options[name] is not None for name in others)


def _check_drawn(format: str, options: dict[str, Any]) -> None:
    """Refuse to draw what has no picture."""
    if options["explain"] is not None:
        raise UsageError(
            "--explain is text or json, but --format {format} was given", format=format
        )
    for name in ("contrast", "history"):
        if options[name]:
            raise UsageError(
                "--{name} belongs to the whole report: leave --view, --tensor and --explain out, "
                "and let --format be text or json",
                name=name,
            )


def _check_places(path: Path | None, save_trace: str | None, force: bool) -> None:
    """Find out before the work whether all that is to be written has a place of its own."""
    places = [] if path is None else [path]
    if save_trace is not None:
        places += [Path(save_trace), Path(save_trace).with_suffix(".json")]
    if len(set(places)) < len(places):
        raise UsageError(
            "a trace is saved as .safetensors with a .json beside it: {path} is that one, so "
            "another name is needed",
            path=places[-1],
        )
    for place in places:
        check_writable(place, force=force)


def _indices(at: str | None) -> tuple[int, ...] | None:
    try:
        return None if at is None else tuple(int(one) for one in at.split(",") if at)
    except ValueError as error:
        raise UsageError("--at takes indices such as 1,7,2, but was given {at!r}", at=at) from error


def _shown(
    found: "Report",
    format: str,
    language: Any,
    theme: Any,
    paper: dict[str, Any],
    path: Path | None,
) -> str | bytes:
    """The report in the format asked for."""
    if format == "json":
        return json.dumps(found.to_json(), ensure_ascii=False) + "\n"
    if format == "svg":
        return found.svg(language=language, theme=theme, **paper)
    if format == "png":
        return found.png(language=language, theme=theme, **paper)
    if format == "pdf":
        return found.pdf(language=language, theme=theme, **paper)
    width, colour = _paper(on_screen=path is None)
    return found.text(language=language, width=width, colour=colour)


def _paper(on_screen: bool) -> tuple[int, bool]:
    """How wide text may be, and whether it may have colour: as the screen is, else 100 and no."""
    from rich.console import Console

    console = Console(file=sys.stdout)
    if not on_screen or not console.is_terminal:
        return 100, False
    return console.width, not console.no_color and console.color_system is not None


def _write(data: str | bytes, path: Path | None, force: bool) -> None:
    if path is not None:
        with replacing(path, force=force) as temporary:
            temporary.write_bytes(data if isinstance(data, bytes) else data.encode())
    elif isinstance(data, bytes):
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    else:
        sys.stdout.write(data)
        sys.stdout.flush()
