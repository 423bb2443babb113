"""The answer to a request: what was asked for of a trace, as text, JSON or picture.

A report is made from a trace (or from what was recorded of a moment in training) and a request, by
`report_of`; every surface shows this one answer and puts nothing together itself.
"""

from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from typing import Any, Literal, TypeAlias, Unpack

from rich.console import Group, RenderableType
from rich.text import Text

from glassformer.catalogue import Language, phrase
from glassformer.drawing import terminal
from glassformer.drawing.cells import heading
from glassformer.drawing.paper import PaperOptions, Theme
from glassformer.drawing.picture import Picture
from glassformer.errors import Setting, UsageError
from glassformer.inspection.asked_views import attention_views, picture_view
from glassformer.inspection.comparison import comparison_of
from glassformer.inspection.summaries import representation_view, step_views
from glassformer.inspection.trace import Trace
from glassformer.inspection.watched import Watched, listing
from glassformer.messages import Note
from glassformer.requests.inspection import InspectRequest
from glassformer.tracing.explain import Explanation
from glassformer.views import (
    Align,
    AttentionView,
    ContrastView,
    View,
    as_plain,
    printable,
    to_json,
)

Format: TypeAlias = Literal["text", "json", "svg", "png", "pdf"]

SCHEMA = "glassformer.inspect/2"
SCHEMA_AT_STEP = "glassformer.inspect-at-step/2"
ENGINE = "torch"

NAMED = 10
"""So many of the likeliest tokens JSON names at each position of a target."""

MOST_LINKS = 4096
"""So many links JSON holds without being asked for a choice; a trace file has them all."""


