"""How well a source profile tells what an English reader cannot read, and how rarely it is wrong.

    python benchmarks/source_profile.py DATA [FOLDER]

DATA holds tatoeba/, more/ and multi30k/ with pairs and lines as .gz, English first; FOLDER is a
model's, with its profile (the model in the box, unless another is named). English is also given
as people type it, with rare names, and with numbers and addresses.
"""

import argparse
import gzip
import random
from collections.abc import Callable, Iterable
from itertools import pairwise
from pathlib import Path

from glassformer.pretrained.files import BOX, find_packaged
from glassformer.text.letters import letters_of, words_of
from glassformer.text.profile import SourceProfile, read_profile

EACH = 1000
LANGUAGES = {"French": "fra", "German": "deu", "Chinese": "cmn"}
STEPS = (1, 4, 5, 6, 8, 10, 15, 25, 10_000)
NAMES = (
    "Ngozi Okonjo-Iweala",
    "Siobhán Ó Súilleabháin",
    "Nguyễn Thị Minh Khai",
    "Mwai Kibaki",
    "Şükrü Özyıldız",
    "Wojciech Szczęsny",
    "Xochitl Huitrón",
    "Krzysztof Kieślowski",
    "Ouagadougou",
    "Thiruvananthapuram",
    "Llanfairpwll",
    "Kigali",
    "Reykjavík",
    "Zürich",
    "Jean-Baptiste Lully",
    "Annegret Kramp-Karrenbauer",
)
ADDRESSES = (
    "https://example.org/a/b?id=17&x=é",
    "mail@example.com",
    "C:\\Users\\x\\y.txt",
    "v2.3.1-rc4",
    "127.0.0.1",
    "+49 30 1234567",
    "2024-02-29T12:00",
    "3,141.59 €",
    "#42",
    "foo_bar(baz)",
)

Change = Callable[[str, random.Random], str]


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("folder", type=Path, nargs="?", default=find_packaged(BOX))
    given = parser.parse_args()
    profile = read_profile(given.folder)
    if profile is None:
        parser.error(f"{given.folder} has no source profile")
    print("| English | sentences | script or language doubted | too long |")
    print("|---|---|---|---|")
    for name, texts in english(given.data).items():
        doubts = [{doubt.id for doubt in profile.doubts(text)} for text in texts]
        wrong = sum(bool(ids - {"too_long"}) for ids in doubts) / len(texts)
        long = sum("too_long" in ids for ids in doubts) / len(texts)
        print(f"| {name} | {len(texts)} | {wrong:.1%} | {long:.1%} |")
    spans = list(pairwise(STEPS))
    header = [
        f"{low} and more" if high == STEPS[-1] else "-".join({str(low): 0, str(high - 1): 0})
        for low, high in spans
    ]
    print(f"\n| doubted, by words | sentences | all | {' | '.join(header)} |")
    print("|---" * (3 + len(header)) + "|")
    for name, texts in foreign(given.data).items():
        print(f"| {name} | {len(texts)} | {' | '.join(found(profile, texts, spans))} |")


def found(profile: SourceProfile, texts: list[str], spans: list[tuple[int, int]]) -> list[str]:
    """The share that is told to be foreign: of all, and of those in each span of words."""
    told = [
        (len(words_of(letters_of(text))), bool({d.id for d in profile.doubts(text)} - {"too_long"}))
        for text in texts
    ]
    shares = []
    for low, high in [(0, STEPS[-1]), *spans]:
        some = [was for words, was in told if low <= words < high]
        shares.append(f"{sum(some) / len(some):.1%}" if len(some) >= 10 else "–")
    return shares


def english(data: Path) -> dict[str, list[str]]:
    """What should not be doubted."""
    dev = some(
        text for name in LANGUAGES.values() for text in column(tatoeba(data, name, "dev"), 0)
    )
    changes: dict[str, Change] = {
        "typed small, no full stop": lambda text, _: text.lower().rstrip(".?!"),
        "with two rare names": lambda text, chance: " ".join(
            [chance.choice(NAMES), "and", chance.choice(NAMES) + ":", text]
        ),
        "with two numbers or addresses": lambda text, chance: " ".join(
            [chance.choice(ADDRESSES), text, chance.choice(ADDRESSES)]
        ),
    }
    sets = {"Tatoeba, dev": dev}
    for name, change in changes.items():
        chance = random.Random(1)
        sets[f"… {name}"] = [change(text, chance) for text in dev]
    sets["Multi30k, test 2016"] = some(column(data / "multi30k" / "test_2016_flickr.en.gz", 0))
    for source in sorted({path.name.partition(".")[0] for path in (data / "more").glob("*.gz")}):
        files = sorted((data / "more").glob(f"{source}.eng-*.gz"))
        sets[source] = some(text for path in files for text in column(path, 0))
    return sets


def foreign(data: Path) -> dict[str, list[str]]:
    """What should be."""
    sets = {}
    for language, name in LANGUAGES.items():
        sets[f"{language}, Tatoeba"] = some(column(tatoeba(data, name, "train"), 1))
        files = sorted((data / "more").glob(f"*.eng-{name}.tsv.gz"))
        sets[f"{language}, {len(files)} other sources"] = [
            text for path in files for text in some(column(path, 1))
        ]
    return sets


def tatoeba(data: Path, name: str, part: str) -> Path:
    return data / "tatoeba" / f"eng-{name}.{part}.tsv.gz"


def column(path: Path, number: int) -> Iterable[str]:
    with gzip.open(path, "rt", encoding="utf-8", newline="\n") as lines:
        yield from (line.rstrip("\r\n").split("\t")[number] for line in lines)


def some(texts: Iterable[str]) -> list[str]:
    """The same thousand each time, without repetitions."""
    distinct = sorted({text for text in texts if text.strip()})
    return random.Random(5).sample(distinct, min(EACH, len(distinct)))


if __name__ == "__main__":
    main()
