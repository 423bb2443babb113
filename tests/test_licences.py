"""Nothing that this package asks for is under GPL, LGPL or AGPL: core, extras, and what they need.

Read from what the installed packages say of themselves, so that a new dependency is judged too.
"""

import re
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PYPROJECT = Path(__file__).parents[1] / "pyproject.toml"
FORBIDDEN = re.compile(r"\b(A|L)?GPL|(Affero|Lesser|Library)? ?General Public Licen[sc]e", re.I)

SAID_ELSEWHERE = {
    "marisa-trie": "MIT AND BSD-2-Clause",  # "BSD-2-Clause OR LGPL-2.1-or-later": the first
    "resvg-py": "MIT",  # nothing in its metadata; the LICENSE file in its wheel
}
"""Packages whose metadata names no licence, or several of which one may be chosen; with where."""


def required() -> list[Requirement]:
    """What pyproject.toml asks for, for the core and for any extra."""
    project = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    return [Requirement(line) for lines in (project["dependencies"], *extras) for line in lines]


def installed(requirements: list[Requirement]) -> dict[str, metadata.Distribution]:
    """Those of them that are installed, and all that they need in turn."""
    found: dict[str, metadata.Distribution] = {}
    seen: set[tuple[str, str]] = set()
    waiting = [(one, extra) for one in requirements for extra in ("", *one.extras)]
    while waiting:
        one, extra = waiting.pop()
        name = canonicalize_name(one.name)
        if name == "glassformer" or (name, extra) in seen:
            continue
        seen.add((name, extra))
        try:
            found[name] = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue
        for other in map(Requirement, found[name].requires or ()):
            if other.marker is None or other.marker.evaluate({"extra": extra}):
                waiting += [(other, more) for more in ("", *other.extras)]
    return found


def licence(package: metadata.Distribution) -> str:
    """What it says of its licence: an expression, or else classifiers and a short name."""
    said = package.metadata
    if "License-Expression" in said:
        return said["License-Expression"]
    names = [x.rpartition(" :: ")[2] for x in said.get_all("Classifier") or () if "License ::" in x]
    # Where a whole licence was pasted, a mention of the GPL is no grant under it.
    names += [name for name in said.get_all("License") or () if 0 < len(name) < 100]
    return ", ".join(names)


PACKAGES = installed(required())


@pytest.mark.parametrize("name", sorted(PACKAGES))
def test_a_dependency_is_under_a_licence_that_all_can_live_with(name: str) -> None:
    said = SAID_ELSEWHERE.get(name) or licence(PACKAGES[name])
    assert said, f"{name} does not say its licence: look for it, and enter it above"
    assert not FORBIDDEN.search(said), f"{name}: {said}"


def test_the_walk_finds_what_is_needed_by_what_is_needed() -> None:
    assert {"torch", "sympy", "mpmath", "pytest", "pluggy"} <= {*PACKAGES}


@pytest.mark.parametrize(
    ("said", "forbidden"),
    [
        ("MIT", False),
        ("GPL-3.0-or-later", True),
        ("MIT AND LGPL-2.1-only", True),
        ("GNU Affero General Public License v3", True),
        ("GNU Lesser General Public License v2 or later (LGPLv2+)", True),
        ("Mozilla Public License 2.0 (MPL 2.0)", False),
    ],
)
def test_the_licences_are_told_apart(said: str, forbidden: bool) -> None:
    assert bool(FORBIDDEN.search(said)) == forbidden