@dataclass(frozen=True, kw_only=True)
class Report:
    """What was asked for of a trace; `str()` is its text, and in a notebook it shows itself.

    `views` are the attention shown, part after part; `picture` is the one picture asked for,
    `explanation` the one number; `contrast` compares with another target. `notes` say what a
    person should know about the answer.
    """

    request: InspectRequest
    trace: Trace | Watched
    views: tuple[AttentionView, ...] = ()
    view: View | None = None
    explanation: Explanation | None = None
    contrast: ContrastView | None = None
    notes: tuple[Note, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Plain data: the whole report, or the one picture or number asked for.

        Raises:
            UsageError: when it would be more links than anybody can have meant.
        """
        if self.explanation is not None:
            return self.explanation.to_json()
        if self.view is not None:
            return to_json(self.view)
        _check_links(self.views, self.request)
        if isinstance(self.trace, Watched):
            return _common(self) | _moment(self.trace, self.request.align or "input")
        return _common(self) | _traced(self)

    def text(self, *, language: Language = "en", width: int = 100, colour: bool = False) -> str:
        """For people, at most `width` cells wide."""
        if self.explanation is not None:
            return self.explanation.text(language) + "\n"
        if self.view is not None:
            return self.picture(language).text(width=width, colour=colour)
        parts = _text_of_moment if isinstance(self.trace, Watched) else _text_of_trace
        return terminal.render(Group(*parts(self, language)), width=width, colour=colour)

    def picture(self, language: Language = "en") -> Picture[View]:
        """The one picture: the one asked for, or else of attention.

        Raises:
            UsageError: when a number was asked for, or the whole report of a contrast.
        """
        request = self.request
        if self.explanation is not None or request.contrast is not None or request.history:
            name = next(n for n in ("explain", "contrast", "history") if getattr(request, n))
            raise UsageError(
                "{setting:name} is shown as text or JSON and has no picture", setting=Setting(name)
            )
        view = self.view or picture_view(self.trace, request, "attention")
        return Picture(view, mass=request.mass, language=language, open_layer=request.layer or 1)

    def svg(
        self, *, language: Language = "en", theme: Theme = "auto", **paper: Unpack[PaperOptions]
    ) -> str:
        """The picture as an SVG document; `paper` as in `Picture.svg`."""
        return self.picture(language).svg(theme=theme, **paper)

    def png(
        self, *, language: Language = "en", theme: Theme = "light", **paper: Unpack[PaperOptions]
    ) -> bytes:
        """The picture as the bytes of a PNG file (extra `png`)."""
        return self.picture(language).png(theme="light" if theme == "auto" else theme, **paper)

    def pdf(
        self, *, language: Language = "en", theme: Theme = "light", **paper: Unpack[PaperOptions]
    ) -> bytes:
        """The picture as the bytes of a PDF file (extra `pdf`)."""
        return self.picture(language).pdf(theme=theme, **paper)

    def save_trace(self, path: str | Path, *, force: bool = True) -> None:
        """Write every number of the pass to `path` (.safetensors), and the rest beside it.

        Raises:
            UsageError: when this is a report of a moment in training, of which there is no trace.
            OutputError: when they cannot be written.
        """
        if isinstance(self.trace, Watched):
            raise UsageError(
                "for an update of a training no trace was recorded, so there is none to save"
            )
        self.trace.save(path, force=force)

    def __str__(self) -> str:
        return self.text()

    def _repr_html_(self) -> str:
        """For notebooks: the picture, or the text where there is none."""
        if self.explanation is not None or self.request.contrast or self.request.history:
            return f"<pre>{escape(self.text())}</pre>"
        return self.picture()._repr_html_()


def report_of(
    trace: Trace | Watched,
    request: InspectRequest,
    *,
    contrasted: Trace | None = None,
    compared: Trace | Watched | None = None,
    notes: tuple[Note, ...] = (),
) -> Report:
    """Answer a request from a trace.

    `contrasted` is that of the other target to compare with, `compared` what stands on the right
    of a comparison.

    Raises:
        UsageError: when there is no such word, layer, head or part, or nothing to compare.
        TraceError: when there is no such step.
    """
    if request.explain is not None and isinstance(trace, Trace):
        explanation = trace.explain(request.explain, request.at or ())
        return Report(request=request, trace=trace, explanation=explanation, notes=notes)
    if compared is not None:
        comparison = comparison_of(trace, compared, request)
        return Report(request=request, trace=trace, view=comparison, notes=notes)
    if request.picture is not None:
        view = picture_view(trace, request, request.picture)
        return Report(request=request, trace=trace, view=view, notes=notes)
    return Report(
        request=request,
        trace=trace,
        views=tuple(attention_views(trace, request)),
        contrast=trace.contrast(contrasted) if contrasted and isinstance(trace, Trace) else None,
        notes=notes,
    )


def _check_links(views: tuple[AttentionView, ...], request: InspectRequest) -> None:
    """Refuse to write so many links as JSON that nobody can have meant it."""
    count = sum(len(view.links) for view in views)
    choosing = ("layer", "head", "word", "min_weight")
    if count > MOST_LINKS and not request.given() & {*choosing}:
        settings = tuple(map(Setting, choosing))
        if request.at_step is None:
            raise UsageError(
                "this would be {count} links, and at most {most} are written unless some are "
                "selected: give one of {settings:name}, or {save_trace} for everything",
                count=count,
                most=MOST_LINKS,
                settings=settings,
                save_trace=Setting("save_trace", "FILE"),
            )
        raise UsageError(
            "this would be {count} links, and at most {most} are written unless some are "
            "selected: give one of {settings:name}",
            count=count,
            most=MOST_LINKS,
            settings=settings,
        )


def _common(report: Report) -> dict[str, Any]:
    """What is said of every pass: the text as it was read, and who attends to whom."""
    source = report.trace.source
    at_step = isinstance(report.trace, Watched)
    return {
        "schema": SCHEMA_AT_STEP if at_step else SCHEMA,
        "model": report.trace.model_name,
        "engine": ENGINE,
        "edits": [],
        "notes": [note.to_json() for note in report.notes],
        "words": list(source.words),
        "tokens": list(source.tokens),
        "word_of_token": list(source.word_of_token),
        **({} if source.pair is None else {"type_ids": list(source.type_ids)}),
        "links": [link.to_json() for view in report.views for link in view.links],
        "hidden_share": [share for view in report.views for share in view.hidden_share],
    }


def _traced(report: Report) -> dict[str, Any]:
    """R, the steps, and the target where one was traced."""
    trace, request = report.trace, report.request
    assert isinstance(trace, Trace)
    vectors = trace["encoder"]
    data: dict[str, Any] = {
        "representation": {"shape": list(vectors.shape), "vectors": vectors.tolist()},
        "steps": [
            {"name": step.name, "shape": list(step.shape), "formula": step.formula}
            for step in trace.steps()
        ],
    }
    if trace.target is not None:
        own = trace.translations.get(trace.to or "", {})
        is_own = own.get("tokens") == list(trace.target.tokens[1:])
        data |= {
            "to": trace.to,
            "translation": trace.target.text,
            "score": own["score"] if is_own else None,  # nobody searched for a given target
            "target_tokens": list(trace.target.tokens),
            "target_words": list(trace.target.words),
            "translations": trace.translations,
            "align": request.align or "input",
            "predictions": [
                as_plain(replace(one, best=one.best[:NAMED])) for one in trace.predictions
            ],
        }
    if trace.history is not None:
        data["history"] = as_plain(trace.history.steps)
    if report.contrast is not None:
        contrast = report.contrast
        data["contrast"] = {
            **as_plain(contrast),
            "difference": {
                "at_parting": contrast.at_parting,
                "afterwards": contrast.afterwards,
                "in_all": contrast.in_all,
            },
        }
    return data


def _moment(watched: Watched, align: Align) -> dict[str, Any]:
    """Which moment of the training it is, and the translations that the model made then."""
    assert watched.moment is not None
    target = watched.target
    return {
        "update": watched.moment.update,
        "updates": list(watched.updates),
        "levels": watched.moment.levels,
        "to": watched.to,
        "align": align,
        "target_tokens": None if target is None else list(target.tokens),
        "target_words": None if target is None else list(target.words),
        "translations": watched.translations,
    }


def _text_of_trace(report: Report, language: Language) -> list[RenderableType]:
    """Structure, steps, attention, R and translations."""
    trace, request = report.trace, report.request
    assert isinstance(trace, Trace)
    layer = next((at[0] for view in report.views for at in view.heads if at[0] is not None), 1)
    parts: list[RenderableType] = [
        heading(printable(trace.model_name), " ".join(map(printable, trace.source.tokens))),
        "",
        terminal.draw(trace.structure().view, language, layer),
        "",
    ]
    if request.steps != "none":
        opened = None if request.steps == "all" else layer
        parts += [terminal.Steps(step_views(trace, opened), language), ""]
    for view in report.views:
        parts += [terminal.Attention(view, language), ""]
    parts.append(terminal.Representation(representation_view(trace), language))
    parts += _translations(trace, language)
    if trace.predictions:
        parts += ["", terminal.Predictions(trace.predictions, language)]
    if report.contrast is not None:
        parts += ["", terminal.Contrast(report.contrast, language)]
    if trace.history is not None:
        parts += ["", terminal.History(trace.history, language)]
    return parts


def _text_of_moment(report: Report, language: Language) -> list[RenderableType]:
    """Attention and translations at one moment, and which moments there are."""
    watched = report.trace
    assert isinstance(watched, Watched)
    assert watched.moment is not None
    name = printable(watched.model_name)
    moment = phrase("at update {n} of the training", language, n=watched.moment.update)
    tokens = " ".join(map(printable, watched.source.tokens))
    parts: list[RenderableType] = [
        heading(phrase("{a}, {b}", language, a=name, b=moment), tokens),
        "",
    ]
    for view in report.views:
        parts += [terminal.Attention(view, language), ""]
    parts += _translations(watched, language)
    recorded = phrase("updates recorded", language)
    updates = phrase("{a}: {b}", language, a=recorded, b=listing(watched.updates))
    return [*parts, Text(updates, style="dim")]


def _translations(trace: Trace | Watched, language: Language) -> list[RenderableType]:
    lines: list[RenderableType] = []
    for tag, translation in trace.translations.items():
        title = f"{phrase('Translation', language)} {printable(tag)}"
        text = printable(translation["text"])
        lines.append(Text(phrase("{a}: {b}", language, a=title, b=text)))
    return lines
