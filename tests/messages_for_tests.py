"""Every place in the source below `cli` where an error or a message is made."""

import ast
import functools
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from glassformer import errors
from glassformer.messages import Caution, Message, Note

PACKAGE = Path(__file__).parents[1] / "src" / "glassformer"
ERRORS = {
    name
    for name, kind in vars(errors).items()
    if isinstance(kind, type) and issubclass(kind, errors.GlassformerError)
}
MESSAGES = {Message.__name__, Note.__name__, Caution.__name__}

MACHINERY = {"messages.py", "errors.py", "catalogue/__init__.py"}


class Site(NamedTuple):
    """A call that makes an error or a message: where, its sentence, and the names of its fields."""

    place: str
    sentence: str | None
    fields: frozenset[str] | None


def sources() -> Iterator[tuple[str, ast.Module]]:
    """Every file below `cli`, by its path in the package."""
    for path in sorted(PACKAGE.rglob("*.py")):
        name = path.relative_to(PACKAGE).as_posix()
        if name.partition("/")[0] != "cli":
            yield name, ast.parse(path.read_text(encoding="utf-8"))


def sites_of(name: str, tree: ast.Module) -> Iterator[Site]:
    """Every call in a file that makes an error of ours or a message."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        kind = called(node)
        place = f"{name}:{node.lineno}"
        if kind in ERRORS or kind == "type(…)":
            sentence = constant(node.args[0]) if len(node.args) == 1 else None
            keywords = [keyword.arg for keyword in node.keywords]
            named = None if None in keywords else frozenset(filter(None, keywords))
            yield Site(place, sentence, named)
        elif kind in MESSAGES:
            sentence = constant(node.args[0]) if node.args and not node.keywords else None
            yield Site(place, sentence, keys_of(node.args[1:]))


def called(node: ast.Call) -> str:
    """The name of what is called; an error made of another's type counts as one."""
    match node.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Call(func=ast.Name(id="type")):
            return "type(…)"
    return ""


def constant(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def keys_of(arguments: list[ast.expr]) -> frozenset[str] | None:
    """The keys of the dictionary that a message takes as its fields."""
    match arguments:
        case []:
            return frozenset()
        case [ast.Dict(keys=keys)]:
            names = [None if key is None else constant(key) for key in keys]
            return None if None in names else frozenset(filter(None, names))
    return None


@functools.cache
def known_sites() -> tuple[Site, ...]:
    return tuple(s for name, t in sources() if name not in MACHINERY for s in sites_of(name, t))
