"""A view that can show itself: as text, SVG, PNG or PDF, and in a notebook."""

import base64
from dataclasses import dataclass
from functools import cached_property
from html import escape, unescape
from pathlib import Path
from typing import Generic, TypeVar, Unpack

from glassformer.catalogue import Language
from glassformer.drawing.html.document import picture_page
from glassformer.drawing.html.page import Page
from glassformer.drawing.paper import Paper, PaperOptions, Theme
from glassformer.errors import Setting, UsageError
from glassformer.outputs import replacing
from glassformer.requests.reading import read_request
from glassformer.views import (
    AnimationView,
    AttentionView,
    ComparisonView,
    View,
    keep_mass,
    keep_readable,
)

Shown = TypeVar("Shown", bound=View, covariant=True)


@dataclass(frozen=True)
class Picture(Generic[Shown]):
    """A view together with the surfaces that draw it; `str()` is its plain text.

    `view` has all links; lines are drawn for the largest ones only, which make up `mass` of the
    attention shown: 0.95 unless told, or, of more than 25 words, the three strongest of each. In a
    notebook a picture shows itself, without a script and apart from others.
    """

    view: Shown
    mass: float | None = None
    language: Language = "en"
    open_layer: int = 1
    """The layer that a structure shows opened, from 1."""

    def __post_init__(self) -> None:
        if self.mass is not None and not 0.0 < self.mass <= 1.0:
            raise UsageError(
                "{setting:name} must be above 0 and at most 1, but is {given}",
                setting=Setting("mass"),
                given=self.mass,
            )

    def text(self, *, width: int = 100, colour: bool = False) -> str:
        """The picture as lines of text, at most `width` cells wide."""
        from glassformer.drawing import terminal

        drawing = terminal.draw(self.view, self.language, self.open_layer)
        return terminal.render(drawing, width=width, colour=colour)

    def svg(self, *, theme: Theme = "auto", **paper: Unpack[PaperOptions]) -> str:
        """The picture as an SVG document; "auto" is light or dark as its viewer prefers.

        `paper` are the settings of a `Paper`: font_size, width, palette, caption.

        Raises:
            UsageError: when such a setting makes no sense, or the picture needs more width.
        """
        from glassformer.drawing.svg import svg

        on = read_request(Paper, paper)
        if on.palette == "grey":
            if theme == "dark":
                raise UsageError(
                    "{palette} is for print, on white paper: leave {theme} out",
                    palette=Setting("palette", "grey"),
                    theme=Setting("theme", "dark"),
                )
            theme = "light"
        view: View = self.view
        if isinstance(view, AttentionView):
            view = keep_readable(view) if self.mass is None else keep_mass(view, self.mass)
        elif isinstance(view, ComparisonView | AnimationView):
            view = view.with_largest(self.mass)
        return svg(view, self.language, theme, self.open_layer, on)

    def png(
        self,
        *,
        theme: Theme = "light",
        scale: float | None = None,
        **paper: Unpack[PaperOptions],
    ) -> bytes:
        """The picture as a PNG file's bytes.

        `scale` is its pixels for each of the SVG: 2, or 1 where a `width` says how many there are.

        Raises:
            UsageError: as `svg`.
            OutputError: when the extra `png` is missing, or a font for some character.
        """
        from glassformer.drawing.png import SCALE, png

        if scale is None:
            scale = SCALE if paper.get("width") is None else 1.0
        return png(self.svg(theme=theme, **paper), scale)

    def pdf(self, *, theme: Theme = "light", **paper: Unpack[PaperOptions]) -> bytes:
        """The picture as a PDF file's bytes: lines and text, no image of them.

        Raises:
            UsageError: as `svg`.
            OutputError: when the extra `pdf` is missing, or a font for some character.
        """
        from glassformer.drawing.pdf import pdf

        svg = self.svg(theme="light" if theme == "auto" else theme, **paper)
        return pdf(svg, _title(svg))

    def html(self, *, theme: Theme = "auto", **paper: Unpack[PaperOptions]) -> Page:
        """The picture as an HTML document with nothing to load; `trace.html()` is a page of all.

        Raises:
            UsageError: as `svg`.
        """
        svg = self.svg(theme=theme, **paper)
        return picture_page(svg, _title(svg), language=self.language, theme=theme)

    def save(self, path: str | Path, *, force: bool = True, **paper: Unpack[PaperOptions]) -> None:
        """Write .svg, .png, .pdf, .html or .txt; `paper` as in `svg`.

        Raises:
            UsageError: when the name ends otherwise, or `paper` makes no sense.
            OutputError: when it cannot be written.
        """
        path = Path(path)
        suffix = path.suffix.lower()
        if suffix == ".png":
            data = self.png(**paper)
        elif suffix == ".pdf":
            data = self.pdf(**paper)
        elif suffix == ".svg":
            data = self.svg(**paper).encode()
        elif suffix in (".html", ".htm"):
            data = self.html(**paper).encode()
        elif suffix == ".txt" and not paper:
            data = self.text().encode()
        elif suffix == ".txt":
            raise UsageError(
                "{settings:name} is for pictures, and .txt is none: leave it out",
                settings=tuple(map(Setting, paper)),
            )
        else:
            raise UsageError(
                "a picture is saved as .svg, .png, .pdf, .html or .txt, but not as {name}",
                name=path.name,
            )
        with replacing(path, force=force) as temporary:
            temporary.write_bytes(data)

    @cached_property
    def _text(self) -> str:
        return self.text()

    def __str__(self) -> str:
        return self._text

    def _repr_html_(self) -> str:
        """For notebooks: an image, so that the styles of two pictures on one page keep apart."""
        svg = self.svg()
        data = base64.b64encode(svg.encode()).decode()
        return (
            f'<img alt="{escape(_title(svg))}" style="max-width:100%" '
            f'src="data:image/svg+xml;base64,{data}">'
        )


def _title(svg: str) -> str:
    return unescape(svg.partition("</title>")[0].rpartition(">")[2])
