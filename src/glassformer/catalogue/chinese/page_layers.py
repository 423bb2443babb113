"""The page: the input, and one layer step by step."""

SENTENCES: dict[str, str] = {
    "each row is a column of Kᵀ": "每一行是 Kᵀ 的一列",
    # The input
    "All words enter at once, each as one row of a matrix. Text is split into tokens: words, or "
    "pieces of words; each token has an id in the vocabulary, and each id its row in the embedding "
    "table.": (
        "所有词同时输入，每个词是矩阵的一行。文本先切分为词元（词或词的片段），每个词元在词表中"
        "有一个编号，每个编号对应词嵌入表中的一行。"
    ),
    "Which input": "选择哪一侧的输入",
    "Encoder side": "编码器一侧",
    "Decoder side": "解码器一侧",
    "Choose a word to follow it through all steps.": "点选一个词，在所有步骤中跟踪它。",
    "Words, tokens and ids": "词、词元和编号",
    "ids": "编号",
    "positions": "位置",
    "special token": "特殊词元",
    "in no word": "不属于任何词",
    "No token stands for these words; the tokenizer drops them: {words}": (
        "以下词没有对应的词元，被分词器略去：{words}"
    ),
    "The rows of the embedding table are multiplied by √d_model = √{size} = {root}.": (
        "词嵌入表中取出的行要乘以 √d_model = √{size} = {root}。"
    ),
    "This model does not multiply the embedding by √d_model.": "此模型的词嵌入不乘以 √d_model。",
    "embedding": "词嵌入",
    "token types": "句段类型",
    "before the norm": "归一化之前",
    "One colour scale for all of them; colour is full from {full}, which one number in a hundred "
    "exceeds.": "各矩阵使用同一色标；达到 {full} 时颜色最深，百分之一的数值超过它。",
    "This model normalises the sum before layer 1; the norm has a colour scale of its own.": (
        "此模型在第 1 层之前先对和做层归一化；归一化后的矩阵另用色标。"
    ),
    "Some features of P over the positions of this sentence, on one scale (features counted from "
    "0)": "P 的几个特征随句中位置的变化，使用同一尺度（特征从 0 开始编号）",
    "feature {feature}, at “{token}”: {value}": "特征 {feature}，在“{token}”处：{value}",
    # Which layer, head and word
    "All {n} encoder layers are built alike, each fed by the one below, each with weights of its "
    "own: attention between the tokens, then a feed-forward network at each token.": (
        "{n} 个编码器层结构相同，每一层以下一层的输出为输入，各有自己的权重：先是词元之间的注意力，"
        "再是逐词元的前馈网络。"
    ),
    "Layer shown": "所示的层",
    "Layer {n} of {all}": "第 {n} 层，共 {all} 层",
    "Head shown": "所示的头",
    "Head {n} of {all}": "第 {n} 头，共 {all} 头",
    "{what}: one back": "{what}：上一个",
    "{what}: one on": "{what}：下一个",
    "Head {head} was chosen.": "已选择第 {head} 头。",
    "Head {head} is the one that the model card recommends: {reason}": (
        "第 {head} 头是模型卡片推荐的头：{reason}"
    ),
    "Head 1 is shown: the model card names none in this layer.": (
        "显示第 1 头：模型卡片没有推荐这一层的头。"
    ),
    "The word that is followed": "所跟踪的词",
    "Blue is above 0, orange below. Colour is full from the number that one in a hundred of a "
    "matrix exceeds, in attention weights at 1.": (
        "蓝色为正，橙色为负。颜色最深处为矩阵中只有百分之一的数值超过的那个数，"
        "在注意力权重中则为 1。"
    ),
    "This is the last layer: its output is R, the representation of the sentence.": (
        "这是最后一层：其输出就是 R，即句子的表示。"
    ),
    "This is the last layer; a final norm makes R of its output.": (
        "这是最后一层：其输出再经过一次层归一化，就是 R。"
    ),
    "This output is the input of layer {n}.": "这一输出就是第 {n} 层的输入。",
    "On to layer {n}": "前往第 {n} 层",
    # The parts of a layer
    "Multi-head self-attention": "多头自注意力",
    "Masked multi-head self-attention": "带掩码的多头自注意力",
    "Multi-head cross-attention: queries from the target, keys and values from R": (
        "多头交叉注意力：查询来自目标句，键和值来自 R"
    ),
    "Feed-forward network": "前馈网络",
    "Add & norm": "残差连接与层归一化",
    "Add, without a norm after it": "残差连接（其后没有归一化）",
    "Norm, before the sublayer": "子层之前的层归一化",
    "Output of the layer": "该层的输出",
    "Other names: the steps of this layer in the trace": "其他名称：计算记录中这一层的各步骤",
    "Copy": "复制",
    "Copied": "已复制",
    "This part cannot be shown: {reason}": "这一部分无法显示：{reason}",
    # The steps of one head
    "Head {head} of {heads}, d_head {size}": "第 {head} 头，共 {heads} 头，d_head = {size}",
    "Each token's x is multiplied by three matrices, which gives its query, key and value; the "
    "matrices are random at first, training finds their values.": (
        "每个词元的 x 分别乘以三个矩阵，得到它的查询、键和值；"
        "这些矩阵起初是随机的，由训练得出其取值。"
    ),
    "Dot product of each query with each key: how alike they are.": (
        "每个查询与每个键做点积：衡量二者有多相似。"
    ),
    "The scores are divided by √d_head, for stable gradients.": "得分除以 √d_head，使梯度稳定。",
    "The scores are not divided in this model.": "此模型的得分不做除法。",
    "Softmax turns each row into weights from 0 to 1 whose sum is 1.": (
        "softmax 把每一行变为 0 到 1 之间的权重，和为 1。"
    ),
    "First Q, K and V": "先得到 Q、K、V",
    "The values, weighted and summed: Z is the output of this head.": (
        "对值加权求和：Z 就是这个头的输出。"
    ),
    "Divided by √d_head = √{size} = {root}.": "除以 √d_head = √{size} = {root}。",
    "queries": "查询",
    "keys": "键",
    "values": "值",
    "learned": "学得的权重",
    "after the norm": "归一化之后",
    "input of this sublayer": "此子层的输入",
    "mask, 1: may attend": "掩码，1 表示可以关注",
    "output of the head": "该头的输出",
    "The learned matrices W are not in this page; it holds them where it was made with the "
    "weights.": "此页面不含学得的矩阵 W；生成页面时选择附带权重，页面中才有。",
    "Framed: the row of “{token}”.": "方框标出“{token}”所在的行。",
    "One row in numbers": "一行的数值",
    "The row of “{token}” in numbers": "“{token}”所在行的数值",
    "{n} other keys together": "其余 {n} 个键合计",
    # The walk through the steps
    "The steps one by one": "逐步查看",
    "Previous step": "上一步",
    "Next step": "下一步",
    "Play the steps": "播放各步",
    "Pause the steps": "暂停",
    "Show all steps": "显示所有步骤",
    "Step {n} of {all}": "第 {n} 步，共 {all} 步",
    "All {all} steps are shown": "已显示全部 {all} 步",
    # All heads, add & norm, feed-forward
    "All heads joined: concat, W_O": "各头的拼接：concat 与 W_O",
    "The {n} heads are computed side by side, each with matrices of its own; one colour scale for "
    "all of them.": "{n} 个头并行计算，各有自己的矩阵；各头使用同一色标。",
    "This model has one head.": "此模型只有一个头。",
    "before": "之前",
    "after": "之后",
    "Mean and standard deviation of each row": "每行的均值和标准差",
    "Mean and standard deviation (sd) of each row": "每行的均值和标准差（sd）",
    "Two linear layers with a non-linearity in between: the same weights at every position, others "
    "in every layer.": (
        "两个线性层，中间是非线性激活：各位置使用相同的权重，不同的层则使用不同的权重。"
    ),
    "A unit fires for a token where its value is above 0; ReLU makes all others 0.": (
        "对某个词元，值大于 0 的单元被激活；其余单元经 ReLU 后为 0。"
    ),
    "Counted as firing: values above 0. This activation gives small negative values too, where "
    "ReLU would give 0.": (
        "值大于 0 的单元计为被激活。此激活函数也会给出较小的负值，而 ReLU 在该处为 0。"
    ),
    "Hidden units that fire": "被激活的隐藏单元",
    "Hidden units that fire, of {n}": "{n} 个隐藏单元中被激活的",
    "units": "单元数",
    "share": "占比",
    "The strongest units for “{token}” (units counted from 0):": (
        "“{token}”激活最强的单元（从 0 开始编号）："
    ),
    "unit {unit}: {value}": "单元 {unit}：{value}",
}
