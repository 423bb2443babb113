"""The keywords of `Glassformer`'s methods, as types: they are the same for one text and for many.

What each of them does stands in the method.
"""

from collections.abc import Sequence
from typing import TypedDict

from glassformer.decoding.settings import SearchOptions
from glassformer.encoding.pooling import PoolingMode
from glassformer.library.progress import Progress


class EncodeOptions(TypedDict, total=False):
    """Of `Glassformer.encode`."""

    pool: PoolingMode
    normalize: bool
    truncate: bool
    batch_tokens: int


class TranslateOptions(SearchOptions, total=False):
    """Of `Glassformer.translate`, with those of `SearchConfig`."""

    to: str | Sequence[str | None] | None
    prefix: str | Sequence[str]
    truncate: bool
    batch_tokens: int | None
    batch_size: int | None


class ScoreOptions(TypedDict, total=False):
    """Of `Glassformer.score`."""

    to: str | None
    truncate: bool
    batch_tokens: int | None
    batch_size: int | None


class InspectTextOptions(SearchOptions, total=False):
    """Of `Glassformer.inspect`, with those of `SearchConfig`."""

    to: str | None
    target: str | None
    truncate: bool
    names: Sequence[str] | None
    progress: Progress | None
