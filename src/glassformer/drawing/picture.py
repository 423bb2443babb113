"""A view that can show itself: as text, SVG or PNG, and in a notebook."""

import base64
from dataclasses import dataclass
from functools import cached_property
from html import escape, unescape
from pathlib import Path
from typing import Generic, Literal, TypeVar

from glassformer.catalogue import Language
from glassformer.errors import Setting, UsageError
from glassformer.outputs import replacing
from glassformer.views import AttentionView, View, keep_mass, keep_readable

Theme = Literal["auto", "light", "dark"]
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

    def svg(self, *, theme: Theme = "auto") -> str:
        """The picture as an SVG document; "auto" is light or dark as its viewer prefers."""
        from glassformer.drawing.svg import svg

        view: View = self.view
        if isinstance(view, AttentionView):
            view = keep_readable(view) if self.mass is None else keep_mass(view, self.mass)
        return svg(view, self.language, theme, self.open_layer)

    def png(self, *, theme: Theme = "light", scale: float = 2.0) -> bytes:
        """The picture as a PNG file's bytes, `scale` pixels for each of the SVG.

        Raises:
            OutputError: when the extra `png` is missing, or a font for some character.
        """
        from glassformer.drawing.png import png

        return png(self.svg(theme=theme), scale)

    def save(self, path: str | Path, *, force: bool = True) -> None:
        """Write .svg, .png or .txt.

        Raises:
            UsageError: when the name ends otherwise.
            OutputError: when it cannot be written.
        """
        path = Path(path)
        suffix = path.suffix.lower()
        if suffix == ".png":
            data = self.png()
        elif suffix == ".svg":
            data = self.svg().encode()
        elif suffix == ".txt":
            data = self.text().encode()
        else:
            raise UsageError(
                "a picture is saved as .svg, .png or .txt, but not as {name}", name=path.name
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
        title = unescape(svg.partition("</title>")[0].rpartition(">")[2])
        data = base64.b64encode(svg.encode()).decode()
        return (
            f'<img alt="{escape(title)}" style="max-width:100%" '
            f'src="data:image/svg+xml;base64,{data}">'
        )
