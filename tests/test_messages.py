"""What is said to a person, at every place in the source where something is said.

Below `cli` a message is a constant sentence with fields, and names no option: a setting is a
`Setting`, which each surface spells its own way.
"""

import ast
import dataclasses
import functools
import importlib
import json
import pickle
import re
import shlex
import string
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st
from messages_for_tests import MACHINERY, Site, called, constant, known_sites, sites_of, sources

from glassformer import errors
from glassformer.cli import VERBS
from glassformer.cli.spelling import in_shell
from glassformer.config.training import TrainingConfig, settings_of
from glassformer.messages import Caution, Message, OneOf, Setting, in_python
from glassformer.requests.inspection import InspectRequest

SPEAKS_OF_COMMANDS = {
    "catalogue/chinese/commands.py",
    "catalogue/chinese/help.py",
    "catalogue/chinese/help_of_inspect.py",
    "catalogue/chinese/serving.py",
    "cli",
    "training/reporting/card.py",
}
"""What a shell is quoted in: the command line itself, and the card, which is a page of text."""

REQUESTED = tuple(one.name for one in dataclasses.fields(InspectRequest))

NAMED_IN_LOOPS = {
    "decoding/batches.py": ("to", "prefix", "batch_tokens", "batch_size", "read_ahead"),
    "decoding/settings.py": ("beam_size", "n_best", "max_length", "no_repeat_ngram", "top_k"),
    "drawing/paper.py": ("font_size", "width"),
    "drawing/picture.py": ("font_size", "width", "palette", "caption"),
    "inspection/report.py": ("explain", "contrast", "history"),
    "library/reporting.py": ("at_step", "animate"),
    "requests/choosing.py": ("layer", "head", "beam_size"),
    "requests/inspection.py": REQUESTED,
    "requests/reading.py": REQUESTED,
    "server/limits.py": ("max_body", "max_characters", "max_concurrency", "time_limit"),
    "server/reading.py": ("beam_size", "n_best", *REQUESTED),
    "server/routes/traces.py": ("head", "word", "min_weight"),
    "server/requested.py": ("text", "to", "prefix", "source", "target"),
    "text/columns.py": ("target", "reference"),
    "training/reporting/record.py": ("watch", "encoder_from", "model_from", "device"),
}
"""Files in which the name of a setting is a variable, and the names that it takes."""

NOT_IN_THE_SHELL = {
    "--set section.name=VALUE": "stands for any setting of a training",
    "--name": "of a block of a page's numbers, which only the server gives",
}
"""Settings named in messages that no command takes as they are spelled, each with the reason."""


def problems_of(site: Site) -> Iterator[str]:
    if site.sentence is None:
        yield "the sentence is put together at run time: give it fields"
        return
    if re.search(r"(^|[\s(])--\w", site.sentence):
        yield f"an option is named: {site.sentence!r}"
    if site.fields is None:
        yield "the fields cannot be read off"
    elif site.fields != (asked := fields_in(site.sentence)):
        yield f"the sentence has the fields {sorted(asked)}, given are {sorted(site.fields)}"


