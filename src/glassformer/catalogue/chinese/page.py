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
    "a page is saved as .html, but not as {name}": "页面保存为 .html，不能保存为 {name}",
}
