"""`glassformer serve`: the page and a JSON API, over HTTP."""

from typing import Any

import click

from glassformer.cli.options import given, language_option, loading_options, quiet_option, say
from glassformer.cli.spoken import Command


@click.command(cls=Command, name="serve")
@click.option(
    "--model",
    multiple=True,
    metavar="MODEL",
    help="A model to serve: a folder, the name of an installed model, or a Hugging Face hub name; "
    "NAME=FOLDER says what requests call it. Repeatable; default: en-fr-de-zh.",
)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    metavar="ADDRESS",
    help="The address to listen on; one that other machines reach needs a token.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8017,
    show_default=True,
    metavar="PORT",
    help="The port to listen on; 0 takes any that is free.",
)
@click.option(
    "--allow-host",
    multiple=True,
    metavar="HOST",
    help="Another host name under which this server is reached, in a network or behind a proxy. "
    "Repeatable.",
)
@click.option(
    "--token-file",
    metavar="FILE",
    type=click.Path(readable=False),
    help="Read the token that requests must send from FILE, in place of the environment variable "
    "GLASSFORMER_TOKEN.",
)
@click.option(
    "--no-token", is_flag=True, help="Answer without a token, whoever can reach the address."
)
@click.option(
    "--max-body",
    type=click.IntRange(min=1),
    default=262144,
    show_default=True,
    metavar="BYTES",
    help="Maximum size of the body of a request.",
)
@click.option(
    "--max-characters",
    type=click.IntRange(min=1),
    default=20000,
    show_default=True,
    metavar="N",
    help="Maximum number of characters in all texts of a request.",
)
@click.option(
    "--max-concurrency",
    type=click.IntRange(min=1),
    default=128,
    show_default=True,
    metavar="N",
    help="Maximum number of requests answered at the same time; others are told to try again.",
)
@click.option(
    "--time-limit",
    type=click.FloatRange(0, min_open=True),
    default=60.0,
    show_default=True,
    metavar="SECONDS",
    help="Maximum time from a request to its answer.",
)
@loading_options
@quiet_option
@language_option
def command(quiet: bool, **options: Any) -> None:
    """Serve the page and a JSON API, until Ctrl-C.

    Open the address that is shown in a browser. What can be asked by programs is listed at
    /api/openapi.json. The server is reached from this machine only, unless --host says
    otherwise.
    """
    from glassformer.server.serving import serve

    def ready(address: str) -> None:
        if not quiet:
            say("serving at {address} (Ctrl-C ends it)", address=address)

    serve(ready=ready, **given(options))
