"""The key/value cache: keys and values of tokens that the decoder has already processed.

Those of self-attention grow by one row per token. Those of cross-attention come from the memory and
are constant. When beam search reorders its hypotheses between steps, the former are reordered with
them, while the latter, one row for all hypotheses of a sentence, stay.
"""

from collections.abc import Callable
from typing import Protocol, TypeAlias

import torch
from jaxtyping import Float, Int
from torch import Tensor

KeysValues: TypeAlias = tuple[
    Float[Tensor, "batch heads keys d_head"], Float[Tensor, "batch heads keys d_head"]
]
Projection: TypeAlias = Callable[[Tensor], KeysValues]


class KeyValueCache(Protocol):
    """What attention needs from a cache: all keys and values to attend to, new ones included."""

    def update(self, project: Projection, memory: Tensor) -> KeysValues:
        """Project the new rows of memory, store them, and return everything stored."""
        ...


class GrowingCache:
    """Keys and values of self-attention; capacity doubles when it runs out."""

    def __init__(self) -> None:
        self.length = 0
        self._stored: tuple[_Rows, ...] = ()

    def update(
        self, project: Projection, memory: Float[Tensor, "batch new d_memory"]
    ) -> KeysValues:
        """Append the keys and values of the new tokens; return those of all tokens."""
        new = project(memory)
        end = self.length + new[0].shape[2]
        if not self._stored or end > self._stored[0].tensor.shape[1]:
            self._grow(new, max(16, 1 << (end - 1).bit_length()))
        for stored, rows in zip(self._stored, new, strict=True):
            stored.tensor[:, self.length : end] = rows.transpose(1, 2)
        self.length = end
        key, value = (stored.tensor[:, :end].transpose(1, 2) for stored in self._stored)
        return key, value

    def _grow(self, new: KeysValues, room: int) -> None:
        grown = []
        for index, rows in enumerate(new):
            batch, heads, _, d_head = rows.shape
            larger = rows.new_empty(batch, room, heads, d_head)
            if self._stored:
                larger[:, : self.length] = self._stored[index].tensor[:, : self.length]
            grown.append(_Rows(larger))
        self._stored = tuple(grown)

    def select(self, rows: Int[Tensor, " rows"]) -> None:
        """Reorder rows: row i becomes row `rows[i]`; rows may be repeated or dropped."""
        for stored in self._stored:
            stored.select(rows, self.length)


class FixedCache:
    """Keys and values of cross-attention, computed at the first step."""

    def __init__(self) -> None:
        self._stored: tuple[_Rows, ...] = ()
        self._given: KeysValues | None = None

    def update(
        self, project: Projection, memory: Float[Tensor, "batch keys d_memory"]
    ) -> KeysValues:
        """The keys and values of the memory."""
        if self._given is None:
            self._given = project(memory)
            self._stored = tuple(_Rows(each.transpose(1, 2)) for each in self._given)
        return self._given

    def select(self, rows: Int[Tensor, " rows"]) -> None:
        """Reorder rows: row i becomes row `rows[i]`; rows may be repeated or dropped."""
        if self._given is not None:
            for stored in self._stored:
                stored.select(rows, stored.tensor.shape[1])
            key, value = (stored.tensor.transpose(1, 2) for stored in self._stored)
            self._given = key, value


class _Rows:
    """A tensor [batch, capacity, heads, d_head], the memory layout of projections.

    Rows are copied back and forth between it and a second buffer (double buffering): allocating
    memory at every step would cost more than copying.
    """

    def __init__(self, tensor: Tensor) -> None:
        self.tensor = tensor
        self._spare: Tensor | None = None

    def select(self, rows: Tensor, length: int) -> None:
        """Row i becomes row `rows[i]`, up to `length`; the rest is undefined."""
        used = self.tensor[:, :length]
        if used.requires_grad:  # autograd forbids overwriting
            moved = self.tensor.index_select(0, rows)
        else:
            spare = self._spare
            if spare is None or len(spare) < len(rows):
                spare = self.tensor.new_empty(len(rows), *self.tensor.shape[1:])
            moved = spare[: len(rows)]
            torch.index_select(used, 0, rows, out=moved[:, :length])
        self.tensor, self._spare = moved, self.tensor


class DecoderCache:
    """One growing and one fixed cache per decoder layer."""

    def __init__(self, num_layers: int) -> None:
        self.self_attention = [GrowingCache() for _ in range(num_layers)]
        self.cross_attention = [FixedCache() for _ in range(num_layers)]

    @property
    def length(self) -> int:
        """The number of target tokens in the cache."""
        return self.self_attention[0].length

    def layer(self, index: int) -> tuple[GrowingCache, FixedCache]:
        """The two caches of one layer."""
        return self.self_attention[index], self.cross_attention[index]

    def reorder(self, rows: Int[Tensor, " rows"]) -> None:
        """Reorder hypotheses within their sentences: row i continues row `rows[i]`."""
        for cache in self.self_attention:
            cache.select(rows)

    def keep(self, sentences: Int[Tensor, " sentences"]) -> None:
        """Keep only these sentences; the caller must select the memory, too, and call `reorder`."""
        for cache in self.cross_attention:
            cache.select(sentences)
