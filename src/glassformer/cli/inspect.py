"""`glassformer inspect`: how a model reads a sentence, in the terminal or as JSON."""

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
    from glassformer.inspection.trace import Trace
    from glassformer.library import Glassformer
    from glassformer.views import AttentionView

MOST_LINKS = 4096
"""So many links JSON holds without being asked for a choice; a trace file has them all."""


@click.command(name="inspect")
@click.argument("sentence")
@model_options
@click.option("--word", help='Only the links of this word; "the:2" is the second "the".')
@click.option("--layer", type=int, help="Layer, from 1; alone: the mean over its heads.")
@click.option("--head", type=int, help="Head, from 1; needs --layer.")
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
@click.option("--truncate", is_flag=True, help="Cut off what is longer than the model takes.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="For people or for programs.",
)
@click.option("--output", metavar="FILE", help="Write there instead of to the screen.")
@click.option("--save-trace", metavar="FILE", help="Write every number to FILE (.safetensors).")
@force_option
@language_option
@quiet_option
def command(
    sentence: str,
    model_name: str | None,
    device: str,
    precision: str,
    threads: int | None,
    explain_name: str | None,
    at: str | None,
    which_steps: str,
    truncate: bool,
    format_: str,
    output: str | None,
    save_trace: str | None,
    force: bool,
    language: Any,
    quiet: bool,
    to: str | None,
    target: str | None,
    **picture: Any,
) -> None:
    """See how a model reads SENTENCE: structure, steps, attention, R.

    Layers and heads count from 1, indices of numbers (--at) from 0. Without --model it is
    all-MiniLM-L6-v2.
    """
    from glassformer.outputs import check_writable

    cell = _cell(explain_name, at)
    path = output_path(output)
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

    model = load_model(model_name, device, precision, threads)
    trace = _trace(model, sentence, to=to, target=target, truncate=truncate)
    if truncate and not quiet:
        _say_what_was_cut(model, sentence)
    if save_trace is not None:
        trace.save(save_trace, force=force)
    if explain_name is not None:
        explanation = trace.explain(explain_name, cell)
        text = _json(explanation.to_json()) if format_ == "json" else f"{explanation}\n"
    else:
        views = _attention_views(trace, **picture)
        if format_ == "json":
            text = _json(_json_object(trace, views, picture))
        else:
            text = _text(trace, views, which_steps, language, path)
    _write(text, path, force)


def _cell(name: str | None, at: str | None) -> tuple[int, ...]:
    if (name is None) != (at is None):
        raise UsageError("--explain NAME and --at INDICES belong together")
    try:
        return tuple(int(index) for index in at.split(",")) if at else ()
    except ValueError as error:
        raise UsageError(f"--at takes indices such as 1,7,2, but was given {at!r}") from error


def _trace(model: "Glassformer", sentence: str, *, to: str | None, **options: Any) -> "Trace":
    """The trace, with the translations to all targets of a model that has several."""
    tags = [tag for tag, _ in model.config.tags]
    trace = model.inspect(sentence, to=tags[0] if to is None and tags else to, **options)
    for tag in tags:
        if tag not in trace.translations:
            translation = model.translator.translate(sentence, to=tag, truncate=options["truncate"])
            trace.translations[tag] = {
                "text": translation.text,
                "score": translation.score,
                "tokens": list(translation.tokens),
            }
    return trace


def _say_what_was_cut(model: "Glassformer", sentence: str) -> None:
    limit = model.config.encoder.max_positions
    length = model.tokenizer.encode(sentence, max_length=limit, truncate=True).truncated_from
    if length is not None:
        click.echo(f"glassformer: the text has {length} tokens; cut to {limit}", err=True)


