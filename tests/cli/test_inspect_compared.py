"""`glassformer inspect --compare…` and `--animate`: two sides, or all moments, on every surface."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import torch
from fonts_for_tests import needs_fonts
from models_for_tests import (
    SENTENCE,
    encoder_config,
    random_model,
    stack,
    tokenizer,
    translator_config,
    write_folder,
)

import glassformer
from glassformer.cli import run
from glassformer.inspection.attention import attention_view
from glassformer.library import loading
from glassformer.text.tokenizer import Tokenizer
from glassformer.training.reporting.watch import Watch
from glassformer.views import AnimationView, ComparisonView, from_json

TASTY = "a dog ate the food because it was tasty"


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with a translator that was watched while it learned, and an encoder."""
    place = tmp_path_factory.mktemp("compared")
    config = translator_config(tags=())
    folder = write_folder(place / "one", config)
    write_folder(place / "encoder", encoder_config(encoder=stack(num_heads=7)), 3)
    model, text = random_model(config), Tokenizer(tokenizer())
    watch = Watch(folder, (SENTENCE,), model, text, text, [], 5)
    for update in (0, 2, 5):
        watch(update)
        for weight in model.parameters():
            weight.add_(0.2 * torch.randn(weight.shape, generator=torch.Generator().manual_seed(3)))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)
        yield place


@pytest.fixture
def inspect(models: Path, capfd: pytest.CaptureFixture[str]) -> Any:
    """Run the command on the translator; gives its code, what it wrote, and its complaint."""

    def inspect(*arguments: str) -> tuple[int, str, str]:
        code = run(["inspect", "--model", "one", *arguments])
        return code, *capfd.readouterr()

    return inspect


def shown(answer: tuple[int, str, str]) -> ComparisonView:
    code, out, err = answer
    assert (code, err) == (0, "")
    view = from_json(json.loads(out))
    assert isinstance(view, ComparisonView)
    return view


@pytest.mark.parametrize(
    ("options", "keywords", "differs"),
    [
        (("--compare", TASTY), {"compare": TASTY}, ("sentence",)),
        (("--compare-head", "3,2"), {"compare_head": (3, 2)}, ("head",)),
        (("--compare-model", "encoder"), {"compare_model": "encoder"}, ("model",)),
        (("--compare-step", "2"), {"compare_step": 2}, ("update",)),
        (
            ("--compare", TASTY, "--compare-head", "3,2", "--difference"),
            {"compare": TASTY, "compare_head": (3, 2), "difference": True},
            ("sentence", "head"),
        ),
    ],
)
def test_the_command_and_python_give_the_same_comparison(
    inspect: Any, options: tuple[str, ...], keywords: dict[str, Any], differs: tuple[str, ...]
) -> None:
    chosen = ("--layer", "1", "--head", "2")
    view = shown(inspect(SENTENCE, *chosen, *options, "--format", "json"))
    report = glassformer.report(SENTENCE, model="one", layer=1, head=(2,), **keywords)
    assert report.view == view
    assert report.picture().view == view
    assert view.differs == differs
    assert view.shows == ("difference" if "difference" in keywords else "sides")
    loaded = glassformer.load("one")
    left = loaded.inspect(SENTENCE)
    assert view.left == attention_view(left, layer=1, head=2)
    text = keywords.get("compare", SENTENCE)
    if "compare_step" in keywords:
        assert view.right.moment is not None
        assert view.right.moment.update == 2
    else:
        right = glassformer.load(keywords.get("compare_model", "one")).inspect(text)
        layer, head = keywords.get("compare_head", (1, 2))
        assert view.right == attention_view(right, layer=layer, head=head)
    again = glassformer.report(SENTENCE, model=loaded, layer=1, head=(2,), **keywords)
    assert again.view == report.view


def test_two_moments_need_no_model(inspect: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "load", pytest.fail)
    view = shown(inspect("--at-step", "0", "--compare-step", "5", "--format", "json"))
    assert view.differs == ("update",)
    assert [side.moment and side.moment.update for side in view.sides] == [0, 5]
    code, out, err = inspect("--at-step", "1", "--compare-step", "5")
    assert code == 0
    assert "left: at update 0 of the training" in out
    assert err.startswith("glassformer: left: nothing was recorded at update 1")


@pytest.mark.parametrize("part", ["decoder", "cross"])
def test_translations_are_compared_too(inspect: Any, part: str) -> None:
    view = shown(inspect(SENTENCE, "--compare", TASTY, "--part", part, "--format", "json"))
    sides = [glassformer.load("one").inspect(text) for text in (SENTENCE, TASTY)]
    for side, trace in zip(view.sides, sides, strict=True):
        assert side == attention_view(trace, part="cross" if part == "cross" else "decoder")


