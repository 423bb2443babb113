"""The rooms of the package and the one direction of imports between them.

A room is a folder or a file right under src/glassformer. It may import the rooms that stand on a
line above its own, wherever the import is written, and inside of itself whatever it likes.
"""

import ast
import re
import textwrap
from collections.abc import Collection, Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "src" / "glassformer"

PAGE = Path(__file__).parents[1] / "docs" / "architecture.md"


def rooms_of(page: str) -> dict[str, int]:
    """The rooms that the page lists, each with its line, counted from the top."""
    listed = re.search(r"## Rooms.*?```\n(.*?)```", page, flags=re.DOTALL)
    assert listed, "docs/architecture.md has no list of rooms"
    lines = [re.split(r"\s{2,}", line)[0] for line in listed[1].splitlines()]
    return {
        room.strip().removesuffix(".py").replace("/", "."): number
        for number, line in enumerate(lines)
        for room in re.split(r"[|,]", line)
    }


LINE = rooms_of(PAGE.read_text(encoding="utf-8"))
WITHOUT_TORCH = {"messages", "errors", "version", "outputs", "config", "views", "requests"}
NO_SUCH_ROOM = {"utils", "util", "helpers", "helper", "common", "misc"}
LONGEST_FILE = 400


def violations(package: Path) -> list[str]:
    """Everything in this copy of the package that is against the rules, as `file:line: what`."""
    found = [
        f"{path.relative_to(package.parent)}: a function lives with what it is about"
        for path in sorted(package.rglob("*"))
        if path.stem in NO_SUCH_ROOM and "__pycache__" not in path.parts
    ]
    for path in sorted(package.rglob("*.py")):
        problems = dict.fromkeys(problems_of(path, package))
        found += [f"{path.relative_to(package.parent)}:{problem}" for problem in problems]
    return found


def problems_of(path: Path, package: Path) -> Iterator[str]:
    parts = path.relative_to(package).with_suffix("").parts
    room = room_named(".".join(parts))
    if room is None:
        yield f"1: {parts[0]!r} is none of the rooms in the design"
        return
    source = path.read_text(encoding="utf-8")
    if (length := len(source.splitlines())) > LONGEST_FILE:
        yield f"1: {length} lines, and {LONGEST_FILE} are the most"
    for line, module in imports_of(ast.parse(source), (package.name, *parts)):
        if module.partition(".")[0] == "torch" and room in WITHOUT_TORCH:
            yield f"{line}: {room} is read without torch"
        if module.partition(".")[0] != package.name:
            continue
        imported = room_of(module, package)
        if imported not in LINE:
            yield f"{line}: {module!r} is none of the rooms in the design"
        elif imported != room and LINE[imported] >= LINE[room]:
            yield f"{line}: {room} imports {imported}, which stands on no line above"


def imports_of(tree: ast.Module, importer: tuple[str, ...]) -> Iterator[tuple[int, str]]:
    """Each import at any depth, as line and absolute dotted name, names taken from it included."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from ((node.lineno, alias.name) for alias in names)
            case ast.ImportFrom(module=module, names=names, level=level):
                start = importer[: len(importer) - level] if level else ()
                base = ".".join([*start, *filter(None, [module])])
                yield from ((node.lineno, f"{base}.{alias.name}") for alias in names)
            case ast.Call(
                func=ast.Attribute(attr="import_module")
                | ast.Name(id="import_module" | "__import__"),
                args=[first, *_],
            ):
                yield node.lineno, beginning_of(first)


def beginning_of(text: ast.expr) -> str:
    """As much of a module's name as stands in the source: of an f-string what it begins with."""
    match text:
        case ast.Constant(value=str(name)):
            return name
        case ast.JoinedStr(values=[ast.Constant(value=str(name)), *_]):
            return name.rstrip(".")
    return ""


def room_named(inside: str) -> str | None:
    """The room of a dotted name inside the package: the longest that is listed."""
    parts = inside.split(".")
    names = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((name for name in names if name in LINE), None)


