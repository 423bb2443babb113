"""`translate_file()`: a translation for each line of a file of any length, as it is made."""

import contextlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol, TypeAlias, Unpack, get_args

from glassformer.decoding.batches import batches_of
from glassformer.decoding.settings import SearchConfig
from glassformer.decoding.translator import Translation
from glassformer.errors import InputError, OutputError, Setting, UsageError, reason_of
from glassformer.inspection.report import ENGINE
from glassformer.library.encoding import check_other_than
from glassformer.library.loading import SearchAndLoading, obtain_translator, parted
from glassformer.library.model import Glassformer
from glassformer.library.notes import Gathered
from glassformer.library.progress import Progress, Unseen
from glassformer.library.sources import Source, Texts, place_of, reading
from glassformer.messages import Note
from glassformer.outputs import check_writable, format_of
from glassformer.text.tokenizer import SpecialTokens

SCHEMA = "glassformer.translate/2"

TranslationFormat: TypeAlias = Literal["text", "jsonl"]

_ENDINGS = {".txt": "text", ".jsonl": "jsonl"}


class TextOutput(Protocol):
    """Where text is written to, such as an open file."""

    def write(self, text: str, /) -> object:
        """Take a piece of text."""
        ...

    def flush(self) -> object:
        """Pass on what was taken."""
        ...


@dataclass(frozen=True, kw_only=True)
class TranslatedFile:
    """What was written: the number of lines; `notes` say what a person should know about them."""

    lines: int
    notes: tuple[Note, ...] = ()


def translate_file(
    source: Source,
    output: str | Path | TextOutput,
    *,
    model: str | Path | Glassformer | None = None,
    to: str | None = None,
    n_best: int = 1,
    prefix: str | None = None,
    prefix_file: str | Path | None = None,
    special_tokens: SpecialTokens = "text",
    truncate: bool = False,
    batch_tokens: int | None = None,
    batch_size: int | None = None,
    read_ahead: int | None = None,
    format: TranslationFormat | None = None,
    force: bool = False,
    progress: Progress | None = None,
    **options: Unpack[SearchAndLoading],
) -> TranslatedFile:
    """Write the translation of each text of a source, in order, each as it is made.

    `output` is a file or a text stream; what was written stays when the work is interrupted. As
    "text" a translation is a line, or with `n_best` above 1 the n-best list of Moses and Marian;
    "jsonl" has all scores, tokens and alternatives; by default the extension says which. `prefix`
    is a forced prefix of every translation, and `prefix_file` holds one for each line. `read_ahead`
    lines are read ahead, and those of similar length are batched together. `special_tokens` and
    `truncate` are those of `Glassformer.translate`. The settings of `SearchConfig` say how to
    search; `device`, `precision` and `threads` are those of `load`.

    Raises:
        UsageError: when a setting makes no sense; found before a model is loaded.
        InputError: when a text is not valid Unicode or longer than the model's maximum length.
        OutputError: when the file cannot be written, or exists and `force` is not given.
        ModelFilesError, ConfigError, WeightsError: as `load`.
    """
    loading, search = parted(options)
    SearchConfig(n_best=n_best, **search)  # refuses what makes no sense
    batches_of(batch_tokens, batch_size)  # refuses both
    if format not in (None, *get_args(TranslationFormat)):
        raise UsageError(
            "{format:name} must be one of {known}, but is {given!r}",
            format=Setting("format"),
            known=get_args(TranslationFormat),
            given=format,
        )
    if prefix is not None and prefix_file is not None:
        raise UsageError(
            "{prefix:name} and {prefix_file:name} exclude each other: give one of them",
            prefix=Setting("prefix"),
            prefix_file=Setting("prefix_file"),
        )
    target = Path(output) if isinstance(output, str) else output
    if isinstance(target, Path):
        check_writable(target, force=force)
        check_other_than(source, target)
    progress = progress or Unseen()
    path = target if isinstance(target, Path) else None
    written_as = {"jsonl": _json_line, "text": _best if n_best == 1 else _n_best}[
        format_of(path, format, _ENDINGS, default="text", any_ending=True)
    ]
    with reading(source) as texts:
        prefixes = None if prefix_file is None else _read_prefixes(Path(prefix_file))
        found = obtain_translator(model, **loading).translate_stream(
            texts if prefixes is None else _as_many(texts, prefixes, str(prefix_file)),
            to=to,
            batch_tokens=batch_tokens,
            batch_size=batch_size,
            read_ahead=read_ahead,
            prefix=(prefix or "") if prefixes is None else prefixes,
            special_tokens=special_tokens,
            truncate=truncate,
            name=lambda index: place_of(texts, index + 1),
            n_best=n_best,
            **search,
        )
        gathered = Gathered(lambda number: place_of(texts, number))
        progress.begin(texts.size)
        number = 0
        with _writing(target) as write:
            for number, translation in enumerate(found, start=1):
                write(written_as(number, translation))
                gathered.add(number, translation.notes)
                progress.advance(texts.position, number)
    return TranslatedFile(lines=number, notes=(*texts.notes, *gathered.notes))


