"""Preparation: what a folder holds before the first step, and which requests are refused."""

import dataclasses
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.torch
import tokenizers
import torch
from tokenizers import models, pre_tokenizers, processors
from training.tiny import WORDS, sentences

from glassformer.config import ModelConfig, StackConfig
from glassformer.errors import (
    ConfigError,
    GlassformerError,
    InputError,
    ModelFilesError,
    OutputError,
    UsageError,
)
from glassformer.messages import Note
from glassformer.model.transformer import Transformer
from glassformer.pretrained.bert import BERT_NAMES
from glassformer.pretrained.folder import read_model
from glassformer.text.tokenizer import Tokenizer
from glassformer.training import preparation
from glassformer.training.corpus.near_duplicates import have_near_duplicates
from glassformer.training.corpus.pairs import Pair, PairFiles, read_pairs
from glassformer.training.corpus.subwords import train_subwords
from glassformer.training.new_model import new_model
from glassformer.training.preparation import (
    DATA,
    clear_folder,
    open_examples,
    prepare,
    read_dev,
)
from glassformer.training.reporting.record import TrainingRecord
from glassformer.training.request import NamedModel, TrainingRequest, asked_for

SMALL: dict[str, dict[str, Any]] = {
    "model": {
        "d_model": 14,
        "num_heads": 2,
        "d_ff": 17,
        "encoder_layers": 1,
        "decoder_layers": 2,
        "max_positions": 41,
    },
    "text": {"vocabulary": 311},
}


def backwards(texts: list[str]) -> list[str]:
    return [" ".join(reversed(text.split(" "))) for text in texts]


def write_pairs(path: Path, count: int, seed: int = 1) -> PairFiles:
    """A file of columns with so many different pairs."""
    texts = list(dict.fromkeys(sentences(3 * count, seed, longest=11)))[:count]
    rows = [f"{s}\t{t}\n" for s, t in zip(texts, backwards(texts), strict=True)]
    assert len(rows) == count
    path.write_text("".join(rows), encoding="utf-8")
    return PairFiles(path)


@pytest.fixture
def request_(tmp_path: Path) -> TrainingRequest:
    pairs = write_pairs(tmp_path / "pairs.tsv", 101)
    return TrainingRequest(pairs=(pairs,), output=tmp_path / "model", settings=SMALL)


def prepared(request: TrainingRequest, **changes: Any) -> tuple[TrainingRecord, list[str]]:
    said: list[str] = []
    request = changed(request, **changes)
    return prepare(request, asked_for(request), lambda note: said.append(str(note)), None), said


def changed(request: TrainingRequest, **changes: Any) -> TrainingRequest:
    """With sections of settings laid over those that it has."""
    settings = dict(request.settings)
    for section, values in changes.pop("settings", {}).items():
        settings[section] = {**settings.get(section, {}), **values}
    return TrainingRequest(**{**vars(request), "settings": settings, **changes})


def same(one: TrainingRecord | None, other: TrainingRecord) -> bool:
    """Whether two records are one, but for tuples, which are lists in a file."""
    texts = [json.dumps(dataclasses.asdict(record)) for record in (one, other) if record]
    return len(texts) == 2 and texts[0] == texts[1]


def refusal(kind: type[GlassformerError], request: TrainingRequest, **changes: Any) -> str:
    with pytest.raises(kind) as caught:
        prepared(request, **changes)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def model_config(folder: Path) -> ModelConfig:
    data = json.loads((folder / "config.json").read_text())
    assert data.pop("glassformer") == 1
    return ModelConfig.from_dict(data)


def source_texts(folder: Path) -> list[str]:
    """The sources of the training pairs, back from their tokens."""
    tokenizer = Tokenizer.from_file(folder / "tokenizer.json")
    train, _ = open_examples(folder)
    return [tokenizer.decode(train.source(index).tolist()) for index in range(len(train))]


# What is written


