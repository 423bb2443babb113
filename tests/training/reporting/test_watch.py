"""Watching: when is recorded, what, that the training is not touched, and how it goes on."""

import copy
import itertools
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from models_for_tests import (
    SENTENCE,
    loaded,
    random_model,
    stack,
    tokenizer,
    translator_config,
    write_folder,
)

from glassformer.errors import GlassformerError, InputError, TraceError, TrainingError, UsageError
from glassformer.inspection.watch_file import FILE
from glassformer.model import positions
from glassformer.model.transformer import Transformer
from glassformer.text.tokenizer import Tokenizer
from glassformer.training.reporting import watch as module
from glassformer.training.reporting.watch import Watch, read_watch, watched_steps

TEXT = Tokenizer(tokenizer())
UPDATES = 7
ONE_TARGET = translator_config(tags=())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_folder(tmp_path / "model", ONE_TARGET)


def watching(folder: Path, model: Transformer, *sentences: str, updates: int = UPDATES) -> Watch:
    return Watch(folder, sentences or (SENTENCE,), model, TEXT, TEXT, [], updates)


# When


@given(st.integers(1, 10**7))
def test_steps_are_spaced_evenly_in_the_logarithm(max_updates: int) -> None:
    steps = sorted(watched_steps(max_updates))
    assert steps[0] == 0
    assert steps[1] == 1
    assert steps[-1] == max_updates
    assert len(steps) <= 26
    ratio = max_updates ** (1 / 24)
    for before, after in itertools.pairwise(steps[1:]):
        assert after - before == 1 or after / before < ratio * 1.35
    assert len(steps) >= min(max_updates + 1, 10)


def test_the_steps_of_a_training_never_change() -> None:
    steps = [0, 1, 2, 3, 4, 7, 9, 14, 20, 29, 42, 62, 89, 130, 189, 275, 400, 582, 846, 1230, 1789]
    assert sorted(watched_steps(8000)) == [*steps, 2601, 3783, 5501, 8000]
    assert sorted(watched_steps(1)) == [0, 1]


def test_nothing_is_recorded_at_other_updates(folder: Path) -> None:
    watch = watching(folder, random_model(ONE_TARGET), updates=10**6)
    other = next(update for update in range(10**6) if update not in watched_steps(10**6))
    watch(other)
    assert not (folder / FILE).exists()
    watch(1)
    watch(other)
    assert read_watch(folder).updates == (1,)


# What


def test_what_is_recorded_is_what_the_model_does(folder: Path) -> None:
    model = loaded(ONE_TARGET)
    watching(folder, model.model)(0)
    watched = read_watch(folder).at(0)
    translation = model.translate(SENTENCE, beam_size=1)
    trace = model.inspect(SENTENCE, target=translation.text)
    assert watched.translations == {"target": translation.to_json()}
    assert watched.source == trace.source
    assert watched.to == "target"
    again = model.inspect(SENTENCE)["encoder.layers.2.self_attention.weights"]
    recorded = watched["encoder.layers.2.self_attention.weights"]
    np.testing.assert_allclose(recorded, again, atol=1 / 255 + 1e-6)
    np.testing.assert_allclose(recorded.sum(axis=-1), 1.0, atol=1e-6)
    assert watched.target is not None
    assert watched.target.tokens[1:] == translation.tokens
    own = watched["decoder.layers.1.self_attention.weights"]
    assert (np.triu(own, 1) == 0.0).all()


def test_every_target_of_every_sentence_is_recorded(tmp_path: Path) -> None:
    config = translator_config()
    folder = write_folder(tmp_path / "model", config)
    watch = Watch(
        folder, [SENTENCE, "dog"], random_model(config), TEXT, TEXT, ["fr", "de", "zh"], 7
    )
    watch(0)
    for text in (SENTENCE, "dog"):
        for tag in ("fr", "de", "zh"):
            watched = read_watch(folder).at(0, text, tag)
            expected = loaded(config).translate(text, to=tag, beam_size=1)
            assert watched.translations[tag] == expected.to_json()
            assert watched.target is not None
            assert watched.target.tokens[0] == f"<{tag}>"


