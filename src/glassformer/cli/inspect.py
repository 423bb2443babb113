"""`glassformer inspect`: how a model reads a sentence, as text, JSON or picture."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from glassformer.cli.drawing import PICTURES, paper_of, paper_options
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
)
from glassformer.cli.progress import progress
from glassformer.cli.reading import is_terminal, source_of
from glassformer.cli.spelling import command_line
from glassformer.errors import Setting, UsageError
from glassformer.outputs import check_writable, format_of, replacing

if TYPE_CHECKING:
    from glassformer.inspection.report import Report

TEXTS = {
    "en": {
        "progress": "tracing",
        "line": "line {number}",
        "wrote": "wrote {output}: traces {texts}",
    },
    "zh": {
        "progress": "记录中",
        "line": "第 {number} 行",
        "wrote": "已写入 {output}：记录数 {texts}",
    },
}

FORMATS = {".txt": "text", ".json": "json", ".svg": "svg", ".png": "png", ".pdf": "pdf"}
"""What the ending of an output says; without an ending it is text."""


@click.command(name="inspect")
@click.argument("words_of_sentence", nargs=-1, metavar="[SENTENCE]")
@model_options
@click.option(
    "--word",
    multiple=True,
    help='Only the links of this word; "the:2" is the second "the". May be repeated.',
)
@click.option("--layer", type=int, help="Layer, from 1; alone: the mean over its heads.")
@click.option(
    "--head",
    type=int,
    multiple=True,
    help="Head, from 1; needs --layer. May be repeated to compare heads.",
)
@click.option(
    "--heads",
    type=click.Choice(["card", "mean", "largest", "all"]),
    help="The head on the model's card, a mean, the head with the largest link, or all.",
)
@click.option(
    "--part",
    type=click.Choice(["encoder", "decoder", "cross"]),
    multiple=True,
    help="Which attention; default: all that were traced. May be repeated.",
)
@click.option(
    "--words/--tokens", "among_words", default=True, help="Links among words, or among tokens."
)
@click.option("--special", is_flag=True, help="Show special tokens too; needs --tokens.")
@click.option("--min-weight", type=click.FloatRange(0, 1), help="Leave out links below this.")
@click.option(
    "--pair",
    metavar="TEXT",
    help="A second text that the encoder reads together with SENTENCE, as BERT does.",
)
@parse_special_option
@click.option("--to", help="Target language, in a model that translates.")
@click.option("--target", help="A translation of yours to trace instead of the model's own.")
@click.option("--contrast", help="Another translation: where the two part, and by how much.")
@click.option(
    "--align",
    type=click.Choice(["input", "output"]),
    help="To which token a row of the decoder belongs: the one it reads (the default), or the one "
    "it predicts.",
)
@click.option(
    "--beam-size",
    type=click.IntRange(min=1),
    default=4,
    show_default=True,
    help="Hypotheses kept in the search for the translation; 1 is greedy search.",
)
@click.option("--history", is_flag=True, help="List what the search considered at each step.")
@click.option("--explain", metavar="NAME", help="Show how one number came about …")
@click.option("--at", help="… namely the one at these indices, from 0: --at 1,7,2.")
@click.option(
    "--steps",
    type=click.Choice(["opened", "all", "none"]),
    default="opened",
    show_default=True,
    help="Steps listed as text: one layer's in full and the outputs of the others, all, or none.",
)
@click.option(
    "--at-step",
    type=click.IntRange(min=0),
    metavar="K",
    help="As it was after K updates of the training, where --watch recorded it.",
)
@click.option("--truncate", is_flag=True, help="Cut off what is longer than the model takes.")
@click.option(
    "--view",
    type=click.Choice(["attention", "grid", "matrix", "flow", "structure"]),
    help="One picture instead of the whole report; svg and png draw attention unless told.",
)
@click.option(
    "--tensor", metavar="NAME", help="The step that --view matrix shows; see --steps all."
)
@click.option(
    "--mass",
    type=click.FloatRange(0, 1, min_open=True),
    default=0.95,
    show_default=True,
    help="Draw the largest links only, which make up this share of the attention shown.",
)
@click.option(
    "--theme",
    type=click.Choice(["auto", "light", "dark"]),
    default="auto",
    show_default=True,
    help="Colours of svg, png and pdf; auto is what the viewer prefers, in png and pdf light.",
)
@paper_options
@click.option(
    "--format",
    type=click.Choice(["text", "json", "svg", "png", "pdf"]),
    help="Text for people, JSON for programs, or a picture (png: extra png; pdf: extra pdf). "
    "Default: as the ending of --output says, else text.",
)
@click.option(
    "--names",
    multiple=True,
    metavar="NAME",
    help="Trace each line of a file: SENTENCE is FILE then, --output a folder, and only steps of "
    "this name are kept, such as 'encoder.layers.*.self_attention.weights'. May be repeated.",
)
@click.option("--output", metavar="FILE", help="Write there instead of to the screen.")
@click.option("--save-trace", metavar="FILE", help="Write every number to FILE (.safetensors).")
@force_option
@language_option
@quiet_option
def command(
    words_of_sentence: tuple[str, ...],
    among_words: bool,
    at: str | None,
    names: tuple[str, ...],
    format: str | None,
    output: str | None,
    save_trace: str | None,
    theme: Any,
    force: bool,
    language: Any,
    quiet: bool,
    **options: Any,
) -> None:
    """See how a model reads SENTENCE: structure, steps, attention, R.

    Without SENTENCE, or for -, it is read from stdin. Layers and heads count from 1, indices of
    numbers (--at) from 0. Without --model it is the one that comes with Glassformer. With --at-step
    and one sentence that was watched, SENTENCE may be left out.

    With --names it is a FILE instead, and each of its lines gets a trace in the folder --output.
    """
    if names:
        _trace_file(words_of_sentence, names, output, force, language, quiet, options)
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
    _check_places(path, save_trace, force)
    sentence = _sentence(words_of_sentence, options["at_step"] is not None)
    if options["at_step"] is not None and save_trace is not None:
        raise UsageError(
            "{at_step} shows what was recorded while the model learned, its attention weights and "
            "its translation: leave {save_trace} out",
            at_step=Setting("at_step"),
            save_trace=Setting("save_trace"),
        )
    from glassformer.library import report

    unit: Any = "words" if among_words else "tokens"
    found = report(sentence, unit=unit, at=_indices(at), **given(options))
    say_notes(found.notes, quiet=quiet)
    if save_trace is not None:
        found.save_trace(save_trace, force=force)
    _write(_shown(found, format, language, theme, paper, path), path, force)


OF_FILES = (
    "to",
    "target",
    "special_tokens",
    "truncate",
    "beam_size",
    "model",
    "device",
    "precision",
    "threads",
)
"""What --names has a use for."""


def _trace_file(
    files: tuple[str, ...],
    names: tuple[str, ...],
    output: str | None,
    force: bool,
    language: str,
    quiet: bool,
    options: dict[str, Any],
) -> None:
    """Write a trace for each line of a file."""
    from glassformer.library import trace_file

    if output is None or len(files) > 1:
        raise UsageError("--names takes one FILE and --output FOLDER")
    context = click.get_current_context()
    default = click.core.ParameterSource.DEFAULT
    surface = {"words_of_sentence", "names", "output", "force", "language", "quiet", *OF_FILES}
    left_over = [
        name
        for name in context.params
        if name not in surface and context.get_parameter_source(name) != default
    ]
    if left_over:
        listed = ", ".join(f"--{name.replace('_', '-')}" for name in left_over)
        raise UsageError(f"--names keeps steps of many lines and shows none: leave {listed} out")
    words = TEXTS[language]
    source = source_of(Path(files[0]) if files else None, (), language, quiet)
    given_options = {name: value for name, value in given(options).items() if name in OF_FILES}
    with progress(words["progress"], words["line"], quiet=quiet, to_stdout=False) as bar:
        done = trace_file(source, output, names=names, force=force, progress=bar, **given_options)
    say_notes(done.notes, quiet=quiet)
    if not quiet:
        say(words["wrote"].format(output=output, texts=done.texts))


def _sentence(words: tuple[str, ...], may_be_left_out: bool) -> str | None:
    """The sentence of the command line, or else from stdin."""
    if len(words) > 1:
        command = command_line("inspect", " ".join(words))
        raise UsageError(
            f"expected one sentence, but was given {len(words)} words: put it in quotes, {command}"
        )
    if words and words[0] != "-":
        return words[0]
    if not words and (is_terminal() or sys.stdin is None or may_be_left_out):
        if may_be_left_out:
            return None
        raise click.MissingParameter(
            ctx=click.get_current_context(), param_type="argument", param_hint="'SENTENCE'"
        )
    from glassformer.text.lines import read_lines

    with read_lines(None) as lines:
        read = list(lines)
    if len(read) != 1:
        raise UsageError(
            f"expected one sentence on stdin, but there are {len(read)} lines; for many, translate "
            "and encode take files"
            if read
            else "expected a sentence on stdin, but there is none"
        )
    return read[0]


def _check_drawn(format: str, options: dict[str, Any]) -> None:
    """What is no picture is not drawn."""
    if options["explain"] is not None:
        raise UsageError(f"--explain is text or json, but --format {format} was given")
    for name in ("contrast", "history"):
        if options[name]:
            raise UsageError(
                f"--{name} belongs to the whole report: leave --view, --tensor and --explain out, "
                "and let --format be text or json"
            )


def _check_places(path: Path | None, save_trace: str | None, force: bool) -> None:
    """Find out before the work whether all that is to be written has a place of its own."""
    places = [] if path is None else [path]
    if save_trace is not None:
        places += [Path(save_trace), Path(save_trace).with_suffix(".json")]
    if len(set(places)) < len(places):
        raise UsageError(
            f"a trace is saved as .safetensors with a .json beside it: {places[-1]} is that one, "
            "so another name is needed"
        )
    for place in places:
        check_writable(place, force=force)


def _indices(at: str | None) -> tuple[int, ...] | None:
    try:
        return None if at is None else tuple(int(one) for one in at.split(",") if at)
    except ValueError as error:
        raise UsageError(f"--at takes indices such as 1,7,2, but was given {at!r}") from error


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
