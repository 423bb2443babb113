"""Page data, kept for the blocks of it that are asked for next.

A page asks for its manifest and then, layer by layer, for blocks of the same trace. What was asked
for longest ago goes first, when all that is kept is larger than the limit; the newest always stays.
"""

import asyncio
import math
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol


class Data(Protocol):
    """Page data, as `library.page.page_data` gives it."""

    @property
    def manifest(self) -> Mapping[str, Any]:
        """What is said of all blocks."""

    def block(self, name: str) -> bytes:
        """The deflated numbers of a block."""


@dataclass(eq=False)
class Kept:
    """Page data with its blocks as far as they were made."""

    data: Data
    blocks: dict[str, bytes] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """About how many bytes it takes."""
        return bytes_of(self.data.manifest) + sum(map(len, self.blocks.values()))


class Pages:
    """The newest page data, at most so many bytes of it, each made once however many ask."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._kept: OrderedDict[Hashable, Kept] = OrderedDict()
        self._making: dict[Hashable, asyncio.Task[Any]] = {}

    @property
    def size(self) -> int:
        """Bytes that are kept."""
        return sum(one.size for one in self._kept.values())

    async def page(self, key: Hashable, make: Callable[[], Awaitable[Data]]) -> Kept:
        """The page data of a key, made where it is not kept.

        Raises:
            whatever `make` raises.
        """
        if key not in self._kept:
            data = await self._once(key, make)
            self._kept.setdefault(key, Kept(data))
        kept = self._kept[key]
        self._kept.move_to_end(key)
        self._forget()
        return kept

    async def block(
        self, key: Hashable, kept: Kept, name: str, make: Callable[[], Awaitable[bytes]]
    ) -> bytes:
        """A block of it, made where it was not made before.

        Raises:
            whatever `make` raises.
        """
        if name not in kept.blocks:
            kept.blocks[name] = await self._once((key, name), make)
            self._forget()
        return kept.blocks[name]

    async def _once(self, key: Hashable, make: Callable[[], Awaitable[Any]]) -> Any:
        """What `make` gives, which goes on when one of those who wait for it has gone."""
        if key not in self._making:
            task = asyncio.ensure_future(make())
            self._making[key] = task
            task.add_done_callback(lambda done: self._made(key, done))
        return await asyncio.shield(self._making[key])

    def _made(self, key: Hashable, task: "asyncio.Future[Any]") -> None:
        del self._making[key]
        if not task.cancelled():
            task.exception()  # somebody may have waited for it, or nobody any more

    def _forget(self) -> None:
        while len(self._kept) > 1 and self.size > self._most_bytes:
            self._kept.popitem(last=False)


_BYTES = {"float64": 8, "float32": 4, "int32": 4, "float16": 2, "uint8": 1}


def bytes_of(manifest: Mapping[str, Any]) -> int:
    """The bytes of all arrays that a manifest lists."""
    return sum(
        math.prod(array["shape"]) * _BYTES[array["dtype"]]
        for one in manifest.get("passes", ())
        for array in one.get("arrays", {}).values()
        if "block" in array
    )
