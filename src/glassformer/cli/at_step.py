"""What `glassformer inspect --at-step` gives out: attention as it was while the model learned."""

from typing import TYPE_CHECKING, Any

import click

from glassformer.cli.report import attention_views, check_choice, check_links, paper
from glassformer.errors import UsageError

if TYPE_CHECKING:
    from glassformer.drawing.picture import Picture
    from glassformer.inspection.watched import Watched

_NEED_THE_MODEL = {
    "device": "--device",
    "precision": "--precision",
    "threads": "--threads",
    "explain_name": "--explain",
    "at": "--at",
    "which_steps": "--steps",
    "truncate": "--truncate",
    "tensor": "--tensor",
    "save_trace": "--save-trace",
    "target": "--target",
    "contrast": "--contrast",
    "beam_size": "--beam-size",
    "history": "--history",
}
"""Options by their parameter that are about numbers which no record holds."""


def read_moment(
    model_name: str | None, sentence: str | None, to: str | None, update: int, quiet: bool
) -> "Watched":
    """The last moment that was recorded in a folder up to an update; says if that is another.

    Raises:
        UsageError: when the request makes no sense for a record.
        TraceError: when nothing was recorded by then.
    """
    from glassformer.inspection.watch_file import read_watch
    from glassformer.inspection.watched import listing
    from glassformer.pretrained.files import PACKAGED, find_model

    context = click.get_current_context()
    default = click.core.ParameterSource.DEFAULT
    given = [
        option
        for name, option in _NEED_THE_MODEL.items()
        if context.get_parameter_source(name) != default
    ]
    if given:
        raise UsageError(
            "--at-step shows what was recorded while the model learned, its attention weights and "
            f"its translation: leave {', '.join(given)} out"
        )
    model_name = PACKAGED[0].name if model_name is None else model_name  # as load() does
    record = read_watch(find_model(model_name), model_name)
    watched = record.at(update, sentence, to)
    assert watched.moment is not None
    if watched.moment.update != update and not quiet:
        click.echo(
            f"glassformer: nothing was recorded at update {update}, so this is update "
            f"{watched.moment.update}; recorded are: {listing(record.updates)}",
            err=True,
        )
    return watched


def picture_at_step(
    watched: "Watched", view: str, *, mass: float, language: Any, choice: dict[str, Any]
) -> "Picture":
    """The one picture asked for; `choice` are the options that choose part, heads and words.

    Raises:
        UsageError: when a record does not have the numbers of such a picture.
    """
    from glassformer.drawing.picture import Picture

    if view not in ("attention", "grid"):
        raise UsageError(
            f"--view {view} needs numbers that were not recorded: with --at-step there are "
            "--view attention and --view grid"
        )
    check_choice(view, None, choice)
    part = choice["parts"][0] if choice["parts"] else "encoder"
    if view == "grid":
        unit = "words" if choice["words"] else "tokens"
        return watched.grid(part=part, unit=unit, special=choice["special"], language=language)
    if len(choice["parts"]) != 1:
        choice = {**choice, "parts": (part,)}
    return Picture(attention_views(watched, **choice)[0], mass=mass, language=language)


def json_at_step(watched: "Watched", choice: dict[str, Any]) -> dict[str, Any]:
    """The object that docs/formats.md describes as glassformer.inspect-at-step/1."""
    views = attention_views(watched, **choice)
    check_links(views, choice)
    assert watched.moment is not None
    source, target = watched.source, watched.target
    return {
        "schema": "glassformer.inspect-at-step/1",
        "model": watched.model_name,
        "update": watched.moment.update,
        "updates": list(watched.updates),
        "levels": watched.moment.levels,
        "words": list(source.words),
        "tokens": list(source.tokens),
        "word_of_token": list(source.word_of_token),
        "links": [link.to_json() for view in views for link in view.links],
        "hidden_share": [share for view in views for share in view.hidden_share],
        "to": watched.to,
        "align": choice["align"] or "input",
        "target_tokens": None if target is None else list(target.tokens),
        "target_words": None if target is None else list(target.words),
        "translations": watched.translations,
    }


def text_at_step(watched: "Watched", choice: dict[str, Any], language: Any, on_screen: bool) -> str:
    """Attention and translations at one moment, and which moments there are, for people."""
    from rich.console import Group
    from rich.text import Text

    from glassformer.drawing import terminal
    from glassformer.drawing.cells import heading
    from glassformer.drawing.language import phrase
    from glassformer.inspection.watched import listing
    from glassformer.views import printable

    assert watched.moment is not None
    name = printable(watched.model_name)
    moment = phrase("at_update", language, n=watched.moment.update)
    tokens = " ".join(map(printable, watched.source.tokens))
    parts: list[Any] = [heading(phrase("comma", language, a=name, b=moment), tokens), ""]
    for view in attention_views(watched, **choice):
        parts += [terminal.Attention(view, language), ""]
    for tag, translation in watched.translations.items():
        title = f"{phrase('translation', language)} {printable(tag)}"
        text = printable(translation["text"])
        parts.append(Text(phrase("colon", language, a=title, b=text)))
    recorded = phrase("updates_recorded", language)
    parts.append(
        Text(phrase("colon", language, a=recorded, b=listing(watched.updates)), style="dim")
    )
    width, colour = paper(on_screen)
    return terminal.render(Group(*parts), width=width, colour=colour)
