"""The page's ES modules as one script, so that a file works from disk and in any frame.

A module becomes a function that gives its exports; modules come in the order of their imports. What
is imported and exported has to be written in the one way that is understood here, or an error says
so. Browsers run the modules as they are, too.
"""

import functools
import json
import re
from importlib import resources

ENTRY = "page.js"
_IMPORT = re.compile(r'^import \{([^{}]*)\} from "\./([a-z_]+\.js)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export ((?:async )?function\*? |const |class )(\w+)", re.MULTILINE)
_COMMENT = re.compile(r"^[ \t]*/\*\*(?:(?!\*/).)*\*/[ \t]*\n", re.MULTILINE | re.DOTALL)
"""A comment that has its lines for itself."""


class BundleError(Exception):
    """A module is written in a way that a bundle cannot be made of."""


@functools.cache
def style() -> str:
    """The style of the page: page.css, on which the others build."""
    folder = resources.files("glassformer.drawing") / "assets"
    others = sorted(one.name for one in folder.iterdir() if one.name.endswith(".css"))
    others.remove("page.css")
    return "".join(_read(name) for name in ("page.css", *others))


@functools.cache
def script() -> str:
    """All modules as one script; it touches no global name."""
    order: list[str] = []
    _visit(ENTRY, order, ())
    return "".join(_wrapped(name) for name in order)


def modules() -> dict[str, str]:
    """The source of every module, by name."""
    folder = resources.files("glassformer.drawing") / "assets"
    names = sorted(one.name for one in folder.iterdir() if one.name.endswith(".js"))
    return {name: _read(name) for name in names}


def _visit(name: str, order: list[str], above: tuple[str, ...]) -> None:
    if name in above:
        raise BundleError(f"modules import each other in a circle: {' → '.join((*above, name))}")
    if name in order:
        return
    for _, other in _IMPORT.findall(_read(name)):
        _visit(other, order, (*above, name))
    order.append(name)


def _wrapped(name: str) -> str:
    source = _read(name)
    exports = [found[1] for found in _EXPORT.findall(source)]
    body = _EXPORT.sub(r"\1\2", _IMPORT.sub(_destructured, source))
    body = _COMMENT.sub("", body)  # a third of the text, which readers find in the modules
    left = re.search(r"^(?:import|export)\b.*", body, re.MULTILINE)
    if left:
        raise BundleError(
            f'{name}: expected import {{ a, b }} from "./c.js" and export before a function, '
            f"const or class, but found {left[0]!r}"
        )
    variable = _variable(name)
    return (
        f"const {variable} = (() => {{\n{body}\nreturn {{ {', '.join(exports)} }};\n}})();\n"
        if exports
        else f"(() => {{\n{body}\n}})();\n"
    )


def _destructured(found: re.Match[str]) -> str:
    names, other = found.groups()
    return f"const {{{names}}} = {_variable(other)};\n"


def _variable(name: str) -> str:
    return f"module_{name.removesuffix('.js')}"


@functools.cache
def _read(name: str) -> str:
    return (resources.files("glassformer.drawing") / "assets" / name).read_text(encoding="utf-8")


def as_json(value: object) -> str:
    """JSON for a script element: no character in it can end the element or start a comment."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
