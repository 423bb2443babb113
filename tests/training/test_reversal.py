"""Sequences are learned to be written backwards, and without positions they are not."""

import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import glassformer

EXAMPLE = Path(__file__).parents[2] / "examples" / "reversal.py"


@pytest.fixture(scope="module")
def reversal() -> ModuleType:
    spec = importlib.util.spec_from_file_location("reversal", EXAMPLE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_sequences_are_those_of_the_task(reversal: ModuleType) -> None:
    made = reversal.sequences(997, seed=2)
    assert {len(line) for line in made} == {*range(3, 10)}
    assert {symbol for line in made for symbol in line} == {*reversal.SYMBOLS}
    assert len({*reversal.SYMBOLS}) == 40
    assert reversal.sequences(997, seed=1) != made == reversal.sequences(997, seed=2)


@pytest.mark.filterwarnings("ignore:.*the translation repeats")  # as from so short a training
@pytest.mark.parametrize("positions", ["sinusoidal", "none"])
def test_nothing_is_learned_in_three_updates(
    positions: str, reversal: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert reversal.UNSEEN == 500
    monkeypatch.setattr(reversal, "UNSEEN", 31)
    assert reversal.learn(tmp_path, positions, pairs=211, updates=3) < 0.2
    model = glassformer.load(str(tmp_path / "model"))
    assert model.config.encoder.positions == positions
    pairs = [
        (tmp_path / f"dev.{name}").read_text().splitlines() for name in ("forwards", "backwards")
    ]
    assert len(pairs[0]) == 31
    assert [line[::-1] for line in pairs[0]] == pairs[1]


@pytest.mark.slow
@pytest.mark.parametrize("positions", ["sinusoidal", "none"])
def test_it_is_learned_with_positions_only(positions: str, tmp_path: Path) -> None:
    seen = subprocess.run(
        [sys.executable, str(EXAMPLE), str(tmp_path), "--positions", positions],
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert seen.returncode == 0, seen.stderr
    assert "also in dev" in seen.stderr  # so that unseen sequences were unseen
    found = re.fullmatch(r"(.+)% of 500 unseen sequences are reversed without.*\n", seen.stdout)
    assert found, seen.stdout
    share = float(found[1])
    assert share >= 99.5 if positions == "sinusoidal" else share < 20.0
