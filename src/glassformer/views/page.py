"""What the page shows, as plain data: a manifest, and blocks of numbers loaded when looked at."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True)
class PageData:
    """A manifest for JSON, and blocks of numbers by name; docs/page.md lists what is in them.

    A block is made when it is asked for, since a server may never be asked for most of them.
    """

    manifest: Mapping[str, Any]
    makers: Mapping[str, Callable[[], bytes]] = field(repr=False)

    def block(self, name: str) -> bytes:
        """The bytes of one block, deflated.

        Raises:
            KeyError: when there is none of this name.
        """
        return self.makers[name]()
