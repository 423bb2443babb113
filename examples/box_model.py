"""The model in the box, from its corpora to its scores: docs/box-model.md tells the story.

    python examples/box_model.py FOLDER --tatoeba TATOEBA --novels NOVELS.tsv.gz

TATOEBA holds eng-fra, eng-deu and eng-cmn as .train.tsv.gz and .dev.tsv.gz, English first; NOVELS
are tokenised lines, English and French. Pairs are put in order into FOLDER/pairs, and the model is
trained in FOLDER/model. Run again, it resumes where it was stopped.

    python examples/box_model.py FOLDER --pack INTO --head 4.2 --reason "finds ..."

writes what ships: weights of 16 bits, the head that pictures show and why, what was recorded of the
article's sentence, and the profile of the English training text.
"""

import argparse
import dataclasses
import gzip
import hashlib
import random
import re
import shutil
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from glassformer import cli

CONFIG = Path(__file__).parents[1] / "configs" / "box.toml"
TEST_SET = CONFIG.with_name("box-test-set.txt")
SENTENCE = "a dog ate the food because it was hungry"
LANGUAGES = {"fr": "fra", "de": "deu", "zh": "cmn"}

HELD_OUT = 1000
"""More Chinese pairs for the dev set: its own 106 say little."""

JOINED = 0.1
"""So many pairs, as a share, are made by joining others: a corpus of six-word sentences teaches
nothing about the thirtieth position."""

TYPED = 0.1
"""So many come a second time, with the English as people type it."""

Pair = tuple[str, str]


