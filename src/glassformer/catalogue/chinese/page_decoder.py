"""The page: R, the decoder and learning."""

SENTENCES: dict[str, str] = {
    "The output of encoder layer {layers} is R: for each of the {tokens} tokens {width} numbers. "
    "It is all that the encoder hands on.": (
        "编码器第 {layers} 层的输出就是 R："
        "{tokens} 个词元各有 {width} 个数。编码器向后传递的只有它。"
    ),
    "R is the norm of the output of encoder layer {layers}: for each of the {tokens} tokens "
    "{width} numbers. It is all that the encoder hands on.": (
        "编码器第 {layers} 层的输出经归一化就是 R："
        "{tokens} 个词元各有 {width} 个数。编码器向后传递的只有它。"
    ),
    "Which words are near which": "哪些词彼此相近",
    "The cosine between the vectors of two words in R: 1 is the same direction, 0 a right angle. "
    "A word of several tokens has the mean of their vectors.": (
        "R 中两个词的向量之间的余弦：1 表示方向相同，"
        "0 表示垂直。由几个词元组成的词取它们向量的平均。"
    ),
    "R forming, layer by layer": "R 逐层形成",
    "How near each word already is to what it will be in R, and which words are near which at this "
    "stage.": "每个词此时离它在 R 中的样子有多近，以及此时哪些词彼此相近。",
    "the encoder's input": "编码器的输入",
    "layer {layer}": "第 {layer} 层",
    "the norm after the last layer": "最后一层之后的归一化",
    "After which layer": "在哪一层之后",
    "after {stage}": "{stage}之后",
    "R, tokens by features": "R，词元 × 特征",
    "A row is a token, a column a feature; blue is above 0, orange below. The colour is full from "
    "±{scale} on: 99 % of the numbers are smaller.": (
        "每行是一个词元，每列是一个特征；蓝色大于 0，"
        "橙色小于 0。到 ±{scale} 时颜色最深：99 % 的数比它小。"
    ),
    "No word of this text has a token.": "这段文本中没有一个词有词元。",
    "Cosines between words in R": "R 中词与词之间的余弦",
    "Nearest to “{word}”": "离“{word}”最近的词",
    "Cosines between words after {stage}": "{stage}之后词与词之间的余弦",
    "Cosine of each word with itself in R": "每个词与它自己在 R 中的余弦",
    # the decoder
    "The decoder writes the translation token by token. Row i reads the target up to token i, and "
    "R, and gives each token of the vocabulary a probability of being token i + 1.": (
        "解码器逐个词元地写出译文。第 i 行读目标句的前 i 个词元和 R，"
        "给出词表中每个词元成为第 i + 1 个词元的概率。"
    ),
    "This model has no decoder: what it makes of a sentence is R.": (
        "此模型没有解码器：它对一个句子给出的就是 R。"
    ),
    "Only the encoder was traced here. Choose a target language (to=), or give a translation "
    "(target=), and the decoder is here too.": (
        "这里只记录了编码器。选择目标语言（to=）或给出译文（target=），这里就会有解码器。"
    ),
    "What the row attends to": "这一行注意什么",
    "All rows at once": "所有行",
    "The search": "搜索过程",
    "One token back": "后退一个词元",
    "One token on": "前进一个词元",
    "The tokens of the translation": "译文的词元",
    "row {row} of {rows}": "第 {row} 行，共 {rows} 行",
    "A row is named after": "每行标注",
    "the token that it reads": "它读入的词元",
    "the token that it predicts": "它预测的词元",
    # candidates
    "What could come next": "下一个可能是什么",
    "Candidates with their probabilities": "候选词元及其概率",
    "all others together": "其余全部合计",
    "Choose another candidate to see how the sentence goes on.": (
        "选择另一个候选词元，看句子会怎样继续。"
    ),
    "To see how the sentence goes on with another candidate, open this sentence with “glassformer "
    "serve”.": "想看选择另一个候选词元后句子怎样继续，请用“glassformer serve”打开这个句子。",
    "This row reads “{input}”; the target given ends here.": (
        "这一行读入“{input}”；给出的目标句到此为止。"
    ),
    "This row reads “{input}” and predicts “{token}”: rank {rank}, probability {probability}.": (
        "这一行读入“{input}”，预测“{token}”：排第 {rank}，概率 {probability}。"
    ),
    "This row reads “{input}” and predicts “{token}”: rank {rank}, probability {probability}, "
    "log-probability {score}.": (
        "这一行读入“{input}”，预测“{token}”：排第 {rank}，概率 {probability}，对数概率 {score}。"
    ),
    "Go on with “{token}”": "用“{token}”继续",
    "chosen": "已选",
    "the sentence ends here": "句子到此结束",
    "the search never generates this token": "搜索从不生成这个词元",
    "a beginning is given as text, and single bytes are none": (
        "开头以文本给出，而单个字节不是文本"
    ),
    "Asking for the rest of the sentence …": "正在请求句子的后续……",
    "The server gave no continuation: {reason}": "服务器没有给出后续：{reason}",
    "With “{token}” at this place": "此处换成“{token}”",
    "now": "现在",
    "then": "换后",
    "The beginning was given as text, and was cut into other tokens than here.": (
        "开头以文本给出，切分出的词元与这里不同。"
    ),
    "Walk through this translation": "逐步查看这个译文",
    # what a row attends to
    "{count} later tokens, masked": "其后 {count} 个词元，被掩码",
    "mean of all layers": "所有层的平均",
    "mean of all heads": "所有头的平均",
    "head {head}": "第 {head} 头",
    "Layer of the decoder": "解码器的层",
    "Head of the decoder": "解码器的头",
    "Cross-attention: the row looks at R": "交叉注意力：这一行看 R",
    "Masked self-attention: the row looks at the target up to its own token": (
        "掩码自注意力：这一行看目标句中到自己为止的词元"
    ),
    "Cross-attention, all rows": "交叉注意力，所有行",
    "Masked self-attention, all rows": "掩码自注意力，所有行",
    "A mean over heads has no arithmetic of one cell: choose a layer and a head to open cells.": (
        "几个头的平均没有单个单元格的算式：选择一层和一个头，就能打开单元格。"
    ),
    # the search
    "There was no search: the target was given.": "没有搜索：目标句是给出的。",
    "Back to the translation that a search finds": "回到搜索得到的译文",
    "At each step the search goes on with every token from each candidate that it kept, and keeps "
    "the best. Below a token stands the score of all tokens so far, a sum of log-probabilities.": (
        "每一步，搜索从保留的每个候选出发，试接每个词元，再保留最好的。"
        "词元下面是到此为止所有词元的得分，即对数概率之和。"
    ),
    "The candidates of each step": "每一步的候选",
    "Steps {first} to {last} of {count}": "第 {first} 至 {last} 步，共 {count} 步",
    "the translation": "译文",
    "kept": "保留",
    "ended": "结束",
    "dropped": "舍弃",
    "The search as a tree; the table below has the step looked at": (
        "搜索的树形图；下面的表列出所看的一步"
    ),
    "Candidates of step {step}": "第 {step} 步的候选",
    "tokens so far": "到此为止的词元",
    "score so far": "到此为止的得分",
    "what became of it": "结果",
    "Decoder layer {layer}, step by step, with head {head}": (
        "解码器第 {layer} 层逐步展开，第 {head} 头"
    ),
    # learning
    "This sentence was watched while the model was trained, from random weights to the end. Go "
    "through the updates and see its attention and its translations form.": (
        "模型训练时记录了这个句子，从随机权重直到结束。"
        "沿着更新次数走一遍，看它的注意力和译文怎样形成。"
    ),
    "Translations": "译文",
    "Weights were recorded as whole numbers of {levels}ths. The recorded updates are equally far "
    "apart on the slider: it is nearly logarithmic.": (
        "权重以 1/{levels} 的整数倍记录。滑块上各次记录间距相等，因此近似对数刻度。"
    ),
    "At these updates there was no attention to record, since numbers had become NaN: {updates}": (
        "在这些更新时数值已成为 NaN，没有注意力可记录：{updates}"
    ),
    "This sentence was watched, but its attention was never recorded: numbers had become NaN.": (
        "训练时记录了这个句子，但数值已成为 NaN，没有记录到注意力。"
    ),
    "No sentence was watched while this model was trained: training with a sentence to watch "
    "(watch=) records one.": (
        "这个模型训练时没有记录任何句子：训练时给出要记录的句子（watch=），就能记录。"
    ),
    "This sentence was not watched while the model was trained. These were:": (
        "模型训练时没有记录这个句子。记录了的有："
    ),
    "Play": "播放",
    "Pause": "暂停",
    "Update of the training": "训练的更新次数",
    "update {update} of {most}": "第 {update} 次更新，共 {most} 次",
    "Attention at this update": "这次更新时的注意力",
    "choose another head": "选择另一个头",
    "Since update {update} the translation has other words, so its lines are not compared.": (
        "自第 {update} 次更新以来译文的词变了，因此不比较连线。"
    ),
    "Nothing changed in these weights since update {update}.": (
        "自第 {update} 次更新以来，这些权重没有变化。"
    ),
    "What changed most since update {update}": "自第 {update} 次更新以来变化最大的",
    "This model has no decoder: there were no translations to record.": (
        "此模型没有解码器，没有译文可记录。"
    ),
    "(empty)": "（空）",
    "no score: its numbers were not finite": "没有得分：数值不是有限数",
    "score {score}": "得分 {score}",
    "; unchanged since update {update}": "；自第 {update} 次更新以来没有变化",
    "Marked: what the translation at update {update} did not have.": (
        "标出的：第 {update} 次更新时的译文没有的部分。"
    ),
}
