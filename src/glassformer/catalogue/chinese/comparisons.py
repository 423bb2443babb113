"""What pictures of two sides, and of a training over time, say; and what is refused of them."""

SENTENCES: dict[str, str] = {
    "Attention compared": "注意力对比",
    "the finished model": "训练完成的模型",
    "Bold: a word in the place of another.": "粗体：被替换的词。",
    "Italic: a word that the other side does not have.": "斜体：另一侧没有的词。",
    "{word} (left only)": "{word}（仅左侧）",
    "{word} (right only)": "{word}（仅右侧）",
    "line width = {c} px × |difference|:": "线宽 = {c} 像素 × |差值|：",
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
    "solid, +: more weight on the right, {label}": "实线，+：右侧权重更大（{label}）",
    "dashed, −: more weight on the left, {label}": "虚线，−：左侧权重更大（{label}）",
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
}