def test_the_article_s_sentence_takes_a_few_hundred_kilobytes(tmp_path: Path) -> None:
    sizes = {"num_heads": 4, "num_layers": 6, "d_model": 8, "max_positions": 16}
    config = translator_config(
        encoder=stack(**sizes), decoder=stack(**sizes), tags=(), shown_head=None
    )
    folder = write_folder(tmp_path / "model", config)
    model = Transformer(config)  # its translation has 15 tokens and never ends
    watch = watching(folder, model, updates=24)
    watch(0)
    size = (folder / FILE).stat().st_size * 25
    assert size < 600_000


def test_without_sentences_nothing_happens(folder: Path) -> None:
    watch = Watch(folder, [], random_model(ONE_TARGET), TEXT, TEXT, [], UPDATES)
    watch(0)
    watch.cut_back(0)
    assert not (folder / FILE).exists()


@pytest.mark.parametrize(
    ("sentences", "error", "said"),
    [
        ([" "], InputError, "watch: the text is blank"),
        (["dog " * 99], InputError, "watch: the text has .* at most 41"),
        (["é", "e\u0301"], UsageError, "given twice"),
    ],
)
def test_sentences_that_cannot_be_watched_are_refused_at_once(
    folder: Path, sentences: list[str], error: type[GlassformerError], said: str
) -> None:
    with pytest.raises(error, match=said):
        Watch(folder, sentences, random_model(ONE_TARGET), TEXT, TEXT, [], UPDATES)


# The training is not touched


@pytest.mark.parametrize("training", [True, False])
def test_neither_the_model_nor_chance_is_touched(folder: Path, training: bool) -> None:
    model = random_model(ONE_TARGET).requires_grad_(True).train(training)
    before = copy.deepcopy(model.state_dict())
    chance, noise = torch.get_rng_state(), np.random.get_state(legacy=False)["state"]["key"].copy()
    watching(folder, model)(0)
    assert all(module.training == training for module in model.modules())
    assert not any(module._forward_hooks for module in model.modules())
    assert all(parameter.requires_grad for parameter in model.parameters())
    assert all(parameter.grad is None for parameter in model.parameters())
    for name, weight in model.state_dict().items():
        assert torch.equal(weight, before[name])
    assert torch.equal(torch.get_rng_state(), chance)
    np.testing.assert_array_equal(np.random.get_state(legacy=False)["state"]["key"], noise)


def test_a_model_that_was_watched_before_its_first_step_still_learns(folder: Path) -> None:
    positions._table.cache_clear()  # whatever the watching computes first is used by the training
    model = random_model(ONE_TARGET).requires_grad_(True).train()
    watching(folder, model)(0)
    model(torch.tensor([[9, 10, 2]]), torch.tensor([[1, 9]])).sum().backward()
    assert all(parameter.grad is not None for parameter in model.parameters())


def test_dropout_is_off_while_watching(folder: Path) -> None:
    model = random_model(ONE_TARGET).train()
    files = []
    for _ in range(2):
        watching(folder, model)(0)
        files.append((folder / FILE).read_bytes())
        (folder / FILE).unlink()
    assert files[0] == files[1]


# A model that has lost its way


def spoiled(how: Callable[[torch.Tensor], object]) -> Transformer:
    model = random_model(ONE_TARGET)
    for weight in model.parameters():
        how(weight)
    return model


@pytest.mark.parametrize(
    "how",
    [
        lambda weight: weight.fill_(float("nan")),
        lambda weight: weight.fill_(float("inf")),
        lambda weight: weight.mul_(1e30),
    ],
)
def test_a_model_of_no_numbers_is_recorded_as_such(
    folder: Path, how: Callable[[torch.Tensor], object]
) -> None:
    watching(folder, spoiled(how))(0)
    with pytest.raises(
        TraceError, match=r"at update 0 no attention could be recorded: .* should equal"
    ):
        read_watch(folder).at(0)


