"""What the decoder need not compute twice: the keys and values of tokens it has already seen.

Self-attention's keys and values grow by a row a token. Cross-attention's come from the memory and
stay as they are. Between steps a beam search reorders its hypotheses: then the former move along
with them, while the latter, equal for all hypotheses of a sentence, stay.
"""

from collections.abc import Callable
from typing import Protocol, TypeAlias

from jaxtyping import Float, Int
from torch import Tensor

KeysValues: TypeAlias = tuple[
    Float[Tensor, "batch heads keys d_head"], Float[Tensor, "batch heads keys d_head"]
]
Projection: TypeAlias = Callable[[Tensor], KeysValues]


class KeyValueCache(Protocol):
    """What attention asks of a cache: all keys and values to attend to, the new ones included."""

    def update(self, project: Projection, memory: Tensor) -> KeysValues:
        """Project what is new in memory, keep it, and give back everything kept."""
        ...


class GrowingCache:
    """Keys and values of self-attention; room is doubled when it runs out."""

    def __init__(self) -> None:
        self.length = 0
        self._stored: tuple[Tensor, ...] = ()

    def update(
        self, project: Projection, memory: Float[Tensor, "batch new d_memory"]
    ) -> KeysValues:
        """Append the keys and values of the new tokens; give back those of all tokens."""
        new = project(memory)
        end = self.length + new[0].shape[2]
        if not self._stored or end > self._stored[0].shape[2]:
            self._grow(new, max(16, 1 << (end - 1).bit_length()))
        for stored, rows in zip(self._stored, new, strict=True):
            stored[:, :, self.length : end] = rows
        self.length = end
        key, value = (stored[:, :, :end] for stored in self._stored)
        return key, value

    def _grow(self, new: KeysValues, room: int) -> None:
        grown = []
        for index, rows in enumerate(new):
            batch, heads, _, d_head = rows.shape
            larger = rows.new_empty(batch, heads, room, d_head)
            if self._stored:
                larger[:, :, : self.length] = self._stored[index][:, :, : self.length]
            grown.append(larger)
        self._stored = tuple(grown)

    def select(self, rows: Int[Tensor, " rows"]) -> None:
        """Make row i what row `rows[i]` was; rows may repeat or be left out."""
        self._stored = tuple(stored.index_select(0, rows) for stored in self._stored)


class FixedCache:
    """Keys and values of cross-attention, computed at the first step."""

    def __init__(self) -> None:
        self._stored: KeysValues | None = None

    def update(
        self, project: Projection, memory: Float[Tensor, "batch keys d_memory"]
    ) -> KeysValues:
        """The keys and values of the memory."""
        if self._stored is None:
            self._stored = project(memory)
        return self._stored

    def select(self, rows: Int[Tensor, " rows"]) -> None:
        """Make row i what row `rows[i]` was; rows may repeat or be left out."""
        if self._stored is not None:
            key, value = self._stored
            self._stored = key.index_select(0, rows), value.index_select(0, rows)


class DecoderCache:
    """One growing and one fixed cache a layer of the decoder."""

    def __init__(self, num_layers: int) -> None:
        self.self_attention = [GrowingCache() for _ in range(num_layers)]
        self.cross_attention = [FixedCache() for _ in range(num_layers)]

    @property
    def length(self) -> int:
        """How many target tokens the cache holds."""
        return self.self_attention[0].length

    def layer(self, index: int) -> tuple[GrowingCache, FixedCache]:
        """The two caches of one layer."""
        return self.self_attention[index], self.cross_attention[index]

    def reorder(self, rows: Int[Tensor, " batch"]) -> None:
        """Move hypotheses within their sentences: row i continues what row `rows[i]` was."""
        for cache in self.self_attention:
            cache.select(rows)

    def keep(self, rows: Int[Tensor, " rows"]) -> None:
        """Go on with these rows only (other sentences are done); memory has to follow."""
        self.reorder(rows)
        for cache in self.cross_attention:
            cache.select(rows)
