"""Every picture as plain data, and back."""

import dataclasses
import types
import typing
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from glassformer.errors import InputError
from glassformer.views.attention import AttentionView, GridView
from glassformer.views.comparison import AnimationView, ComparisonView
from glassformer.views.numbers import FlowView, MatrixView
from glassformer.views.structure import StructureView
from glassformer.views.sublayers import AddNormView, MultiHeadView, PositionsView

View = (
    AttentionView
    | GridView
    | MatrixView
    | FlowView
    | PositionsView
    | MultiHeadView
    | AddNormView
    | StructureView
    | ComparisonView
    | AnimationView
)
"""Whatever can be drawn as a picture."""

SCHEMA = "glassformer.view/2"
_READ = ("glassformer.view/1", SCHEMA)
KINDS: Mapping[str, type[View]] = types.MappingProxyType(
    {
        "attention": AttentionView,
        "grid": GridView,
        "matrix": MatrixView,
        "flow": FlowView,
        "positions": PositionsView,
        "multi-head": MultiHeadView,
        "add-norm": AddNormView,
        "structure": StructureView,
        "comparison": ComparisonView,
        "animation": AnimationView,
    }
)


def to_json(view: View) -> dict[str, Any]:
    """A picture's data for JSON; `from_json` makes an equal view of it."""
    kind = next(name for name, of in KINDS.items() if isinstance(view, of))
    return {"schema": SCHEMA, "view": kind, **as_plain(view)}


def from_json(data: Mapping[str, Any]) -> View:
    """The view that `to_json` was given.

    Raises:
        InputError: when it is no data of a view.
    """
    if data.get("schema") not in _READ or data.get("view") not in tuple(KINDS):
        raise InputError(
            "expected a view of schema {schema} and one of the kinds {known}, but was given schema "
            "{given!r} and view {view!r}",
            schema=SCHEMA,
            known=tuple(KINDS),
            given=data.get("schema"),
            view=data.get("view"),
        )
    rest = {key: value for key, value in data.items() if key not in ("schema", "view")}
    try:
        view: View = built(KINDS[data["view"]], rest)
    except (TypeError, ValueError, KeyError) as error:
        raise InputError("the data of this view is damaged: {reason}", reason=str(error)) from error
    return view


def as_plain(value: Any) -> Any:
    """Dataclasses as mappings, tuples as lists, all else as it is; `built` makes them again."""
    if dataclasses.is_dataclass(value):
        return {
            field.name.rstrip("_"): as_plain(getattr(value, field.name))
            for field in dataclasses.fields(value)
        }
    if isinstance(value, tuple):
        return [as_plain(item) for item in value]
    return value


def built(hint: Any, value: Any) -> Any:
    """The value that a type hint describes, made of plain data that has to fit it.

    Raises:
        TypeError, ValueError, KeyError: when it does not fit.
    """
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        if not isinstance(value, Mapping):
            raise TypeError(f"expected the fields of {hint.__name__}, but found {value!r}")
        hints = typing.get_type_hints(hint)
        given = {f"{key}_" if f"{key}_" in hints else key: item for key, item in value.items()}
        known = {key: item for key, item in given.items() if key in hints}  # others may come
        return hint(**{key: built(hints[key], item) for key, item in known.items()})
    if origin is tuple and isinstance(value, Sequence) and not isinstance(value, str):
        inner = arguments[:1] * len(value) if arguments[-1] is Ellipsis else arguments
        return tuple(built(one, item) for one, item in zip(inner, value, strict=True))
    if origin is types.UnionType:
        if value is None and type(None) in arguments:
            return None
        return built(next(one for one in arguments if one is not type(None)), value)
    if origin is Literal and value in arguments:
        return value
    if hint is float and type(value) in (int, float):
        return float(value)
    if hint in (int, str) and type(value) is hint:
        return value
    raise TypeError(f"{value!r} is no {hint}")
