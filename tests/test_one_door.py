"""Every answer comes from the library: a command parses, calls one public function, and writes.

What an option says, a parameter says too, with the same default and the same choices. Where the
two differ, the tables below say why.
"""

import ast
import dataclasses
import importlib
import inspect
import os
import textwrap
import types
import typing
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

import click
import pytest

import glassformer
from glassformer.cli import VERBS
from glassformer.cli.trace_lines import OF_FILES
from glassformer.decoding.settings import SearchConfig
from glassformer.requests.inspection import InspectRequest

PACKAGE = Path(glassformer.__file__).parent

CALLS = {
    "inspect": ["report", "page", "trace_file"],
    "tour": [],  # that of inspect or of serve, with a few of its settings
    "encode": ["encode_file"],
    "train": ["train"],
    "average": ["average"],
    "translate": ["translate_file"],
    "evaluate": ["evaluate"],
    "score": ["score_file"],
    "models": ["models"],
    "serve": ["serve"],
}
"""The public functions that a command is one call of, each on a path of its own."""

IN_FILES = {
    "inspect": ["page", "report"],
    "trace_lines": ["trace_file"],
    "tour": ["page", "serve"],
}
"""The functions called in the files of a command that has more than one."""

OF_ALL = {"load": "every function with `model=` loads it so; its settings are among theirs"}
"""Public functions that belong to no single command."""

SAID_OTHERWISE = {
    ("inspect", "words_of_sentence"): ["text"],
    ("inspect", "among_words"): ["unit"],  # --words, --tokens
    ("inspect", "at"): ["at"],  # 1,7,2
    ("inspect", "compare_head"): ["compare_head"],  # 4,1
    ("encode", "file"): ["source"],
    ("encode", "texts"): ["source"],  # --text
    ("translate", "file"): ["source"],
    ("translate", "texts"): ["source"],
    ("evaluate", "files"): ["source", "references"],
    ("score", "files"): ["source", "targets"],
    ("train", "config_path"): ["settings"],
    ("train", "assignments"): ["settings"],  # --set
    ("train", "pairs"): ["pairs"],  # TAG=FILE
    ("train", "dev"): ["dev"],
}
"""What the shell can say in its own way only, and the parameters that hear it."""

OF_THE_SHELL = {
    "quiet": "what to say to a person: in Python it stands in `notes`",
    "language": "of the texts for people: `Report.text(language=…)`, `.svg(language=…)`",
    "train.list_settings": "`config.training.settings_of`",
    "report.theme": "`Report.svg(theme=…)`, `.png(theme=…)`",
    "report.font_size": "`Report.svg(font_size=…)`, `.png(font_size=…)`, `.pdf(font_size=…)`",
    "report.width": "`Report.svg(width=…)` and its like",
    "report.palette": "`Report.svg(palette=…)` and its like",
    "report.caption": "`Report.svg(caption=…)` and its like",
    "report.format": "`Report.text()`, `.to_json()`, `.svg()`, `.png()`, `.pdf()`",
    "report.output": "what these give is written by whoever called",
    "report.force": "the same",
    "report.save_trace": "`Report.save_trace(path)`",
    "report.with_weights": "a page's: `page(with_weights=True)`",
    "page.font_size": "a picture's",
    "page.width": "a picture's",
    "page.palette": "a picture's",
    "page.caption": "a picture's",
    "page.format": "`page()` gives html",
    "page.output": "`Page.save(path)`",
    "page.force": "`Page.save(path, force=…)`",
    "page.save_trace": "`Report.save_trace(path)`",
    "evaluate.format": "`Evaluation.to_json()`",
    "models.format": "`KnownModel.to_json()`",
}
"""Options without a parameter: what a command does with the answer."""

OF_PYTHON = {
    "progress": "the bar that a command draws",
    "page.language": "of the page: the language that the command speaks",
    "train.listener": "the same, of a training",
    "train.language": "of the card: the language that the command speaks",
    "score_file.write": "stdout",
    "serve.ready": "the address, which a command says on stderr",
}
"""Parameters without an option."""

MAY_SPEAK = {
    "drawing/progress.py": "draws the bar that is asked for, on stderr",
    "drawing/svg/__main__.py": "a demonstration, started by hand",
    "drawing/terminal/__main__.py": "the same",
    "training/worker.py": "a process of its own: says why it failed to the one that started it",
}
"""Files below `cli` that write to stdout or stderr."""

