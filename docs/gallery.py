"""Every picture with its command and one sentence on when to use it: makes docs/gallery.md.

    python docs/gallery.py

Each picture is drawn by the command that the page shows, with the model in the box, into
docs/images/gallery/. `python docs/remake.py gallery` does the same and notes the weights.
"""

import argparse
import shlex
import tempfile
from dataclasses import dataclass
from pathlib import Path

from glassformer.cli import run

DOCS = Path(__file__).parent
PAGE = DOCS / "gallery.md"
IMAGES = DOCS / "images" / "gallery"
SENTENCE = "a dog ate the food because it was hungry"

INTRODUCTION = """# Gallery

Every picture that Glassformer draws, each with one sentence on when to use it and the command that
draws it. All are of the model that comes with it ([box-model.md](box-model.md)) and were made by
`python docs/gallery.py`; what else can be set is in [pictures.md](pictures.md). The same command
with `.png` or `.pdf` at the end of its output gives an image for a slide or a figure for a paper.
Below each command stands the same in Python, after `import glassformer`.
"""

WIDTH = 100
"""Letters in a line of Python."""
SEVERAL = ("word", "head", "part")
"""Options that may be repeated, and are tuples in Python."""


@dataclass(frozen=True)
class Shown:
    """A picture of the page."""

    name: str
    title: str
    use: str
    """When to use it, in one sentence."""
    options: str
    """What follows `glassformer inspect "SENTENCE"`, or all of it where there is no sentence."""
    sentence: str | None = SENTENCE

    @property
    def path(self) -> Path:
        """Where the picture is."""
        return IMAGES / f"{self.name}.svg"

    @property
    def arguments(self) -> list[str]:
        """Of the command, without the output."""
        sentence = [] if self.sentence is None else [self.sentence]
        return ["inspect", *sentence, *shlex.split(self.options)]

    @property
    def command(self) -> str:
        """The command as a person types it."""
        sentence = "" if self.sentence is None else f' "{self.sentence}"'
        return f"glassformer inspect{sentence} {self.options} --output {self.name}.svg"

    @property
    def keywords(self) -> dict[str, object]:
        """The options as keywords of `glassformer.report`."""
        found: dict[str, object] = {}
        words = shlex.split(self.options)
        while words:
            name = words.pop(0).removeprefix("--").replace("-", "_")
            value = _value(words.pop(0)) if words and not words[0].startswith("--") else True
            if name in SEVERAL:
                found[name] = (*found.get(name, ()), value)  # type: ignore[misc]
            else:
                found[name] = value
        return found

    @property
    def python(self) -> str:
        """The same in Python, in lines as the formatter sets them."""
        text = [] if self.sentence is None else [f'"{self.sentence}"']
        given = [*text, *(f"{name}={_literal(value)}" for name, value in self.keywords.items())]
        inner = ", ".join(given)
        call = f"picture = glassformer.report({inner}).picture()"
        if len(call) > WIDTH:
            call = f"picture = glassformer.report(\n    {inner}\n).picture()"
        if len(inner) > WIDTH - 4:
            lines = "".join(f"    {one},\n" for one in given)
            call = f"picture = glassformer.report(\n{lines}).picture()"
        return f'{call}\npicture.save("{self.name}.svg")'


def _value(word: str) -> object:
    """A value of an option as Python has it: 4, (4, 2), a text."""
    numbers = word.split(",")
    if not all(number.isdigit() for number in numbers):
        return word
    return int(word) if len(numbers) == 1 else tuple(map(int, numbers))


def _literal(value: object) -> str:
    return repr(value).replace("'", '"')


PICTURES = (
    Shown(
        "word",
        "Attention of one word",
        "To show on a slide which words “it” attends to.",
        "--word it",
    ),
    Shown(
        "all-words",
        "Attention of all words",
        "To see the pattern of a head as a whole, such as each word attending to the one before.",
        "--view attention --layer 3 --head 2",
    ),
    Shown(
        "heads",
        "Several heads",
        "To see how differently the heads of a layer treat the same word, all on one scale.",
        "--word it --layer 4 --head 1 --head 2 --head 3 --head 4",
    ),
    Shown(
        "sentences",
        "Two sentences side by side",
        "To see what changing a word does, here what “it” attends to when the food was tasty.",
        '--compare "a dog ate the food because it was tasty" --word it',
    ),
    Shown(
        "difference",
        "The difference of two heads",
        "To see where two heads (or sentences, models, training steps) disagree, and by how much.",
        "--word it --layer 4 --head 1 --compare-head 4,2 --difference",
    ),
    Shown(
        "training",
        "A training in motion",
        "To watch the attention of a word form during training.",
        "--animate --word it",
        sentence=None,
    ),
    Shown(
        "cross",
        "Cross-attention",
        "To see which source words the decoder attends to while it predicts each target word.",
        "--to fr --part cross --layer 2 --head 1 --align output",
    ),
    Shown(
        "grid",
        "All heads",
        "To find heads worth a closer look among all layers and heads.",
        "--view grid",
    ),
    Shown(
        "structure",
        "Structure",
        "To explain the architecture with this model's own shapes, one layer opened.",
        "--view structure --layer 1 --to fr",
    ),
    Shown(
        "positions",
        "X + P",
        "To show how positional encodings are added to token embeddings.",
        "--view positions",
    ),
    Shown(
        "flow",
        "Scaled dot-product attention",
        "To follow one head step by step in real numbers, from its input to Z.",
        "--view flow --layer 4 --head 1",
    ),
    Shown(
        "multi-head",
        "Multi-head attention",
        "To show how the outputs of all heads are concatenated and multiplied by W_O.",
        "--view multi-head --layer 4",
    ),
    Shown(
        "add-norm",
        "Residual connection and layer normalization",
        "To recompute an add & norm step: the residual sum, its mean and deviation, the result.",
        "--view add-norm --layer 4",
    ),
    Shown(
        "matrix",
        "A matrix",
        "To read the numbers of any step or parameter, here the attention weights of one head.",
        "--tensor encoder.layers.3.self_attention.weights --head 1",
    ),
)


def draw(one: Shown, path: Path) -> None:
    """Draw a picture by its command."""
    code = run([*one.arguments, "--language", "en", "--quiet", "--force", "--output", str(path)])
    if code:
        raise SystemExit(f"{one.command}: exit code {code}")


def page() -> str:
    """The page in Markdown."""
    parts = [INTRODUCTION]
    for one in PICTURES:
        parts.append(
            f"## {one.title}\n\n{one.use}\n\n```bash\n{one.command}\n```\n\n"
            f"```python\n{one.python}\n```\n\n"
            f"![{one.title}](images/gallery/{one.path.name})\n"
        )
    return "\n".join(parts)


def main(only: list[str] | None = None) -> list[Path]:
    """Draw the pictures (or those named) and write the page; gives the files."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    for one in PICTURES:
        if not only or one.name in only:
            draw(one, one.path)
    for path in IMAGES.glob("*.svg"):
        if path.stem not in {one.name for one in PICTURES}:
            path.unlink()
    with tempfile.NamedTemporaryFile("w", dir=DOCS, delete=False, encoding="utf-8") as file:
        file.write(page())
    Path(file.name).chmod(0o644)
    Path(file.name).replace(PAGE)
    return [PAGE, *(one.path for one in PICTURES)]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="draw these pictures only")
    main(parser.parse_args().names)
