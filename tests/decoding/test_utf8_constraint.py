"""Bytes make whole characters, whatever a model would like to write."""

import math
from typing import Any

import pytest
import tokenizers
import torch
from hypothesis import given
from hypothesis import strategies as st
from models_for_tests import (
    BYTES,
    FIRST_BYTE,
    SENTENCE,
    TAGS,
    UNKNOWN,
    loaded,
    tokenizer,
    translator_config,
)
from narrowing import present
from tokenizers import decoders, models

from glassformer.decoding.utf8_constraint import WholeCharacters
from glassformer.library import Glassformer
from glassformer.text.tokenizer import Tokenizer

VOCABULARY, END, WORD, FIRST = 263, 1, 2, 5
BYTE_OF = {FIRST + byte: byte for byte in range(256)}
CPU = torch.device("cpu")
CHARACTERS = WholeCharacters(BYTE_OF, VOCABULARY, CPU)


def allowed(state: int) -> set[int]:
    """The tokens that may come in this state."""
    logits = torch.zeros(2, VOCABULARY)
    CHARACTERS.forbid(logits, torch.tensor([state, 0]))
    assert (logits[1] == 0).nonzero()[:, 0].tolist() == between()
    return {*(logits[0] == 0).nonzero()[:, 0].tolist()}


def between() -> list[int]:
    """Those between two characters: all but bytes that begin none."""
    return [token for token in range(VOCABULARY) if begins(BYTE_OF.get(token, 0))]


def begins(byte: int) -> bool:
    return byte < 0x80 or 0xC2 <= byte <= 0xF4


def step(state: int, token: int) -> int:
    return int(CHARACTERS.after(torch.tensor([state]), torch.tensor([token])))


@given(st.characters(exclude_categories=["Cs"]))
def test_every_character_can_be_written(character: str) -> None:
    write(character)


def write(character: str) -> None:
    state = 0
    for byte in character.encode():
        assert FIRST + byte in allowed(state)
        state = step(state, FIRST + byte)
    assert state == 0


@pytest.mark.parametrize(
    "text", ["\x7f\x80", "߿ࠀ", "\ud7ff\ue000", "\uffff\U00010000", "\U0010ffff"]
)
def test_nor_is_one_at_an_edge_left_out(text: str) -> None:
    write(text[0])
    write(text[-1])


@given(st.data())
def test_nothing_else_can(data: st.DataObject) -> None:
    state, written = 0, b""
    for _ in range(data.draw(st.integers(1, 9))):
        token = data.draw(st.sampled_from(sorted(allowed(state) & {*BYTE_OF})))
        state, written = step(state, token), written + bytes([BYTE_OF[token]])
    while state:
        token = data.draw(st.sampled_from(sorted(allowed(state))))
        state, written = step(state, token), written + bytes([BYTE_OF[token]])
    written.decode("utf-8")  # raises where it is no text


def test_a_character_is_finished_before_anything_else_comes() -> None:
    for lead in (0xC3, 0xE0, 0xE4, 0xED, 0xF0, 0xF1, 0xF4):
        inside = allowed(step(0, FIRST + lead))
        assert inside
        assert not inside & {END, WORD}
        assert all(0x80 <= BYTE_OF[token] <= 0xBF for token in inside)
    assert {END, WORD} <= allowed(0)
    assert step(0, WORD) == step(0, END) == 0


def test_what_is_forbidden_stays_forbidden() -> None:
    logits = torch.full((3, VOCABULARY), -math.inf)
    CHARACTERS.forbid(logits, torch.tensor([0, 1, 4]))
    assert (logits == -math.inf).all()


# In a model


@pytest.fixture(scope="module")
def spelling() -> Glassformer:
    """A model of random weights that likes bytes best."""
    model = loaded(translator_config(suppressed=(UNKNOWN, *BYTES[:0x20], BYTES[0x7F])))
    assert model.model.output is not None
    present(model.model.output.bias)[FIRST_BYTE + 0x80 : FIRST_BYTE + 0x100] += 5.0
    return model


def test_a_tokenizer_knows_its_bytes(spelling: Glassformer) -> None:
    assert spelling.target_tokenizer.byte_of == {id: byte for byte, id in enumerate(BYTES)}


@pytest.mark.parametrize(
    "options",
    [{"beam_size": 1}, {"beam_size": 4, "n_best": 3}, {"temperature": 1.5, "seed": 3},
     {"beam_size": 3, "no_repeat_ngram": 2}, {"prefix": "吃é", "beam_size": 2}],
    ids=str,
)  # fmt: skip
def test_what_a_model_writes_is_text(spelling: Glassformer, options: dict[str, Any]) -> None:
    spelled = 0
    for tag, _ in TAGS:
        texts = [SENTENCE, "the food", "狗 饿 了", "a dog"]
        for found in spelling.translate(texts, to=tag, max_length=35, **options):
            for one in (found, *found.alternatives):
                ended = len(one.token_scores) > len(one.ids)
                # What was cut off at its limit may lack the end of a character.
                lengths = [len(one.ids) - less for less in range(1 if ended else 4)]
                texts_of = (spelling.target_tokenizer.decode(one.ids[:n]) for n in lengths)
                text = next((text for text in texts_of if "\ufffd" not in text), None)
                assert text is not None
                spelled += any(ord(character) > 0x7F for character in text)
    assert spelled


def test_scores_stay_those_of_the_model(spelling: Glassformer) -> None:
    """What is left out is not shared among the rest: a score is the model's own probability."""
    for tag, start in TAGS:
        found = spelling.translate(SENTENCE, to=tag, beam_size=2, max_length=35)
        ended = len(found.token_scores) > len(found.ids)
        ids = [*found.ids, *([spelling.config.end] if ended else [])]
        source = torch.tensor([spelling.tokenizer.encode(SENTENCE).ids])
        logits = spelling.model(source, torch.tensor([[start, *ids[:-1]]]))[0].double()
        logs = spelling.model.probabilities(logits).log()
        expected = [float(logs[place, id]) for place, id in enumerate(ids)]
        assert found.token_scores == pytest.approx(expected, abs=1e-4)


def test_entries_that_only_look_like_bytes() -> None:
    made = tokenizer()
    made.decoder = decoders.Replace("▁", " ")
    assert Tokenizer(made).byte_of == {}
    words = {"<0xC3>": 0, "<0xA9>": 1}
    assert (
        Tokenizer(tokenizers.Tokenizer(models.WordLevel(words, unk_token="<0xC3>"))).byte_of == {}
    )
