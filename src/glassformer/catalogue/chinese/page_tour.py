"""The tour of the page, eight stops that follow the article; `glassformer tour`."""

SENTENCES: dict[str, str] = {
    "Walk through a sentence in a browser, with a tour of eight stops.": (
        "在浏览器中走一遍一个句子，共八站的导览。"
    ),
    "Walk through the Transformer on SENTENCE: a tour of eight stops, in a browser.": (
        "在浏览器中用 SENTENCE 走一遍 Transformer：共八站的导览。"
    ),
    (
        "Makes a page that needs no network, prints where it is, and opens it. Without SENTENCE "
        "it is about the article's example."
    ): ("生成一个不需要网络的页面，输出其位置并打开它。不给 SENTENCE 时，使用文章中的例句。"),
    "Target language; default: the first that the model has.": "目标语言；默认为模型的第一种。",
    (
        "Put the weight matrices into the file too, so that every number in it can be recomputed."
    ): "把权重矩阵也写入文件，使其中的每一个数都能重新计算。",
    "Write the page to this file (.html); default: a new one.": (
        "把页面写入此文件（.html）；默认新建一个。"
    ),
    "Serve the page until Ctrl-C, so that other sentences can be tried, and write no file.": (
        "启动服务直到按 Ctrl-C，可以试其他句子；不写文件。"
    ),
    "The port to serve at; default: any that is free.": "服务的端口；默认任选一个空闲端口。",
    "Open no browser.": "不打开浏览器。",
    "{serve} writes no file: leave {setting:name} out": "{serve} 不写文件：请去掉 {setting:name}",
    "{port:name} is for {serve}": "{port:name} 用于 {serve}",
    "no browser can be opened here; open {address} in one": (
        "这里无法打开浏览器；请自行在浏览器中打开 {address}"
    ),
    "Computed in:": "计算这一步的源文件：",
    "Stop {n}": "第 {n} 站",
    "Stop {n}, seen": "第 {n} 站，已看过",
    "Stop {n} of {all}": "第 {n} 站，共 {all} 站",
    "End the tour": "结束导览",
    "Back": "上一站",
    "Next": "下一站",
    "A stack of encoders": "编码器的堆叠",
    (
        "The encoder is {n} layers in series, all built alike: each reads what the one below puts "
        "out. What the last one puts out is R, the representation of the sentence."
    ): (
        "编码器由 {n} 层串联而成，各层结构相同：每一层的输入都是下面一层的输出。"
        "最后一层的输出就是 R，即这个句子的表示。"
    ),
    (
        "Every layer has two parts, multi-head attention and a feed-forward network. Together "
        "they have one task: to extract the features of the sentence."
    ): "每一层有两个部分：多头注意力和前馈网络。它们共同的任务是提取句子的特征。",
    "Open layer {layer}": "打开第 {layer} 层",
    "The layers are built alike. Do they compute the same?": "各层结构相同，它们算的也相同吗？",
    (
        "No. They share the plan, not the numbers: every layer has weights of its own, found in "
        "training, and reads something else than the layer below it."
    ): (
        "不相同。它们的结构一样，数值却不一样：每一层都有自己在训练中得到的权重，"
        "读到的输入也与下面一层不同。"
    ),
    "Self-attention: who matters to whom": "自注意力：谁对谁重要",
    (
        "In “a dog ate the food because it was hungry” a person knows that “it” is the dog. A "
        "model has to find out: to compute the features of a word it relates the word to every "
        "word of the sentence, itself included."
    ): (
        "读“a dog ate the food because it was hungry”时，人知道“it”指的是狗（dog）。"
        "模型却要自己去判断：计算一个词的特征时，它把这个词与句中的每一个词（包括它自己）联系起来。"
    ),
    (
        "Each tie is a number, the attention weight, and is drawn as a line: the larger the "
        "weight, the thicker the line."
    ): "每个联系都是一个数，叫作注意力权重，画成一条线：权重越大，线越粗。",
    (
        "In head {head} of layer {layer}, the other word with the largest weight from “{word}” "
        "is “{to}”: {weight}."
    ): "在第 {layer} 层第 {head} 头中，除它自身外，“{word}”对“{to}”的权重最大：{weight}。",
    (
        "On average over the heads of layer {layer}, the other word with the largest weight from "
        "“{word}” is “{to}”: {weight}."
    ): "按第 {layer} 层各头的平均值，除它自身外，“{word}”对“{to}”的权重最大：{weight}。",
    "Look from “{word}”": "从“{word}”看",
    "Does a thick line prove that the model has understood?": "线粗就证明模型理解了吗？",
    (
        "No. A weight says how much of a word's value is taken over, in one head of one layer. "
        "Whether a head finds what a pronoun stands for is a matter of counting, over many "
        "sentences."
    ): (
        "不能证明。权重只说明在某一层的某个头里，一个词的值被取用了多少。"
        "一个头能不能找到代词所指的词，要在大量句子上统计才知道。"
    ),
    "The head on this model's card (layer {layer}, head {head}) {reason}.": (
        "此模型的模型卡所列的头（第 {layer} 层第 {head} 头）：{reason}。"
    ),
    "Query, key and value, in four steps": "查询、键和值：四个步骤",
    (
        "Three weight matrices make three vectors of each token's vector: a query (what it looks "
        "for), a key (what it can be found by) and a value (what it gives). The matrices are "
        "random at first; training finds better and better values for them. In each head Q, K "
        "and V are [{n} × {d}]: tokens × numbers."
    ): (
        "三个权重矩阵把每个词元的向量变成三个向量：查询（它要找什么）、键（凭什么能找到它）"
        "和值（它提供什么）。这些矩阵起初是随机的，训练使它们越来越好。"
        "在每个头里，Q、K、V 都是 [{n} × {d}] 的矩阵：词元数 × 每个向量的长度。"
    ),
    (
        "Step 1: the dot products of Q and K say how alike each token is to each. Step 2: they "
        "are divided by √{d}, for stable gradients. Step 3: softmax makes numbers between 0 and "
        "1 of them, which sum to 1 in each row. Step 4: Z is the sum of the values, weighted by "
        "these. Hence the name: scaled dot-product attention."
    ): (
        "第一步：Q 与 K 的点积，表示每两个词元有多相似。第二步：除以 √{d}，使梯度稳定。"
        "第三步：softmax 把它们变成 0 到 1 之间的数，每行之和为 1。"
        "第四步：以这些数为权重对值求和，得到 Z。所以叫作缩放点积注意力。"
    ),
    (
        "Step 1: the dot products of Q and K say how alike each token is to each. Step 2, the "
        "division by √{d}, is left out in this model. Step 3: softmax makes numbers between 0 "
        "and 1 of them, which sum to 1 in each row. Step 4: Z is the sum of the values, weighted "
        "by these."
    ): (
        "第一步：Q 与 K 的点积，表示每两个词元有多相似。第二步是除以 √{d}，这个模型省去了。"
        "第三步：softmax 把它们变成 0 到 1 之间的数，每行之和为 1。"
        "第四步：以这些数为权重对值求和，得到 Z。"
    ),
    "Follow “{word}” through layer 1": "跟着“{word}”走过第 1 层",
    "Why are the scores divided by √{d}?": "为什么要把分数除以 √{d}？",
    (
        "A dot product of {d} pairs of numbers easily becomes large, and softmax of large scores "
        "is nearly 1 for one token and nearly 0 for the others. There its slope is almost flat, "
        "and training would hardly move. Divided by √{d}, the scores stay in a range where it "
        "learns."
    ): (
        "{d} 对数相乘再相加，点积很容易变大；分数大了，softmax 就会对一个词元接近 1，"
        "对其余的接近 0。那里的斜率几乎为零，训练很难推进。"
        "除以 √{d} 后，分数保持在便于学习的范围内。"
    ),
    "Several heads": "多个头",
    (
        "A single attention matrix may be governed by the wrong word; where the meaning is "
        "ambiguous, one should not rely on it alone. So several are computed side by side, each "
        "with W_Q, W_K and W_V of its own: the heads."
    ): (
        "单独一个注意力矩阵可能被错误的词主导；词义有歧义时，不能只依靠它。"
        "因此并行计算多个，每个都有自己的 W_Q、W_K 和 W_V，称为头。"
    ),
    (
        "This model has {h} heads in each layer. What they gather is concatenated and multiplied "
        "by one more matrix, W_O, so that the result is as wide as the input: {d} numbers."
    ): (
        "这个模型每层有 {h} 个头。各头的结果拼接起来，再乘以一个矩阵 W_O，"
        "使输出与输入同宽：{d} 个数。"
    ),
    "This model has one head in each layer, so it has to rely on that one.": (
        "这个模型每层只有一个头，只能依靠它。"
    ),
    "Look at head {head} of layer {layer}": "看第 {layer} 层第 {head} 头",
    "If several heads are better than one, why not hundreds?": (
        "既然多个头比一个好，为什么不用几百个？"
    ),
    (
        "The heads share the width of the model: {h} heads of {size} numbers make {d}. More "
        "heads are narrower ones, and with too few numbers a query can hardly tell one key from "
        "another."
    ): (
        "各头分享模型的宽度：{h} 个头，每头 {size} 个数，共 {d} 个。头越多，每个头就越窄；"
        "数太少，查询就很难区分不同的键。"
    ),
    "Positions: all words at once": "位置：所有词同时输入",
    (
        "All words enter at once, not one after another. So training takes less time, and words "
        "that stand far apart are related as easily as neighbours. But the order is lost: "
        "attention sees a set of words."
    ): (
        "所有词同时输入，而不是一个接一个。这样训练时间更短，相隔很远的词也像相邻的词一样容易联系起来。"
        "但是词序丢失了：在注意力看来，句子只是一堆词。"
    ),
    "This model adds no positions, so it cannot know the order of the words.": (
        "这个模型不加位置，因此无法知道词的顺序。"
    ),
    (
        "So a matrix P of the size of X is added. In this model P is a table that training has "
        "learned, with a row for each position."
    ): "因此要加上一个与 X 同样大小的矩阵 P。在这个模型中，P 是训练中学到的表，每个位置一行。",
    (
        "So a matrix P of the size of X is added: X + P. It is made of sine functions, slow ones "
        "and fast ones, so that every position has a pattern of its own."
    ): (
        "因此要加上一个与 X 同样大小的矩阵 P，得到 X + P。P 由频率不同的正弦函数构成，"
        "使每个位置都有自己的图案。"
    ),
    "Look at X, P and X + P": "看 X、P 和 X + P",
    "What would change in R without P, if the words were shuffled?": (
        "如果没有 P，打乱词序后 R 会有什么变化？"
    ),
    (
        "Nothing but the order of its rows: each word would get exactly the same vector. “the "
        "dog bites the man” and “the man bites the dog” would be the same to the encoder."
    ): (
        "只有各行的次序会变：每个词得到的向量完全相同。"
        "对编码器来说，“the dog bites the man”和“the man bites the dog”就没有区别了。"
    ),
    "The feed-forward network": "前馈网络",
    (
        "After attention each token goes through two fully connected layers with {activation} in "
        "between: from {d} numbers to {wide} and back to {d}."
    ): (
        "注意力之后，每个词元经过两个全连接层，中间是 {activation}："
        "从 {d} 个数变成 {wide} 个，再变回 {d} 个。"
    ),
    "The parameters are the same at every position, and different ones in every encoder layer.": (
        "各个位置使用相同的参数，各层编码器使用不同的参数。"
    ),
    "See which hidden units fire in layer {layer}": "看第 {layer} 层中哪些隐藏单元被激活",
    "Attention mixes the words. Does the feed-forward network mix them as well?": (
        "注意力把各个词混合起来，前馈网络也混合它们吗？"
    ),
    (
        "No. It sees one token at a time: whatever it knows of the other words, attention has "
        "brought there before. Change one word, and this step alone changes nothing for the "
        "others."
    ): (
        "不混合。它每次只看一个词元：它所知道的其他词的信息，都是注意力先前带来的。"
        "改动一个词，单就这一步而言，其他词的结果都不变。"
    ),
    (
        "Around each sublayer goes a residual connection: its input is added to its output. So a "
        "layer needs not build the sentence anew, it only adds to what is there."
    ): (
        "每个子层外都有一条残差连接：把输入加到输出上。"
        "这样，一层不必从头构造句子的表示，只需在已有的基础上补充。"
    ),
    (
        "Then layer normalisation brings the numbers of each token to mean 0 and spread 1 (and "
        "scales them as training has learned), so that values do not change wildly from layer to "
        "layer; training is faster for it."
    ): (
        "然后，层归一化把每个词元的各个数调整为均值 0、标准差 1（再按训练中学到的比例缩放），"
        "使各层的数值不会剧烈变化，从而加快训练。"
    ),
    (
        "Layer normalisation brings the numbers of each token to mean 0 and spread 1 before a "
        "sublayer reads them, so that values do not change wildly from layer to layer; training "
        "is faster for it."
    ): (
        "在子层读取之前，层归一化把每个词元的各个数调整为均值 0、标准差 1，"
        "使各层的数值不会剧烈变化，从而加快训练。"
    ),
    "Layer normalisation, which most models have here, is left out in this one.": (
        "多数模型在这里有层归一化，这个模型省去了。"
    ),
    "Compare with layer {layer}": "与第 {layer} 层比较",
    "Why does it help training that the input is added?": "为什么加上输入有助于训练？",
    (
        "A gradient can go straight down through the sums, past every sublayer, to the lowest "
        "layer. Without them it would have to pass through all weight matrices and could vanish "
        "on the way."
    ): (
        "梯度可以沿着这些加法绕过每个子层，直接传到最底层。"
        "否则它必须经过所有的权重矩阵，途中可能消失。"
    ),
    "From R to the translation": "从 R 到译文",
    (
        "In short: the sentence becomes a matrix; positions are added; attention and "
        "feed-forward network of layer 1 work on it; so does every layer above; what the last "
        "one puts out is R."
    ): (
        "小结：句子变成矩阵；加上位置；经过第 1 层的注意力和前馈网络；"
        "再依次经过上面各层；最后一层的输出就是 R。"
    ),
    (
        "The decoder takes R and writes the target sentence token by token. Each of its {m} "
        "layers looks at the tokens written so far, then at R, and goes through a feed-forward "
        "network; at the top stands a probability for each token of the vocabulary."
    ): (
        "解码器读取 R，逐个词元地写出目标句子。它有 {m} 层，每一层先看已经写出的词元，再看 R，"
        "然后经过前馈网络；最上面得到词表中每个词元的概率。"
    ),
    "Here it began with “{token}”, to which it gave the probability {probability}.": (
        "这里，它写出的第一个词元是“{token}”，概率为 {probability}。"
    ),
    (
        "The decoder takes R and writes the target sentence token by token. No target language "
        "was chosen for this page, so it is not shown here."
    ): "解码器读取 R，逐个词元地写出目标句子。此页面没有选择目标语言，因此这里不显示。",
    "Look at cross-attention": "看交叉注意力",
    "Choose a target language": "选择目标语言",
    "Why is self-attention masked in the decoder, but not in the encoder?": (
        "为什么解码器的自注意力要掩码，编码器的却不要？"
    ),
    (
        "The source sentence is there as a whole, so every word may look at every other. The "
        "translation is only being written: a token that looked at later ones would see in "
        "training what it is to predict, and would have nothing to look at when it translates."
    ): (
        "源句是完整的，每个词都可以看其他所有词。译文还在写：如果一个词元能看到后面的词元，"
        "训练时就会看到要预测的答案，翻译时却没有答案可看。"
    ),
    "R, and no decoder": "R，没有解码器",
    (
        "In a model that translates, a decoder would take R and write the target sentence. This "
        "model has none: R itself is its result, {d} numbers for each token, by which words and "
        "sentences can be compared."
    ): (
        "在翻译模型中，解码器会读取 R 并写出目标句子。这个模型没有解码器：R 本身就是结果，"
        "每个词元 {d} 个数，可以用来比较词和句子。"
    ),
    "See which words are near which": "看哪些词彼此接近",
    "X has a vector for each token as well. What does R know that X does not?": (
        "X 也为每个词元提供一个向量。R 比 X 多知道什么？"
    ),
    (
        "The sentence. In X a word has the same vector in every sentence; in R its vector "
        "depends on all the other words."
    ): "多知道句子。在 X 中，一个词在任何句子里的向量都相同；在 R 中，它的向量取决于其他所有的词。",
}
