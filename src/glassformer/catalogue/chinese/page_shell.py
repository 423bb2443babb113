"""The page: its shell, the whole, the sentence."""

SENTENCES: dict[str, str] = {
    (
        "Nothing is shown here when scripts are switched off, or when the file is incomplete."
    ): "如果脚本被禁用，或者文件不完整，这里就不会显示内容。",
    (
        "The numbers “{name}” are missing in this file: it was cut off or changed. Make it again."
    ): "此文件中缺少数据块“{name}”：文件被截断或改动过。请重新生成。",
    (
        "The numbers “{name}” are damaged: make the file, or load the page, again."
    ): "数据块“{name}”已损坏：请重新生成文件或重新加载页面。",
    (
        "This browser cannot unpack the numbers of the page (it has no DecompressionStream): take "
        "Chrome 103, Firefox 113, Safari 16.4 or a later one."
    ): (
        "此浏览器无法解压页面中的数据（缺少 DecompressionStream）：请使用 Chrome 103、"
        "Firefox 113、Safari 16.4 或更新的版本。"
    ),
    (
        "This file is damaged: the description of its numbers cannot be read. Make it again."
    ): "此文件已损坏：无法读取对其数据的说明。请重新生成。",
    (
        "The data of this page is of version {given}, but the page reads {expected}: make the "
        "file again."
    ): "此页面的数据版本是 {given}，而页面读取的是 {expected}：请重新生成文件。",
    (
        "This file holds one computation. The address asks for another ({names}), which takes a "
        "server: “glassformer serve” is one."
    ): (
        "此文件只含一次计算的结果。地址要求的是另一次计算（{names}），"
        "这需要服务器：可运行“glassformer serve”。"
    ),
    "These settings do not fit this sentence and were left out: {names}": (
        "以下设置不适用于这个句子，已忽略：{names}"
    ),
    "This part of the page cannot be drawn, which is a fault of Glassformer: {reason}": (
        "页面的这一部分无法绘制，这是 Glassformer 的错误：{reason}"
    ),
    "The server does not answer: is “glassformer serve” still running?": (
        "服务器没有响应：“glassformer serve”还在运行吗？"
    ),
    "The server answered with status {status}, without a reason.": (
        "服务器返回状态码 {status}，没有说明原因。"
    ),
    "Computing …": "正在计算……",
    "Computed.": "计算完成。",
    "Skip to the content": "跳到正文",
    "How a Transformer reads": "看 Transformer 怎样读这句话",
    "Read by {model}: {n} encoder layers, {heads} heads, d_model {d}": (
        "模型 {model}：{n} 层编码器，{heads} 个头，d_model 为 {d}"
    ),
    (
        "Read by {model}: {n} encoder layers and {m} decoder layers, {heads} heads, d_model {d}"
    ): "模型 {model}：{n} 层编码器，{m} 层解码器，{heads} 个头，d_model 为 {d}",
    (
        "Made with Glassformer {version}. Every number here was computed by the model, for this "
        "sentence."
    ): "由 Glassformer {version} 生成。这里的每一个数都是模型对这个句子算出来的。",
    "Auto": "自动",
    "Light": "浅色",
    "Dark": "深色",
    "Colour theme": "颜色主题",
    "Tour": "导览",
    "Go to": "前往",
    "Map of the page": "页面地图",
    "The model": "模型",
    "encoder layer {n}": "编码器第 {n} 层",
    "decoder layer {n}": "解码器第 {n} 层",
    # The whole.
    "The model, from bottom to top": "模型，自下而上",
    (
        "{n} encoder layers stand one upon the other, all built alike: each reads what the one "
        "below puts out. What the last one puts out is R, the representation of the sentence."
    ): (
        "{n} 层编码器叠在一起，结构完全相同：每一层的输入都是下面一层的输出。"
        "最后一层的输出就是 R，即整个句子的表示。"
    ),
    "Every decoder layer reads R and, from it, the translation is written token by token.": (
        "解码器的每一层都读取 R，并据此逐个词元地写出译文。"
    ),
    "The decoder is not shown, since no target language was chosen.": (
        "没有选择目标语言，因此不显示解码器。"
    ),
    "This model has no decoder: R is what it is for.": "这个模型没有解码器：R 就是它的结果。",
    "Click a part to go there. Shapes are those of this sentence.": (
        "点击任一部分即可前往。形状是这个句子的实际形状。"
    ),
    "weights {shape}": "权重 {shape}",
    "hidden layer {shape}": "隐藏层 {shape}",
    "The text, cut into pieces that the vocabulary has: words, or parts of words.": (
        "把文本切成词表中有的片段：整个词，或者词的一部分。"
    ),
    "Each token becomes a vector, its row of the embedding table.": (
        "每个词元变成一个向量，即嵌入表中属于它的那一行。"
    ),
    (
        "All tokens enter at once, so a vector that says where each one stands is added, made of "
        "sines and cosines."
    ): "所有词元同时输入，因此要加上一个表示位置的向量，由正弦和余弦函数构成。",
    (
        "All tokens enter at once, so a vector that says where each one stands is added: sines in "
        "its first half, cosines in its second."
    ): "所有词元同时输入，因此要加上一个表示位置的向量：前一半是正弦，后一半是余弦。",
    (
        "All tokens enter at once, so a vector that says where each one stands is added; training "
        "has learned it."
    ): "所有词元同时输入，因此要加上一个表示位置的向量，它是训练中学到的。",
    "A vector that says which of two segments a token belongs to is added too.": (
        "另外再加上一个向量，表示词元属于两段文本中的哪一段。"
    ),
    "The sum: one vector for each token, all rows of one matrix.": (
        "以上各项之和：每个词元一个向量，合起来是一个矩阵。"
    ),
    (
        "Relates each token to all tokens of the sentence, itself included, and gathers what "
        "matters to it."
    ): "把每个词元与句中所有词元（包括它自己）联系起来，汇集对它重要的信息。",
    (
        "The same among the target tokens; those that come later are masked, since they are not "
        "written yet."
    ): "在目标词元之间做同样的事；后面的词元还没有写出，因此被掩盖。",
    "Each target token gathers from R what it needs of the source sentence.": (
        "每个目标词元从 R 中汇集它所需要的源句信息。"
    ),
    (
        "Two linear layers with an activation in between, for each token alone: the same at all "
        "positions, different in every layer."
    ): ("两个线性层，中间有一个激活函数，对每个词元单独计算：各个位置的参数相同，各层的参数不同。"),
    (
        "A residual connection carries the input past the sublayer and adds it to the output; "
        "LayerNorm keeps the values from changing wildly."
    ): "残差连接把子层的输入绕过子层加到输出上；层归一化使数值不会剧烈变化。",
    (
        "A residual connection carries the input past the sublayer and adds it to the output."
    ): "残差连接把子层的输入绕过子层加到输出上。",
    (
        "What the last encoder layer puts out: one vector for each token, made of the whole "
        "sentence."
    ): "最后一层编码器的输出：每个词元一个向量，包含了整个句子的信息。",
    "One vector for each target token, from which the next token is predicted.": (
        "每个目标词元一个向量，用来预测下一个词元。"
    ),
    "One score for each token of the vocabulary: its dot product with h.": (
        "词表中的每个词元得一个分数，即它的向量与 h 的点积。"
    ),
    (
        "Softmax makes probabilities of the logits; the search chooses the next token by them."
    ): "softmax 把 logits 变成概率，搜索据此选择下一个词元。",
    # The sentence.
    "A sentence of your own, in English": "输入你自己的英文句子",
    "For example:": "例如：",
    "Model": "模型",
    "Target language": "目标语言",
    "Beam size": "束宽",
    "Compute": "计算",
    (
        "The sentence has {words} words; the model reads them as {tokens} tokens, special tokens "
        "included, all at once."
    ): "句子有 {words} 个词；模型把它读作 {tokens} 个词元（含特殊词元），并且同时读入。",
    "This model is an encoder without a decoder: it computes R, and translates nothing.": (
        "这个模型只有编码器，没有解码器：它计算 R，不做翻译。"
    ),
    "No target language was chosen, so the decoder is not traced here.": (
        "没有选择目标语言，因此这里没有追踪解码器。"
    ),
    "log-probability {score}": "对数概率 {score}",
    "trace this one": "追踪这一句",
    "traced below": "下文追踪的译文",
    (
        "This page is a file with the numbers of this sentence. To try one of your own, start a "
        "server:"
    ): "此页面是一个文件，包含这个句子的全部数据。要试你自己的句子，请启动服务器：",
    "Copied.": "已复制。",
    "Selected": "已选中",
    "Press Ctrl-C to copy what is selected.": "按 Ctrl-C 复制选中的内容。",
}
