"""`trace_file()`: the steps asked for of each line of a file, in bounded memory."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Unpack

from glassformer.decoding.settings import SearchConfig
from glassformer.errors import OutputError, Setting, UsageError
from glassformer.library.loading import Loading, obtain
from glassformer.library.model import Glassformer
from glassformer.library.notes import Gathered
from glassformer.library.progress import Progress, Unseen
from glassformer.library.sources import Source, place_of, reading
from glassformer.messages import Note
from glassformer.text.tokenizer import SpecialTokens


@dataclass(frozen=True, kw_only=True)
class TracedFile:
    """What was written: the number of texts, each with its trace."""

    texts: int
    notes: tuple[Note, ...] = ()


def trace_file(
    source: Source,
    output: str | Path,
    *,
    names: Sequence[str],
    model: str | Path | Glassformer | None = None,
    to: str | None = None,
    target: str | None = None,
    special_tokens: SpecialTokens = "text",
    beam_size: int = 4,
    truncate: bool = False,
    force: bool = False,
    progress: Progress | None = None,
    **loading: Unpack[Loading],
) -> TracedFile:
    """Write the steps of these names, or patterns of names, for each text of a source.

    `output` is a folder; text n has the trace `n.safetensors` there, n in six digits from 1, with a
    .json beside it, for `Trace.load`. Texts are read ahead and computed together. `model` and what
    follows it are those of `load` and of `Glassformer.inspect`.

    Raises:
        UsageError: when a name matches no step, or a setting makes no sense.
        InputError: when a text is blank, not valid Unicode or longer than the model's maximum
            length.
        OutputError: when a trace cannot be written, or the folder has one and `force` is not given.
        TraceError: when a derived number fails its self-check.
        ModelFilesError, ConfigError, WeightsError: as `load`.
    """
    config = SearchConfig(beam_size=beam_size)
    if not names:
        raise UsageError(
            "{names} is needed: which steps to keep, such as {example}",
            names=Setting("names", "NAME"),
            example="encoder.layers.*.self_attention.weights",
        )
    folder = Path(output)
    _check_folder(folder, force)
    progress = progress or Unseen()
    with reading(source) as texts:
        found = obtain(model, **loading)
        gathered = Gathered(lambda number: place_of(texts, number))
        traces = found.inspector.traces(
            texts,
            config,
            to=to,
            target=target,
            special_tokens=special_tokens,
            truncate=truncate,
            names=names,
            name=lambda index: place_of(texts, index + 1),
        )
        progress.begin(texts.size)
        number = 0
        for number, trace in enumerate(traces, start=1):
            found.add_notes(trace, special_tokens, given=target is not None)
            gathered.add(number, trace.notes)
            folder.mkdir(exist_ok=True)
            trace.save(folder / f"{number:06}.safetensors", force=force)
            progress.advance(texts.position, number)
    return TracedFile(texts=number, notes=(*texts.notes, *gathered.notes))


def _check_folder(folder: Path, force: bool) -> None:
    """Find out before the work whether the traces will have a place."""
    if folder.exists() and not folder.is_dir():
        raise OutputError("{folder} is a file, but a folder is needed", folder=folder)
    if not folder.parent.is_dir():
        raise OutputError(
            "cannot create {folder}: there is no folder {parent}",
            folder=folder,
            parent=folder.parent,
        )
    if not force and folder.is_dir() and next(folder.glob("*.safetensors"), None) is not None:
        raise OutputError(
            "{folder} has traces already: give another name, or {force} to replace them",
            folder=folder,
            force=Setting("force", True),
        )
