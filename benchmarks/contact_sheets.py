"""Every picture in many sentences on a few sheets, to be looked at: does anything look wrong?

    python benchmarks/contact_sheets.py FOLDER [--only NAME …] [--model box minilm]
    python benchmarks/contact_sheets.py FOLDER --renderer chromium

A sheet shows one picture of one model at one width, of English, Chinese, Arabic and emoji (down)
and of 1, 9, 40 and 81 words (across); light and dark, English and Chinese take turns from tile to
tile, and `--turn 1` to `3` makes the others. What is refused is shown as its message. resvg draws
the tiles, or CairoSVG where it is installed; Chromium takes a screenshot of a page of pictures.
"""

import argparse
import dataclasses
import io
import itertools
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any, Literal

from PIL import Image, ImageDraw

import glassformer
from glassformer.drawing.picture import Picture
from glassformer.drawing.png import png
from glassformer.errors import GlassformerError
from glassformer.views import View

ENGLISH = (
    "a dog ate the food because it was hungry and then it went into the garden where two children "
    "who had come home from school were playing with a ball that they had found under the old tree "
    "behind the house while their mother was cooking dinner in the kitchen and their father read a "
    "long letter from his brother in Canada who wrote that he would like to visit them next summer "
    "with his wife and the three boys if the weather was good and nobody was ill"
)
CHINESE = (
    "一只狗吃了食物，因为它很饿，然后它跑进了花园，两个刚从学校回来的孩子正在那里玩一个他们在老树下找到的球，他们的母亲在厨房里做晚饭，"
    "父亲在读一封弟弟从加拿大寄来的长信，信里说明年夏天他想来看望他们。"
)
ARABIC = (
    "أكل الكلب الطعام لأنه كان جائعا ثم ذهب إلى الحديقة حيث كان طفلان عادا من المدرسة "
    "يلعبان بكرة وجداها تحت الشجرة القديمة خلف البيت بينما كانت أمهما تطبخ العشاء في "
    "المطبخ وأبوهما يقرأ رسالة طويلة من أخيه في كندا كتب فيها أنه يريد أن يزورهم في "
    "الصيف القادم مع زوجته وأولاده الثلاثة إذا كان الطقس جيدا ولم يكن أحد منهم مريضا "
    "في ذلك الوقت من السنة كما حدث قبل عامين عندما بقي الجميع في البيت أسبوعا"
)
EMOJI = ("🐶", "😋", "🍖", "because", "❤️", "👨‍👩‍👧", "hungry", "🇫🇷", "👍🏽", "it", "🐱", "was")
SIZES = (1, 9, 40, 81)
WIDTHS = (400, 1600)
TILE = 420


def sentences(kind: str, size: int) -> str:
    """So many words (in Chinese, characters) of a kind."""
    if kind == "chinese":
        return CHINESE[:size]
    words = {"english": ENGLISH.split(), "arabic": ARABIC.split(), "emoji": [*EMOJI]}[kind]
    return " ".join(itertools.islice(itertools.cycle(words), size))


def middle_word(trace: glassformer.Trace) -> str:
    """A word from the middle, by its number where it occurs several times."""
    words = trace.source.words
    at = len(words) // 2
    return (
        f"{words[at]}:{words[: at + 1].count(words[at])}"
        if words.count(words[at]) > 1
        else words[at]
    )


Draw = Callable[[glassformer.Trace], Picture[View]]

PICTURES: dict[str, Draw] = {
    "word": lambda trace: trace.attention(word=middle_word(trace)),
    "all": lambda trace: trace.attention(),
    "heads": lambda trace: trace.attention(layer=1, head=(1, 2, 3)),
    "tokens": lambda trace: trace.attention(layer=1, head=1, unit="tokens", special=True),
    "cross": lambda trace: trace.attention(part="cross", layer=1, head=1, align="output"),
    "grid": lambda trace: trace.grid(),
    "matrix": lambda trace: trace.matrix("encoder.layers.0.self_attention.weights", 1),
    "embedding": lambda trace: trace.matrix("encoder.embedding"),
    "flow": lambda trace: trace.flow(layer=1, head=1),
    "multi-head": lambda trace: trace.multi_head(layer=1),
    "positions": lambda trace: trace.positions(),
    "add-norm": lambda trace: trace.add_norm(layer=1),
    "beside": lambda trace: trace.compare_heads((1, 1), (1, 2), word=middle_word(trace)),
    "difference": lambda trace: trace.compare_heads((1, 1), (1, 2), difference=True),
    "structure": lambda trace: trace.structure(open_layer=1),
}


def drawn(picture: Picture[View], turn: int, width: int) -> str:
    """The picture in light or dark, English or Chinese, as the turn says."""
    themes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    language: Literal["en", "zh"] = "en" if turn // 2 % 2 == 0 else "zh"
    return dataclasses.replace(picture, language=language).svg(theme=themes[turn % 2], width=width)


