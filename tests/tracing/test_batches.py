"""Sentences recorded together: each trace is the one that the sentence has alone."""

import weakref
from collections.abc import Iterator, Sequence

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from models_for_tests import encoder_config, random_model, translator_config
from narrowing import part_of, present
from strategies import Case, build, cases, examples
from torch import Tensor, nn

from glassformer.errors import TraceError, UsageError
from glassformer.model.attention import MultiHeadAttention
from glassformer.model.padding import Batch
from glassformer.model.transformer import Transformer
from glassformer.tracing import recorder as recording
from glassformer.tracing.recorder import Recorded, Recorder
from glassformer.tracing.selection import Selection, select
from glassformer.tracing.steps import Side, steps_of

SOURCES = [[5, 6, 7, 8, 9], [5, 6], [7, 8, 5, 6, 9, 11, 12], [5]]
TARGETS = [[4, 9, 3], [4, 9, 3, 11, 12, 9], [4], [4, 5]]
WEIGHTS = "encoder.layers.*.self_attention.weights"


def alone(model: Transformer, source: Sequence[int], target: Sequence[int] | None) -> Recorded:
    tokens = None if target is None else torch.tensor([target])
    return Recorder(model).record(torch.tensor([source]), tokens)


def assert_close(together: Recorded, alone: Recorded) -> None:
    assert [*together] == [*alone]
    for name, expected in alone.items():
        found = together[name]
        assert found.dtype == expected.dtype, name
        assert found.shape == expected.shape, name
        if not found.is_floating_point():
            assert torch.equal(found, expected), name
            continue
        bound = 1e-5 * max(1.0, float(expected.abs().max()))
        torch.testing.assert_close(found, expected, rtol=0, atol=bound, msg=name)


@examples(6)
@given(case=cases(), lengths=st.lists(st.integers(1, 13), min_size=2, max_size=3), data=st.data())
def test_any_company_leaves_a_trace_as_it_is(
    case: Case, lengths: list[int], data: st.DataObject
) -> None:
    model = build(case.config, torch.float32, case.seed)
    tokens = st.integers(0, case.config.encoder.vocabulary - 1)
    sources = [[data.draw(tokens) for _ in range(length)] for length in lengths]
    targets = None
    if case.config.decoder is not None:
        tokens = st.integers(0, case.config.decoder.vocabulary - 1)
        sizes = [data.draw(st.integers(1, 13)) for _ in lengths]
        targets = [[data.draw(tokens) for _ in range(size)] for size in sizes]
    together = Recorder(model).record_batch(sources, targets)
    for index, source in enumerate(sources):
        target = None if targets is None else targets[index]
        assert_close(together[index], alone(model, source, target))


def test_a_sentence_alone_is_bit_for_bit_what_a_single_pass_gives() -> None:
    model = random_model(translator_config())
    expected = alone(model, SOURCES[0], TARGETS[0])
    (found,) = Recorder(model).record_batch(SOURCES[:1], TARGETS[:1])
    assert {*found} == {*expected}
    assert all(torch.equal(found[name], expected[name]) for name in expected)


def test_keys_of_padding_get_nothing_and_are_cut_off() -> None:
    model = random_model(translator_config())
    for number, recorded in enumerate(Recorder(model).record_batch(SOURCES, TARGETS)):
        n, m = len(SOURCES[number]), len(TARGETS[number])
        for layer in range(2):
            cross = recorded[f"decoder.layers.{layer}.cross_attention.weights"]
            own = recorded[f"decoder.layers.{layer}.self_attention.weights"]
            assert cross.shape == (7, m, n)
            assert own.shape == (7, m, m)
            torch.testing.assert_close(cross.sum(-1), torch.ones(7, m))  # nothing was cut off
            torch.testing.assert_close(own.sum(-1), torch.ones(7, m))
            assert torch.equal(own, own.tril())
        for layer in range(3):
            weights = recorded[f"encoder.layers.{layer}.self_attention.weights"]
            torch.testing.assert_close(weights.sum(-1), torch.ones(2, n))


def test_no_sentence_is_an_empty_list() -> None:
    recorder = Recorder(random_model(encoder_config()))
    assert recorder.record_batch([]) == []
    assert list(recorder.record_stream([])) == []