def test_text_is_a_table_in_either_language(inspect: Any) -> None:
    code, out, _ = inspect(SENTENCE, "--compare", TASTY, "--word", "it")
    assert code == 0
    assert "hungry → tasty" in out
    assert len(re.findall(r"^it .*[+−]\d\.\d{3}$", out, flags=re.MULTILINE)) == 9
    chinese = inspect(SENTENCE, "--compare", TASTY, "--word", "it", "--language", "zh")[1]
    assert "注意力对比 · 编码器，第 2 层第 1 头" in chinese
    assert "右侧 − 左侧" in chinese


@pytest.mark.parametrize("options", [(), ("--difference",)])
def test_pictures_are_written(inspect: Any, options: tuple[str, ...], tmp_path: Path) -> None:
    path = tmp_path / "it.svg"
    answer = inspect(SENTENCE, "--compare", TASTY, "--word", "it", *options, "--output", str(path))
    assert answer == (0, "", "")
    sides = {line.get("data-side") for line in ElementTree.parse(path).iter() if line.get("d")}
    assert sides == ({"difference"} if options else {"left", "right"})


@needs_fonts
def test_a_png_of_an_animation_is_its_last_moment(inspect: Any, tmp_path: Path) -> None:
    path = tmp_path / "forming.png"
    assert inspect("--animate", "--word", "it", "--output", str(path)) == (0, "", "")
    assert path.read_bytes().startswith(b"\x89PNG")


def test_an_animation_of_all_moments(inspect: Any) -> None:
    code, out, err = inspect("--animate", "--word", "it", "--format", "json")
    assert (code, err) == (0, "")
    view = from_json(json.loads(out))
    assert isinstance(view, AnimationView)
    assert [frame.moment and frame.moment.update for frame in view.frames] == [0, 2, 5]
    assert glassformer.report(model="one", animate=True, word=("it",)).view == view
    assert glassformer.load("one").report(SENTENCE, animate=True, word=("it",)).view == view
    text = inspect("--animate", SENTENCE)[1]
    assert re.findall(r"^update (\d+): ", text, flags=re.MULTILINE) == ["0", "2", "5"]


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (("x", "--compare", "y", "--view", "grid"), "leave --view grid out"),
        (("x", "--compare", "y", "--heads", "all"), "leave --heads all out"),
        (("x", "--compare", "y", "--target", "z"), "leave --target z out"),
        (("x", "--compare", "y", "--history"), "leave --history out"),
        (("x", "--compare", "y", "--pair", "z"), "leave --pair z out"),
        (("x", "--compare", "y", "--steps", "all"), "leave --steps all out"),
        (("x", "--compare", "y", "--tensor", "encoder"), "leave --tensor encoder out"),
        (("x", "--compare", "y", "--layer", "1", "--head", "1", "--head", "2"), "shows one --head"),
        (("x", "--compare", "y", "--part", "encoder", "--part", "cross"), "shows one --part"),
        (("x", "--compare", "y", "--save-trace", "t"), "leave it out"),
        (("x", "--compare-head", "1"), "--compare-head 4,1"),
        (("x", "--compare-head", "0,1"), "--compare-head counts from 1, but is 0"),
        (("x", "--compare-head", "a,1"), "must be an integer"),
        (("x", "--compare-step", "2", "--truncate"), "leave --truncate out"),
        (("--at-step", "2", "--compare-step", "0", "--device", "cpu"), "leave --device out"),
        (("x", "--difference"), "give one of --compare, --compare-head, --compare-model"),
        (("--animate", "--at-step", "2"), "leave --at-step 2 out"),
        (("x", "--animate", "--compare", "y"), "leave --compare y out"),
        (("--animate", "--part", "cross"), "leave --part cross out"),
        (("--animate", "--view", "grid"), "leave --view grid out"),
        (("--animate", "--beam-size", "2"), "leave --beam-size 2 out"),
        (("--animate", "--device", "cpu"), "leave --device out"),
        (("--animate", "--save-trace", "t"), "leave --save-trace out"),
    ],
)
def test_what_makes_no_sense_is_refused_before_a_model_is_loaded(
    inspect: Any, options: tuple[str, ...], complaint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "load", pytest.fail)
    code, out, err = inspect(*options)
    assert (code, out) == (2, "")
    assert complaint in err
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (("--compare", SENTENCE), "nothing to compare"),
        (("--compare-model", "one"), "nothing to compare"),
        (("--compare-model", "encoder", "--part", "cross"), "encoder: there is no cross attention"),
        (("--compare-head", "9,1"), "one: the encoder attention has layers 1 to 3"),
        (("--compare-model", "encoder", "--tokens", "--compare", TASTY), "--words"),
        (("--compare", TASTY, "--word", "cat"), 'no word "cat"'),
    ],
)
def test_what_a_side_lacks_is_told(inspect: Any, options: tuple[str, ...], complaint: str) -> None:
    code, out, err = inspect(SENTENCE, *options)
    assert (code, out) == (2, "")
    assert complaint in err
    assert err.count("\n") == 1
