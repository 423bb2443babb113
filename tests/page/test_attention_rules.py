"""The page's rules of attention are those of the library, number for number."""

import dataclasses
import json
from collections.abc import Mapping, Sequence
from importlib import resources
from typing import Any

import numpy as np
import pytest
from models_for_tests import loaded, minilm, numbered, stack, translator_config
from page_for_tests import Opener
from playwright.sync_api import Page, Route

from glassformer.errors import UsageError
from glassformer.inspection.attention import Traced, attention_view, find_word
from glassformer.requests.choosing import Heads
from glassformer.tracing.steps import attention_name
from glassformer.views import AttentionView, Unit
from glassformer.views.attention import keep_mass, keep_readable

TEXT = "a dog, ate the food because The hungry dog was hungry"
HOST = "http://localhost/"
ASSETS = resources.files("glassformer.drawing") / "assets"

VIEWS = """async ({source, weights, asked}) => {
  const rules = await import("http://localhost/attention.js");
  const words = await import("http://localhost/words.js");
  const {Numbers} = await import("http://localhost/data.js");
  const layers = weights.map(([data, shape]) => new Numbers(Float32Array.from(data), shape));
  const given = {...source, weights: async (layer) => layers[layer - 1]};
  return Promise.all(asked.map(async ({word, unit, special, mass, readable, ...state}) => {
    const among = new rules.Matrices(given, unit, special);
    try {
      let view = await rules.attentionView(among, state, words.lookedAt(among, word));
      if (readable) view = rules.keepReadable(view, mass);
      const links = view.links.map((one) => [one.layer, one.head, one.from, one.to, one.weight]);
      return {...view, matrices: null, links};
    } catch (error) {
      if (error instanceof rules.Refusal) return {refused: error.message};
      throw error;
    }
  }));
}"""
WORDS = """async ({words, asked}) => {
  const {findWord, nameOfWord} = await import("http://localhost/words.js");
  const found = asked.map((one) => {
    try { return findWord(words, one); } catch (error) { return error.message; }
  });
  return {found, names: words.map((_, index) => findWord(words, nameOfWord(words, index)))};
}"""


@pytest.fixture
def modules(page_of: Opener) -> Page:
    """A window in which the page's modules can be imported as they are."""

    def answer(route: Route) -> None:
        name = route.request.url.removeprefix(HOST)
        route.fulfill(
            body=(ASSETS / name).read_text(encoding="utf-8"),
            content_type="text/javascript",
            headers={"Access-Control-Allow-Origin": "*"},
        )

    page = page_of("<!doctype html><title>Rules</title>")
    page.route(f"{HOST}*", answer)
    return page


def asked(
    *,
    word: Sequence[str] = (),
    unit: Unit = "words",
    special: bool = False,
    mass: float | None = None,
    readable: bool = True,
    **state: Any,
) -> dict[str, Any]:
    """Settings of one picture, as the page has them."""
    chosen = {"word": [*word], "unit": unit, "special": special, "readable": readable}
    return {**chosen, **({} if mass is None else {"mass": mass}), **state}


def expected(trace: Traced, part: Any, align: Any, settings: Mapping[str, Any]) -> AttentionView:
    """What the library shows."""
    given = dict(settings)
    readable, mass = given.pop("readable"), given.pop("mass", None)
    view = attention_view(trace, part=part, align=align, **given)
    if not readable:
        return view
    return keep_readable(view) if mass is None else keep_mass(view, mass)


def of_page(
    page: Page, trace: Traced, part: Any, align: Any, settings: Sequence[Mapping[str, Any]]
) -> Any:
    """What the page's rules give for the same."""
    config = trace.config.stack_of(part)
    target = trace.target if align == "input" else trace.target_as_predicted
    queries = trace.source if part == "encoder" else target
    keys = trace.target if part == "decoder" else trace.source
    assert queries is not None
    assert keys is not None
    names = [f"{attention_name(part, layer)}.weights" for layer in range(config.num_layers)]
    card = trace.config.shown_head
    source = {
        "part": part,
        "queries": queries.to_json(),
        "keys": keys.to_json(),
        "layers": config.num_layers,
        "heads": config.num_heads,
        "card": None if card is None or card.part != part else dataclasses.asdict(card),
        "align": align,
    }
    weights = [[trace[name].ravel().tolist(), trace[name].shape] for name in names]
    return page.evaluate(VIEWS, {"source": source, "weights": weights, "asked": settings})


def check(page: Page, trace: Traced, part: Any, align: Any, settings: list[dict[str, Any]]) -> None:
    """Each picture, number for number, or the same refusal."""
    for one, seen in zip(settings, of_page(page, trace, part, align, settings), strict=True):
        try:
            view = expected(trace, part, align, one)
        except UsageError:
            assert "refused" in seen, one
            continue
        assert "refused" not in seen, (one, seen)
        for name in ("queries", "keys", "unit", "choice", "reason", "align", "strongest"):
            assert seen[name] == json.loads(json.dumps(getattr(view, name))), (one, name)
        assert seen["shownQueries"] == [*view.shown_queries]
        assert seen["shownKeys"] == [*view.shown_keys]
        assert seen["heads"] == [[*at] for at in view.heads]
        assert seen["meanOf"] == view.mean_of
        assert seen["mass"] == pytest.approx(view.mass, abs=1e-12)
        assert np.allclose(seen["hiddenShare"], view.hidden_share, rtol=0, atol=1e-12)
        links = [(link.layer, link.head, link.from_, link.to) for link in view.links]
        assert [tuple(link[:4]) for link in seen["links"]] == links, one
        weights = [link.weight for link in view.links]
        assert np.allclose([link[4] for link in seen["links"]], weights, rtol=0, atol=1e-12)