def test_each_source_needs_its_target() -> None:
    recorder = Recorder(random_model(translator_config()))
    with pytest.raises(UsageError, match="4 sources and 2 targets"):
        recorder.record_batch(SOURCES, TARGETS[:2])
    with pytest.raises(UsageError, match="either all sentences have a target"):
        list(recorder.record_stream([(SOURCES[0], TARGETS[0]), (SOURCES[1], None)]))
    with pytest.raises(UsageError, match="either all sentences have a target"):
        list(recorder.record_stream([(SOURCES[0], None), (SOURCES[1], TARGETS[1])]))


# The self-check


class Lying(nn.Module):
    """A kernel that is wrong about one sentence of a batch."""

    def __init__(self, true: nn.Module, row: int) -> None:
        super().__init__()
        self.true = true
        self.row = row

    def forward(self, *given: Tensor | None) -> Tensor:
        context: Tensor = self.true(*given).clone()
        context[self.row, 1, 0] *= 1.1
        return context


@pytest.mark.parametrize("row", range(4))
@pytest.mark.parametrize(
    "module", ["encoder.layers.1.self_attention", "decoder.layers.0.cross_attention"]
)
def test_every_sentence_is_checked_and_named(module: str, row: int) -> None:
    model = random_model(translator_config())
    attention = part_of(model, module, MultiHeadAttention)
    attention.register_module("attend", Lying(attention.attend, row))
    with pytest.raises(TraceError, match=f"^text {row + 1}: {module}: the derived weights"):
        Recorder(model).record_batch(SOURCES, TARGETS)
    with pytest.raises(TraceError, match=f"^line {row}: {module}: the derived weights"):
        Recorder(model).record_batch(SOURCES, TARGETS, name=lambda index: f"line {index}")
    with pytest.raises(TraceError, match=f"^{module}: the derived weights"):
        Recorder(model).record_batch(SOURCES, TARGETS, name=None)


def test_a_stream_names_the_sentence_by_its_place_in_the_stream() -> None:
    model = random_model(encoder_config())
    attention = part_of(model, "encoder.layers.0.self_attention", MultiHeadAttention)
    attention.register_module(
        "attend", Lying(attention.attend, 0)
    )  # the longest, which comes first in its batch
    with pytest.raises(TraceError, match=r"^text 3: "):
        list(Recorder(model).record_stream((source, None) for source in SOURCES))


def test_attention_to_padding_is_found_out() -> None:
    model = random_model(encoder_config())
    kernel = model.get_submodule("encoder.layers.2.self_attention.attend")
    kernel.register_forward_pre_hook(lambda _, given: (*given[:3], None))
    with pytest.raises(
        TraceError, match=r"^text 1: encoder\.layers\.2\.self_attention: the derived"
    ):
        Recorder(model).record_batch(SOURCES)


# Only some steps


def test_names_and_patterns_keep_these_steps_only() -> None:
    model = random_model(translator_config())
    full = alone(model, SOURCES[0], TARGETS[0])
    recorder = Recorder(model)
    for names in (["encoder"], [WEIGHTS, "logits"], ["probabilities"], ["*.mask"], "source.tokens"):
        found = recorder.record(torch.tensor(SOURCES[:1]), torch.tensor(TARGETS[:1]), names=names)
        config = model.config
        assert [*found] == [s.name for s in select(config, names, with_target=True).kept]
        assert all(torch.equal(found[name], full[name]) for name in found)
    assert [*recorder.record(torch.tensor(SOURCES[:1]), names=WEIGHTS)] == [
        f"encoder.layers.{layer}.self_attention.weights" for layer in range(3)
    ]


def test_names_change_no_number_of_a_batch() -> None:
    model = random_model(translator_config())
    recorder = Recorder(model)
    full = recorder.record_batch(SOURCES, TARGETS)
    some = recorder.record_batch(SOURCES, TARGETS, names=["*.cross_attention.*", "decoder"])
    again = recorder.record_batch(SOURCES, TARGETS)
    for sentence, kept, repeated in zip(full, some, again, strict=True):
        assert 0 < len(kept) < len(sentence)
        assert all(torch.equal(kept[name], sentence[name]) for name in kept)
        assert all(torch.equal(repeated[name], sentence[name]) for name in sentence)


def hooks(model: nn.Module) -> Iterator[object]:
    for module in model.modules():
        yield from module._forward_hooks.values()


