"""What is handed over in the place of texts: iterables of any kind work, what is no text does not."""

import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from models_for_tests import SENTENCE, TAGS, translator_config, write_folder

from glassformer.errors import InputError, UsageError
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


@pytest.mark.parametrize(
    ("wrong", "said"),
    [(None, "None"), (math.nan, "NaN"), (3, "3 of the type int"), (b"x", "bytes"), ({}, "dict")],
)
def test_what_is_no_text_is_refused_with_its_index(call: Call, wrong: Any, said: str) -> None:
    with pytest.raises(InputError) as caught:
        call([SENTENCE, wrong, "dog"])
    assert "[1] is " in str(caught.value)
    assert said in str(caught.value)


@pytest.mark.parametrize("wrong", [None, 3, b"dog", {"a": "dog"}, {"dog"}])
def test_what_cannot_be_texts_is_refused(call: Call, wrong: Any) -> None:
    with pytest.raises(UsageError, match="has to be an iterable of texts"):
        call(wrong)


def test_settings_that_there_are_not_are_named(model: Glassformer) -> None:
    trace: Any = model.inspect(SENTENCE)
    with pytest.raises(UsageError, match="attention has no setting 'theme'; there are part"):
        trace.attention(theme="dark")
    with pytest.raises(UsageError, match="grid has no setting 'parts'; did you mean part?"):
        trace.grid(parts="encoder")
    with pytest.raises(UsageError, match="at has to be whole numbers, one for each of head, query"):
        trace.explain("encoder.layers.0.self_attention.weights", at=(0, 6, "dog"))
