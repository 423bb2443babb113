"""`glassformer tour`: the page of a sentence, opened in a browser at the first stop of its tour."""

import tempfile
import webbrowser
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import click

from glassformer.cli.options import (
    force_option,
    given,
    language_option,
    model_options,
    quiet_option,
    say,
    say_notes,
)
from glassformer.cli.reading import sentence_of
from glassformer.cli.spoken import Command
from glassformer.cli.spoken import language as spoken_language
from glassformer.errors import Setting, UsageError
from glassformer.outputs import check_writable

SENTENCE = "a dog ate the food because it was hungry"
"""The article's, for whoever gives none."""

FIRST = "tour-1"
"""The fragment of the tour's first stop."""


@click.command(cls=Command, name="tour")
@click.argument("words_of_sentence", nargs=-1, metavar="[SENTENCE]")
@model_options
@click.option("--to", help="Target language; default: the first that the model has.")
@click.option(
    "--with-weights",
    is_flag=True,
    help="Put the weight matrices into the file too, so that every number in it can be recomputed.",
)
@click.option(
    "--output", metavar="FILE", help="Write the page to this file (.html); default: a new one."
)
@force_option
@click.option(
    "--serve",
    "served",
    is_flag=True,
    help="Serve the page until Ctrl-C, so that other sentences can be tried, and write no file.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    help="The port to serve at; default: any that is free.",
)
@click.option("--no-browser", is_flag=True, help="Open no browser.")
@language_option
@quiet_option
def command(
    words_of_sentence: tuple[str, ...],
    to: str | None,
    with_weights: bool,
    output: str | None,
    force: bool,
    served: bool,
    port: int | None,
    no_browser: bool,
    quiet: bool,
    model: str | None,
    **loading: Any,
) -> None:
    """Walk through the Transformer on SENTENCE: a tour of eight stops, in a browser.

    Makes a page that needs no network, prints where it is, and opens it. Without SENTENCE it is
    about the article's example.
    """
    sentence = sentence_of(words_of_sentence, may_be_left_out=True) or SENTENCE
    _check(served, port, {"output": output, "with_weights": with_weights, "force": force})
    if served:
        _serve(sentence, to, model, port or 0, not no_browser, quiet, given(loading))
        return
    path = _place(output, force)
    language: Any = spoken_language()
    from glassformer.library import page
    from glassformer.library.loading import obtain

    found = obtain(model, **given(loading))
    to = to or next((tag for tag, _ in found.config.tags), None)
    made = page(sentence, model=found, to=to, with_weights=with_weights, language=language)
    say_notes(made.notes, quiet=quiet)
    made.save(path, force=True)
    click.echo(str(path))
    if not no_browser:
        _open(f"{path.absolute().as_uri()}#{FIRST}", quiet)


def _check(served: bool, port: int | None, of_a_file: dict[str, object]) -> None:
    """Refuse what belongs to the other of file and server."""
    for name, value in of_a_file.items():
        if served and value:
            raise UsageError(
                "{serve} writes no file: leave {setting:name} out",
                serve=Setting("serve", True),
                setting=Setting(name),
            )
    if port is not None and not served:
        raise UsageError(
            "{port:name} is for {serve}", port=Setting("port"), serve=Setting("serve", True)
        )


def _place(output: str | None, force: bool) -> Path:
    """Where the page goes: known to be writable before the work; a new file where none is named."""
    if output is None:
        return Path(tempfile.mkdtemp(prefix="glassformer-")) / "tour.html"
    path = Path(output)
    if path.suffix.lower() not in (".html", ".htm"):
        raise UsageError("a page is saved as .html, but not as {name}", name=path.name)
    check_writable(path, force=force)
    return path


def _serve(
    sentence: str,
    to: str | None,
    model: str | None,
    port: int,
    browser: bool,
    quiet: bool,
    loading: dict[str, Any],
) -> None:
    """The same from a server, until Ctrl-C."""
    from glassformer.server.serving import serve

    asked = {"text": sentence, **({"to": to} if to else {}), "language": spoken_language()}

    def ready(address: str) -> None:
        if not quiet:
            say("serving at {address} (Ctrl-C ends it)", address=address)
        if browser:
            _open(f"{address}?{urlencode(asked)}#{FIRST}", quiet)

    serve(model=[model] if model else [], port=port, ready=ready, **loading)


def _open(address: str, quiet: bool) -> None:
    """Open it in the browser of this machine, or say that there is none."""
    if not webbrowser.open(address) and not quiet:
        say("no browser can be opened here; open {address} in one", address=address)