def test_only_what_is_needed_is_hooked_and_run() -> None:
    model = random_model(translator_config())
    ran: list[str] = []
    present(model.decoder).register_forward_hook(lambda *_: ran.append("decoder"))
    present(model.output).register_forward_hook(lambda *_: ran.append("output"))
    recorder = Recorder(model)
    recorder.record_batch(SOURCES, TARGETS, names=["encoder.layers.1.self_attention.weights"])
    assert ran == []
    own = len([*hooks(model)])
    assert len([*hooks(present(recorder._tree))]) - own == 5  # query, key, value, context, mask
    recorder.record_batch(SOURCES, TARGETS, names=["decoder.layers.0"])
    assert ran == ["decoder"]
    assert len([*hooks(present(recorder._tree))]) - own == 1
    recorder.record_batch(SOURCES, TARGETS, names=["probabilities"])
    assert ran == ["decoder", "decoder", "output"]


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["encoder.layers.*.self_attention.weight"], r"did you mean .*\.self_attention\.weights"),
        (["encoder.layers.0.self_attention.wieghts"], r"self_attention\.weights"),
        (["encoder", "decoder"], "names=.decoder. is a step of the target side, but no target"),
        (
            ["!"],
            r"names=.!. matches no step of this model; examples of its steps are source\.tokens",
        ),
        ([], "must name at least one step"),
    ],
)
def test_names_that_match_nothing_are_refused(names: list[str], message: str) -> None:
    recorder = Recorder(random_model(translator_config()))
    with pytest.raises(UsageError, match=message):
        recorder.record_batch(SOURCES, names=names)
    with pytest.raises(UsageError, match=message):
        recorder.record_stream([(SOURCES[0], None)], names=names)


# Streams


def test_a_stream_gives_the_same_in_order_whatever_the_batches(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    model = random_model(translator_config())
    pairs = [(SOURCES[n % 4], TARGETS[n * 3 % 4]) for n in range(9)]
    expected = [alone(model, *pair) for pair in pairs]
    monkeypatch.setattr(recording, "WINDOW_TEXTS", 5)
    for batch_numbers in (1, 1 << 23):
        stream = Recorder(model).record_stream(iter(pairs), batch_numbers=batch_numbers)
        for found, single in zip(stream, expected, strict=True):
            assert_close(found, single)


def test_a_batch_holds_no_more_numbers_than_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    model = random_model(encoder_config())
    sizes: list[tuple[int, int]] = []
    run = Recorder._run

    def counting(self: Recorder, selection: Selection, sides: dict[Side, Batch]) -> None:
        ids = sides["source"].ids
        lengths: dict[Side, int] = {"source": ids.shape[1], "target": 0}
        sizes.append((len(ids), len(ids) * selection.numbers(model.config, lengths)))
        run(self, selection, sides)

    monkeypatch.setattr(Recorder, "_run", counting)
    pairs = [([5] * (1 + n % 17), None) for n in range(60)]
    list(Recorder(model).record_stream(pairs, names=[WEIGHTS], batch_numbers=9000))
    assert sum(number for number, _ in sizes) == 60
    assert all(numbers <= 9000 or number == 1 for number, numbers in sizes)
    assert len(sizes) < 35


def test_what_a_selection_holds_is_counted_as_it_is() -> None:
    model = random_model(translator_config())
    recorder = Recorder(model)
    lengths: dict[Side, int] = {"source": 5, "target": 3}
    everything = select(model.config, None, with_target=True)
    recorded = recorder.record(torch.tensor(SOURCES[:1]), torch.tensor(TARGETS[:1]))
    assert everything.numbers_kept(model.config, lengths) == sum(
        tensor.numel() for tensor in recorded.values()
    )
    assert {step.name for step in everything.kept} == {
        step.name for step in steps_of(model.config, with_target=True)
    }


def test_a_stream_does_not_keep_what_was_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording, "WINDOW_TEXTS", 4)
    model = random_model(encoder_config())
    seen: list[weakref.ref[Recorded]] = []
    pairs = (([5, 6, 7], None) for _ in range(40))
    for recorded in Recorder(model).record_stream(pairs, names=["encoder"]):
        seen.append(weakref.ref(recorded))
        assert sum(one() is not None for one in seen) <= 8
        del recorded


def test_a_stream_reads_no_further_ahead_than_it_has_to(monkeypatch: pytest.MonkeyPatch) -> None:
    model = random_model(encoder_config())
    numbers = select(model.config, [WEIGHTS], with_target=False).numbers_kept(
        model.config, {"source": 3, "target": 0}
    )
    monkeypatch.setattr(recording, "WINDOW_NUMBERS", 5 * numbers)
    read = []

    def pairs() -> Iterator[tuple[list[int], None]]:
        for number in range(20):
            read.append(number)
            yield [5, 6, 7], None

    stream = Recorder(model).record_stream(pairs(), names=[WEIGHTS])
    next(stream)
    assert len(read) == 5
