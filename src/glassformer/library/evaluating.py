"""`evaluate()`: BLEU, chrF and TER of a test set, with confidence intervals."""

import dataclasses
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias, Unpack

from glassformer.decoding.batches import batches_of
from glassformer.decoding.quality import Quality, bleu_tokenizer, measure
from glassformer.decoding.settings import SearchConfig
from glassformer.errors import Setting, UsageError
from glassformer.inspection.report import ENGINE
from glassformer.library.loading import SearchAndLoading, obtain_translator, parted
from glassformer.library.model import Glassformer
from glassformer.library.progress import Progress, Unseen
from glassformer.library.translating import one_line
from glassformer.messages import Note, Term
from glassformer.outputs import check_writable, replacing
from glassformer.text.columns import paths_of, read_as_many, read_columns

SCHEMA = "glassformer.evaluate/2"

BleuTokenizer: TypeAlias = Literal["13a", "none", "intl", "char", "zh", "ja-mecab", "ko-mecab"]


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """BLEU, chrF and TER of translations, with signatures, confidence intervals and speed.

    `name` says whose translations they are and `against` whose they were compared with; `seconds`
    is what translating took, None where the translations were given.
    """

    name: str
    against: str | None
    to: str | None
    pairs: int
    references: int
    resamples: int
    search: SearchConfig | None
    seconds: float | None
    scores: tuple[Quality, ...]
    notes: tuple[Note, ...] = ()

    @property
    def sentences_per_second(self) -> float | None:
        """How fast the model was, without loading it."""
        return None if self.seconds is None else self.pairs / max(self.seconds, 1e-9)

    def to_json(self) -> dict[str, Any]:
        """Plain data, as docs/formats.md describes it."""
        return {
            "schema": SCHEMA,
            "name": self.name,
            "engine": ENGINE,
            "edits": [],
            "notes": [note.to_json() for note in self.notes],
            "against": self.against,
            "to": self.to,
            "pairs": self.pairs,
            "references": self.references,
            "resamples": self.resamples,
            "search": None if self.search is None else _settings(self.search),
            "seconds": self.seconds,
            "sentences_per_second": self.sentences_per_second,
            "scores": {one.name.lower(): _record(one) for one in self.scores},
        }


