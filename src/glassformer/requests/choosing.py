"""Layers, heads, words and numbers that settings choose, held against each other."""

from collections.abc import Sequence
from typing import Literal, TypeAlias

from glassformer.errors import Setting, UsageError
from glassformer.views import Unit

Heads: TypeAlias = Literal["card", "mean", "largest", "all"]


def check_numbers(
    layer: int | None,
    head: Sequence[int],
    min_weight: float | None,
    mass: float | None,
    beam_size: int,
) -> None:
    """Numbers that no model could make sense of.

    Raises:
        UsageError: when there is one.
    """
    counted = [("layer", layer), *(("head", one) for one in head), ("beam_size", beam_size)]
    for name, number in counted:
        if number is not None and number < 1:
            raise UsageError(
                "{setting:name} counts from 1, but is {given}", setting=Setting(name), given=number
            )
    if min_weight is not None and not 0.0 <= min_weight <= 1.0:
        raise UsageError(
            "{setting:name} must be from 0 to 1, but is {given}",
            setting=Setting("min_weight"),
            given=min_weight,
        )
    if mass is not None and not 0.0 < mass <= 1.0:
        raise UsageError(
            "{setting:name} must be above 0 and at most 1, but is {given}",
            setting=Setting("mass"),
            given=mass,
        )


def check_heads(layer: int | None, head: Sequence[int], heads: Heads | None) -> None:
    """Settings that choose heads, held against each other.

    Raises:
        UsageError: when they exclude each other.
    """
    if layer is None and head:
        raise UsageError(
            "a head needs its layer: give both {layer} and {head}",
            layer=Setting("layer", "L"),
            head=Setting("head", "H"),
        )
    if heads is not None and head:
        raise UsageError(
            "{heads} and {head} exclude each other",
            heads=Setting("heads", heads),
            head=Setting("head", head[0]),
        )
    if heads == "card" and layer is not None:
        raise UsageError(
            "{heads} names its layer itself: leave {layer:name} out",
            heads=Setting("heads", "card"),
            layer=Setting("layer"),
        )


def check_units(unit: Unit, special: bool) -> None:
    """Special tokens are shown among tokens.

    Raises:
        UsageError: when they are asked for among words.
    """
    if special and unit == "words":
        raise UsageError(
            "special tokens are no words: they are shown with tokens ({tokens})",
            tokens=Setting("unit", "tokens"),
        )
