"""Makes the readme that the package index shows: what is relative in ours leads nowhere there."""

import re
from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface

RELATIVE = re.compile(r"(!?)\[([^\]]*)\]\((?!https?://|#)([^)\s]+)\)")


def for_the_index(text: str, source: str | None, version: str) -> str:
    """Relative links lead into `source` at the version's tag; without an address only their words
    stay, and of a picture what it shows, in italics."""

    def absolute(found: re.Match[str]) -> str:
        picture, words, path = found.groups()
        if source is None:
            return f"*{words}*" if picture else words
        kind = "raw" if picture else "blob"
        return f"{picture}[{words}]({source.rstrip('/')}/{kind}/v{version}/{path})"

    return RELATIVE.sub(absolute, text)


class Readme(MetadataHookInterface):
    """A field of the metadata, made anew for each build."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Fill in `readme`; the address is the one in [project.urls], if there is one."""
        text = (Path(self.root) / "README.md").read_text(encoding="utf-8")
        source = metadata.get("urls", {}).get("Source")
        metadata["readme"] = {
            "content-type": "text/markdown",
            "text": for_the_index(text, source, metadata["version"]),
        }
