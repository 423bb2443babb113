"""Links among words: sums over the tokens of a word, means from them, and nothing renormalised."""

import unicodedata
from functools import cache, cached_property
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from models_for_tests import encoder_config, loaded, translator_config

from glassformer.config import ModelConfig, Part, ShownHead
from glassformer.errors import UsageError
from glassformer.inspection.attention import attention_view, find_word
from glassformer.views import AttentionView, Moment, Sentence, Unit, to_json

WORDS = ("a", "dog", "the", "Dog", "狗", "é", "!", "שלום")


Pieces = tuple[list[str], list[int | None], list[bool]]
"""Words, the word of each token, and which tokens are special."""


class Made:
    """What `attention_view` needs of a trace: a configuration, sentences and weights.

    It is built in the test, as beartype draws random numbers, which a strategy may not do.
    """

    moment: Moment | None = None
    target_as_predicted: Sentence | None = None  # no test here asks for it

    def __init__(self, source: Pieces, target: Pieces | None = None, seed: int = 0) -> None:
        self.pieces = (source, target)
        self.seed = seed

    @cached_property
    def config(self) -> ModelConfig:
        return translator_config(shown_head=None)

    @cached_property
    def source(self) -> Sentence:
        return sentence(self.pieces[0])

    @cached_property
    def target(self) -> Sentence | None:
        return None if self.pieces[1] is None else sentence(self.pieces[1])

    @cached_property
    def steps(self) -> dict[str, np.ndarray]:
        """Weights of 3 encoder layers with 2 heads, and of 2 decoder layers with 7."""
        random = np.random.default_rng(self.seed)
        steps = {}
        for part, layers, heads, queries, keys in (
            ("encoder.layers.{}.self_attention", 3, 2, self.source, self.source),
            ("decoder.layers.{}.self_attention", 2, 7, self.target, self.target),
            ("decoder.layers.{}.cross_attention", 2, 7, self.target, self.source),
        ):
            if queries is None or keys is None:
                continue
            for k in range(layers):
                weights = random.exponential(size=(heads, len(queries.tokens), len(keys.tokens)))
                weights = weights**3 / (weights**3).sum(axis=-1, keepdims=True)
                steps[f"{part.format(k)}.weights"] = weights.astype(np.float32)
        return steps

    def __getitem__(self, name: str) -> np.ndarray:
        return self.steps[name]


def sentence(pieces: Pieces) -> Sentence:
    words, word_of_token, special = pieces
    return Sentence(
        text=" ".join(words),
        tokens=tuple(f"t{index}" for index in range(len(word_of_token))),
        special=tuple(special),
        words=tuple(words),
        word_of_token=tuple(word_of_token),
    )


@st.composite
def sentences(draw: st.DrawFn) -> Pieces:
    """Words of one to three tokens, or of none where it was dropped, among special tokens."""
    words = draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=5))
    word_of_token: list[int | None] = draw(st.lists(st.none(), max_size=1))
    for index in range(len(words)):
        word_of_token += [index] * draw(st.integers(0, 3))
        word_of_token += draw(st.lists(st.none(), max_size=1))
    assume(word_of_token)
    return words, word_of_token, [word is None and draw(st.booleans()) for word in word_of_token]


def traces() -> st.SearchStrategy[Made]:
    return st.builds(Made, sentences(), sentences(), st.integers(0, 999))


def sides(trace: Made, part: str) -> tuple[Sentence, Sentence]:
    queries = trace.source if part == "encoder" else trace.target
    keys = trace.target if part == "decoder" else trace.source
    assert queries is not None
    assert keys is not None
    return queries, keys


def head_of(trace: Made, part: str, layer: int, head: int) -> np.ndarray:
    side, kind = ("decoder", "cross") if part == "cross" else (part, "self")
    weights: np.ndarray = trace[f"{side}.layers.{layer - 1}.{kind}_attention.weights"][head - 1]
    return weights


def between_words(matrix: np.ndarray, queries: Sentence, keys: Sentence, q: int, k: int) -> float:
    """The mean over the tokens of the word that looks of the sum over those it looks at."""
    rows = [t for t, word in enumerate(queries.word_of_token) if word == q]
    return sum(
        sum(float(matrix[t, s]) for s, word in enumerate(keys.word_of_token) if word == k)
        for t in rows
    ) / len(rows)


