"""Configuration of model and training as plain, frozen data, validated without torch."""

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
