"""Scores of a model on a dev set: sacreBLEU's own, and a loss that is the model's probabilities."""

import json
import logging
import math
from pathlib import Path
from typing import Any

import pytest
import sacrebleu
import torch
from narrowing import part_of
from torch import nn
from training.tiny import (
    ROLES,
    TAGGED_ROLES,
    TAGGED_TOKENIZER,
    TAGS,
    TOKENIZER,
    made_examples,
    made_pairs,
    model_config,
    new_model,
)

from glassformer.decoding.search import SearchConfig
from glassformer.decoding.translator import Translator
from glassformer.errors import UsageError
from glassformer.model.transformer import Transformer
from glassformer.training.learning.evaluation import (
    DevPair,
    DevScores,
    Evaluator,
    TargetScores,
)
from glassformer.training.learning.learner import Collator

PAIRS = 13


def evaluator(folder: Path, model: Transformer, **changes: Any) -> Evaluator:
    tags = TAGS if model.config.tags else ()
    tokenizer, roles = (TAGGED_TOKENIZER, TAGGED_ROLES) if tags else (TOKENIZER, ROLES)
    examples = made_examples(folder, PAIRS, tags=tags)
    options = {"micro_batch_tokens": 31, "bleu_tokenize": None, "pretokenized": False, "samples": 3}
    return Evaluator(
        model,
        Translator(model, tokenizer, tokenizer),
        changes.pop("pairs", dev_pairs(tags)),
        examples,
        Collator(
            examples,
            padding=roles.padding,
            end=roles.end,
            starts=[token for _, token in roles.tags] or [roles.start],
        ),
        **{**options, **changes},
    )


def dev_pairs(tags: tuple[str, ...] = ()) -> list[DevPair]:
    return [DevPair(pair.source, pair.target, pair.tag) for pair in made_pairs(PAIRS, tags=tags)]


def translated(model: Transformer, pairs: list[DevPair], beam_size: int = 1) -> list[str]:
    tokenizer = TAGGED_TOKENIZER if model.config.tags else TOKENIZER
    translator = Translator(model, tokenizer, tokenizer)
    found = translator.translate_stream(
        [pair.source for pair in pairs],
        to=[pair.tag for pair in pairs],
        search=SearchConfig(beam_size=beam_size),
    )
    return [one.text for one in found]


# The loss


def negative_log_probabilities(model: Transformer, pairs: list[DevPair]) -> list[float]:
    """-log p of each target token, one pair at a time, end tokens included."""
    tokenizer, roles = (TAGGED_TOKENIZER, TAGGED_ROLES) if model.config.tags else (TOKENIZER, ROLES)
    found = []
    for pair in pairs:
        source = torch.tensor([list(tokenizer.encode(pair.source).ids)])
        target = tokenizer.encode_target(pair.target)
        start = dict(roles.tags)[pair.tag] if pair.tag else roles.start
        logits = model(source, torch.tensor([[start, *target]]))
        p = model.probabilities(logits)[0]
        found += [-math.log(p[place, token]) for place, token in enumerate([*target, roles.end])]
    return found


@pytest.mark.parametrize("tags", [False, True])
@pytest.mark.parametrize("tokens", [1, 31, 10**6])
def test_the_loss_is_the_mean_of_minus_log_p(tmp_path: Path, tags: bool, tokens: int) -> None:
    model = new_model(model_config(tags=tags, dropout=0.3, output_bias=True))
    measured = evaluator(tmp_path, model, micro_batch_tokens=tokens).measure(
        sentences=1, beam_size=1
    )
    with torch.no_grad():
        expected = negative_log_probabilities(model.eval(), dev_pairs(TAGS if tags else ()))
    assert measured.loss == pytest.approx(sum(expected) / len(expected), rel=1e-5)
    record = measured.to_json()
    assert record["loss"] == measured.loss
    assert record["perplexity"] == pytest.approx(math.exp(measured.loss))


