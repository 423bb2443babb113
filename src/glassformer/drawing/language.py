"""The words on pictures, in English and Chinese."""

from typing import Literal

from glassformer.views import AttentionView, Moment

Language = Literal["en", "zh"]

PHRASES: dict[str, tuple[str, str]] = {
    # parts of the model
    "encoder": ("encoder", "编码器"),
    "decoder": ("decoder", "解码器"),
    "cross": ("cross-attention (target to source)", "交叉注意力（目标到源）"),
    "tokens": ("tokens", "词元"),
    "embedding": ("X, embedding", "X，词嵌入"),
    "positions_sinusoidal": ("P, sinusoids", "P，正弦位置编码"),
    "positions_sinusoidal_halves": ("P, sinusoids in halves", "P，正弦位置编码（前后两半）"),
    "positions_learned": ("P, learned positions", "P，学习得到的位置编码"),
    "token_types": ("T, token types", "T，句段类型"),
    "input": ("input of layer 1", "第 1 层的输入"),
    "self_attention": ("multi-head self-attention", "多头自注意力"),
    "masked_self_attention": ("masked multi-head self-attention", "带掩码的多头自注意力"),
    "cross_attention": ("multi-head cross-attention on R", "对 R 的多头交叉注意力"),
    "feed_forward": ("feed-forward", "前馈网络"),
    "add_norm": ("add & norm", "残差与层归一化"),
    "add": ("add (no norm)", "残差（无归一化）"),
    "representation": ("R, the representation", "R，句子的表示"),
    "h": ("h, output of the decoder", "h，解码器的输出"),
    "logits": ("logits", "logits（未归一化得分）"),
    "probabilities": ("probabilities", "概率"),
    # headings and sentences
    "comma": ("{a}, {b}", "{a}，{b}"),
    "colon": ("{a}: {b}", "{a}：{b}"),
    "structure": ("Structure", "结构"),
    "one_layer": ("1 layer", "1 层"),
    "layers_alike": ("{n} layers, all built alike", "{n} 层，结构相同"),
    "layer": ("layer {n}", "第 {n} 层"),
    "layers_between": ("layers {a} to {b}", "第 {a} 至 {b} 层"),
    "residual": ("residual", "残差连接"),
    "steps": ("Steps", "计算步骤"),
    "step_columns": (
        "step|shape|formula|first numbers|smallest … largest",
        "步骤|形状|公式|前几个数|最小 … 最大",
    ),
    "attention": ("Attention", "注意力"),
    "layer_head": ("layer {layer}, head {head}", "第 {layer} 层第 {head} 头"),
    "mean_all": ("mean over all {n} heads", "全部 {n} 个头的平均"),
    "mean_layer": ("layer {layer}, mean over its {n} heads", "第 {layer} 层 {n} 个头的平均"),
    "choice_card": ("the head on the model's card: {reason}", "模型卡片所指的头：{reason}"),
    "choice_largest": ("the head with the largest link", "含有最大连接的头"),
    "from_word": ("from “{word}” to", "从“{word}”到"),
    "cross_rows": (
        "from the target tokens that the decoder reads; each predicts the one after it",
        "从解码器读入的目标词元出发；每个词元预测的是它的下一个",
    ),
    "rows_predicted": (
        "a row stands under the token that it predicts; it has read those before it",
        "每行归于它所预测的词元；它只读过该词元之前的部分",
    ),
    "row_to_column": ("row attends to column", "行关注列"),
    "bar_scale": ("(a bar of full width is 1)", "（满格为 1）"),
    "hidden": ("not shown (special tokens)", "未显示（特殊词元）"),
    "strongest": ("strongest links of each", "各自最强的连接"),
    "r_rows": ("one vector a token, {n} numbers each", "每个词元一个向量，各 {n} 个数"),
    # on pictures
    "row_query_self": ("attends (query)", "关注者（query）"),
    "row_key_self": ("is attended to (key)", "被关注者（key）"),
    "row_query_cross": ("target (query)", "目标（query）"),
    "row_key_cross": ("source (key)", "源（key）"),
    "legend_width": ("line width = {c} px × weight:", "线宽 = {c} 像素 × 权重："),
    "legend_mass": (
        "Lines drawn: the largest, {share} % of the attention among these.",
        "所画为最大的连接，占其间注意力的 {share}%。",
    ),
    "legend_hidden": (
        "In brackets: the share of a word's attention that is not drawn.",
        "括号内：该词未画出的注意力份额。",
    ),
    "matrix_scale": ("colour: none is 0", "颜色：无色为 0"),
    "grid_title": ("{size} heads", "{size} 个头"),
    "grid_note": (
        "Each square: rows attend to columns; no colour is 0, full colour 1; below: the largest.",
        "每个方格：行关注列；无色为 0，满色为 1；其下为最大权重。",
    ),
    "grid_pooled": (
        "One dot is the largest of {n} × {n} weights.",
        "每一点是 {n} × {n} 个权重中最大的。",
    ),
    "grid_text": ("the largest weight of each head", "每个头的最大权重"),
    "head": ("head {n}", "头 {n}"),
    "scores": ("scores", "得分"),
    "scaled scores": ("scaled scores", "缩放后的得分"),
    "weights": ("weights", "权重"),
    "flow_title": ("Scaled dot-product attention", "缩放点积注意力"),
    "flow_features": (
        "Of Q, K, V and Z the first {shown} of {all} features are shown.",
        "Q、K、V、Z 只显示 {all} 个特征中的前 {shown} 个。",
    ),
    "translation": ("Translation", "译文"),
    # what the decoder predicts
    "predictions": ("Predictions", "预测"),
    "predictions_note": (
        "after each token: the one that follows, its probability and rank, and the likeliest",
        "在每个词元之后：接下来的词元、其概率与名次，以及最可能的几个",
    ),
    "prediction_columns": ("after|comes|probability|rank|likeliest", "之后|接着|概率|名次|最可能"),
    "contrast": ("Contrast", "对比"),
    "contrast_note": (
        "tokens in common: {n}; scores are natural logarithms, differences the lead of 1 over 2",
        "相同的词元数：{n}；得分为概率的自然对数，差值为 1 领先 2 的程度",
    ),
    "contrast_parting": (
        "where they part, {a} ({p}) or {b} ({q})",
        "分歧处，{a}（{p}）或 {b}（{q}）",
    ),
    "contrast_after": ("after that", "此后"),
    "contrast_all": ("in all", "总计"),
    "times_likelier": ("{n} times as likely", "可能性为 {n} 倍"),
    "impossible": ("impossible", "不可能"),
    "one_impossible": ("one of them is impossible", "其中之一不可能"),
    "history": ("What the search considered", "搜索所考虑的"),
    "history_note": (
        "+ kept, ■ ended, · dropped; the score is the sum of the logarithms so far",
        "+ 保留，■ 结束，· 舍弃；得分为至此各对数之和",
    ),
    # while a model learns
    "at_update": ("at update {n} of the training", "训练第 {n} 步"),
    "weight_levels": (
        "weights as they were recorded, in steps of 1/{levels}",
        "权重为训练时所记录，以 1/{levels} 为单位",
    ),
    "updates_recorded": ("updates recorded", "有记录的训练步"),
}