def tiles(
    traces: dict[tuple[str, int], glassformer.Trace], draw: Draw, width: int, first: int
) -> list[str]:
    """SVG by SVG, row by row; a text where a picture is refused."""
    made = []
    for number, trace in enumerate(traces.values()):
        turn = number + number // len(SIZES) + first
        try:
            made.append(drawn(draw(trace), turn, width))
        except GlassformerError as error:
            made.append(str(error))
    return made


def as_image(text: str, renderer: str, width: int) -> Image.Image:
    """One tile."""
    if not text.startswith("<svg"):
        image = Image.new("RGBA", (TILE, 120), "white")
        lines = "\n".join(text[at : at + 60] for at in range(0, len(text), 60))
        ImageDraw.Draw(image).text((10, 10), lines, fill="black")
        return image
    if renderer == "cairosvg":
        import cairosvg

        data: Any = cairosvg.svg2png(bytestring=text.encode())
    else:
        data = png(text, 1.0)
    return Image.open(io.BytesIO(data)).convert("RGBA")


def sheet(made: list[str], renderer: str, width: int) -> Image.Image:
    """All tiles on one image, each as wide as `width` says or as fits."""
    across = min(width, 800)
    images = []
    for text in made:
        image = as_image(text, renderer, width)
        high = round(image.height * across / image.width)
        images.append(image.resize((across, high)) if image.width != across else image)
    rows = [images[at : at + len(SIZES)] for at in range(0, len(images), len(SIZES))]
    heights = [min(1400, max(image.height for image in row)) for row in rows]
    whole = Image.new("RGB", ((across + 12) * len(SIZES), sum(heights) + 12 * len(rows)), "#888")
    top = 0
    for row, height in zip(rows, heights, strict=True):
        for column, image in enumerate(row):
            whole.paste(image.crop((0, 0, across, min(image.height, height))),
                        ((across + 12) * column, top))  # fmt: skip
        top += height + 12
    return whole


def screenshot(made: list[str], path: Path, width: int) -> None:
    """A page of all tiles as Chromium shows it."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        raise SystemExit("there is no chromium on this machine")
    across = min(width, 800)
    with tempfile.TemporaryDirectory() as folder:
        body = ""
        for number, text in enumerate(made):
            if text.startswith("<svg"):
                (Path(folder) / f"{number}.svg").write_text(text, encoding="utf-8")
                body += f'<div><img src="{number}.svg" style="width:{across}px"></div>'
            else:
                body += f"<div>{escape(text)}</div>"
        grid = f"display:grid;grid-template-columns:repeat({len(SIZES)},{across}px);gap:12px"
        page = Path(folder) / "page.html"
        page.write_text(
            f'<meta charset="utf-8"><body style="margin:0;background:#888;{grid}">{body}',
            encoding="utf-8",
        )
        subprocess.run(
            [chromium, "--headless", "--no-sandbox", "--hide-scrollbars", f"--screenshot={path}",
             f"--window-size={(across + 12) * len(SIZES)},{across * 8}", page.as_uri()],
            check=True, capture_output=True,
        )  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", nargs="*", metavar="NAME", choices=PICTURES, default=[*PICTURES])
    parser.add_argument("--model", nargs="*", choices=["box", "minilm"], default=["box", "minilm"])
    parser.add_argument("--width", nargs="*", type=int, default=WIDTHS)
    parser.add_argument("--turn", type=int, default=0)
    parser.add_argument("--renderer", choices=["resvg", "cairosvg", "chromium"], default="resvg")
    given = parser.parse_args()
    warnings.simplefilter("ignore")  # of text that the model was not made for
    given.folder.mkdir(parents=True, exist_ok=True)
    for name in given.model:
        model = glassformer.load(*(["all-MiniLM-L6-v2"] if name == "minilm" else []))
        given_target = "Un chien a mangé la nourriture parce qu'il avait faim."
        to = {"to": "fr", "target": given_target} if name == "box" else {}
        traces = {
            (kind, size): model.inspect(sentences(kind, size), truncate=True, **to)  # type: ignore[call-overload]
            for kind in ("english", "chinese", "arabic", "emoji")
            for size in SIZES
        }
        for picture in given.only:
            if picture == "cross" and name == "minilm":
                continue
            for width in given.width:
                made = tiles(traces, PICTURES[picture], width, given.turn)
                path = given.folder / f"{picture}-{name}-{width}-{given.renderer}.png"
                if given.renderer == "chromium":
                    screenshot(made, path, width)
                else:
                    sheet(made, given.renderer, width).save(path)
                print(path, flush=True)


if __name__ == "__main__":
    main()
