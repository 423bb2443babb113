"""Whether a change of the code changed what comes out: two checkouts side by side, bit for bit.

    python benchmarks/golden.py BEFORE AFTER [--show-all] [--keep FOLDER]

BEFORE and AFTER are checkouts; each runs in processes of its own with its src on PYTHONPATH, on
this machine with so many threads, so that every difference is the code's. Three things are done:

- *made*: all of tests/made_before/make.py (a trained folder, a saved trace, …) with both;
- *opened*: what BEFORE has made is opened with AFTER: an interrupted training resumes to the very
  weights, commands say and saved traces hold the same;
- *cases*: the commands and calls of golden_cases.py with both.

Times are left out, and versions of programs. Exit 1 when anything differs that EXPECTED does not
name. Takes about five minutes.
"""

import argparse
import difflib
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

EXPECTED = {
    r"schema: 'glassformer\.([\w-]+)/1' → 'glassformer\.\1/2'": (
        "The published JSON schemas forbid unknown keys; later issues add some. Change that once, "
        "now: `/2`"
    ),
    r": added (\S+\.)?(notes|engine|edits)$": "`/2` with open `notes`, `engine` and `edits`",
    r"^cases/inspect/chinese-\S+\.said: \+ ": (
        "A Chinese sentence given to the box model becomes nonsense without a word; … a note on "
        "stderr and in JSON says so"
    ),
    r"\.said: \+ glassformer: the text has \d+ words and signs: of those that": (
        "A model's card data says which source languages and lengths it learned; outside them … a "
        "note on stderr and in JSON says so"
    ),
    r"\.said: \+ glassformer: the translation repeats": (
        "Repeated loops in a translation are reported"
    ),
    r"source\.json: only after": "a character n-gram profile kept from the training's source side",
    r"/card\.md: [-+] .*The source is whatever the training text was": (
        "A model's card data says which source languages and lengths it learned"
    ),
    r"/report\.md: [-+] .*peak rate of an encoder": (
        "No error or note raised outside `cli` contains a command-line option"
    ),
    r"\.said: [-+] .*(on disk|roughly .* of memory)": "Disk space is estimated before a training",
    # The formula that the structure of such a model shows, and with it the picture's own name.
    r"token_types\[(0|type)\]": "Text pairs make the two segments of BERT models",
    r"^cases/(views/minilm-structure-|calls/trace-.*: pictures\[5\])": (
        "Text pairs make the two segments of BERT models"
    ),
    r"^cases/(wrong|train)/\S+\.said: [-+] ": (
        "An error carries a message id and fields and names a setting; each surface spells it its "
        "own way"
    ),
}
"""What a difference looks like (a regular expression in `file: difference`), and who asks for it.

They are the ones of issue 15; the next change begins with an empty table.
"""

HERE = Path(__file__).resolve().parent
TESTS = HERE.parent / "tests"

_CLOCK = {"seconds", "sentences_per_second", "tokens_per_second", "metrics_bytes", "versions"}
_TIMES = re.compile(
    r"\d[\d.,:]* ?(s|seconds|minutes|hours|ms)\b|\d[\d.,]* (tokens|sentences)/s"
    r"|\d[\d.,]* a second|[\d.,]+ (秒|分钟)|每秒 ?[\d.,]+"
)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("before", type=Path)
    parser.add_argument("after", type=Path)
    parser.add_argument("--show-all", action="store_true", help="list what is equal as well")
    parser.add_argument("--keep", type=Path, help="leave all that was made in this new folder")
    parser.add_argument("--threads", type=int, default=1)
    given = parser.parse_args()
    work = given.keep or Path(tempfile.mkdtemp(prefix="golden-"))
    work.mkdir(exist_ok=True)
    try:
        run_both(given, work.resolve())
        sys.exit(report(given, work.resolve()))
    finally:
        if given.keep is None:
            shutil.rmtree(work)


# Running


