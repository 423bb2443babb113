"""How many of a hundred everyday sentences a model translates right: benchmarks/everyday.jsonl.

    python benchmarks/everyday.py [MODEL] [--to fr de zh]

Each sentence has the answers that are accepted in each language, written as a pattern: (a|b) is one
of them, [a] may be left out, and a bar outside of both stands between whole answers. Letters and
digits are compared; case, spaces and punctuation are not. What is not accepted is printed: read it,
for a right answer may be missing here.
"""

import argparse
import json
import re
from pathlib import Path
from unicodedata import category, normalize

from glassformer.library import load

SENTENCES = Path(__file__).with_name("everyday.jsonl")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("model", nargs="?", default="en-fr-de-zh")
    parser.add_argument("--to", nargs="+", default=["fr", "de", "zh"])
    parser.add_argument("--beam-size", type=int, default=4)
    given = parser.parse_args()
    model = load(given.model)
    rows = sentences()
    english = [row["english"] for row in rows]
    for tag in given.to:
        found = [x.text for x in model.translate(english, to=tag, beam_size=given.beam_size)]
        wrong = [
            (row["english"], text)
            for row, text in zip(rows, found, strict=True)
            if not is_accepted(text, row[tag])
        ]
        print(f"{tag}: {len(rows) - len(wrong)} of {len(rows)} right")
        for source, text in wrong:
            print(f"    {source}\n    → {text}")


def sentences() -> list[dict[str, str]]:
    """English, and the pattern of what is accepted in each language."""
    return [json.loads(line) for line in SENTENCES.read_text(encoding="utf-8").splitlines()]


def is_accepted(text: str, pattern: str) -> bool:
    """Whether a translation is one of those that the pattern writes."""
    return re.fullmatch(expression(pattern), letters(text)) is not None


def expression(pattern: str) -> str:
    """The pattern as a regular expression for what `letters` gives."""
    signs = {"(": "(?:", ")": ")", "[": "(?:", "]": ")?", "|": "|"}
    parts = re.split(r"([()\[\]|])", pattern)
    return "".join(signs.get(part) or re.escape(letters(part)) for part in parts)


def letters(text: str) -> str:
    """Letters, digits and marks, of one case."""
    folded = normalize("NFKC", text).casefold()
    return "".join(one for one in folded if category(one)[0] in "LNM")


if __name__ == "__main__":
    main()