def main() -> None:
    """Make the pairs unless they are there and train, or resume; or pack the trained model."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--tatoeba", type=Path)
    parser.add_argument("--novels", type=Path)
    parser.add_argument("--only-pairs", action="store_true", help="train nothing")
    parser.add_argument(
        "--without-test-set",
        action="store_true",
        help="learn nothing from the sentences of configs/box-test-set.txt",
    )
    parser.add_argument("--pack", type=Path, metavar="INTO")
    parser.add_argument("--head", metavar="LAYER.HEAD", help="of the encoder, from 1")
    parser.add_argument("--reason", help="the measurement that chose the head")
    given = parser.parse_args()
    if given.pack is not None:
        pack(given.folder / "model", given.pack, given.head, given.reason)
        write_profile(given.folder / "pairs", given.pack)
        return
    if given.tatoeba is None or given.novels is None:
        parser.error("to make the pairs, --tatoeba and --novels are needed")
    pairs = given.folder / "pairs"
    if not (pairs / "complete").exists():
        left_out = kept_apart() if given.without_test_set else frozenset()
        make_pairs(pairs, given.tatoeba, given.novels, left_out)
    if given.only_pairs:
        return
    train(given.folder / "model", pairs)


def train(model: Path, pairs: Path) -> None:
    """One command for all three languages; it exits, and Ctrl-C is its own to answer."""
    command = ["glassformer", "train"]
    for tag in LANGUAGES:
        command += ["--pairs", f"{tag}={pairs / tag}.train.tsv"]
        command += ["--dev", f"{tag}={pairs / tag}.dev.tsv"]
    sys.argv = [*command, "--output", str(model), "--config", str(CONFIG), "--watch", SENTENCE]
    cli.main()


# Pairs


def make_pairs(
    folder: Path, tatoeba: Path, novels: Path, left_out: frozenset[str] = frozenset()
) -> None:
    """Clean, hold out, join and vary; the same bytes every time. `left_out` are keys of English."""
    folder.mkdir(parents=True, exist_ok=True)
    for tag, name in LANGUAGES.items():
        pairs = [cleaned(pair, tag) for pair in read(tatoeba / f"eng-{name}.train.tsv.gz")]
        pairs = [pair for pair in pairs if key_of_words(pair[0]) not in left_out]
        dev = list(read(tatoeba / f"eng-{name}.dev.tsv.gz"))
        if tag == "zh":
            held, pairs = held_out(pairs)
            dev += held
        pairs += [*joined(pairs, "" if tag == "zh" else " "), *typed(pairs)]
        if tag == "fr":
            prose = (pair for line in read(novels) if is_prose(pair := detokenised(line)))
            pairs += [pair for pair in prose if key_of_words(pair[0]) not in left_out]
        write(folder / f"{tag}.train.tsv", pairs)
        write(folder / f"{tag}.dev.tsv", dev)
    (folder / "complete").touch()


def kept_apart() -> frozenset[str]:
    """The keys of the English sentences that are held out (examples/box_test_set.py)."""
    return frozenset(TEST_SET.read_text(encoding="utf-8").split())


def key_of_words(english: str) -> str:
    """What a sentence is known by, however it is written."""
    from glassformer.training.corpus.held_out import key_of
    from glassformer.training.corpus.near_duplicates import words_of

    return f"{key_of(' '.join(words_of(english))):016x}"


def read(path: Path) -> Iterator[Pair]:
    """Two columns, English first."""
    with gzip.open(path, "rt", encoding="utf-8", newline="\n") as file:
        for line in file:
            english, _, other = line.rstrip("\r\n").partition("\t")
            yield english, other


def write(path: Path, pairs: Iterable[Pair]) -> None:
    """Two columns again."""
    text = "".join(f"{english}\t{other}\n" for english, other in pairs)
    path.write_text(text, encoding="utf-8", newline="\n")


def cleaned(pair: Pair, tag: str) -> Pair:
    """One kind of space and apostrophe, nothing invisible, signs as the language sets them."""
    english, other = (
        re.sub("[\u00ad\u200b]", "", re.sub("[\u00a0\u2009\u202f]", " ", side)).strip()
        for side in pair
    )
    english = english.replace("’", "'")
    if tag == "zh":
        full = {"?": "？", "!": "！", ",": "，", ".": "。", ":": "："}
        other = re.sub(r"(?<=[\u4e00-\u9fff”])\s*([?!,.:])\s*", lambda m: full[m[1]], other)
    elif tag == "fr":
        other = re.sub(r"(?<=\w)([?!])", r" \1", other.replace("’", "'"))
    return english, other


def held_out(pairs: list[Pair]) -> tuple[list[Pair], list[Pair]]:
    """Those whose English has the smallest hashes, all pairs of such a sentence, and the rest."""

    def hash_of(english: str) -> bytes:
        return hashlib.sha256(english.encode()).digest()

    times = Counter(english for english, _ in pairs)
    chosen: set[str] = set()
    count = 0
    for english in sorted(times, key=hash_of):
        if count >= HELD_OUT:
            break
        chosen.add(english)
        count += times[english]
    return (
        [pair for pair in pairs if pair[0] in chosen],
        [pair for pair in pairs if pair[0] not in chosen],
    )


def joined(pairs: list[Pair], space: str) -> list[Pair]:
    """Two to five pairs as one, sides in the same order."""
    chance = random.Random(1)
    found = []
    for _ in range(round(JOINED * len(pairs))):
        some = chance.sample(pairs, chance.choice((2, 2, 3, 3, 4, 5)))
        found.append((" ".join(one[0] for one in some), space.join(one[1] for one in some)))
    return found


def typed(pairs: list[Pair]) -> list[Pair]:
    """Some of the pairs with the English all small, no sign at its end, and either apostrophe."""
    some = random.Random(2).sample(pairs, round(TYPED * len(pairs)))
    return [
        (english.lower().rstrip(".?!").replace("'", "'’"[place % 2]), other)
        for place, (english, other) in enumerate(some)
    ]


def detokenised(pair: Pair) -> Pair:
    """The line as it is printed: no spaces before commas, nor after apostrophes."""
    english, french = (re.sub(r"[\\_]|--", " ", side).replace("’", "'") for side in pair)
    english = re.sub(r" +(['’](?:s|ll|re|ve|d|m|t)\b)", r"\1", english, flags=re.IGNORECASE)
    english = re.sub(r" +([.,;:!?)])", r"\1", english)
    french = re.sub(r"(\w') +", r"\1", french)
    french = re.sub(r" +([.,)])", r"\1", french)
    english, french = (
        re.sub(r'"([^"]*)"', lambda m: f'"{m[1].strip()}"', side) for side in (english, french)
    )
    english, french = (" ".join(side.replace("( ", "(").split()) for side in (english, french))
    return english, french


def is_prose(pair: Pair) -> bool:
    """Whether two lines look like the same sentence: neither a heading nor half of it missing."""
    words = [len(side.split()) for side in pair]
    return min(words) >= 3 and max(words) <= 70 and max(words) <= 1.7 * min(words)


# What ships


def pack(model: Path, into: Path, head: str | None, reason: str | None) -> None:
    """A folder that `glassformer.load` reads, of half the size; the card is written by hand."""
    from glassformer.config import ShownHead
    from glassformer.inspection.watch_file import FILE
    from glassformer.pretrained.folder import read_model, write_model

    transformer = read_model(model)
    if head is not None:
        layer, number = (int(part) for part in head.split("."))
        shown = ShownHead(part="encoder", layer=layer, head=number, reason=reason or "")
        transformer.config = dataclasses.replace(transformer.config, shown_head=shown)
    write_model(into, transformer.half(), (model / "tokenizer.json").read_text(encoding="utf-8"))
    shutil.copyfile(model / FILE, into / FILE)


def write_profile(pairs: Path, into: Path) -> None:
    """The profile of its source texts, by which the model can tell other ones."""
    from glassformer.text.profile import FILE, SourceProfile

    lines = (
        line.partition("\t")[0]
        for tag in LANGUAGES
        for line in (pairs / f"{tag}.train.tsv").read_text(encoding="utf-8").split("\n")
        if line
    )
    profile = SourceProfile.learn(lines, languages=["en"])
    (into / FILE).write_text(profile.to_json(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
