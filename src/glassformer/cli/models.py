"""`glassformer models`: what can be loaded here, and how to get the rest."""

import json

import click

from glassformer.cli.options import language_option, quiet_option, say

TEXTS = {
    "en": {
        "here": "installed",
        "missing": "not installed",
        "also": "Also: a folder trained by Glassformer, and a Hugging Face folder or hub name "
        "({families})",
    },
    "zh": {
        "here": "可用",
        "missing": "未安装",
        "also": "此外：Glassformer 训练的文件夹，以及 Hugging Face 文件夹或名称（{families}）",
    },
}


@click.command(name="models")
@click.option(
    "--format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="For people or for programs.",
)
@language_option
@quiet_option
def command(format: str, language: str, quiet: bool) -> None:
    """List the models that can be loaded here, and what else can be given as --model."""
    from glassformer.library import models
    from glassformer.pretrained.bert import FAMILIES

    words = TEXTS[language]
    for model in models():
        if format == "json":
            click.echo(json.dumps(model.to_json(), ensure_ascii=False))
        else:
            missing = f"{words['missing']}: {model.install}"
            state = words["here"] if model.folder is not None else missing
            click.echo(f"{model.name}  {model.about}  [{state}]")
    if format == "text" and not quiet:
        say(words["also"].format(families=", ".join([*FAMILIES, "marian"])))
