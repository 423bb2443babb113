"""What `glassformer inspect` gives out: a report as text or JSON, or one picture."""

import sys
from typing import TYPE_CHECKING, Any

from glassformer.errors import UsageError

if TYPE_CHECKING:
    from glassformer.drawing.picture import Picture
    from glassformer.inspection.attention import Traced
    from glassformer.inspection.trace import Trace
    from glassformer.views import Align, AttentionView, ContrastView

MOST_LINKS = 4096
"""So many links JSON holds without being asked for a choice; a trace file has them all."""


def attention_views(
    trace: "Traced",
    *,
    parts: tuple[Any, ...],
    word: str | None,
    words: bool,
    align: "Align | None",
    **options: Any,
) -> "list[AttentionView]":
    """One view for each part asked for, or for each that was traced."""
    from glassformer.inspection.attention import attention_view

    options["unit"] = "words" if words else "tokens"
    options["min_weight"] = options["min_weight"] or 0.0
    card = trace.config.shown_head
    if not parts and options["heads"] == "card" and card is not None:
        parts = (card.part,)
    elif not parts:
        # A word of the source has its links in the encoder; the target's rows are other words.
        parts = ("encoder", "decoder", "cross") if trace.target and not word else ("encoder",)
        decoder, layer = trace.config.decoder, options["layer"] or 1
        if decoder is not None and decoder.num_layers < layer <= trace.config.encoder.num_layers:
            parts = ("encoder",)  # the only one that has this layer
    if align is not None and (not trace.target or set(parts) == {"encoder"}):
        raise UsageError(
            "--align is about rows of the decoder, and none of its attention is shown here: give "
            "--part cross or --part decoder, in a model that has one"
        )
    aligned: dict[Any, Align] = dict.fromkeys(("decoder", "cross"), align or "input")
    return [
        attention_view(trace, part=part, word=word, align=aligned.get(part, "input"), **options)
        for part in parts
    ]


def json_report(
    trace: "Trace",
    views: "list[AttentionView]",
    choice: dict[str, Any],
    contrasted: "ContrastView | None" = None,
) -> dict[str, Any]:
    """The object that docs/formats.md describes as glassformer.inspect/1."""
    from glassformer.views import as_plain

    check_links(views, choice, ", or --save-trace FILE for everything")
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
        data["align"] = choice["align"] or "input"
        data["predictions"] = as_plain(trace.predictions)
    if trace.history is not None:
        data["history"] = as_plain(trace.history.steps)
    if contrasted is not None:
        data["contrast"] = {
            **as_plain(contrasted),
            "difference": {
                "at_parting": contrasted.at_parting,
                "afterwards": contrasted.afterwards,
                "in_all": contrasted.in_all,
            },
        }
    return data


def check_links(views: "list[AttentionView]", choice: dict[str, Any], or_else: str = "") -> None:
    """Refuse to write so many links as JSON that nobody can have meant it.

    Raises:
        UsageError: when there are too many and no option chooses among them.
    """
    count = sum(len(view.links) for view in views)
    chosen = any(choice[name] not in (None, ()) for name in ("layer", "head", "word", "min_weight"))
    if count > MOST_LINKS and not chosen:
        raise UsageError(
            f"this would be {count} links, and at most {MOST_LINKS} are written without a choice: "
            f"give --layer, --head, --word or --min-weight{or_else}"
        )


