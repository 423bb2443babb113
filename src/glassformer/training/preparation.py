"""Before the first step: read and check the corpus, learn its subwords, choose what is open.

Everything that the steps need is left in the folder; the record is written last, so that a
preparation that was interrupted is simply made again.
"""

import dataclasses
import json
import shutil
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from pathlib import Path

import torch

from glassformer.config import ModelConfig, StackConfig, TrainingConfig
from glassformer.errors import ConfigError, InputError, OutputError, UsageError
from glassformer.model.transformer import Transformer
from glassformer.outputs import replacing
from glassformer.pretrained.files import find_model
from glassformer.pretrained.folder import config_json, read_model, read_model_config
from glassformer.text.tokenizer import Tokenizer
from glassformer.training.choices import Choice, Corpus, choose, choose_vocabulary, with_choices
from glassformer.training.corpus.batching import repeats_of
from glassformer.training.corpus.examples import Examples, write_examples
from glassformer.training.corpus.pairs import Pair, read_pairs
from glassformer.training.corpus.preflight import (
    DevSet,
    HeldOut,
    Limits,
    Report,
    held_out,
    kept,
    unknown_rate,
)
from glassformer.training.corpus.subwords import Roles, train_subwords, whitespace_vocabulary
from glassformer.training.fine_tuning import TrainedModel
from glassformer.training.learning.estimates import memory_of, parameters_of, seconds_of
from glassformer.training.learning.evaluation import DevPair, bleu_counter
from glassformer.training.reporting.record import Record, Request
from glassformer.training.reporting.watch import as_tokens

DATA = Path("checkpoints", "data")
"""Where in a folder the pairs stand as tokens, while it is being trained."""

_DEV_PAIRS = "dev.jsonl"


def prepare(
    request: Request, asked: dict[str, object], say: Callable[[str], None], processes: int | None
) -> Record:
    """Make a new folder ready for training.

    Raises:
        UsageError: when files and target languages do not go together.
        InputError: when the corpus cannot be used; the message says where and why.
        ConfigError: when settings contradict each other.
        ModelFilesError: when there is no encoder of the name given.
        OutputError: when the folder cannot be written.
    """
    config = TrainingConfig.from_dict(request.settings)
    _check_settings(request, config)
    tags = _tags(request)
    trained = None
    if request.model_from is not None:
        trained = TrainedModel.find(request.model_from, tags)
        config = trained.settings(config, request.settings)
    longest = _longest(request, config)
    folder, data = request.output, request.output / DATA
    limits = Limits(max_ratio=config.text.max_ratio, drop_duplicates=config.text.drop_duplicates)
    dev_pairs, hold = _dev_set(request, limits)
    dev = None if hold else DevSet(dev_pairs)
    report = Report()

    def pairs(report: Report) -> Iterator[Pair]:
        return kept(read_pairs(request.pairs), limits, report, dev=dev, held_out=hold)

    counts = Counter(pair.tag for pair in pairs(report))
    repeats = repeats_of(counts, config.text.balance)
    source_words, target_words = report.words
    corpus = Corpus(report.kept, source_words, target_words)
    choices = [] if trained else choose_vocabulary(config, corpus)
    config = with_choices(config, choices)
    make_folder(folder)
    source, target, roles = (
        trained.tokenizers()
        if trained
        else _tokenizers(request, config, tags, repeats, lambda: pairs(Report()))
    )
    report = Report()
    examples = write_examples(
        data / "train",
        pairs(report),
        source,
        target,
        roles,
        max_length=longest,
        report=report,
    )
    for line in report.lines():
        say(line)
    record = Record(
        settings=config,
        asked=asked,
        preflight=report.to_json(),
        held_out=hold.to_json() if hold else None,
        roles=dataclasses.asdict(roles),
    )
    if config.text.tokenizer == "whitespace":
        rates = unknown_rate(source, dev_pairs, target=target)
        record.unknown_tokens = list(rates)
        say(f"unknown in the dev set: {rates[0]:.2%} of source, {rates[1]:.2%} of target tokens")
    tokens = int(examples.target_lengths.sum(dtype="int64")) + len(examples)
    source_words, target_words = report.words
    corpus = Corpus(len(examples), source_words, target_words, tokens)
    device = torch.device(request.device)
    choices += choose(config, corpus, device, processes, trained=trained is not None)
    record.settings = config = with_choices(config, choices)
    record.choices = [choice._asdict() for choice in choices]
    for line in _explained(choices):
        say(line)
    _write_dev(data, dev_pairs, source, target, roles, longest, config.text.joiner)
    model = (
        trained.model_config(request.settings)
        if trained
        else _model_config(request, config, source, target, roles)
    )
    as_tokens(request.watch, source, model.encoder.max_positions)  # refused while it can be mended
    _write_texts(folder, model, source, target)
    say(_estimate(model, config, device, processes))
    record.write(folder)
    return record


