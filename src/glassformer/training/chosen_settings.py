"""Settings that are chosen where none is given: from the size of the corpus, and why.

The rules interpolate between recipes that are known to work: 29,000 captions (Wu et al., 2021:
d_model 128, dropout 0.3, peak rate 0.005, 8,000 updates of 4,096 tokens) and millions of sentences
(Vaswani et al., 2017). Nothing depends on the clock or on free memory.
"""

import math
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import torch

from glassformer.config import PRESETS, TrainingConfig
from glassformer.config.model import Norm
from glassformer.messages import Message

_MICRO_BATCH = {"cpu": (1024, 2048), "gpu": (4096, 16384)}
"""Tokens that are computed at once: fewer are slow, more take too much memory."""
_MIXED = 4
"""A micro-batch holds pairs of one length, and an update learns better from several lengths: from
so many micro-batches, unless that makes them too small."""
_MAX_WORKERS = 4
_SHALLOW = 4
"""So many post-norm layers train well from Xavier's initialization; six may never attend."""
_FINE_TUNING = 0.2
"""The factor on updates and learning rate when a trained model is fine-tuned."""


class ChosenSetting(NamedTuple):
    """A setting that was chosen, as `section.name`, and the reason for a person to read."""

    setting: str
    value: Any
    reason: Message

    def to_json(self) -> dict[str, Any]:
        """Plain data for training.json; the reason as a sentence."""
        return {"setting": self.setting, "value": self.value, "reason": str(self.reason)}


@dataclass(frozen=True)
class Corpus:
    """The size of the training corpus: pairs, words and tokens."""

    pairs: int
    source_words: int
    target_words: int
    target_tokens: int = 0
    """End tokens counted; 0 before there are tokens."""


def choose_vocabulary(config: TrainingConfig, corpus: Corpus) -> list[ChosenSetting]:
    """The vocabulary size, for a corpus that is not tokenized yet."""
    if config.text.vocabulary is not None or config.text.tokenizer != "bpe":
        return []
    words = corpus.source_words + corpus.target_words
    wanted = 8.0 * math.sqrt(words)
    step = 500 if wanted >= 2000 else 100
    size = min(max(round(wanted / step) * step, 500), 32000)
    reason = Message("8·√{words:,} words, limited to 500 … 32,000", {"words": words})
    return [ChosenSetting("text.vocabulary", size, reason)]


def choose(
    config: TrainingConfig,
    corpus: Corpus,
    device: torch.device,
    processes: int | None,
    *,
    trained: bool = False,
) -> list[ChosenSetting]:
    """Everything that is still open. `processes` are those of torchrun, None without it.

    A model that is `trained` already is fine-tuned: fewer updates at a lower learning rate.
    """
    return list(_chosen(config, corpus, device, processes, _FINE_TUNING if trained else 1.0))


def with_chosen(config: TrainingConfig, chosen: list[ChosenSetting]) -> TrainingConfig:
    """The configuration with these settings filled in."""
    sections: dict[str, dict[str, Any]] = {}
    for setting, value, _ in chosen:
        section, _, name = setting.partition(".")
        sections.setdefault(section, {})[name] = value
    return config.changed(**sections)


