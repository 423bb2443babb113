"""Forking with the tokenizers library: its thread pool does not survive a fork.

A forked child would wait for those threads forever. The library detects this, but warns on stderr,
and not at all where TOKENIZERS_PARALLELISM asks for the pool; so children start with it disabled.
"""

import os

_NAME = "TOKENIZERS_PARALLELISM"
_before: list[str | None] = []


def _before_fork() -> None:
    _before.append(os.environ.get(_NAME))
    os.environ[_NAME] = "false"


def _in_parent() -> None:
    value = _before.pop()
    if value is None:
        os.environ.pop(_NAME, None)
    else:
        os.environ[_NAME] = value


def watch_forks() -> None:
    """Disable the thread pool in every child process forked from now on."""
    if hasattr(os, "register_at_fork"):  # Windows has neither this nor fork
        os.register_at_fork(before=_before_fork, after_in_parent=_in_parent)
