"""`Glassformer.inspect`: what is traced of which text, and what is refused."""

import inspect
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from models_for_tests import (
    END,
    FRENCH,
    SENTENCE,
    TAGS,
    encoder_config,
    loaded,
    minilm,
    translator_config,
    write_folder,
)
from narrowing import present

import glassformer
from glassformer.errors import GlassformerError, InputError, ModelFilesError, UsageError
from glassformer.inspection.attention import attention_view
from glassformer.library import Glassformer, load
from glassformer.library.loading import Precision
from glassformer.library.options import InspectTextOptions


@pytest.fixture(scope="module")
def model() -> Glassformer:
    return loaded(translator_config())


def test_one_text_gives_a_trace_and_several_give_a_list(model: Glassformer) -> None:
    one = model.inspect(SENTENCE)
    assert isinstance(one, glassformer.Trace)
    several = model.inspect([SENTENCE, "the food"])
    assert [trace.source.text for trace in several] == [SENTENCE, "the food"]
    np.testing.assert_array_equal(several[0]["encoder"], one["encoder"])
    assert model.inspect(("dog",), to="fr")[0].to == "fr"
    assert model.inspect([]) == []


def test_a_trace_names_its_model_and_its_text(model: Glassformer) -> None:
    trace = model.inspect(SENTENCE)
    assert trace.model_name == "random"
    assert trace.config is model.config
    assert trace.source.words == tuple(SENTENCE.split())
    assert trace.source.tokens[-1] == "</s>"
    assert trace.source.special == (*(False,) * 11, True)
    assert trace["encoder"].shape == (12, 14)


def test_r_of_a_trace_is_r_of_encode(model: Glassformer) -> None:
    np.testing.assert_allclose(model.inspect(SENTENCE)["encoder"], model.encode(SENTENCE).vectors)


def test_with_several_targets_the_decoder_is_traced_when_asked_for(model: Glassformer) -> None:
    trace = model.inspect(SENTENCE)
    assert (trace.to, trace.target, trace.translations) == (None, None, {})
    assert "decoder" not in trace
    trace = model.inspect(SENTENCE, to="de")
    assert trace.to == "de"
    assert "decoder" in trace


@pytest.mark.parametrize(("tags", "to"), [(TAGS[:1], "fr"), ((), "target")])
def test_with_one_target_it_is_traced_without_being_named(tags: Any, to: str) -> None:
    trace = loaded(translator_config(tags=tags)).inspect(SENTENCE)
    assert trace.to == to
    assert trace.translations.keys() == {to}
    assert trace.target is not None


def test_the_translation_traced_is_the_models_own(model: Glassformer) -> None:
    for tag, token in TAGS:
        translation = model.translate(SENTENCE, to=tag)
        trace = model.inspect(SENTENCE, to=tag)
        assert trace["target.tokens"].tolist() == [token, *translation.ids]
        target = present(trace.target)
        assert target.text == translation.text
        assert target.tokens == (f"<{tag}>", *translation.tokens)
        assert target.special[0]
        assert not any(target.special[1:])
        assert target.word_of_token[0] is None
        assert trace.translations == {
            tag: {
                "text": translation.text,
                "score": translation.score,
                "tokens": list(translation.tokens),
            }
        }
        # Each row predicts what comes next.
        chosen = np.diag(trace["probabilities"][:, [*translation.ids, END]])
        assert np.log(chosen) == pytest.approx(translation.token_scores, abs=1e-4)


def test_the_score_is_in_the_trace(model: Glassformer) -> None:
    trace = model.inspect(SENTENCE, to="fr")
    tokens = [*trace["target.tokens"][1:], END]
    chosen = np.diag(trace["probabilities"][:, tokens]).astype(np.float64)
    assert trace.translations["fr"]["score"] == pytest.approx(np.log(chosen).sum(), abs=1e-4)


def test_a_target_of_ones_own_is_traced_instead(model: Glassformer) -> None:
    trace = model.inspect(SENTENCE, to="fr", target="the dog 饿了")
    assert present(trace.target).text == "the dog 饿了"
    assert present(trace.target).words == ("the", "dog", "饿", "了")
    assert trace["target.tokens"][0] == FRENCH
    assert trace.translations == {}
    assert loaded(translator_config(tags=TAGS[:1])).inspect(SENTENCE, target="dog").to == "fr"


