"""The page's second sentence and its files; and what two traces' difference says as text."""

SENTENCES: dict[str, str] = {
    # views/difference.py
    "expected schema {schema}, but was given {given!r}": (
        "应为格式 {schema}，但给出的是 {given!r}"
    ),
    "R of {n} words (the mean over a word's tokens), the most moved first:": (
        "{n} 个词的 R（取该词各词元的平均），变化最大的在前："
    ),
    "{word}: cosine {cosine}, norm {left} → {right}": (
        "{word}：余弦 {cosine}，范数 {left} → {right}"
    ),
    "attention ({part}, {head}): {n} links on both sides, the most moved first:": (
        "注意力（{part}，{head}）：两侧共有的 {n} 条连线，变化最大的在前："
    ),
    "translation to {to}:": "译成 {to}：",
    "the next token, while both targets have the same tokens:": (
        "两侧译文的词元仍相同时，下一个词元："
    ),
    "after {input}: {tokens}; distance of the distributions {distance}": (
        "{input} 之后：{tokens}；两个分布的距离 {distance}"
    ),
}
