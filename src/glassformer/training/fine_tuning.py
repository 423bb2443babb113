"""Fine-tuning: further training of a trained model, on other pairs or with other settings.

Its weights, sizes and tokenizers stay; only the dropout rates can be changed.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from glassformer.config import ModelConfig, TrainingConfig
from glassformer.errors import ConfigError, ModelFilesError, Setting, UsageError
from glassformer.messages import Message
from glassformer.pretrained.files import is_ours, read_config
from glassformer.pretrained.folder import read_model
from glassformer.text.tokenizer import Tokenizer, read_tokenizers
from glassformer.training.corpus.subwords import Roles
from glassformer.training.reporting.record import TrainingRecord
from glassformer.training.request import NamedModel

_DROPOUTS = ("dropout", "attention_dropout", "activation_dropout")


@dataclass(frozen=True)
class TrainedModel:
    """A model of ours to fine-tune: its configuration, tokenizers and special tokens."""

    folder: Path
    config: ModelConfig

    @classmethod
    def read(cls, named: NamedModel, tags: Sequence[str]) -> "TrainedModel":
        """The model of this name, which has to know these target languages.

        Its weights are read too, so that damaged ones are found before the work.

        Raises:
            ModelFilesError: when it is none of ours.
            WeightsError: when its weights do not fit its configuration.
            UsageError: when it does not translate, or not to one of the targets.
        """
        setting = Setting("model_from", named.name)
        if not is_ours(read_config(named.folder)):
            raise ModelFilesError(
                "{setting}: only models trained by Glassformer can be fine-tuned; of others, "
                "{encoder_from:name} takes the encoder",
                setting=setting,
                encoder_from=Setting("encoder_from"),
            )
        config = read_model(named.folder).config
        if config.decoder is None:
            raise UsageError("{setting}: it has no decoder and cannot translate", setting=setting)
        known = [tag for tag, _ in config.tags]
        if set(tags) - set(known) or (known and not tags):
            untagged = Message("one without a tag")
            raise UsageError(
                "{setting}: its target languages are {known}, but the pairs are for {tags}",
                setting=setting,
                known=known or untagged,
                tags=[*tags] or untagged,
            )
        return cls(named.folder, config)

    def settings(self, config: TrainingConfig, given: Mapping[str, Any]) -> TrainingConfig:
        """The settings of its fine-tuning; `given` are those a person set.

        Raises:
            ConfigError: when a person set what the model determines.
        """
        fixed = [f"model.{key}" for key in given.get("model", {}) if key not in _DROPOUTS]
        fixed += [f"text.{key}" for key in given.get("text", {}) if key == "vocabulary"]
        if fixed:
            raise ConfigError(
                "the model of {model_from:name} determines {fixed}: leave it out when fine-tuning",
                fixed=fixed,
                model_from=Setting("model_from"),
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
        record = TrainingRecord.read(self.folder)
        if record is not None:  # text is tokenized as it was for this model
            before = record.settings.text
            text = {"tokenizer": before.tokenizer, "joiner": before.joiner}
        return config.changed(
            model={**sizes, **given.get("model", {})}, text={**text, **given.get("text", {})}
        )

    def tokenizers(self) -> tuple[Tokenizer, Tokenizer, Roles]:
        """Those of source and target, which may be one, and what the first ids are for."""
        source, target = read_tokenizers(self.folder)
        model = self.config
        assert model.start is not None
        assert model.end is not None
        return (
            source,
            target,
            Roles(model.padding, model.start, model.end, model.tags, model.suppressed),
        )

    def model_config(self, given: Mapping[str, Any]) -> ModelConfig:
        """The model, with dropout where a person set it; no head is recommended for it yet."""
        rates = given.get("model", {})
        return dataclasses.replace(
            self.config,
            encoder=dataclasses.replace(self.config.encoder, **rates),
            decoder=dataclasses.replace(self.config.stack_of("decoder"), **rates),
            shown_head=None,
        )
