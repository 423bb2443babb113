"""`glassformer models`: what can be loaded here, and how to get the rest."""

import json
from typing import Any

import click

from glassformer.cli.options import language_option, quiet_option


@click.command(name="models")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="For people or for programs.",
)
@language_option
@quiet_option
def command(format_: str, language: Any, quiet: bool) -> None:
    """List the models that can be loaded here, and what else can be given as --model."""
    from glassformer.pretrained.bert import FAMILIES
    from glassformer.pretrained.files import PACKAGED, find_packaged

    models = []
    for model in PACKAGED:
        folder = find_packaged(model)
        models.append(
            {
                "name": model.name,
                "about": model.about,
                "installed": folder is not None,
                "folder": None if folder is None else str(folder),
                "install": model.install,
            }
        )
    if format_ == "json":
        for entry in models:
            click.echo(json.dumps(entry, ensure_ascii=False))
        return
    here, missing = ("可用", "未安装") if language == "zh" else ("installed", "not installed")
    for entry in models:
        state = here if entry["installed"] else f"{missing}: {entry['install']}"
        click.echo(f"{entry['name']}  {entry['about']}  [{state}]")
    if not quiet:
        families = ", ".join(FAMILIES)
        click.echo(
            f"此外：Glassformer 训练的文件夹，以及 Hugging Face 文件夹或名称（{families}, marian）"
            if language == "zh"
            else f"Also: a folder trained by Glassformer, and a Hugging Face folder or hub name "
            f"({families}, marian)",
            err=True,
        )
