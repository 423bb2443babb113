"""The model in the box: it is there, it is small, it translates, and its card says what is true."""

import gzip
import importlib
import json
import re
from functools import cache
from pathlib import Path

import pytest
from everyday_for_tests import everyday
from sacrebleu import corpus_bleu

from glassformer.config import ModelConfig
from glassformer.decoding.quality import bleu_tokenizer
from glassformer.inspection.watch_file import read_watch
from glassformer.library import Glassformer, load
from glassformer.pretrained.files import BOX, find_packaged
from glassformer.training.corpus.near_duplicates import have_near_duplicates
from glassformer.training.learning.estimates import parameters_of

SENTENCE = "a dog ate the food because it was hungry"
ROOT = Path(__file__).parents[1]
DEV = ROOT.parent / "shared" / "data" / "tatoeba"
LANGUAGES = {"fr": "fra", "de": "deu", "zh": "cmn"}
LEAST = {"fr": 44.0, "de": 38.0, "zh": 33.0}
LEAST_OF_EVERYDAY = {"fr": 62.0, "de": 59.0, "zh": 46.0}
TRANSLATIONS = {
    "fr": "Un chien a mangé la nourriture parce qu'il avait faim.",
    "de": "Ein Hund hat das Essen gegessen, weil es hungrig war.",
    "zh": "一只狗吃了食物，因为饿了。",
}
"""What docs/box-model.md and the README show."""


@cache
def box() -> Glassformer:
    return load()


def folder() -> Path:
    found = find_packaged(BOX)
    assert found is not None
    return found


def card() -> str:
    return (folder() / "card.md").read_text(encoding="utf-8")


def test_it_is_the_transformer_of_the_article() -> None:
    config = box().config
    assert config.encoder.num_layers == 6
    for stack in (config.encoder, config.stack_of("decoder")):
        assert stack.d_model // stack.num_heads == 64
        assert (stack.norm, stack.activation, stack.positions) == ("post", "relu", "sinusoidal")
        assert stack.scale_scores
    assert [tag for tag, _ in config.tags] == [*LANGUAGES]
    assert config.tie_embeddings


def test_it_is_small_and_lies_in_the_package() -> None:
    files = {path.name: path.stat().st_size for path in folder().iterdir()}
    assert {*files} == {
        "card.md",
        "config.json",
        "source.json",
        "tokenizer.json",
        "watch.safetensors",
        "weights.safetensors",
    }
    assert sum(files.values()) <= 30e6
    assert folder().is_relative_to(ROOT / "src")


def test_its_weights_take_two_bytes_each() -> None:
    config = json.loads((folder() / "config.json").read_text(encoding="utf-8"))
    del config["glassformer"]
    size = (folder() / "weights.safetensors").stat().st_size
    count = parameters_of(ModelConfig.from_dict(config))
    assert 2 * count < size < 2 * count + 50_000
    assert f"{count:,} weights" in card()


@pytest.mark.parametrize(("tag", "text"), sorted(TRANSLATIONS.items()))
def test_what_it_makes_of_the_articles_sentence(tag: str, text: str) -> None:
    assert box().translate(SENTENCE, to=tag, beam_size=4).text == text


def bleu(sources: list[str], references: list[str], tag: str) -> float:
    """Of greedy translations into this language."""
    found = box().translate(sources, to=tag, beam_size=1)
    tokenize = bleu_tokenizer(tag)
    return corpus_bleu([x.text for x in found], [references], tokenize=tokenize).score


@pytest.mark.parametrize(("tag", "least"), LEAST_OF_EVERYDAY.items())
def test_it_translates_what_is_said_every_day(tag: str, least: float) -> None:
    assert bleu(everyday("en"), everyday(tag), tag) > least


@pytest.mark.parametrize(("tag", "least"), LEAST.items())
def test_it_translates(tag: str, least: float) -> None:
    """A hundred sentences of the dev set, greedily: no measurement, but no other model either."""
    if not DEV.exists():
        pytest.skip("the dev sets in ../shared/data are not here")
    with gzip.open(DEV / f"eng-{LANGUAGES[tag]}.dev.tsv.gz", "rt", encoding="utf-8") as file:
        pairs = [line.rstrip("\n").split("\t")[:2] for line in file][:100]
    assert bleu([x for x, _ in pairs], [x for _, x in pairs], tag) > least