def _attention_views(
    trace: "Trace",
    *,
    parts: tuple[Any, ...],
    word: str | None,
    words: bool,
    **options: Any,
) -> "list[AttentionView]":
    from glassformer.inspection.attention import attention_view

    options["unit"] = "words" if words else "tokens"
    options["min_weight"] = options["min_weight"] or 0.0
    card = trace.config.shown_head
    if not parts and options["heads"] == "card" and card is not None:
        parts = (card.part,)
    elif not parts:
        # A word of the source has its links in the encoder; the target's rows are other words.
        parts = ("encoder", "decoder", "cross") if trace.target and not word else ("encoder",)
    return [attention_view(trace, part=part, word=word, **options) for part in parts]


def _json_object(
    trace: "Trace", views: "list[AttentionView]", picture: dict[str, Any]
) -> dict[str, Any]:
    count = sum(len(view.links) for view in views)
    chosen = any(picture[name] is not None for name in ("layer", "head", "word", "min_weight"))
    if count > MOST_LINKS and not chosen:
        raise UsageError(
            f"this would be {count} links, and at most {MOST_LINKS} are written without a choice: "
            "give --layer, --head, --word or --min-weight, or --save-trace FILE for everything"
        )
    source = trace.source
    vectors = trace["encoder"]
    data: dict[str, Any] = {
        "schema": "glassformer.inspect/1",
        "model": trace.model_name,
        "words": list(source.words),
        "tokens": list(source.tokens),
        "word_of_token": list(source.word_of_token),
        "links": [link.to_json() for view in views for link in view.links],
        "hidden_share": [share for view in views for share in view.hidden_share],
        "representation": {"shape": list(vectors.shape), "vectors": vectors.tolist()},
        "steps": [
            {"name": step.name, "shape": list(step.shape), "formula": step.formula}
            for step in trace.steps()
        ],
    }
    if trace.target is not None:
        data["to"] = trace.to
        data["translation"] = trace.target.text
        own = trace.translations.get(trace.to or "", {})
        is_own = own.get("tokens") == list(trace.target.tokens[1:])
        data["score"] = own["score"] if is_own else None  # nobody searched for a --target
        data["target_tokens"] = list(trace.target.tokens)
        data["target_words"] = list(trace.target.words)
        data["translations"] = trace.translations
    return data


def _text(
    trace: "Trace",
    views: "list[AttentionView]",
    which_steps: str,
    language: Any,
    path: Path | None,
) -> str:
    from rich.console import Console, Group
    from rich.text import Text

    from glassformer.drawing import terminal
    from glassformer.drawing.cells import heading
    from glassformer.drawing.language import phrase
    from glassformer.drawing.structure import structure
    from glassformer.inspection.glimpses import representation_view, step_views
    from glassformer.views import printable, structure_view

    layer = next((at[0] for view in views for at in view.heads if at[0] is not None), 1)
    target_length = None if trace.target is None else len(trace.target.tokens)
    parts: list[Any] = [
        heading(printable(trace.model_name), " ".join(map(printable, trace.source.tokens))),
        "",
        structure(
            structure_view(trace.config, len(trace.source.tokens), target_length), language, layer
        ),
        "",
    ]
    if which_steps != "none":
        opened = None if which_steps == "all" else layer
        parts += [terminal.steps(step_views(trace, opened), language), ""]
    for view in views:
        parts += [terminal.attention(view, language), ""]
    parts.append(terminal.representation(representation_view(trace), language))
    for tag, translation in trace.translations.items():
        title = f"{phrase('translation', language)} {printable(tag)}"
        text = printable(translation["text"])
        parts.append(Text(phrase("colon", language, a=title, b=text)))
    console = Console(file=sys.stdout)
    on_screen = path is None and console.is_terminal
    return terminal.render(
        Group(*parts),
        width=console.width if on_screen else 100,
        colour=on_screen and not console.no_color and console.color_system is not None,
    )


def _json(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False) + "\n"


def _write(text: str, path: Path | None, force: bool) -> None:
    if path is None:
        sys.stdout.write(text)
        sys.stdout.flush()
        return
    from glassformer.outputs import replacing

    with replacing(path, force=force) as temporary:
        temporary.write_text(text, encoding="utf-8")