def _read_prefixes(path: Path) -> list[str]:
    if str(path) == "-":
        raise UsageError(
            "{prefix_file:name} is read from a file, not from stdin: name one",
            prefix_file=Setting("prefix_file"),
        )
    with reading(path) as lines:
        return list(lines)


def _as_many(texts: Texts, prefixes: list[str], path: str) -> Iterator[str]:
    """The texts, for each of which there has to be a prefix."""
    for text in texts:
        if texts.number > len(prefixes):
            raise InputError(
                "{path} has {prefixes} lines, but {name} has more: expected one prefix per line "
                "(an empty line forces none)",
                path=path,
                prefixes=len(prefixes),
                name=texts.name,
            )
        yield text
    if texts.number < len(prefixes):
        raise InputError(
            "{path} has {prefixes} lines, but {name} has {texts}: expected one prefix per line",
            path=path,
            prefixes=len(prefixes),
            name=texts.name,
            texts=texts.number,
        )


@contextlib.contextmanager
def _writing(target: Path | TextOutput) -> Iterator[Callable[[str], None]]:
    """Write each piece so that whoever reads has it at once, and Ctrl-C leaves it there."""
    if not isinstance(target, Path):
        yield _flushing(target)
        return
    try:
        with target.open("w", encoding="utf-8", newline="\n") as file:
            yield _flushing(file)
    except OSError as error:
        raise OutputError(
            "cannot write {path}: {reason}", path=target, reason=reason_of(error)
        ) from error


def _flushing(file: TextOutput) -> Callable[[str], None]:
    def write(text: str) -> None:
        file.write(text)
        file.flush()

    return write


def one_line(text: str) -> str:
    """A translation as one line, also where the model has generated the end of one."""
    return text.replace("\r", " ").replace("\n", " ")


def _best(number: int, translation: Translation) -> str:
    return one_line(translation.text) + "\n"


def _n_best(number: int, translation: Translation) -> str:
    """The list of one line; what Moses calls features is one, the model's own score."""
    return "".join(
        f"{number - 1} ||| {one_line(one.text)} ||| logprob= {one.score:.6f} ||| "
        f"{one.penalized_score:.6f}\n"
        for one in (translation, *translation.alternatives)
    )


def _json_line(number: int, translation: Translation) -> str:
    data = {
        "schema": SCHEMA,
        "line": number,
        "engine": ENGINE,
        "edits": [],
        **translation_json(translation),
    }
    return json.dumps(data, ensure_ascii=False) + "\n"


def translation_json(translation: Translation) -> dict[str, Any]:
    """A translation as plain data, with its notes and alternatives."""
    return {
        "notes": [note.to_json() for note in translation.notes],
        **_record(translation),
        "alternatives": [_record(one) for one in translation.alternatives],
    }


def _record(translation: Translation) -> dict[str, Any]:
    return {
        "text": translation.text,
        "score": translation.score,
        "penalized_score": translation.penalized_score,
        "tokens": translation.tokens,
        "token_scores": translation.token_scores,
    }
