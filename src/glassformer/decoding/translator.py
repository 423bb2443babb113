"""Text in, translation out."""

from dataclasses import dataclass
from typing import Any

import torch

from glassformer.decoding.search import greedy
from glassformer.errors import UsageError
from glassformer.model.transformer import Transformer
from glassformer.text.tokenizer import Tokenizer


@dataclass(frozen=True)
class Translation:
    """A target sentence; `str()` is its text, `score` the natural logarithm of its probability.

    `ids` are the generated tokens' ids, without the end token, and `tokens` the same as they are
    written in the vocabulary.
    """

    text: str
    score: float
    tokens: tuple[str, ...]
    ids: tuple[int, ...]

    def __str__(self) -> str:
        return self.text

    def to_json(self) -> dict[str, Any]:
        """Plain data, as `inspect` gives it for each target."""
        return {"text": self.text, "score": self.score, "tokens": list(self.tokens)}


class Translator:
    """Translates one sentence at a time, greedily."""

    def __init__(self, model: Transformer, source: Tokenizer, target: Tokenizer) -> None:
        self.model = model
        self.source = source
        self.target = target

    def start_of(self, to: str | None) -> int:
        """The decoder's first input for a target language.

        Raises:
            UsageError: when this model has no decoder or does not know the language.
        """
        config = self.model.config
        config.stack_of("decoder")  # says so where there is none
        tags = dict(config.tags)
        if to is None and len(tags) <= 1:
            start = next(iter(tags.values()), config.start)
            if start is None:
                raise UsageError("this model's configuration names neither tags nor a start token")
            return start
        if to not in tags:
            asked = "say to which language" if to is None else f"it does not know {to!r}"
            known = ", ".join(tags) or "one language only, without a tag"
            raise UsageError(f"this model translates to {known}: {asked}")
        return tags[to]

    def translate(self, text: str, *, to: str | None = None, truncate: bool = False) -> Translation:
        """The greedy translation of one text.

        Raises:
            UsageError: when the model cannot translate to that language.
            InputError: when the text is blank or too long.
        """
        start = self.start_of(to)
        config = self.model.config
        limit = config.encoder.max_positions
        ids = self.source.encode(text, max_length=limit, truncate=truncate).ids
        device = self.model.device
        with torch.inference_mode():
            memory = self.model.encode(torch.tensor([ids], device=device))
        # One less than the decoder takes, so that start and tokens can be read back together.
        most = min(2 * len(ids) + 16, config.stack_of("decoder").max_positions - 1)
        best = greedy(self.model, memory, None, [start], max_length=most)[0]
        tokens = tuple(token for token in best.tokens if token != config.end)
        return Translation(
            text=self.target.decode(tokens),
            score=best.score,
            tokens=tuple(map(self.target.token_of, tokens)),
            ids=tokens,
        )
