"""The types of the page's modules, written in their comments, hold."""

import subprocess
from pathlib import Path

import pytest
from node_for_tests import WITHOUT, tsc

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
@pytest.mark.skipif(tsc() is None, reason=f"typescript: {WITHOUT}")
def test_the_types_of_the_page_hold() -> None:
    compiler = tsc()
    assert compiler is not None
    said = subprocess.run(
        [compiler, "--project", "tsconfig.json"], cwd=ROOT, capture_output=True, encoding="utf-8"
    )
    assert said.returncode == 0, said.stdout


@pytest.mark.slow
@pytest.mark.skipif(tsc() is None, reason=f"typescript: {WITHOUT}")
def test_a_wrong_type_in_a_comment_is_found(tmp_path: Path) -> None:
    compiler = tsc()
    assert compiler is not None
    config = (ROOT / "tsconfig.json").read_text(encoding="utf-8")
    asked = "src/glassformer/drawing/assets/*.js"
    assert asked in config
    (tmp_path / "tsconfig.json").write_text(config.replace(asked, "*.js"), encoding="utf-8")
    source = "/** @param {number} n */\nexport const half = (n) => n / 2;\nhalf('a');\n"
    (tmp_path / "wrong.js").write_text(source, encoding="utf-8")
    said = subprocess.run(
        [compiler, "--project", "tsconfig.json"],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
    )
    assert "wrong.js(3,6): error TS2345" in said.stdout
