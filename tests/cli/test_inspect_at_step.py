"""`glassformer inspect --at-step`: what was recorded while a model learned, on every surface."""

import json
import re
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
import safetensors.numpy
import torch
from fonts_for_tests import needs_fonts
from models_for_tests import (
    END,
    SENTENCE,
    TAGS,
    random_model,
    tokenizer,
    translator_config,
    write_folder,
)
from schemas_for_tests import check

from glassformer.cli import run
from glassformer.pretrained.files import BOX
from glassformer.text.tokenizer import Tokenizer
from glassformer.training.reporting.watch import Watch
from glassformer.views import AttentionView, GridView, Moment, from_json

FORMATS = Path(__file__).parents[2] / "docs" / "formats.md"
SCHEMA = "glassformer.inspect-at-step/2"
OTHER = "the food was tasty"


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Unfinished folders: one sentence and target, two of them, and one where nothing is said."""
    place = tmp_path_factory.mktemp("watched")
    text = Tokenizer(tokenizer())
    made = {}
    for name, tags, sentences in (
        ("one", (), (SENTENCE,)),
        ("two", TAGS[:2], (SENTENCE, OTHER)),
        ("silent", (), (SENTENCE,)),
    ):
        config = translator_config(tags=tags)
        folder = write_folder(place / name, config)
        (folder / "weights.safetensors").unlink()
        model = random_model(config)
        if name == "silent":
            assert model.output is not None
            assert model.output.bias is not None
            model.output.bias[END] = 1e9
        watch = Watch(folder, sentences, model, text, text, [tag for tag, _ in tags], 5)
        for update in (0, 2, 5):
            watch(update)
            generator = torch.Generator().manual_seed(update)
            for weight in model.parameters():
                weight.add_(0.2 * torch.randn(weight.shape, generator=generator))
        made[name] = str(folder)
    return made


@pytest.fixture
def inspect(folders: dict[str, str], capfdbinary: pytest.CaptureFixture[bytes]) -> Any:
    """Run the command on one of the folders; gives its code, its bytes and its complaint."""

    def inspect(folder: str | None, *arguments: str) -> tuple[int, bytes, str]:
        model = () if folder is None else ("--model", folders[folder])
        code = run(["inspect", *model, *arguments])
        sys.stdout.flush()
        out, err = capfdbinary.readouterr()
        return code, out, err.decode()

    return inspect


def test_the_text_says_the_moment_and_which_ones_there_are(inspect: Any) -> None:
    code, out, err = inspect("one", "--at-step", "2")
    assert (code, err) == (0, "")
    text = out.decode()
    assert text.count("at update 2 of the training") == 4  # the heading and three parts
    assert "weights as they were recorded, in steps of 1/255" in text
    assert text.endswith("updates recorded: 0, 2, 5\n")
    assert re.search("^Translation target: .", text, flags=re.MULTILINE)
    assert max(map(len, text.split("\n"))) <= 100


def test_the_text_is_chinese_where_asked_for(inspect: Any) -> None:
    text = inspect("one", "--at-step", "2", "--language", "zh")[1].decode()
    assert "训练第 2 步" in text
    assert "精度为 1/255" in text
    assert "有记录的训练步：0, 2, 5" in text


def test_the_last_moment_before_is_shown_and_said(inspect: Any) -> None:
    code, out, err = inspect("one", "--at-step", "4")
    assert code == 0
    assert out == inspect("one", "--at-step", "2")[1]
    assert err == (
        "glassformer: nothing was recorded at update 4, so update 2 is shown; recorded updates: "
        "0, 2, 5\n"
    )
    assert inspect("one", "--at-step", "4", "--quiet") == (0, out, "")


def test_json_keeps_to_its_schema_and_its_numbers_are_those_recorded(
    inspect: Any, folders: dict[str, str]
) -> None:
    options = ("--layer", "2", "--head", "1", "--part", "encoder", "--tokens", "--special")
    code, out, err = inspect("one", "--at-step", "5", "--format", "json", *options)
    assert (code, err) == (0, "")
    data = json.loads(out)
    check(data, SCHEMA)
    assert (data["update"], data["updates"]) == (5, [0, 2, 5])
    numbers = safetensors.numpy.load_file(Path(folders["one"]) / "watch.safetensors")
    recorded = numbers["00000005.00.encoder"][1, 0] / 255
    assert len(data["links"]) == recorded.size
    for link in data["links"]:
        assert link["weight"] == pytest.approx(recorded[link["from"], link["to"]], abs=1e-7)


@pytest.mark.parametrize("folder", ["one", "silent"])
@pytest.mark.parametrize("update", ["0", "5"])
def test_json_of_all_parts_keeps_to_its_schema(inspect: Any, folder: str, update: str) -> None:
    code, out, _ = inspect(folder, "--at-step", update, "--format", "json", "--layer", "1")
    assert code == 0
    check(json.loads(out), SCHEMA)


def test_rows_may_stand_under_what_they_predict(inspect: Any) -> None:
    options = ("--at-step", "2", "--part", "cross", "--tokens", "--special", "--layer", "1")
    code, out, err = inspect("one", *options, "--align", "output")
    assert (code, err) == (0, "")
    text = out.decode()
    assert "a row stands under the token that it predicts" in text
    read, predicted = (
        json.loads(inspect("one", *options, "--format", "json", *more)[1])
        for more in ((), ("--align", "output"))
    )
    assert (read["align"], predicted["align"]) == ("input", "output")
    assert read["links"] == predicted["links"]
    # Nobody wrote down whether the translation was over, so what comes last is not named.
    assert "\n…" in text.partition("row attends to column")[2]


def test_a_translation_of_nothing_is_shown(inspect: Any) -> None:
    code, out, err = inspect("silent", "--at-step", "0")
    assert (code, err) == (0, "")
    assert "Translation target:" in out.decode()


def test_each_sentence_and_target_can_be_shown(inspect: Any) -> None:
    seen = set()
    for sentence in (SENTENCE, OTHER):
        for tag in ("fr", "de"):
            options = ("--to", tag, "--format", "json", "--part", "cross")
            data = json.loads(inspect("two", sentence, "--at-step", "0", *options)[1])
            assert data["words"] == sentence.split()
            assert data["to"] == tag
            assert data["target_tokens"][0] == f"<{tag}>"
            seen.add(tuple(data["hidden_share"]))
    assert len(seen) == 4


@pytest.mark.parametrize("theme", ["auto", "dark"])
@pytest.mark.parametrize("view", ["attention", "grid"])
def test_pictures_are_drawn_with_their_moment(inspect: Any, view: str, theme: str) -> None:
    options = ("--view", view, "--format", "svg", "--theme", theme)
    code, out, err = inspect("one", "--at-step", "0", *options)
    assert (code, err) == (0, "")
    root = ElementTree.fromstring(out)
    texts = [element.text or "" for element in root.iter("{http://www.w3.org/2000/svg}text")]
    assert any("at update 0 of the training" in text for text in texts)
    assert any("in steps of 1/255" in text for text in texts)
    if view == "attention":
        for link in root.findall(".//*[@data-weight]"):
            assert link.get("data-part") == "encoder"
            width = float(link.get("stroke-width", "nan"))
            assert width == pytest.approx(14 * float(link.get("data-weight", "nan")), abs=1e-4)


@pytest.mark.parametrize(("view", "kind"), [("attention", AttentionView), ("grid", GridView)])
def test_a_picture_s_data_has_its_moment(inspect: Any, view: str, kind: type) -> None:
    shown = from_json(
        json.loads(inspect("one", "--at-step", "2", "--view", view, "--format", "json")[1])
    )
    assert isinstance(shown, kind)
    assert isinstance(shown, AttentionView | GridView)
    assert shown.moment == Moment(update=2, levels=255)
    text = inspect("one", "--at-step", "2", "--view", view)[1].decode()
    assert "at update 2 of the training: weights as they were recorded" in text


@needs_fonts
def test_png_is_written(inspect: Any, tmp_path: Path) -> None:
    pytest.importorskip("resvg_py", reason="the extra png is not installed")
    path = tmp_path / "a.png"
    answer = inspect("one", "--at-step", "2", "--format", "png", "--output", str(path))
    assert answer == (0, b"", "")
    assert path.read_bytes().startswith(b"\x89PNG\r\n")


def test_the_two_moments_differ(inspect: Any) -> None:
    first, last = [
        [link["weight"] for link in json.loads(answer[1])["links"]]
        for answer in (
            inspect("one", "--at-step", update, "--format", "json", "--part", "encoder")
            for update in ("0", "5")
        )
    ]
    assert np.abs(np.subtract(first, last)).max() > 0.05


@pytest.mark.parametrize(
    ("folder", "options", "said"),
    [
        (
            "one",
            ("a cat",),
            f'"a cat" was not watched in this training; watched sentences: "{SENTENCE}',
        ),
        ("two", (), "several sentences were watched"),
        ("two", (OTHER, "--to", "zh"), "the targets watched are fr, de; there is no 'zh'"),
        ("one", ("--explain", "encoder", "--at", "0,0"), "leave --explain encoder, --at 0,0 out"),
        ("one", ("--tensor", "encoder"), "leave --tensor encoder out"),
        ("one", ("--target", "x", "--truncate"), "leave --truncate, --target "),
        ("one", ("--steps", "all"), "leave --steps all out"),
        ("one", ("--device", "cpu"), "leave --device out"),
        ("one", ("--view", "flow"), "there are --view attention and --view grid"),
        ("one", ("--view", "grid", "--word", "it"), "--view grid has no use for --word"),
        ("one", ("--word", "cat", "--part", "encoder"), 'no word "cat"'),
        ("one", ("--layer", "9"), "layers 1 to"),
        ("one", ("--at-step", "-1"), "--at-step"),
    ],
)
def test_a_request_without_sense_is_refused(
    inspect: Any, folder: str, options: tuple[str, ...], said: str
) -> None:
    code, out, err = inspect(folder, "--at-step", "2", *options)
    assert (code, out) == (2, b"")
    assert said in err
    assert err.count("\n") == 1


def test_too_many_links_need_a_choice(inspect: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("glassformer.inspection.report.MOST_LINKS", 100)
    code, _, err = inspect("one", "--at-step", "0", "--heads", "all", "--format", "json")
    assert code == 2
    assert "give one of --layer, --head, --word, --min-weight\n" in err


def test_a_model_in_which_nothing_was_watched(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_folder(tmp_path / "model", translator_config())
    assert run(["inspect", "--model", str(folder), "--at-step", "0"]) == 1
    assert "has no watch.safetensors" in capsys.readouterr().err


def test_without_a_name_it_is_the_record_in_the_box(inspect: Any) -> None:
    answers = [
        json.loads(inspect(None, "--at-step", step, "--format", "json")[1]) for step in ("0", "10")
    ]
    for answer in answers:
        check(answer, SCHEMA)
        assert answer["model"] == BOX.name
        assert answer["words"] == SENTENCE.split()
        assert list(answer["translations"]) == ["fr", "de", "zh"]
    first, second = (answer["update"] for answer in answers)
    assert first == 0 < second <= 10
