"""Calls from Python that name settings which there are not, refused like all else."""

import difflib
import functools
import inspect
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from glassformer.errors import UsageError

_P = ParamSpec("_P")
_R = TypeVar("_R")


def refusing_unknown_settings(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """The same function, which raises a UsageError for settings that it does not have.

    Python's own TypeError names neither the settings that there are nor the one that was meant.
    """
    parameters = inspect.signature(function).parameters
    known = [name for name in parameters if name != "self"]

    @functools.wraps(function)
    def checked(*arguments: _P.args, **settings: _P.kwargs) -> _R:
        for name in settings:
            if name not in known:
                near = difflib.get_close_matches(name, known, n=1)
                if near:
                    raise UsageError(
                        "{function} has no setting {name!r}; did you mean {near}?",
                        function=function.__name__,
                        name=name,
                        near=near[0],
                    )
                raise UsageError(
                    "{function} has no setting {name!r}; there are {known}",
                    function=function.__name__,
                    name=name,
                    known=tuple(known),
                )
        return function(*arguments, **settings)

    return checked