def test_everything_that_the_steps_need_is_written(request_: TrainingRequest) -> None:
    record, _ = prepared(request_)
    folder = request_.output
    found = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    arrays = {"examples.json", "tags.bin"} | {
        f"{side}_{kind}.bin"
        for side in ("source", "target")
        for kind in ("ids", "offsets", "lengths")
    }
    assert found == {
        "config.json",
        "tokenizer.json",
        "source.json",
        "training.json",
        str(DATA / "dev.jsonl"),
        *(str(DATA / side / name) for side in ("train", "dev") for name in arrays),
    }
    assert same(TrainingRecord.read(folder), record)
    config = model_config(folder)
    encoder, decoder = config.encoder, config.decoder
    assert decoder is not None
    assert (encoder.num_layers, decoder.num_layers) == (1, 2)
    assert (encoder.d_model, encoder.d_ff, encoder.max_positions) == (14, 17, 41)
    tokenizer = Tokenizer.from_file(folder / "tokenizer.json")
    assert encoder.vocabulary == decoder.vocabulary == tokenizer.vocabulary == 311
    assert config.tie_embeddings
    assert (config.padding, config.start, config.end, config.tags) == (0, 1, 2, ())
    train, dev = open_examples(folder)
    new_model(config, 1)(
        torch.from_numpy(train.source(3))[None], torch.from_numpy(dev.target(0))[None]
    )


def test_the_files_are_read_once(
    request_: TrainingRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = asked_for(request_)
    read: list[int] = []

    def counting(files: Sequence[PairFiles]) -> Iterator[Pair]:
        for pair in read_pairs(files):
            read.append(pair.line)
            yield pair

    monkeypatch.setattr(preparation, "read_pairs", counting)
    prepare(request_, asked, lambda note: None, None)
    assert read == [*range(1, 102)]


def test_a_corpus_that_is_refused_leaves_no_folder(
    request_: TrainingRequest, tmp_path: Path
) -> None:
    (tmp_path / "pairs.tsv").write_text("a dog\tun chien\nno tab\n")
    refusal(InputError, request_)
    assert not request_.output.exists()
    request_.output.mkdir()
    refusal(InputError, request_)
    assert list(request_.output.iterdir()) == []


def test_the_same_request_prepares_the_same_bytes(
    request_: TrainingRequest, tmp_path: Path
) -> None:
    for name in ("one", "other"):
        prepared(request_, output=tmp_path / name)
    files = [p.relative_to(tmp_path / "one") for p in (tmp_path / "one").rglob("*") if p.is_file()]
    assert len(files) == 21
    for file in files:
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "other" / file).read_bytes()


def test_what_was_chosen_is_said_and_kept(request_: TrainingRequest) -> None:
    record, said = prepared(request_)
    chosen = {choice["setting"]: choice for choice in record.choices}
    assert "model.d_model" not in chosen  # it was asked for
    assert "text.vocabulary" not in chosen
    for setting, choice in chosen.items():
        section, _, name = setting.partition(".")
        assert getattr(getattr(record.settings, section), name) == choice["value"]
        assert f"  {setting} = {choice['value']}   ({choice['reason']})" in said
    assert said[0].startswith("91 of 101 pairs to train on; ")
    assert said[1] == "10 held out as dev set"
    assert any("parameters; roughly" in line for line in said)
    assert record.settings.model.d_model == 14


def test_an_interrupted_preparation_is_made_again(request_: TrainingRequest) -> None:
    def interrupted(note: Note) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        prepare(request_, asked_for(request_), interrupted, None)
    assert TrainingRecord.read(request_.output) is None
    record, _ = prepared(request_)
    assert same(TrainingRecord.read(request_.output), record)


# What is measured on


def test_a_part_is_held_out_and_never_learned_from(request_: TrainingRequest) -> None:
    record, _ = prepared(request_)
    assert record.held_out is not None
    assert record.held_out["pairs"] == len(read_dev(request_.output)) == 10
    dev = {pair.source for pair in read_dev(request_.output)}
    learned = source_texts(request_.output)
    assert not dev & set(learned)
    assert len(dev) + len(learned) == 101
    assert record.preflight["held_out"] == 10
    train, examples = open_examples(request_.output)
    assert (len(train), len(examples)) == (91, 10)