def run_both(given: argparse.Namespace, work: Path) -> None:
    """Everything with both checkouts, the two at once."""
    trees = {"before": given.before.resolve(), "after": given.after.resolve()}
    for side in trees:
        (work / side).mkdir()
    make = TESTS / "made_before" / "make.py"
    all_with(trees, given.threads, lambda side: [make, work / side / "made"])
    all_with(trees, given.threads, lambda side: [HERE / "golden_cases.py", work / side])
    shutil.copytree(work / "before" / "made", work / "after" / "opened")
    after = {"after": trees["after"]}
    all_with(after, given.threads, lambda side: [__file__, "--open", work / side / "opened"])


def all_with(trees: dict[str, Path], threads: int, words: Any) -> None:
    """A script of ours with each of these checkouts."""
    running = {}
    for side, tree in trees.items():
        environment = {
            **os.environ,
            "PYTHONPATH": f"{tree / 'src'}{os.pathsep}{TESTS}",
            "OMP_NUM_THREADS": str(threads),
            "HF_HUB_OFFLINE": "1",
            "COLUMNS": "100",
        }
        command = [sys.executable, "-W", "ignore", *map(str, words(side))]
        running[side] = subprocess.Popen(command, env=environment)
    try:
        for side, process in running.items():
            if process.wait():
                raise SystemExit(f"{Path(words(side)[0]).name} failed with {trees[side]}")
    finally:
        for process in running.values():
            process.terminate()
            process.wait()


def open_made(folder: Path) -> None:
    """Open what another checkout has made, in a copy of it; with the glassformer on PYTHONPATH."""
    from made_before import make

    from glassformer import Trace

    os.chdir(folder)
    for name in ("outputs", "views"):
        shutil.rmtree(name)
    make.write_outputs()
    for trace in Path("traces").glob("*.safetensors"):
        Trace.load(trace).save(trace)
    make.run((*make.TRAIN_REVERSED, "--output", "interrupted"))
    make.run(make.TRAIN_NUMBERS)
    make.run(("average", "numbers", "--force"))
    shutil.rmtree("finished")
    make.keep_finished(Path("interrupted"))


# Comparing


def report(given: argparse.Namespace, work: Path) -> int:
    """Print what is equal and what is not; 1 where something differs that is not expected."""
    before, after = work / "before", work / "after"
    places = [given.before.resolve(), given.after.resolve(), before, after]
    asked, differ = Counter[str](), False
    for what, old, new in (
        ("made", before / "made", after / "made"),
        ("opened", before / "made", after / "opened"),
        ("cases", before / "cases", after / "cases"),
    ):
        found = {name: [*differences(old / name, new / name, places)] for name in files(old, new)}
        if what == "opened":  # it was resumed, and stands in finished/
            found = {name: one for name, one in found.items() if not name.startswith("interr")}
        unexpected = {}
        for name, several in found.items():
            reasons = {one: reason_for(f"{what}/{name}: {one}") for one in several}
            asked.update(reason for reason in reasons.values() if reason)
            unexpected[name] = [one for one in several if not reasons[one]]
        bad = [name for name, several in unexpected.items() if several]
        equal = sum(not several for several in found.values())
        print(
            f"{what:7} {len(found):4} files: {equal} equal, {len(found) - equal - len(bad)} "
            f"different as expected, {len(bad)} DIFFERENT"
        )
        for name in found if given.show_all else bad:
            state = "DIFFERENT" if unexpected[name] else "expected" if found[name] else "equal"
            print(f"  {state:9} {what}/{name}")
            show(unexpected[name] or found[name])
        differ = differ or bool(bad)
    for pattern, reason in EXPECTED.items():
        print(f"expected: {asked[pattern]} × {pattern}\n  {reason}")
    return int(differ)


def files(*folders: Path) -> list[str]:
    """All files of the one or the other."""
    return sorted(
        {
            path.relative_to(folder).as_posix()
            for folder in folders
            for path in folder.rglob("*")
            if path.is_file()
        }
    )


def reason_for(difference: str) -> str | None:
    """The entry of EXPECTED that names a difference."""
    return next((pattern for pattern in EXPECTED if re.search(pattern, difference)), None)