@pytest.mark.filterwarnings("ignore::UserWarning")  # of what it was not made for
@pytest.mark.parametrize(
    "text",
    [
        "a",
        "?!",
        "👩‍👩‍👧 🐶",
        "我饿了。",
        "שלום עולם",
        "word " * 70,
        "a\u202eb\x07",
        "ﬁne e\u0301te\u0301 \ud55c\uae00 \u1e9e \U0001f1eb\U0001f1f7",
    ],
)
def test_whatever_is_said_to_it_comes_back_as_text(text: str) -> None:
    for tag in LANGUAGES:
        found = box().translate(text, to=tag, beam_size=1)
        assert isinstance(found.text, str)
        assert "\ufffd" not in found.text


def test_the_head_on_its_card_is_the_one_that_pictures_show() -> None:
    shown = box().config.shown_head
    assert shown is not None
    assert shown.part == "encoder"
    assert f"layer {shown.layer}, head {shown.head}" in card()
    assert shown.reason in " ".join(card().split())
    view = box().inspect(SENTENCE, to="fr").attention(word="it").view
    assert view.heads == ((shown.layer, shown.head),)
    weights = {view.keys[link.to]: link.weight for link in view.links}
    assert weights["dog"] > 10 * weights["food"]


def test_the_card_says_from_what_and_how_well() -> None:
    text = card()
    for said in (
        "tatoeba.org",
        "www.manythings.org/anki",
        "CC BY 2.0 FR",
        "TransRead",
        "95 %",
        "## Limits",
        "BLEU",
        "chrF",
        "above 12 words",
    ):
        assert said in text, said
    assert "@@" not in text


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md", "docs/box-model.md", "the card"])
def test_scores_on_public_sets_come_first_and_near_duplicates_are_named(page: str) -> None:
    text = card() if page == "the card" else (ROOT / page).read_text(encoding="utf-8")
    (table,) = re.findall(r"^\|[-|]+\n(\|.*Tatoeba.*2,000.*\n(?:\|.*\n)*)", text, re.MULTILINE)
    scores = (
        ("28.5", "26.3", "27.5"),  # Tatoeba's test sets, and OPUS-MT's scores there
        ("50.5", "47.3", "30"),
        ("7.4", "5.5", "3.2"),  # FLORES-200
        ("43.2", "36.1", "31.0"),  # the dev sets without near-duplicates, and with them
        ("46.8", "40.8", "40.1"),
    )
    for row, expected in zip(table.splitlines(), scores, strict=False):
        cells = row.strip("|").split("|")[1:]
        assert all(score in cell for score, cell in zip(expected, cells, strict=True))
    assert table.count("\n") >= len(scores)
    assert re.search("near-duplicate|近似重复", table)


@pytest.mark.slow
def test_so_many_dev_sentences_have_near_duplicates(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What docs/box-model.md says, counted anew in the pairs of the recipe."""
    if not DEV.exists():
        pytest.skip("the corpora in ../shared/data are not here")
    monkeypatch.syspath_prepend(ROOT / "examples")
    recipe = importlib.import_module("box_model")
    recipe.make_pairs(tmp_path, DEV, DEV.parent / "novels-en-fr" / "eng-fra.tsv.gz")

    def english(kind: str, tag: str) -> list[str]:
        lines = (tmp_path / f"{tag}.{kind}.tsv").read_text(encoding="utf-8").split("\n")
        return [line.partition("\t")[0] for line in lines if line]

    learned = [sentence for tag in LANGUAGES for sentence in english("train", tag)]
    page = (ROOT / "docs" / "box-model.md").read_text(encoding="utf-8")
    for tag in LANGUAGES:
        near = have_near_duplicates(english("dev", tag), learned)
        share = f"{sum(near):,} of {len(near):,} ({sum(near) / len(near):.0%})".replace("%", " %")
        assert f"| {share} |" in page


def test_the_record_of_the_sentence_goes_from_the_first_update_to_the_last() -> None:
    record = read_watch(folder())
    assert record.updates[0] == 0
    assert record.updates[-1] == record.max_updates
    first, last = (record.at(update, SENTENCE, "fr") for update in (0, record.max_updates))
    assert [sentence.words for sentence in record.sentences] == [tuple(SENTENCE.split())]
    assert {*first.translations} == {*last.translations} == {*LANGUAGES}
    assert re.search("chien", last.translations["fr"]["text"])
    assert not re.search("chien", first.translations["fr"]["text"])
