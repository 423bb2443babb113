"""The BERT family: post-norm encoders with learned positions and a norm on the embedding.

Devlin et al. (2019), BERT; Liu et al. (2019), RoBERTa; Sanh et al. (2019), DistilBERT; Clark et
al. (2020), ELECTRA; Conneau et al. (2020), XLM-R. One architecture, five sets of names.
"""

from collections.abc import Mapping
from typing import Any

from glassformer.config import Activation, ModelConfig, StackConfig
from glassformer.errors import ConfigError
from glassformer.pretrained.names import Family, Names

ACTIVATIONS: Mapping[str, Activation] = {
    "relu": "relu",
    "gelu": "gelu",
    "gelu_new": "gelu_tanh",
    "gelu_pytorch_tanh": "gelu_tanh",
    "silu": "silu",
    "swish": "silu",
}

_LAYER = "encoder.layers.{k}"

BERT_NAMES = Names(
    [
        ("embeddings.word_embeddings", "encoder.embedding.tokens"),
        ("embeddings.position_embeddings", "encoder.embedding.positions"),
        ("embeddings.token_type_embeddings", "encoder.embedding.token_types"),
        ("embeddings.LayerNorm", "encoder.embedding.norm"),
        ("encoder.layer.{k}.attention.self.query", f"{_LAYER}.self_attention.query"),
        ("encoder.layer.{k}.attention.self.key", f"{_LAYER}.self_attention.key"),
        ("encoder.layer.{k}.attention.self.value", f"{_LAYER}.self_attention.value"),
        ("encoder.layer.{k}.attention.output.dense", f"{_LAYER}.self_attention.output"),
        ("encoder.layer.{k}.attention.output.LayerNorm", f"{_LAYER}.add_norm_1.norm"),
        ("encoder.layer.{k}.intermediate.dense", f"{_LAYER}.feed_forward.expand"),
        ("encoder.layer.{k}.output.dense", f"{_LAYER}.feed_forward.contract"),
        ("encoder.layer.{k}.output.LayerNorm", f"{_LAYER}.add_norm_2.norm"),
    ]
)

DISTILBERT_NAMES = Names(
    [
        ("embeddings.word_embeddings", "encoder.embedding.tokens"),
        ("embeddings.position_embeddings", "encoder.embedding.positions"),
        ("embeddings.LayerNorm", "encoder.embedding.norm"),
        ("transformer.layer.{k}.attention.q_lin", f"{_LAYER}.self_attention.query"),
        ("transformer.layer.{k}.attention.k_lin", f"{_LAYER}.self_attention.key"),
        ("transformer.layer.{k}.attention.v_lin", f"{_LAYER}.self_attention.value"),
        ("transformer.layer.{k}.attention.out_lin", f"{_LAYER}.self_attention.output"),
        ("transformer.layer.{k}.sa_layer_norm", f"{_LAYER}.add_norm_1.norm"),
        ("transformer.layer.{k}.ffn.lin1", f"{_LAYER}.feed_forward.expand"),
        ("transformer.layer.{k}.ffn.lin2", f"{_LAYER}.feed_forward.contract"),
        ("transformer.layer.{k}.output_layer_norm", f"{_LAYER}.add_norm_2.norm"),
    ]
)


def activation(given: Any) -> Activation:
    """Our name of an activation function.

    Raises:
        ConfigError: when it is not supported.
    """
    if not isinstance(given, str) or given not in ACTIVATIONS:
        raise ConfigError(
            "the activation {given!r} is not supported; supported are {known}",
            given=given,
            known=tuple(ACTIVATIONS),
        )
    return ACTIVATIONS[given]


def setting(config: Mapping[str, Any], key: str) -> Any:
    """A required setting.

    Raises:
        ConfigError: when it is missing.
    """
    if key not in config:
        raise ConfigError("config.json lacks the required setting {key!r}", key=key)
    return config[key]


def _whole(key: str, value: Any) -> int:
    """A setting used in a calculation; the others are checked by `StackConfig`."""
    if not isinstance(value, int):
        raise ConfigError("{key} must be an integer, but is {value!r}", key=key, value=value)
    return value


