"""Weight names of other projects: one reversible table per model family."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from glassformer.config import ModelConfig

_LAYER = "{k}"


@dataclass(frozen=True)
class Names:
    """Pairs (theirs, ours) of module names, `{k}` for the layer index; `.weight`, `.bias` stay.

    If a family saves one of our tensors under several names, `to_theirs` returns the first.
    """

    pairs: Sequence[tuple[str, str]]

    def to_ours(self, name: str) -> str | None:
        """Our name of one of their weights; None if unknown."""
        return _translate(name, self.pairs)

    def to_theirs(self, name: str) -> str | None:
        """Their name of one of our weights; None if unknown."""
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
    """How one family of Hugging Face models is loaded."""

    config: Callable[[Mapping[str, Any]], ModelConfig]
    names: Names
    prefix: str = ""
    """The prefix of all names if the model was saved as part of a larger one."""
    left_out: str = r"(?!)"
    """A pattern of weights that are not part of encoder or decoder, such as BERT's pooler."""

    def to_ours(self, name: str) -> str | None:
        """Our name of one of their weights; None if it is ignored or unknown."""
        name = name.removeprefix(self.prefix)
        name = name.replace("LayerNorm.gamma", "LayerNorm.weight")  # names from before PyTorch 1.0
        name = name.replace("LayerNorm.beta", "LayerNorm.bias")
        return self.names.to_ours(name)

    def leaves_out(self, name: str) -> bool:
        """Whether this weight is known and can be ignored."""
        return re.fullmatch(self.left_out, name.removeprefix(self.prefix)) is not None