def weights_of(view: AttentionView) -> dict[tuple[int, int], float]:
    assert len(view.heads) == 1
    return {(link.from_, link.to): link.weight for link in view.links}


PARTS = [("encoder", 3, 2), ("decoder", 2, 7), ("cross", 2, 7)]


@pytest.mark.parametrize(("part", "layers", "heads"), PARTS)
@given(data=st.data())
def test_words_of_one_head_equal_the_naive_loop(
    part: Part, layers: int, heads: int, data: st.DataObject
) -> None:
    trace = data.draw(traces())
    layer, head = data.draw(st.integers(1, layers)), data.draw(st.integers(1, heads))
    view = attention_view(trace, part=part, layer=layer, head=head)
    queries, keys = sides(trace, part)
    matrix = head_of(trace, part, layer, head)
    with_token = [{*side.word_of_token} - {None} for side in (queries, keys)]
    assert (view.queries, view.keys) == (queries.words, keys.words)
    assert [{*view.shown_queries}, {*view.shown_keys}] == with_token
    expected = {
        (q, k): between_words(matrix, queries, keys, q, k)
        for q in view.shown_queries
        for k in view.shown_keys
    }
    assert weights_of(view) == pytest.approx(expected, abs=1e-6)
    assert all((link.part, link.layer, link.head) == (part, layer, head) for link in view.links)
    assert (view.choice, view.mean_of, view.heads) == ("asked", 1, ((layer, head),))


@pytest.mark.parametrize(("part", "layers", "heads"), PARTS)
@given(data=st.data())
def test_a_mean_is_that_of_the_heads(
    part: Part, layers: int, heads: int, data: st.DataObject
) -> None:
    trace = data.draw(traces())
    layer = data.draw(st.none() | st.integers(1, layers))
    view = attention_view(
        trace, part=part, layer=layer, heads=data.draw(st.sampled_from([None, "mean"]))
    )
    singles = [
        weights_of(attention_view(trace, part=part, layer=one, head=head))
        for one in ([layer] if layer else range(1, layers + 1))
        for head in range(1, heads + 1)
    ]
    expected = {at: sum(single[at] for single in singles) / len(singles) for at in singles[0]}
    assert weights_of(view) == pytest.approx(expected, abs=1e-6)
    assert (view.choice, view.heads) == ("mean", ((layer, None),))
    assert view.mean_of == len(singles)
    assert all((link.layer, link.head) == (layer, None) for link in view.links)


@pytest.mark.parametrize(("part", "layers", "heads"), PARTS)
@given(data=st.data())
def test_what_is_shown_and_what_is_hidden_make_1(
    part: Part, layers: int, heads: int, data: st.DataObject
) -> None:
    trace = data.draw(traces())
    options: dict[str, Any] = data.draw(
        st.sampled_from([{}, {"heads": "largest"}, {"heads": "all"}, {"layer": 2}])
    )
    units: tuple[Unit, ...] = ("words", "tokens")
    unit = data.draw(st.sampled_from(units))
    special = unit == "tokens" and data.draw(st.booleans())
    view = attention_view(trace, part=part, unit=unit, special=special, **options)
    assert len(view.hidden_share) == len(view.shown_queries)
    for query, hidden in zip(view.shown_queries, view.hidden_share, strict=True):
        shown = sum(link.weight for link in view.links if link.from_ == query)
        assert shown / len(view.heads) + hidden == pytest.approx(1.0, abs=1e-5)
        assert 0.0 <= hidden <= 1.0
    if special:
        assert view.hidden_share == pytest.approx([0.0] * len(view.shown_queries), abs=1e-6)


@given(trace=traces())
def test_tokens_are_shown_as_they_are_and_special_ones_when_asked(trace: Made) -> None:
    matrix = head_of(trace, "cross", 2, 5)
    queries, keys = sides(trace, "cross")
    view = attention_view(trace, part="cross", layer=2, head=5, unit="tokens", special=True)
    assert (view.queries, view.keys) == (queries.tokens, keys.tokens)
    expected = dict(np.ndenumerate(matrix))
    assert weights_of(view) == pytest.approx(expected, abs=1e-7)
    view = attention_view(trace, part="cross", layer=2, head=5, unit="tokens")
    assert weights_of(view) == {
        (q, k): pytest.approx(weight, abs=1e-7)
        for (q, k), weight in expected.items()
        if not queries.special[q] and not keys.special[k]
    }


