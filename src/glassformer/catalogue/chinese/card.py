"""What the card of a trained model says."""

SENTENCES: dict[str, str] = {
    "A translation model": "翻译模型",
    "random initial weights": "随机初始权重",
    "the weights of {model} (fine-tuning)": "{model} 的权重（微调）",
    (
        "A Transformer encoder-decoder as in “Attention Is All You Need” (Vaswani et al., "
        "2017) with {weights:,} parameters, trained with Glassformer {version} from {start}, "
        "random seed {seed}."
    ): (
        "《Attention Is All You Need》（Vaswani 等，2017）中的 Transformer 编码器-解码器，共 "
        "{weights:,} 个参数，用 Glassformer {version} 从{start}开始训练，随机种子为 {seed}。"
    ),
    "Its encoder was initialized from {model}.": "其编码器用 {model} 初始化。",
    "|layers|heads|d_model|d_ff|vocabulary|layer normalization": (
        "|层数|头数|d_model|d_ff|词表|层归一化"
    ),
    "Languages": "语言",
    "Target languages: {tags}.": "目标语言：{tags}。",
    "One target language, whose name was not given.": "一种目标语言，未给出名称。",
    (
        "The source language is that of the training text; the model was not told its name "
        "and takes any text for it."
    ): "源语言即训练文本的语言；模型不知道它的名称，会把任何文本都当作该语言。",
    (
        "{share:.0%} of the letters in its source texts are {script}; one text in a thousand "
        "has more than {words} words and punctuation marks, the longest has {most}."
    ): (
        "源文本的字母中 {share:.0%} 属于 {script} 文字；千分之一的文本超过 {words} 个词和标点"
        "，最长的有 {most} 个。"
    ),
    (
        "A text of another script, language or length is translated all the same, with a "
        "note that says so."
    ): "对于其他文字、语言或长度的文本，模型仍会翻译，同时给出提示。",
    "A text of another script or length is translated all the same, with a note that says so.": (
        "对于其他文字或长度的文本，模型仍会翻译，同时给出提示。"
    ),
    "Training data": "训练数据",
    (
        "{pairs:,} sentence pairs ({source:,} source words, {target:,} target words) from "
        "these files:"
    ): "{pairs:,} 个句对（源语言 {source:,} 词，目标语言 {target:,} 词），来自以下文件：",
    "used for|target|file|SHA-256": "用途|目标语言|文件|SHA-256",
    "Scores": "得分",
    "sacreBLEU on the dev set, beam size {beam_size}:": (
        "开发集上的 sacreBLEU 得分，束宽 {beam_size}："
    ),
    "target|BLEU|chrF|pairs|signature of BLEU": "目标语言|BLEU|chrF|句对数|BLEU 签名",
    "Curves and all settings: {report}": "曲线和全部设置见 {report}",
    "… without near-duplicates": "… 去除近似重复后",
    "{near:,} of the {pairs:,} pairs have a near-duplicate among the training pairs: {rule}.": (
        "{pairs:,} 个句对中有 {near:,} 个在训练句对中有近似重复：{rule}。"
    ),
    (
        "All {pairs:,} pairs have a near-duplicate among the training pairs, so no score "
        "says how good the model is on others: {rule}."
    ): (
        "全部 {pairs:,} 个句对在训练句对中都有近似重复，因此得分无法说明模型在其他句子上的质"
        "量：{rule}。"
    ),
    (
        "How many of these pairs have a near-duplicate among the training pairs is not "
        "known: they were not looked for when this training started.\n"
    ): "不知道其中有多少句对在训练句对中有近似重复：本次训练开始时没有查找。\n",
    " The training pairs of {model} were not compared; they are not known here.": (
        "{model} 的训练句对在此未知，未作比较。"
    ),
    "Limits": "局限",
    (
        "The scores are on pairs held out of the training text itself, by a hash of the "
        "source. Text of another kind, by other people or about other things, will be "
        "translated worse; nobody has measured by how much."
    ): (
        "得分是在从训练文本中按源句哈希留出的句对上测得的。对于其他类型、其他作者或其他主题的"
        "文本，译文会更差；差多少没有测量过。"
    ),
    (
        "The scores are on a dev set that was given for this purpose. Text of another kind, "
        "by other people or about other things, will be translated worse; nobody has "
        "measured by how much."
    ): (
        "得分是在专门给出的开发集上测得的。对于其他类型、其他作者或其他主题的文本，译文会更差"
        "；差多少没有测量过。"
    ),
    (
        "Early stopping, or the choice of the averaged checkpoints, used the same pairs, so "
        "these scores are a little too good."
    ): "提前停止或检查点的选择用的是同样的句对，因此这些得分略微偏高。",
    (
        "It has read {words:,} words of the target language and knows nothing beyond them. "
        "It can write fluently what the source does not say (hallucination), leave out what "
        "it says, and get names and numbers wrong."
    ): (
        "模型读过 {words:,} 个目标语言的词，此外一无所知。它可能流畅地写出原文没有的内容（幻"
        "觉）、漏译，或弄错人名、地名和数字。"
    ),
    (
        "Any bias of the training text is a bias of the model. Nobody has checked that text "
        "or these translations as part of making this model."
    ): "训练文本的偏差就是模型的偏差。制作该模型时没有人工检查过这些文本或译文。",
    (
        "It was trained on sentences of up to {max_length} tokens and takes at most "
        "{max_positions}. It translates each text by itself, without its context."
    ): (
        "训练句子至多 {max_length} 个词元，模型至多接受 {max_positions} 个。每段文本单独翻译"
        "，不参考上下文。"
    ),
    (
        "The attention in pictures is what the model computes, not a proof of what it understands."
    ): "图中的注意力是模型的计算结果，并不证明模型理解了什么。",
    (
        "Who may use the weights, and for what, depends on the licence of the training text, "
        "which is not known here."
    ): "谁可以使用这些权重、作何用途，取决于训练文本的许可证，在此未知。",
    "Use": "用法",
    "{command} shows every step of the computation.": "{command} 显示计算的每一步。",
    (
        "a source within one word of edit distance, or with more than half of this one's "
        "word 5-grams; with fewer than 6 words, by edit distance alone; with one word, by "
        "equality"
    ): (
        "源句与某训练源句的词级编辑距离不超过一个词，或其词 5-gram 有一半以上出现在该句中；不"
        "足 6 个词时只看编辑距离；只有一个词时须完全相同"
    ),
    "training set": "训练集",
    "dev set": "开发集",
}
