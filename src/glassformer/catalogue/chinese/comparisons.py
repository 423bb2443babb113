"""What pictures of two sides, and of a training over time, say; and what is refused of them."""

SENTENCES: dict[str, str] = {
    "Attention compared": "注意力对比",
    "the finished model": "训练完成的模型",
    "Bold: a word in the place of another.": "粗体：被替换的词。",
    "Underlined: a word that the other side does not have.": "下划线：另一侧没有的词。",
    "{word} (left only)": "{word}（仅左侧）",
    "{word} (right only)": "{word}（仅右侧）",
    "line width = {c} px × |difference|:": "线宽 = {c} 像素 × |差值|：",
    "line width proportional to |difference|:": "线宽与|差值|成正比：",
    "Lines drawn: the largest of both sides, {share} % of the attention among these.": (
        "只画出两侧权重最大的连线，合计占图中注意力的 {share}%。"
    ),
    "Lines drawn: the largest differences, {share} % of their sum.": (
        "只画出绝对值最大的差值，合计占总和的 {share}%。"
    ),
    "A line that one side lacks is thinner than every line drawn.": (
        "某一侧没有画出的连线，比所有画出的都细。"
    ),
    "A word that stands on one side only has no difference.": "只在一侧出现的词没有差值。",
    "solid, +: more weight on the right:": "实线，+：右侧权重更大：",
    "dashed, −: more weight on the left:": "虚线，−：左侧权重更大：",
    "left": "左侧",
    "right": "右侧",
    "right − left": "右侧 − 左侧",
    "from|to|left|right|right − left": "从|到|左侧|右侧|右侧 − 左侧",
    "the {n} largest of {all} differences": "{all} 个差值中绝对值最大的 {n} 个",
    "Attention while learning": "学习过程中的注意力",
    "update {n}": "第 {n} 步",
    "Lines drawn: the largest of all moments, {share} % of the attention among these.": (
        "只画出各时刻权重最大的连线，合计占图中注意力的 {share}%。"
    ),
    "{n} moments recorded, from update {first} to {last}; each is shown in turn.": (
        "共记录 {n} 个时刻，从第 {first} 步到第 {last} 步，依次显示。"
    ),
    # What is refused
    "a comparison shows one head, or one mean, on each side: leave {heads} out": (
        "对比的每一侧只显示一个头或一个平均：请去掉 {heads}"
    ),
    (
        "two models may cut a text into different tokens: compare them among words ({words}), on "
        "the same text"
    ): "两个模型切分词元的方式可能不同：请就同一文本按词对比（{words}）",
    "both sides are the same sentence, model and head: there is nothing to compare": (
        "两侧的句子、模型和头都相同：没有可对比的"
    ),
    (
        "an animation shows the encoder, whose sentence stays the same from update to update; a "
        "translation does not: leave {part} out"
    ): "动画只显示编码器：它的句子在训练中不变，译文则会变；请去掉 {part}",
    "an animation shows one head, or one mean: leave {heads} out": (
        "动画只显示一个头或一个平均：请去掉 {heads}"
    ),
    "an animation needs two moments at least, but {count} were recorded": (
        "动画至少需要两个时刻，但只记录了 {count} 个"
    ),
    (
        "a picture of lines can be read with up to {most} of them, but here are {given}: choose "
        "one word ({word}) or a smaller {mass:name}"
    ): (
        "连线图最多 {most} 条线才看得清，但这里有 {given} 条：请选一个词（{word}），或减小 "
        "{mass:name}"
    ),
    "{difference} is that of a comparison: give one of {comparing:name} too": (
        "{difference} 是对比的差值：请同时给出 {comparing:name} 之一"
    ),
    "{setting:name} is a layer and a head, such as {example}": (
        "{setting:name} 由层和头组成，如 {example}"
    ),
    (
        "{animate} shows all moments of a training, one after the other: leave {left_over} out"
    ): "{animate} 依次显示训练的所有时刻：请去掉 {left_over}",
    (
        "{asked} gives a picture of attention, in one head or one mean: leave {left_over} out"
    ): "{asked} 画的是一个头或一个平均的注意力：请去掉 {left_over}",
    "a comparison has two traces, and {save_trace} writes one: leave it out": (
        "对比有两份计算记录，而 {save_trace} 只写一份：请去掉它"
    ),
    "left out, as no attention is known of them: update {updates}": (
        "以下各步的注意力未知，已略去：{updates}"
    ),
}