@given(trace=traces())
def test_all_heads_are_the_single_heads_side_by_side(trace: Made) -> None:
    view = attention_view(trace, heads="all")
    assert view.heads == tuple((layer, head) for layer in (1, 2, 3) for head in (1, 2))
    for layer, head in view.heads:
        single = attention_view(trace, layer=layer, head=head)
        assert [link for link in view.links if (link.layer, link.head) == (layer, head)] == [
            *single.links
        ]
    assert attention_view(trace, heads="all", layer=2).heads == ((2, 1), (2, 2))


@given(trace=traces())
def test_the_largest_head_has_the_largest_link(trace: Made) -> None:
    everything = attention_view(trace, heads="all")
    view = attention_view(trace, heads="largest")
    assert view.choice == "largest"
    if everything.links:
        best = max(everything.links, key=lambda link: link.weight)
        assert view.heads == ((best.layer, best.head),)
        assert max(link.weight for link in view.links) == best.weight
    inside = attention_view(trace, heads="largest", layer=3)
    assert inside.heads[0][0] == 3


def test_the_largest_head_is_that_of_the_word_asked_for() -> None:
    trace = loaded(encoder_config()).inspect("a dog ate the food")
    links = attention_view(trace, heads="all", word="ate").links
    best = max(links, key=lambda link: link.weight)
    view = attention_view(trace, heads="largest", word="ate")
    assert view.heads == ((best.layer, best.head),)
    assert {link.from_ for link in view.links} == {2}


@given(trace=traces(), least=st.floats(0.0, 1.0))
def test_light_links_are_left_out_but_not_hidden(trace: Made, least: float) -> None:
    whole = attention_view(trace, layer=1, head=2)
    view = attention_view(trace, layer=1, head=2, min_weight=least)
    assert view.links == tuple(link for link in whole.links if link.weight >= least)
    assert view.hidden_share == whole.hidden_share


# Which heads


CARD = ShownHead(part="encoder", layer=3, head=2, reason="measured")


@cache
def with_card(card: ShownHead | None) -> Any:
    return loaded(translator_config(shown_head=card)).inspect("a dog ate the food", to="fr")


@pytest.mark.parametrize("heads", [None, "card"])
def test_the_head_of_the_card_is_shown_by_default(heads: Any) -> None:
    view = attention_view(with_card(CARD), heads=heads)
    assert (view.heads, view.choice, view.reason, view.mean_of) == (
        ((3, 2),),
        "card",
        "measured",
        1,
    )


def test_the_card_is_for_its_own_part() -> None:
    trace = with_card(CARD)
    assert attention_view(trace, part="cross").heads == ((None, None),)
    assert attention_view(trace, part="cross").mean_of == 14
    trace = with_card(ShownHead(part="cross", layer=2, head=6, reason="measured"))
    assert attention_view(trace, part="cross").heads == ((2, 6),)
    assert attention_view(trace).choice == "mean"


def test_without_a_card_the_mean_is_shown() -> None:
    view = attention_view(with_card(None))
    assert (view.heads, view.choice, view.reason, view.mean_of) == (((None, None),), "mean", "", 6)


