"""`train`: from files of sentence pairs to a model folder; an unfinished training is resumed."""

import dataclasses
import os
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias

from glassformer.catalogue import LANGUAGES, Language
from glassformer.config import TrainingConfig
from glassformer.config.settings import Given, read_settings
from glassformer.errors import GlassformerWarning, Setting, UsageError
from glassformer.messages import Caution, Note
from glassformer.text.texts import as_texts
from glassformer.training.corpus.pairs import PairFiles
from glassformer.training.learning.metrics import LOGGERS
from glassformer.training.learning.trainer import Observer
from glassformer.training.request import NamedModel, TrainingRequest
from glassformer.training.run import Silent, carry_out

PathLike: TypeAlias = str | os.PathLike[str]

PairSource: TypeAlias = PathLike | PairFiles
"""Where pairs stand: a file of pairs, or two parallel files as `PairFiles(source, target)`."""

PairSources: TypeAlias = (
    PairSource | Sequence[PairSource] | Mapping[str, PairSource | Sequence[PairSource]]
)
"""One such place, several, or those of each target language."""


Reporter: TypeAlias = Literal["tensorboard"]


@dataclass(frozen=True)
class TrainingResult:
    """The outcome of a training."""

    folder: Path
    """The trained model, for `glassformer.load`."""
    scores: dict[str, Any]
    """Loss, BLEU and chrF on the dev set, as in training.json."""
    was_complete: bool
    """Whether there was nothing left to do."""
    notes: tuple[Note, ...] = ()
    """Pairs left out, settings chosen and why, and warnings."""


def train(
    source: PathLike | None = None,
    target: PathLike | None = None,
    *,
    output: PathLike,
    pairs: PairSources = (),
    dev: PairSources = (),
    settings: Mapping[str, object] | PathLike | None = None,
    watch: str | Sequence[str] = (),
    encoder_from: PathLike | None = None,
    model_from: PathLike | None = None,
    report_to: Reporter | Sequence[Reporter] = (),
    device: str = "cpu",
    force: bool = False,
    language: Language = "en",
    listener: Observer | None = None,
) -> TrainingResult:
    """Train a model on sentence pairs, or resume its training, until its folder is complete.

    Args:
        source: a file of sentences, one a line.
        target: their translations, line by line.
        output: the folder of the model. The same call resumes an unfinished training.
        pairs: further pairs: a file of pairs, `PairFiles(source, target)`, or several of these in
            a list; by target language in a mapping (`{"fr": "en-fr.tsv", "de": "en-de.tsv"}`).
        dev: the dev set, given likewise. Without it 1 % of the pairs (100 to 1,000) is held out.
        settings: those that are not to be chosen, as `{"training.max_updates": 2000}`, as sections
            (`{"training": {"max_updates": 2000}}`), or a TOML file. docs/training.md lists them.
        watch: sentences whose attention and translation are recorded while the model learns.
        encoder_from: a pretrained model whose encoder and tokenizer the source side takes.
        model_from: a trained model to fine-tune, with its weights, sizes and tokenizers.
        report_to: where metrics are logged beside metrics.jsonl.
        device: `"cpu"`, `"cuda"`, `"cuda:1"`, `"mps"` …
        force: start over where the folder holds another training or model.
        language: of the model's card, `"en"` or `"zh"`; nothing else that is written depends on it.
        listener: is told of every update and evaluation during the training.

    Raises:
        UsageError: when the request contradicts itself, or there is no such device.
        InputError: when the corpus cannot be used; the message says where and why.
        ConfigError: when a setting is impossible.
        ModelFilesError: when there is no model of a name given.
        TrainingError: when the folder holds another training, or this one cannot continue.
        OutputError: when something cannot be written, or there is no room for it.
        KeyboardInterrupt: after Ctrl-C, once the progress is saved; the same call resumes.
        SystemExit: with code 143 after SIGTERM, likewise.
    """
    if (source is None) != (target is None):
        raise UsageError(
            "give both {source:name} and {target:name}, or {pairs}",
            source=Setting("source"),
            target=Setting("target"),
            pairs=Setting("pairs", "FILE"),
        )
    if language not in LANGUAGES:
        raise UsageError("{language}: expected en or zh", language=Setting("language", language))
    lines = [PairFiles(Path(source), Path(target))] if source and target else []
    request = TrainingRequest(
        pairs=(*lines, *_files_of(pairs)),
        dev=tuple(_files_of(dev)),
        output=Path(output),
        settings=_given(settings),
        watch=tuple(as_texts([watch] if isinstance(watch, str) else watch, "watch")),
        encoder_from=None if encoder_from is None else NamedModel.find(os.fspath(encoder_from)),
        model_from=None if model_from is None else NamedModel.find(os.fspath(model_from)),
        report_to=_loggers(report_to),
        device=str(device),
        force=force,
        language=language,
    )
    observer = _Noting(listener or Silent())
    outcome = carry_out(request, observer)
    notes = tuple(observer.notes)
    return TrainingResult(outcome.folder, outcome.scores, outcome.was_complete, notes)


class _Noting:
    """Keeps the notes, warns of what must not be missed, and tells all to a listener."""

    def __init__(self, listener: Observer) -> None:
        self.notes: list[Note] = []
        self._listener = listener
        self.began = listener.began
        self.updated = listener.updated
        self.measured = listener.measured

    def noted(self, note: Note) -> None:
        self.notes.append(note)
        if isinstance(note, Caution):
            warnings.warn(str(note), GlassformerWarning, stacklevel=2)
        self._listener.noted(note)


def _files_of(pairs: PairSources, tag: str | None = None) -> Iterator[PairFiles]:
    match pairs:
        case PairFiles(source, target):
            both = Path(source), None if target is None else Path(target)
            yield dataclasses.replace(
                pairs, source=both[0], target=both[1], tag=pairs.tag if tag is None else tag
            )
        case str() | os.PathLike():
            yield PairFiles(Path(pairs), tag=tag)
        case Mapping():
            for language, ones in pairs.items():
                yield from _files_of(ones, language)
        case _:
            for one in pairs:
                yield from _files_of(one, tag)


def _loggers(report_to: str | Sequence[str]) -> tuple[str, ...]:
    names = (report_to,) if isinstance(report_to, str) else tuple(report_to)
    for name in names:
        if name not in LOGGERS:
            raise UsageError(
                "{report_to}: there is no such metrics logger; there are: {known}",
                report_to=Setting("report_to", name),
                known=[*LOGGERS],
            )
    return names


def _given(settings: Mapping[str, object] | PathLike | None) -> Given:
    """Settings in sections, whichever way they were given."""
    if settings is None:
        return {}
    if not isinstance(settings, Mapping):
        return read_settings(Path(settings), ())
    given: Given = {}
    for name, value in settings.items():
        section, dot, key = name.partition(".")
        if dot:
            given.setdefault(section, {})[key] = value
        elif isinstance(value, Mapping):
            given.setdefault(section, {}).update(value)
        else:
            raise UsageError(
                "a setting is named with its section, as in {example}, but {name!r} was given",
                example=Setting("training.seed", 2),
                name=name,
            )
    TrainingConfig.from_dict(given)
    return given
