"""Forking with torch: neither its thread pool nor CUDA survives a fork.

The first parallel matrix product in a child would wait forever for OpenMP threads that no longer
exist. With one thread no pool is needed.
"""

import os

import torch

from glassformer.errors import UsageError


def watch_forks() -> None:
    """Restrict every child process forked from now on to one thread."""
    if hasattr(os, "register_at_fork"):  # Windows has neither this nor fork
        os.register_at_fork(after_in_child=lambda: torch.set_num_threads(1))


def check_device(device: torch.device) -> torch.device:
    """The device, if this process can use it.

    Raises:
        UsageError: when it is a GPU that the parent process used before the fork.
    """
    if device.type == "cuda" and torch.cuda._is_in_bad_fork():
        raise UsageError(
            "CUDA cannot be used in a forked process after its parent used it: start workers with "
            "multiprocessing.get_context({method!r})",
            method="spawn",
        )
    return device
