"""The two lesson notebooks: the same lesson in both languages, and it runs."""

import ast
import os
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

EXAMPLES = Path(__file__).parents[1] / "examples"
LESSONS = [EXAMPLES / "lesson.ipynb", EXAMPLES / "lesson.zh.ipynb"]
STOPS = range(1, 9)


def cells_of(lesson: Path) -> dict[str, Any]:
    """By their names, in order."""
    return {cell.id: cell for cell in nbformat.read(lesson, 4).cells}


def code_of(cells: dict[str, Any]) -> str:
    """Of all cells, in order."""
    return "\n".join(cell.source for cell in cells.values() if cell.cell_type == "code")


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_each_stop_has_an_exercise_and_its_answer(lesson: Path) -> None:
    cells = cells_of(lesson)
    parts = ("stop-{}", "exercise-{}", "answer-{}", "answer-{}-said")
    ours = [part.format(n) for n in STOPS for part in parts]
    assert [name for name in cells if name in ours] == ours
    for n in STOPS:
        assert cells[f"stop-{n}"].source.startswith(f"## {n} ")


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_it_is_kept_without_what_it_printed(lesson: Path) -> None:
    notebook = nbformat.read(lesson, 4)
    nbformat.validate(notebook)
    assert notebook.metadata.kernelspec.name == "python3"
    for cell in notebook.cells:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None


def test_both_have_the_same_code() -> None:
    """But for texts and comments."""

    def plain(source: str) -> str:
        tree = ast.parse(source)
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                node.value = ""
        return ast.dump(tree)

    english, chinese = map(cells_of, LESSONS)
    assert list(english) == list(chinese)
    for name, cell in english.items():
        assert chinese[name].cell_type == cell.cell_type
        if cell.cell_type == "code":
            assert plain(chinese[name].source) == plain(cell.source), name
        else:
            formulas = [re.findall(r"\$\$.*?\$\$", one[name].source) for one in (english, chinese)]
            assert formulas[0] == formulas[1], name


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_it_uses_what_all_may_use(lesson: Path) -> None:
    for node in ast.walk(ast.parse(code_of(cells_of(lesson)))):
        if isinstance(node, ast.Import):
            assert {one.name for one in node.names} <= {"glassformer", "numpy"}
        assert not isinstance(node, ast.ImportFrom)
        if isinstance(node, ast.Attribute):
            assert not node.attr.startswith("_"), node.attr


COMPUTED_AGAIN = {
    "positions": 1, "projections": 1, "four-steps": 2, "heads": 1, "add-norm": 1, "answer-5": 1
}  # fmt: skip
"""Cells whose last lines say how far what was computed again is from the trace, in so many."""
PICTURES = {
    "setup", "page", "positions", "projections", "four-steps", "heads", "answer-4", "add-norm",
    "representation", "decoder", "learning",
}  # fmt: skip

OWN = [
    ("a dog ate the food because it was hungry", "it"),
    ("The cat didn't cross the street because she was tired.", "she"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("lesson", "own"), [*zip(LESSONS, OWN, strict=True)], ids=["en", "zh"])
def test_it_runs_on_the_readers_own_sentence(lesson: Path, own: tuple[str, str]) -> None:
    notebook = nbformat.read(lesson, 4)
    (setup,) = [cell for cell in notebook.cells if cell.id == "setup"]
    for name, value in zip(("SENTENCE", "WORD"), own, strict=True):
        setup.source, count = re.subn(
            rf'(?m)^{name} = "[^"]*"', f'{name} = "{value}"', setup.source
        )
        assert count == 1
    client = NotebookClient(notebook, timeout=120, resources={"metadata": {"path": "/"}})
    client.execute(env={**os.environ, "OMP_NUM_THREADS": "1"})
    shown = set()
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        printed = [out.text for out in cell.outputs if out.output_type == "stream"]
        assert all(out.name == "stdout" for out in cell.outputs if out.output_type == "stream")
        for line in "".join(printed).splitlines()[-COMPUTED_AGAIN.get(cell.id, 0) :]:
            if cell.id in COMPUTED_AGAIN:
                assert float(re.split(r"[ ：]", line)[-1]) < 1e-4, (cell.id, line)
        shown |= {cell.id for out in cell.outputs if "text/html" in out.get("data", {})}
    assert shown == PICTURES