def room_of(module: str, package: Path) -> str:
    """The room of an absolute name: names of the package itself belong to its __init__."""
    _, _, inside = module.partition(".")
    first = inside.partition(".")[0]
    is_module = (package / first).is_dir() or (package / f"{first}.py").is_file()
    return (room_named(inside) or first) if first and is_module else "__init__"


def circles(package: Path) -> list[set[str]]:
    """Files of the package that import each other, directly or on a way around."""
    files = {}
    for path in package.rglob("*.py"):
        parts = (package.name, *path.relative_to(package).with_suffix("").parts)
        files[".".join(parts).removesuffix(".__init__")] = (path, parts)
    imports = {
        name: {
            of
            for _, one in imports_of(ast.parse(path.read_text(encoding="utf-8")), parts)
            if (of := file_of(one, files)) is not None
        }
        - {name}
        for name, (path, parts) in files.items()
    }
    reached = {name: {*others} for name, others in imports.items()}
    grown = True
    while grown:
        grown = False
        for others in reached.values():
            more = set().union(*(reached[other] for other in others)) - others
            grown = grown or bool(more)
            others.update(more)
    found = [{o for o in others if name in reached[o]} for name, others in reached.items()]
    return [one for place, one in enumerate(found) if one and one not in found[:place]]


def file_of(name: str, files: Collection[str]) -> str | None:
    """The file that an absolute name is in: itself, or the module that it was taken from."""
    parts = name.split(".")
    names = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((one for one in names if one in files), None)


# The package


def test_no_files_import_each_other() -> None:
    assert circles(PACKAGE) == []


def test_every_import_goes_one_way() -> None:
    found = violations(PACKAGE)
    assert not found, "\n".join(found)


def test_the_walk_sees_the_imports_that_are_there() -> None:
    path = PACKAGE / "model" / "transformer.py"
    seen = {
        module
        for _, module in imports_of(
            ast.parse(path.read_text(encoding="utf-8")), ("glassformer", "model", "transformer")
        )
    }
    assert {
        "torch",
        "glassformer.config.ModelConfig",
        "glassformer.model.cache.DecoderCache",
    } <= seen


# The walk itself


def made_up(folder: Path, files: dict[str, str]) -> Path:
    """A package of these files, among empty rooms."""
    package = folder / "glassformer"
    rooms = {room: "" for room in LINE if room not in {"__init__", "__main__"}}
    for room in rooms:
        (package / room).mkdir(parents=True)
        (package / room / "__init__.py").touch()
    (package / "__init__.py").touch()
    for name, source in files.items():
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).write_text(textwrap.dedent(source), encoding="utf-8")
    return package


UPWARDS = "model imports library, which stands on no line above"
VIOLATIONS = {
    "a room below": ("import glassformer.library", UPWARDS),
    "a name from a room below": ("from glassformer.library import load", UPWARDS),
    "a room as a name": ("from glassformer import library", UPWARDS),
    "one of several": ("import math, glassformer.errors, glassformer.library", UPWARDS),
    "under another name": ("import glassformer.library as config", UPWARDS),
    "a room on the same line": (
        "from glassformer.text.tokenizer import Tokenizer",
        "model imports text, which stands on no line above",
    ),
    "inside a function": ("def f():\n    from glassformer.library import load", UPWARDS),
    "inside a method": ("class C:\n    def f(self):\n        import glassformer.library", UPWARDS),
    "for type checkers only": (
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import glassformer.library",
        UPWARDS,
    ),
    "in a try": ("try:\n    import glassformer.library\nexcept ImportError:\n    pass", UPWARDS),
    "relative to the package": ("from .. import library", UPWARDS),
    "relative, from a room below": ("from ..library import load", UPWARDS),
    "by function": ("import importlib\nimportlib.import_module('glassformer.library')", UPWARDS),
    "by function and part of a name": (
        "from importlib import import_module\nimport_module(f'glassformer.library.{1}')",
        UPWARDS,
    ),
    "by built-in": ("__import__('glassformer.library')", UPWARDS),
    "the package itself": (
        "import glassformer",
        "model imports __init__, which stands on no line above",
    ),
    "a public name of the package": (
        "from glassformer import load",
        "model imports __init__, which stands on no line above",
    ),
}


