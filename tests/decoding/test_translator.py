"""Text in, translation out: languages, limits, and what is said when it cannot be done."""

from typing import Any

import pytest
import torch
from models_for_tests import (
    CHINESE,
    END,
    FRENCH,
    SENTENCE,
    SPECIAL,
    START,
    TAGS,
    encoder_config,
    loaded,
    random_model,
    stack,
    tokenizer,
    translator_config,
)

from glassformer.decoding.search import greedy
from glassformer.errors import InputError, UsageError
from glassformer.library import Glassformer
from glassformer.text.tokenizer import Tokenizer


@pytest.fixture(scope="module")
def model() -> Glassformer:
    return loaded(translator_config())


def test_a_translation_is_what_the_search_finds(model: Glassformer) -> None:
    ids = model.tokenizer.encode(SENTENCE).ids
    assert ids[-1] == END
    for tag, token in TAGS:
        translation = model.translate(SENTENCE, to=tag)
        memory = model.model.encode(torch.tensor([ids]))
        (found,) = greedy(model.model, memory, None, [token], 36)
        assert [*translation.ids, END] == [*found.tokens]
        assert translation.score == found.score
        assert translation.text == str(translation) == model.tokenizer.decode(found.tokens)
        assert translation.tokens == tuple(map(model.tokenizer.token_of, translation.ids))
        assert not {*translation.tokens} & {*SPECIAL}


def test_languages_differ(model: Glassformer) -> None:
    assert len({str(model.translate(SENTENCE, to=tag)) for tag, _ in TAGS}) == 3


def test_several_texts_give_several_translations(model: Glassformer) -> None:
    texts = [SENTENCE, "the food", "狗 饿 了"]
    translations = model.translate(texts, to="zh")
    assert translations == [model.translate(text, to="zh") for text in texts]
    assert model.translate((SENTENCE,), to="fr") == [model.translate(SENTENCE, to="fr")]
    assert model.translate([], to="fr") == []


@pytest.mark.parametrize(
    ("changes", "to", "start"),
    [
        ({}, "fr", FRENCH),
        ({}, "zh", CHINESE),
        ({"tags": TAGS[:1]}, None, FRENCH),
        ({"tags": TAGS[:1]}, "fr", FRENCH),
        ({"tags": ()}, None, START),
        ({"tags": TAGS[2:], "start": None}, None, CHINESE),
    ],
)
def test_the_first_input_is_the_tag_or_the_start_token(
    changes: dict[str, Any], to: str | None, start: int
) -> None:
    assert loaded(translator_config(**changes)).translator.start_of(to) == start


@pytest.mark.parametrize(
    ("changes", "to", "complaint"),
    [
        ({}, None, "translates to fr, de, zh: say to which language"),
        ({}, "en", "translates to fr, de, zh: it does not know 'en'"),
        ({}, "", "does not know ''"),
        ({"tags": TAGS[:1]}, "de", "translates to fr: it does not know 'de'"),
        ({"tags": ()}, "fr", "one language only, without a tag: it does not know 'fr'"),
        ({"tags": (), "start": None}, None, "names neither tags nor a start token"),
    ],
)
def test_a_language_that_is_not_there_is_answered_with_those_that_are(
    changes: dict[str, Any], to: str | None, complaint: str
) -> None:
    with pytest.raises(UsageError, match=complaint):
        loaded(translator_config(**changes)).translate(SENTENCE, to=to)


@pytest.mark.parametrize("to", [None, "fr"])
def test_an_encoder_cannot_translate(to: str | None) -> None:
    with pytest.raises(UsageError, match="encoder without a decoder: it cannot translate"):
        loaded(encoder_config()).translate(SENTENCE, to=to)


@pytest.mark.parametrize("text", ["", "  ", "\u200b", "\ud800"])
def test_text_that_is_none_is_refused(model: Glassformer, text: str) -> None:
    with pytest.raises(InputError):
        model.translate(text, to="fr")


def test_text_that_is_too_long_is_refused_or_cut(model: Glassformer) -> None:
    whole, long = " ".join("a" * 40), " ".join("a" * 41)
    assert len(model.tokenizer.encode(whole).ids) == 41
    assert model.translate(whole, to="fr")
    with pytest.raises(InputError, match=r"the text has 42 tokens.* at most 41"):
        model.translate(long, to="fr")
    cut = model.translator.translate(long, to="fr", truncate=True)
    assert cut == model.translate(whole, to="fr")


def test_a_translation_without_an_end_is_short_enough_to_be_traced() -> None:
    model = loaded(translator_config(end=None))
    short, long = model.translate("dog", to="fr"), model.translate(SENTENCE, to="fr")
    assert len(short.ids) == 2 * 2 + 16  # the tokens of the source are "dog" and the end token
    assert len(long.ids) == 36  # the decoder has 37 positions, of which the tag takes one
    trace = model.inspect(SENTENCE, to="fr")
    assert len(trace.target.tokens) == 37


def test_an_empty_translation_is_a_translation() -> None:
    model = loaded(translator_config(), seed=23)
    translation = model.translate(SENTENCE, to="fr")
    assert (translation.text, translation.ids, translation.tokens) == ("", (), ())
    assert translation.score < 0.0


def test_the_target_can_have_a_vocabulary_of_its_own() -> None:
    backend = tokenizer()
    backend.add_tokens(["dé", "jà"])
    config = translator_config(
        decoder=stack(num_heads=7, vocabulary=backend.get_vocab_size()), tie_embeddings=False
    )
    model = Glassformer(
        random_model(config, 2),
        Tokenizer(tokenizer()),
        name="two",
        target_tokenizer=Tokenizer(backend),
    )
    for tag, _ in TAGS:
        translation = model.translate(SENTENCE, to=tag)
        assert translation.text == Tokenizer(backend).decode(translation.ids)
    assert model.target_tokenizer.encode_target("déjà") == [
        backend.token_to_id("dé"),
        backend.token_to_id("jà"),
    ]
    trace = model.inspect(SENTENCE, to="fr", target="déjà")
    assert trace.target.tokens == ("<fr>", "dé", "jà")
    assert trace.target.words == ("déjà",)
    assert trace["logits"].shape == (3, backend.get_vocab_size())
