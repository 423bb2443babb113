import dataclasses
import itertools
from collections.abc import Iterator

import numpy as np
import pytest
import torch
from encoding.tiny import WORDS, minilm, texts, tiny_encoder, tiny_tokenizer
from hypothesis import given
from hypothesis import strategies as st
from strategies import Case, build, cases
from torch import nn

from glassformer.encoding import encoder as encoder_module
from glassformer.encoding.encoder import SentenceEncoder
from glassformer.errors import InputError, UsageError

POOLS = ("none", "mean", "cls")


def words(count: int) -> str:
    return " ".join(itertools.islice(itertools.cycle(WORDS), count))


@given(cases(decoder=False), st.lists(texts, min_size=1, max_size=9), st.integers(1, 99))
def test_a_text_has_the_same_vectors_alone_and_in_any_batch(
    case: Case, given_texts: list[str], batch_tokens: int
) -> None:
    encoder = SentenceEncoder(build(case.config, torch.float32, case.seed), tiny_tokenizer())
    together = encoder.encode(given_texts, batch_tokens=batch_tokens)
    assert [one.text for one in together] == given_texts
    for text, one in zip(given_texts, together, strict=True):
        alone = encoder.encode([text])[0]
        assert one.tokens == alone.tokens
        assert one.vectors.shape == (len(one.tokens), case.config.encoder.d_model)
        scale = max(1.0, float(np.abs(alone.vectors).max()))
        assert np.abs(one.vectors - alone.vectors).max() <= 1e-5 * scale


@given(st.lists(texts, min_size=1, max_size=9), st.sampled_from(POOLS), st.booleans())
def test_pools_and_normalizes_as_the_formulas_say(
    given_texts: list[str], pool: str, normalize: bool
) -> None:
    encoder = tiny_encoder(torch.float64)
    results = encoder.encode(given_texts, pool=pool, normalize=normalize)  # type: ignore[arg-type]
    for text, result in zip(given_texts, results, strict=True):
        expected = encoder.encode([text])[0].vectors
        if pool != "none":
            expected = expected.mean(0) if pool == "mean" else expected[0]
        if normalize:
            expected = expected / np.linalg.norm(expected, axis=-1, keepdims=True)
        np.testing.assert_allclose(result.vectors, expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize(
    ("dtype", "expected"),
    [
        (torch.float32, np.float32),
        (torch.bfloat16, np.float32),
        (torch.float16, np.float32),
        (torch.float64, np.float64),
    ],
)
@pytest.mark.parametrize("pool", POOLS)
def test_vectors_are_float32_but_of_a_float64_model(
    dtype: torch.dtype, expected: type, pool: str
) -> None:
    exact = tiny_encoder(torch.float64).encode(["a dog ate", "it"], pool=pool)  # type: ignore[arg-type]
    given_dtype = tiny_encoder(dtype).encode(["a dog ate", "it"], pool=pool)  # type: ignore[arg-type]
    for one, other in zip(given_dtype, exact, strict=True):
        assert one.vectors.dtype == expected
        assert one.vectors.base is None  # its own memory: keeping it keeps no batch
        assert np.abs(one.vectors - other.vectors).max() < 0.1


class Seen:
    """What the encoder's model was given: the shape and mask of each batch."""

    def __init__(self, encoder: SentenceEncoder) -> None:
        self.shapes: list[tuple[int, int]] = []
        self.masked: list[bool] = []
        encoder.model.encoder.register_forward_pre_hook(self.look)

    def look(self, module: nn.Module, inputs: tuple[torch.Tensor, torch.Tensor | None]) -> None:
        tokens, mask = inputs
        self.shapes.append((tokens.shape[0], tokens.shape[1]))
        self.masked.append(mask is not None)


@given(st.lists(texts, min_size=1, max_size=29), st.integers(1, 99))
def test_batches_keep_to_the_token_budget(given_texts: list[str], batch_tokens: int) -> None:
    encoder = tiny_encoder()
    seen = Seen(encoder)
    encoder.encode(given_texts, batch_tokens=batch_tokens)
    assert sum(rows for rows, _ in seen.shapes) == len(given_texts)
    for rows, width in seen.shapes:
        assert rows == 1 or rows * width <= batch_tokens
    assert [width for _, width in seen.shapes] == sorted(
        (width for _, width in seen.shapes), reverse=True
    )


def test_texts_of_one_length_need_no_mask() -> None:
    encoder = tiny_encoder()
    seen = Seen(encoder)
    encoder.encode(["a dog", "the food", "it ate"])
    encoder.encode(["a dog", "the food was", "it"])
    assert seen.masked == [False, True]
    assert seen.shapes == [(3, 4), (3, 5)]


def test_a_stream_reads_only_one_window_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoder_module, "WINDOW_TEXTS", 5)
    read = 0

    def endless() -> Iterator[str]:
        nonlocal read
        for read in itertools.count(1):
            yield words(1 + read % 7)

    stream = tiny_encoder().encode_stream(endless())
    for number in range(1, 23):
        assert next(stream).text == words(1 + number % 7)
        assert read == 5 * (1 + (number - 1) // 5)


def test_a_window_is_bounded_in_characters_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoder_module, "WINDOW_CHARACTERS", 7)
    source = iter(["a dog", "ate the food", "it", "was", "hungry"])
    stream = tiny_encoder().encode_stream(source)
    assert next(stream).text == "a dog"
    assert list(source) == ["it", "was", "hungry"]


