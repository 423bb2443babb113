"""What is said of pictures on paper: their size, colours and caption, PDF and fonts."""

SENTENCES: dict[str, str] = {
    "{setting:name} must be from {least} to {most} pixels, but is {given}": (
        "{setting:name} 应在 {least} 到 {most} 像素之间，给出的是 {given}"
    ),
    "with {font_size} this picture is {needed} pixels wide, which is more than {width}: give only "
    "one of the two, or other values": (
        "在 {font_size} 下，这幅图宽 {needed} 像素，超过了 {width}：请只给出其一，或改用其他值"
    ),
    "{palette} is for print, on white paper: leave {theme} out": (
        "{palette} 用于白纸印刷：请去掉 {theme}"
    ),
    "{settings:name} is for pictures, and .txt is none: leave it out": (
        "{settings:name} 只用于图，而 .txt 不是图：请去掉它"
    ),
    "a picture is saved as .svg, .png, .pdf, .html or .txt, but not as {name}": (
        "图可存为 .svg、.png、.pdf、.html 或 .txt，不能存为 {name}"
    ),
    "to draw PDF, typst is needed: {how}": "绘制 PDF 需要 typst：{how}",
    "the middle grey is 0": "中间的灰色表示 0",
}
