"""The model and its training as plain, frozen data, read and checked without torch."""

from glassformer.config.model import (
    FOLDER_VERSION,
    PRESETS,
    Activation,
    ModelConfig,
    Norm,
    Part,
    Positions,
    ShownHead,
    StackConfig,
)
from glassformer.config.training import TrainingConfig

__all__ = [
    "FOLDER_VERSION",
    "PRESETS",
    "Activation",
    "ModelConfig",
    "Norm",
    "Part",
    "Positions",
    "ShownHead",
    "StackConfig",
    "TrainingConfig",
]