@pytest.mark.parametrize("tokens", [1, 31, 10**6])
def test_the_spread_is_the_share_of_r_that_its_mean_leaves(tmp_path: Path, tokens: int) -> None:
    model = new_model().eval()
    measured = evaluator(tmp_path, model, micro_batch_tokens=tokens).measure(
        sentences=1, beam_size=1
    )
    apart = whole = 0.0
    for pair in dev_pairs():
        source = torch.tensor([list(TOKENIZER.encode(pair.source).ids)])
        with torch.no_grad():
            r = model.encode(source)[0].numpy()
        if len(r) > 1:
            apart += float(((r - r.mean(0)) ** 2).sum())
            whole += float((r**2).sum())
    assert measured.spread == pytest.approx(apart / whole, rel=1e-4)
    assert measured.to_json()["spread"] == measured.spread


def test_an_encoder_that_gives_all_positions_the_same_has_no_spread(tmp_path: Path) -> None:
    model = new_model()
    with torch.no_grad():
        last = part_of(model.encoder.layers[-1], "add_norm_2.norm", nn.LayerNorm)
        last.weight.zero_()
        last.bias.fill_(1.0)
    assert evaluator(tmp_path, model).measure(sentences=1, beam_size=1).spread == 0.0


@pytest.mark.parametrize("training", [True, False])
def test_measuring_changes_nothing(tmp_path: Path, training: bool) -> None:
    model = new_model(model_config(dropout=0.3)).train(training)
    before = {name: weight.clone() for name, weight in model.state_dict().items()}
    made = evaluator(tmp_path, model)
    torch.manual_seed(7)
    state = torch.get_rng_state()
    first = made.measure(sentences=5, beam_size=1)
    assert torch.equal(torch.get_rng_state(), state)
    assert made.measure(sentences=5, beam_size=1) == first
    assert {module.training for module in model.modules()} == {training}
    assert all(weight.grad is None for weight in model.parameters())
    for name, weight in model.state_dict().items():
        assert torch.equal(weight, before[name])


def test_an_error_puts_the_model_back_into_training(tmp_path: Path) -> None:
    model = new_model().train()
    with pytest.raises(UsageError):
        evaluator(tmp_path, model, bleu_tokenize="word").measure(sentences=1, beam_size=1)
    assert model.training


# BLEU and chrF


@pytest.mark.parametrize(("sentences", "beam_size"), [(None, 1), (None, 3), (7, 1)])
def test_scores_are_those_of_sacrebleu(
    tmp_path: Path, sentences: int | None, beam_size: int
) -> None:
    model = new_model().eval()
    pairs = dev_pairs()
    # References that are partly right, so that the score is neither 0 nor 100.
    texts = translated(model, pairs, beam_size)
    pairs = [
        pair._replace(target=text if place % 2 else f"{text} {pair.target}")
        for place, (pair, text) in enumerate(zip(pairs, texts, strict=True))
    ]
    made = evaluator(tmp_path, model, pairs=pairs)
    measured = made.measure(sentences=sentences, beam_size=beam_size)
    references = [[pair.target for pair in pairs][:sentences]]
    bleu, chrf = sacrebleu.BLEU(), sacrebleu.CHRF()
    scores = measured.targets["target"]
    assert scores.bleu == bleu.corpus_score(texts[:sentences], references).score
    assert scores.chrf == chrf.corpus_score(texts[:sentences], references).score
    assert 0.0 < scores.bleu < 100.0
    assert scores.bleu_signature == str(bleu.get_signature())
    assert "tok:13a" in scores.bleu_signature
    assert scores.chrf_signature == str(chrf.get_signature())
    assert scores.pairs == len(references[0])
    assert measured.samples == [
        {"source": pair.source, "reference": pair.target, "translation": text}
        for pair, text in zip(pairs[:3], texts, strict=False)
    ]


def test_every_target_has_scores_of_its_own(tmp_path: Path) -> None:
    model = new_model(model_config(tags=True)).eval()
    measured = evaluator(tmp_path, model, samples=2).measure(sentences=5, beam_size=1)
    assert set(measured.targets) == set(TAGS)
    for tag in TAGS:
        pairs = [pair for pair in dev_pairs(TAGS) if pair.tag == tag][:5]
        texts = translated(model, pairs)
        expected = sacrebleu.CHRF().corpus_score(texts, [[pair.target for pair in pairs]])
        assert measured.targets[tag].chrf == expected.score
        assert measured.targets[tag].pairs == 5
        for pair, text in list(zip(pairs, texts, strict=True))[:2]:
            sample = {"source": pair.source, "reference": pair.target, "translation": text}
            assert sample in measured.samples
    assert len(measured.samples) == 4