def test_what_is_given_to_measure_on_is_not_learned_from(
    request_: TrainingRequest, tmp_path: Path
) -> None:
    rows = (tmp_path / "pairs.tsv").read_text().splitlines(keepends=True)
    others = write_pairs(tmp_path / "dev.tsv", 7, seed=2)
    with others.source.open("a") as file:
        file.writelines(rows[5:8])
    record, said = prepared(request_, dev=(others,))
    assert record.held_out is None
    assert [pair.source for pair in read_dev(request_.output)] == [
        line.split("\t")[0] for line in others.source.read_text().splitlines()
    ]
    assert not {row.split("\t")[0] for row in rows[5:8]} & set(source_texts(request_.output))
    assert record.preflight["dropped"]["also in dev"]["pairs"] >= 3
    assert any("left out: also in dev" in line for line in said)


def test_dev_pairs_come_back_as_they_were_but_for_nfc(
    request_: TrainingRequest, tmp_path: Path
) -> None:
    text = 'a "dog"\u2028ate\\n 狗'
    (tmp_path / "dev.tsv").write_bytes(f"{text}\té e\u0301\n".encode())
    prepared(request_, dev=(PairFiles(tmp_path / "dev.tsv"),))
    assert read_dev(request_.output) == [(text, "é é", None, False)]


def test_it_is_told_which_of_them_have_a_near_duplicate(
    request_: TrainingRequest, tmp_path: Path
) -> None:
    learned = [line.split("\t")[0] for line in (tmp_path / "pairs.tsv").read_text().splitlines()]
    given = [learned[0].upper() + "!", "nothing like it is there", f"so {learned[1]}", "Ja"]
    (tmp_path / "dev.tsv").write_text("".join(f"{source}\tx\n" for source in given))
    record, _ = prepared(request_, dev=(PairFiles(tmp_path / "dev.tsv", tag=None),))
    assert [pair.near for pair in read_dev(request_.output)] == [True, False, True, False]
    found = record.near_duplicates
    assert found is not None
    assert (found["near"], found["pairs"]) == (2, 4)
    assert found["targets"] == {"target": {"pairs": 4, "near": 2}}
    assert same(TrainingRecord.read(request_.output), record)


def test_of_what_is_held_out_it_is_told_too(request_: TrainingRequest) -> None:
    record, _ = prepared(request_)
    dev = read_dev(request_.output)
    expected = have_near_duplicates([pair.source for pair in dev], source_texts(request_.output))
    assert [pair.near for pair in dev] == expected
    assert record.near_duplicates is not None
    assert record.near_duplicates["near"] == sum(expected)


def test_near_duplicates_are_looked_for_among_the_sources_of_all_targets(
    request_: TrainingRequest, tmp_path: Path
) -> None:
    german = write_pairs(tmp_path / "de.tsv", 53)
    (tmp_path / "fr.tsv").write_text("a dog that nobody else has seen\tun chien\n")
    (tmp_path / "dev.tsv").write_text("a dog that nobody has seen\tein Hund\n")
    record, _ = prepared(
        request_,
        pairs=(PairFiles(german.source, tag="de"), PairFiles(tmp_path / "fr.tsv", tag="fr")),
        dev=(PairFiles(tmp_path / "dev.tsv", tag="de"),),
    )
    assert record.near_duplicates is not None
    assert record.near_duplicates["targets"] == {"de": {"pairs": 1, "near": 1}}


def test_words_that_were_cut_are_put_together_to_look_for_near_duplicates(
    request_: TrainingRequest, tmp_path: Path
) -> None:
    (tmp_path / "pairs.tsv").write_text("an un@@ hap@@ py dog\tx\n" * 2)
    (tmp_path / "dev.tsv").write_text("an unh@@ appy dog\tx\n")
    cut = {"text": {"tokenizer": "whitespace", "joiner": "@@ ", "vocabulary": None}}
    record, _ = prepared(request_, dev=(PairFiles(tmp_path / "dev.tsv"),), settings=cut)
    assert record.near_duplicates is not None
    assert record.near_duplicates["near"] == 1


# Several targets


