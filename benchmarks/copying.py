"""Whether a model keeps names and numbers: 300 of each in sentences (benchmarks/copying.jsonl).

    python benchmarks/copying.py [MODEL] [--to fr de zh] [--only N]

A name is kept where it stands in the translation letter for letter. A number is kept where it
stands there in digits as the language writes it: with its own separators, a time also on a clock of
24 hours, a date with the month's name, and no other number. What is right in words counts as lost.
The names were written by hand for this test; those that the
training sees are made by rule. The sentences are left out of the training and of its templates.
"""

import argparse
import json
import re
from collections import Counter
from pathlib import Path

from glassformer.library import load

SENTENCES = Path(__file__).with_name("copying.jsonl")

MONTHS = {
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
}
MONEY = {
    "$": r"\$|dollars?|美元|美金|(?<![欧日])元",
    "€": "€|euros?|欧元",
    "£": "£|livres?|pfund|英镑|镑",
}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("model", nargs="?", default="en-fr-de-zh")
    parser.add_argument("--to", nargs="+", default=["fr", "de", "zh"])
    parser.add_argument("--beam-size", type=int, default=4)
    parser.add_argument("--only", type=int, default=1, help="every N-th sentence")
    parser.add_argument("--show", type=int, default=5, help="lost ones to print of each kind")
    given = parser.parse_args()
    model = load(given.model)
    rows = sentences()[:: given.only]
    english = [row["english"] for row in rows]
    for tag in given.to:
        found = [x.text for x in model.translate(english, to=tag, beam_size=given.beam_size)]
        lost = [
            (row["kind"], row["english"], text)
            for row, text in zip(rows, found, strict=True)
            if not is_kept(text, row["kind"], row["value"], tag)
        ]
        of, missing = Counter(row["kind"] for row in rows), Counter(row[0] for row in lost)
        numbers = sum(count for kind, count in of.items() if kind != "name")
        kept = numbers - sum(count for kind, count in missing.items() if kind != "name")
        print(f"{tag}: names {of['name'] - missing['name']} of {of['name']}, "
              f"numbers {kept} of {numbers}")  # fmt: skip
        for kind, count in of.items():
            print(f"    {kind}: {count - missing[kind]} of {count}")
            for row in [row for row in lost if row[0] == kind][: given.show]:
                print(f"        {row[1]}\n        → {row[2]}")


def sentences() -> list[dict[str, str]]:
    """English, what kind of thing it holds, and it: 249, 3.5, 19:45, 1987-03-05, 12.50 €."""
    return [json.loads(line) for line in SENTENCES.read_text(encoding="utf-8").splitlines()]


def is_kept(text: str, kind: str, value: str, tag: str) -> bool:
    """Whether this thing stands in the translation, as its language writes it."""
    text = re.sub(r"[\u00a0\u202f]", " ", text)
    if kind == "name":
        return re.search(rf"(?<![A-Za-zÀ-ž]){re.escape(value)}(?![a-zà-ž]{{2}})", text) is not None
    if kind == "number":
        return _numbers(text) == [value]
    if kind == "decimal":
        return _numbers(text) == [value.replace(".", ",")]
    if kind == "price":
        amount, sign = value.split()
        digits = amount.replace(".", ",")
        return _numbers(text) in ([digits], [digits.removesuffix("0")]) and (
            re.search(MONEY[sign], text, re.IGNORECASE) is not None
        )
    if kind == "time":
        return _is_time(text, *map(int, value.split(":")))
    year, month, day = map(int, value.split("-"))
    if tag == "zh":
        return re.search(rf"{year}年\s*0?{month}月\s*0?{day}[日号]", text) is not None
    name = MONTHS[tag].split()[month - 1]
    return re.search(rf"(?<!\d){day}(?:er|\.)? {name} {year}\b", text) is not None


def _is_time(text: str, hour: int, minute: int) -> bool:
    """On either clock: which half of the day, words may say."""
    found = re.findall(r"(?<!\d)(\d{1,2}) ?(?:[:.h点]|Uhr|heures?|时) ?(\d\d)(?!\d)", text)
    return [(int(one) % 12, int(other)) for one, other in found] == [(hour % 12, minute)]


def _numbers(text: str) -> list[str]:
    """The numbers of a text, a comma for the decimals and nothing for the thousands."""
    whole = re.sub(r"(?<=\d)[ .,'](?=\d{3}(?!\d))", "", text)
    return [number.replace(".", ",") for number in re.findall(r"\d+(?:[.,]\d+)?", whole)]


if __name__ == "__main__":
    main()