def _chosen(
    config: TrainingConfig,
    corpus: Corpus,
    device: torch.device,
    processes: int | None,
    factor: float,
) -> Iterator[ChosenSetting]:
    model, training = config.model, config.training
    words = corpus.target_words
    size = Message("{words:,} words on the target side", {"words": words})
    preset = model.preset
    known = (model.d_model, model.num_heads, model.d_ff, model.encoder_layers, model.decoder_layers)
    if preset is None and None in known:
        preset = "tiny" if words < 600_000 else "small" if words < 20_000_000 else "base"
        yield ChosenSetting("model.preset", preset, size)
    sizes = PRESETS[preset] if preset else {}
    for name, key in (
        ("d_model", "d_model"),
        ("num_heads", "num_heads"),
        ("d_ff", "d_ff"),
        ("encoder_layers", "num_layers"),
        ("decoder_layers", "num_layers"),
    ):
        if getattr(model, name) is None:
            yield ChosenSetting(
                f"model.{name}", sizes[key], Message("preset {preset}", {"preset": preset})
            )
    d_model = sizes["d_model"] if model.d_model is None else model.d_model
    if training.residual_gain is None and factor == 1.0:
        layers = max(count or sizes["num_layers"] for count in known[-2:])
        yield ChosenSetting("training.residual_gain", *_residual_gain(layers, model.norm))
    if model.dropout is None:
        share = 0.3 if words < 600_000 else 0.2 if words < 5_000_000 else 0.1
        yield ChosenSetting(
            "model.dropout", share, Message("{size}: less data, more dropout", {"size": size})
        )
    batch = training.batch_tokens
    if batch is None:
        batch = 4096 if words < 20_000_000 else 25_000
        yield ChosenSetting("training.batch_tokens", batch, size)
    updates = training.max_updates
    if updates is None:
        passes = min(max(80.0 * math.sqrt(400_000 / max(1, corpus.target_tokens)), 4.0), 80.0)
        tokens = passes * corpus.target_tokens
        updates = max(round(1000 * factor), _round(factor * tokens / batch))
        reason = Message(
            "about {passes:.0f} epochs of {tokens:,} target tokens",
            {
                "passes": updates * batch / max(1, corpus.target_tokens),
                "tokens": corpus.target_tokens,
            },
        )
        yield ChosenSetting("training.max_updates", updates, reason)
    if training.learning_rate is None:
        rate = factor * min(0.005, 0.0007 * (512 / d_model) ** 1.4)
        reason = Message("d_model {d_model}: smaller models, higher rates", {"d_model": d_model})
        if factor < 1.0:
            reason = Message(
                "{reason}; times {share:g} for fine-tuning",
                {"reason": reason, "share": factor},
            )
        yield ChosenSetting("training.learning_rate", float(f"{rate:.2g}"), reason)
    if training.warmup is None:
        reason = Message("a quarter of the updates, at most 4,000")
        yield ChosenSetting("training.warmup", min(4000, updates // 4), reason)
    if training.schedule is None:
        reason = Message("falls until the last update")
        yield ChosenSetting("training.schedule", "cosine", reason)
    every = training.checkpoint_every
    if every is None:
        every = max(1, min(2000, _round(updates / 80)))
        yield ChosenSetting(
            "training.checkpoint_every", every, Message("about 80 checkpoints in all")
        )
    if training.evaluate_every is None:
        yield ChosenSetting(
            "training.evaluate_every", 5 * every, Message("at every fifth checkpoint")
        )
    yield from _machine(config, device, processes, batch)


def _residual_gain(layers: int, norm: Norm) -> tuple[float, Message]:
    if norm != "post":
        return 1.0, Message("model.norm is {norm}", {"norm": norm})
    if layers <= _SHALLOW:
        return 1.0, Message("{layers} layers", {"layers": layers})
    gain = float(f"{(8 * layers) ** -0.25:.2g}")
    return gain, Message(
        "{layers} post-norm layers: a larger gain would make all positions alike (rank collapse)",
        {"layers": layers},
    )


def _machine(
    config: TrainingConfig, device: torch.device, processes: int | None, batch: int
) -> Iterator[ChosenSetting]:
    training = config.training
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    cores = cores or 1
    micro = training.micro_batch_tokens
    if micro is None:  # whatever the number of processes, so that all learn in the same order
        least, most = _MICRO_BATCH["cpu" if device.type == "cpu" else "gpu"]
        parts = max(math.ceil(batch / most), min(_MIXED, batch // least), 1)
        micro = math.ceil(batch / parts)
        yield ChosenSetting("training.micro_batch_tokens", micro, _parts(parts))
    workers = training.workers
    if workers is None:
        parts = math.ceil(batch / micro)
        alone = processes is not None or device.type != "cpu"
        workers = 1 if alone else min(cores, parts, _MAX_WORKERS)
        reason = Message(
            "{cores} CPU cores, {parts} micro-batches per update", {"cores": cores, "parts": parts}
        )
        if processes is not None:
            reason = Message("torchrun started {processes} processes", {"processes": processes})
        elif device.type != "cpu":
            reason = Message(
                "one process on {device}; torchrun starts more", {"device": str(device)}
            )
        yield ChosenSetting("training.workers", workers, reason)
    if training.threads is None:
        threads = max(1, cores // (processes or workers))
        yield ChosenSetting(
            "training.threads", threads, Message("{cores} CPU cores", {"cores": cores})
        )
    if training.precision is None:
        precision, reason = _precision(device)
        yield ChosenSetting("training.precision", precision, reason)


def _parts(count: int) -> Message:
    if count == 1:
        return Message("the whole batch at once")
    return Message(
        "{parts} micro-batches per update, each of pairs of similar length", {"parts": count}
    )


def _precision(device: torch.device) -> tuple[str, Message]:
    if device.type == "cuda":
        if torch.cuda.is_bf16_supported():
            return "bfloat16", Message("this GPU is much faster in bfloat16")
        return "float16", Message("this GPU is much faster in float16")
    if device.type == "cpu" and _multiplies_bfloat16():
        return "bfloat16", Message("this processor is much faster in bfloat16")
    return "float32", Message("no other format is faster here")


def _multiplies_bfloat16() -> bool:
    """Whether the processor has instructions for products of bfloat16 (AVX-512, or Intel's AMX)."""
    try:
        flags = Path("/proc/cpuinfo").read_text(encoding="utf-8").split()
    except OSError:
        return False
    return "avx512_bf16" in flags or "amx_bf16" in flags


def _round(number: float) -> int:
    """Rounded to two significant digits, as people would write it."""
    if number < 10:
        return max(1, round(number))
    unit: int = 10 ** (math.floor(math.log10(number)) - 1)
    return round(number / unit) * unit