def evaluate(
    source: str | Path | None = None,
    references: Sequence[str | Path] = (),
    *,
    pairs: str | Path | None = None,
    hypotheses: str | Path | None = None,
    against: str | Path | None = None,
    against_model: str | Path | Glassformer | None = None,
    model: str | Path | Glassformer | None = None,
    to: str | None = None,
    truncate: bool = False,
    batch_tokens: int | None = None,
    batch_size: int | None = None,
    tokenize: BleuTokenizer | None = None,
    bootstrap: int = 1000,
    save_translations: str | Path | None = None,
    force: bool = False,
    progress: Progress | None = None,
    **options: Unpack[SearchAndLoading],
) -> Evaluation:
    """Translate a source file and score the translations against references, line by line.

    BLEU, chrF and TER are computed by sacreBLEU, with its signatures; TER is an error rate, so
    lower is better. Several references are several reference translations of each line; `pairs` is
    one file of columns in place of source and reference. `hypotheses` are translations to score in
    place of a model's, which need no source. `against` (a file) or `against_model` is another
    system to compare with by paired bootstrap resampling. `tokenize` is the BLEU tokenizer; by
    default the usual one for the target language. `bootstrap` is the number of bootstrap resamples
    for the confidence interval and the comparison, 0 for none. `save_translations` names a file for
    the model's translations, replaced only with `force`. `model` and all else are as in
    `translate_file`.

    Raises:
        UsageError: when settings exclude each other; found before a model is loaded.
        InputError: when the files do not go together, or a text cannot be read.
        OutputError: when the translations cannot be written.
        ModelFilesError, ConfigError, WeightsError: as `load`.
    """
    loading, search = parted(options)
    config = SearchConfig(**search)
    batches = batches_of(batch_tokens, batch_size)
    _check(
        hypotheses=hypotheses,
        against=against,
        against_model=against_model,
        bootstrap=bootstrap,
        model=model,
        save_translations=save_translations,
    )
    if save_translations is not None:
        check_writable(Path(save_translations), force=force)
    files = [Path(one) for one in (source, *references) if one is not None]
    sources = None
    if source is None and pairs is None and hypotheses is not None and files:
        first = files[0]  # nothing is to be translated
        columns = read_columns([Path(hypotheses), *files])
        texts = columns.texts[1:]
    else:
        paths = paths_of(files, None if pairs is None else Path(pairs), "reference")
        columns = read_columns(paths, to=to)
        sources, *texts = columns.texts
        first = paths[0]
    count = len(texts[0])
    given = None if hypotheses is None else read_as_many(Path(hypotheses), count, first)
    others = None if against is None else read_as_many(Path(against), count, first)

    if sources is None and against_model is not None:
        raise UsageError(
            "{against_model:name} has nothing to translate: give SOURCE as well",
            against_model=Setting("against_model"),
        )

    def translated(translator: Glassformer) -> tuple[list[str], float]:
        assert sources is not None
        place = "stdin" if str(first) == "-" else str(first)
        begin = time.perf_counter()
        stream = translator.translator.translate_stream(
            sources,
            to=to,
            search=config,
            **batches,
            truncate=truncate,
            name=lambda index: Term("{file}, line {line}", file=place, line=columns.lines[index]),
        )
        found = []
        (progress or Unseen()).begin(count)
        for number, translation in enumerate(stream, start=1):
            found.append(translation.text)
            (progress or Unseen()).advance(number, number)
        return found, time.perf_counter() - begin

    tag, seconds, name = to, None, str(hypotheses)
    if given is None:
        translator = obtain_translator(model, **loading)
        tag = translator.translator.tag_of(to) or translator.default_tag
        name = translator.name
        given, seconds = translated(translator)
        if save_translations is not None:
            _save(Path(save_translations), given, force)
    other_name = None if against is None else str(against)
    if against_model is not None:
        other = obtain_translator(against_model, **loading)
        other_name = other.name
        others, _ = translated(other)
    scores = measure(
        given,
        texts,
        tokenize=tokenize or bleu_tokenizer(tag),
        resamples=bootstrap,
        against=others,
    )
    return Evaluation(
        name=name,
        against=other_name,
        to=tag,
        pairs=len(given),
        references=len(texts),
        resamples=bootstrap,
        search=None if seconds is None else config,
        seconds=seconds,
        scores=tuple(scores),
        notes=columns.notes,
    )


def _check(
    *,
    hypotheses: object,
    against: object,
    against_model: object,
    bootstrap: int,
    model: object,
    save_translations: object,
) -> None:
    """Refuse settings that exclude each other."""
    if hypotheses is not None and (model is not None or save_translations is not None):
        raise UsageError(
            "{hypotheses:name} are scored as they are: leave {model:name} and {save:name} out",
            hypotheses=Setting("hypotheses"),
            model=Setting("model"),
            save=Setting("save_translations"),
        )
    if against is not None and against_model is not None:
        raise UsageError(
            "{against:name} and {against_model:name} exclude each other: give one of them",
            against=Setting("against"),
            against_model=Setting("against_model"),
        )
    if (against is not None or against_model is not None) and bootstrap < 2:
        raise UsageError(
            "a comparison needs {two} or more, but it is {given}",
            two=Setting("bootstrap", 2),
            given=bootstrap,
        )
    if bootstrap == 1:
        raise UsageError(
            "one resample has no interval: give {two} or more, or 0 for none",
            two=Setting("bootstrap", 2),
        )
    if bootstrap < 0:
        raise UsageError(
            "{bootstrap:name} must not be negative, but is {given}",
            bootstrap=Setting("bootstrap"),
            given=bootstrap,
        )


def _save(path: Path, translations: Sequence[str], force: bool) -> None:
    lines = "".join(one_line(text) + "\n" for text in translations)
    with replacing(path, force=force) as temporary:
        temporary.write_text(lines, encoding="utf-8", newline="\n")


def _settings(search: SearchConfig) -> dict[str, Any]:
    settings = dataclasses.asdict(search)
    del settings["history"], settings["n_best"]
    return settings


def _record(quality: Quality) -> dict[str, Any]:
    data = dataclasses.asdict(quality)
    del data["name"]
    return data
