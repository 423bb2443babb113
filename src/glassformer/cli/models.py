"""`glassformer models`: what can be loaded here, and how to get the rest."""

import json

import click

from glassformer.cli.options import language_option, quiet_option, say
from glassformer.cli.spoken import Command, words


@click.command(cls=Command, name="models")
@click.option(
    "--format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Text for people, or JSON for programs.",
)
@language_option
@quiet_option
def command(format: str, quiet: bool) -> None:
    """List the models that can be loaded here, and what else can be given as --model."""
    from glassformer.library import models
    from glassformer.pretrained.bert import FAMILIES

    for model in models():
        if format == "json":
            click.echo(json.dumps(model.to_json(), ensure_ascii=False))
        else:
            state = words("installed")
            if model.folder is None:
                state = words("not installed: {command}", command=model.install)
            click.echo(f"{model.name}  {words(model.about)}  [{state}]")
    if format == "text" and not quiet:
        say(
            "Also: a folder trained by Glassformer, and a Hugging Face folder or hub name "
            "({families})",
            families=(*FAMILIES, "marian"),
        )
