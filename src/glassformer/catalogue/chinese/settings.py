"""What each setting of a training is, and errors about settings."""

SENTENCES: dict[str, str] = {
    "List every setting with its default and what it is, and exit.": (
        "列出每个设置及其默认值和含义，然后退出。"
    ),
    "(chosen)": "（自动选择）",
    "Tokenization, and which pairs are filtered out.": "分词，以及过滤哪些句对。",
    "The model: a size, and what differs from it.": "模型：规模，以及与之不同之处。",
    "Optimization: batches, Adam, learning rate, regularization, checkpoints and stopping.": (
        "优化：批次、Adam、学习率、正则化、检查点与提前停止。"
    ),
    "Evaluation on the dev set, also called validation set.": "在开发集（也称验证集）上的评测。",
    (
        "tokenizer: `bpe` learns subwords from the corpus (byte-pair encoding); `whitespace` "
        "splits at spaces, for text that is tokenized already, and its tokens are the "
        "vocabulary"
    ): (
        "分词器：`bpe` 从语料学习子词（字节对编码）；`whitespace` 按空格切分，用于已分词的文"
        "本，其词元即为词表"
    ),
    "vocabulary size: entries that `bpe` learns, shared by source and target": (
        "词表大小：`bpe` 学习的条目数，源语言与目标语言共用"
    ),
    (
        "subword joiner: the mark of a token that the next one continues, as `@@ `; removed "
        "before scoring"
    ): "子词连接符：表示下一词元与之相连的标记，如 `@@ `；评分前去除",
    "maximum sequence length in tokens; pairs with a longer side are left out": (
        "最大序列长度（词元数）；任一侧超长的句对不参与训练"
    ),
    (
        "maximum length ratio of the two sides, in characters; applied where the longer side "
        "has more than 40"
    ): "两侧的最大长度比（按字符计）；仅当较长一侧超过 40 个字符时适用",
    "deduplication: of equal pairs only the first is kept": "去重：相同的句对只保留第一个",
    (
        "sampling exponent for several target languages (1 / temperature): each one's share "
        "of the training is proportional to its number of pairs to this power; 1 keeps the "
        "shares, 0 makes them equal, by repeating pairs of the smaller ones"
    ): (
        "多个目标语言的采样指数（1 / 温度）：各语言在训练中的占比与其句对数的该次幂成正比；1 "
        "保持原有比例，0 使各语言均等（重复句对较少的语言）"
    ),
    "model size: `base`, `small` or `tiny`, which name the five sizes below": (
        "模型规模：`base`、`small` 或 `tiny`，决定以下五项"
    ),
    "model dimension d_model: size of each token's vector; from the preset": (
        "模型维度 d_model：每个词元向量的维数；默认取自预设"
    ),
    "number of attention heads in each attention layer; from the preset": (
        "每个注意力层的头数；默认取自预设"
    ),
    "feed-forward dimension d_ff: hidden units of the feed-forward network; from the preset": (
        "前馈维度 d_ff：前馈网络的隐藏单元数；默认取自预设"
    ),
    "number of encoder layers; from the preset": "编码器层数；默认取自预设",
    "number of decoder layers; from the preset": "解码器层数；默认取自预设",
    (
        "dropout rate: share of the elements of embeddings and sublayer outputs that is set "
        "to zero in training"
    ): "丢弃率（dropout）：训练时词嵌入和子层输出中被置零的元素比例",
    "attention dropout rate: share of the attention weights that is set to zero": (
        "注意力丢弃率：被置零的注意力权重比例"
    ),
    (
        "activation dropout rate: share of the feed-forward network's hidden units that is "
        "set to zero"
    ): "激活丢弃率：前馈网络中被置零的隐藏单元比例",
    "activation function of the feed-forward network: `relu`, `gelu`, `gelu_tanh` or `silu`": (
        "前馈网络的激活函数：`relu`、`gelu`、`gelu_tanh` 或 `silu`"
    ),
    (
        "layer normalization: `post` (after each residual sum, as in the article), `pre` "
        "(before each sublayer) or `none` (to see what it is for)"
    ): (
        "层归一化：`post`（在残差相加之后，与论文相同）、`pre`（在子层之前）或 `none`（用来观"
        "察它的作用）"
    ),
    (
        "positional encoding: `sinusoidal` (as in the article), `sinusoidal_halves` (all "
        "sines, then all cosines), `learned` or `none` (to see what it is for)"
    ): (
        "位置编码：`sinusoidal`（正弦，与论文相同）、`sinusoidal_halves`（前半正弦、后半余弦"
        "）、`learned`（学习得到）或 `none`（用来观察它的作用）"
    ),
    "scaled dot-product attention: divide scores by √d_head; `false` to see what it is for": (
        "缩放点积注意力：得分除以 √d_head；设为 `false` 可观察缩放的作用"
    ),
    (
        "tied embeddings: source and target share one table (the output layer always shares "
        "the target's)"
    ): "共享词嵌入：源语言与目标语言共用一张表（输出层始终与目标语言共用）",
    "maximum number of positions: the longest sequence, in tokens, that the model takes": (
        "最大位置数：模型可接受的最长序列（词元数）"
    ),
    "random seed: of initial weights, order of pairs and dropout": (
        "随机种子：决定初始权重、句对顺序和 dropout"
    ),
    (
        "initialization gain of the residual branches: factor on the Xavier-initialized "
        "weights of values, attention outputs and feed-forward layers; below 1 it keeps the "
        "positions of a deep post-norm model distinguishable"
    ): (
        "残差分支的初始化增益：value、注意力输出和前馈层的 Xavier 初始权重所乘的系数；小于 1 "
        "可使较深的 post-norm 模型的各位置保持可区分"
    ),
    "maximum number of updates (optimizer steps); early stopping may end it sooner": (
        "最大训练步数（优化器更新次数）；提前停止时可能更少"
    ),
    "batch size in tokens: tokens per update, padding included, of the longer side": (
        "批大小（词元数）：每步更新所用的词元数，含填充，按较长一侧计"
    ),
    (
        "micro-batch size in tokens, for gradient accumulation: what is computed at once; "
        "larger ones need more memory"
    ): "微批大小（词元数），用于梯度累积：一次计算的量；越大占用内存越多",
    "peak learning rate, reached at the end of the warm-up": "学习率峰值，在预热结束时达到",
    "learning-rate schedule after the warm-up: `inverse_sqrt`, `cosine` or `constant`": (
        "预热之后的学习率调度：`inverse_sqrt`（平方根倒数）、`cosine`（余弦）或 `constant`（恒定）"
    ),
    "warm-up steps: updates in which the learning rate rises from zero to its peak": (
        "预热步数：学习率从零升到峰值所用的步数"
    ),
    "final learning rate of the `cosine` schedule": "`cosine` 调度的最终学习率",
    "Adam β₁: decay rate of the moving average of gradients": "Adam β₁：梯度滑动平均的衰减率",
    "Adam β₂: decay rate of the moving average of squared gradients": (
        "Adam β₂：梯度平方滑动平均的衰减率"
    ),
    "Adam ε: added to the denominator, so that it is never zero": "Adam ε：加在分母上，避免除以零",
    (
        "decoupled weight decay (AdamW): every update shrinks the weights by the learning "
        "rate times this"
    ): "解耦权重衰减（AdamW）：每步使权重按“学习率 × 该值”的比例缩小",
    (
        "label smoothing ε: probability that the target distribution spreads evenly over all "
        "tokens that may be generated"
    ): "标签平滑 ε：目标分布中均匀分给所有可生成词元的概率",
    (
        "R-Drop α, as 5 (consistency regularization): weight of the KL divergence between "
        "two passes with different dropout; doubles the time of an update, helps where pairs "
        "are few"
    ): (
        "R-Drop α，如 5（一致性正则化）：两次不同 dropout 前向计算之间 KL 散度的权重；每步耗"
        "时加倍，句对较少时有帮助"
    ),
    (
        "gradient clipping threshold (maximum gradient norm): a larger gradient is scaled "
        "down to it; 0 turns clipping off"
    ): "梯度裁剪阈值（最大梯度范数）：超过时按比例缩小到该值；0 表示不裁剪",
    (
        "mixed precision: number format of the large matrix products, `float32`, `bfloat16` "
        "or `float16`; weights stay float32"
    ): "混合精度：大矩阵乘法的数值格式，`float32`、`bfloat16` 或 `float16`；权重始终为 float32",
    "torch.compile: compile the model (for GPUs); slow to start": (
        "torch.compile：编译模型（用于 GPU）；启动较慢"
    ),
    "exponential moving average (EMA) of the weights: its decay, as 0.999; 0 keeps none": (
        "权重的指数滑动平均（EMA）：衰减率，如 0.999；0 表示不使用"
    ),
    "checkpoint averaging: number of checkpoints whose mean becomes the model": (
        "检查点平均：取多少个检查点的平均作为最终模型"
    ),
    (
        "checkpoint averaging: of the `last` checkpoints or the `best` on the dev set; `ema` "
        "takes the moving average of the weights instead"
    ): (
        "检查点平均的对象：`last`（最后的检查点）或 `best`（开发集上最好的检查点）；`ema` 则"
        "改用权重的滑动平均"
    ),
    "checkpoint interval, in updates": "保存检查点的间隔（步数）",
    "evaluation interval, in updates: how often the model is evaluated on the dev set": (
        "评测间隔（步数）：每隔多少步在开发集上评测一次"
    ),
    (
        "early stopping patience: stop after so many evaluations without a lower dev loss; 0 "
        "never does"
    ): "提前停止的耐心值：开发集损失连续多少次评测未下降即停止；0 表示从不提前停止",
    "data-parallel processes on this machine, which share the work of each update": (
        "本机的数据并行进程数，共同完成每步更新"
    ),
    "CPU threads of each process": "每个进程的 CPU 线程数",
    "peak learning rate of a pretrained encoder (`encoder_from`); 0 freezes it": (
        "预训练编码器（`encoder_from`）的学习率峰值；0 表示冻结"
    ),
    "sentences translated at each evaluation for BLEU and chrF: the first of each target": (
        "每次评测翻译多少句以计算 BLEU 和 chrF：取每个目标语言的前若干句"
    ),
    "beam size of the final evaluation; those during training are greedy": (
        "最终评测的束宽；训练过程中的评测用贪心搜索"
    ),
    "BLEU tokenizer of sacreBLEU: `13a`, `zh`, `ja-mecab`, `char`, `none` …": (
        "sacreBLEU 的 BLEU 分词器：`13a`、`zh`、`ja-mecab`、`char`、`none` 等"
    ),
    "sample translations shown at each evaluation": "每次评测显示的译文样例数",
    "{name} must be at least {bound}, but is {value}": "{name} 至少为 {bound}，现为 {value}",
    "{name} must be in [0, 1), but is {value}": "{name} 必须在 [0, 1) 内，现为 {value}",
    "balance must be at most 1, but is {balance}": "balance 至多为 1，现为 {balance}",
    "preset must be one of {known}, but is {preset!r}": (
        "preset 必须是 {known} 之一，现为 {preset!r}"
    ),
    "num_heads must divide d_model, but {d_model} / {num_heads} leaves {rest}": (
        "d_model 必须能被 num_heads 整除，但 {d_model} / {num_heads} 余 {rest}"
    ),
    "average_of is ema, but ema is 0: give a decay, as in ema = 0.999": (
        "average_of 为 ema，但 ema 为 0：请给出衰减率，如 ema = 0.999"
    ),
    "{name} must be positive and finite, but is {value}": "{name} 必须为有限正数，现为 {value}",
    "there is no section {name!r} of settings; there are: {known}": (
        "没有名为 {name!r} 的设置分组；可用的有：{known}"
    ),
    "{name} must be a section of settings, but is {values!r}": (
        "{name} 必须是一组设置，现为 {values!r}"
    ),
    "{setting:name} needs key=value, as in training.seed=2, but is {given!r}": (
        "{setting:name} 需要 key=value 的形式，如 training.seed=2，现为 {given!r}"
    ),
    "there is no setting {key!r}; they are: {known}": "没有设置 {key!r}；可用的有：{known}",
    "{path} is not TOML: {reason}": "{path} 不是 TOML 文件：{reason}",
    "there is no setting {key!r}; did you mean {near}?": "没有设置 {key!r}；是否指 {near}？",
    "{name} was {was} and is now {is_now}": "{name} 原为 {was}，现为 {is_now}",
}