def test_tags_are_the_first_tokens_of_their_targets(
    request_: TrainingRequest, tmp_path: Path
) -> None:
    files = [
        PairFiles(write_pairs(tmp_path / f"{tag}.tsv", 53, seed).source, tag=tag)
        for seed, tag in enumerate(("nl", "de"))
    ]
    dev = PairFiles(write_pairs(tmp_path / "dev.tsv", 7, seed=5).source, tag="de")
    prepared(request_, pairs=tuple(files), dev=(dev,))
    config = model_config(request_.output)
    tokenizer = Tokenizer.from_file(request_.output / "tokenizer.json")
    assert [tag for tag, _ in config.tags] == ["nl", "de"]
    for tag, token in config.tags:
        assert tokenizer.token_of(token) == f"<2{tag}>"
        assert token in config.never_generated
    train, examples = open_examples(request_.output)
    assert set(train.tags.tolist()) == {0, 1}
    assert set(examples.tags.tolist()) == {1}
    assert {pair.tag for pair in read_dev(request_.output)} == {"de"}


@pytest.mark.parametrize(("balance", "times"), [(1.0, 1), (0.5, 2), (0.0, 4)])
def test_subwords_are_learned_from_targets_as_they_are_balanced(
    request_: TrainingRequest,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    balance: float,
    times: int,
) -> None:
    files = [
        PairFiles(write_pairs(tmp_path / f"{tag}.tsv", count, seed).source, tag=tag)
        for seed, (tag, count) in enumerate((("nl", 52), ("de", 13)))
    ]
    dev = PairFiles(write_pairs(tmp_path / "dev.tsv", 7, seed=5).source, tag="de")
    texts: list[str] = []

    def remember(given: Iterable[str], **options: Any) -> Any:
        texts.extend(given)
        return train_subwords(texts, **options)

    monkeypatch.setattr(preparation, "train_subwords", remember)
    prepared(request_, pairs=tuple(files), dev=(dev,), settings={"text": {"balance": balance}})
    assert len(texts) == 2 * (52 + 13 * times)


def test_tags_that_do_not_go_together_are_refused(
    request_: TrainingRequest, tmp_path: Path
) -> None:
    (pairs,) = request_.pairs
    tagged = PairFiles(pairs.source, tag="fr")
    said = refusal(UsageError, request_, pairs=(tagged, pairs))
    assert said == (
        f"{pairs.source} has no target language, but other pairs have one: give it as in "
        f"pairs={{'fr': '{pairs.source}'}}"
    )
    said = refusal(UsageError, request_, pairs=(tagged,), dev=(pairs,))
    assert said == (
        f"the dev set {pairs.source} is for the target language (none), but the training pairs "
        "are for fr"
    )
    said = refusal(UsageError, request_, dev=(tagged,))
    assert said.endswith(
        "is for the target language fr, but the training pairs are for one target language "
        "without a tag"
    )
    refusal(UsageError, request_, pairs=(PairFiles(pairs.source, tag="fr fr"),))
    assert not (request_.output / "training.json").exists()


# Text that is cut already


def test_published_files_bring_their_vocabulary(request_: TrainingRequest, tmp_path: Path) -> None:
    (tmp_path / "pairs.tsv").write_text("".join(f"ro@@ t{n}\tr@@ ou@@ ge {n}\n" for n in range(40)))
    (tmp_path / "dev.tsv").write_text("ro@@ t3 zzz\tr@@ ou@@ ge 3\nro@@ t4\tr@@ ou@@ ge 4 r@@\n")
    record, said = prepared(
        request_,
        dev=(PairFiles(tmp_path / "dev.tsv"),),
        settings={"text": {"tokenizer": "whitespace", "joiner": "@@ ", "vocabulary": None}},
    )
    tokenizer = Tokenizer.from_file(request_.output / "tokenizer.json")
    ids = tokenizer.encode_target("r@@ ou@@ ge 3")
    assert len(ids) == 4
    assert tokenizer.decode(ids) == "rouge 3"
    assert [pair.target for pair in read_dev(request_.output)] == ["rouge 3", "rouge 4 r"]
    assert [pair.source for pair in read_dev(request_.output)] == ["ro@@ t3 zzz", "ro@@ t4"]
    assert record.unknown_tokens == [pytest.approx(1 / 5), 0.0]
    rates = "20.00% of the source, 0.00% of the target"
    assert f"unknown (out-of-vocabulary) tokens in the dev set: {rates}" in said
    config = model_config(request_.output)
    assert tokenizer.token_of(config.suppressed[0]) == "<unk>"


