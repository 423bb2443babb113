"""A corpus that was read once: the same pairs come back, as often as they are asked for."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glassformer.training.corpus.pairs import Pair, PairFiles
from glassformer.training.corpus.prepared import PreparedPairs

FILES = (PairFiles(Path("a.tsv"), tag="fr"), PairFiles(Path("b.en"), Path("b.de"), tag="de"))
LINES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n"))


@given(st.lists(st.tuples(LINES, LINES, st.sampled_from(FILES)), max_size=7))
def test_every_pair_comes_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, PairFiles]]
) -> None:
    pairs = [Pair(s, t, files.tag, 3 * n, files) for n, (s, t, files) in enumerate(rows)]
    path = tmp_path_factory.mktemp("prepared") / "pairs.jsonl"
    prepared = PreparedPairs.write(path, FILES, iter(pairs))
    for _ in range(2):
        assert list(prepared.to_learn_from()) == pairs
    assert list(prepared.to_measure_on()) == []


def test_what_is_held_out_is_apart(tmp_path: Path) -> None:
    pairs = [Pair(f"s {n // 2}", f"t {n}", "fr", n, FILES[0]) for n in range(1009)]
    prepared = PreparedPairs.write(tmp_path / "pairs.jsonl", FILES, pairs)
    held = prepared.hold_out()
    learned, measured = list(prepared.to_learn_from()), list(prepared.to_measure_on())
    assert held == prepared.held_out
    assert len(measured) == held.pairs == 100
    assert sorted([*learned, *measured], key=lambda pair: pair.line) == pairs
    assert not {pair.source for pair in learned} & {pair.source for pair in measured}
