"""Every setting of a training is named by the field's standard term, in both languages."""

import pytest

from glassformer.catalogue import Language, sentence
from glassformer.cli import run
from glassformer.config import PRESETS
from glassformer.config.training import TrainingConfig, settings_of

TERMS = {
    "text.tokenizer": ("tokenizer", "分词器"),
    "text.vocabulary": ("vocabulary size", "词表大小"),
    "text.joiner": ("subword joiner", "子词连接符"),
    "text.max_length": ("maximum sequence length", "最大序列长度"),
    "text.max_ratio": ("length ratio", "长度比"),
    "text.drop_duplicates": ("deduplication", "去重"),
    "text.balance": ("temperature", "温度"),
    "model.preset": ("model size", "模型规模"),
    "model.d_model": ("model dimension d_model", "模型维度 d_model"),
    "model.num_heads": ("attention heads", "头数"),
    "model.d_ff": ("feed-forward dimension d_ff", "前馈维度 d_ff"),
    "model.encoder_layers": ("encoder layers", "编码器层数"),
    "model.decoder_layers": ("decoder layers", "解码器层数"),
    "model.dropout": ("dropout rate", "丢弃率"),
    "model.attention_dropout": ("attention dropout rate", "注意力丢弃率"),
    "model.activation_dropout": ("activation dropout rate", "激活丢弃率"),
    "model.activation": ("activation function", "激活函数"),
    "model.norm": ("layer normalization", "层归一化"),
    "model.positions": ("positional encoding", "位置编码"),
    "model.scale_scores": ("scaled dot-product attention", "缩放点积注意力"),
    "model.tie_embeddings": ("tied embeddings", "共享词嵌入"),
    "model.max_positions": ("maximum number of positions", "最大位置数"),
    "training.seed": ("random seed", "随机种子"),
    "training.residual_gain": ("initialization gain", "初始化增益"),
    "training.max_updates": ("optimizer steps", "训练步数"),
    "training.batch_tokens": ("batch size in tokens", "批大小（词元数）"),
    "training.micro_batch_tokens": ("gradient accumulation", "梯度累积"),
    "training.learning_rate": ("learning rate", "学习率"),
    "training.schedule": ("learning-rate schedule", "学习率调度"),
    "training.warmup": ("warm-up steps", "预热步数"),
    "training.final_learning_rate": ("final learning rate", "最终学习率"),
    "training.beta_1": ("Adam β₁", "Adam β₁"),
    "training.beta_2": ("Adam β₂", "Adam β₂"),
    "training.epsilon": ("Adam ε", "Adam ε"),
    "training.weight_decay": ("decoupled weight decay (AdamW)", "解耦权重衰减（AdamW）"),
    "training.label_smoothing": ("label smoothing", "标签平滑"),
    "training.consistency": ("R-Drop α", "R-Drop α"),
    "training.clip_norm": ("gradient clipping threshold", "梯度裁剪阈值"),
    "training.precision": ("mixed precision", "混合精度"),
    "training.compile": ("torch.compile", "torch.compile"),
    "training.ema": ("exponential moving average (EMA)", "指数滑动平均（EMA）"),
    "training.average": ("checkpoint averaging", "检查点平均"),
    "training.average_of": ("checkpoint averaging", "检查点平均"),
    "training.checkpoint_every": ("checkpoint interval", "检查点的间隔"),
    "training.evaluate_every": ("evaluation interval", "评测间隔"),
    "training.patience": ("early stopping patience", "提前停止的耐心值"),
    "training.workers": ("data-parallel processes", "数据并行进程"),
    "training.threads": ("CPU threads", "CPU 线程"),
    "training.encoder_learning_rate": ("learning rate of a pretrained encoder", "预训练编码器"),
    "dev.sentences": ("BLEU and chrF", "BLEU 和 chrF"),
    "dev.beam_size": ("beam size", "束宽"),
    "dev.bleu_tokenize": ("BLEU tokenizer", "BLEU 分词器"),
    "dev.samples": ("sample translations", "译文样例"),
}
"""For each setting the terms under which a person would look it up."""

ABOUT = {name: field.metadata["about"] for name, field in settings_of(TrainingConfig())}


def test_every_setting_has_its_term() -> None:
    assert TERMS.keys() == ABOUT.keys()


@pytest.mark.parametrize("name", ABOUT)
def test_the_sentence_of_a_setting_names_its_term(name: str) -> None:
    english, chinese = TERMS[name]
    assert english in ABOUT[name]
    assert chinese in sentence(ABOUT[name], "zh")


def test_the_sizes_that_the_sentence_names_are_those_that_there_are() -> None:
    assert all(f"`{name}`" in ABOUT["model.preset"] for name in PRESETS)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_command_lists_every_setting(
    language: Language, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["train", "--list-settings", "--language", language]) == 0
    lines = capsys.readouterr().out.split("\n")
    for name, about in ABOUT.items():
        place = next(n for n, line in enumerate(lines) if line.startswith(f"  {name} = "))
        assert lines[place + 1] == f"      {sentence(about, language)}"
