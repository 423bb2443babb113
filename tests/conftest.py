"""What holds for every test: shapes are checked, examples are the same everywhere, few threads."""

from collections.abc import Callable
from typing import Any

import torch
from beartype import beartype
from beartype.door import is_bearable
from beartype.roar import (
    BeartypeDecorHintPep612Exception,
    BeartypeDecorHintPep673Exception,
    BeartypeDecorHintPep692Exception,
    BeartypeDecorHintPep3119Exception,
)
from hypothesis import HealthCheck, settings
from jaxtyping import install_import_hook

NOT_CHECKED = (
    BeartypeDecorHintPep612Exception,
    BeartypeDecorHintPep673Exception,
    BeartypeDecorHintPep692Exception,
    BeartypeDecorHintPep3119Exception,
)


def checked(function: Callable[..., Any]) -> Callable[..., Any]:
    """Beartype, but for hints it cannot check here: Self, protocols, keywords passed on or typed.

    The configuration checks its values by itself, and its tests have to get that far.
    """
    if function.__module__.startswith("glassformer.config."):
        return function
    for name, hint in function.__annotations__.items():
        try:
            is_bearable(None, hint)
        except NOT_CHECKED:
            function.__annotations__[name] = object
    return beartype(function)


# Checks every shape in a signature of the package at run time, so that each test is a test of
# shapes too. It has to stand before glassformer is imported for the first time.
install_import_hook("glassformer", f"{__name__}.checked")

torch.set_num_threads(1)

settings.register_profile(
    "glassformer",
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=20,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("glassformer")
