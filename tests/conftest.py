"""What holds for every test: shapes are checked, examples are the same everywhere, few threads."""

import os

# One thread each, also for what a test starts: the tests run in as many processes as there are
# cores. It has to stand before torch is imported for the first time.
os.environ.setdefault("OMP_NUM_THREADS", "1")

# Commands speak the language of the locale: here it is English, whoever runs the tests.
os.environ["LC_ALL"] = "C.UTF-8"
os.environ.pop("LANGUAGE", None)

import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
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

MOST_PROCESSES = 4
"""Each takes about 1 GB of memory; beyond that they wait for the longest test."""


def checked(function: Callable[..., Any]) -> Callable[..., Any]:
    """Beartype, but for hints it cannot check here: Self, protocols, keywords passed on or typed.

    Functions within functions are left out: they would be compiled anew with every call.
    """
    if "<locals>" in function.__qualname__:
        return function
    for name, hint in function.__annotations__.items():
        try:
            is_bearable(None, hint)
        except NOT_CHECKED:
            function.__annotations__[name] = object
    return beartype(function)


def modules_with_shapes() -> list[str]:
    """The modules of the package that say in their signatures which shapes go in and come out."""
    source = Path(__file__).parents[1] / "src"
    return [
        ".".join(path.relative_to(source).with_suffix("").parts).removesuffix(".__init__")
        for path in source.rglob("*.py")
        if "jaxtyping" in path.read_text(encoding="utf-8")
    ]


# Checks every shape in a signature of the package at run time, so that each test is a test of
# shapes too. It has to stand before glassformer is imported for the first time.
install_import_hook(modules_with_shapes(), f"{__name__}.checked")

torch.set_num_threads(1)

# A shell that starts a command in the background has it ignore Ctrl-C, and with it every process
# that a test starts in order to press Ctrl-C.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

settings.register_profile(
    "short",
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=20,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("long", settings.get_profile("short"), max_examples=200)


def pytest_configure(config: pytest.Config) -> None:
    """Few examples by default, many with `-m slow`; before any test file asks how many."""
    settings.load_profile("long" if config.option.markexpr == "slow" else "short")


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """How many processes `-n auto` means: one a core, none beside the first on a single core."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return 0 if cores == 1 else min(cores or 1, MOST_PROCESSES)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With `-m slow`, tests that draw their examples run too, with many more of them."""
    if config.option.markexpr == "slow":
        for item in items:
            if getattr(getattr(item, "obj", None), "is_hypothesis_test", False):
                item.add_marker("slow")
