"""Pairs of texts and names of special tokens, from the methods of a model to the commands."""

import functools
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tokenizers
import torch
from models_for_tests import encoder_config, loaded, random_model, stack, translator_config
from schemas_for_tests import check
from tokenizers import models, normalizers, pre_tokenizers, processors

from glassformer.cli import run
from glassformer.errors import InputError, UsageError
from glassformer.inspection.trace import Trace
from glassformer.library import (
    Glassformer,
    encode_file,
    report,
    score_file,
    trace_file,
    translate_file,
)
from glassformer.messages import Caution
from glassformer.pretrained.folder import write_model
from glassformer.text.tokenizer import Tokenizer

SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
WORDS = ["a", "dog", "ate", "the", "food", "it", "was", "hungry", "[", "]", "mask"]
TEXT, PAIR = "a dog ate the food", "it was hungry"


def tokenizer(second: int = 1) -> tokenizers.Tokenizer:
    """A word a token, as BERT cuts; `second` is the type of the second text's tokens."""
    vocabulary = {token: id for id, token in enumerate([*SPECIAL, *WORDS])}
    backend = tokenizers.Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    backend.normalizer = normalizers.Lowercase()
    backend.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    backend.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair=f"[CLS] $A [SEP] $B:{second} [SEP]:{second}",
        special_tokens=[("[CLS]", 2), ("[SEP]", 3)],
    )
    backend.add_special_tokens(SPECIAL)
    return backend


def config(token_types: int) -> Any:
    return encoder_config(encoder=stack(vocabulary=16, token_types=token_types))


@functools.cache
def bert(token_types: int = 2, second: int = 1) -> Glassformer:
    model = random_model(config(token_types))
    return Glassformer(model, Tokenizer(tokenizer(second)), name="tiny")


@functools.cache
def translator() -> Glassformer:
    return loaded(translator_config())


# Pairs


def test_a_pair_is_what_the_model_makes_of_its_tokens_and_types() -> None:
    found = bert().encode(TEXT, pair=PAIR)
    assert (found.text, found.pair) == (TEXT, PAIR)
    assert found.tokens == ("[CLS]", *TEXT.split(), "[SEP]", *PAIR.split(), "[SEP]")
    assert found.words == (*TEXT.split(), *PAIR.split())
    assert found.tokenized.type_ids == (0,) * 7 + (1,) * 4
    with torch.no_grad():
        expected = bert().model.encode(
            torch.tensor([list(found.tokenized.ids)]),
            type_ids=torch.tensor([found.tokenized.type_ids]),
        )
    np.testing.assert_array_equal(found.vectors, expected[0].numpy())


def test_several_texts_have_one_pair_or_one_each() -> None:
    one_each = bert().encode([TEXT, "a dog"], pair=iter([PAIR, "it ate"]))
    assert [found.pair for found in one_each] == [PAIR, "it ate"]
    for found in one_each:
        alone = bert().encode(found.text, pair=found.pair)
        np.testing.assert_allclose(found.vectors, alone.vectors, atol=1e-5)
    for_all = bert().encode([TEXT, "a dog"], pair=PAIR)
    assert [found.pair for found in for_all] == [PAIR, PAIR]
    traces = bert().inspect([TEXT, "a dog"], pair=[PAIR, "it ate"])
    assert [trace.source.pair for trace in traces] == [PAIR, "it ate"]
    for trace, found in zip(traces, one_each, strict=True):
        np.testing.assert_allclose(trace["encoder"], found.vectors, atol=1e-5)


@pytest.mark.parametrize("pair", [[PAIR], [PAIR] * 3], ids=["fewer", "more"])
def test_there_are_as_many_second_texts_as_texts(pair: list[str]) -> None:
    for ask in (bert().encode, bert().inspect):
        with pytest.raises(UsageError, match="pair must be one text for all or one for each"):
            ask([TEXT, "a dog"], pair=pair)


def test_a_second_text_that_is_none_is_refused_with_its_place() -> None:
    with pytest.raises(InputError, match=r"pair\[1\] must be a text .* but is None"):
        bert().encode([TEXT, TEXT], pair=iter([PAIR, None]))  # type: ignore[arg-type]
    with pytest.raises(InputError, match=r"text 2: the text is blank"):
        bert().encode([TEXT, TEXT], pair=[PAIR, " "])


def test_a_pair_that_is_too_long_is_refused_with_its_place_or_cut() -> None:
    long = "a " * 60
    with pytest.raises(InputError, match=r"text 2: the text has 68 tokens"):
        bert().encode([TEXT, TEXT], pair=[PAIR, long])
    cut = bert().encode(TEXT, pair=long, truncate=True)
    assert len(cut.tokens) == 41
    assert cut.tokenized.type_ids == (0,) * 7 + (1,) * 34


