"""Two texts read as one: the rows of their token types in traces, alone, in company and saved."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from models_for_tests import encoder_config, numbered, random_model, stack

from glassformer.errors import UsageError
from glassformer.inspection.trace import Trace
from glassformer.tracing.recorder import Recorder
from glassformer.views import Sentence

CONFIG = encoder_config(encoder=stack(token_types=2, embedding_norm=True, positions="learned"))
SOURCES = [[5, 6, 7, 8, 9], [7, 8, 5], [9, 6, 5, 8]]
TYPES = [[0, 0, 1, 1, 1], None, [0, 1, 1, 1]]
NAME = "encoder.embedding.token_types"


def pair(ids: list[int], type_ids: list[int]) -> Sentence:
    data = numbered(ids).to_json()
    return Sentence.from_json({**data, "pair": "the second", "type_ids": type_ids})


def traced() -> Trace:
    model = random_model(CONFIG)
    tensors = Recorder(model).record(torch.tensor(SOURCES[:1]), type_ids=torch.tensor(TYPES[:1]))
    source = pair(SOURCES[0], TYPES[0] or [])
    return Trace(tensors, config=CONFIG, source=source, model=model)


def test_a_trace_has_the_row_of_each_type() -> None:
    trace = traced()
    table = trace.parameter(f"{NAME}.weight")
    np.testing.assert_array_equal(trace[NAME], table[[0, 0, 1, 1, 1]])


def test_each_cell_is_explained_from_the_row_of_its_token() -> None:
    trace = traced()
    for name in (NAME, "encoder.embedding.sum", "encoder.embedding"):
        for position in range(len(SOURCES[0])):
            explained = trace.explain(name, (position, 3))
            assert explained.recomputed == pytest.approx(explained.value, abs=1e-5)
    explained = trace.explain(NAME, (2, 3))
    assert explained.operands["row"] == 1
    assert explained.formula == "token_types[type]"
    assert "learned table, row 1, feature 3" in str(explained)
    assert trace.explain(NAME, (1, 3)).operands["row"] == 0


def test_a_traced_pass_is_the_untraced_one_bit_for_bit() -> None:
    model = random_model(CONFIG)
    expected = model.encode(torch.tensor(SOURCES[:1]), type_ids=torch.tensor(TYPES[:1]))[0]
    assert torch.equal(traced().tensor("encoder"), expected)


def test_pairs_and_single_texts_are_recorded_together() -> None:
    recorder = Recorder(random_model(CONFIG))
    stream = recorder.record_stream(zip(SOURCES, [None] * 3, TYPES, strict=True))
    together = recorder.record_batch(SOURCES, type_ids=TYPES)
    for one, other, ids, types in zip(together, stream, SOURCES, TYPES, strict=True):
        tensor = None if types is None else torch.tensor([types])
        alone = recorder.record(torch.tensor([ids]), type_ids=tensor)
        assert [*one] == [*alone] == [*other]
        for name, expected in alone.items():
            for found in (one[name], other[name]):
                bound = 1e-5 * max(1.0, float(expected.abs().max()))
                torch.testing.assert_close(found, expected, rtol=0, atol=bound)


def test_a_model_without_types_records_no_pair() -> None:
    recorder = Recorder(random_model(encoder_config(encoder=stack(token_types=1))))
    with pytest.raises(UsageError, match="has 1 token types"):
        recorder.record(torch.tensor(SOURCES[:1]), type_ids=torch.tensor(TYPES[:1]))


def test_a_saved_trace_remembers_the_types(tmp_path: Path) -> None:
    trace = traced()
    trace.save(tmp_path / "pair.safetensors")
    saved = json.loads((tmp_path / "pair.json").read_text(encoding="utf-8"))
    assert saved["schema"] == "glassformer.trace/1"
    assert saved["source"]["pair"] == "the second"
    assert saved["source"]["type_ids"] == TYPES[0]
    again = Trace.load(tmp_path / "pair.safetensors", model=random_model(CONFIG))
    assert again.source == trace.source
    assert again.explain(NAME, (2, 3)).recomputed == trace.explain(NAME, (2, 3)).recomputed


def test_a_saved_trace_of_one_text_is_as_it_was_and_all_of_type_0(tmp_path: Path) -> None:
    model = random_model(CONFIG)
    tensors = Recorder(model).record(torch.tensor(SOURCES[:1]))
    trace = Trace(tensors, config=CONFIG, source=numbered(SOURCES[0]), model=model)
    trace.save(tmp_path / "one.safetensors")
    saved = json.loads((tmp_path / "one.json").read_text(encoding="utf-8"))
    assert [*saved["source"]] == ["text", "tokens", "special", "words", "word_of_token"]
    again = Trace.load(tmp_path / "one.safetensors", model=model)
    assert [again.explain(NAME, (place, 3)).operands["row"] for place in range(5)] == [0] * 5
