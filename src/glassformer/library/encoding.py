"""`encode_file()`: R, or one pooled vector, for each line of a file of any length."""

import dataclasses
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Unpack

from glassformer.encoding.arrays import ByteStream, Content
from glassformer.encoding.encoder import BATCH_TOKENS
from glassformer.encoding.files import check_output, writing
from glassformer.encoding.pooling import Pooling, PoolingMode
from glassformer.errors import InputError, Setting, UsageError
from glassformer.library.loading import Loading, obtain
from glassformer.library.model import Glassformer
from glassformer.library.notes import Gathered
from glassformer.library.progress import Progress, Unseen
from glassformer.library.sources import Source, Texts, path_of, place_of, reading
from glassformer.messages import Note
from glassformer.text.tokenizer import SpecialTokens, is_blank


@dataclass(frozen=True, kw_only=True)
class EncodedFile:
    """What was written: the number of lines and tokens, and the shape of `vectors`.

    `skipped` blank lines were left out, and `truncated` lines truncated to `limit` tokens.
    `own_pooling` is the model's own, where it was used because no other was asked for, and `notes`
    say what a person should know about the texts.
    """

    lines: int
    tokens: int
    shape: tuple[int, int]
    skipped: int
    truncated: int
    limit: int
    own_pooling: Pooling | None
    notes: tuple[Note, ...] = ()


def encode_file(
    source: Source,
    output: str | Path | ByteStream,
    *,
    model: str | Path | Glassformer | None = None,
    pool: PoolingMode | None = None,
    normalize: bool = False,
    skip_blank: bool = False,
    special_tokens: SpecialTokens = "text",
    truncate: bool = False,
    batch_tokens: int | None = None,
    force: bool = False,
    progress: Progress | None = None,
    **loading: Unpack[Loading],
) -> EncodedFile:
    """Write R, or one pooled vector, for each text of a file, in bounded memory.

    `output` is a file (.npz, .safetensors or .parquet; `encoding/files.py` says what they hold) or
    a stream of bytes, which gets .npz. `pool` is the model's own where it has one, unless asked
    for. Blank lines are an error unless `skip_blank` leaves them out. `special_tokens`, `truncate`
    and `batch_tokens` are those of `Glassformer.encode`, `model` and what follows it those of
    `load`.

    Raises:
        UsageError: when a setting makes no sense; found before a model is loaded.
        InputError: when there is no text, or one is blank, not valid Unicode or too long.
        OutputError: when the file cannot be written, or exists and `force` is not given.
        ModelFilesError, ConfigError, WeightsError: as `load`.
    """
    target = Path(output) if isinstance(output, str) else output
    if isinstance(target, Path):
        check_output(target, force=force)
        check_other_than(source, target)
    with reading(source) as texts:
        kept = _Kept(texts, skip_blank)
        found = obtain(model, **loading)
        pooling = _pooling(found.pooling, pool, normalize)
        content = Content(
            d_model=found.config.encoder.d_model,
            dtype="float64" if found.is_float64 else "float32",
            pooled=pooling.mode != "none",
            numbered=skip_blank,
            token_of=found.tokenizer.token_of,
        )
        encodings = found.encoder.encode_stream(
            kept.texts,
            pool=pooling.mode,
            normalize=pooling.normalize,
            special_tokens=special_tokens,
            truncate=truncate,
            batch_tokens=BATCH_TOKENS if batch_tokens is None else batch_tokens,
            name=kept.name_of,
        )
        progress = progress or Unseen()
        progress.begin(texts.size)
        written = tokens = truncated = 0
        gathered = Gathered(lambda number: place_of(texts, number))
        with writing(target, content, force=force) as add:
            for encoding in encodings:
                number, position = kept.pop()
                add(number, encoding)
                gathered.add(number, found.notes_on(encoding.text, None, special_tokens))
                progress.advance(position, number)
                written += 1
                tokens += len(encoding.tokenized.ids)
                truncated += encoding.tokenized.truncated_from is not None
    return EncodedFile(
        lines=written,
        tokens=tokens,
        shape=(written if content.pooled else tokens, content.d_model),
        skipped=kept.skipped,
        truncated=truncated,
        limit=found.config.encoder.max_positions,
        own_pooling=pooling if pool is None and found.pooling is not None else None,
        notes=(*texts.notes, *gathered.notes),
    )


def check_other_than(source: Source, target: Path) -> None:
    """Refuse to write over what is being read.

    Raises:
        UsageError: when source and target are the same file.
    """
    path = path_of(source)
    if path is not None and path.exists() and target.exists() and target.samefile(path):
        raise UsageError("the output {path} is the input itself: give another name", path=target)


def _pooling(own: Pooling | None, pool: PoolingMode | None, normalize: bool) -> Pooling:
    """The pooling asked for, or else the model's own, or else none."""
    if pool is not None or own is None:
        return Pooling(mode=pool or "none", normalize=normalize)
    own.check()
    return dataclasses.replace(own, normalize=own.normalize or normalize)


class _Kept:
    """The texts to encode; the place of each is known until its encoding has come.

    Raises:
        InputError: when there is no text to encode, and later at a blank one.
    """

    def __init__(self, source: Texts, skip_blank: bool) -> None:
        self._source = source
        self._skip_blank = skip_blank
        self._places: deque[tuple[int, int]] = deque()  # number of the text; where it ends
        self._popped = 0
        self.skipped = 0
        kept = self._kept()
        first = next(kept, None)
        if first is None:
            if self.skipped:
                raise InputError(
                    "{name} has only blank lines: expected one sentence per line", name=source.name
                )
            raise InputError("{name} is empty: expected one sentence per line", name=source.name)
        self.texts = chain([first], kept)

    def _kept(self) -> Iterator[str]:
        for text in self._source:
            if not is_blank(text):
                self._places.append((self._source.number, self._source.position))
                yield text
            elif self._skip_blank:
                self.skipped += 1
            else:
                raise InputError(
                    "{place} is blank, but a sentence is needed: {skip_blank} skips blank lines",
                    place=place_of(self._source, self._source.number),
                    skip_blank=Setting("skip_blank", True),
                )

    def name_of(self, index: int) -> str:
        """What an error calls the text of this index."""
        return place_of(self._source, self._places[index - self._popped][0])

    def pop(self) -> tuple[int, int]:
        """The place of the next text in order: its number, and how much was read up to it."""
        self._popped += 1
        return self._places.popleft()