def test_links_go_from_the_words_of_the_target(model: Glassformer) -> None:
    trace = model.inspect(SENTENCE, to="fr", target="zoo dog")
    assert present(trace.target).tokens == ("<fr>", "z", "o", "o", "▁dog")
    view = attention_view(trace, part="cross", layer=2, head=4)
    assert (view.queries, view.keys) == (("zoo", "dog"), tuple(SENTENCE.split()))
    weights = trace["decoder.layers.1.cross_attention.weights"][3]
    found = {(link.from_, link.to): link.weight for link in view.links}
    assert found[0, 0] == pytest.approx(weights[1:4, 0].mean(), abs=1e-6)


def test_an_empty_translation_can_be_traced() -> None:
    model = loaded(translator_config(), seed=23)
    trace = model.inspect(SENTENCE, to="fr")
    assert present(trace.target).words == ()
    assert trace["logits"].shape[0] == 1
    for heads in ("mean", "largest", "all"):
        assert attention_view(trace, part="decoder", heads=heads).links == ()
        assert attention_view(trace, part="cross", heads=heads).links == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("狗饿了", ("狗", "饿", "了")),
        ("שלום dog", ("שלום", "dog")),
        ("👍 dog", ("👍", "dog")),
        ("e\u0301te\u0301 dog", ("e\u0301te\u0301", "dog")),
        ("dog\u200b \u202edog\x07", ("dog", "dog")),
        ("dog\u2028dog\ndog", ("dog", "dog", "dog")),
    ],
)
def test_texts_of_all_kinds_have_their_words(
    model: Glassformer, text: str, words: tuple[str, ...]
) -> None:
    trace = model.inspect(text, to="zh")
    assert trace.source.words == words
    assert trace.source.text == text
    assert len(trace.source.tokens) == len(trace["encoder"])
    view = attention_view(trace, layer=1, head=1)
    assert view.shown_queries == tuple(range(len(words)))


@pytest.mark.parametrize("text", ["", " ", "\n\t", "\u200b\u202e", "\ud800", "a\udfff"])
def test_text_that_is_none_is_refused(model: Glassformer, text: str) -> None:
    with pytest.raises(InputError):
        model.inspect(text)
    with pytest.raises(InputError):
        model.inspect(["dog", text])


def test_text_that_is_too_long_is_refused_or_cut(model: Glassformer) -> None:
    assert len(model.inspect(" ".join("a" * 40))["encoder"]) == 41
    with pytest.raises(
        InputError, match="the text has 42 tokens, but this model accepts at most 41"
    ):
        model.inspect(" ".join("a" * 41))
    trace = model.inspect(" ".join("a" * 100), to="fr", truncate=True)
    assert len(trace["encoder"]) == 41
    assert len(trace.source.words) == 40
    assert trace.source.tokens[-1] == "</s>"


def test_a_target_that_is_too_long_is_refused(model: Glassformer) -> None:
    assert model.inspect("dog", to="fr", target=" ".join("a" * 36))
    with pytest.raises(InputError, match="at most 37 tokens, but was given 38"):
        model.inspect("dog", to="fr", target=" ".join("a" * 37))
    with pytest.raises(InputError, match="is blank"):
        model.inspect("dog", to="fr", target=" ")