@pytest.mark.parametrize(("source", "problem"), VIOLATIONS.values(), ids=VIOLATIONS)
def test_the_walk_finds(tmp_path: Path, source: str, problem: str) -> None:
    package = made_up(tmp_path, {"model/attention.py": source})
    assert [found.partition(": ")[2] for found in violations(package)] == [problem]


ALLOWED = {
    "rooms above": ("library/x.py", "from glassformer.model.cache import DecoderCache"),
    "the lines above, all of them": (
        "cli/x.py",
        "\n".join(f"import glassformer.{room}" for room in LINE if not room.startswith("__")),
    ),
    "the same room": ("model/x.py", "from glassformer.model.attention import MultiHeadAttention"),
    "the same room, relative": ("model/x.py", "from . import attention\nfrom .cache import Cache"),
    "above, relative": ("model/x.py", "from ..config import StackConfig\nfrom .. import errors"),
    "in a folder of a room": ("model/deep/x.py", "from ...config import X\nfrom ..cache import Y"),
    "the folder's own file": ("model/__init__.py", "from .cache import X\nfrom ..config import Y"),
    "the version": ("cli/x.py", "from glassformer.version import __version__"),
    "other packages": (
        "model/x.py",
        "import torch\nfrom torch import library\nimport glassformers",
    ),
    "everything, at the top": ("__init__.py", "from glassformer.library import load"),
    "everything, as a program": ("__main__.py", "from glassformer.cli import main"),
}


@pytest.mark.parametrize(("path", "source"), ALLOWED.values(), ids=ALLOWED)
def test_the_walk_lets_pass(tmp_path: Path, path: str, source: str) -> None:
    assert violations(made_up(tmp_path, {path: source})) == []


@pytest.mark.parametrize("room", sorted(WITHOUT_TORCH))
@pytest.mark.parametrize(
    "source", ["import torch", "from torch import nn", "def f():\n    import torch.nn"]
)
def test_the_walk_finds_torch_where_it_does_not_belong(
    tmp_path: Path, room: str, source: str
) -> None:
    found = violations(made_up(tmp_path, {f"{room}/x.py": source}))
    assert [problem.partition(": ")[2] for problem in found] == [f"{room} is read without torch"]


@pytest.mark.parametrize("name", ["model/utils.py", "model/helpers/x.py", "drawing/common.css"])
def test_the_walk_finds_places_for_anything(tmp_path: Path, name: str) -> None:
    (found,) = violations(made_up(tmp_path, {name: ""}))
    assert found.endswith(": a function lives with what it is about")


def test_the_walk_finds_rooms_that_are_not_in_the_design(tmp_path: Path) -> None:
    (found,) = violations(made_up(tmp_path, {"extras.py": ""}))
    assert found == "glassformer/extras.py:1: 'extras' is none of the rooms in the design"


def test_the_walk_finds_a_file_that_is_too_long(tmp_path: Path) -> None:
    files = {"model/long.py": "x = 1\n" * 401, "model/longest.py": "x = 1\n" * 400}
    assert violations(made_up(tmp_path, files)) == [
        "glassformer/model/long.py:1: 401 lines, and 400 are the most"
    ]


def test_a_violation_is_reported_with_its_line(tmp_path: Path) -> None:
    source = "import math\n\n\ndef f():\n    import glassformer.cli\n"
    package = made_up(tmp_path, {"text/words.py": source})
    assert violations(package) == [
        "glassformer/text/words.py:5: text imports cli, which stands on no line above"
    ]


def test_the_walk_finds_circles(tmp_path: Path) -> None:
    files = {
        "model/a.py": "from glassformer.model.b import B",
        "model/b.py": "def f():\n    from .c import C",
        "model/c.py": "import glassformer.model.a\nfrom glassformer.model import d",
        "model/d.py": "import math",
    }
    expected = {f"glassformer.model.{name}" for name in "abc"}
    assert circles(made_up(tmp_path, files)) == [expected]