PAIRS = [(verb, name) for verb, names in CALLS.items() for name in names]
both = pytest.mark.parametrize(("verb", "name"), PAIRS)


def command(verb: str) -> click.Command:
    found = importlib.import_module(f"glassformer.cli.{verb}").command
    assert isinstance(found, click.Command)
    return found


def options_of(verb: str, name: str) -> dict[str, click.Parameter]:
    """What a command takes on the way to this function, without what belongs to the shell."""
    found = {one.name or "": one for one in command(verb).params}
    if name == "trace_file":
        taken = {"words_of_sentence", "names", "output", "force", *OF_FILES}
        found = {option: one for option, one in found.items() if option in taken}
    elif name in ("report", "page"):
        del found["names"]  # which leads to the other function
    return {
        option: one
        for option, one in found.items()
        if option not in OF_THE_SHELL and f"{name}.{option}" not in OF_THE_SHELL
    }


def heard_by(verb: str, name: str, option: str) -> list[str]:
    """The parameters that an option fills."""
    if (name, option) == ("trace_file", "words_of_sentence"):
        return ["source"]
    return SAID_OTHERWISE.get((verb, option), [option])


@dataclasses.dataclass(frozen=True)
class Parameter:
    """Of a function: its type, and its default, None where it has none."""

    hint: Any
    default: Any = None


def parameters_of(name: str) -> dict[str, Parameter]:
    """All that a public function takes, keywords behind `**options` included."""
    function = getattr(glassformer, name)
    hints = typing.get_type_hints(function)
    found: dict[str, Parameter] = {}
    for one in inspect.signature(function).parameters.values():
        if one.kind == inspect.Parameter.VAR_KEYWORD:
            options = keywords_behind(function)
            found |= {
                key: Parameter(hint, DEFAULTS.get(key))
                for key, hint in typing.get_type_hints(options).items()
            }
        else:
            default = None if one.default is inspect.Parameter.empty else one.default
            found[one.name] = Parameter(hints[one.name], default)
    return {
        key: value
        for key, value in found.items()
        if key not in OF_PYTHON and f"{name}.{key}" not in OF_PYTHON
    }


def keywords_behind(function: Callable[..., object]) -> Any:
    """The TypedDict of `**options: Unpack[…]`, which beartype has no use for and takes away."""
    (definition,) = ast.parse(textwrap.dedent(inspect.getsource(function))).body
    assert isinstance(definition, ast.FunctionDef)
    assert definition.args.kwarg is not None
    match definition.args.kwarg.annotation:
        case ast.Subscript(value=ast.Name(id="Unpack"), slice=ast.Name(id=kind)):
            return getattr(importlib.import_module(function.__module__), kind)
    raise AssertionError(f"{function.__qualname__} takes any options")


def defaults() -> dict[str, Any]:
    """Of the keywords that functions hand on: those of `load`, of the search, of the request."""
    found = {
        key: one.default for key, one in inspect.signature(glassformer.load).parameters.items()
    }
    for kind in (SearchConfig, InspectRequest):
        found |= {one.name: one.default for one in dataclasses.fields(kind)}
    return found


DEFAULTS = defaults()


def leaves(hint: Any) -> Iterator[Any]:
    """The types and literal values that a hint is made of."""
    if typing.get_origin(hint) is Literal:
        yield from (value for value in typing.get_args(hint) if value is not None)
    elif typing.get_origin(hint) is os.PathLike:
        yield Path
    elif arguments := typing.get_args(hint):
        for one in arguments:
            yield from leaves(one)
    elif hint not in (types.NoneType, Ellipsis):
        yield hint


def accepted_by(option: click.Parameter) -> set[Any]:
    """The same of an option."""
    if isinstance(said := getattr(option, "flag_value", None), str):
        return {said}  # what the flag stands for
    match option.type:
        case click.Choice(choices=choices):
            return {*choices}
        case click.Path():
            return {str, Path}
    kinds = {"integer": int, "float": float, "boolean": bool, "text": str}
    return {kinds[option.type.name.split()[0]]}


def test_every_public_function_is_that_of_a_command() -> None:
    public = {
        name for name in glassformer.__all__ if inspect.isfunction(getattr(glassformer, name))
    }
    assert public == {name for _, name in PAIRS} | {*OF_ALL}
    assert list(CALLS) == list(VERBS)