@pytest.mark.parametrize(
    ("changes", "options", "complaint"),
    [
        ({}, {"to": "en"}, "but not to 'en'"),
        ({}, {"target": "dog"}, "choose the target language"),
        ({"tags": ()}, {"to": "fr"}, "which has no tag"),
    ],
)
def test_a_target_that_is_not_there_is_refused(
    changes: dict[str, Any], options: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(UsageError, match=complaint):
        loaded(translator_config(**changes)).inspect(SENTENCE, **options)


@pytest.mark.parametrize("options", [{"to": "fr"}, {"target": "dog"}])
def test_an_encoder_has_no_target(options: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match="cannot translate"):
        loaded(encoder_config()).inspect(SENTENCE, **options)


def test_a_folder_of_ours_is_loaded_and_inspected(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "model", translator_config())
    model = load(folder)
    assert model.name == str(folder)
    assert model.config == translator_config()
    trace = model.inspect(SENTENCE, to="zh")
    expected = loaded(translator_config()).inspect(SENTENCE, to="zh")
    np.testing.assert_array_equal(trace["logits"], expected["logits"])
    assert not any(weight.requires_grad for weight in model.model.parameters())


@pytest.mark.parametrize("precision", ["bfloat16", "float16", "float64"])
def test_a_model_is_inspected_in_the_precision_asked_for(
    tmp_path: Path, precision: Precision
) -> None:
    model = load(write_folder(tmp_path, translator_config()), precision=precision)
    trace = model.inspect(SENTENCE, to="fr")
    assert trace.tensor("logits").dtype == getattr(torch, precision)
    assert trace["logits"].dtype == (np.float64 if precision == "float64" else np.float32)


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"precision": "int4"}, "precision must be one of float32, .*'int4'"),
        ({"device": "abacus"}, "cannot use the device 'abacus'"),
        ({"device": "cuda:99"}, "cannot use the device 'cuda:99'"),
    ],
)
def test_a_machine_that_is_not_there_is_refused(
    tmp_path: Path, options: dict[str, str], complaint: str
) -> None:
    unchecked: Any = inspect.unwrap(load)  # the tests' own type check would be the first to refuse
    with pytest.raises(UsageError, match=complaint):
        unchecked(write_folder(tmp_path, encoder_config()), **options)


def test_a_tokenizer_of_another_model_is_refused(tmp_path: Path) -> None:
    folder = write_folder(tmp_path, encoder_config())
    (folder / "tokenizer.json").unlink()
    with pytest.raises(ModelFilesError, match=r"has no tokenizer\.json"):
        load(folder)


@pytest.mark.parametrize("to", [None, "fr"])
def test_every_error_is_one_of_ours(to: str | None) -> None:
    with pytest.raises(GlassformerError):
        loaded(encoder_config()).inspect("", to=to)


def test_minilm_takes_its_512_tokens() -> None:
    model = minilm()
    trace = model.inspect(" ".join(["dog"] * 510))
    assert trace["encoder"].shape == (512, 384)
    with pytest.raises(InputError, match=r"the text has 513 tokens.* at most 512"):
        model.inspect(" ".join(["dog"] * 511))
    assert model.inspect(" ".join(["dog"] * 511), truncate=True)["encoder"].shape == (512, 384)


# Several texts


TEXTS = [SENTENCE, "the dog ate", "it was tasty, it was tasty", "a dog"]


@pytest.mark.parametrize("options", [{}, {"to": "fr"}, {"to": "de", "target": "it was"}])
def test_texts_inspected_together_have_the_traces_that_they_have_alone(
    options: InspectTextOptions,
) -> None:
    model = loaded(translator_config())
    together = model.inspect(iter(TEXTS), **options)
    assert len(together) == len(TEXTS)
    for text, trace in zip(TEXTS, together, strict=True):
        alone = model.inspect(text, **options)
        assert (trace.source, trace.target, trace.to) == (alone.source, alone.target, alone.to)
        assert len(trace.predictions) == len(alone.predictions)
        assert [*trace] == [*alone]
        for name in alone:
            bound = 1e-5 * max(1.0, abs(alone[name]).max())
            np.testing.assert_allclose(trace[name], alone[name], rtol=0, atol=bound, err_msg=name)


def test_of_texts_inspected_together_only_some_steps_are_kept() -> None:
    model = loaded(translator_config())
    names = ["encoder.layers.*.self_attention.weights"]
    choices: tuple[dict[str, Any], ...] = ({}, {"to": "fr"})
    for options in choices:
        traces = model.inspect(TEXTS, names=names, **options)
        for trace in (*traces, model.inspect(SENTENCE, names=names, **options)):
            assert [*trace] == [f"encoder.layers.{n}.self_attention.weights" for n in range(3)]
            assert (trace.target is None) == (not trace.predictions) == (not options)


def test_one_of_several_texts_that_cannot_be_read_is_named() -> None:
    model = loaded(translator_config())
    choices: tuple[InspectTextOptions, ...] = ({}, {"to": "fr"})
    for options in choices:
        with pytest.raises(InputError, match=r"^text 2: "):
            model.inspect([SENTENCE, "  ", "a dog"], **options)
        with pytest.raises(InputError, match=r"^text 3: .* at most 41"):
            model.inspect([SENTENCE, "a dog", "a dog " * 50], **options)
    assert model.inspect([]) == []
