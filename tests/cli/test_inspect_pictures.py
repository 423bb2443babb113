"""`glassformer inspect --view … --format …`: one picture, on every surface, and what is refused."""

import functools
import json
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from fonts_for_tests import needs_fonts
from models_for_tests import SENTENCE, minilm, translator_config, write_folder

from glassformer.cli import run
from glassformer.library import loading
from glassformer.views import AttentionView, MatrixView, from_json

WEIGHTS = "encoder.layers.1.self_attention.weights"
VIEWS: dict[str, tuple[str, ...]] = {
    "attention": ("--view", "attention"),
    "grid": ("--view", "grid"),
    "matrix": ("--view", "matrix", "--tensor", "encoder"),
    "flow": ("--view", "flow", "--layer", "1", "--head", "2"),
    "multi-head": ("--view", "multi-head", "--layer", "2", "--word", "dog"),
    "positions": ("--view", "positions", "--part", "decoder"),
    "add-norm": ("--view", "add-norm", "--part", "cross", "--sublayer", "feed-forward"),
    "structure": ("--view", "structure"),
}
load_once = functools.cache(loading.load)


@pytest.fixture(autouse=True)
def _each_model_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "load", load_once)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(write_folder(tmp_path_factory.mktemp("model"), translator_config(tags=())))


@pytest.fixture
def inspect(folder: str, capfdbinary: pytest.CaptureFixture[bytes]) -> Any:
    """Run the command in this process; gives its code, its bytes and its complaint."""

    def inspect(*arguments: str) -> tuple[int, bytes, str]:
        code = run(["inspect", SENTENCE, "--model", folder, "--target", "a dog", *arguments])
        sys.stdout.flush()
        out, err = capfdbinary.readouterr()
        return code, out, err.decode()

    return inspect


def drawn(answer: tuple[int, bytes, str]) -> ElementTree.Element:
    code, out, err = answer
    assert (code, err) == (0, "")
    return ElementTree.fromstring(out)


def refused(answer: tuple[int, bytes, str]) -> str:
    """The one line of a wrong request."""
    code, out, err = answer
    assert (code, out) == (2, b"")
    assert err.count("\n") == 1
    return err


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("view", VIEWS)
def test_every_picture_is_text(inspect: Any, view: str, language: str) -> None:
    code, out, err = inspect(*VIEWS[view], "--language", language)
    assert (code, err) == (0, "")
    text = out.decode()
    assert max(map(len, text.split("\n"))) <= 100
    assert ("[" in text) or view != "matrix" or "encoder" in text


@pytest.mark.parametrize("view", VIEWS)
def test_every_picture_is_json(inspect: Any, view: str) -> None:
    code, out, err = inspect(*VIEWS[view], "--format", "json")
    assert (code, err) == (0, "")
    data = json.loads(out)
    assert (data["schema"], data["view"]) == ("glassformer.view/2", view)
    from_json(data)
    assert out.endswith(b"}\n")


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("theme", ["auto", "light", "dark"])
@pytest.mark.parametrize("view", VIEWS)
def test_every_picture_is_svg(inspect: Any, view: str, theme: str, language: str) -> None:
    options = ("--format", "svg", "--theme", theme, "--language", language)
    root = drawn(inspect(*VIEWS[view], *options))
    style = root[2].text or ""
    assert ("@media" in style) == (theme == "auto")
    assert ("#12161d" in style) == (theme != "light")


@needs_fonts
@pytest.mark.parametrize("view", VIEWS)
def test_every_picture_is_png(inspect: Any, view: str, tmp_path: Path) -> None:
    pytest.importorskip("resvg_py", reason="the extra png is not installed")
    path = tmp_path / "a.png"
    answer = inspect(*VIEWS[view], "--format", "png", "--output", str(path))
    assert answer == (0, b"", "")
    code, out, err = inspect(*VIEWS[view], "--format", "png")
    assert (code, err) == (0, "")
    assert out == path.read_bytes()
    assert out.startswith(b"\x89PNG\r\n")


def test_svg_draws_attention_unless_told(inspect: Any) -> None:
    plain = inspect("--format", "svg")
    assert plain == inspect("--view", "attention", "--format", "svg")
    assert "Attention" in (drawn(plain)[0].text or "")


def test_a_tensor_alone_is_a_matrix(inspect: Any) -> None:
    options = ("--tensor", WEIGHTS, "--head", "2", "--format", "json")
    code, out, _ = inspect(*options)
    view = from_json(json.loads(out))
    assert code == 0
    assert isinstance(view, MatrixView)
    assert view.name == f"{WEIGHTS}[1]"
    assert inspect("--view", "matrix", *options)[1] == out


@pytest.mark.parametrize("part", ["encoder", "decoder", "cross"])
def test_a_part_is_drawn(inspect: Any, part: str) -> None:
    root = drawn(inspect("--part", part, "--format", "svg"))
    links = [e for e in root.iter() if "link" in e.get("class", "").split()]
    assert {link.get("data-part") for link in links} == {part}


