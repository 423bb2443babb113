"""What a fork leaves behind of the tokenizers library: a pool of threads that exist no more.

A forked child would wait for them for ever. The library notices by itself, but says so on stderr,
and not where TOKENIZERS_PARALLELISM asks for the pool; so a child is born with it turned off.
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
    """Turn the pool off in every child that is forked from now on."""
    if hasattr(os, "register_at_fork"):  # there is none on Windows, and no fork
        os.register_at_fork(before=_before_fork, after_in_parent=_in_parent)
