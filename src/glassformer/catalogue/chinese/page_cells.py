"""The page: heat maps, and the panel that opens one cell's arithmetic."""

SENTENCES: dict[str, str] = {
    # Heat maps
    "heat map": "热力图",
    "as numbers": "显示数值",
    "{what}, as numbers": "{what}，以数值显示",
    "Each pixel is the number of the largest size in a block of {down} × {across} cells.": (
        "每个像素显示 {down} × {across} 个单元格中绝对值最大的数。"
    ),
    # A cell that there is not
    "There is no step {name} in this pass.": "本次计算中没有步骤 {name}。",
    "{name} has the sizes {sizes}, counted from 0; there is no cell {at}.": (
        "{name} 的大小为 {sizes}（从 0 计数），没有单元格 {at}。"
    ),
}
