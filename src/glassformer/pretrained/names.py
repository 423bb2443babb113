"""Weights under other projects' names: one table for each family, readable in both directions."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from glassformer.config import ModelConfig

_LAYER = "{k}"


@dataclass(frozen=True)
class Names:
    """Pairs (theirs, ours) of module names, `{k}` for a layer's index; `.weight`, `.bias` stay.

    Where a family writes one of our tensors under several names, the first pair is the one that
    `to_theirs` gives back.
    """

    pairs: Sequence[tuple[str, str]]

    def to_ours(self, name: str) -> str | None:
        """Our name for one of their weights, or None when there is none."""
        return _translate(name, self.pairs)

    def to_theirs(self, name: str) -> str | None:
        """Their name for one of our weights, or None when there is none."""
        return _translate(name, [(ours, theirs) for theirs, ours in self.pairs])


def _translate(name: str, pairs: Sequence[tuple[str, str]]) -> str | None:
    for source, target in pairs:
        pattern = re.escape(source).replace(re.escape(_LAYER), r"(\d+)")
        match = re.fullmatch(pattern + r"(\.weight|\.bias)?", name)
        if match:
            *layer, leaf = match.groups()
            return target.replace(_LAYER, layer[0] if layer else "") + (leaf or "")
    return None


@dataclass(frozen=True)
class Family:
    """How one kind of Hugging Face folder is read."""

    config: Callable[[Mapping[str, Any]], ModelConfig]
    names: Names
    prefix: str = ""
    """What stands before every name when the model was saved inside a larger one."""
    left_out: str = r"(?!)"
    """A pattern of weights known not to be part of encoder or decoder, such as BERT's pooler."""

    def to_ours(self, name: str) -> str | None:
        """Our name for one of their weights; None when it is left out or unknown."""
        name = name.removeprefix(self.prefix)
        name = name.replace("LayerNorm.gamma", "LayerNorm.weight")  # from before PyTorch 1.0
        name = name.replace("LayerNorm.beta", "LayerNorm.bias")
        return self.names.to_ours(name)

    def leaves_out(self, name: str) -> bool:
        """Whether this weight is known and not needed."""
        return re.fullmatch(self.left_out, name.removeprefix(self.prefix)) is not None
