"""Text in, translation out: languages, limits, and what is said when it cannot be done."""

from collections.abc import Iterator
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
from narrowing import present

from glassformer.decoding.search import SearchConfig, greedy, search
from glassformer.decoding.translator import Translation, Translator
from glassformer.errors import InputError, UsageError
from glassformer.library import Glassformer
from glassformer.text.tokenizer import Tokenizer


@pytest.fixture(scope="module")
def model() -> Glassformer:
    return loaded(translator_config())


def test_a_translation_is_what_the_search_finds(model: Glassformer) -> None:
    ids = model.tokenizer.encode(SENTENCE).ids
    assert ids[-1] == END
    memory = model.model.encode(torch.tensor([ids]))
    for tag, token in TAGS:
        translation = model.translate(SENTENCE, to=tag)
        (found,) = search(model.model, memory, None, [token], SearchConfig(), limits=[36])
        best = found.hypotheses[0]
        assert [*translation.ids, END] == [*best.tokens]
        assert translation.score == best.score
        assert translation.token_scores == best.token_scores
        assert translation.penalized_score == best.penalized_score
        assert translation.text == str(translation) == model.tokenizer.decode(best.tokens)
        assert translation.tokens == tuple(map(model.tokenizer.token_of, translation.ids))
        assert not {*translation.tokens} & {*SPECIAL}
        assert translation.alternatives == ()
        assert translation.history == ()


def test_a_beam_of_one_is_greedy(model: Glassformer) -> None:
    memory = model.model.encode(torch.tensor([model.tokenizer.encode(SENTENCE).ids]))
    for tag, token in TAGS:
        (found,) = greedy(model.model, memory, None, [token], 36)
        assert [*model.translate(SENTENCE, to=tag, beam_size=1).ids, END] == [*found.tokens]


def test_languages_differ(model: Glassformer) -> None:
    assert len({str(model.translate(SENTENCE, to=tag)) for tag, _ in TAGS}) == 3


def assert_same(ours: Translation, theirs: Translation) -> None:
    """The same but for rounding."""
    assert ours.ids == theirs.ids
    assert ours.text == theirs.text
    assert ours.token_scores == pytest.approx(theirs.token_scores, abs=1e-4)
    assert ours.penalized_score == pytest.approx(theirs.penalized_score, abs=1e-4)
    assert len(ours.alternatives) == len(theirs.alternatives)
    for one, other in zip(ours.alternatives, theirs.alternatives, strict=True):
        assert_same(one, other)


def test_several_texts_give_several_translations(model: Glassformer) -> None:
    texts = [SENTENCE, "the food", "狗 饿 了"]
    for text, translation in zip(texts, model.translate(texts, to="zh"), strict=True):
        assert_same(translation, model.translate(text, to="zh"))
    assert model.translate((SENTENCE,), to="fr") == [model.translate(SENTENCE, to="fr")]
    assert model.translate([], to="fr") == []
    with pytest.raises(UsageError, match="a single text: put it in a list"):
        next(model.translate_stream(SENTENCE, to="fr"))


TEXTS = [SENTENCE, "dog", "", "the food", "狗 饿 了", " \u200b", "it was tasty", "food " * 7]


@pytest.mark.parametrize("options", [
    {"batch_size": 1}, {"batch_size": 3}, {"batch_tokens": 1}, {"batch_tokens": 37}, {},
])  # fmt: skip
def test_a_stream_keeps_the_order_whatever_the_batch(
    model: Glassformer, options: dict[str, Any]
) -> None:
    search = SearchConfig(beam_size=3, n_best=2, max_length=11)
    found = list(model.translator.translate_stream(TEXTS, to="de", search=search, **options))
    assert len(found) == len(TEXTS)
    for text, translation in zip(TEXTS, found, strict=True):
        if text.strip(" \u200b"):
            assert_same(translation, model.translator.translate(text, to="de", search=search))
        else:
            assert translation == Translation("", 0.0, (), ())


