"""`models()`: what can be loaded here, and how to get the rest."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from glassformer.pretrained.files import PACKAGED, find_packaged


@dataclass(frozen=True, kw_only=True)
class KnownModel:
    """A model that a package carries; `folder` is None where that is not installed."""

    name: str
    about: str
    folder: Path | None
    install: str

    def to_json(self) -> dict[str, Any]:
        """Plain data, as `glassformer models --format json` prints it."""
        return {
            "name": self.name,
            "about": self.about,
            "installed": self.folder is not None,
            "folder": None if self.folder is None else str(self.folder),
            "install": self.install,
        }


def models() -> list[KnownModel]:
    """The models that packages carry, those that are not installed included."""
    return [
        KnownModel(
            name=model.name,
            about=model.about,
            folder=find_packaged(model),
            install=model.install,
        )
        for model in PACKAGED
    ]
