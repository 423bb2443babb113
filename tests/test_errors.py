"""The tree of errors that the documentation shows is the tree there is."""

import inspect
import re

import pytest

from glassformer import errors

CLASSES = {
    name: kind
    for name, kind in vars(errors).items()
    if inspect.isclass(kind) and kind.__module__ == errors.__name__
}


def drawn_tree(text: str) -> dict[str, str | None]:
    """Each name in a tree of box characters, with the name that it hangs on."""
    parents: dict[str, str | None] = {}
    path: list[str] = []
    for branch, name in re.findall(r"^([│├└─ ]*)(\w+Error)\b", text, flags=re.MULTILINE):
        depth = len(branch) // 4
        parents[name] = path[depth - 1] if depth else None
        path[depth:] = [name]
    return parents


def test_the_tree_in_the_docstring_is_the_tree_of_classes() -> None:
    classes = {
        name: None if kind is errors.GlassformerError else kind.__base__.__name__
        for name, kind in CLASSES.items()
    }
    assert drawn_tree(errors.__doc__) == classes


def test_a_drawn_tree_is_read_by_its_branches() -> None:
    drawn = """
AError
├── BError   words, CError is not a branch here
│   ├── DError
│   │   └── EError  words
│   └── FError
└── GError
"""
    assert drawn_tree(drawn) == {
        "AError": None,
        "BError": "AError",
        "DError": "BError",
        "EError": "DError",
        "FError": "BError",
        "GError": "AError",
    }


@pytest.mark.parametrize("name", CLASSES)
def test_exit_codes(name: str) -> None:
    # 2 says that the command was used wrongly, 1 that the input or the run failed.
    assert CLASSES[name].exit_code == (2 if name == "UsageError" else 1)


@pytest.mark.parametrize("kind", CLASSES.values(), ids=CLASSES)
def test_every_error_is_explained_and_caught_as_one(kind: type[Exception]) -> None:
    assert kind.__doc__
    with pytest.raises(errors.GlassformerError, match="what was given"):
        raise kind("what was given")