def titled(title: str, language: Language) -> str:
    """The title of a panel: its words in this language, its letters (Q, K, V, Z) as they are."""
    return phrase(title, language) if title in PHRASES else title


def head_name(layer: int | None, head: int | None, mean_of: int, language: Language) -> str:
    """What a head is called, or the mean over several (of a layer, or of all)."""
    if head is not None:
        return phrase("layer_head", language, layer=layer, head=head)
    key = "mean_all" if layer is None else "mean_layer"
    return phrase(key, language, layer=layer, n=mean_of)


def rows_note(view: AttentionView, language: Language) -> str:
    """To which of the target's tokens the rows of a decoder belong, where that needs saying."""
    if view.align == "output":
        return phrase("rows_predicted", language)
    return phrase("cross_rows", language) if view.part == "cross" else ""


def moment_note(moment: Moment, language: Language) -> str:
    """When in a training a picture was recorded, and how exactly."""
    when = phrase("at_update", language, n=moment.update)
    return phrase(
        "colon", language, a=when, b=phrase("weight_levels", language, levels=moment.levels)
    )


def layers_alike(number: int, language: Language) -> str:
    """How many layers a stack has."""
    return phrase("one_layer" if number == 1 else "layers_alike", language, n=number)


def phrase(key: str, language: Language, **values: object) -> str:
    """A phrase in a language, with its places filled in."""
    return PHRASES[key][0 if language == "en" else 1].format(**values)
