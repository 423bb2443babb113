"""`glassformer inspect`: how a model reads a sentence, as text, JSON or picture."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from glassformer.cli.options import (
    force_option,
    language_option,
    load_model,
    model_options,
    output_path,
    quiet_option,
)
from glassformer.errors import UsageError

if TYPE_CHECKING:
    from glassformer.drawing.picture import Picture
    from glassformer.inspection.trace import Trace
    from glassformer.library import Glassformer


_PICTURES = ("svg", "png")


@click.command(name="inspect")
@click.argument("sentence", required=False)
@model_options
@click.option("--word", help='Only the links of this word; "the:2" is the second "the".')
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
    "parts",
    type=click.Choice(["encoder", "decoder", "cross"]),
    multiple=True,
    help="Which attention; default: all that were traced. May be repeated.",
)
@click.option("--words/--tokens", "words", default=True, help="Links among words, or among tokens.")
@click.option("--special", is_flag=True, help="Show special tokens too; needs --tokens.")
@click.option("--min-weight", type=click.FloatRange(0, 1), help="Leave out links below this.")
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
@click.option("--explain", "explain_name", metavar="NAME", help="Show how one number came about …")
@click.option("--at", help="… namely the one at these indices, from 0: --at 1,7,2.")
@click.option(
    "--steps",
    "which_steps",
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
    help="Colours of svg and png; auto is what the viewer prefers, in png light.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json", "svg", "png"]),
    default="text",
    show_default=True,
    help="Text for people, JSON for programs, or a picture (png: extra png).",
)
@click.option("--output", metavar="FILE", help="Write there instead of to the screen.")
@click.option("--save-trace", metavar="FILE", help="Write every number to FILE (.safetensors).")
@force_option
@language_option
@quiet_option
def command(
    sentence: str | None,
    model_name: str | None,
    device: str,
    precision: str,
    threads: int | None,
    explain_name: str | None,
    at: str | None,
    which_steps: str,
    at_step: int | None,
    truncate: bool,
    view: str | None,
    tensor: str | None,
    mass: float,
    theme: Any,
    format_: str,
    output: str | None,
    save_trace: str | None,
    force: bool,
    language: Any,
    quiet: bool,
    to: str | None,
    target: str | None,
    contrast: str | None,
    beam_size: int,
    history: bool,
    **choice: Any,
) -> None:
    """See how a model reads SENTENCE: structure, steps, attention, R.

    Layers and heads count from 1, indices of numbers (--at) from 0. Without --model it is
    the one that comes with Glassformer. With --at-step and one sentence that was watched, SENTENCE
    may be left out.
    """
    from glassformer.cli.at_step import json_at_step, picture_at_step, read_moment, text_at_step
    from glassformer.cli.report import attention_views, json_report, picture_of, text_report
    from glassformer.outputs import check_writable

    cell = _cell(explain_name, at)
    path = output_path(output)
    if explain_name is not None and format_ in _PICTURES:
        raise UsageError(f"--explain is text or json, but --format {format_} was given")
    if (contrast is not None or history) and (
        explain_name is not None or view is not None or tensor is not None or format_ in _PICTURES
    ):
        raise UsageError(
            f"{'--history' if contrast is None else '--contrast'} belongs to the whole report: "
            "leave --view, --tensor and --explain out, and let --format be text or json"
        )
    if format_ == "png" and path is None and sys.stdout.isatty():
        raise UsageError("a PNG is not written to a terminal: give --output FILE.png")
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

    data: str | bytes
    if at_step is not None:
        watched = read_moment(model_name, sentence, to, at_step, quiet)
        if view is None and format_ == "json":
            data = _json(json_at_step(watched, choice))
        elif view is None and format_ == "text":
            data = text_at_step(watched, choice, language, on_screen=path is None)
        else:
            picture = picture_at_step(
                watched, view or "attention", mass=mass, language=language, choice=choice
            )
            data = _drawn(picture, format_, theme, path)
        _write(data, path, force)
        return
    if sentence is None:
        raise click.MissingParameter(
            ctx=click.get_current_context(), param_type="argument", param_hint="'SENTENCE'"
        )
    model = load_model(model_name, device, precision, threads)
    if to is None:
        to = next((tag for tag, _ in model.config.tags), None)
    search = {"beam_size": beam_size, "history": history}
    trace = _trace(model, sentence, to=to, target=target, truncate=truncate, **search)
    contrasted = None
    if contrast is not None:
        other = model.inspect(sentence, to=to, target=contrast, truncate=truncate)
        contrasted = trace.contrast(other)
    if truncate and not quiet:
        _say_what_was_cut(model, sentence)
    if save_trace is not None:
        trace.save(save_trace, force=force)
    if explain_name is not None:
        explanation = trace.explain(explain_name, cell)
        data = _json(explanation.to_json()) if format_ == "json" else f"{explanation}\n"
    elif view is None and tensor is None and format_ in ("text", "json"):
        views = attention_views(trace, **choice)
        if format_ == "json":
            data = _json(json_report(trace, views, choice, contrasted))
        else:
            data = text_report(
                trace, views, contrasted, which_steps, language, on_screen=path is None
            )
    else:
        picture = picture_of(
            trace,
            view or ("attention" if tensor is None else "matrix"),
            tensor=tensor,
            mass=mass,
            language=language,
            choice=choice,
        )
        data = _drawn(picture, format_, theme, path)
    _write(data, path, force)


def _cell(name: str | None, at: str | None) -> tuple[int, ...]:
    if (name is None) != (at is None):
        raise UsageError("--explain NAME and --at INDICES belong together")
    try:
        return tuple(int(index) for index in at.split(",")) if at else ()
    except ValueError as error:
        raise UsageError(f"--at takes indices such as 1,7,2, but was given {at!r}") from error


def _trace(model: "Glassformer", sentence: str, *, to: str | None, **options: Any) -> "Trace":
    """The trace, with the translations to all targets of a model that has several."""
    trace = model.inspect(sentence, to=to, **options)
    for tag, _ in model.config.tags:
        if tag not in trace.translations:
            translation = model.translate(
                sentence, to=tag, truncate=options["truncate"], beam_size=options["beam_size"]
            )
            trace.translations[tag] = translation.to_json()
    return trace


def _say_what_was_cut(model: "Glassformer", sentence: str) -> None:
    limit = model.config.encoder.max_positions
    length = model.tokenizer.encode(sentence, max_length=limit, truncate=True).truncated_from
    if length is not None:
        click.echo(f"glassformer: the text has {length} tokens; cut to {limit}", err=True)


def _drawn(picture: "Picture", format_: str, theme: Any, path: Path | None) -> str | bytes:
    """A picture in the format asked for."""
    from glassformer.cli.report import paper
    from glassformer.views import to_json

    if format_ == "json":
        return _json(to_json(picture.view))
    if format_ == "svg":
        return picture.svg(theme=theme)
    if format_ == "png":
        return picture.png(theme="light" if theme == "auto" else theme)
    width, colour = paper(on_screen=path is None)
    return picture.text(width=width, colour=colour)


def _json(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False) + "\n"


def _write(data: str | bytes, path: Path | None, force: bool) -> None:
    if path is not None:
        from glassformer.outputs import replacing

        with replacing(path, force=force) as temporary:
            temporary.write_bytes(data if isinstance(data, bytes) else data.encode())
    elif isinstance(data, bytes):
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    else:
        sys.stdout.write(data)
        sys.stdout.flush()