def test_a_stream_is_read_no_further_than_needed(
    model: Glassformer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("glassformer.decoding.batches.WINDOW_TEXTS", 3)
    read = []

    def lines() -> Iterator[str]:
        for number in range(7):
            read.append(number)
            yield "dog " * (number + 1)

    stream = model.translator.translate_stream(lines(), to="fr")
    assert read == []
    next(stream)
    assert read == [0, 1, 2]
    assert len(list(stream)) == 6


def test_batches_are_of_like_length_and_no_larger_than_asked(
    model: Glassformer, monkeypatch: pytest.MonkeyPatch
) -> None:
    batches = []
    run = Translator._run

    def watched(self: Translator, tasks: Any, search: Any) -> Any:
        batches.append([len(task.source) for task in tasks])
        return run(self, tasks, search)

    monkeypatch.setattr(Translator, "_run", watched)
    texts = ["dog " * n for n in (3, 11, 2, 7, 19, 5, 2, 13)]
    lengths = sorted((len(model.tokenizer.encode(text).ids) for text in texts), reverse=True)
    list(model.translator.translate_stream(texts, to="fr", batch_tokens=41))
    assert [length for batch in batches for length in batch] == lengths
    assert len(batches) < len(texts)
    assert all(len(batch) == 1 or len(batch) * batch[0] <= 41 for batch in batches)
    batches.clear()
    list(model.translator.translate_stream(texts, to="fr", batch_size=3))
    assert [len(batch) for batch in batches] == [3, 3, 2]


def test_languages_and_beginnings_may_be_one_for_each(model: Glassformer) -> None:
    tags, prefixes = ["fr", "zh", "de"], ["", "a dog", "the"]
    found = model.translate([SENTENCE] * 3, to=tags, prefix=prefixes)
    for translation, tag, prefix in zip(found, tags, prefixes, strict=True):
        assert_same(translation, model.translate(SENTENCE, to=tag, prefix=prefix))
        assert translation.text.startswith(prefix)
    assert found[1].text != model.translate(SENTENCE, to="zh").text


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"to": ["fr", "de"]}, "to must be one for all texts or one for each, .* 2 and more texts"),
        ({"to": ["fr"] * 4}, "to must be one for all .* 4 and only 3 texts"),
        ({"to": "fr", "prefix": ["a"]}, "prefix must be one for all .* 1 and more texts"),
        ({"to": ["fr", "en", "de"]}, "but not to 'en'"),
        ({"to": "fr", "batch_tokens": 0}, "batch_tokens must be at least 1, but is 0"),
        ({"to": "fr", "batch_size": 0}, "batch_size must be at least 1, but is 0"),
        ({"to": "fr", "beam_size": 0}, "beam_size must be at least 1, but is 0"),
        ({"to": "fr", "prefix": "é"}, "text 1: the prefix contains a token .* never generates"),
        (
            {"to": "fr", "prefix": ["", "a dog ate", ""], "max_length": 3},
            "text 2: the prefix has 3 tokens, but a translation may have at most 3, end token "
            "included",
        ),
    ],
)
def test_options_that_make_no_sense(
    model: Glassformer, options: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(UsageError, match=complaint):
        model.translate([SENTENCE, "dog", "food"], **options)


def test_a_text_that_cannot_be_translated_is_named(model: Glassformer) -> None:
    texts = ["dog", "", " ".join("a" * 41)]
    with pytest.raises(InputError, match=r"^text 3: the text has 42 tokens.* at most 41"):
        model.translate(texts, to="fr")
    with pytest.raises(InputError, match=r"^line 12: the text has 42 tokens"):
        list(model.translator.translate_stream(texts, to="fr", name=lambda i: f"line {i + 10}"))
    assert len(model.translate(texts, to="fr", truncate=True)) == 3
    with pytest.raises(InputError, match=r"^texts\[1\] is not valid Unicode"):
        model.translate(["dog", "\ud800"], to="fr")


def test_the_n_best_read_differently(model: Glassformer) -> None:
    for text, least in ((SENTENCE, 5), ("dog", 1), ("food the dog", 1)):
        translation = model.translate(text, to="fr", beam_size=7, n_best=5)
        ranked = [translation, *translation.alternatives]
        assert least <= len(ranked) <= 5
        assert len({one.text for one in ranked}) == len(ranked)
        scores = [one.penalized_score for one in ranked]
        assert scores == sorted(scores, reverse=True)
        assert all(one.alternatives == () for one in translation.alternatives)
        for one in ranked:
            assert one.score == pytest.approx(sum(one.token_scores))
            assert len(one.token_scores) - len(one.ids) in (0, 1)


def test_samples_depend_on_seed_and_place_alone(model: Glassformer) -> None:
    def sampled(**options: Any) -> list[str]:
        return [one.text for one in model.translate(["a dog ate"] * 7, to="zh", **options)]

    first = sampled(temperature=1.0, seed=3)
    assert len({*first}) > 3
    assert sampled(temperature=1.0, seed=3, batch_size=2) == first
    assert sampled(temperature=1.0, seed=4) != first
    assert {*sampled(temperature=1.0, top_k=1)} == {
        model.translate("a dog ate", to="zh", beam_size=1).text
    }


def test_the_longest_translation_can_be_asked_for(model: Glassformer) -> None:
    endless = loaded(translator_config(end=None))
    assert len(endless.translate(SENTENCE, to="fr", max_length=5).ids) == 5
    assert len(endless.translate(SENTENCE, to="fr", max_length=500).ids) == 36
    history = endless.translate(SENTENCE, to="fr", max_length=5, history=True).history
    assert len(history) == 5


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
        ({}, None, "translates to fr, de, zh: choose the target language"),
        ({}, "en", "translates to fr, de, zh, but not to 'en'"),
        ({}, "", "but not to ''"),
        ({"tags": TAGS[:1]}, "de", "translates to fr, but not to 'de'"),
        ({"tags": ()}, "fr", "one language, which has no tag, but not to 'fr'"),
        ({"tags": (), "start": None}, None, "has neither language tags nor a start token"),
    ],
)
def test_a_language_that_is_not_there_is_answered_with_those_that_are(
    changes: dict[str, Any], to: str | None, complaint: str
) -> None:
    with pytest.raises(UsageError, match=complaint):
        loaded(translator_config(**changes)).translate(SENTENCE, to=to)


@pytest.mark.parametrize("to", [None, "fr"])
def test_an_encoder_cannot_translate(to: str | None) -> None:
    with pytest.raises(UsageError, match=r"has no decoder .* cannot translate"):
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
    assert len(present(trace.target).tokens) == 37


def test_an_empty_translation_is_a_translation() -> None:
    model = loaded(translator_config(), seed=23)
    translation = model.translate(SENTENCE, to="fr", beam_size=1)
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
    assert present(trace.target).tokens == ("<fr>", "dé", "jà")
    assert present(trace.target).words == ("déjà",)
    assert trace["logits"].shape == (3, backend.get_vocab_size())
