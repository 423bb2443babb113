"""What .ci/run does with skipped tests."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

CI = Path(__file__).parents[1] / ".ci"


@pytest.fixture(scope="module")
def skips() -> ModuleType:
    spec = importlib.util.spec_from_file_location("skips", CI / "skips.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_skip_outside_of_the_list_is_found(skips: ModuleType) -> None:
    permitted = skips.allowed("# why\n\ntests/a.py::one # for root\ntests/a.py::two[x]\n")
    assert permitted == {"tests/a.py::one", "tests/a.py::two[x]"}
    skipped = ["tests/a.py::one[1]", "tests/a.py::two[x]", "tests/a.py::two[y]", "tests/b.py"]
    assert skips.unexpected(skipped, permitted) == ["tests/a.py::two[y]", "tests/b.py"]


def test_every_test_in_the_list_exists(skips: ModuleType) -> None:
    for one in skips.allowed((CI / "allowed-skips.txt").read_text(encoding="utf-8")):
        path, _, name = one.partition("::")
        text = (CI.parent / path).read_text(encoding="utf-8")
        assert f"\ndef {name.partition('[')[0]}(" in text, one
