"""The page: heat maps, and the panel that opens one cell's arithmetic."""

SENTENCES: dict[str, str] = {
    # Heat maps
    "heat map": "热力图",
    "as numbers": "显示数值",
    "{what}, as numbers": "{what}，以数值显示",
    "Each pixel is the number of the largest size in a block of {down} × {across} cells.": (
        "每个像素显示 {down} × {across} 个单元格中绝对值最大的数。"
    ),
}