def _estimate(
    model: ModelConfig, config: TrainingConfig, device: torch.device, processes: int | None
) -> str:
    sharing = processes or config.training.workers or 1
    gigabytes = memory_of(model, config, device) / 1e9
    minutes = seconds_of(model, config, device, sharing) / 60.0
    took = f"{minutes:.0f} minutes" if minutes < 120.0 else f"{minutes / 60.0:.1f} hours"
    each = f" in each of {sharing} processes" if sharing > 1 else ""
    return (
        f"{parameters_of(model):,} weights; roughly {gigabytes:.1f} GB of memory{each} and {took} "
        f"for {config.training.max_updates:,} updates"
    )


def make_folder(folder: Path) -> None:
    """Make a folder that can be written to.

    Raises:
        OutputError: when that cannot be.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"cannot make the folder {folder}: {error.strerror or error}") from error


def clear_folder(folder: Path) -> None:
    """Take away what an earlier training has left in a folder, and nothing else."""
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
    ):
        (folder / name).unlink(missing_ok=True)


def read_dev(folder: Path) -> list[DevPair]:
    """The dev pairs of a prepared folder, as text."""
    lines = (folder / DATA / _DEV_PAIRS).read_text(encoding="utf-8").split("\n")
    return [DevPair(*json.loads(line)) for line in lines if line]


def open_examples(folder: Path) -> tuple[Examples, Examples]:
    """The training and dev pairs of a prepared folder, as tokens."""
    return Examples.open(folder / DATA / "train"), Examples.open(folder / DATA / "dev")


def new_model(
    config: ModelConfig,
    seed: int,
    *,
    residual_gain: float = 1.0,
    encoder_from: str | None = None,
    model_from: str | None = None,
) -> Transformer:
    """The model before its first step: random weights from the seed, or given ones."""
    torch.manual_seed(seed)
    model = Transformer(config)
    model.scale_residual_branches(residual_gain)
    if model_from is not None:
        model.load_state_dict(read_model(find_model(model_from)).state_dict())
    if encoder_from is not None:
        given = read_model(find_model(encoder_from))
        model.encoder.load_state_dict(given.encoder.state_dict())
    return model


def _check_settings(request: Request, config: TrainingConfig) -> None:
    """Find out at once what would only fail after hours."""
    if request.model_from is not None and request.encoder_from is not None:
        raise UsageError("--model-from brings its own encoder: leave --encoder-from out")
    if config.training.precision == "float16" and torch.device(request.device).type == "cpu":
        raise ConfigError("training.precision float16 needs a GPU: take bfloat16 or float32")
    if config.text.joiner and config.text.tokenizer != "whitespace":
        raise ConfigError("text.joiner belongs to text.tokenizer=whitespace, but that is bpe")
    if config.dev.bleu_tokenize is not None:
        bleu_counter(config.dev.bleu_tokenize)


def _longest(request: Request, config: TrainingConfig) -> int:
    """Tokens on a side that every part of the model takes."""
    longest = min(config.text.max_length, config.model.max_positions)
    if request.encoder_from is not None:
        # Read whole, so that damaged weights are found before the work.
        given = read_model(find_model(request.encoder_from)).config.encoder
        longest = min(longest, given.max_positions)
    return longest


def _tags(request: Request) -> list[str]:
    """The target languages, in order of appearance."""
    tags = [files.tag for files in request.pairs]
    if any(tags) and not all(tags):
        untagged = next(files for files in request.pairs if not files.tag)
        raise UsageError(
            f"{untagged.name} has no target language, but other pairs have one: give it as in "
            f"--pairs fr={untagged.source}"
        )
    known = list(dict.fromkeys(tag for tag in tags if tag))
    for files in request.dev:
        if (files.tag not in known) if known else files.tag:
            raise UsageError(
                f"the dev set {files.name} is for the target {files.tag or '(none)'}, but pairs to "
                f"learn from are for {', '.join(known) or 'one target without a tag'}"
            )
    return known


def _dev_set(request: Request, limits: Limits) -> tuple[list[Pair], HeldOut | None]:
    """The dev pairs: those given, or some held out of the pairs within the limits."""
    if request.dev:
        lenient = Limits(max_ratio=float("inf"), drop_duplicates=False)
        return list(kept(read_pairs(request.dev), lenient, Report())), None
    hold = held_out(kept(read_pairs(request.pairs), limits, Report()))
    fit = kept(read_pairs(request.pairs), limits, Report())
    return [pair for pair in fit if hold.is_held_out(pair.source)], hold


def _tokenizers(
    request: Request,
    config: TrainingConfig,
    tags: list[str],
    repeats: Mapping[str | None, float],
    pairs: Callable[[], Iterator[Pair]],
) -> tuple[Tokenizer, Tokenizer, Roles]:
    text = config.text
    given = None
    if request.encoder_from is not None:
        given = Tokenizer.from_file(find_model(request.encoder_from) / "tokenizer.json")
    texts = chain.from_iterable(
        ((pair.target,) if given else (pair.source, pair.target)) * round(repeats[pair.tag])
        for pair in pairs()
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
    source: Tokenizer,
    target: Tokenizer,
    roles: Roles,
    longest: int,
    joiner: str,
) -> None:
    try:
        report = Report(seen=len(pairs))
        write_examples(
            data / "dev", pairs, source, target, roles, max_length=longest, report=report
        )
    except InputError as error:
        raise InputError(f"nothing of the dev set can be measured on: {error}") from error
    with replacing(data / _DEV_PAIRS) as path, path.open("w", encoding="utf-8") as file:
        for pair in pairs:
            reference = f"{pair.target} ".replace(joiner, "").rstrip(" ") if joiner else pair.target
            reference = unicodedata.normalize("NFC", reference)  # as translations are
            file.write(json.dumps([pair.source, reference, pair.tag], ensure_ascii=False) + "\n")


def _write_texts(folder: Path, model: ModelConfig, source: Tokenizer, target: Tokenizer) -> None:
    """The folder's configuration and tokenizers; it is a model but for its weights."""
    texts = {
        "config.json": config_json(model),
        "tokenizer.json": source.to_json(),
    }
    if source is not target:
        texts["target_tokenizer.json"] = target.to_json()
    for name, text in texts.items():
        with replacing(folder / name) as path:
            path.write_text(text, encoding="utf-8")


