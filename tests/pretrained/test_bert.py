"""The BERT family against transformers, on tiny random models and on real weights."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import safetensors.torch
import torch
from torch import Tensor

from glassformer.errors import ConfigError, InputError, WeightsError
from glassformer.model.masks import padding_mask
from glassformer.pretrained.bert import ACTIVATIONS, FAMILIES
from glassformer.pretrained.folder import read_model

SIZES = {
    "vocab_size": 43,
    "hidden_size": 33,
    "num_hidden_layers": 2,
    "num_attention_heads": 3,
    "intermediate_size": 23,
    "max_position_embeddings": 29,
}

# Class and settings. Every family, every activation, and epsilons so large that they count.
MODELS: list[tuple[str, dict[str, Any]]] = [
    ("Bert", {"hidden_act": "gelu"}),
    ("Bert", {"hidden_act": "gelu_new", "type_vocab_size": 1, "layer_norm_eps": 0.3}),
    ("Bert", {"hidden_act": "relu", "num_hidden_layers": 3, "pad_token_id": None}),
    ("Bert", {"hidden_act": "silu", "type_vocab_size": 5, "num_attention_heads": 1}),
    ("Bert", {"hidden_act": "gelu_pytorch_tanh", "pad_token_id": 7}),
    ("Electra", {"embedding_size": 33, "layer_norm_eps": 0.2}),
    ("Electra", {"embedding_size": 33, "hidden_act": "swish", "num_hidden_layers": 3}),
    ("Roberta", {"type_vocab_size": 1, "layer_norm_eps": 1e-5}),
    ("Roberta", {"hidden_act": "relu", "pad_token_id": 5, "layer_norm_eps": 0.4}),
    ("Roberta", {"pad_token_id": 0, "num_attention_heads": 11}),
    ("XLMRoberta", {"type_vocab_size": 1, "layer_norm_eps": 0.1, "num_hidden_layers": 3}),
    ("Camembert", {"hidden_act": "silu", "pad_token_id": 2}),
    ("DistilBert", {"activation": "gelu"}),
    ("DistilBert", {"activation": "relu", "sinusoidal_pos_embds": True, "n_layers": 3}),
]

DISTILBERT_SIZES = {
    "vocab_size": 43,
    "dim": 33,
    "n_layers": 2,
    "n_heads": 3,
    "hidden_dim": 23,
    "max_position_embeddings": 29,
}

HEADS = [
    "ForMaskedLM",
    "ForSequenceClassification",
    "ForTokenClassification",
    "ForQuestionAnswering",
    "ForMultipleChoice",
    "ForPreTraining",
    "ForNextSentencePrediction",
]

Build = Callable[[str, Any], Any]


def configuration(transformers: Any, family: str, settings: dict[str, Any]) -> Any:
    sizes = DISTILBERT_SIZES if family == "DistilBert" else SIZES
    return getattr(transformers, f"{family}Config")(**{**sizes, **settings})


def assert_close(ours: Tensor, theirs: Tensor, tolerance: float) -> None:
    assert ours.shape == theirs.shape
    assert ours.dtype == theirs.dtype
    assert (ours - theirs).abs().max() <= tolerance * max(1.0, float(theirs.abs().max()))


def tokens(config: Any, shape: tuple[int, int]) -> Tensor:
    """Any tokens but the padding, from which RoBERTa would read that they have no position."""
    drawn = torch.randint(config.vocab_size - 1, shape, generator=torch.Generator().manual_seed(1))
    return drawn if config.pad_token_id is None else drawn + (drawn >= config.pad_token_id)


def label(value: Any) -> str | None:
    return "-".join(map(str, value.values())) if isinstance(value, dict) else None


@pytest.mark.parametrize(("family", "settings"), MODELS, ids=label)
@torch.no_grad()
def test_a_random_model_equals_that_of_transformers(
    transformers: Any,
    random_model: Build,
    tmp_path: Path,
    family: str,
    settings: dict[str, Any],
) -> None:
    config = configuration(transformers, family, settings)
    theirs = random_model(f"{family}Model", config)
    theirs.save_pretrained(tmp_path)
    ours = read_model(tmp_path)
    assert not ours.training
    assert not any(weight.requires_grad for weight in ours.parameters())
    longest = ours.config.encoder.max_positions
    source = tokens(config, (2, longest))
    assert_close(ours.encode(source), theirs(source).last_hidden_state, 1e-5)
    exact = read_model(tmp_path, torch.float64)
    assert_close(exact.encode(source), theirs.double()(source).last_hidden_state, 1e-10)
    with pytest.raises(InputError):  # the table of positions is used to its last row
        ours.encode(tokens(config, (1, longest + 1)))
    with pytest.raises((IndexError, RuntimeError)):
        theirs(tokens(config, (1, longest + 1)))


WITH_TYPES = [
    (family, settings)
    for family, settings in MODELS
    if family in ("Bert", "Electra") and settings.get("type_vocab_size", 2) > 1
]


@pytest.mark.parametrize(("family", "settings"), WITH_TYPES, ids=label)
@torch.no_grad()
def test_pairs_of_texts_equal_those_of_transformers(
    transformers: Any, random_model: Build, tmp_path: Path, family: str, settings: dict[str, Any]
) -> None:
    config = configuration(transformers, family, settings)
    theirs = random_model(f"{family}Model", config).double()
    theirs.save_pretrained(tmp_path)
    ours = read_model(tmp_path, torch.float64)
    lengths = torch.tensor([13, 7])
    mask = padding_mask(lengths)
    real = mask[:, 0, 0]
    source = tokens(config, (2, 13)).masked_fill(~real, config.pad_token_id or 0)
    type_ids = (torch.arange(13) >= torch.tensor([[5], [3]])).long()  # 1 from there on
    type_ids[0, -1] = config.type_vocab_size - 1
    expected = theirs(source, attention_mask=real.long(), token_type_ids=type_ids).last_hidden_state
    assert_close(ours.encode(source, mask, type_ids)[real], expected[real], 1e-10)
    assert not torch.allclose(ours.encode(source, mask)[real], expected[real])


@pytest.mark.parametrize(("family", "settings"), MODELS[::3], ids=label)
@torch.no_grad()
def test_padded_batches_equal_those_of_transformers(
    transformers: Any, random_model: Build, tmp_path: Path, family: str, settings: dict[str, Any]
) -> None:
    config = configuration(transformers, family, settings)
    theirs = random_model(f"{family}Model", config).double()
    theirs.save_pretrained(tmp_path)
    ours = read_model(tmp_path, torch.float64)
    lengths = torch.tensor([13, 1, 7])
    mask = padding_mask(lengths)
    real = mask[:, 0, 0]
    padding = config.pad_token_id or 0
    source = tokens(config, (3, 13)).masked_fill(~real, padding)
    expected = theirs(source, attention_mask=real.long()).last_hidden_state
    assert_close(ours.encode(source, mask)[real], expected[real], 1e-10)


@pytest.mark.parametrize("family", ["Bert", "Electra", "Roberta", "XLMRoberta", "DistilBert"])
@torch.no_grad()
def test_models_with_a_head_are_read_without_it(
    transformers: Any, random_model: Build, tmp_path: Path, family: str
) -> None:
    read = 0
    for head in HEADS:
        if not hasattr(transformers, family + head):
            continue
        settings = {"embedding_size": 33} if family == "Electra" else {}
        config = configuration(transformers, family, settings)
        theirs = random_model(family + head, config)
        folder = tmp_path / head
        theirs.save_pretrained(folder)
        source = tokens(config, (1, 11))
        expected = theirs.base_model(source).last_hidden_state
        assert_close(read_model(folder).encode(source), expected, 1e-5)
        read += 1
    assert read >= 5


def rename(folder: Path, change: Callable[[str], str], **more: Tensor) -> None:
    path = folder / "model.safetensors"
    weights = safetensors.torch.load_file(path)
    safetensors.torch.save_file({change(k): v for k, v in weights.items()} | more, path)


def weights_of(folder: Path) -> dict[str, Tensor]:
    return dict(read_model(folder).named_parameters())


def test_names_of_old_files(bert_folder: Path) -> None:
    """LayerNorm.gamma and .beta, a prefix, position_ids as a buffer, a pooler, a head."""
    # Copies, since the file that the weights are mapped from is written anew.
    expected = {name: x.clone() for name, x in weights_of(bert_folder).items()}

    def old(name: str) -> str:
        name = name.replace("LayerNorm.weight", "LayerNorm.gamma")
        return "bert." + name.replace("LayerNorm.bias", "LayerNorm.beta")

    rename(
        bert_folder,
        old,
        **{
            "bert.embeddings.position_ids": torch.arange(29)[None],
            "bert.pooler.dense.weight": torch.ones(21, 21),
            "cls.predictions.transform.LayerNorm.gamma": torch.ones(21),
            "cls.seq_relationship.bias": torch.ones(2),
        },
    )
    given = weights_of(bert_folder)
    assert given.keys() == expected.keys()
    assert all(torch.equal(given[name], expected[name]) for name in expected)


def test_a_weight_under_two_names_must_be_the_same(bert_folder: Path) -> None:
    name = "embeddings.LayerNorm.bias"
    rename(bert_folder, str, **{f"bert.{name}": torch.zeros(21)})
    assert not weights_of(bert_folder)["encoder.embedding.norm.bias"].any()
    rename(bert_folder, str, **{f"bert.{name}": torch.ones(21)})
    with pytest.raises(WeightsError, match=r"is tied to"):
        read_model(bert_folder)


def set_config(folder: Path, **changes: Any) -> None:
    path = folder / "config.json"
    config = json.loads(path.read_text()) | changes
    path.write_text(json.dumps({k: v for k, v in config.items() if v is not ...}))


@pytest.mark.parametrize(("theirs", "ours"), ACTIVATIONS.items())
def test_activations(bert_folder: Path, theirs: str, ours: str) -> None:
    set_config(bert_folder, hidden_act=theirs)
    assert read_model(bert_folder).config.encoder.activation == ours


@pytest.mark.parametrize(
    "family", ["Bert", "Electra", "Roberta", "XLMRoberta", "Camembert", "DistilBert"]
)
def test_what_a_config_leaves_out_is_as_in_transformers(transformers: Any, family: str) -> None:
    theirs = getattr(transformers, f"{family}Config")()
    sizes = DISTILBERT_SIZES if family == "DistilBert" else SIZES
    config = FAMILIES[theirs.model_type].config(sizes)
    encoder = config.encoder
    assert config.padding == theirs.pad_token_id
    if family == "DistilBert":
        assert encoder.activation == theirs.activation
        assert encoder.dropout == theirs.dropout
        assert encoder.attention_dropout == theirs.attention_dropout
        return
    assert encoder.activation == theirs.hidden_act
    assert encoder.dropout == theirs.hidden_dropout_prob
    assert encoder.attention_dropout == theirs.attention_probs_dropout_prob
    assert encoder.norm_epsilon == theirs.layer_norm_eps
    assert encoder.token_types == theirs.type_vocab_size
    unused = theirs.pad_token_id + 1 if "Roberta" in family or family == "Camembert" else 0
    assert encoder.first_position == unused
    assert encoder.max_positions == 29 - unused


# What cannot be expressed is said


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"hidden_act": "mish"}, "'mish'"),
        ({"hidden_act": ["gelu"]}, "activation"),
        ({"position_embedding_type": "relative_key"}, "'relative_key'"),
        ({"is_decoder": True}, "is_decoder"),
        ({"model_type": "electra", "embedding_size": 7}, "7 and 21"),
        ({"model_type": "roberta", "pad_token_id": None}, "pad_token_id must be an integer"),
        ({"model_type": "roberta", "max_position_embeddings": 2}, "max_positions"),
        ({"max_position_embeddings": "29"}, "max_position_embeddings must be an integer"),
        ({"num_attention_heads": 2}, "d_model must be divisible by num_heads"),
        ({"hidden_size": "21"}, "d_model"),
        ({"vocab_size": ...}, "lacks the required setting 'vocab_size'"),
        ({"hidden_size": ...}, "lacks the required setting 'hidden_size'"),
        ({"max_position_embeddings": ...}, "lacks the required setting 'max_position_embeddings'"),
    ],
    ids=str,
)
def test_what_cannot_be_expressed(bert_folder: Path, changes: dict[str, Any], reason: str) -> None:
    set_config(bert_folder, **changes)
    with pytest.raises(ConfigError) as caught:
        read_model(bert_folder)
    assert reason in str(caught.value)
    assert str(bert_folder / "config.json") in str(caught.value)
