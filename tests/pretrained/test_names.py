"""Names of weights: from theirs to ours and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glassformer.model.transformer import Transformer
from glassformer.pretrained.bert import BERT_NAMES, DISTILBERT_NAMES, FAMILIES
from glassformer.pretrained.marian import MARIAN
from glassformer.pretrained.names import Names

SIZES = {
    "vocab_size": 43,
    "hidden_size": 33,
    "num_hidden_layers": 12,
    "num_attention_heads": 3,
    "intermediate_size": 23,
    "max_position_embeddings": 29,
}

CONFIGS = {
    **dict.fromkeys(FAMILIES, SIZES),
    "distilbert": {
        "vocab_size": 43,
        "dim": 33,
        "n_layers": 12,
        "n_heads": 3,
        "hidden_dim": 23,
        "max_position_embeddings": 29,
    },
    "marian": {
        "vocab_size": 43,
        "d_model": 42,
        "encoder_layers": 12,
        "encoder_attention_heads": 3,
        "encoder_ffn_dim": 23,
        "decoder_layers": 11,
        "decoder_attention_heads": 7,
        "decoder_ffn_dim": 31,
        "max_position_embeddings": 29,
        "pad_token_id": 36,
        "eos_token_id": 2,
    },
}


@pytest.mark.parametrize("family", CONFIGS)
def test_every_weight_of_a_model_has_one_name_of_theirs(family: str) -> None:
    known = FAMILIES.get(family, MARIAN)
    model = Transformer(known.config(CONFIGS[family]))
    ours = [name for name, _ in model.named_parameters(remove_duplicate=False)]
    theirs = [known.names.to_theirs(name) for name in ours]
    assert None not in theirs
    assert len(set(theirs)) == len(ours)
    assert [known.to_ours(str(name)) for name in theirs] == ours
    assert [known.to_ours(f"{known.prefix}{name}") for name in theirs] == ours


@pytest.mark.parametrize("names", [BERT_NAMES, DISTILBERT_NAMES, MARIAN.names])
@given(layer=st.integers(0, 200), leaf=st.sampled_from(["", ".weight", ".bias"]))
def test_names_are_reversible(names: Names, layer: int, leaf: str) -> None:
    canonical: dict[str, str] = {}
    for theirs, ours in names.pairs:
        theirs, ours = theirs.format(k=layer) + leaf, ours.format(k=layer) + leaf
        first = canonical.setdefault(ours, theirs)  # the first of several is the one given back
        assert names.to_ours(theirs) == ours
        assert names.to_theirs(ours) == first
        assert names.to_ours(first) == ours


def test_what_marian_writes() -> None:
    """Its output bias is a buffer by itself, its output table one of the copies of the shared."""
    assert MARIAN.names.to_theirs("output.bias") == "final_logits_bias"
    assert MARIAN.names.to_theirs("output.weight") == "lm_head.weight"
    assert MARIAN.names.to_theirs("encoder.embedding.tokens.weight") == "model.shared.weight"
    assert MARIAN.to_ours("final_logits_bias") == "output.bias"
    assert MARIAN.to_ours("lm_head.bias") is None


@pytest.mark.parametrize(
    "name",
    [
        "",
        "embeddings",
        "embeddings.word_embeddings.weight.weight",
        "embeddings.word_embeddings.gamma",
        "xembeddings.word_embeddings.weight",
        "encoder.layer.0.attention.self.queryx.weight",
        "encoder.layer.x.attention.self.query.weight",
        "encoder.layer..attention.self.query.weight",
        "encoder.layer.-1.attention.self.query.weight",
        "encoder.layer.0.attention.self.query.weight\n",
        "encoderXlayer.0.attention.self.query.weight",
        "bert.embeddings.word_embeddings.weight",
    ],
)
def test_other_names_are_unknown(name: str) -> None:
    assert BERT_NAMES.to_ours(name) is None
    assert BERT_NAMES.to_theirs(name) is None


@pytest.mark.parametrize(
    ("family", "name", "left_out"),
    [
        ("bert", "pooler.dense.weight", True),
        ("bert", "bert.pooler.dense.bias", True),
        ("bert", "cls.predictions.decoder.weight", True),
        ("bert", "bert.embeddings.position_ids", True),
        ("bert", "classifier.bias", True),
        ("bert", "qa_outputs.weight", True),
        ("electra", "generator_predictions.dense.weight", True),
        ("electra", "generator_lm_head.bias", True),
        ("electra", "sequence_summary.summary.weight", True),
        ("roberta", "lm_head.layer_norm.weight", True),
        ("distilbert", "vocab_projector.bias", True),
        ("distilbert", "pre_classifier.weight", True),
        ("marian", "model.encoder.embed_positions.weight", True),
        ("bert", "encoder.layer.0.attention.self.query.weight", False),
        ("bert", "encoder.layer.0.attention.self.distance_embedding.weight", False),
        ("bert", "embeddings_project.weight", False),
        ("bert", "encoder.layer.0.adapter.weight", False),
        ("bert", "poolers.dense.weight", False),
        ("marian", "model.encoder.embed_positions.weights", False),
        ("marian", "model.encoder.layers.0.fc3.weight", False),
    ],
)
def test_only_known_weights_are_left_out(family: str, name: str, left_out: bool) -> None:
    known = FAMILIES.get(family, MARIAN)
    assert known.leaves_out(name) == left_out
