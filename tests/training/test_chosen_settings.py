"""What is chosen for corpora of different sizes, and that nobody's own choice is touched."""

import dataclasses
import os
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from narrowing import present

from glassformer.config import PRESETS, ModelConfig, TrainingConfig
from glassformer.config.training import settings_of
from glassformer.training import chosen_settings as module
from glassformer.training.chosen_settings import Corpus, choose, choose_vocabulary, with_chosen

CPU = torch.device("cpu")
CAPTIONS = Corpus(pairs=29_000, source_words=377_000, target_words=360_000, target_tokens=430_000)
"""Multi30k: its training pairs, about 13 words each."""

SENTENCES = st.integers(1, 10**9)


def corpus(pairs: int) -> Corpus:
    """One of sentences with 20 words and 25 tokens."""
    return Corpus(pairs, 20 * pairs, 20 * pairs, 25 * pairs)


def chosen(some: Corpus, device: torch.device = CPU, **given: dict[str, Any]) -> TrainingConfig:
    """The configuration when everything open has been chosen."""
    config = TrainingConfig.from_dict(given)
    config = with_chosen(config, choose_vocabulary(config, some))
    return with_chosen(config, choose(config, some, device, None))


# The rules


def test_captions_get_the_recipe_that_was_published_for_them() -> None:
    """Wu et al. (2021): d_model 128, 4 + 4 layers, d_ff 256, dropout 0.3, rate 0.005, 8,000
    updates of 4,096 tokens."""
    config = chosen(CAPTIONS)
    model, training = config.model, config.training
    assert (model.d_model, model.num_heads, model.d_ff) == (128, 4, 256)
    assert (model.encoder_layers, model.decoder_layers, model.dropout) == (4, 4, 0.3)
    assert training.learning_rate == pytest.approx(0.005, rel=0.05)
    assert training.max_updates == pytest.approx(8000, rel=0.1)
    assert training.batch_tokens == 4096
    assert training.warmup == pytest.approx(2000, rel=0.1)
    assert config.text.vocabulary == pytest.approx(8000, rel=0.2)


def test_millions_of_sentences_get_the_base_model() -> None:
    """Vaswani et al. (2017), sections 5 and 5.4, of 4.5 million pairs."""
    config = chosen(corpus(4_500_000))
    base = ModelConfig.preset("base", vocabulary=31).encoder
    assert (config.model.d_model, config.model.d_ff) == (base.d_model, base.d_ff)
    assert config.model.dropout == 0.1
    assert config.training.batch_tokens == 25_000
    assert config.training.warmup == 4000
    assert config.training.learning_rate == pytest.approx((512 * 4000) ** -0.5, rel=0.05)
    assert config.text.vocabulary == 32_000


@given(SENTENCES, SENTENCES)
def test_more_text_never_means_less_of_anything_but_dropout(one: int, other: int) -> None:
    small, large = sorted((one, other))
    before, after = chosen(corpus(small)), chosen(corpus(large))

    def tokens(config: TrainingConfig) -> int:
        return present(config.training.max_updates) * present(config.training.batch_tokens)

    assert present(before.text.vocabulary) <= present(after.text.vocabulary)
    assert present(before.model.d_model) <= present(after.model.d_model)
    assert present(before.model.encoder_layers) <= present(after.model.encoder_layers)
    assert present(before.model.dropout) >= present(after.model.dropout)
    assert present(before.training.batch_tokens) <= present(after.training.batch_tokens)
    assert present(before.training.learning_rate) >= present(after.training.learning_rate)
    assert tokens(before) <= tokens(after) * 1.1  # two leading digits
    passes = [tokens(c) / (25 * pairs) for c, pairs in ((before, small), (after, large))]
    if present(before.training.max_updates) > 1000:  # the fewest that are made of anything
        assert passes[0] >= passes[1] / 1.1
    assert passes[1] >= 4 / 1.05 * (1 - 1e-9)  # 10.5 becomes 10 where two digits lead


@given(SENTENCES)
def test_whatever_the_size_nothing_stays_open_and_all_of_it_is_possible(pairs: int) -> None:
    config = chosen(corpus(pairs))
    left = {name for name, _ in settings_of(config) if _value(config, name) is None}
    assert left == {"dev.bleu_tokenize"}
    training = config.training
    assert 300 < present(config.text.vocabulary) <= 32_000
    assert 0 < present(training.warmup) < present(training.max_updates)
    assert 1 <= present(training.checkpoint_every) <= present(training.evaluate_every)
    assert present(training.max_updates) / present(training.checkpoint_every) >= 10
    ModelConfig.preset(present(config.model.preset), vocabulary=present(config.text.vocabulary))


def test_a_handful_of_pairs_can_be_trained_on() -> None:
    config = chosen(Corpus(pairs=1, source_words=0, target_words=0, target_tokens=1))
    assert config.text.vocabulary == 500
    assert config.training.max_updates == 1000
    assert config.model.preset == "tiny"


@pytest.mark.parametrize(
    ("model", "gain"),
    [
        ({"preset": "tiny"}, 1.0),
        ({"preset": "base"}, 0.38),
        ({"preset": "tiny", "encoder_layers": 12}, 0.32),
        ({"preset": "tiny", "decoder_layers": 12}, 0.32),
        ({"preset": "base", "norm": "pre"}, 1.0),
    ],
)
def test_deep_models_with_norms_after_the_sums_begin_with_small_branches(
    model: dict[str, Any], gain: float
) -> None:
    assert chosen(CAPTIONS, model=model).training.residual_gain == gain