@given(st.lists(texts, max_size=19), st.integers(1, 7))
def test_a_stream_gives_what_a_list_gives(given_texts: list[str], window: int) -> None:
    encoder = tiny_encoder()
    expected = encoder.encode(given_texts)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(encoder_module, "WINDOW_TEXTS", window)
        streamed = list(encoder.encode_stream(iter(given_texts)))
    assert [one.text for one in streamed] == given_texts
    for one, other in zip(streamed, expected, strict=True):
        np.testing.assert_allclose(one.vectors, other.vectors, rtol=0, atol=1e-5)


def test_no_texts_give_no_encodings() -> None:
    assert tiny_encoder().encode([]) == []


BAD = {
    "": "is blank",
    " \t\u200b\u2028": "is blank",
    "half \ud83d": r"is not valid Unicode: character 6 is a lone surrogate",
    words(22): "has 24 tokens, but this model accepts at most 23: shorten it, or truncate",
}


@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize("before", [0, 2, 6])
def test_an_error_says_which_text_it_is_about(
    bad: str, before: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encoder_module, "WINDOW_TEXTS", 5)
    given_texts = ["a dog"] * before + [bad, "it", ""]
    encoder = tiny_encoder()
    with pytest.raises(InputError, match=rf"^text {before + 1}: the text {BAD[bad]}"):
        encoder.encode(given_texts)
    with pytest.raises(InputError, match=f"^line {before}: the text {BAD[bad]}"):
        list(encoder.encode_stream(given_texts, name=lambda index: f"line {index}"))


@pytest.mark.parametrize("bad", BAD)
def test_an_error_about_the_only_text_names_no_number(bad: str) -> None:
    with pytest.raises(InputError, match=f"^the text {BAD[bad]}"):
        tiny_encoder().encode([bad])


def test_truncates_only_when_asked_to() -> None:
    encoder = tiny_encoder()
    fits, cut = encoder.encode([words(21), words(50)], truncate=True)
    assert fits.tokenized.truncated_from is None
    assert cut.tokenized.truncated_from == 52
    assert cut.tokens == fits.tokens == ("[CLS]", *words(21).split(), "[SEP]")
    np.testing.assert_allclose(cut.vectors, fits.vectors, rtol=0, atol=1e-6)
    assert cut.words == tuple(words(21).split())


def test_options_that_make_no_sense() -> None:
    encoder = tiny_encoder()
    with pytest.raises(UsageError, match="batch_tokens must be at least 1, but is 0"):
        encoder.encode_stream(["a dog"], batch_tokens=0)
    with pytest.raises(UsageError, match="expected a list of texts, but got a single str"):
        encoder.encode("a dog")


def test_tokens_and_words_are_built_when_asked_for() -> None:
    (result,) = tiny_encoder().encode(["the dog ate 狗🐕"])
    assert not {"tokens", "_word_map"} & vars(result.tokenized).keys()
    assert result.tokens == ("[CLS]", "the", "dog", "ate", "[UNK]", "[SEP]")
    assert result.words == ("the", "dog", "ate", "狗🐕")  # one token straddles both
    assert result.word_of_token == (None, 0, 1, 2, 3, None)
    assert repr(result) == "Encoding('the dog ate 狗🐕', vectors: float32 [6, 14])"
    with pytest.raises(dataclasses.FrozenInstanceError):
        result.text = "another"  # type: ignore[misc]


def test_no_gradients_and_no_inference_mode_outside() -> None:
    stream = tiny_encoder().encode_stream(["a dog", "it"])
    next(stream)
    assert not torch.is_inference_mode_enabled()
    assert torch.ones(1, requires_grad=True).mul(2).requires_grad


def test_minilm_takes_512_tokens_and_no_more() -> None:
    encoder = minilm().encoder
    (longest,) = encoder.encode(["dog " * 510])
    assert longest.vectors.shape == (512, 384)
    with pytest.raises(InputError, match="has 513 tokens, but this model accepts at most 512"):
        encoder.encode(["dog " * 511])
    (cut,) = encoder.encode(["dog " * 511], truncate=True)
    np.testing.assert_array_equal(cut.vectors, longest.vectors)