@both
def test_options_are_the_parameters(verb: str, name: str) -> None:
    options = options_of(verb, name)
    heard = {one for option in options for one in heard_by(verb, name, option)}
    assert heard == set(parameters_of(name))


@both
def test_they_have_the_same_defaults(verb: str, name: str) -> None:
    parameters = parameters_of(name)
    for option, one in options_of(verb, name).items():
        default = one.get_default(click.Context(command(verb)))
        if default in (True, False) or isinstance(default, int | float | str):
            (heard,) = heard_by(verb, name, option)
            if heard == "unit":
                default = "words" if default else "tokens"
            assert parameters[heard].default == default, option
        elif option in parameters:  # what is not given is not passed on
            assert parameters[option].default in (None, (), DEFAULTS.get(option)), option


@both
def test_they_take_the_same_values(verb: str, name: str) -> None:
    parameters = parameters_of(name)
    for option, one in options_of(verb, name).items():
        if (verb, option) in SAID_OTHERWISE:
            continue
        hint = parameters[option].hint
        taken = accepted_by(one)
        assert taken <= {*leaves(hint)}, option
        if isinstance(one.type, click.Choice):
            assert taken == {*leaves(hint)}, option
        several = any(origin_of(part) is not None for part in alternatives(hint))
        assert several == getattr(one, "multiple", False), option


def alternatives(hint: Any) -> tuple[Any, ...]:
    """The types of a union, or the one."""
    is_union = typing.get_origin(hint) in (typing.Union, types.UnionType)
    return typing.get_args(hint) if is_union else (hint,)


def origin_of(hint: Any) -> Any:
    """What kind of several a hint is, None of a single value."""
    origin = typing.get_origin(hint)
    return None if origin in (Literal, os.PathLike) else origin


def test_every_reason_is_needed() -> None:
    """Nothing stands in a table that is not there any more."""
    for verb, option in SAID_OTHERWISE:
        assert option in {one.name for one in command(verb).params}
    options = {f"{name}.{one.name}" for verb, name in PAIRS for one in command(verb).params}
    parameters = {
        f"{name}.{one}"
        for _, name in PAIRS
        for one in inspect.signature(getattr(glassformer, name)).parameters
    }
    for table, known in ((OF_THE_SHELL, options), (OF_PYTHON, parameters)):
        for key in table:
            assert key in known or any(one.endswith(f".{key}") for one in known), key


def test_no_public_function_takes_any_options() -> None:
    for name in glassformer.__all__:
        value = getattr(glassformer, name)
        functions = [value] if inspect.isfunction(value) else []
        if name == "Glassformer":
            functions = [one for key, one in vars(value).items() if inspect.isfunction(one)]
        for function in functions:
            kinds = {one.kind for one in inspect.signature(function).parameters.values()}
            if inspect.Parameter.VAR_KEYWORD in kinds:
                assert typing.is_typeddict(keywords_behind(function))


@pytest.mark.parametrize("path", sorted((PACKAGE / "cli").glob("*.py")), ids=lambda path: path.stem)
def test_a_command_calls_its_functions_once_each_and_no_others(path: Path) -> None:
    called = Counter(
        node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
    )
    public = {*OF_ALL, *(name for _, name in PAIRS)}
    expected = dict.fromkeys(IN_FILES.get(path.stem, CALLS.get(path.stem, [])), 1)
    assert {name: count for name, count in called.items() if name in public} == expected


def speaks(tree: ast.AST) -> Iterator[int]:
    """Lines that write to stdout or stderr, or draw on the screen."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id="print")):
                yield node.lineno
            case ast.Attribute(value=ast.Name(id="sys"), attr="stdout" | "stderr"):
                yield node.lineno
            case ast.Name(id="click"):
                yield node.lineno
            case ast.Call(func=ast.Name(id="Console"), keywords=keywords):
                if "file" not in {one.arg for one in keywords}:  # else rich writes to stdout
                    yield node.lineno


def test_nothing_below_the_command_line_prints() -> None:
    speaking = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if [*speaks(ast.parse(path.read_text(encoding="utf-8")))]
    }
    below = {path for path in speaking if not path.startswith("cli/")}
    assert below == {*MAY_SPEAK}
    assert "cli/options.py" in speaking  # the test sees what it looks for
