"""What depends on the weights of the model in the box is of these weights: docs/made.json says so.

After new weights, or where a page is to look otherwise: python docs/remake.py
"""

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType
from typing import get_args

import pytest

import glassformer
from glassformer.requests.inspection import ViewName

DOCS = Path(__file__).parents[1] / "docs"


def script(name: str) -> ModuleType:
    """A script of docs/ as a module."""
    spec = importlib.util.spec_from_file_location(f"docs_{name}", DOCS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up there
    spec.loader.exec_module(module)
    return module


remake, gallery, box_scores = script("remake"), script("gallery"), script("box_scores")


def test_nothing_is_stale() -> None:
    assert not remake.stale(), "\n".join(remake.stale().values())


def test_what_was_made_with_other_weights_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remake, "model", lambda: "another")
    assert {*remake.stale()} == {*remake.EVERYTHING}
    for name, reason in remake.stale().items():
        assert f"remake.py {name}" in reason or f"--measured {name}" in reason


def test_a_file_that_was_changed_by_hand_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    known = remake.noted()
    known["gallery"]["files"]["docs/gallery.md"] = "0"
    monkeypatch.setattr(remake, "noted", lambda: known)
    assert [*remake.stale()] == ["gallery"]


def test_the_tables_have_the_scores_that_were_measured() -> None:
    for path, text in box_scores.pages().items():
        assert path.read_text(encoding="utf-8") == text


def test_a_table_without_its_row_is_told() -> None:
    with pytest.raises(ValueError, match=r"README\.md has 0 rows"):
        box_scores.filled("README.md", "# Nothing", box_scores.read())


def test_every_file_of_the_model_counts() -> None:
    there = {path.name for path in remake.BOX.iterdir()}
    assert there - {*remake.MODEL_FILES} == {"card.md", "source.json"}


def test_the_gallery_has_every_picture_and_its_files() -> None:
    page = gallery.PAGE.read_text(encoding="utf-8")
    assert page == gallery.page()
    shown = {one.arguments[one.arguments.index("--view") + 1] for one in gallery.PICTURES
             if "--view" in one.arguments}  # fmt: skip
    assert {*get_args(ViewName)} - shown == {"matrix"}  # which --tensor asks for
    assert any("--tensor" in one.arguments for one in gallery.PICTURES)
    assert {path.stem for path in gallery.IMAGES.glob("*")} == {x.name for x in gallery.PICTURES}
    for one in gallery.PICTURES:
        assert one.use.endswith(".")
        assert one.use.count(". ") == 0


@pytest.mark.parametrize(
    "name",
    [
        one.name
        if one.name in ("word", "structure")
        else pytest.param(one.name, marks=pytest.mark.slow)
        for one in gallery.PICTURES
    ],
)
def test_a_picture_of_the_gallery_is_what_its_command_and_its_python_draw(
    name: str, tmp_path: Path
) -> None:
    (one,) = (one for one in gallery.PICTURES if one.name == name)
    gallery.draw(one, tmp_path / "it.svg")
    report = glassformer.report(one.sentence, **one.keywords)
    report.picture().save(tmp_path / "python.svg")
    assert (tmp_path / "python.svg").read_bytes() == (tmp_path / "it.svg").read_bytes()
    pictures = [path.read_text(encoding="utf-8") for path in (one.path, tmp_path / "it.svg")]
    # Machines differ in the last digits of a weight, and so in the name made of the content.
    for pattern in (r"g[0-9a-f]{10}", r"(?<=\.\d{3})\d+"):
        pictures = [re.sub(pattern, "", picture) for picture in pictures]
    assert pictures[0] == pictures[1]