def text_report(
    trace: "Trace",
    views: "list[AttentionView]",
    contrasted: "ContrastView | None",
    which_steps: str,
    language: Any,
    on_screen: bool,
) -> str:
    """Structure, steps, attention, R and translations, for people."""
    from rich.console import Group
    from rich.text import Text

    from glassformer.drawing import terminal
    from glassformer.drawing.cells import heading
    from glassformer.drawing.language import phrase
    from glassformer.inspection.summaries import representation_view, step_views
    from glassformer.views import printable

    layer = next((at[0] for view in views for at in view.heads if at[0] is not None), 1)
    parts: list[Any] = [
        heading(printable(trace.model_name), " ".join(map(printable, trace.source.tokens))),
        "",
        terminal.draw(trace.structure().view, language, layer),
        "",
    ]
    if which_steps != "none":
        opened = None if which_steps == "all" else layer
        parts += [terminal.Steps(step_views(trace, opened), language), ""]
    for view in views:
        parts += [terminal.Attention(view, language), ""]
    parts.append(terminal.Representation(representation_view(trace), language))
    for tag, translation in trace.translations.items():
        title = f"{phrase('translation', language)} {printable(tag)}"
        text = printable(translation["text"])
        parts.append(Text(phrase("colon", language, a=title, b=text)))
    if trace.predictions:
        parts += ["", terminal.Predictions(trace.predictions, language)]
    if contrasted is not None:
        parts += ["", terminal.Contrast(contrasted, language)]
    if trace.history is not None:
        parts += ["", terminal.History(trace.history, language)]
    width, colour = paper(on_screen)
    return terminal.render(Group(*parts), width=width, colour=colour)


def paper(on_screen: bool) -> tuple[int, bool]:
    """How wide text may be, and whether it may have colour: as the screen is, else 100 and no."""
    from rich.console import Console

    console = Console(file=sys.stdout)
    if not on_screen or not console.is_terminal:
        return 100, False
    return console.width, not console.no_color and console.color_system is not None


def picture_of(
    trace: "Trace",
    view: str,
    *,
    tensor: str | None,
    mass: float,
    language: Any,
    choice: dict[str, Any],
) -> "Picture":
    """The one picture asked for; `choice` are the options that choose part, heads and words."""
    from glassformer.drawing.picture import Picture

    check_choice(view, tensor, choice)
    unit: Any = "words" if choice["words"] else "tokens"
    part: Any = choice["parts"][0] if choice["parts"] else "encoder"
    if view == "attention":
        if len(choice["parts"]) != 1:
            choice = {**choice, "parts": (part,)}
        return Picture(attention_views(trace, **choice)[0], mass=mass, language=language)
    if view == "grid":
        return trace.grid(part=part, unit=unit, special=choice["special"], language=language)
    if view == "matrix":
        assert tensor is not None
        return trace.matrix(tensor, _one_head(choice), language=language)
    if view == "flow":
        where = {"part": part, "layer": choice["layer"], "head": _one_head(choice)}
        return trace.flow(language=language, **where)
    return trace.structure(open_layer=choice["layer"] or 1, language=language)


def _one_head(choice: dict[str, Any]) -> int | None:
    heads: tuple[int, ...] = choice["head"]
    if len(heads) > 1:
        raise UsageError("this picture shows one --head, but several were given")
    return heads[0] if heads else None


_CHOICES = {
    "attention": {
        "parts",
        "word",
        "words",
        "special",
        "layer",
        "head",
        "heads",
        "min_weight",
        "align",
    },
    "grid": {"parts", "words", "special"},
    "matrix": {"head"},
    "flow": {"parts", "layer", "head"},
    "structure": {"layer"},
}


def check_choice(view: str, tensor: str | None, choice: dict[str, Any]) -> None:
    """An option that a picture has no use for is refused rather than ignored.

    Raises:
        UsageError: when there is one.
    """
    given = {name for name, value in choice.items() if value not in (None, (), False)} - {"words"}
    if not choice["words"]:
        given.add("words")
    left_over = sorted(given - _CHOICES[view])
    if left_over:
        options = ", ".join("--" + _OPTION.get(name, name) for name in left_over)
        raise UsageError(f"--view {view} has no use for {options}: leave it out")
    if len(choice["parts"]) > 1:
        raise UsageError("a picture shows one --part, but several were given")
    if (view == "matrix") != (tensor is not None):
        raise UsageError("--view matrix and --tensor NAME belong together")


_OPTION = {"parts": "part", "words": "tokens", "min_weight": "min-weight"}