def test_a_trained_model_keeps_its_weights() -> None:
    made = choose(TrainingConfig(), CAPTIONS, CPU, None, trained=True)
    assert "training.residual_gain" not in [choice.setting for choice in made]


# What a person chose


@given(st.sampled_from(sorted(PRESETS)), st.integers(1, 10**4), st.floats(1e-5, 0.1))
def test_what_is_given_stays(preset: str, updates: int, rate: float) -> None:
    config = chosen(
        CAPTIONS,
        model={"preset": preset, "encoder_layers": 7},
        training={"max_updates": updates, "learning_rate": rate, "threads": 5},
        text={"vocabulary": 1009},
    )
    assert (config.model.preset, config.model.encoder_layers) == (preset, 7)
    assert config.model.d_model == PRESETS[preset]["d_model"]
    assert config.model.decoder_layers == PRESETS[preset]["num_layers"]
    assert (config.training.max_updates, config.training.learning_rate) == (updates, rate)
    assert (config.training.threads, config.text.vocabulary) == (5, 1009)
    assert present(config.training.warmup) <= updates
    assert present(config.training.checkpoint_every) <= updates


def test_where_all_is_given_nothing_is_chosen() -> None:
    config = chosen(CAPTIONS)
    assert choose(config, corpus(10**7), torch.device("cuda"), 7) == []
    assert choose_vocabulary(config, corpus(10**7)) == []


def test_a_text_that_is_pretokenized_brings_its_vocabulary() -> None:
    assert (
        choose_vocabulary(TrainingConfig.from_dict({"text": {"tokenizer": "whitespace"}}), CAPTIONS)
        == []
    )


def test_every_choice_has_a_reason_and_a_setting() -> None:
    names = {name for name, _ in settings_of(TrainingConfig())}
    made = choose(TrainingConfig(), CAPTIONS, CPU, None)
    assert len({choice.setting for choice in made}) == len(made)
    for choice in made:
        assert choice.setting in names
        assert len(str(choice.reason)) > 5
        assert _value(with_chosen(TrainingConfig(), [choice]), choice.setting) == choice.value


# The machine


@pytest.mark.parametrize("cores", [1, 2, 3, 7, 64])
def test_the_processors_are_shared(cores: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(cores)), raising=False)
    for batch in (1009, 4096, 25_000):
        training = chosen(CAPTIONS, training={"batch_tokens": batch}).training
        workers = present(training.workers)
        assert workers <= 4
        assert workers * present(training.threads) <= cores
        assert workers <= -(-batch // present(training.micro_batch_tokens))  # nobody is idle
    made = {c.setting: c.value for c in choose(TrainingConfig(), CAPTIONS, CPU, 3)}
    assert made["training.workers"] == 1  # torchrun has started the processes
    assert made["training.threads"] == max(1, cores // 3)


@pytest.mark.parametrize("batch", [100, 2048, 2049, 4096, 25_000])
def test_micro_batches_make_a_batch_whatever_the_number_of_processes(batch: int) -> None:
    config = TrainingConfig.from_dict({"training": {"batch_tokens": batch}})
    sizes = set()
    for processes in (None, 1, 2, 3, 5):
        made = {c.setting: c.value for c in choose(config, CAPTIONS, CPU, processes)}
        sizes.add(made["training.micro_batch_tokens"])
    (micro,) = sizes
    count = -(-batch // micro)
    assert micro <= 2048
    assert batch <= micro * count < batch + count


def test_the_precision_is_that_of_the_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    for has, precision in ((True, "bfloat16"), (False, "float32")):
        monkeypatch.setattr(module, "_multiplies_bfloat16", lambda has=has: has)
        assert chosen(CAPTIONS).training.precision == precision
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda: True)
    assert chosen(CAPTIONS, torch.device("cuda")).training.precision == "bfloat16"
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda: False)
    assert chosen(CAPTIONS, torch.device("cuda")).training.precision == "float16"
    assert chosen(CAPTIONS, torch.device("mps")).training.precision == "float32"


@pytest.mark.parametrize(
    ("flags", "precision"),
    [("fma avx2 avx512f avx512_vnni", "float32"), ("avx512f avx512_bf16", "bfloat16"),
     ("avx512f amx_bf16 amx_tile", "bfloat16"), ("xavx512_bf16", "float32"), (None, "float32")],
)  # fmt: skip
def test_what_the_processor_says_of_itself(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, flags: str | None, precision: str
) -> None:
    told = tmp_path / "cpuinfo"
    if flags is not None:
        told.write_text(f"processor : 0\nflags\t\t: fpu {flags}\npower : none\n", encoding="utf-8")
    monkeypatch.setattr(module, "Path", lambda _: told)
    assert chosen(CAPTIONS).training.precision == precision


def test_a_gpu_is_one_process() -> None:
    training = chosen(CAPTIONS, torch.device("mps")).training
    assert (training.workers, training.micro_batch_tokens) == (1, 4096)


@pytest.mark.parametrize(
    ("device", "batch", "parts"),
    [("cpu", 900, 1), ("cpu", 2048, 2), ("cpu", 4096, 4), ("cpu", 25_000, 13),
     ("mps", 4096, 1), ("mps", 25_000, 4), ("mps", 100_000, 7)],
)  # fmt: skip
def test_an_update_learns_from_several_lengths(device: str, batch: int, parts: int) -> None:
    config = chosen(CAPTIONS, torch.device(device), training={"batch_tokens": batch})
    assert -(-batch // present(config.training.micro_batch_tokens)) == parts


def _value(config: TrainingConfig, setting: str) -> Any:
    section, _, name = setting.partition(".")
    return dataclasses.asdict(config)[section][name]