@pytest.mark.parametrize("tags", [False, True])
def test_pairs_without_near_duplicates_have_scores_of_their_own(tmp_path: Path, tags: bool) -> None:
    model = new_model(model_config(tags=tags)).eval()
    pairs = [
        pair._replace(near=place % 3 == 0)
        for place, pair in enumerate(dev_pairs(TAGS if tags else ()))
    ]
    measured = evaluator(tmp_path, model, pairs=pairs).measure(sentences=None, beam_size=1)
    plain = evaluator(tmp_path, model, pairs=[pair._replace(near=None) for pair in pairs]).measure(
        sentences=None, beam_size=1
    )
    for tag in TAGS if tags else (None,):
        scores = measured.targets[tag or "target"]
        mine = [pair for pair in pairs if pair.tag == tag]
        apart = [pair for pair in mine if not pair.near]
        assert scores.near_duplicates == len(mine) - len(apart) > 0
        without = scores.without_near_duplicates
        assert without is not None
        references = [[pair.target for pair in apart]]
        texts = translated(model, apart)
        assert without.bleu == sacrebleu.BLEU().corpus_score(texts, references).score
        assert without.chrf == sacrebleu.CHRF().corpus_score(texts, references).score
        assert without.pairs == len(apart)
        record = scores.to_json()
        assert record["near_duplicates"] == scores.near_duplicates
        assert record["without_near_duplicates"] == without.to_json()
        # The rest is as it is where nobody looked for near-duplicates, and says nothing of them.
        before = plain.targets[tag or "target"].to_json()
        assert {key: record[key] for key in before} == before
        assert not any("near" in key for key in before)


def test_where_all_have_a_near_duplicate_there_is_no_score_without(tmp_path: Path) -> None:
    pairs = [pair._replace(near=True) for pair in dev_pairs()]
    made = evaluator(tmp_path, new_model(), pairs=pairs)
    record = made.measure(sentences=7, beam_size=1).to_json()["targets"]["target"]
    assert record["near_duplicates"] == record["pairs"] == 7
    assert record["without_near_duplicates"] is None


def test_a_source_longer_than_the_model_takes_ends_no_training(tmp_path: Path) -> None:
    pairs = [*dev_pairs(), DevPair("dog " * 101 + "cat", "cat", None), DevPair("cat", "cat", None)]
    measured = evaluator(tmp_path, new_model(), pairs=pairs).measure(sentences=None, beam_size=1)
    assert measured.targets["target"].pairs == len(pairs)


def test_cut_text_is_scored_as_it_stands(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    pairs = [DevPair("dog", "dog .", None)] * 101
    made = evaluator(tmp_path, new_model(), pairs=pairs, pretokenized=True)
    with caplog.at_level(logging.WARNING):
        measured = made.measure(sentences=None, beam_size=1)
        made._score(["dog ."] * 101, ["dog ."] * 101, None)  # sacreBLEU asks whether this is meant
    assert "tok:none" in measured.targets["target"].bleu_signature
    assert not caplog.records


def test_the_tokenizer_may_be_chosen(tmp_path: Path) -> None:
    made = evaluator(tmp_path, new_model(), bleu_tokenize="char", pretokenized=True)
    measured = made.measure(sentences=3, beam_size=1)
    assert "tok:char" in measured.targets["target"].bleu_signature


# What is written down


def test_the_record_is_json_with_means_over_the_targets() -> None:
    def scores(bleu: float, chrf: float) -> TargetScores:
        return TargetScores(bleu, chrf, "b", "c", 7)

    measured = DevScores(2.0, 0.5, {"de": scores(30.111, 50.0), "fr": scores(40.0, 53.0)}, [])
    record = json.loads(json.dumps(measured.to_json(), allow_nan=False))
    assert (record["bleu"], record["chrf"]) == (35.06, 51.5)
    assert record["targets"]["de"] == {
        "bleu": 30.11,
        "chrf": 50.0,
        "bleu_signature": "b",
        "chrf_signature": "c",
        "pairs": 7,
    }
    assert record["perplexity"] == pytest.approx(math.exp(2.0))


def test_a_huge_loss_still_has_a_perplexity_that_json_can_hold() -> None:
    measured = DevScores(1e6, None, {"de": TargetScores(0.0, 0.0, "b", "c", 7)}, [])
    json.dumps(measured.to_json(), allow_nan=False)
