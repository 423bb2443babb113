"""What a real encoder sees: the numbers that the project promises, and those of transformers."""

import warnings
from typing import Any

import numpy as np
import pytest
import torch
from models_for_tests import SENTENCE, minilm
from narrowing import present

from glassformer.inspection.attention import attention_view
from glassformer.inspection.trace import Trace
from glassformer.pretrained.files import MINILM, find_packaged

TASTY = SENTENCE.replace("hungry", "tasty")


def from_it(trace: Trace, **options: Any) -> dict[str, str]:
    """The weights from "it", to two digits."""
    view = attention_view(trace, word="it", **options)
    return {view.keys[link.to]: f"{link.weight:.2f}" for link in view.links}


def test_it_is_the_dog_when_hungry() -> None:
    found = from_it(minilm().inspect(SENTENCE), layer=4, head=2)
    assert (found["dog"], found["food"]) == ("0.53", "0.05")


def test_it_is_either_when_tasty() -> None:
    found = from_it(minilm().inspect(TASTY), layer=4, head=2)
    assert (found["dog"], found["food"]) == ("0.19", "0.16")


def test_the_card_names_that_head() -> None:
    view = attention_view(minilm().inspect(SENTENCE), word="it")
    assert (view.choice, view.heads, view.unit) == ("card", ((4, 2),), "words")
    assert "61 %" in view.reason
    assert from_it(minilm().inspect(SENTENCE))["dog"] == "0.53"


@pytest.mark.parametrize(
    ("layer", "head", "word", "weight"), [(1, 3, "because", "1.00"), (3, 9, "hungry", "0.84")]
)
def test_other_heads_look_elsewhere(layer: int, head: int, word: str, weight: str) -> None:
    assert from_it(minilm().inspect(SENTENCE), layer=layer, head=head)[word] == weight


def test_the_mean_over_all_heads_hardly_tells() -> None:
    view = attention_view(minilm().inspect(SENTENCE), word="it", heads="mean")
    assert (view.mean_of, view.choice) == (72, "mean")
    found = from_it(minilm().inspect(SENTENCE), heads="mean")
    assert (found["dog"], found["food"]) == ("0.08", "0.05")


def test_the_largest_link_is_to_the_neighbour() -> None:
    view = attention_view(minilm().inspect(SENTENCE), word="it", heads="largest")
    best = max(view.links, key=lambda link: link.weight)
    assert view.keys[best.to] == "because"
    assert view.heads != ((4, 2),)


@pytest.mark.parametrize(
    "text", [SENTENCE, "Hugging Face's tokenizers, naïvely: unbelievable!", "我爱你 שלום 👍"]
)
def test_weights_and_r_equal_those_of_transformers(text: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # those of others are not ours to mend
        from transformers import AutoModel

        folder = present(find_packaged(MINILM))
        theirs = AutoModel.from_pretrained(folder, attn_implementation="eager")
    trace = minilm().inspect(text)
    ids = torch.tensor([trace["source.tokens"].tolist()])
    with torch.no_grad():
        output = theirs(ids, output_attentions=True, output_hidden_states=True)
    np.testing.assert_allclose(trace["encoder"], output.last_hidden_state[0], atol=1e-5)
    assert len(output.attentions) == 6
    for k, attention in enumerate(output.attentions):
        weights = trace[f"encoder.layers.{k}.self_attention.weights"]
        assert weights.shape == attention[0].shape == (12, ids.shape[1], ids.shape[1])
        np.testing.assert_allclose(weights, attention[0], atol=2e-6)
        np.testing.assert_allclose(
            trace[f"encoder.layers.{k}"], output.hidden_states[k + 1][0], atol=1e-5
        )
    np.testing.assert_allclose(trace["encoder.embedding"], output.hidden_states[0][0], atol=1e-6)


def test_pieces_of_a_word_are_put_together() -> None:
    trace = minilm().inspect("the tokenizers were unbelievable")
    assert trace.source.tokens == (
        "[CLS]", "the", "token", "##izer", "##s", "were", "unbelievable", "[SEP]",
    )  # fmt: skip
    weights = trace["encoder.layers.1.self_attention.weights"][4]
    view = attention_view(trace, layer=2, head=5)
    found = {(link.from_, link.to): link.weight for link in view.links}
    assert found[2, 1] == pytest.approx(weights[5, 2:5].sum(), abs=1e-6)
    assert found[1, 2] == pytest.approx(weights[2:5, 5].mean(), abs=1e-6)
    assert found[1, 1] == pytest.approx(weights[2:5, 2:5].sum(axis=1).mean(), abs=1e-6)
    assert view.hidden_share[2] == pytest.approx(weights[5, [0, 7]].sum(), abs=1e-6)
