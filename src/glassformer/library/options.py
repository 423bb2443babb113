"""The keywords of `Glassformer`'s methods, as types: they are the same for one text and for many.

What each of them does stands in the method.
"""

from collections.abc import Iterable, Sequence
from typing import TypedDict

from glassformer.decoding.settings import SearchOptions
from glassformer.encoding.pooling import PoolingMode
from glassformer.library.progress import Progress
from glassformer.text.tokenizer import SpecialTokens


class EncodeOptions(TypedDict, total=False):
    """Of `Glassformer.encode`."""

    pair: str | Iterable[str] | None
    special_tokens: SpecialTokens
    pool: PoolingMode
    normalize: bool
    truncate: bool
    batch_tokens: int


class TranslateOptions(SearchOptions, total=False):
    """Of `Glassformer.translate`, with those of `SearchConfig`."""

    to: str | Sequence[str | None] | None
    prefix: str | Sequence[str]
    special_tokens: SpecialTokens
    truncate: bool
    batch_tokens: int | None
    batch_size: int | None


class ScoreOptions(TypedDict, total=False):
    """Of `Glassformer.score`."""

    to: str | None
    special_tokens: SpecialTokens
    truncate: bool
    batch_tokens: int | None
    batch_size: int | None


class InspectTextOptions(SearchOptions, total=False):
    """Of `Glassformer.inspect`, with those of `SearchConfig`."""

    to: str | None
    target: str | None
    pair: str | Iterable[str] | None
    special_tokens: SpecialTokens
    truncate: bool
    names: Sequence[str] | None
    progress: Progress | bool
