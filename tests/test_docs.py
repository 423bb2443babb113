"""docs/commands.md is what the commands say of themselves.

Write it anew with: GLASSFORMER_UPDATE_DOCS=1 pytest tests/test_docs.py
"""

import os
from pathlib import Path

from click.testing import CliRunner

from glassformer.cli import VERBS, glassformer

PAGE = Path(__file__).parent.parent / "docs" / "commands.md"
INTRODUCTION = """# Commands

Data goes to stdout, everything else to stderr. No FILE, or `-`, is stdin or stdout; every text
input may be `.gz`. `--text TEXT` gives sentences in place of a file, and `inspect` takes its
sentence from stdin where none is given. The extension of `--output` chooses the format. Exit 0:
fine; 1: the input or the run failed; 2: wrong usage; 130: Ctrl-C; 143: SIGTERM. Layers and heads
are counted from 1, array indices from 0. Existing files are overwritten only with `--force`.

Help, messages and pictures are in English or Chinese: `--language en` or `zh`, by default the
language of the locale (`LC_ALL`, `LC_MESSAGES`, `LANG`). JSON and what is written for programs do
not depend on it.

Each command is one function call in Python: [python.md](python.md).
"""


def help_of(*arguments: str) -> str:
    result = CliRunner().invoke(
        glassformer, [*arguments, "--help"], prog_name="glassformer", terminal_width=90
    )
    assert result.exit_code == 0, result.output
    return result.output


def test_the_page_shows_the_help_of_every_command() -> None:
    page = INTRODUCTION + f"\n```text\n{help_of()}```\n"
    for verb in VERBS:
        page += f"\n## glassformer {verb}\n\n```text\n{help_of(verb)}```\n"
    if os.environ.get("GLASSFORMER_UPDATE_DOCS"):
        PAGE.write_text(page, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page, "see the first lines of this file"
