"""A model with its tokenizers as it was loaded, and what there is to say about a text it reads."""

import dataclasses

import torch

from glassformer.config import ModelConfig
from glassformer.decoding.translator import Translation, Translator
from glassformer.encoding.encoder import SentenceEncoder
from glassformer.encoding.pooling import Pooling
from glassformer.inspection.inspector import Inspector
from glassformer.inspection.trace import Trace
from glassformer.library.description import described
from glassformer.library.notes import notes_on_names, notes_on_source, notes_on_translation
from glassformer.messages import Note
from glassformer.model.transformer import Transformer
from glassformer.text.profile import SourceProfile
from glassformer.text.tokenizer import SpecialTokens, Tokenizer


class LoadedModel:
    """The parts that `Glassformer` works with; see there."""

    def __init__(
        self,
        model: Transformer,
        tokenizer: Tokenizer,
        *,
        name: str,
        pooling: Pooling | None = None,
        target_tokenizer: Tokenizer | None = None,
        profile: SourceProfile | None = None,
    ) -> None:
        self.model = model
        self.tokenizer = tokenizer
        self.target_tokenizer = target_tokenizer or tokenizer
        self.name = name
        self.pooling = pooling
        self.profile = profile
        self.encoder = SentenceEncoder(model, tokenizer)
        self.translator = Translator(model, tokenizer, self.target_tokenizer)
        self.inspector = Inspector(self.translator, name)

    @property
    def config(self) -> ModelConfig:
        """The model as plain data."""
        return self.model.config

    @property
    def is_float64(self) -> bool:
        """Whether weights and arithmetic, and so all results, are of double precision."""
        return self.model.encoder.embedding.tokens.weight.dtype == torch.float64

    @property
    def default_tag(self) -> str:
        """What the only target of a model is called where targets are listed by name."""
        return self.translator.default_tag

    def __repr__(self) -> str:
        return f"<Glassformer {self.name}: {described(self.model)}>"

    def notes_on(
        self, text: str, pair: str | None = None, special_tokens: SpecialTokens = "text"
    ) -> tuple[Note, ...]:
        """In which ways a text is unlike the training text of this model, if any.

        Where special tokens are read as text, also which of them it names, or the second text of
        its pair does.
        """
        notes = notes_on_source(self.profile, text)
        if special_tokens == "text":
            both = text if pair is None else f"{text}\n{pair}"
            notes += notes_on_names(self.tokenizer.specials_in(both))
        return notes

    def add_notes(self, trace: Trace, special_tokens: SpecialTokens, *, given: bool) -> None:
        """Add what a person should know of a trace's text, and of its target unless given."""
        text = trace.source.text
        trace.notes += self.notes_on(text, trace.source.pair, special_tokens)
        if not given and trace.target is not None:
            trace.notes += notes_on_translation(text, trace.target.text)

    def with_notes(
        self, text: str, translation: Translation, special_tokens: SpecialTokens
    ) -> Translation:
        """A translation with what a person should know of its text and of itself."""
        notes = self.notes_on(text, None, special_tokens)
        notes += notes_on_translation(text, translation.text)
        return dataclasses.replace(translation, notes=notes) if notes else translation
