"""Real sentences, alone and in company: the same translations, but for true ties.

Two searches part where their candidates differ for the first time. If what each of them preferred
there is as likely as the other's, within 1e-5 in float64, it is a tie, which rounding decides.
"""

import gzip
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
import torch
from everyday_for_tests import everyday

from glassformer.decoding.hypotheses import Candidate
from glassformer.decoding.search import SearchConfig
from glassformer.decoding.translator import Translation
from glassformer.library import Glassformer, load

DATA = Path(__file__).parents[3] / "shared" / "data" / "multi30k-bpe-en-de"
TIE = 1e-5
History = Sequence[Sequence[Candidate]]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Glassformer:
    """A model that has learned for two minutes: it has opinions, and many doubts."""
    folder = tmp_path_factory.mktemp("any-company") / "model"
    settings = {
        "text.tokenizer": "whitespace",
        "text.joiner": "@@ ",
        "model.preset": "tiny",
        "training.max_updates": 400,
        "training.warmup": 200,
        "training.learning_rate": 0.005,
        "training.evaluate_every": 400,
        "training.average": 1,
        "dev.sentences": 10,
    }
    command = [sys.executable, "-m", "glassformer", "train", "--quiet"]
    command += [str(DATA / f"train.{side}.gz") for side in ("en", "de")]
    command += ["--dev", *(str(DATA / f"valid.{side}.gz") for side in ("en", "de"))]
    command += ["--output", str(folder)]
    for key, value in settings.items():
        command += ["--set", f"{key}={value}"]
    subprocess.run(command, check=True)
    return load(folder)


@pytest.fixture(scope="module")
def sentences() -> list[str]:
    with gzip.open(DATA / "test.2016.en.gz", "rt", encoding="utf-8") as file:
        lines = [line.rstrip("\n") for line in file]
    assert len(lines) == 1000
    return lines


@pytest.mark.parametrize("beam", [1, 4])
def test_the_same_in_any_company_every_day(beam: int) -> None:
    """The model in the box, each sentence into one of its three languages."""
    sentences = everyday("en")[::3]
    to: list[str | None] = [("fr", "de", "zh")[place % 3] for place in range(len(sentences))]
    same_in_any_company(load(), sentences, beam, to)


@pytest.mark.slow
@pytest.mark.skipif(not DATA.is_dir(), reason="the captions of Multi30k in ../shared are not here")
@pytest.mark.parametrize("beam", [1, 4])
def test_the_same_in_any_company(model: Glassformer, sentences: list[str], beam: int) -> None:
    texts = same_in_any_company(model, sentences, beam, [None] * len(sentences))
    assert len(texts) > 300  # it does listen


def same_in_any_company(
    model: Glassformer, sentences: list[str], beam: int, to: Sequence[str | None]
) -> set[str]:
    """The translations, after a look at every one that differs in one of three companies."""
    search = SearchConfig(beam_size=beam, history=True)
    alone, seven, many = (
        list(model.translator.translate_stream(sentences, to=to, search=search, batch_size=size))
        for size in (1, 7, 64)
    )
    differ = [
        (place, one)
        for other in (seven, many)
        for place, (one, of_alone) in enumerate(zip(other, alone, strict=True))
        if one.ids != of_alone.ids
    ]
    assert len({place for place, _ in differ}) <= 1
    for place, one in differ:
        apart = gap(model, sentences[place], to[place], alone[place], one)
        assert apart <= TIE, sentences[place]
    return {one.text for one in alone}


def gap(
    model: Glassformer, source: str, to: str | None, one: Translation, other: Translation
) -> float:
    """How far apart, in float64, the candidates are at the step where two searches part."""
    paths: list[list[tuple[int, ...]]] = [[()], [()]]
    for steps in zip(one.history, other.history, strict=False):
        found = [
            [((*kept[x.parent], x.token), x.fate) for x in step]
            for kept, step in zip(paths, steps, strict=True)
        ]
        fates = [dict(side) for side in found]
        both = {**fates[0], **fates[1]}
        disputed = [tokens for tokens in both if fates[0].get(tokens) != fates[1].get(tokens)]
        if disputed:
            scores = [exact_score(model, source, to, tokens) for tokens in disputed]
            return max(scores) - min(scores)
        paths = [[tokens for tokens, fate in side if fate == "kept"] for side in found]
    # The same candidates throughout: the choice among what ended is the tie.
    scores = [exact_score(model, source, to, (*x.ids, end_of(model))) for x in (one, other)]
    penalized = [
        SearchConfig().penalized(score, len(x.ids) + 1)
        for score, x in zip(scores, (one, other), strict=True)
    ]
    return abs(penalized[0] - penalized[1])


def end_of(model: Glassformer) -> int:
    assert model.config.end is not None
    return model.config.end


@torch.no_grad()
def exact_score(model: Glassformer, source: str, to: str | None, tokens: tuple[int, ...]) -> float:
    """The log-probability of these tokens, in float64."""
    double = load(model.name, precision="float64")
    start = double.translator.start_of(to)
    ids = torch.tensor([double.tokenizer.encode(source).ids])
    logits = double.model(ids, torch.tensor([[start, *tokens[:-1]]]))
    rows = double.model.probabilities(logits)[0].log()
    return float(rows.gather(1, torch.tensor(tokens)[:, None]).sum())