def test_the_share_of_the_lines_can_be_chosen(inspect: Any) -> None:
    def count(mass: str) -> int:
        return len(drawn(inspect("--format", "svg", "--mass", mass)).findall(".//*[@data-weight]"))

    assert count("0.2") < count("0.95") <= count("1") == 81
    data = ("--view", "attention", "--format", "json")
    whole, some = (inspect(*data, "--mass", mass) for mass in ("1", "0.2"))
    assert whole == some  # data has all links


@pytest.mark.parametrize("mass", ["0", "1.1", "-1", "all"])
def test_a_share_that_is_none_is_refused(inspect: Any, mass: str) -> None:
    assert "--mass" in refused(inspect("--format", "svg", "--mass", mass))


def test_the_words_of_a_picture_are_chosen_as_in_the_report(inspect: Any) -> None:
    code, out, _ = inspect(
        "--view", "attention", "--word", "it", "--layer", "2", "--head", "1", "--format", "json"
    )
    view = from_json(json.loads(out))
    assert code == 0
    assert isinstance(view, AttentionView)
    assert view.shown_queries == (6,)
    assert view.heads == ((2, 1),)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--view", "matrix"), "--view matrix and --tensor NAME belong together"),
        (("--view", "grid", "--tensor", "encoder"), "belong together"),
        (("--view", "grid", "--word", "it"), "--view grid has no use for --word"),
        (("--view", "grid", "--layer", "1"), "no use for --layer"),
        (("--view", "structure", "--head", "1"), "no use for --head"),
        (("--view", "structure", "--tokens"), "no use for --tokens"),
        (("--view", "flow", "--heads", "all"), "no use for --heads"),
        (("--view", "flow", "--word", "it", "--word", "dog"), "one --word, but several"),
        (("--view", "positions", "--layer", "1"), "no use for --layer"),
        (("--view", "multi-head", "--head", "1", "--layer", "1"), "no use for --head"),
        (("--view", "attention", "--sublayer", "attention"), "no use for --sublayer"),
        (("--sublayer", "attention"), "--sublayer attention belongs to --view add-norm"),
        (("--view", "add-norm", "--layer", "9"), "no layer 9"),
        (("--tensor", "encoder", "--part", "encoder"), "no use for --part"),
        (("--tensor", "encoder", "--min-weight", "0.5"), "no use for --min-weight"),
        (("--tensor", "encoder", "--special", "--tokens"), "no use for --special, --tokens"),
        (("--view", "grid", "--part", "encoder", "--part", "cross"), "one --part"),
        (("--tensor", WEIGHTS), "has heads 1 to 2: say which one (--head H)"),
        (("--tensor", WEIGHTS, "--head", "3"), "there is no head 3"),
        (("--tensor", "encoder", "--head", "1"), "has no heads"),
        (("--view", "flow", "--part", "decoder"), "give --layer L and --head H"),
        (("--format", "svg", "--word", "cat"), 'no word "cat"'),
        (("--view", "grid", "--special"), "--tokens"),
        (("--explain", "encoder", "--at", "0,0", "--format", "svg"), "text or json"),
        (("--format", "svg", "--theme", "blue"), "--theme"),
        (("--view", "cube"), "--view"),
    ],
)
def test_what_a_picture_has_no_use_for_is_refused(
    inspect: Any, options: tuple[str, ...], said: str
) -> None:
    assert said in refused(inspect(*options))


def test_a_tensor_that_is_not_there_is_one_line(inspect: Any) -> None:
    code, out, err = inspect("--tensor", "encoder.layers.9")
    assert (code, out) == (1, b"")
    assert err.count("\n") == 1
    assert "encoder.layers.9" in err


def test_too_many_heads_for_lines_are_refused(inspect: Any) -> None:
    options = ("--part", "cross", "--heads", "all", "--format", "svg")
    assert "8 heads apart, but 14" in refused(inspect(*options))


def test_a_picture_is_replaced_only_when_told(inspect: Any, tmp_path: Path) -> None:
    path = tmp_path / "a.svg"
    path.write_text("before")
    code, _, err = inspect("--format", "svg", "--output", str(path))
    assert code == 1
    assert "already exists" in err
    assert path.read_text() == "before"
    assert inspect("--format", "svg", "--output", str(path), "--force") == (0, b"", "")
    assert path.read_bytes() == inspect("--format", "svg")[1]
    assert [*tmp_path.iterdir()] == [path]


def test_a_png_is_not_written_to_a_terminal(inspect: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(sys.stdout), "isatty", lambda self: True)
    assert "--output FILE.png" in refused(inspect("--format", "png"))


def test_the_first_command_of_the_readme_shows_dog(capsys: pytest.CaptureFixture[str]) -> None:
    name = minilm().name
    assert run(["inspect", SENTENCE, "--model", name, "--word", "it", "--format", "svg"]) == 0
    root = ElementTree.fromstring(capsys.readouterr().out)
    links = sorted(
        root.findall(".//*[@data-weight]"), key=lambda line: -float(line.get("data-weight", ""))
    )
    assert [line.get("data-to") for line in links[:1]] == ["1"]