def test_enormous_weights_are_recorded(folder: Path) -> None:
    watching(folder, spoiled(lambda weight: weight.mul_(1e4)))(0)
    weights = read_watch(folder).at(0)["encoder.layers.0.self_attention.weights"]
    np.testing.assert_allclose(weights.sum(axis=-1), 1.0, atol=1e-6)


def test_a_translation_that_never_ends_is_cut_off(folder: Path) -> None:
    model = random_model(ONE_TARGET)
    assert model.output is not None
    assert model.output.bias is not None
    model.output.bias[ONE_TARGET.end] = -1e9
    watching(folder, model)(0)
    target = read_watch(folder).at(0).target
    assert target is not None
    assert len(target.tokens) == 37  # as many as the decoder has positions


def test_a_translation_of_nothing_is_recorded(folder: Path) -> None:
    model = random_model(ONE_TARGET)
    assert model.output is not None
    assert model.output.bias is not None
    model.output.bias[ONE_TARGET.end] = 1e9
    watching(folder, model)(0)
    watched = read_watch(folder).at(0)
    assert watched.target is not None
    assert (watched.target.text, watched.target.tokens) == ("", ("<s>",))
    assert watched["decoder.layers.0.cross_attention.weights"].shape == (7, 1, 12)


# Going on


def learned(model: Transformer, update: int) -> None:
    """What stands for an update: weights that depend on its number."""
    generator = torch.Generator().manual_seed(update)
    for weight in model.parameters():
        weight.add_(0.1 * torch.randn(weight.shape, generator=generator))


def test_a_record_that_was_interrupted_becomes_that_of_a_training_that_was_not(
    folder: Path,
) -> None:
    model = random_model(ONE_TARGET)
    watch = watching(folder, model)
    watch(0)
    for update in range(1, UPDATES + 1):
        learned(model, update)
        watch(update)
        if update == 2:
            checkpoint = copy.deepcopy(model.state_dict())
    whole = (folder / FILE).read_bytes()
    (folder / FILE).unlink()

    model = random_model(ONE_TARGET)
    watch = watching(folder, model)
    watch(0)
    for update in range(1, 5):  # the last two of which are lost
        learned(model, update)
        watch(update)
    model.load_state_dict(checkpoint)
    watch = watching(folder, model)
    watch.cut_back(2)
    assert max(read_watch(folder).updates) == 2
    for update in range(3, UPDATES + 1):
        learned(model, update)
        watch(update)
    assert (folder / FILE).read_bytes() == whole


def test_beginning_again_replaces_what_is_there(folder: Path) -> None:
    model = random_model(ONE_TARGET)
    for update in (0, 1, 2):
        watching(folder, model)(update)
    watching(folder, model)(0)
    assert read_watch(folder).updates == (0,)


def test_a_record_of_other_sentences_is_not_gone_on_with(folder: Path) -> None:
    model = random_model(ONE_TARGET)
    watching(folder, model)(0)
    with pytest.raises(TrainingError, match="holds other sentences or target languages: remove it"):
        watching(folder, model, "dog")
    (folder / FILE).write_bytes(b"nothing")
    with pytest.raises(TrainingError, match=r"damaged.*remove it to resume"):
        watching(folder, model)


def test_a_record_is_there_whole_or_as_it_was(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = random_model(ONE_TARGET)
    watch = watching(folder, model)
    watch(0)
    before = (folder / FILE).read_bytes()

    def full(self: Path, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(GlassformerError, match="No space left"):
        watch(1)
    assert (folder / FILE).read_bytes() == before
    assert not [*folder.glob(".*.partial")]


def test_the_module_gives_what_its_users_need() -> None:
    assert {*module.__all__} == {"Watch", "WatchRecord", "read_watch", "watched_steps"}
