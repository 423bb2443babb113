"""`Page`: a document that can be saved, and shows itself in a notebook."""

from pathlib import Path
from typing import Any

from glassformer.drawing.html.notebook import in_cell
from glassformer.errors import UsageError
from glassformer.messages import Note
from glassformer.outputs import replacing


class Page(str):
    """A self-contained HTML document; in a notebook it shows itself in a frame of its own.

    `about` is the sentence that it is about; `static` is a picture, as SVG, of what it shows first,
    for where no frame can be shown; `notes` say what a person should know about it.
    """

    about: str = ""
    static: str = ""
    notes: tuple[Note, ...] = ()

    def save(self, path: str | Path, *, force: bool = True) -> None:
        """Write it to a file.

        Raises:
            UsageError: when the name does not end in .html.
            OutputError: when it cannot be written.
        """
        path = Path(path)
        if path.suffix.lower() not in (".html", ".htm"):
            raise UsageError("a page is saved as .html, but not as {name}", name=path.name)
        with replacing(path, force=force) as temporary:
            temporary.write_text(self, encoding="utf-8")

    def __repr__(self) -> str:
        return f"<Page of {self.about!r}, {len(self) / 1e6:.1f} MB>"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """For IPython, which would write out the whole of any other str."""
        printer.text(repr(self))

    def _repr_html_(self) -> str:
        """For notebooks: a frame, so that nothing of it meets what else is on the page."""
        return in_cell(self, self.static, f"Glassformer: {self.about}")
