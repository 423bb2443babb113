"""Before the first update: read and filter the corpus, learn its subwords, choose open settings.

The files of pairs are read once; what follows is made from the pairs that were fit, which stand in
a file of their own meanwhile. Everything that the updates need is left in the folder; the record is
written last, so that a preparation that was interrupted is simply made again.
"""

import contextlib
import dataclasses
import json
import shutil
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from pathlib import Path

import torch

from glassformer.config import ModelConfig, TrainingConfig
from glassformer.errors import InputError, OutputError, Setting
from glassformer.messages import Message, Note
from glassformer.outputs import replacing
from glassformer.pretrained.folder import config_json
from glassformer.text.profile import FILE as PROFILE
from glassformer.text.profile import SourceProfile
from glassformer.text.tokenizer import Tokenizer
from glassformer.training.checking import (
    check_room_for_pairs,
    check_settings,
    encoder_learns,
    longest_side,
    target_tags,
)
from glassformer.training.chosen_settings import (
    ChosenSetting,
    Corpus,
    choose,
    choose_vocabulary,
    with_chosen,
)
from glassformer.training.corpus.batching import repeats_of
from glassformer.training.corpus.examples import Examples, write_examples
from glassformer.training.corpus.filtering import CorpusStatistics, Limits, fit, unknown_rate
from glassformer.training.corpus.held_out import DevSet
from glassformer.training.corpus.near_duplicates import NearDuplicates
from glassformer.training.corpus.pairs import Pair, notes_of, read_pairs
from glassformer.training.corpus.prepared import PreparedPairs
from glassformer.training.corpus.subwords import Roles, train_subwords, whitespace_vocabulary
from glassformer.training.fine_tuning import TrainedModel
from glassformer.training.learning.estimates import (
    disk_of,
    memory_of,
    parameters_of,
    seconds_of,
)
from glassformer.training.learning.evaluation import DevPair
from glassformer.training.new_model import model_config
from glassformer.training.reporting.near_duplicates import counted
from glassformer.training.reporting.record import TrainingRecord
from glassformer.training.reporting.watch import as_tokens
from glassformer.training.request import TrainingRequest

DATA = Path("checkpoints", "data")
"""Where in a folder the pairs stand as tokens, while it is being trained."""

_DEV_PAIRS, _PAIRS = "dev.jsonl", "pairs.jsonl"


def prepare(
    request: TrainingRequest,
    asked: dict[str, object],
    tell: Callable[[Note], None],
    processes: int | None,
) -> TrainingRecord:
    """Make a new folder ready for training.

    Raises:
        UsageError: when files and target languages do not go together.
        InputError: when the corpus cannot be used; the message says where and why.
        ConfigError: when settings contradict each other.
        ModelFilesError: when a given model cannot be read.
        OutputError: when the folder cannot be written.
    """
    config = TrainingConfig.from_dict(request.settings)
    check_settings(request, config)
    tags = target_tags(request)
    trained = None
    if request.model_from is not None:
        trained = TrainedModel.read(request.model_from, tags)
        config = trained.settings(config, request.settings)
    longest = longest_side(request, config)
    check_room_for_pairs(request)
    folder, data, statistics = request.output, request.output / DATA, CorpusStatistics()
    for note in notes_of((*request.pairs, *request.dev)):
        tell(note)
    with _read_once(request, config, statistics) as (pairs, dev_pairs, dev):
        counts: Counter[str | None] = Counter()
        joiner = config.text.joiner
        duplicates = NearDuplicates(_whole(pair.source, joiner) for pair in dev_pairs)

        def sources() -> Iterator[str]:
            for pair in pairs.to_learn_from():
                counts[pair.tag] += 1
                statistics.keep(pair, dev)
                duplicates.look_at(_whole(pair.source, joiner))
                yield pair.source

        profile = SourceProfile.learn(sources())
        near = duplicates.found()
        repeats = repeats_of(counts, config.text.balance)
        source_words, target_words = statistics.words
        corpus = Corpus(statistics.kept, source_words, target_words)
        choices = [] if trained else choose_vocabulary(config, corpus)
        config = with_chosen(config, choices)
        source, target, roles = (
            trained.tokenizers()
            if trained
            else _tokenizers(request, config, tags, repeats, pairs.to_learn_from())
        )
        examples = write_examples(
            data / "train",
            pairs.to_learn_from(),
            source,
            target,
            roles,
            max_length=longest,
            statistics=statistics,
        )
    for note in statistics.notes():
        tell(note)
    record = TrainingRecord(
        settings=config,
        asked=asked,
        preflight=statistics.to_json(),
        held_out=pairs.held_out.to_json() if pairs.held_out else None,
        near_duplicates=counted(dev_pairs, near),
        roles=dataclasses.asdict(roles),
    )
    if config.text.tokenizer == "whitespace":
        rates = unknown_rate(source, dev_pairs, target=target)
        record.unknown_tokens = list(rates)
        tell(
            Note(
                "unknown (out-of-vocabulary) tokens in the dev set: {source:.2%} of the source, "
                "{target:.2%} of the target",
                {"source": rates[0], "target": rates[1]},
            )
        )
    tokens = int(examples.target_lengths.sum(dtype="int64")) + len(examples)
    corpus = Corpus(len(examples), source_words, target_words, tokens)
    device = torch.device(request.device)
    choices += choose(config, corpus, device, processes, trained=trained is not None)
    record.settings = config = with_chosen(config, choices)
    record.choices = [choice.to_json() for choice in choices]
    for note in _explained(choices):
        tell(note)
    _write_dev(data, dev_pairs, near, source, target, roles, longest, joiner)
    model = (
        trained.model_config(request.settings)
        if trained
        else model_config(config, source, target, roles, request.encoder_from)
    )
    as_tokens(request.watch, source, model.encoder.max_positions)  # refused in time
    _write_texts(folder, model, source, target, profile)
    tell(_estimate(request, model, config, processes))
    record.write(folder)
    return record


