"""Going on from a trained model: what it brings along, and what is refused."""

import json
from pathlib import Path

import pytest
import torch
from models_for_tests import (
    TAGS,
    VOCABULARY,
    encoder_config,
    stack,
    translator_config,
    write_folder,
)
from narrowing import present
from trainings_for_tests import (
    SETTINGS,
    arguments,
    changed,
    options,
    request,
    write_corpus,
)

import glassformer
from glassformer.cli import run
from glassformer.config.settings import Given
from glassformer.errors import ConfigError, GlassformerError, ModelFilesError, UsageError
from glassformer.pretrained.files import MINILM, find_packaged
from glassformer.pretrained.folder import read_model
from glassformer.training.corpus.pairs import PairFiles
from glassformer.training.new_model import new_model
from glassformer.training.preparation import prepare
from glassformer.training.reporting.record import TrainingRecord
from glassformer.training.request import NamedModel, TrainingRequest, asked_for

NO_SIZES: Given = {
    "training": SETTINGS["training"],
    "dev": SETTINGS["dev"],
}


@pytest.fixture
def first(tmp_path: Path) -> Path:
    """A model of three targets with two tables of embeddings."""
    config = translator_config(encoder=stack(dropout=0.2), tie_embeddings=False, output_bias=False)
    return write_folder(tmp_path / "first", config)


def asking(folder: Path, tag: str | None = "de", **changes: object) -> TrainingRequest:
    source, target = write_corpus(folder)
    settings = {"pairs": (PairFiles(source, target, tag=tag),), "output": folder / "model"}
    return TrainingRequest(**{**settings, "settings": NO_SIZES, **changes})  # type: ignore[arg-type]


def named(folder: Path) -> NamedModel:
    return NamedModel.find(str(folder))


def prepared(of: TrainingRequest) -> TrainingRecord:
    return prepare(of, asked_for(of), lambda line: None, None)


def refusal(kind: type[GlassformerError], of: TrainingRequest) -> str:
    with pytest.raises(kind) as caught:
        prepared(of)
    assert "\n" not in str(caught.value)
    assert not of.output.exists()
    return str(caught.value)


def test_weights_sizes_and_tokenizer_are_those_of_the_model(first: Path, tmp_path: Path) -> None:
    of = asking(tmp_path, model_from=named(first))
    record = prepared(of)
    theirs = read_model(first)
    data = json.loads((of.output / "config.json").read_text())
    before = json.loads((first / "config.json").read_text())
    assert data["tags"] == before["tags"] == dict(TAGS)
    assert data["shown_head"] is None  # nobody has measured it on the new weights
    assert data["encoder"]["num_layers"] == 3
    assert data["decoder"]["num_heads"] == 7
    assert data["decoder"]["vocabulary"] == VOCABULARY
    assert record.settings.model.encoder_layers == 3
    assert record.settings.model.decoder_layers == 2
    assert not any(choice["setting"].startswith("model.") for choice in record.choices)
    assert not any(choice["setting"].startswith("text.") for choice in record.choices)
    theirs_and_ours = [(one / "tokenizer.json").read_text() for one in (first, of.output)]
    assert json.loads(theirs_and_ours[0]) == json.loads(theirs_and_ours[1])
    model = new_model(theirs.config, 7, model_from=named(first))
    for name, weight in theirs.state_dict().items():
        assert torch.equal(model.state_dict()[name], weight)
    assert all(weight.requires_grad for weight in model.parameters())


@pytest.mark.parametrize(("given", "expected"), [({}, [0.2, 0.1]), ({"dropout": 0.4}, [0.4, 0.4])])
def test_only_dropout_can_be_set_anew(
    first: Path, tmp_path: Path, given: dict[str, object], expected: list[float]
) -> None:
    of = asking(tmp_path, model_from=named(first), settings={**NO_SIZES, "model": given})
    prepared(of)
    data = json.loads((of.output / "config.json").read_text())
    assert [data[side]["dropout"] for side in ("encoder", "decoder")] == expected


def test_what_is_open_is_chosen_smaller(first: Path, tmp_path: Path) -> None:
    chosen = {}
    for name in ("new", "further"):
        folder = tmp_path / name
        folder.mkdir()
        sizes = {"model": {"d_model": 14, "num_heads": 2}, "text": {"vocabulary": 300}}
        of = asking(folder, settings=sizes if name == "new" else {})
        if name == "further":
            of = asking(folder, settings={}, model_from=named(first))
        chosen[name] = prepared(of).settings.training
    new, further = chosen["new"], chosen["further"]
    assert further.learning_rate == pytest.approx(present(new.learning_rate) / 5)
    assert further.max_updates is not None
    assert further.max_updates == pytest.approx((new.max_updates or 0) / 5, rel=0.1)


