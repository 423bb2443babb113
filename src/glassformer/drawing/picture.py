"""A view that can show itself."""

from dataclasses import dataclass
from functools import cached_property

from glassformer.drawing.language import Language
from glassformer.views import AttentionView


@dataclass(frozen=True)
class Picture:
    """A view together with the surfaces that draw it; `str()` is its plain text."""

    view: AttentionView

    def text(self, *, width: int = 100, language: Language = "en") -> str:
        """The picture as lines of text, at most `width` cells wide."""
        from glassformer.drawing import terminal

        return terminal.render(terminal.attention(self.view, language), width=width)

    @cached_property
    def _text(self) -> str:
        return self.text()

    def __str__(self) -> str:
        return self._text
