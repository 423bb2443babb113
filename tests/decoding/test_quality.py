"""BLEU, chrF and TER: sacreBLEU's numbers and signatures, intervals, and comparisons."""

from typing import Any

import pytest
import sacrebleu

from glassformer.decoding.quality import bleu_tokenizer, check_bleu_tokenizer, measure
from glassformer.errors import InputError, UsageError

REFERENCES = ["a dog ate the food .", "it was hungry", "the food was tasty and cold", "dog eat dog"]
GOOD = ["a dog ate the food .", "it was so hungry", "the food was tasty", "dog eats dog"]
BAD = ["food", "it", "the tasty", "eat"]


def test_scores_are_those_of_sacrebleu() -> None:
    bleu, chrf, ter = measure(GOOD, [REFERENCES, BAD], resamples=0)
    assert [one.name for one in (bleu, chrf, ter)] == ["BLEU", "chrF", "TER"]
    expected = sacrebleu.corpus_bleu(GOOD, [REFERENCES, BAD]).score
    assert bleu.score == expected > 0.0
    assert chrf.score == sacrebleu.corpus_chrf(GOOD, [REFERENCES, BAD]).score
    assert ter.score == sacrebleu.corpus_ter(GOOD, [REFERENCES, BAD]).score
    assert bleu.signature.startswith("nrefs:2|case:mixed|eff:no|tok:13a|smooth:exp|version:")
    assert {one.interval for one in (bleu, chrf, ter)} == {None}


def test_the_interval_is_that_of_sacrebleu() -> None:
    (bleu, *_) = measure(GOOD, [REFERENCES], resamples=53)
    metric = sacrebleu.BLEU()
    expected = metric.corpus_score(GOOD, [REFERENCES], n_bootstrap=53)
    assert bleu.score == expected.score
    assert bleu.mean == pytest.approx(expected._mean, abs=1e-3)
    assert bleu.interval == pytest.approx(expected._ci, abs=1e-3)
    assert "|bs:53|seed:12345|" in bleu.signature
    assert bleu.against is None


def test_the_better_one_is_found_out() -> None:
    for one in measure(GOOD * 7, [REFERENCES * 7], resamples=101, against=BAD * 7):
        (alone,) = [
            x for x in measure(BAD * 7, [REFERENCES * 7], resamples=0) if x.name == one.name
        ]
        assert one.against is not None
        assert one.against.score == alone.score
        assert one.against.difference == one.score - alone.score
        assert (one.against.difference < 0) == (one.name == "TER")
        assert one.against.p < 0.05


def test_no_difference_is_no_surprise() -> None:
    for one in measure(GOOD, [REFERENCES], resamples=31, against=list(GOOD)):
        assert one.against is not None
        assert (one.against.difference, one.against.p) == (0.0, 1.0)


def test_languages_without_spaces_are_cut_for_ter_too() -> None:
    texts, references = ["狗吃了饭"], [["狗吃饭"]]
    bleu, _, ter = measure(texts, references, resamples=0, tokenize="zh")
    assert "|tok:zh|" in bleu.signature
    assert "|norm:yes|punct:yes|asian:yes|" in ter.signature
    assert ter.score == pytest.approx(100.0 / 3)


@pytest.mark.parametrize(
    ("arguments", "error", "complaint"),
    [
        (([], [[]]), InputError, "0 translations and 0 in reference 1"),
        ((["a"], [["a"], ["a", "b"]]), InputError, "1 translations and 2 in reference 2"),
        ((["a"], [["a"]], {"against": []}), InputError, "1 translations and 0 in against"),
        ((["a"], [["a"]], {"resamples": 1}), UsageError, "at least 2, but is 1"),
        ((["a"], [["a"]], {"resamples": 0, "against": ["b"]}), UsageError, "but is 0"),
        ((["a"], [["a"]], {"tokenize": "no"}), UsageError, "there is no BLEU tokenizer 'no'"),
    ],
)
def test_what_cannot_be_measured(
    arguments: tuple[Any, ...], error: type[Exception], complaint: str
) -> None:
    hypotheses, references, *options = arguments
    with pytest.raises(error, match=complaint):
        measure(hypotheses, references, **(options[0] if options else {}))


@pytest.mark.parametrize("name", ["13a", "zh", "char", "none"])
def test_text_is_counted_as_it_is_cut(name: str) -> None:
    (bleu,) = measure(["a"], [["a"]], tokenize=name, resamples=0, measures=["BLEU"])
    assert f"tok:{name}|" in bleu.signature


def test_a_way_to_cut_text_that_there_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    check_bleu_tokenizer("13a")
    with pytest.raises(UsageError) as caught:
        check_bleu_tokenizer("word")
    said = "there is no BLEU tokenizer 'word'; choose one of none, zh, 13a, "
    assert str(caught.value).startswith(said)

    def missing(**options: Any) -> Any:
        raise RuntimeError("\nit needs a package:\n\n    pip install sacrebleu[ja]\n")

    monkeypatch.setattr(sacrebleu, "BLEU", missing)
    with pytest.raises(UsageError) as caught:
        check_bleu_tokenizer("ja-mecab")
    assert str(caught.value) == (
        "the BLEU tokenizer 'ja-mecab' is not available: it needs a package: pip install "
        "sacrebleu[ja]"
    )


@pytest.mark.parametrize(
    ("tag", "name"),
    [
        (None, "13a"),
        ("de", "13a"),
        ("zh", "zh"),
        ("zh_CN", "zh"),
        ("ZH-Hant", "zh"),
        ("ja", "char"),
        ("zha", "13a"),
    ],
)
def test_each_language_has_its_tokenizer(tag: str | None, name: str) -> None:
    assert bleu_tokenizer(tag) == name
    measure(["a"], [["a"]], tokenize=name, resamples=0)
