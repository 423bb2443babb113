"""What is handed over as texts: iterables of any kind work, what is no text does not."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from models_for_tests import SENTENCE, TAGS, translator_config, write_folder

from glassformer.library import Glassformer, load

TEXTS = [SENTENCE, "dog", "the food"]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Glassformer:
    folder = tmp_path_factory.mktemp("models") / "one"
    return load(write_folder(folder, translator_config(tags=TAGS[:1])))


Call = Callable[[Any], list[Any]]


@pytest.fixture(params=["encode", "translate", "inspect", "score"])
def call(model: Glassformer, request: pytest.FixtureRequest) -> Call:
    def score(texts: Any) -> list[Any]:
        return model.score(texts, ["dog"] * 3)

    calls: dict[str, Call] = {
        "encode": model.encode,
        "translate": model.translate,
        "inspect": model.inspect,
        "score": score,
    }
    return calls[request.param]


def generator() -> Iterator[str]:
    yield from TEXTS


@pytest.mark.parametrize(
    "texts",
    [tuple(TEXTS), generator, np.array(TEXTS), np.array(TEXTS, dtype=object), dict.fromkeys(TEXTS)],
    ids=["tuple", "generator", "array", "objects", "keys"],
)
def test_every_iterable_of_texts_is_one(call: Call, texts: Any) -> None:
    given = texts.keys() if isinstance(texts, dict) else texts() if callable(texts) else texts
    assert list(map(repr, call(given))) == list(map(repr, call(TEXTS)))


# In a process of its own: the tests' check of types would be the first to refuse.
ANSWERS = """
import json, math, sys
import glassformer

model = glassformer.load(sys.argv[1])
trace = model.inspect("dog")
calls = {
    "encode": model.encode,
    "translate": model.translate,
    "inspect": model.inspect,
    "score": lambda texts: model.score(texts, ["dog"] * 3),
}
wrong = {"None": None, "NaN": math.nan, "3": 3, "bytes": b"x", "dict": {}, "set": {"a"}}
answers = {}


def answer(key, call):
    try:
        call()
    except glassformer.GlassformerError as error:
        answers[key] = [type(error).__name__, str(error)]
    except Exception as error:
        answers[key] = ["not ours", repr(error)]


for name, call in calls.items():
    for kind, value in wrong.items():
        answer(f"{name} one of {kind}", lambda: call(["dog", value, "dog"]))
        answer(f"{name} {kind}", lambda: call(value))
answer("theme", lambda: trace.attention(theme="dark"))
answer("parts", lambda: trace.grid(parts="encoder"))
answer("at", lambda: trace.explain("encoder.layers.0.self_attention.weights", at=(0, 6, "dog")))
print(json.dumps(answers))
"""


def test_what_is_no_text_or_setting_is_refused_by_name(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "one", translator_config(tags=TAGS[:1]))
    command = [sys.executable, "-X", "utf8", "-W", "ignore", "-c", ANSWERS, str(folder)]
    seen = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    answers: dict[str, tuple[str, str]] = json.loads(seen.stdout)
    assert len(answers) == 4 * 2 * 6 + 3
    for key, (kind, message) in answers.items():
        if " one of " in key:
            assert (kind, "[1] must be a text (str), but is " in message) == ("InputError", True), (
                key,
                kind,
                message,
            )
        elif key not in ("theme", "parts", "at"):
            assert kind == "UsageError", (key, kind, message)
            assert "must be an iterable of texts" in message
    assert "NaN, a missing value" in answers["encode one of NaN"][1]
    assert answers["theme"][1].startswith("attention has no setting 'theme'; there are part, layer")
    assert answers["parts"][1] == "grid has no setting 'parts'; did you mean part?"
    assert answers["at"][1].startswith("at must be integers, one for each of head, query")
