"""The page: lines of attention, and the grid of heads."""

SENTENCES: dict[str, str] = {
    "Each word gives away 1 in all, shared out over the words it attends to. A line from a word "
    "above to a word below is as wide as its share.": (
        "每个词的注意力总和为 1，分配给它所关注的各个词。"
        "从上方的词到下方的词的连线，其粗细与所分得的权重成正比。"
    ),
    "Lines of attention: arrow keys go from word to word, Enter keeps the lines of one, Escape "
    "lets go": "注意力连线：方向键在词之间移动，Enter 固定一个词的连线，Escape 取消",
    "Point at a word to see its lines alone, click to keep it. Point at a line for its weight, "
    "click for its arithmetic.": (
        "指向一个词，只看它的连线；单击可固定。指向一条连线可看其权重，单击可看算式。"
    ),
    "Attention of": "注意力所在",
    "among": "单位",
    "words": "词",
    "with special tokens": "含特殊词元",
    "special tokens": "特殊词元",
    "A row belongs to": "每一行归于",
    "the token read": "读入的词元",
    "the token predicted": "预测的词元",
    "Head": "头",
    "of the model card": "模型卡片推荐的头",
    "mean over all heads": "全部头的平均",
    "with the largest weight": "含最大权重的头",
    "Attention drawn": "画出的注意力",
    "Weights from": "权重不小于",
    "Back to the readable ones": "恢复默认的连线",
    "{n} of each word": "每词 {n} 条",
    "{head}: show it alone": "{head}：只显示它",
    "{head}: take it away": "{head}：去掉",
    "solo": "只看此头",
    "a click adds a head, or takes it away": "单击即添加或去掉一个头",
    "The lines as a table": "以表格列出连线",
    "from": "从",
    "to": "到",
    "weight": "权重",
    "arithmetic": "算式",
    "arithmetic of {link}": "{link} 的算式",
    "The mean of {n} heads. Choose one to see what its weight is made of (layer.head):": (
        "这是 {n} 个头的平均。选择其中一个，查看其权重的来源（层.头）："
    ),
    "The sum over the tokens attended to, and the mean over the tokens that attend:": (
        "对被关注的词元求和，再对关注的词元求平均："
    ),
    "sum": "和",
    "Here is no word to show.": "这里没有可显示的词。",
    "All heads": "全部的头",
    "All heads: arrow keys move, Enter chooses, Shift and Enter add one": (
        "全部的头：方向键移动，Enter 选择，Shift+Enter 添加"
    ),
    "Layers from bottom to top, as in the model. Click a head to see its lines, with Shift to "
    "add it; click a layer for the mean over its heads.": (
        "层从下到上排列，与模型一致。单击一个头查看它的连线，按住 Shift 单击可添加；"
        "单击层名查看该层各头的平均。"
    ),
    "Draw all heads: this reads every layer": "画出全部的头（需读取所有层）",
    "nearly all goes to special tokens": "几乎全部给了特殊词元",
    "{head}: largest weight {link} {weight}": "{head}：最大权重 {link} {weight}",
    "Of more than {n} words a heat map is drawn: lines between them could not be told apart.": (
        "超过 {n} 个词时画热图：连线太多，无法分辨。"
    ),
    "Special tokens, which are not shown, receive {share} % of the attention on average.": (
        "未显示的特殊词元平均得到 {share}% 的注意力。"
    ),
    "Special tokens, which are not shown, receive {share} % of the attention of “{word}”.": (
        "未显示的特殊词元得到“{word}”{share}% 的注意力。"
    ),
}
