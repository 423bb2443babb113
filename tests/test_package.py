"""What is published: the readme of the package index, the addresses, wheel and sdist."""

import importlib.util
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

import glassformer

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PLACES_OF_ADDRESSES = ["CITATION.cff", "SECURITY.md", "CHANGELOG.md", ".github"]
"""Where addresses of the project may stand, beside pyproject.toml."""
MODEL = "src/glassformer/pretrained/en_fr_de_zh/weights.safetensors"


@pytest.fixture(scope="module")
def hook() -> ModuleType:
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_without_an_address_the_readme_keeps_the_words_of_its_links(hook: ModuleType) -> None:
    text = "**a** [page](docs/a.md), [one](https://b.org), [here](#c)\n![A line](d.svg)\n"
    assert hook.for_the_index(text, None, "1.2") == (
        "**a** page, [one](https://b.org), [here](#c)\n*A line*\n"
    )


def test_with_an_address_the_readme_links_to_the_version(hook: ModuleType) -> None:
    text = "[page](docs/a.md)\n![A line](d.svg)\n"
    assert hook.for_the_index(text, "https://host/us/", "1.2") == (
        "[page](https://host/us/blob/v1.2/docs/a.md)\n![A line](https://host/us/raw/v1.2/d.svg)\n"
    )


@pytest.mark.parametrize("source", [None, "https://host/us"])
def test_nothing_relative_is_left_in_our_readme(hook: ModuleType, source: str | None) -> None:
    ours = (ROOT / "README.md").read_text(encoding="utf-8")
    targets = re.findall(r"\]\(([^)]*)\)", hook.for_the_index(ours, source, "1.2"))
    assert targets
    assert all(target.startswith("https://") for target in targets)


def test_the_address_of_the_project_stands_in_one_place() -> None:
    """Whatever else names a place where sources are kept names that one."""
    files = [ROOT / name for name in PLACES_OF_ADDRESSES]
    files += [path for folder in files for path in folder.rglob("*") if path.is_file()]
    text = "".join(path.read_text(encoding="utf-8") for path in files if path.is_file())
    named = {*re.findall(r"https?://(?:git|codeberg)[\w.]*/[\w.-]+/[\w.-]+", text)}
    assert named <= {*PROJECT["urls"].values()}


def test_the_version_is_the_one_that_is_cited() -> None:
    assert f"\nversion: {glassformer.__version__}\n" in (ROOT / "CITATION.cff").read_text(
        encoding="utf-8"
    )


def test_every_python_is_named_and_tested() -> None:
    named = {x.rpartition(" ")[2] for x in PROJECT["classifiers"] if ":: 3." in x}
    workflow = (ROOT / ".github" / "workflows" / "tests.yml").read_text(encoding="utf-8")
    tested = re.search(r"python: \[(.*)\]", workflow)
    assert tested is not None
    assert {*re.findall(r"3\.\d+", tested[1])} == named
    assert PROJECT["requires-python"] == f">={min(named, key=lambda x: int(x[2:]))}"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The sdist, and the wheel that is made from it; without network."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    (sdist,) = folder.glob("*.tar.gz")
    (wheel,) = folder.glob("*.whl")
    return sdist, wheel


@pytest.mark.slow
def test_the_sdist_is_complete(built: tuple[Path, Path]) -> None:
    with tarfile.open(built[0]) as file:
        found = {name.partition("/")[2] for name in file.getnames()}
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, encoding="utf-8")
    # In an unpacked sdist, what is there is what was packed.
    names = tracked.stdout.split() or [*found - {"PKG-INFO"}]
    assert MODEL in names
    assert {name for name in names if (ROOT / name).exists()} <= found
    assert built[0].stat().st_size < 25e6


@pytest.mark.slow
def test_the_wheel_is_all_that_is_needed(built: tuple[Path, Path], tmp_path: Path) -> None:
    with zipfile.ZipFile(built[1]) as file:
        file.extractall(tmp_path)
        names = {name for name in file.namelist() if ".dist-info/" not in name}
    assert {name.partition("/")[0] for name in names} == {"glassformer"}
    assert MODEL.removeprefix("src/") in names
    assert built[1].stat().st_size < 25e6
    command = [sys.executable, "-m", "glassformer", "inspect", "a dog", "--word", "dog"]
    said = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8", check=True)
    assert "Attention  encoder" in said.stdout
