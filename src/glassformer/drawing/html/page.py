"""`Page`: a document that can be saved, and shows itself in a notebook."""

from html import escape
from pathlib import Path

from glassformer.errors import UsageError
from glassformer.messages import Note
from glassformer.outputs import replacing


class Page(str):
    """A self-contained HTML document; in a notebook it shows itself in a frame of its own.

    `static` is a picture, as SVG, of what it shows first, for where no frame can be shown; `notes`
    say what a person should know about it.
    """

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

    def _repr_html_(self) -> str:
        """For notebooks: a frame, so that nothing of it meets what else is on the page."""
        return (
            '<iframe sandbox="allow-scripts allow-downloads" loading="lazy" '
            'style="width:100%;height:46rem;border:0" '
            f'srcdoc="{escape(str(self))}"></iframe>'
        )