# An encoder that is there already


@pytest.fixture
def bert(tmp_path: Path) -> Path:
    """A Hugging Face folder with random weights and a tokenizer of its own."""
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
    backend = tokenizers.Tokenizer(
        models.WordLevel({w: n for n, w in enumerate([*special, *WORDS])}, unk_token="[UNK]")
    )
    backend.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    backend.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    backend.add_special_tokens(special)
    vocabulary = backend.get_vocab_size()
    stack = StackConfig(
        vocabulary=vocabulary,
        d_model=21,
        num_heads=3,
        d_ff=23,
        num_layers=2,
        positions="learned",
        max_positions=11,
        embedding_norm=True,
        token_types=2,
    )
    torch.manual_seed(0)
    weights = Transformer(ModelConfig(encoder=stack)).state_dict()
    folder = tmp_path / "bert"
    folder.mkdir()
    theirs = {str(BERT_NAMES.to_theirs(name)): weight for name, weight in weights.items()}
    safetensors.torch.save_file(theirs, folder / "model.safetensors")
    backend.save(str(folder / "tokenizer.json"))
    config = {
        "model_type": "bert",
        "vocab_size": vocabulary,
        "hidden_size": 21,
        "num_hidden_layers": 2,
        "num_attention_heads": 3,
        "intermediate_size": 23,
        "max_position_embeddings": 11,
        "type_vocab_size": 2,
    }
    (folder / "config.json").write_text(json.dumps(config))
    return folder


def test_a_given_encoder_reads_the_source_with_its_own_tokenizer(
    request_: TrainingRequest, bert: Path
) -> None:
    prepared(request_, encoder_from=NamedModel.find(str(bert)))
    folder = request_.output
    theirs = read_model(bert)
    config = model_config(folder)
    assert config.encoder == theirs.config.encoder
    assert config.decoder is not None
    assert (config.decoder.d_model, config.decoder.vocabulary) == (14, 311)
    assert not config.tie_embeddings
    source = Tokenizer.from_file(folder / "tokenizer.json")
    target = Tokenizer.from_file(folder / "target_tokenizer.json")
    assert source.encode("red dog").tokens == ("[CLS]", "red", "dog", "[SEP]")
    assert target.vocabulary == 311
    train, _ = open_examples(folder)
    assert train.source(0)[0] == 2  # [CLS]
    assert train.source_lengths.max() <= 11  # more it has no positions for
    model = new_model(config, 7, encoder_from=NamedModel.find(str(bert)))
    for name, weight in theirs.encoder.state_dict().items():
        assert torch.equal(model.encoder.state_dict()[name], weight)
    assert all(weight.requires_grad for weight in model.parameters())
    tokens = torch.from_numpy(np.asarray(train.source(3)))[None]
    expected = theirs.encode(tokens)
    torch.testing.assert_close(model.eval().encode(tokens), expected)


def test_an_encoder_that_does_not_fit_is_refused(request_: TrainingRequest, bert: Path) -> None:
    data = json.loads((bert / "config.json").read_text())
    (bert / "config.json").write_text(json.dumps({**data, "pad_token_id": 5}))
    said = refusal(UsageError, request_, encoder_from=NamedModel.find(str(bert)))
    assert said == (
        f'encoder_from="{bert}": its padding token has id 5, but only encoders with padding '
        "id 0 can be used"
    )
    (bert / "tokenizer.json").unlink()
    said = refusal(ModelFilesError, request_, encoder_from=NamedModel.find(str(bert)))
    assert said.startswith(f"cannot read the tokenizer {bert / 'tokenizer.json'}: ")


# The model before its first step


def test_the_seed_decides_the_first_weights(request_: TrainingRequest) -> None:
    prepared(request_)
    config = model_config(request_.output)
    first, again, other = (new_model(config, seed).state_dict() for seed in (3, 3, 5))
    assert all(torch.equal(first[name], again[name]) for name in first)
    assert not torch.equal(first["output.weight"], other["output.weight"])
    halved = new_model(config, 3, residual_gain=0.5).state_dict()
    name = "encoder.layers.0.feed_forward.expand.weight"
    assert torch.equal(halved[name], 0.5 * first[name])