def _bert(config: Mapping[str, Any], first_position: int = 0) -> ModelConfig:
    width = setting(config, "hidden_size")
    rows = _whole("max_position_embeddings", setting(config, "max_position_embeddings"))
    if config.get("position_embedding_type", "absolute") != "absolute":
        raise ConfigError(
            "position_embedding_type {given!r} is not supported; only 'absolute' is",
            given=config["position_embedding_type"],
        )
    if config.get("embedding_size", width) != width:
        raise ConfigError(
            "an embedding size that differs from the hidden size ({given!r} and {width!r}, as in "
            "small ELECTRA models) is not supported",
            given=config["embedding_size"],
            width=width,
        )
    if config.get("is_decoder"):
        raise ConfigError(
            "this BERT is configured as a decoder (is_decoder); only encoders are supported"
        )
    return ModelConfig(
        encoder=StackConfig(
            vocabulary=setting(config, "vocab_size"),
            d_model=width,
            num_heads=setting(config, "num_attention_heads"),
            d_ff=setting(config, "intermediate_size"),
            num_layers=setting(config, "num_hidden_layers"),
            activation=activation(config.get("hidden_act", "gelu")),
            norm_epsilon=config.get("layer_norm_eps", 1e-12),
            positions="learned",
            max_positions=rows - first_position,
            first_position=first_position,
            scale_embedding=False,
            embedding_norm=True,
            token_types=config.get("type_vocab_size", 2),
            dropout=config.get("hidden_dropout_prob", 0.1),
            attention_dropout=config.get("attention_probs_dropout_prob", 0.1),
        ),
        padding=config.get("pad_token_id") or 0,
    )


def _roberta(config: Mapping[str, Any]) -> ModelConfig:
    # The first rows of its table, up to the padding token's, are not used for positions.
    padding = _whole("pad_token_id", config.get("pad_token_id", 1))
    return _bert({**config, "pad_token_id": padding}, first_position=padding + 1)


def _distilbert(config: Mapping[str, Any]) -> ModelConfig:
    return ModelConfig(
        encoder=StackConfig(
            vocabulary=setting(config, "vocab_size"),
            d_model=setting(config, "dim"),
            num_heads=setting(config, "n_heads"),
            d_ff=setting(config, "hidden_dim"),
            num_layers=setting(config, "n_layers"),
            activation=activation(config.get("activation", "gelu")),
            norm_epsilon=1e-12,
            positions="learned",  # even if initialised as sinusoids, they are in the file
            max_positions=setting(config, "max_position_embeddings"),
            scale_embedding=False,
            embedding_norm=True,
            dropout=config.get("dropout", 0.1),
            attention_dropout=config.get("attention_dropout", 0.1),
        ),
        padding=config.get("pad_token_id") or 0,
    )


# Index buffers of old files, the pooler, and task heads.
_LEFT_OUT = (
    r"embeddings\.position_ids|embeddings\.token_type_ids|pooler\..*|cls\..*|lm_head\..*"
    r"|classifier\..*|pre_classifier\..*|qa_outputs\..*|generator_.*|discriminator_predictions\..*"
    r"|vocab_(transform|layer_norm|projector)\..*|sequence_summary\..*"
)

FAMILIES: Mapping[str, Family] = {
    "bert": Family(_bert, BERT_NAMES, "bert.", _LEFT_OUT),
    "electra": Family(_bert, BERT_NAMES, "electra.", _LEFT_OUT),
    "roberta": Family(_roberta, BERT_NAMES, "roberta.", _LEFT_OUT),
    "xlm-roberta": Family(_roberta, BERT_NAMES, "roberta.", _LEFT_OUT),
    "camembert": Family(_roberta, BERT_NAMES, "roberta.", _LEFT_OUT),
    "distilbert": Family(_distilbert, DISTILBERT_NAMES, "distilbert.", _LEFT_OUT),
}
"""The families by `model_type` in config.json."""
