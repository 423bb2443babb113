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
    # The second sentence
    (
        "Change a word, such as “hungry” to “tasty”, and see what moves: attention, R, the "
        "translation."
    ): "换一个词，例如把“hungry”换成“tasty”，看看哪些发生变化：注意力、R、译文。",
    "R, word by word": "逐词看 R",
    (
        "R of a word is the mean over its tokens. The cosine is 1 where both vectors point the "
        "same way; the words that moved most come first."
    ): "一个词的 R 是其各词元的平均。两个向量方向相同时余弦为 1；变化最大的词在前。",
    "Attention compared: {part}, {head}": "注意力对比：{part}，{head}",
    "another sentence": "另一个句子",
    "This file has one sentence. Make one with two:": "此文件只有一个句子。生成含两个句子的文件：",
    "The second sentence": "另一句话",
    "Compare": "对比",
    "Without it": "去掉",
    "changed": "已改变",
    "The words of both sentences": "两个句子的词",
    "both sides": "两侧",
    "So many words are shown as a heat map.": "词数较多，以热图显示。",
    "What moved most: {n} of {all} links": "变化最大的连线：{all} 条中的 {n} 条",
    "Differences of attention, right − left": "注意力之差，右侧 − 左侧",
    "All differences as a heat map": "以热图显示全部差值",
    "The heads in which most moved:": "变化最大的头：",
    "the mean over the words of ½ Σ |right − left|": "½ Σ |右侧 − 左侧| 对各词的平均",
    "attends": "关注方",
    "is attended to": "被关注方",
    "word": "词",
    "1 − cosine": "1 − 余弦",
    "cosine": "余弦",
    "norm": "范数",
    "The vectors of the two are not of one length, so they are not compared.": (
        "两侧向量的维数不同，无法比较。"
    ),
    "all {n} words": "全部 {n} 个词",
    "The next token": "下一个词元",
    "last token": "上一个词元",
    "next token": "后续词元",
    "distance": "距离",
    (
        "How probable the next token is, as long as both translations have the same tokens so far. "
        "The distance is ½ Σ |p − q| over the whole vocabulary."
    ): "在两侧译文的词元仍相同时，下一个词元的概率。距离是对整个词表求的 ½ Σ |p − q|。",
    # Saving and copying
    "Save & copy": "保存与复制",
    "Save": "保存",
    "{stop}: all of it": "{stop}：全部",
    "What to save": "要保存的内容",
    "Address": "网址",
    "Python line": "Python 代码",
    "Command": "命令",
    "What to copy": "要复制的内容",
    "Copied: {text}": "已复制：{text}",
    "Saved: {name}": "已保存：{name}",
    "This browser does not let the page copy; here it is, selected:": (
        "浏览器不允许页面复制；内容如下，已选中："
    ),
    "This could not be saved: {reason}": "无法保存：{reason}",
    "the picture is too large for this browser": "图片过大，浏览器无法绘制",
    (
        "If there is no file: this frame does not allow downloads. Save the page with "
        'trace.html().save("page.html") and open it in a browser.'
    ): (
        '如果没有得到文件，说明此框架不允许下载。请用 trace.html().save("page.html") 保存页面，'
        "再用浏览器打开。"
    ),
}