# What is refused


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (
            {"text": {"joiner": "@@ "}},
            'text.joiner needs text.tokenizer="whitespace", but the tokenizer is bpe',
        ),
        (
            {"dev": {"bleu_tokenize": "word"}},
            "dev.bleu_tokenize: there is no BLEU tokenizer 'word'; choose one of none, zh, 13a",
        ),
        ({"training": {"precision": "float16"}}, "training.precision float16 needs a GPU"),
        ({"model": {"num_heads": 3}}, "model.num_heads must divide d_model, but 14 / 3 leaves 2"),
    ],
)
def test_settings_that_contradict_each_other(
    request_: TrainingRequest, settings: dict[str, dict[str, Any]], said: str
) -> None:
    assert refusal(ConfigError, request_, settings=settings).startswith(said)
    assert TrainingRecord.read(request_.output) is None


def test_what_would_fail_late_is_refused_before_the_corpus_is_read(
    request_: TrainingRequest,
) -> None:
    missing = (PairFiles(Path("nowhere.tsv")),)
    for settings in ({"dev": {"bleu_tokenize": "word"}}, {"text": {"joiner": "@@ "}}):
        with pytest.raises(ConfigError):
            prepare(
                changed(request_, pairs=missing, settings=settings), {}, lambda note: None, None
            )


def test_corpora_of_which_nothing_can_be_learned(request_: TrainingRequest, tmp_path: Path) -> None:
    write_pairs(tmp_path / "pairs.tsv", 1)
    assert "one to train on and one to hold out" in refusal(InputError, request_)
    (tmp_path / "pairs.tsv").write_text("")
    assert "is empty" in refusal(InputError, request_)
    pairs = write_pairs(tmp_path / "pairs.tsv", 23)
    said = refusal(InputError, request_, dev=(pairs,))
    assert said.startswith("every training pair is also in the dev set")


def test_a_dev_set_of_which_nothing_can_be_measured(
    request_: TrainingRequest, tmp_path: Path
) -> None:
    (tmp_path / "dev.tsv").write_text("dog " * 101 + "\tdog\n")
    dev = (PairFiles(tmp_path / "dev.tsv"),)
    said = refusal(InputError, request_, dev=dev, settings={"text": {"max_ratio": 1000.0}})
    assert said.startswith("the dev set has no usable pair: none of the pairs (1) is usable")
    assert "more than 41 tokens" in said


def test_one_pair_can_be_learned_where_another_is_measured(
    request_: TrainingRequest, tmp_path: Path
) -> None:
    pairs = write_pairs(tmp_path / "pairs.tsv", 1)
    dev = write_pairs(tmp_path / "dev.tsv", 1, seed=2)
    settings = {"model": {"max_positions": 101}}
    prepared(request_, pairs=(pairs,), dev=(dev,), settings=settings)
    train, examples = open_examples(request_.output)
    assert (len(train), len(examples)) == (1, 1)


def test_a_folder_that_cannot_be_made(request_: TrainingRequest, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    said = refusal(OutputError, request_, output=tmp_path / "file" / "model")
    assert said.startswith(f"cannot create the folder {tmp_path / 'file' / 'model'}: ")


def test_the_smallest_vocabulary_is_enough(request_: TrainingRequest) -> None:
    prepared(request_, settings={"text": {"vocabulary": 300}})
    assert model_config(request_.output).encoder.vocabulary == 300


# Beginning anew


def test_clearing_takes_away_what_a_training_left_and_nothing_else(
    request_: TrainingRequest,
) -> None:
    prepared(request_)
    folder = request_.output
    (folder / "report").mkdir()
    (folder / "report" / "loss.svg").write_text("<svg/>")
    for name in ("weights.safetensors", "metrics.jsonl", "card.md", "notes.txt"):
        (folder / name).write_text("")
    (folder / "mine").mkdir()
    clear_folder(folder)
    assert sorted(path.name for path in folder.iterdir()) == ["mine", "notes.txt"]
    clear_folder(folder)
    clear_folder(folder / "nowhere")
