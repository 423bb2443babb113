"""The tree of errors that the documentation shows is the tree there is."""

import inspect
import pickle
import re

import pytest
from narrowing import present

from glassformer import errors

CLASSES = {
    name: kind
    for name, kind in vars(errors).items()
    if inspect.isclass(kind)
    and kind.__module__ == errors.__name__
    and issubclass(kind, errors.GlassformerError)
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
        name: None if kind is errors.GlassformerError else present(kind.__base__).__name__
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


def test_a_message_has_fields_and_each_surface_spells_its_settings() -> None:
    error = errors.UsageError(
        "{name} has no {head}: give {both}, not {given!r}",
        name="encoder {x}",
        head=errors.Setting("head", 7),
        both=(errors.Setting("layer", "L"), errors.Setting("head", "H"), errors.Setting("heads")),
        given="{y}",
    )
    assert str(error) == "encoder {x} has no head=7: give layer=L, head=H, heads=, not '{y}'"

    def shell(setting: errors.Setting) -> str:
        return f"--{setting.name} {setting.value or ''}".rstrip()

    assert error.render(shell) == (
        "encoder {x} has no --head 7: give --layer L, --head H, --heads, not '{y}'"
    )
    assert error.message.to_json() == {
        "id": "{name} has no {head}: give {both}, not {given!r}",
        "fields": {
            "name": "encoder {x}",
            "head": "head=7",
            "both": ["layer=L", "head=H", "heads="],
            "given": "{y}",
        },
        "text": str(error),
    }


def test_a_message_without_fields_stands_as_it_is() -> None:
    assert str(errors.InputError("no {field} and no {} here")) == "no {field} and no {} here"


def test_an_error_says_where_it_happened() -> None:
    error = errors.InputError("longer than {limit}", limit=errors.Setting("truncate", True))
    place = error.at("a {b}.txt, line 3")
    assert type(place) is errors.InputError
    assert str(place) == "a {b}.txt, line 3: longer than truncate=True"
    assert place.render(lambda setting: f"--{setting.name}") == (
        "a {b}.txt, line 3: longer than --truncate"
    )


def test_what_is_the_only_one_needs_no_place() -> None:
    error = errors.InputError("longer than {limit}", limit=3)
    assert str(error.at("text 1").without_place()) == "longer than 3"
    assert error.without_place() is error


def test_errors_pass_between_processes() -> None:
    error = errors.UsageError("{head} is missing", head=errors.Setting("head"))
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again)) == (errors.UsageError, "head= is missing")
