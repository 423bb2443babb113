"""The scores of the model in the box, in every table that has them.

    python docs/remake.py --data FOLDER box-scores

measures them on the pairs that `examples/box_model.py FOLDER --only-pairs` makes, writes them to
docs/box-scores.json, and from there into the rows below; tests/test_remake.py holds the pages
against that file. Scores of public test sets are measured by others and stay as they are.
"""

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
SCORES = ROOT / "docs" / "box-scores.json"
TARGETS = {"fr": "French", "de": "German", "zh": "Chinese"}
WITHOUT, WITH, LONG = "without near-duplicates", "with near-duplicates", "above 12 words"


@dataclass(frozen=True)
class Score:
    """Some sentences of a dev set: how many, and BLEU and chrF, each with half its interval."""

    sentences: int
    bleu: tuple[float, float]
    chrf: tuple[float, float]

    @property
    def plain(self) -> str:
        """BLEU alone."""
        return f"{self.bleu[0]:.1f}"

    @property
    def interval(self) -> str:
        """BLEU with its interval."""
        return f"{self.bleu[0]:.1f} ± {self.bleu[1]:.1f}"

    @property
    def chrf_interval(self) -> str:
        """chrF with its interval."""
        return f"{self.chrf[0]:.1f} ± {self.chrf[1]:.1f}"

    @property
    def counted(self) -> str:
        """BLEU with its interval, and of how many sentences."""
        return f"{self.interval} ({self.sentences:,})"


Scores = dict[str, dict[str, Score]]
"""By target, and by which sentences: "all", or one of the above."""


def read() -> Scores:
    """What was measured last."""
    data = json.loads(SCORES.read_text(encoding="utf-8"))
    return {
        target: {
            about: Score(one["sentences"], tuple(one["bleu"]), tuple(one["chrf"]))
            for about, one in sets.items()
        }
        for target, sets in data.items()
    }


@dataclass(frozen=True)
class Row:
    """A row of a table: where, how it begins, and what a target's cell is."""

    page: str
    begins: str
    cell: Callable[[dict[str, Score]], str]
    label: str = "{begins}"
    """The first cell, with {fr}, {de} and {zh} for the shares that have a near-duplicate."""


CARD = "src/glassformer/pretrained/en_fr_de_zh/card.md"
ROWS = (
    Row(
        "README.md",
        "our dev sets, sentences without a near-duplicate in the training data",
        lambda sets: sets[WITHOUT].plain,
    ),
    Row(
        "README.md",
        "our dev sets, all",
        lambda sets: sets["all"].plain,
        "our dev sets, all ({fr} %, {de} % and {zh} % of the sentences have one)",
    ),
    Row(
        "README.zh-CN.md",
        "自己的开发集，只算在训练数据中没有近似重复的句子",
        lambda sets: sets[WITHOUT].plain,
    ),
    Row(
        "README.zh-CN.md",
        "自己的开发集，全部句子",
        lambda sets: sets["all"].plain,
        "自己的开发集，全部句子（其中 {fr} %、{de} %、{zh} % 有近似重复）",
    ),
    Row(
        "docs/box-model.md",
        "our dev sets, without near-duplicates",
        lambda sets: sets[WITHOUT].interval,
    ),
    Row("docs/box-model.md", "our dev sets, all", lambda sets: sets["all"].interval),
    Row("docs/box-model.md", "… of which have a near-duplicate", lambda sets: _near(sets)),
    Row(CARD, "our dev sets, sentences without a near-duplicate", lambda s: s[WITHOUT].counted),
    Row(CARD, "our dev sets, all sentences", lambda sets: sets["all"].counted),
    Row(CARD, "… above 12 words", lambda sets: sets[LONG].counted),
    Row(CARD, "chrF, dev sets without near-duplicates", lambda s: s[WITHOUT].chrf_interval),
    Row(CARD, "chrF, dev sets, all", lambda sets: sets["all"].chrf_interval),
)

_TABLE = "| target | dev set | sentences | BLEU | chrF |\n|---|---|---|---|---|\n"
"""The table of docs/box-model.md that has everything."""


def _share(sets: dict[str, Score]) -> int:
    return round(100 * sets[WITH].sentences / sets["all"].sentences)


def _near(sets: dict[str, Score]) -> str:
    near, everything = sets[WITH].sentences, sets["all"].sentences
    return f"{near:,} of {everything:,} ({_share(sets)} %)"


def filled(page: str, text: str, scores: Scores) -> str:
    """A page with these scores in its tables.

    Raises:
        ValueError: when a row is not there.
    """
    for row in ROWS:
        if row.page == page:
            shares = {target: _share(sets) for target, sets in scores.items()}
            label = row.label.format(begins=row.begins, **shares)
            cells = [label, *(row.cell(scores[target]) for target in TARGETS)]
            line = "| " + " | ".join(cells) + " |"
            pattern = rf"^\| {re.escape(row.begins)}[^|]*\|.*$"
            line = line.replace("\\", r"\\")  # as re.sub reads it
            text, found = re.subn(pattern, line, text, flags=re.MULTILINE)
            if found != 1:
                raise ValueError(f"{page} has {found} rows that begin with {row.begins!r}")
    if page == "docs/box-model.md":
        begin = text.index(_TABLE) + len(_TABLE)
        text = text[:begin] + "".join(_lines(scores)) + text[text.index("\n\n", begin) + 1 :]
    return text


def _lines(scores: Scores) -> Iterator[str]:
    named = {WITHOUT: "without near-duplicates", WITH: "… with near-duplicates", "all": "… all"}
    for target, name in TARGETS.items():
        for about, label in {**named, LONG: "… above 12 words"}.items():
            one, first = scores[target][about], about == WITHOUT
            cells = [name if first else "", label, f"{one.sentences:,}", one.interval]
            yield "| " + " | ".join([*cells, one.chrf_interval]) + " |\n"


def pages() -> dict[Path, str]:
    """Every page with the scores that are known, by its path."""
    scores = read()
    return {
        ROOT / page: filled(page, (ROOT / page).read_text(encoding="utf-8"), scores)
        for page in dict.fromkeys(row.page for row in ROWS)
    }


def remake(folder: Path) -> None:
    """Measure on the pairs of this folder, and put the scores into the pages."""
    sets = [f"{target}={folder / 'pairs' / target}.dev.tsv" for target in TARGETS]
    learned = [str(folder / "pairs" / f"{target}.train.tsv") for target in TARGETS]
    command = [sys.executable, "benchmarks/box.py", "en-fr-de-zh", *sets, "--json", str(SCORES)]
    subprocess.run([*command, "--learned-from", *learned], cwd=ROOT, check=True)
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")