def _model_config(
    request: Request, config: TrainingConfig, source: Tokenizer, target: Tokenizer, roles: Roles
) -> ModelConfig:
    settings = config.model
    own = {one.name for one in dataclasses.fields(StackConfig)}
    common = {n: value for n, value in dataclasses.asdict(settings).items() if n in own}

    def stack(vocabulary: int, layers: int | None) -> StackConfig:
        return StackConfig(vocabulary=vocabulary, num_layers=layers or 0, **common)

    encoder = stack(source.vocabulary, settings.encoder_layers)
    if request.encoder_from is not None:
        given = read_model_config(find_model(request.encoder_from))
        if given.padding != roles.padding:
            raise UsageError(
                f"--encoder-from {request.encoder_from}: its padding is entry {given.padding} of "
                f"its vocabulary, and only encoders whose padding is entry {roles.padding} can be "
                "taken"
            )
        encoder = given.encoder
    return ModelConfig(
        encoder=encoder,
        decoder=stack(target.vocabulary, settings.decoder_layers),
        tie_embeddings=settings.tie_embeddings and source is target,
        padding=roles.padding,
        start=roles.start,
        end=roles.end,
        tags=roles.tags,
        suppressed=roles.suppressed,
    )


def _explained(choices: list[Choice]) -> Iterator[str]:
    yield "chosen, since nothing else was asked for (--set section.name=value):"
    for setting, value, reason in choices:
        yield f"  {setting} = {value}   ({reason})"
