"""What a fork leaves behind of torch: threads that exist no more, and a GPU that cannot be used.

OpenMP's pool of threads does not survive a fork: the first product that a child shares out among
them would wait for ever. One thread needs no pool.
"""

import os

import torch

from glassformer.errors import UsageError


def watch_forks() -> None:
    """Let every child that is forked from now on compute with one thread."""
    if hasattr(os, "register_at_fork"):  # there is none on Windows, and no fork
        os.register_at_fork(after_in_child=lambda: torch.set_num_threads(1))


def check_device(device: torch.device) -> torch.device:
    """The same device, if this process can use it.

    Raises:
        UsageError: when it is a GPU that the process had begun to use before it was forked.
    """
    if device.type == "cuda" and torch.cuda._is_in_bad_fork():
        raise UsageError(
            "CUDA cannot be used in a forked process whose parent has used it: start workers with "
            "multiprocessing.get_context({method!r})",
            method="spawn",
        )
    return device