def fields_in(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


def made_up(source: str) -> list[str]:
    return [
        problem for site in sites_of("x.py", ast.parse(source)) for problem in problems_of(site)
    ]


@functools.cache
def parameters() -> tuple[click.Parameter, ...]:
    """What all commands take."""
    commands = [importlib.import_module(f"glassformer.cli.{verb}").command for verb in VERBS]
    return tuple(parameter for command in commands for parameter in command.params)


@functools.cache
def options() -> frozenset[str]:
    return frozenset(o for p in parameters() for o in (*p.opts, *p.secondary_opts) if o[0] == "-")


# The source


def test_every_message_is_a_constant_sentence_with_its_fields_and_names_no_option() -> None:
    found = [f"{site.place}: {p}" for site in known_sites() for p in problems_of(site)]
    assert not found, "\n".join(found)


def test_the_walk_sees_the_sites_that_are_there() -> None:
    seen = {site.place.partition("/")[0] for site in known_sites()}
    assert {"config", "decoding", "encoding", "inspection", "pretrained", "text", "tracing"} <= seen
    assert "{heads} and {head} exclude each other" in {site.sentence for site in known_sites()}


@pytest.mark.parametrize(
    "source",
    [
        'raise UsageError(f"no head {head}")',
        'raise UsageError("no head " + head)',
        'raise errors.UsageError("no head {}".format(head))',
        "raise UsageError(text)",
        'raise UsageError("give --head", head=1)',
        'raise UsageError("show those too (--special)")',
        'raise UsageError("no head {head}")',
        'raise UsageError("no head {head}", head=1, layer=2)',
        'raise UsageError("no head {head}", **fields)',
        'raise UsageError("no", "head")',
        'raise type(error)(f"{name}: {error}") from error',
        'notes.append(Note(f"cut to {limit}"))',
        'notes.append(Note("cut to {limit}", {"most": 1}))',
        'notes.append(Note("cut to {limit}", fields))',
        'notes.append(messages.Note("cut with --truncate"))',
    ],
)
def test_the_walk_finds(source: str) -> None:
    assert made_up(source)


@pytest.mark.parametrize(
    "source",
    [
        'raise UsageError("no head")',
        'raise UsageError("no head {head!r} in {layer:name}", head=1, layer=Setting("layer"))',
        "raise error.at(name) from error",
        'raise ValueError(f"no head {head}")',
        'Note("cut to {limit}", {"limit": limit})',
        'Note("well — done; -2 -- or so")',
    ],
)
def test_the_walk_lets_pass(source: str) -> None:
    assert made_up(source) == []


def texts_of(tree: ast.Module) -> Iterator[ast.Constant]:
    """Every text in a file that is no docstring."""
    comments = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and constant(node) and id(node) not in comments:
            yield node


def test_no_text_below_the_command_line_names_an_option() -> None:
    found = [
        f"{name}:{text.lineno}: {option}"
        for name, tree in sources()
        if name not in SPEAKS_OF_COMMANDS
        for text in texts_of(tree)
        for option in re.findall(r"--[a-z][a-z-]*", str(text.value))
        if option in options()
    ]
    assert not found, "\n".join(found)


# Settings in the shell


def settings_named() -> dict[str, str]:
    """Every setting that a message names, with a place where it is named, and how it is spelled."""
    found = {}
    for name, tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and called(node) == "Setting" and name not in MACHINERY:
                setting = constant(node.args[0])
                several = NAMED_IN_LOOPS.get(name, ())
                assert setting or several, f"{name}:{node.lineno}: list the names in NAMED_IN_LOOPS"
                for one in several if setting is None else (setting,):
                    value = constant(node.args[1]) if len(node.args) > 1 else None
                    found[in_shell(Setting(one, value))] = f"{name}:{node.lineno}"
    return found


def test_every_setting_that_a_message_names_is_spelled_as_a_command_takes_it() -> None:
    arguments = {
        word
        for parameter in parameters()
        if isinstance(parameter, click.Argument)
        for word in re.findall(r"[A-Z]+", parameter.human_readable_name)
    }
    keys = {key for key, _ in settings_of(TrainingConfig())}
    wrong = []
    for spelled, place in settings_named().items():
        first, *rest = shlex.split(spelled)
        if first == "--set":
            fits = not rest or rest[0].partition("=")[0] in keys
        elif first.startswith("-"):
            fits = first in options()
        else:
            fits = first in arguments
        if not fits and spelled not in NOT_IN_THE_SHELL:
            wrong.append(f"{place}: {spelled}")
    assert not wrong, "\n".join(wrong)


def test_reasons_are_given_for_settings_that_are_named_and_are_no_options() -> None:
    assert NOT_IN_THE_SHELL.keys() <= settings_named().keys() - options()


@pytest.mark.parametrize(
    ("setting", "python", "shell"),
    [
        (Setting("layer"), "layer=", "--layer"),
        (Setting("layer", 4), "layer=4", "--layer 4"),
        (Setting("min_weight", 0.1), "min_weight=0.1", "--min-weight 0.1"),
        (Setting("word", "it"), 'word="it"', "--word it"),
        (Setting("word", "l'été"), 'word="l\'été"', "--word 'l'\"'\"'été'"),
        (Setting("word", "[MASK]"), 'word="[MASK]"', "--word '[MASK]'"),
        (Setting("tensor", "NAME"), "tensor=NAME", "--tensor NAME"),
        (Setting("pairs", "FILE.tsv"), "pairs=FILE.tsv", "--pairs FILE.tsv"),
        (Setting("output", Path("a b") / "c"), 'output="a b/c"', "--output 'a b/c'"),
        (Setting("heads", "mean"), 'heads="mean"', "--heads mean"),
        (
            Setting("heads", OneOf(("mean", "all"))),
            'heads="mean"|"all"',
            "--heads mean|all",
        ),
        (Setting("special", True), "special=True", "--special"),
        (Setting("unit", "tokens"), 'unit="tokens"', "--tokens"),
        (Setting("unit"), "unit=", "--tokens"),
        (Setting("special_tokens", "parse"), 'special_tokens="parse"', "--parse-special"),
        (Setting("parts", "cross"), 'parts="cross"', "--part cross"),
        (Setting("at", (1, 7, 2)), "at=(1, 7, 2)", "--at 1,7,2"),
        (
            Setting("training.micro_batch_tokens", 512),
            "training.micro_batch_tokens=512",
            "--set training.micro_batch_tokens=512",
        ),
        (
            Setting("model.scale_scores", False),
            "model.scale_scores=False",
            "--set model.scale_scores=false",
        ),
        (Setting("training.seed"), "training.seed=", "--set training.seed"),
        (Setting("source"), "source=", "SOURCE"),
        (Setting("source", Path("a b.en")), 'source="a b.en"', "'a b.en'"),
        (Setting("sentence", "SENTENCE"), "sentence=SENTENCE", "SENTENCE"),
        (Setting("target"), "target=", "TARGET"),
        (Setting("target", "un chien"), 'target="un chien"', "--target 'un chien'"),
    ],
)
def test_a_setting_in_python_and_in_the_shell(setting: Setting, python: str, shell: str) -> None:
    assert (in_python(setting), in_shell(setting)) == (python, shell)


def test_a_setting_may_be_spoken_of_by_its_name_alone() -> None:
    message = Message(
        "{top_k:name} must be {least}, {both:name} too",
        {
            "top_k": Setting("top_k", 3),
            "least": 1,
            "both": (Setting("top_p"), Setting("training.seed", 1)),
        },
    )
    assert str(message) == "top_k must be 1, top_p, training.seed too"
    assert message.render(in_shell) == "--top-k must be 1, --top-p, --set training.seed too"


def test_a_note_says_where_and_stays_what_it_is() -> None:
    caution = Caution("cut {cut}", {"cut": Setting("truncate", True)})
    place = Message("a {b}.txt, line {line}", {"b": "{c}", "line": 3})
    placed = caution.at(place)
    assert type(placed) is Caution
    assert str(placed) == "a {c}.txt, line 3: cut truncate=True"
    assert placed.render(in_shell) == "a {c}.txt, line 3: cut --truncate"


# Whatever the fields hold

AWKWARD = ("{x}", "{", "}}", "{0.__class__}", "%s", "\x1b[31m", "👩\u200d🔬", "\0")
TEXTS = st.text() | st.sampled_from(AWKWARD)
PLAIN = TEXTS | st.integers() | st.floats() | st.booleans() | st.none()
SETTINGS = st.builds(Setting, TEXTS, PLAIN | st.lists(PLAIN, max_size=3).map(OneOf))
NESTED = st.recursive(
    PLAIN | SETTINGS,
    lambda inner: (
        st.lists(inner, max_size=3).map(tuple)
        | st.builds(lambda value: Message("a {value} {{}}", {"value": value}), inner)
    ),
    max_leaves=6,
)


def fillings(sentence: str) -> st.SearchStrategy[dict[str, Any]]:
    """Fields for a sentence: numbers where it formats numbers, settings where it names some."""
    drawn: dict[str, st.SearchStrategy[Any]] = {}
    for _, name, spec, _ in string.Formatter().parse(sentence):
        if name is not None:
            drawn[name] = SETTINGS if spec == "name" else st.integers(0) if spec else NESTED
    return st.fixed_dictionaries(drawn)


@given(st.data())
def test_no_value_breaks_a_sentence_of_ours(data: st.DataObject) -> None:
    sentences = sorted({site.sentence for site in known_sites() if site.sentence is not None})
    sentence = data.draw(st.sampled_from(sentences))
    error = errors.GlassformerError(sentence, **data.draw(fillings(sentence)))
    for spelling in (in_python, in_shell):
        said = error.render(spelling)
        literal = [text for text, *_ in string.Formatter().parse(sentence)]
        assert re.fullmatch(".*".join(map(re.escape, literal)) + ".*", said, re.DOTALL)
        assert error.at("a {b}, line 3").render(spelling) == f"a {{b}}, line 3: {said}"
    assert str(pickle.loads(pickle.dumps(error))) == str(error)
    assert json.loads(json.dumps(error.message.to_json()))["id"] == sentence


@given(TEXTS, TEXTS)
def test_text_among_the_fields_stands_as_it_is(one: str, other: str) -> None:
    message = Message("{{{one}}} and {both}", {"one": one, "both": (other, one)})
    assert str(message) == f"{{{one}}} and {other}, {one}"


@given(TEXTS.filter(lambda text: "\0" not in text))
def test_the_shell_reads_back_what_is_typed(value: str) -> None:
    assert shlex.split(in_shell(Setting("word", value))) == ["--word", value]