def show(several: list[str], most: int = 8) -> None:
    """The first of some differences, each kind once."""
    counted = Counter(re.sub(r"\[\d+\]", "[]", one.partition(": ")[0]) for one in several)
    firsts = {re.sub(r"\[\d+\]", "[]", one.partition(": ")[0]): one for one in several[::-1]}
    for kind, count in [*counted.items()][:most]:
        times = f"   ({count} of this kind)" if count > 1 else ""
        print(f"      {firsts[kind][:200]}{times}")
    if len(counted) > most:
        print(f"      … and {len(counted) - most} kinds more")


def differences(old: Path, new: Path, places: list[Path]) -> Iterator[str]:
    """How two files differ, by what they hold; texts may say where their checkout stands."""
    if not old.exists() or not new.exists():
        yield "only after" if new.exists() else "only before"
        return
    before, after = old.read_bytes(), new.read_bytes()
    if old.suffix in (".json", ".txt", ".said"):
        for place in places:
            before, after = (one.replace(bytes(place), b"PLACE") for one in (before, after))
    if before == after:
        return
    read = {".json": parsed, ".jsonl": parsed, ".safetensors": tensors, ".npz": arrays}
    if old.suffix in (".txt", ".md", ".svg", ".said"):
        yield from in_lines(*(one.decode().split("\n") for one in (before, after)))
    elif old.suffix in read:
        try:
            data = [read[old.suffix](one) for one in (before, after)]
        except (ValueError, EOFError, zipfile.BadZipFile):
            yield f"unreadable, of {len(before)} → {len(after)} bytes"
        else:
            yield from in_data(*data)
    else:
        yield f"bytes: {digest(before)} → {digest(after)}"


def in_data(old: Any, new: Any, at: str = "") -> Iterator[str]:
    """How plain data differs: what is lost, added or another value."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in [*old, *(key for key in new if key not in old)]:
            place = f"{at}.{key}" if at else str(key)
            if key in _CLOCK:
                continue
            if key not in new:
                yield f"lost {place}"
            elif key not in old:
                yield f"added {place}"
            else:
                yield from in_data(old[key], new[key], place)
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for index, (one, other) in enumerate(zip(old, new, strict=True)):
            yield from in_data(one, other, f"{at}[{index}]")
    elif isinstance(old, list) and isinstance(new, list):
        yield f"{at}: {len(old)} → {len(new)} items"
    elif type(old) is not type(new) or old != new:
        yield f"{at}: {short(old)} → {short(new)}"


def in_lines(old: list[str], new: list[str]) -> Iterator[str]:
    """How text differs, line by line; times are left out."""
    before, after = ([_TIMES.sub("TIME", line) for line in one] for one in (old, new))
    for line in [*difflib.unified_diff(before, after, n=0, lineterm="")][2:]:
        if not line.startswith("@@"):
            yield f"{line[0]} {line[1:]}"


def parsed(data: bytes) -> Any:
    """JSON, or JSON lines."""
    try:
        return json.loads(data)
    except ValueError:
        return [json.loads(line) for line in data.decode().split("\n") if line]


def tensors(data: bytes) -> dict[str, Any]:
    """What a safetensors file holds, numbers as hashes; metadata may be JSON itself."""
    start = 8 + int.from_bytes(data[:8], "little")
    header = json.loads(data[8:start])
    metadata = {key: parsed(text.encode()) for key, text in header.pop("__metadata__", {}).items()}
    found: dict[str, Any] = {"metadata": metadata}
    for name, one in header.items():
        begin, end = one["data_offsets"]
        found[name] = [one["dtype"], one["shape"], digest(data[start + begin : start + end])]
    return found


def arrays(data: bytes) -> dict[str, Any]:
    """What a .npz file holds, numbers as hashes."""
    import numpy

    with numpy.load(io.BytesIO(data)) as file:
        return {
            name: [str(array.dtype), list(array.shape), digest(array.tobytes())]
            for name, array in file.items()
        }


def digest(data: bytes) -> str:
    """Enough of a hash to tell."""
    return f"sha256 {hashlib.sha256(data).hexdigest()[:16]}"


def short(value: Any) -> str:
    """A value as it is compared; a structure only by its beginning."""
    text = repr(value)
    return text if len(text) <= 70 else f"{text[:69]}…"


if __name__ == "__main__":
    if sys.argv[1:2] == ["--open"]:
        open_made(Path(sys.argv[2]))
    else:
        main()