@pytest.mark.parametrize("token_types", [0, 1])
def test_a_model_that_cannot_tell_two_texts_apart_takes_no_pair(token_types: int) -> None:
    for ask in (bert(token_types).encode, bert(token_types).inspect):
        with pytest.raises(UsageError, match=f"has {token_types} token types"):
            ask(TEXT, pair=PAIR)
    found = bert(token_types, second=0).encode(TEXT, pair=PAIR)  # as RoBERTa's tokenizer does
    assert found.tokens == ("[CLS]", *TEXT.split(), "[SEP]", *PAIR.split(), "[SEP]")
    assert found.vectors.shape == (11, 14)


def test_a_model_that_translates_takes_no_pair() -> None:
    with pytest.raises(UsageError, match="reads one text at a time: leave pair out"):
        translator().inspect("a dog", to="fr", pair="it ate")
    with pytest.raises(UsageError, match="reads one text at a time: leave pair out"):
        translator().report("a dog", pair="it ate")
    with pytest.raises(UsageError, match="no separator for two texts"):
        translator().encode("a dog", pair="it ate")


def test_pictures_show_the_words_of_both_texts() -> None:
    trace = bert().inspect(TEXT, pair=PAIR)
    assert trace.source.type_ids == (0,) * 7 + (1,) * 4
    view = trace.attention(layer=1, head=1, word="hungry").view
    assert view.keys == (*TEXT.split(), *PAIR.split())
    (place,) = {link.from_ for link in view.links}
    assert view.queries[place] == "hungry"
    weights = trace["encoder.layers.0.self_attention.weights"][0]
    to_dog = next(link.weight for link in view.links if view.keys[link.to] == "dog")
    assert to_dog == pytest.approx(float(weights[9, 2]))  # after [CLS], five words and [SEP]
    assert "hungry" in trace.grid().svg()
    assert "hungry" in trace.attention(layer=1, head=1).svg()


def test_a_report_of_a_pair_says_which_token_is_of_which_text() -> None:
    found = bert().report(TEXT, pair=PAIR)
    data = found.to_json()
    check(data, "glassformer.inspect/2")
    assert data["type_ids"] == [0] * 7 + [1] * 4
    assert data["words"] == [*TEXT.split(), *PAIR.split()]
    assert data["representation"]["shape"] == [11, 14]
    assert "type_ids" not in bert().report(TEXT).to_json()
    row = bert().report(TEXT, pair=PAIR, explain="encoder.embedding.token_types", at=(8, 2))
    assert row.to_json()["operands"]["row"] == 1


@pytest.mark.parametrize("setting", [{"pair": PAIR}, {"special_tokens": "parse"}])
def test_a_moment_of_a_training_has_no_use_for_them(setting: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match=next(iter(setting))):
        report(TEXT, at_step=3, **setting)


# Special tokens


@pytest.mark.parametrize("method", ["inspect", "report"])
def test_a_note_says_that_a_special_token_is_read_as_text(method: str) -> None:
    ask = getattr(bert(), method)
    (note,) = ask("a [MASK] ate [MASK], [SEP]").notes
    assert not isinstance(note, Caution)
    assert str(note) == (
        "names of special tokens in the text are read as ordinary text: [MASK], [SEP]; "
        'with special_tokens="parse" they are read as these tokens'
    )
    assert ask("a [MASK] ate", special_tokens="parse").notes == ()
    assert ask("a mask ate").notes == ()


def test_a_note_on_the_second_text_of_a_pair() -> None:
    (note,) = bert().inspect(TEXT, pair="it was [MASK]").notes
    assert note.fields["tokens"] == ("[MASK]",)


def test_parsed_tokens_are_tokens_and_no_words() -> None:
    as_text = bert().encode("a [MASK] ate")
    assert as_text.tokens == ("[CLS]", "a", "[", "mask", "]", "ate", "[SEP]")
    parsed = bert().encode("a [MASK] ate", special_tokens="parse")
    assert parsed.tokens == ("[CLS]", "a", "[MASK]", "ate", "[SEP]")
    assert parsed.words == ("a", "ate")
    trace = bert().inspect("a [MASK] ate", special_tokens="parse")
    assert trace.source.tokens == parsed.tokens
    np.testing.assert_allclose(trace["encoder"], parsed.vectors, atol=1e-5)


def test_what_else_special_tokens_could_be_is_refused() -> None:
    with pytest.raises(UsageError, match="special_tokens must be one of text, parse, but is 'no'"):
        bert().report(TEXT, special_tokens="no")  # type: ignore[arg-type]