def settings_of(layers: int, heads: int, words: Sequence[str]) -> list[dict[str, Any]]:
    """Every head, the means, several, words, units, masses."""
    every = [
        asked(layer=layer, head=[head])
        for layer in range(1, layers + 1)
        for head in range(1, heads + 1)
    ]
    means: list[Heads] = ["mean", "largest", "all", "card"]
    chosen = [asked(heads=one, unit=unit) for one in means for unit in ("words", "tokens")]
    within = [asked(layer=layers, heads=one) for one in means]
    several = [asked(layer=1, head=[2, 1, 2]), asked(layer=1, head=[2, 1], word=words[:1])]
    tokens = [asked(layer=1, head=[1], unit="tokens", special=special) for special in (True, False)]
    chosen += [asked(heads="all", readable=False)]
    masses = [asked(mass=mass) for mass in (0.5, 0.999)] + [asked(min_weight=0.2, readable=False)]
    looked = [asked(word=[word], unit=unit) for word in words for unit in ("words", "tokens")]
    looked += [asked(word=words, heads="largest", unit="tokens", special=True)]
    wrong = [asked(layer=layers + 1), asked(layer=1, head=[heads + 1]), asked(head=[1])]
    wrong += [asked(layer=1, head=[1], heads="all"), asked(word=["nowhere"])]
    return [
        asked(), asked(readable=False), asked(layer=2), *every, *chosen, *within, *several,
        *tokens, *masses, *looked, *wrong,
    ]  # fmt: skip


def test_views_of_a_pre_norm_model_are_those_of_the_library(modules: Page) -> None:
    pre = {"encoder": stack(norm="pre"), "decoder": stack(norm="pre", num_heads=7, num_layers=2)}
    trace = loaded(translator_config(**pre)).inspect(TEXT, to="de", target="the dog was 饿 了, ate")
    words = ["dog:2", "HUNGRY:1", "because"]
    check(modules, trace, "encoder", "input", settings_of(3, 2, words))
    for align in ("input", "output"):
        check(modules, trace, "decoder", align, settings_of(2, 7, ["dog", "饿"]))
        check(modules, trace, "cross", align, settings_of(2, 7, ["dog", "饿"]))


@pytest.mark.slow
def test_views_of_minilm_are_those_of_the_library(modules: Page) -> None:
    trace = minilm().inspect("The embeddings' vectors didn't cluster, because it was tiny.")
    check(modules, trace, "encoder", "input", settings_of(6, 12, ["it", "The"]))


@pytest.mark.slow
def test_of_many_words_the_three_strongest_links_are_left(modules: Page) -> None:
    trace = minilm().inspect("The vectors didn't cluster, since it was tiny. " * 4)
    settings = [asked(), asked(layer=3), asked(layer=1, head=[3, 1], unit="tokens", special=True)]
    check(modules, trace, "encoder", "input", [*settings, asked(word=["it:2"])])
    assert expected(trace, "encoder", "input", asked()).strongest == 3


class Alike:
    """A trace in which every word attends to all others alike."""

    config = translator_config()
    source = numbered([3, 1, 4, 5])
    target = target_as_predicted = moment = None

    def __getitem__(self, name: str) -> np.ndarray[Any, Any]:
        return np.full((2, 4, 4), 0.25, dtype=np.float32)


def test_of_equal_weights_the_first_are_taken_as_by_the_library(modules: Page) -> None:
    settings = [asked(mass=0.5), asked(mass=0.25, layer=1), asked(heads="largest"), asked(mass=1)]
    check(modules, Alike(), "encoder", "input", settings)


def test_words_are_found_and_refused_as_by_the_library(modules: Page) -> None:
    words = ["The", "café", "the", ":", "Straße", "the", "\u0627\u0644", "a:2", "a", "A"]
    tried = [
        "The", "the", "THE", "the:1", "the:2", "the:3", "The:1", "The:2", "cafe\u0301", "CAFÉ",
        ":", "::1", "STRASSE", "a:2", "a", "A:1", "", "x", "the:", "the:0", "the:x",
        "\u0627\u0644", "the:1234567890",
    ]  # fmt: skip
    found: list[object] = []
    for one in tried:
        try:
            found.append(find_word(words, one))
        except UsageError as problem:
            found.append(str(problem))
    seen = modules.evaluate(WORDS, {"words": words, "asked": tried})
    assert seen["found"] == found
    assert seen["names"] == [*range(len(words))]


def test_recorded_weights_are_read_as_by_the_library(modules: Page) -> None:
    levels = np.arange(256, dtype=np.uint8)
    read = modules.evaluate(
        """async (data) => {
          const {Numbers} = await import("http://localhost/data.js");
          const {recordedWeights} = await import("http://localhost/attention.js");
          const numbers = new Numbers(Uint8Array.from(data), [2, 2, 8, 8]);
          const layer = await recordedWeights(numbers, 255)(2);
          return [[...layer.data], layer.shape];
        }""",
        levels.tolist(),
    )
    assert read == [(levels[128:].astype(np.float32) / 255).tolist(), [2, 8, 8]]


def test_the_rules_are_of_one_kind_with_the_pictures() -> None:
    """What is compared with is what `trace.attention` shows."""
    trace = loaded(translator_config()).inspect(TEXT, to="de", target="the dog")
    assert trace.attention().view == expected(trace, "encoder", "input", asked(readable=False))