@pytest.mark.parametrize(
    "options",
    [
        {"heads": "mean"},
        {"layer": 2},
        {"heads": "all"},
        {"heads": "largest"},
        {"layer": 1, "head": 1},
    ],
)
def test_what_is_asked_for_overrides_the_card(options: dict[str, Any]) -> None:
    view = attention_view(with_card(CARD), **options)
    assert view.choice != "card"
    assert view.reason == ""


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"head": 1}, "a head needs its layer"),
        ({"layer": 0}, "the encoder attention has layers 1 to 3; there is no layer 0"),
        ({"layer": 4}, "layers 1 to 3; there is no layer 4"),
        ({"layer": -1}, "there is no layer -1"),
        ({"layer": 1, "head": 0}, "heads 1 to 2; there is no head 0"),
        ({"layer": 1, "head": 3}, "heads 1 to 2; there is no head 3"),
        ({"part": "cross", "layer": 3}, "the cross attention has layers 1 to 2"),
        ({"part": "decoder", "layer": 1, "head": 8}, "the decoder attention has heads 1 to 7"),
        ({"layer": 1, "head": 1, "heads": "mean"}, 'heads="mean" and head=1 exclude'),
        ({"layer": 1, "head": 1, "heads": "all"}, "exclude each other"),
        ({"layer": 1, "heads": "card"}, "names its layer itself"),
        ({"part": "decoder", "heads": "card"}, "card names no head here"),
        ({"special": True}, "special tokens are no words"),
        ({"word": "cat"}, 'no word "cat" in the sentence; its words are: a, dog, ate, the, food$'),
    ],
)
def test_what_makes_no_sense_is_refused(options: dict[str, Any], complaint: str) -> None:
    with pytest.raises(UsageError, match=complaint):
        attention_view(with_card(CARD), **options)


@pytest.mark.parametrize("part", ["decoder", "cross"])
def test_without_a_target_there_is_only_the_encoder(part: Any) -> None:
    trace = loaded(encoder_config()).inspect("a dog ate the food")
    with pytest.raises(UsageError, match=f"no {part} attention in this trace: no target"):
        attention_view(trace, part=part)
    with pytest.raises(UsageError, match="card names no head here"):
        attention_view(trace, heads="card")


# Which word


@pytest.mark.parametrize(
    ("words", "asked", "position"),
    [
        ("a dog ate", "dog", 1),
        ("a Dog ate", "dog", 1),
        ("The dog the cat", "the", 2),  # exact before any case
        ("The dog the cat", "The", 0),
        ("the dog the cat", "the:1", 0),
        ("the dog the cat", "the:2", 2),
        ("the dog The cat", "THE:2", 2),
        ("ein STRASSE weg", "straße", 1),
        ("十 狗", "狗", 1),
        ("a : b", ":", 1),
        ("a : : b", "::2", 2),
    ],
)
def test_a_word_is_found(words: str, asked: str, position: int) -> None:
    assert find_word(words.split(), asked) == position


@pytest.mark.parametrize("sentence", ["NFC", "NFD"])
@pytest.mark.parametrize("asked", ["NFC", "NFD"])
def test_a_word_is_found_however_it_is_encoded(sentence: Any, asked: Any) -> None:
    words = unicodedata.normalize(sentence, "le château brûle").split()
    assert find_word(words, unicodedata.normalize(asked, "CHÂTEAU")) == 1


@pytest.mark.parametrize(
    ("asked", "complaint"),
    [
        (
            "the",
            '"the" occurs 2 times: the:1 is word 1, the:2 is word 4 .counted from 1.; say which',
        ),
        ("THE", '"THE" occurs 2 times: THE:1 is word 1'),
        ("the:3", '"the" occurs 2 times, so there is no the:3'),
        ("the:0", "there is no the:0"),
        ("dog:2", '"dog" occurs once, so there is no dog:2'),
        ("cat", 'no word "cat" in the sentence; its words are: the, dog, and, the, cow'),
        ("cat:1", 'no word "cat:1"'),
        ("the:", 'no word "the:"'),
        ("the:x", 'no word "the:x"'),
        ("the:-1", 'no word "the:-1"'),
        ("the:" + "9" * 5000, "no word"),
        ("", 'no word ""'),
    ],
)
def test_a_word_that_is_not_found_is_answered_with_those_there_are(
    asked: str, complaint: str
) -> None:
    with pytest.raises(UsageError, match=complaint):
        find_word(["the", "dog", "and", "the", "cow"], asked)


def test_a_long_list_of_words_is_cut() -> None:
    with pytest.raises(UsageError, match=r"w0, w1, .* w39 …$"):
        find_word([f"w{n}" for n in range(41)], "x")


def test_words_listed_in_an_error_are_printable() -> None:
    with pytest.raises(UsageError) as caught:
        find_word(["a\x1b[31m", "\u202eb"], "x")
    assert "a␛[31m, [U+202E]b" in str(caught.value)