def _estimate(
    request: TrainingRequest, model: ModelConfig, config: TrainingConfig, processes: int | None
) -> Note:
    device, learns = torch.device(request.device), encoder_learns(request, config)
    sharing = processes or config.training.workers or 1
    minutes = seconds_of(model, config, device, sharing) / 60.0
    in_hours = Message("{hours:.1f} hours", {"hours": minutes / 60.0})
    in_minutes = Message("{minutes:.0f} minutes", {"minutes": minutes})
    each = Message(" in each of {processes} processes", {"processes": sharing})
    return Note(
        "{weights:,} parameters; roughly {memory:.1f} GB of memory{each}, {disk:.1f} GB of disk "
        "space and {time} for {updates:,} updates",
        {
            "weights": parameters_of(model),
            "memory": memory_of(model, config, device) / 1e9,
            "each": each if sharing > 1 else "",
            "disk": disk_of(model, config, encoder_learns=learns) / 1e9,
            "time": in_minutes if minutes < 120.0 else in_hours,
            "updates": config.training.max_updates,
        },
    )


def make_folder(folder: Path) -> None:
    """Make a folder that can be written to.

    Raises:
        OutputError: when that cannot be.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(
            "cannot create the folder {folder}: {reason}", folder=folder, reason=reason
        ) from error


def clear_folder(folder: Path) -> None:
    """Remove what an earlier training has left in a folder, and nothing else."""
    for name in ("checkpoints", "report", "tensorboard"):
        shutil.rmtree(folder / name, ignore_errors=True)
    for name in (
        "weights.safetensors",
        "training.json",
        "metrics.jsonl",
        "card.md",
        "watch.safetensors",
        "config.json",
        "tokenizer.json",
        "target_tokenizer.json",
        PROFILE,
    ):
        (folder / name).unlink(missing_ok=True)


def read_dev(folder: Path) -> list[DevPair]:
    """The dev pairs of a prepared folder, as text."""
    lines = (folder / DATA / _DEV_PAIRS).read_text(encoding="utf-8").split("\n")
    return [DevPair(*json.loads(line)) for line in lines if line]


def open_examples(folder: Path) -> tuple[Examples, Examples]:
    """The training and dev pairs of a prepared folder, as tokens."""
    return Examples.open(folder / DATA / "train"), Examples.open(folder / DATA / "dev")


@contextlib.contextmanager
def _read_once(
    request: TrainingRequest, config: TrainingConfig, statistics: CorpusStatistics
) -> Iterator[tuple[PreparedPairs, list[Pair], DevSet | None]]:
    """Read all files: the training pairs, the dev pairs, and the dev set where one is given.

    The pairs are there as long as the block lasts; where it fails, no new folder is left.
    """
    folder, data = request.output, request.output / DATA
    was_there = folder.exists()
    make_folder(folder)
    make_folder(data)
    try:
        limits = Limits(
            max_ratio=config.text.max_ratio, drop_duplicates=config.text.drop_duplicates
        )
        dev_pairs, dev = [], None
        if request.dev:
            lenient = Limits(max_ratio=float("inf"), drop_duplicates=False)
            dev_pairs = list(fit(read_pairs(request.dev), lenient, CorpusStatistics()))
            dev = DevSet(dev_pairs)
        some = fit(read_pairs(request.pairs), limits, statistics, dev=dev)
        pairs = PreparedPairs.write(data / _PAIRS, request.pairs, some)
        if dev is None:
            statistics.held_out = pairs.hold_out().pairs
            dev_pairs = list(pairs.to_measure_on())
        yield pairs, dev_pairs, dev
    finally:
        (data / _PAIRS).unlink(missing_ok=True)
        for path in (data, data.parent, *([] if was_there else [folder])):
            with contextlib.suppress(OSError):  # as most often: it holds what was prepared
                path.rmdir()


def _tokenizers(
    request: TrainingRequest,
    config: TrainingConfig,
    tags: list[str],
    repeats: Mapping[str | None, float],
    pairs: Iterator[Pair],
) -> tuple[Tokenizer, Tokenizer, Roles]:
    text = config.text
    given = None
    if request.encoder_from is not None:
        given = Tokenizer.from_file(request.encoder_from.folder / "tokenizer.json")
    texts = chain.from_iterable(
        ((pair.target,) if given else (pair.source, pair.target)) * round(repeats[pair.tag])
        for pair in pairs
    )
    if text.tokenizer == "whitespace":
        own, roles = whitespace_vocabulary(texts, joiner=text.joiner, tags=tags)
    else:
        assert text.vocabulary is not None
        own, roles = train_subwords(texts, vocabulary=text.vocabulary, tags=tags)
    return given or own, own, roles


def _write_dev(
    data: Path,
    pairs: list[Pair],
    near: list[bool],
    source: Tokenizer,
    target: Tokenizer,
    roles: Roles,
    longest: int,
    joiner: str,
) -> None:
    try:
        statistics = CorpusStatistics(seen=len(pairs))
        write_examples(
            data / "dev", pairs, source, target, roles, max_length=longest, statistics=statistics
        )
    except InputError as error:
        raise InputError(
            "the dev set has no usable pair: {reason}", reason=error.message
        ) from error
    with replacing(data / _DEV_PAIRS) as path, path.open("w", encoding="utf-8") as file:
        for pair, is_near in zip(pairs, near, strict=True):
            # as translations are
            reference = unicodedata.normalize("NFC", _whole(pair.target, joiner))
            row = [pair.source, reference, pair.tag, is_near]
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def _whole(text: str, joiner: str) -> str:
    """A text with its subwords joined, where it was tokenized beforehand."""
    return f"{text} ".replace(joiner, "").rstrip(" ") if joiner else text


def _write_texts(
    folder: Path, model: ModelConfig, source: Tokenizer, target: Tokenizer, profile: SourceProfile
) -> None:
    """Write configuration, tokenizers and profile: all of a model but its weights."""
    texts = {
        "config.json": config_json(model),
        "tokenizer.json": source.to_json(),
        PROFILE: profile.to_json(),
    }
    if source is not target:
        texts["target_tokenizer.json"] = target.to_json()
    for name, text in texts.items():
        with replacing(folder / name) as path:
            path.write_text(text, encoding="utf-8")


def _explained(choices: list[ChosenSetting]) -> Iterator[Note]:
    yield Note(
        "settings chosen automatically (override with {setting}):",
        {"setting": Setting("section.name", "VALUE")},
    )
    for choice in choices:
        yield Note(
            "  {setting} = {value}   ({reason})",
            {"setting": choice.setting, "value": choice.value, "reason": choice.reason},
        )
