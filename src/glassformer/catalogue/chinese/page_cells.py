"""The page: heat maps, and the panel that opens one cell's arithmetic."""

SENTENCES: dict[str, str] = {
    # Heat maps
    "heat map": "热力图",
    "as numbers": "显示数值",
    "{what}, as numbers": "{what}：显示数值",
    "Each pixel is the number of the largest size in a block of {down} × {across} cells.": (
        "每个像素显示 {down} × {across} 个单元格中绝对值最大的数。"
    ),
    # A cell that there is not
    "There is no step {name} in this pass.": "本次计算中没有步骤 {name}。",
    "{name} has the sizes {sizes}, counted from 0; there is no cell {at}.": (
        "{name} 的大小为 {sizes}（从 0 计数），没有单元格 {at}。"
    ),
    # What a cell is, and where
    "feature {n} of {all}": "特征 {n}（共 {all} 个）",
    "entry {id} of the vocabulary: {token}": "词表条目 {id}：{token}",
    "query: {token} (token {n})": "查询：{token}（词元 {n}）",
    "key: {token} (token {n})": "键：{token}（词元 {n}）",
    "token {n}: {token}": "词元 {n}：{token}",
    "In words, counted from 1; the index in brackets, from 0.": (
        "文字中的序号从 1 计数，方括号中的下标从 0 计数。"
    ),
    "The index in brackets is counted from 0, as torch keeps it.": (
        "方括号中的下标从 0 计数，次序与 torch 保存的相同。"
    ),
    "cells on the way here": "到此经过的单元格",
    "back to {cell}": "返回 {cell}",
    "close": "关闭",
    "{symbol}, a weight of the model": "{symbol}，模型的权重",
    "It was learned in training: no step computes it, and it is the same for every sentence.": (
        "它是训练中学到的：不由任何步骤算出，对每个句子都相同。"
    ),
    # Its arithmetic
    "not here": "此处没有",
    "recomputed": "重新算出",
    "in the trace": "计算记录中",
    "difference": "相差",
    "✓ equal: they differ by at most {share} of the largest operand, {largest}": (
        "✓ 相等：相差不超过最大操作数 {largest} 的 {share}"
    ),
    "✗ not equal: they differ by more than {share} of the largest operand, {largest}": (
        "✗ 不相等：相差超过最大操作数 {largest} 的 {share}"
    ),
    "Computed in": "计算代码：",
    "{n} terms {part}; the line is their sum so far": "{n} 项 {part}；折线为累加和",
    "{what}: arrow keys move from term to term": "{what}；方向键逐项移动",
    "Each bar is the largest of {n} neighbouring terms.": "每条代表相邻 {n} 项中绝对值最大的一项。",
    "{shown} of {n} terms": "{n} 项中的 {shown} 项",
    "largest first": "从大到小",
    "sum so far": "累加和",
    "show {n} more": "再显示 {n} 项",
    # What a file does not hold
    "This file does not carry {names}, so the number cannot be recomputed here.": (
        "此文件不含 {names}，因此无法在这里重新计算。"
    ),
    "Two ways to open it: make the file with {option}, or open the sentence with {command}.": (
        "有两种办法：生成文件时加上 {option}，或用 {command} 打开这个句子。"
    ),
    "Rows over the whole vocabulary are not in this file: of each it has the likeliest tokens and "
    "what all others come to.": (
        "此文件不含整个词表上的各行：每行只有概率最大的词元，以及其余词元的概率之和。"
    ),
    "This token may never be generated: its probability is exactly 0.": (
        "这个词元不会被生成：概率恰好为 0。"
    ),
    "This key is masked: its weight is exactly 0.": "这个键被掩码遮住：权重恰好为 0。",
    "What may never be generated (padding, start and language tokens, suppressed ones) counts as "
    "0.": "不会生成的词元（填充、起始、语言标记和被禁止的词元）按 0 计。",
    "probability": "概率",
    "all others": "其余全部",
}
