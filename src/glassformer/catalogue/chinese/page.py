"""The page: its shell, and the titles of its stops."""

SENTENCES = {
    "These settings in the address are unknown and were left out: {names}": (
        "地址中有未知的设置，已忽略：{names}"
    ),
    "The whole": "整体结构",
    "The sentence": "句子",
    "A second sentence": "第二个句子",
    "Input: X + P": "输入：X + P",
    "Encoder layer": "编码器层",
    "Attention between words": "词与词之间的注意力",
    "Decoder": "解码器",
    "Learning": "学习过程",
    "{what}: arrow keys move, Enter opens a cell's arithmetic": (
        "{what}：方向键移动，Enter 打开单元格的算式"
    ),
    "the page has no use for {settings:name}: leave it out": "页面用不到 {settings:name}：请去掉",
    "a page has the numbers within: save a trace with another format, without {html}": (
        "页面本身含有全部数值：要保存跟踪，请用别的格式，去掉 {html}"
    ),
    "{with_weights} is for {html}, but the format is {format}": (
        "{with_weights} 只用于 {html}，而格式是 {format}"
    ),
    (
        "Put the weight matrices into an html page too, so that every number in it can be "
        "recomputed."
    ): ("把权重矩阵也放进 html 页面，使其中每个数都能重新计算。"),
    "a page is saved as .html, but not as {name}": "页面保存为 .html，不能保存为 {name}",
}