@pytest.mark.filterwarnings("ignore:.*the translation repeats")  # as from so short a training
def test_the_text_is_cut_as_it_was_for_the_model(tmp_path: Path) -> None:
    """Whitespace and joiner come from the first training, and so does its loss."""
    (tmp_path / "one").mkdir()
    of = request(tmp_path / "one" / "model", changed(training={"max_updates": 40}))
    assert run([*arguments(of), "--quiet"]) == 0
    further = TrainingRequest(
        pairs=of.pairs,
        output=tmp_path / "further",
        settings={"training": {**SETTINGS["training"], "learning_rate": 1e-9, "max_updates": 2}},
        model_from=named(of.output),
    )
    record = prepared(further)
    assert record.settings.text.tokenizer == "whitespace"
    given = options(further.settings)
    names = [str(path) for files in of.pairs for path in files.paths]
    command = ["train", *names, "--output", str(further.output), "--model-from", str(of.output)]
    assert run([*command, *given, "--quiet"]) == 0
    one, other = (read_model(folder).state_dict() for folder in (of.output, further.output))
    assert one.keys() == other.keys()
    assert all(torch.allclose(one[name], other[name], atol=1e-6) for name in one)
    text = (further.output / "card.md").read_text(encoding="utf-8")
    assert f"from the weights of `{of.output}`" in text
    assert "from random numbers" not in text
    first, then = (glassformer.load(str(folder)) for folder in (of.output, further.output))
    assert first.translate("red dog").text == then.translate("red dog").text


# What is refused


def test_what_the_model_brings_along_cannot_be_set(first: Path, tmp_path: Path) -> None:
    given = {"model": {"d_model": 7, "dropout": 0.1, "norm": "pre"}, "text": {"vocabulary": 999}}
    said = refusal(ConfigError, asking(tmp_path, model_from=named(first), settings=given))
    assert said == (
        "the model of model_from determines model.d_model, model.norm, text.vocabulary: "
        "leave it out when fine-tuning"
    )


@pytest.mark.parametrize(
    ("tag", "tags", "said"),
    [
        ("nl", TAGS, "its target languages are fr, de, zh, but the pairs are for nl"),
        (
            None,
            TAGS,
            "its target languages are fr, de, zh, but the pairs are for one without a tag",
        ),
        ("de", (), "its target languages are one without a tag, but the pairs are for de"),
    ],
)
def test_a_target_that_it_does_not_know(
    tag: str | None, tags: tuple[tuple[str, int], ...], said: str, tmp_path: Path
) -> None:
    folder = write_folder(tmp_path / "other", translator_config(tags=tags))
    of = asking(tmp_path, tag, model_from=named(folder))
    assert refusal(UsageError, of) == f'model_from="{folder}": {said}'


def test_what_is_no_translator_of_ours(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "encoder", encoder_config())
    said = refusal(UsageError, asking(tmp_path, model_from=named(folder)))
    assert said == f'model_from="{folder}": it has no decoder and cannot translate'
    if find_packaged(MINILM) is not None:
        said = refusal(ModelFilesError, asking(tmp_path, model_from=NamedModel.find(MINILM.name)))
        assert "of others, encoder_from takes the encoder" in said
    with pytest.raises(ModelFilesError, match="there is no model 'nowhere'"):
        prepared(asking(tmp_path, model_from=NamedModel.find("nowhere")))


def test_it_is_not_taken_together_with_an_encoder(first: Path, tmp_path: Path) -> None:
    of = asking(tmp_path, model_from=named(first), encoder_from=named(first))
    assert "leave encoder_from out" in refusal(UsageError, of)


def test_another_model_to_go_on_from_is_another_training(
    first: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    of = request(tmp_path / "model", changed(training={"max_updates": 2}))
    assert run([*arguments(of), "--quiet"]) == 0
    assert run([*arguments(of), "--model-from", str(first)]) == 1
    assert f"--model-from was not given and is now {first}" in capsys.readouterr().err


def test_damaged_weights_are_found_before_the_work(first: Path, tmp_path: Path) -> None:
    path = first / "weights.safetensors"
    path.write_bytes(path.read_bytes()[:-9])
    assert "truncated" in refusal(ModelFilesError, asking(tmp_path, model_from=named(first)))


def test_a_folder_from_before_this_option_goes_on(tmp_path: Path) -> None:
    of = request(tmp_path / "model", changed(training={"max_updates": 2}))
    assert run([*arguments(of), "--quiet"]) == 0
    path = of.output / "training.json"
    record = json.loads(path.read_text())
    del record["asked"]["model_from"], record["asked"]["model_sha256"]
    path.write_text(json.dumps(record))
    assert run([*arguments(of), "--quiet"]) == 0
