"""How many words a model writes that do not exist.

    python benchmarks/nonwords.py MODEL fr=FILE.tsv … --learned-from fr=PAIRS.tsv … \\
        [--words fr=LIST …]

A word is a run of letters of any script but Han. It is none where it stands, case aside, neither
in the target side of the pairs that were learned from, nor in the word list (one a line), nor in
the English of its sentence. Into Chinese that counts the Latin words that come in between. With
--words a list that is published, as Debian's wfrench and wngerman.
"""

import argparse
import re
from collections.abc import Iterable
from pathlib import Path

from glassformer.library import load
from glassformer.text.lines import read_lines

WORD = re.compile(r"[^\W\d_\u3040-\u30ff\u3400-\u9fff]+")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("model")
    parser.add_argument("sets", nargs="+", metavar="TAG=FILE")
    parser.add_argument("--learned-from", nargs="+", required=True, metavar="TAG=FILE")
    parser.add_argument("--words", nargs="*", default=[], metavar="TAG=FILE")
    parser.add_argument("--beam-size", type=int, default=4)
    parser.add_argument("--first", type=int, help="so many sentences of each set")
    parser.add_argument("--show", type=int, default=20)
    given = parser.parse_args()
    model = load(given.model)
    for tag, path in map(named, given.sets):
        english = [line.split("\t")[0] for line in lines_of(path)][: given.first]
        found = [x.text for x in model.translate(english, to=tag, beam_size=given.beam_size)]
        known: set[str] = set()
        for of, file in map(named, given.learned_from):
            if of == tag:
                known.update(*(words_of(line.split("\t")[1]) for line in lines_of(file)))
        for of, file in map(named, given.words):
            if of == tag:
                known.update(*map(words_of, lines_of(file)))
        written = sum(len(words_of(text)) for text in found)
        unknown = [
            (word, text)
            for source, text in zip(english, found, strict=True)
            for word in nonwords(source, text, known)
        ]
        print(f"{tag}: {len(unknown)} of {written} words, in {len({text for _, text in unknown})} "
              f"of {len(found)} sentences")  # fmt: skip
        for word, text in unknown[: given.show]:
            print(f"    {word}: {text}")


def nonwords(source: str, text: str, known: set[str]) -> list[str]:
    """The words of a translation that are neither known nor copied."""
    copied = set(words_of(source))
    return [word for word in words_of(text) if word not in known and word not in copied]


def words_of(text: str) -> list[str]:
    """Its words in small letters, apart at apostrophes and hyphens."""
    return WORD.findall(text.lower())


def lines_of(path: Path) -> Iterable[str]:
    with read_lines(path) as lines:
        return [line for line in lines if line]


def named(argument: str) -> tuple[str, Path]:
    tag, _, path = argument.partition("=")
    return tag, Path(path)


if __name__ == "__main__":
    main()
