"""Going on from a trained model: on other pairs, at another rate, or with another loss.

Its weights, sizes and tokenizers stay; only dropout can be set anew.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from glassformer.config import ModelConfig, TrainingConfig
from glassformer.errors import ConfigError, ModelFilesError, UsageError
from glassformer.pretrained.files import find_model, is_ours, read_config
from glassformer.pretrained.folder import read_model
from glassformer.text.tokenizer import Tokenizer, read_tokenizers
from glassformer.training.corpus.subwords import Roles
from glassformer.training.reporting.record import Record

_DROPOUTS = ("dropout", "attention_dropout", "activation_dropout")


@dataclass(frozen=True)
class TrainedModel:
    """A model of ours that a training begins with, and what it brings along."""

    name: str
    config: ModelConfig

    @classmethod
    def find(cls, name: str, tags: Sequence[str]) -> "TrainedModel":
        """The model of this name, which has to know these targets.

        Its weights are read too, so that damaged ones are found before the work.

        Raises:
            ModelFilesError: when there is no such model, or it is none of ours.
            WeightsError: when its weights do not fit its configuration.
            UsageError: when it does not translate, or not to one of the targets.
        """
        folder = find_model(name)
        if not is_ours(read_config(folder)):
            raise ModelFilesError(
                f"--model-from {name}: only a model that Glassformer trained can be gone on from; "
                "of others --encoder-from takes the encoder"
            )
        config = read_model(folder).config
        if config.decoder is None:
            raise UsageError(f"--model-from {name}: it has no decoder and cannot translate")
        known = [tag for tag, _ in config.tags]
        if set(tags) - set(known) or (known and not tags):
            raise UsageError(
                f"--model-from {name}: its targets are {', '.join(known) or 'one without a tag'}, "
                f"but the pairs are for {', '.join(tags) or 'one without a tag'}"
            )
        return cls(name, config)

    def settings(self, config: TrainingConfig, given: Mapping[str, Any]) -> TrainingConfig:
        """The settings of a training that begins with it; `given` are those a person set.

        Raises:
            ConfigError: when a person set what the model brings along.
        """
        fixed = [f"model.{key}" for key in given.get("model", {}) if key not in _DROPOUTS]
        fixed += [f"text.{key}" for key in given.get("text", {}) if key == "vocabulary"]
        if fixed:
            raise ConfigError(
                f"{', '.join(fixed)}: the model of --model-from brings it along; leave it out"
            )
        encoder, decoder = self.config.encoder, self.config.stack_of("decoder")
        own = {field.name for field in dataclasses.fields(config.model)}
        sizes = {key: value for key, value in dataclasses.asdict(decoder).items() if key in own}
        sizes |= {
            "encoder_layers": encoder.num_layers,
            "decoder_layers": decoder.num_layers,
            "tie_embeddings": self.config.tie_embeddings,
            "max_positions": min(encoder.max_positions, decoder.max_positions),
        }
        text = {}
        record = Record.read(find_model(self.name))
        if record is not None:  # text is cut as it was for this model
            before = record.settings.text
            text = {"tokenizer": before.tokenizer, "joiner": before.joiner}
        return config.changed(
            model={**sizes, **given.get("model", {})}, text={**text, **given.get("text", {})}
        )

    def tokenizers(self) -> tuple[Tokenizer, Tokenizer, Roles]:
        """Those of source and target, which may be one, and what the first ids are for."""
        source, target = read_tokenizers(find_model(self.name))
        model = self.config
        assert model.start is not None
        assert model.end is not None
        return (
            source,
            target,
            Roles(model.padding, model.start, model.end, model.tags, model.suppressed),
        )

    def model_config(self, given: Mapping[str, Any]) -> ModelConfig:
        """The model, with dropout where a person set it; which head shows what is open again."""
        rates = given.get("model", {})
        return dataclasses.replace(
            self.config,
            encoder=dataclasses.replace(self.config.encoder, **rates),
            decoder=dataclasses.replace(self.config.stack_of("decoder"), **rates),
            shown_head=None,
        )
