"""What pictures say, on paper and in the terminal."""

SENTENCES: dict[str, str] = {
    "encoder": "编码器",
    "decoder": "解码器",
    "cross-attention (target to source)": "交叉注意力（目标到源）",
    "tokens": "词元",
    "X, embedding": "X，词嵌入",
    "P, sinusoids": "P，正弦位置编码",
    "P, sinusoids in halves": "P，正弦位置编码（前后两半）",
    "P, learned positions": "P，学习得到的位置编码",
    "T, token types": "T，句段类型",
    "input of layer 1": "第 1 层的输入",
    "multi-head self-attention": "多头自注意力",
    "masked multi-head self-attention": "带掩码的多头自注意力",
    "multi-head cross-attention on R": "对 R 的多头交叉注意力",
    "feed-forward": "前馈网络",
    "add & norm": "残差与层归一化",
    "add (no norm)": "残差（无归一化）",
    "R, the representation": "R，句子的表示",
    "h, output of the decoder": "h，解码器的输出",
    "logits": "logits（未归一化得分）",
    "probabilities": "概率",
    ", ": "、",
    "{a}, {b}": "{a}，{b}",
    "{a}: {b}": "{a}：{b}",
    "Structure": "结构",
    "1 layer": "1 层",
    "{n} layers, all built alike": "{n} 层，结构相同",
    "layer {n}": "第 {n} 层",
    "layers {a} to {b}": "第 {a} 至 {b} 层",
    "residual": "残差连接",
    "Steps": "计算步骤",
    "step|shape|formula|first numbers|smallest … largest": "步骤|形状|公式|前几个数|最小 … 最大",
    "Attention": "注意力",
    "layer {layer}, head {head}": "第 {layer} 层第 {head} 头",
    "mean over all {n} heads": "全部 {n} 个头的平均",
    "layer {layer}, mean over its {n} heads": "第 {layer} 层 {n} 个头的平均",
    "the head that the model card recommends": "模型卡片推荐的头",
    "the head that the model card recommends: {reason}": "模型卡片推荐的头：{reason}",
    "the head with the largest link": "含有最大权重的头",
    "from “{word}” to": "从“{word}”到",
    "from the target tokens that the decoder reads; each predicts the one after it": (
        "每一行是解码器读入的词元，它预测的是下一个词元"
    ),
    "a row stands under the token that it predicts; it has read those before it": (
        "每行归于它所预测的词元；它只读过该词元之前的部分"
    ),
    "row attends to column": "每行是关注词，每列是被关注词",
    "(a bar of full width is 1)": "（满格为 1）",
    "not shown (special tokens)": "未画出（特殊词元）",
    "strongest links of each": "各自权重最大的连线",
    "one vector a token, {n} numbers each": "每个词元一个向量，各 {n} 个数",
    "attends (query)": "关注者（query）",
    "is attended to (key)": "被关注者（key）",
    "target (query)": "目标（query）",
    "source (key)": "源（key）",
    "line width = {c} px × weight:": "线宽 = {c} 像素 × 权重：",
    "line width proportional to the weight:": "线宽与权重成正比：",
    "Lines drawn: the largest, {share} % of the attention among these.": (
        "只画出权重最大的连线，合计占图中注意力的 {share}%。"
    ),
    "Lines drawn: the {n} strongest of each word, {share} % of the attention among these.": (
        "每个词只画出权重最大的 {n} 条连线，合计占图中注意力的 {share}%。"
    ),
    "Lines drawn: the {n} strongest of each token, {share} % of the attention among these.": (
        "每个词元只画出权重最大的 {n} 条连线，合计占图中注意力的 {share}%。"
    ),
    "In brackets: the share of a word's attention that is not drawn.": (
        "括号内为该词未画出的注意力所占比例。"
    ),
    "colour: none is 0": "底色表示 0",
    "{size} heads": "{size} 个头",
    "Each square: rows attend to columns; no colour is 0, full colour 1; below: the largest.": (
        "每个方格：每行是关注词，每列是被关注词；底色表示 0，满色表示 1；下方数字为最大权重。"
    ),
    "Framed: the head that the model card recommends.": "加框的是模型卡片推荐的头。",
    "Words are numbered from 1.": "词从 1 开始编号。",
    "Tokens are numbered from 1.": "词元从 1 开始编号。",
    "all to|special|tokens": "注意力|全部给|特殊词元",
    "One dot is the largest of {n} × {n} weights.": "每一点是 {n} × {n} 个权重中最大的。",
    "the largest weight of each head": "每个头的最大权重",
    "head {n}": "头 {n}",
    "scores": "得分",
    "scaled scores": "缩放后的得分",
    "weights": "权重",
    "Scaled dot-product attention": "缩放点积注意力",
    "Of Q, K, V and Z the first {shown} of {all} features are shown.": (
        "Q、K、V、Z 只显示 {all} 个特征中的前 {shown} 个。"
    ),
    "Translation": "译文",
    "Predictions": "预测",
    "after each token: the one that follows, its probability and rank, and the likeliest": (
        "在每个词元之后：接下来的词元、其概率与名次，以及最可能的几个"
    ),
    "after|comes|probability|rank|likeliest": "之后|接着|概率|名次|最可能",
    "Contrast": "对比",
    "tokens in common: {n}; scores are natural logarithms, differences the lead of 1 over 2": (
        "相同的词元数：{n}；得分为概率的自然对数，差值为 1 领先 2 的程度"
    ),
    "where they part, {a} ({p}) or {b} ({q})": "分歧处，{a}（{p}）或 {b}（{q}）",
    "after that": "此后",
    "in all": "总计",
    "{n} times as likely": "可能性为 {n} 倍",
    "impossible": "不可能",
    "one of them is impossible": "其中之一不可能",
    "What the search considered": "搜索所考虑的",
    "+ kept, ■ ended, · dropped; the score is the sum of the logarithms so far": (
        "+ 保留，■ 结束，· 舍弃；得分为至此各对数之和"
    ),
    "at update {n} of the training": "训练第 {n} 步",
    "weights as they were recorded, in steps of 1/{levels}": (
        "权重是训练时记录的，精度为 1/{levels}"
    ),
    "updates recorded": "有记录的训练步",
    (
        "one picture tells {most} heads apart, but {given} were asked for: choose fewer, a mean, "
        "or the grid of all heads"
    ): "一幅图最多区分 {most} 个头，却要求了 {given} 个：请减少头数，或选择平均或全部头的网格",
    (
        "a picture of lines can be read with up to {most} of them, but here are {given}: choose "
        "one word ({word}), a smaller {mass:name}, the grid of all heads ({grid}) or the weights "
        "as a matrix ({matrix} and {tensor})"
    ): (
        "连线图最多可清楚显示 {most} 条线，这里有 {given} 条：请只选一个词（{word}）、减小 "
        "{mass:name}、使用全部头的网格（{grid}），或以矩阵显示权重（{matrix} 与 {tensor}）"
    ),
    "{title}: there is nothing to draw, since no curve has a point": (
        "{title}：没有可画的内容，所有曲线都没有点"
    ),
    "one picture tells {most} curves apart, but {given} were given": (
        "一幅图最多区分 {most} 条曲线，却给出了 {given} 条"
    ),
}
