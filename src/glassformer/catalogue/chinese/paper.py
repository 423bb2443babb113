"""What is said of pictures on paper: their size, colours and caption, PDF and fonts."""

SENTENCES: dict[str, str] = {
    "Font size of the words in a picture, in pixels; everything else scales with it.  "
    "[default: 15]": "图中词语的字号，单位为像素；其余部分随之缩放。[默认：15]",
    "Width of a picture in pixels. Alone it scales the picture; with --font-size the picture is "
    "laid out anew in this width.": (
        "图的宽度，单位为像素。单独给出时缩放整幅图；与 --font-size 同时给出时，按此宽度重新排版。"
    ),
    "Colours of a picture: okabe-ito for colour-blind readers, grey for print.": (
        "图的配色：okabe-ito 适合色觉障碍者，grey 适合黑白印刷。"
    ),
    "Leave notes and legend sentences out of a picture; the scale stays.": (
        "不画图中的说明文字，保留比例尺。"
    ),
    "Colours of svg, png and pdf; auto is what the viewer prefers, in png and pdf light.": (
        "svg、png 和 pdf 的配色主题；auto 随查看者的设置，png 和 pdf 为浅色。"
    ),
    "Text for people, JSON for programs, or a picture (png: extra png; pdf: extra pdf). Default: "
    "as the ending of --output says, else text.": (
        "供人阅读的文本、供程序读取的 JSON，或图（png 需附加组件 png，pdf 需附加组件 pdf）。"
        "默认由 --output 的扩展名决定，否则为文本。"
    ),
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
    "{settings:name} is for pictures, and {format} is none: leave it out": (
        "{settings:name} 只用于图，而 {format} 不是图：请去掉它"
    ),
    "{settings:name} is for pictures, and .txt is none: leave it out": (
        "{settings:name} 只用于图，而 .txt 不是图：请去掉它"
    ),
    "a picture is saved as .svg, .png, .pdf or .txt, but not as {name}": (
        "图可存为 .svg、.png、.pdf 或 .txt，不能存为 {name}"
    ),
    "a {kind} is not written to a terminal: give --output FILE.{format}": (
        "{kind} 不能输出到终端：请给出 --output FILE.{format}"
    ),
    "to draw PNG, resvg is needed: {how}": "绘制 PNG 需要 resvg：{how}",
    "to draw PDF, typst is needed: {how}": "绘制 PDF 需要 typst：{how}",
    "the middle grey is 0": "中间的灰色表示 0",
}
