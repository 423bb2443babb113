"""Marian translation models (OPUS-MT): the paper's Transformer with SiLU, sinusoids in halves.

Junczys-Dowmunt et al. (2018), Marian; Tiedemann and Thottingal (2020), OPUS-MT.
"""

from collections.abc import Mapping
from typing import Any

from glassformer.config import ModelConfig, StackConfig
from glassformer.pretrained.bert import activation, setting
from glassformer.pretrained.names import Family, Names


def _attention(theirs: str, ours: str) -> list[tuple[str, str]]:
    return [
        (f"{theirs}.q_proj", f"{ours}.query"),
        (f"{theirs}.k_proj", f"{ours}.key"),
        (f"{theirs}.v_proj", f"{ours}.value"),
        (f"{theirs}.out_proj", f"{ours}.output"),
    ]


_ENCODER, _DECODER = "encoder.layers.{k}", "decoder.layers.{k}"

NAMES = Names(
    [
        ("model.shared", "encoder.embedding.tokens"),
        ("model.encoder.embed_tokens", "encoder.embedding.tokens"),
        ("model.decoder.embed_tokens", "decoder.embedding.tokens"),
        ("lm_head.weight", "output.weight"),
        ("final_logits_bias", "output.bias"),
        *_attention(f"model.{_ENCODER}.self_attn", f"{_ENCODER}.self_attention"),
        (f"model.{_ENCODER}.self_attn_layer_norm", f"{_ENCODER}.add_norm_1.norm"),
        (f"model.{_ENCODER}.fc1", f"{_ENCODER}.feed_forward.expand"),
        (f"model.{_ENCODER}.fc2", f"{_ENCODER}.feed_forward.contract"),
        (f"model.{_ENCODER}.final_layer_norm", f"{_ENCODER}.add_norm_2.norm"),
        *_attention(f"model.{_DECODER}.self_attn", f"{_DECODER}.self_attention"),
        (f"model.{_DECODER}.self_attn_layer_norm", f"{_DECODER}.add_norm_1.norm"),
        *_attention(f"model.{_DECODER}.encoder_attn", f"{_DECODER}.cross_attention"),
        (f"model.{_DECODER}.encoder_attn_layer_norm", f"{_DECODER}.add_norm_2.norm"),
        (f"model.{_DECODER}.fc1", f"{_DECODER}.feed_forward.expand"),
        (f"model.{_DECODER}.fc2", f"{_DECODER}.feed_forward.contract"),
        (f"model.{_DECODER}.final_layer_norm", f"{_DECODER}.add_norm_3.norm"),
    ]
)


def _stack(config: Mapping[str, Any], side: str, vocabulary: int) -> StackConfig:
    return StackConfig(
        vocabulary=vocabulary,
        d_model=setting(config, "d_model"),
        num_heads=setting(config, f"{side}_attention_heads"),
        d_ff=setting(config, f"{side}_ffn_dim"),
        num_layers=setting(config, f"{side}_layers"),
        activation=activation(config.get("activation_function", "gelu")),
        positions="sinusoidal_halves",
        max_positions=setting(config, "max_position_embeddings"),
        scale_embedding=config.get("scale_embedding", False),
        dropout=config.get("dropout", 0.1),
        attention_dropout=config.get("attention_dropout", 0.0),
        activation_dropout=config.get("activation_dropout", 0.0),
    )


def _marian(config: Mapping[str, Any]) -> ModelConfig:
    vocabulary = setting(config, "vocab_size")
    padding = setting(config, "pad_token_id")
    return ModelConfig(
        encoder=_stack(config, "encoder", vocabulary),
        decoder=_stack(config, "decoder", config.get("decoder_vocab_size") or vocabulary),
        tie_embeddings=config.get("share_encoder_decoder_embeddings", True),
        output_bias=True,
        padding=padding,
        start=config.get("decoder_start_token_id", padding),  # Marian starts with the padding token
        end=setting(config, "eos_token_id"),
    )


MARIAN = Family(
    _marian,
    NAMES,
    # Its sinusoids: they are computed, not loaded.
    left_out=r"model\.(encoder|decoder)\.embed_positions\.weight",
)