# Files and commands


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> str:
    place = tmp_path_factory.mktemp("bert")
    write_model(place, random_model(config(2)), tokenizer().to_str())
    return str(place)


def test_lines_of_a_file_are_noted_with_their_place_or_parsed(tmp_path: Path) -> None:
    lines = tmp_path / "a.txt"
    lines.write_text("a dog\nthe [MASK]\nit [SEP] ate\n", encoding="utf-8")
    done = encode_file(lines, tmp_path / "a.npz", model=bert())
    (note,) = done.notes
    assert str(note).startswith(f"{lines}, line 2 (and 1 more): names of special tokens")
    parsed = encode_file(lines, tmp_path / "b.npz", model=bert(), special_tokens="parse")
    assert parsed.notes == ()
    with np.load(tmp_path / "b.npz") as arrays:
        assert "[MASK]" in arrays["tokens"]
    names = ["encoder.embedding"]
    traced = trace_file(lines, tmp_path / "t", names=names, model=bert(), special_tokens="parse")
    assert traced.notes == ()
    second = Trace.load(tmp_path / "t" / "000002.safetensors")
    assert second.source.tokens == ("[CLS]", "the", "[MASK]", "[SEP]")
    (note,) = trace_file(lines, tmp_path / "u", names=names, model=bert()).notes
    assert "line 2 (and 1 more)" in str(note)


class Stream:
    """Where translations are written to."""

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str, /) -> None:
        self.text += text

    def flush(self) -> None:
        pass


@functools.cache
def pieces() -> Glassformer:
    """A model that translates, whose tokenizer can read the names of special tokens as text."""
    model = random_model(translator_config(encoder=stack(vocabulary=16), tie_embeddings=False))
    own = translator()
    return Glassformer(model, Tokenizer(tokenizer()), name="two", target_tokenizer=own.tokenizer)


def test_translations_and_scores_note_or_parse_names_in_their_sources() -> None:
    texts, parsed = Stream(), Stream()
    done = translate_file(["a dog", "a [MASK]"], texts, model=pieces(), to="fr", format="jsonl")
    (note,) = done.notes
    assert str(note).startswith("text 2: names of special tokens")
    first, second = map(json.loads, texts.text.splitlines())
    assert first["notes"] == []
    assert second["notes"][0]["fields"]["tokens"] == ["[MASK]"]
    options: dict[str, Any] = {"model": pieces(), "to": "fr", "special_tokens": "parse"}
    assert translate_file(["a dog", "a [MASK]"], parsed, format="text", **options).notes == ()
    whole = pieces().translate("a [MASK]", to="fr", special_tokens="parse")
    assert parsed.text.splitlines()[1] == whole.text

    scored = Stream()
    total = score_file(
        write=scored.write, text=["a [MASK]"], target=["dog"], model=pieces(), to="fr"
    )
    (note,) = total.notes
    assert str(note).startswith("text 1: names of special tokens")
    total = score_file(write=scored.write, text=["a [MASK]"], target=["dog"], **options)
    assert total.notes == ()
    expected = pieces().score("a [MASK]", "dog", to="fr", special_tokens="parse").score
    assert float(scored.text.splitlines()[1].split("\t")[0]) == pytest.approx(expected, abs=1e-5)
    assert expected != pytest.approx(pieces().score("a [MASK]", "dog", to="fr").score, abs=1e-3)


def test_inspect_takes_a_pair(folder: str, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["inspect", TEXT, "--pair", PAIR, "--model", folder, "--format", "json"]
    assert run(command) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["tokens"] == ["[CLS]", *TEXT.split(), "[SEP]", *PAIR.split(), "[SEP]"]
    assert data["type_ids"] == [0] * 7 + [1] * 4


def test_commands_say_which_option_parses(
    folder: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    inspect = ["inspect", "a [MASK]", "--model", folder, "--format", "json"]
    encode = ["encode", "--text", "a [MASK]", "--model", folder, "--output"]
    for number, command in enumerate([inspect, [*encode, str(tmp_path / "a.npz")]]):
        assert run(command) == 0
        said = capsys.readouterr().err
        assert "text: [MASK]; with --parse-special they are read as these tokens" in said, number
    for command in [inspect, [*encode, str(tmp_path / "b.npz")]]:
        assert run([*command, "--parse-special"]) == 0
        assert "names of special tokens" not in capsys.readouterr().err


def test_pairs_are_for_one_sentence(
    folder: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["inspect", "a.txt", "--names", "encoder", "--pair", PAIR, "--model", folder]
    assert run([*command, "--output", str(tmp_path / "t")]) == 2
    assert "leave --pair out" in capsys.readouterr().err
