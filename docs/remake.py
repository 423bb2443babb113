"""Remakes all that depends on the weights of the model in the box, and knows what is stale.

    python docs/remake.py                     remakes all that can be made here, in a few minutes
    python docs/remake.py NAME …              remakes only these, such as gallery
    python docs/remake.py --check             names what is of other weights; exit 1 if there is any
    python docs/remake.py --data FOLDER       remakes the box's scores, too: FOLDER is what
                                              examples/box_model.py FOLDER --only-pairs makes
    python docs/remake.py --measured NAME …   notes that these were measured with these weights

docs/made.json notes the model that each was made with, and what the files were that are made as a
whole; tests/test_remake.py holds it against the files. Numbers that take hours, or text that is not
in this repository, are measured by the commands listed here and put into the pages by hand.
"""

import argparse
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
MADE = ROOT / "docs" / "made.json"
BOX = ROOT / "src" / "glassformer" / "pretrained" / "en_fr_de_zh"
MODEL_FILES = ("config.json", "tokenizer.json", "watch.safetensors", "weights.safetensors")


def model() -> str:
    """The model in the box in one number: the SHA-256 of the files that it consists of."""
    digest = hashlib.sha256()
    for name in MODEL_FILES:
        digest.update(name.encode() + (BOX / name).read_bytes())
    return digest.hexdigest()


def by_tests(*tests: str) -> Callable[[], None]:
    """What these tests write when they are told to: what commands print, what pictures show."""

    def make() -> None:
        told = {"GLASSFORMER_UPDATE_DOCS": "1", "GLASSFORMER_UPDATE_GOLDEN": "1"}
        command = [sys.executable, "-m", "pytest", "-q", "-n0", "-p", "no:randomly", *tests]
        subprocess.run(command, cwd=ROOT, env=os.environ | told, check=True)

    return make


def gallery() -> None:
    """The gallery's page and its pictures."""
    subprocess.run([sys.executable, str(ROOT / "docs" / "gallery.py")], cwd=ROOT, check=True)


def screens() -> None:
    """The screenshots of the page."""
    subprocess.run([sys.executable, str(ROOT / "docs" / "screens.py")], cwd=ROOT, check=True)


def box_scores(folder: Path) -> None:
    """The scores in every table that has them."""
    import box_scores as scores  # beside this script

    scores.remake(folder)


@dataclass(frozen=True)
class Made:
    """Something that depends on the model in the box, and how it is made."""

    about: str
    make: Callable[[], None] | None = None
    """None: it is measured with what is not in this repository, by `command`."""
    command: str = ""
    from_data: Callable[[Path], None] | None = None
    """How it is made from the pairs of a folder."""
    whole: tuple[str, ...] = ()
    """Patterns of files that are made as a whole, so that nobody need look into them."""


_BOX = "python docs/remake.py --data FOLDER box-scores"

EVERYTHING = {
    "readme": Made(
        "README.md, README.zh-CN.md: what commands print; their picture",
        by_tests("tests/test_readme.py"),
        whole=("docs/images/it*.svg",),
    ),
    "commands": Made(
        "docs/commands.md: what the commands say of themselves", by_tests("tests/test_docs.py")
    ),
    "training-page": Made(
        "docs/training.md: every setting and what is chosen",
        by_tests("tests/test_training_docs.py"),
    ),
    "gallery": Made(
        "docs/gallery.md and its pictures",
        gallery,
        whole=("docs/gallery.md", "docs/images/gallery/*.svg"),
    ),
    "screens": Made(
        "docs/images/page: the page as people see it (in chromium)",
        screens,
        whole=("docs/images/page/*.png",),
    ),
    "box-scores": Made(
        "docs/box-model.md, card.md, README.md, README.zh-CN.md: BLEU, chrF, sentences a second; "
        "tests/test_box.py: the translations and the least scores",
        command=_BOX,
        from_data=box_scores,
        whole=("docs/box-scores.json",),
    ),
    "box-heads": Made(
        "docs/box-model.md, card.md, config.json: what heads make of “it”",
        command="python benchmarks/pronouns.py …, python benchmarks/where.py …",
    ),
}
"""By name, in the order in which they are made."""


def files_of(made: Made) -> dict[str, str]:
    """The SHA-256 of each file that is made as a whole."""
    paths = sorted(path for pattern in made.whole for path in ROOT.glob(pattern))
    return {
        path.relative_to(ROOT).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in paths
    }


def noted() -> dict[str, dict[str, object]]:
    """What docs/made.json says of each: the model that it was made with, and its files."""
    if not MADE.exists():
        return {}
    found: dict[str, dict[str, object]] = json.loads(MADE.read_text(encoding="utf-8"))
    return found


def note(names: list[str]) -> None:
    """Note that these are as the present model makes them."""
    known, now = noted(), model()
    for name in names:
        known[name] = {"model": now, "files": files_of(EVERYTHING[name])}
    kept = {name: known[name] for name in EVERYTHING if name in known}
    MADE.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


def stale() -> dict[str, str]:
    """What was made with another model, or changed by hand since: the reason, by name."""
    known, now = noted(), model()
    reasons = {}
    for name, made in EVERYTHING.items():
        how = f"python docs/remake.py {name}"
        if made.make is None:
            how = f"{made.command}, put them in, then python docs/remake.py --measured {name}"
        if name not in known:
            reasons[name] = f"{made.about}: never noted; {how}"
        elif known[name]["model"] != now:
            reasons[name] = f"{made.about}: of another model; {how}"
        elif known[name]["files"] != files_of(made):
            reasons[name] = f"{made.about}: files changed since they were made; {how}"
    return reasons


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(EVERYTHING))
    parser.add_argument("--data", type=Path, metavar="FOLDER", help="with the box's pairs")
    parser.add_argument("--check", action="store_true", help="name what is stale")
    parser.add_argument("--measured", action="store_true", help="only note it")
    given = parser.parse_args()
    unknown = {*given.names} - {*EVERYTHING}
    if unknown:
        parser.error(f"there is no {', '.join(sorted(unknown))}: choose of {', '.join(EVERYTHING)}")
    if given.check:
        for reason in stale().values():
            print(reason)
        sys.exit(bool(stale()))
    if given.measured:
        if not given.names:
            parser.error("say which: --measured NAME")
        note(given.names)
        return
    for name, made in EVERYTHING.items():
        if given.names and name not in given.names:
            continue
        if made.make is None and (made.from_data is None or given.data is None):
            continue
        print(f"{name}: {made.about}", flush=True)
        if made.make is not None:
            made.make()
        elif made.from_data is not None:
            made.from_data(given.data)
        note([name])
    for reason in stale().values():
        print(f"still to be done: {reason}")


if __name__ == "__main__":
    main()