def test_a_word_has_its_own_links_only() -> None:
    trace = loaded(encoder_config()).inspect("a hungry dog ate")
    whole, view = attention_view(trace), attention_view(trace, word="HUNGRY")
    assert view.shown_queries == (1,)
    assert view.shown_keys == whole.shown_keys
    assert view.links == tuple(link for link in whole.links if link.from_ == 1)
    assert view.hidden_share == (whole.hidden_share[1],)


def test_among_tokens_a_word_is_all_its_tokens_and_a_token_itself() -> None:
    trace = loaded(encoder_config()).inspect("a hungry dog ate")
    assert trace.source.tokens == ("a", "▁hun", "gry", "▁dog", "▁ate", "</s>")
    assert attention_view(trace, word="hungry", unit="tokens").shown_queries == (1, 2)
    assert attention_view(trace, word="gry", unit="tokens").shown_queries == (2,)
    view = attention_view(trace, word="</s>", unit="tokens", special=True)
    assert view.shown_queries == (5,)


def test_a_special_token_that_is_not_shown_has_no_links_to_show() -> None:
    trace = loaded(encoder_config()).inspect("a hungry dog ate")
    with pytest.raises(UsageError, match=r'"</s>" is a special token: .*special=True'):
        attention_view(trace, word="</s>", unit="tokens")


def dropping() -> Made:
    """Two words, of which the tokenizer dropped the second, between special tokens."""
    return Made((["dog", "!"], [None, 0, None], [True, False, True]))


def test_a_word_without_a_token_is_not_shown() -> None:
    trace = dropping()
    view = attention_view(trace, layer=1, head=2)
    assert view.queries == view.keys == ("dog", "!")
    assert view.shown_queries == view.shown_keys == (0,)
    weight = float(head_of(trace, "encoder", 1, 2)[1, 1])
    assert weights_of(view) == {(0, 0): pytest.approx(weight)}
    assert view.hidden_share == pytest.approx((1.0 - weight,))


@pytest.mark.parametrize("unit", ["words", "tokens"])
def test_a_word_without_a_token_has_no_links_to_show(unit: Any) -> None:
    with pytest.raises(UsageError, match='"!" has no token: the tokenizer drops it'):
        attention_view(dropping(), word="!", unit=unit)


@pytest.mark.parametrize("heads", ["largest", "all", "mean"])
def test_a_text_without_any_token_of_its_own_has_no_links(heads: Any) -> None:
    trace = Made((["!"], [None, None, None], [True, True, True]))
    view = attention_view(trace, heads=heads)
    assert (view.links, view.shown_queries, view.hidden_share) == ((), (), ())


def test_as_plain_data_a_view_has_links_as_in_the_format() -> None:
    view = attention_view(dropping(), layer=1, head=2)
    data = to_json(view)
    assert data["links"] == [
        {
            "part": "encoder",
            "layer": 1,
            "head": 2,
            "from": 0,
            "to": 0,
            "weight": view.links[0].weight,
        }
    ]
    assert data["hidden_share"] == list(view.hidden_share)
    assert data["unit"] == "words"


def test_several_heads_of_a_layer_can_be_compared() -> None:
    trace = loaded(encoder_config()).inspect("a dog ate")
    both = attention_view(trace, layer=2, head=(2, 1, 2))
    assert both.heads == ((2, 2), (2, 1))
    assert both.choice == "asked"
    single = [attention_view(trace, layer=2, head=head).links for head in (2, 1)]
    assert both.links == single[0] + single[1]
    with pytest.raises(UsageError, match="there is no head 9"):
        attention_view(trace, layer=2, head=(1, 9))


def test_a_picture_holds_its_view() -> None:
    trace = loaded(encoder_config()).inspect("a dog ate")
    picture = trace.attention(layer=2, head=1, word="dog")
    assert picture.view == attention_view(trace, layer=2, head=1, word="dog")
    assert str(picture) == picture.text(width=100)
    chinese = trace.attention(layer=2, head=1, word="dog", language="zh")
    assert "从“dog”到" in str(chinese)
