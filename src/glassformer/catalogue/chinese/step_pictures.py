"""What the pictures of steps say: structure, matrices, one head's flow, sublayers."""

SENTENCES: dict[str, str] = {
    "hidden layer": "隐藏层",
    # What a matrix is
    "ids of the tokens": "词元编号",
    "Q, queries": "Q，查询",
    "K, keys": "K，键",
    "V, values": "V，值",
    "mask": "掩码",
    "Z, output of the head": "Z，该头的输出",
    "output of the attention": "注意力的输出",
    "output of the feed-forward network": "前馈网络的输出",
    "residual sum": "残差之和",
    "LayerNorm": "层归一化（LayerNorm）",
    "output of the layer": "该层的输出",
    "E, embedding table: the rows of this text": "E，词嵌入表：本文本用到的行",
    "Eᵀ, embedding table as output layer": "Eᵀ，用作输出层的词嵌入表",
    "table of positions: the rows of this text": "位置编码表：本文本用到的行",
    "table of token types: the rows of this text": "句段类型表：本文本用到的行",
    "γ, gain of the LayerNorm": "γ，层归一化的缩放参数",
    "β, bias of the LayerNorm": "β，层归一化的偏置",
    "token": "词元",
    "feature": "特征",
    "feature of the input": "输入的特征",
    "feature of the output": "输出的特征",
    "vocabulary entry": "词表条目",
    "Shown: the {shown} of {all} rows with the largest numbers; the others are left out.": (
        "只显示 {all} 行中数值最大的 {shown} 行，其余略去。"
    ),
    "Shown: the {shown} of {all} columns with the largest numbers; the others are left out.": (
        "只显示 {all} 列中数值最大的 {shown} 列，其余略去。"
    ),
    "As its formula x W writes it: a row for each feature of x.": (
        "按公式 x W 的写法排列：x 的每个特征占一行。"
    ),
    # The flow of one head
    "how alike each query is to each key": "每个查询与每个键有多相似",
    "keeps gradients stable": "使梯度稳定",
    "each row: numbers from 0 to 1 whose sum is 1": "每行：0 到 1 之间的数，和为 1",
    "each row: numbers from 0 to 1 whose sum is 1; 0 for later tokens": (
        "每行：0 到 1 之间的数，和为 1；后面的词元为 0"
    ),
    "the values, weighted and summed": "对值加权求和",
    "not divided in this model": "此模型不做缩放",
    "Of x, Q, K, V and Z the first {shown} features are shown, of the weights as many rows and "
    "columns; beside each name stands the size of the whole matrix.": (
        "x、Q、K、V、Z 只显示前 {shown} 个特征，权重矩阵也只显示同样多的行和列；"
        "名称旁是整个矩阵的大小。"
    ),
    "The weights W and b are not in this trace: a saved one does not hold them.": (
        "此记录中没有权重 W 和 b：保存的记录不含模型权重。"
    ),
    "Framed: the row of “{token}”, followed from step to step.": (
        "方框标出“{token}”所在的行，可逐步跟踪。"
    ),
    "Blue is above 0, orange below; full colour is the largest number shown of each matrix, in the "
    "weights 1.": (
        "蓝色为正，橙色为负；颜色最深处为各矩阵中显示的最大数值，在注意力权重中则为 1。"
    ),
    # Heads joined, positions, add & norm
    "output": "输出",
    "Multi-head attention: the heads joined": "多头注意力：各头的拼接",
    "Of each head the first {shown} of {all} features are shown, and of W_O the rows that they "
    "meet.": "每个头只显示 {all} 个特征中的前 {shown} 个，W_O 只显示与之相乘的行。",
    "P is computed, not learned: sines and cosines of the position, slower from one pair of "
    "features to the next.": (
        "P 是算出来的，不是学出来的：位置的正弦和余弦，每一对特征的变化都比前一对慢。"
    ),
    "P is computed, not learned: sines of the position in the first half of the features, cosines "
    "in the second.": "P 是算出来的，不是学出来的：前一半特征是位置的正弦，后一半是余弦。",
    "P is learned: one row of a table for each position.": "P 是学出来的：每个位置对应表中的一行。",
    "This model has no positions: nothing says where a token stands.": (
        "此模型没有位置编码：无从得知词元所处的位置。"
    ),
    "One scale of colours for all, so that they can be compared; colour is full from {full:.3g}, "
    "which one number in a hundred exceeds.": (
        "各矩阵使用同一色标，可以相互比较；达到 {full:.3g} 时颜色最深，百分之一的数值超过它。"
    ),
    "The norm has a scale of its own, full from {full:.3g}.": (
        "归一化后的矩阵另用色标，达到 {full:.3g} 时颜色最深。"
    ),
    "mean": "均值",
    "sd": "标准差",
    "The first {shown} of {all} features are shown; mean and standard deviation (sd) are those of "
    "the whole row.": "只显示 {all} 个特征中的前 {shown} 个；均值和标准差按整行计算。",
    "LayerNorm gives each row mean 0 and standard deviation 1, then multiplies each feature by its "
    "γ and adds its β, which are learned.": (
        "层归一化使每行的均值为 0、标准差为 1，再将每个特征乘以学得的 γ，并加上学得的 β。"
    ),
    "This model has no norm: the sum goes on as it is.": (
        "此模型没有层归一化：残差之和直接送往下一部分。"
    ),
    "γ and β are not in this trace: a saved one does not hold them.": (
        "此记录中没有 γ 和 β：保存的记录不含模型权重。"
    ),
    # Refusals
    "{view} is legible for up to {most} tokens, but there are {tokens}: draw its steps one by one "
    "({matrix} and {tensor})": (
        "{view} 最多可显示 {most} 个词元，而这里有 {tokens} 个：请逐步绘制（{matrix} 与 {tensor}）"
    ),
    "{name} is a weight of the model, which a saved trace does not hold: load the trace with its "
    "model, Trace.load(path, model=…), or give it one, trace.with_model(…)": (
        "{name} 是模型的权重，保存的计算记录中没有：请连同模型加载，Trace.load(path, model=…)，或"
        "附上模型，trace.with_model(…)"
    ),
    "{name} is a weight of the model, which was learned: no step computes it": (
        "{name} 是模型学到的权重，不由任何步骤算出"
    ),
    "{sublayer} belongs to {view}": "{sublayer} 只用于 {view}",
    "this picture shows one {setting:name}, but several were given": (
        "这幅图只取一个 {setting:name}，却给了多个"
    ),
}
