"""What a test knows about a value and its type does not say, asserted."""

from typing import TypeVar

from torch import nn

Value = TypeVar("Value")
Kind = TypeVar("Kind", bound=nn.Module)


def present(value: Value | None) -> Value:
    """The value, which is there."""
    assert value is not None
    return value


def part_of(model: nn.Module, name: str, kind: type[Kind]) -> Kind:
    """The module of this name, which is of this kind."""
    module = model.get_submodule(name)
    assert isinstance(module, kind)
    return module
