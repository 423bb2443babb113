"""What a wider beam gains and what it costs: greedy and beams up to 10, against BLEU and time.

    python benchmarks/beams.py MODEL SOURCE REFERENCE
    python benchmarks/beams.py MODEL SOURCE REFERENCE --output docs/images

Each beam translates the whole set once in every round, the rounds in turn forwards and backwards;
the time given is the median. With --output the two pictures of docs/translation.md are drawn.
"""

import argparse
import statistics
import time
from pathlib import Path

import torch

import glassformer
from glassformer.decoding.quality import measure
from glassformer.drawing.svg.curves import curves_svg
from glassformer.library import Glassformer, load
from glassformer.text.lines import read_lines
from glassformer.views import Curve, CurvesView

BEAMS = tuple(range(1, 11))


def lines_of(path: Path) -> list[str]:
    with read_lines(path) as lines:
        return list(lines)


def translated(model: Glassformer, sources: list[str], beam: int) -> tuple[list[str], float]:
    """The translations, and the seconds that they took."""
    start = time.perf_counter()
    found = model.translate(sources, beam_size=beam)
    return [one.text for one in found], time.perf_counter() - start


def draw(folder: Path, bleu: dict[int, float], speed: dict[int, float], note: str) -> None:
    """One picture of BLEU and one of time, over the size of the beam."""
    for name, title, y_axis, values, from_zero in (
        ("beams-bleu", "BLEU and the size of the beam", "BLEU", bleu, False),
        ("beams-time", "Time and the size of the beam", "milliseconds a sentence", speed, True),
    ):
        view = CurvesView(
            title=title,
            note=note if from_zero else f"{note} The axis does not begin at 0.",
            x_axis="beam size (1 is greedy)",
            y_axis=y_axis,
            curves=(
                Curve(
                    name=y_axis,
                    points=tuple((float(beam), value) for beam, value in values.items()),
                    marked=True,
                ),
            ),
            from_zero=from_zero,
        )
        (folder / f"{name}.svg").write_text(curves_svg(view), encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("model")
    parser.add_argument("source", type=Path)
    parser.add_argument("reference", type=Path)
    parser.add_argument("--tokenize", default="13a")
    parser.add_argument("--threads", type=int, help="default: torch's own")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--name", default="test set", help="what the pictures call the sentences")
    parser.add_argument("--output", type=Path, help="a folder for the pictures")
    given = parser.parse_args()
    if given.threads:
        torch.set_num_threads(given.threads)
    model = load(given.model)
    sources, references = lines_of(given.source), lines_of(given.reference)
    print(
        f"glassformer {glassformer.__version__}, torch {torch.__version__}, "
        f"{torch.get_num_threads()} threads, {len(sources)} sentences"
    )
    translated(model, sources[:64], 4)  # not counted
    seconds: dict[int, list[float]] = {beam: [] for beam in BEAMS}
    texts: dict[int, list[str]] = {}
    for round_number in range(given.rounds):
        for beam in BEAMS if round_number % 2 == 0 else BEAMS[::-1]:
            texts[beam], took = translated(model, sources, beam)
            seconds[beam].append(took)
    bleu, speed = {}, {}
    print("| beam | BLEU | chrF | ms a sentence | against greedy |")
    print("|---|---|---|---|---|")
    for beam in BEAMS:
        scores = measure(texts[beam], [references], tokenize=given.tokenize, resamples=0)
        bleu[beam] = scores[0].score
        speed[beam] = 1000.0 * statistics.median(seconds[beam]) / len(sources)
        print(
            f"| {beam} | {bleu[beam]:.2f} | {scores[1].score:.2f} | {speed[beam]:.2f} | "
            f"{speed[beam] / speed[1]:.1f} × |"
        )
    print(f"\n{scores[0].signature}")
    if given.output is not None:
        note = f"{len(sources)} sentences of {given.name}, {torch.get_num_threads()} threads."
        draw(given.output, bleu, speed, note)


if __name__ == "__main__":
    main()
