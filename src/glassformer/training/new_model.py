"""The model before its first update: its configuration from the settings, its first weights."""

import dataclasses

import torch

from glassformer.config import ModelConfig, StackConfig, TrainingConfig
from glassformer.errors import Setting, UsageError
from glassformer.model.transformer import Transformer
from glassformer.pretrained.folder import read_model, read_model_config
from glassformer.text.tokenizer import Tokenizer
from glassformer.training.corpus.subwords import Roles
from glassformer.training.request import NamedModel


def model_config(
    config: TrainingConfig,
    source: Tokenizer,
    target: Tokenizer,
    roles: Roles,
    encoder_from: NamedModel | None,
) -> ModelConfig:
    """The model that the settings describe, for these vocabularies, or with a pretrained encoder.

    Raises:
        UsageError: when the pretrained encoder has another padding id than the decoder.
        ConfigError: when settings contradict each other.
    """
    settings = config.model
    own = {one.name for one in dataclasses.fields(StackConfig)}
    common = {n: value for n, value in dataclasses.asdict(settings).items() if n in own}

    def stack(vocabulary: int, layers: int | None) -> StackConfig:
        return StackConfig(vocabulary=vocabulary, num_layers=layers or 0, **common)

    encoder = stack(source.vocabulary, settings.encoder_layers)
    if encoder_from is not None:
        given = read_model_config(encoder_from.folder)
        if given.padding != roles.padding:
            raise UsageError(
                "{setting}: its padding token has id {given}, but only encoders with padding id "
                "{expected} can be used",
                setting=Setting("encoder_from", encoder_from.name),
                given=given.padding,
                expected=roles.padding,
            )
        encoder = given.encoder
    return ModelConfig(
        encoder=encoder,
        decoder=stack(target.vocabulary, settings.decoder_layers),
        tie_embeddings=settings.tie_embeddings and source is target,
        padding=roles.padding,
        start=roles.start,
        end=roles.end,
        tags=roles.tags,
        suppressed=roles.suppressed,
    )


def new_model(
    config: ModelConfig,
    seed: int,
    *,
    residual_gain: float = 1.0,
    encoder_from: NamedModel | None = None,
    model_from: NamedModel | None = None,
) -> Transformer:
    """The model before its first update: random weights from the seed, or pretrained ones."""
    torch.manual_seed(seed)
    model = Transformer(config)
    model.scale_residual_branches(residual_gain)
    if model_from is not None:
        model.load_state_dict(read_model(model_from.folder).state_dict())
    if encoder_from is not None:
        given = read_model(encoder_from.folder)
        model.encoder.load_state_dict(given.encoder.state_dict())
    return model
