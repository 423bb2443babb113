"""docs/training.md explains every option and every setting of `glassformer train`.

Its tables are made from the command and the configuration. Write them anew with:
GLASSFORMER_UPDATE_DOCS=1 pytest tests/test_training_docs.py
"""

import dataclasses
import os
import re
import shlex
from pathlib import Path
from typing import Any

import click
import pytest
import torch

from glassformer.cli import inspect, train
from glassformer.config.settings import read_settings
from glassformer.config.training import TrainingConfig, settings_of
from glassformer.training.chosen_settings import Corpus, choose, choose_vocabulary, with_chosen
from glassformer.training.reporting.markdown import code, table

PAGE = Path(__file__).parent.parent / "docs" / "training.md"
OPTIONS = [one for one in train.command.params if isinstance(one, click.Option)]
SETTINGS = dict(settings_of(TrainingConfig()))
OF_THE_MACHINE = {"workers", "threads", "micro_batch_tokens", "precision"}


def options() -> str:
    rows = []
    for option in OPTIONS:
        argument = "" if option.is_flag else f" {option.make_metavar(context())}"
        rows.append([code(f"{option.opts[0]}{argument}"), option.help or ""])
    return table(["option", "what it does"], rows)


def settings() -> str:
    text = ""
    for section in dataclasses.fields(TrainingConfig()):
        about = type(getattr(TrainingConfig(), section.name)).__doc__ or ""
        rows = [
            [f"`{name}`", default(field), field.metadata["about"]]
            for name, field in SETTINGS.items()
            if name.startswith(f"{section.name}.")
        ]
        text += f"\n**{section.name}** — {about.splitlines()[0]}\n\n"
        text += table(["setting", "default", "what it is"], rows)
    return text.lstrip("\n")


def default(field: Any) -> str:
    if field.default is None:
        return "*chosen*"
    if isinstance(field.default, bool):
        return f"`{str(field.default).lower()}`"
    return f'`"{field.default}"`' if isinstance(field.default, str) else f"`{field.default}`"


def choices() -> str:
    columns: list[dict[str, Any]] = []
    pairs = (30_000, 500_000, 10_000_000)
    for count in pairs:
        corpus = Corpus(count, 12 * count, 12 * count)
        found = choose_vocabulary(TrainingConfig(), corpus)
        corpus = dataclasses.replace(corpus, target_tokens=15 * count)
        config = with_chosen(TrainingConfig(), found)
        found += choose(config, corpus, torch.device("cpu"), 1)
        columns.append({choice.setting: choice.value for choice in found})
    rows = [
        [f"`{name}`", *(shown(column[name]) for column in columns)]
        for name in columns[0]
        if name.partition(".")[2] not in OF_THE_MACHINE
    ]
    return table(["setting", *(f"{count:,} pairs" for count in pairs)], rows)


def shown(value: Any) -> str:
    return value if isinstance(value, str) else f"{value:,}"


def context() -> click.Context:
    return click.Context(train.command, help_option_names=["-h", "--help"])


def test_the_tables_are_those_of_the_command_and_the_configuration() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for name, made in (("options", options()), ("settings", settings()), ("choices", choices())):
        begin, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->"
        assert page.count(begin) == page.count(end) == 1
        before, _, rest = page.partition(begin)
        page = f"{before}{begin}\n{made}\n{end}{rest.partition(end)[2]}"
    if os.environ.get("GLASSFORMER_UPDATE_DOCS"):
        PAGE.write_text(page, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page, "see the first lines of this file"


@pytest.mark.parametrize("name", SETTINGS)
def test_every_setting_has_its_sentence(name: str) -> None:
    about = SETTINGS[name].metadata.get("about", "")
    assert len(about) > 10, (
        f"{name} is not explained: setting(default, about) in config/training.py"
    )
    assert f"| `{name}` | " in PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.opts[0])
def test_every_option_has_its_sentence(option: click.Option) -> None:
    assert option.help
    assert f"| `{option.opts[0]}" in PAGE.read_text(encoding="utf-8")


def commands() -> list[list[str]]:
    """Every command of ours on the page, from the verb on."""
    found = []
    for block in re.findall(r"```bash\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL):
        for line in block.replace("\\\n", " ").splitlines():
            words = shlex.split(line)
            found.append(words[words.index("glassformer") + 1 :])
    return found


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_every_command_on_the_page_is_one(words: list[str]) -> None:
    verb = {"train": train, "inspect": inspect}[words[0]].command
    verb.make_context(words[0], words[1:], help_option_names=["-h", "--help"])


def test_settings_that_the_text_names_exist(tmp_path: Path) -> None:
    text = PAGE.read_text(encoding="utf-8").partition("<!-- options -->")[0]
    for name in re.findall(r"`((?:text|model|training|dev)\.\w+)", text):
        assert name in SETTINGS or name == "training.json"
    (example,) = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    path = tmp_path / "settings.toml"
    path.write_text(example, encoding="utf-8")
    assignments = [a for a in re.findall(r"--set ([^`]+)`", text) if a != "section.name=value"]
    given = read_settings(path, [a.replace('"', "") for a in assignments])
    TrainingConfig.from_dict(given)
    assert len(assignments) >= 3
