"""What the page saves and copies: valid files with the numbers of the trace, lines that run."""

import io
import json
import shlex
import xml.etree.ElementTree as ET
from html import escape
from pathlib import Path
from types import SimpleNamespace

import pytest
from models_for_tests import SENTENCE, loaded, translator_config
from page_for_tests import Opener
from PIL import Image
from playwright.sync_api import Page, expect

from glassformer.cli.inspect import command
from glassformer.inspection.trace import Trace
from glassformer.library.pages import page
from glassformer.views import ComparisonView, as_plain, from_json

HELP = ["-h", "--help"]
"""Of the group, which click keeps for a command once it is asked."""


TASTY = "a dog ate food because it was really tasty"
SVG = "{http://www.w3.org/2000/svg}"
ATTENTION = "Attention between words: all of it"
QUERY = "layer=2&head=2&word=it"


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("export") / "two.html"
    model = loaded(translator_config())
    path.write_text(page(SENTENCE, model=model, compare=TASTY, to="fr"), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def traces() -> list[Trace]:
    model = loaded(translator_config())
    return [model.inspect(text, to="fr") for text in (SENTENCE, TASTY)]


def opened(window: Page) -> None:
    """The menu, as soon as the slowest stop is drawn."""
    expect(window.locator("#compare .compare-heads button").first).to_be_visible()
    window.locator(".export > button").click()


def saved(window: Page, kind: str, figure: str) -> tuple[str, bytes]:
    """A figure as a file: its name and content."""
    window.locator(".export select").select_option(label=figure)
    with window.expect_download() as told:
        window.locator(".export-row button", has_text=kind).click()
    return told.value.suggested_filename, Path(told.value.path()).read_bytes()


def links(document: bytes) -> dict[tuple[str, ...], str]:
    """The weight of each line of an SVG, which is as wide as it says."""
    found = {}
    for one in ET.fromstring(document).iter(f"{SVG}path"):
        if "link" in one.get("class", "").split():
            weight = one.attrib["data-weight"]
            assert float(one.attrib["stroke-width"]) == pytest.approx(14 * float(weight), abs=1e-4)
            keys = ("side", "part", "layer", "head", "from", "to")
            found[tuple(one.get(f"data-{key}", "") for key in keys)] = weight
    return found


def test_a_picture_of_attention_is_the_one_of_the_library(
    page_of: Opener, two: Path, traces: list[Trace]
) -> None:
    window = page_of(two, query=f"{QUERY}&mass=1#attention")
    opened(window)
    name, document = saved(window, "SVG", ATTENTION)
    assert name == "a-dog-ate-the-food-because-it-was-hungry-attention.svg"
    picture = traces[0].attention(layer=2, head=2, word="it", mass=1.0)
    theirs = {key: round(float(weight), 5) for key, weight in links(picture.svg().encode()).items()}
    assert {key: round(float(weight), 5) for key, weight in links(document).items()} == theirs
    drawn = [
        one for one in ET.fromstring(document).iter() if "link" in one.get("class", "").split()
    ]
    assert all(one.attrib["stroke"].startswith("#") for one in drawn)
    text = document.decode()
    assert "var(" not in text
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "")
    name, content = saved(window, "PNG", ATTENTION)
    image = Image.open(io.BytesIO(content))
    width = float(ET.fromstring(document).attrib["width"])
    assert image.format == "PNG"
    assert image.width == 2 * width
    assert len(image.convert("RGB").getcolors(1 << 24) or []) > 8
    name, content = saved(window, "JSON", ATTENTION)
    assert name.endswith(".json")
    view, given = as_plain(picture.view), as_plain(from_json(json.loads(content)))
    weights = [[it.pop("weight") for it in one["links"]] for one in (view, given)]
    assert weights[1] == pytest.approx(weights[0], abs=1e-6)
    shares = [one.pop("hidden_share") for one in (view, given)]
    assert shares[1] == pytest.approx(shares[0], abs=1e-6)
    assert view == given


@pytest.mark.slow
def test_a_comparison_is_the_one_of_the_library(
    page_of: Opener, two: Path, traces: list[Trace]
) -> None:
    window = page_of(two, query=f"{QUERY}&mass=1#compare")
    opened(window)
    _, content = saved(window, "JSON", "Attention compared")
    ours = from_json(json.loads(content))
    view = traces[0].compare(traces[1], layer=2, head=2, word="it").view
    assert isinstance(ours, ComparisonView)
    assert (ours.queries, ours.keys, ours.texts) == (view.queries, view.keys, view.texts)
    assert ours.differs == view.differs
    mine, theirs = (
        {(it.from_, it.to): it.difference for it in one.differences} for one in (ours, view)
    )
    assert mine == pytest.approx(theirs, abs=1e-6)
    _, document = saved(window, "SVG", "Attention compared")
    assert links(document)
    assert {key[0] for key in links(document)} == {"left", "right"}


@pytest.mark.slow
def test_every_stop_can_be_saved(page_of: Opener, two: Path) -> None:
    window = page_of(two)
    opened(window)
    figures = window.locator(".export select option").all_text_contents()
    stops = [one for one in figures if one.endswith(": all of it")]
    assert len(stops) == window.locator("main > section").count()
    for figure in stops:
        _, document = saved(window, "SVG", figure)
        assert figure.removesuffix(": all of it") in "".join(ET.fromstring(document).itertext())
        _, content = saved(window, "JSON", figure)
        assert json.loads(content)["schema"] in ("glassformer.view/2", "glassformer.figure/1")


def copied(window: Page, what: str, begins: str) -> str:
    window.locator(".export-row button", has_text=what).click()
    said = window.locator(".export-said")
    expect(said).to_contain_text(f"Copied: {begins}")
    return (said.text_content() or "").removeprefix("Copied: ")


ODD = 'it\'s "$HOME" `x` \\n'


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("odd") / "odd.html"
    model = loaded(translator_config())
    path.write_text(page(ODD, model=model, to="fr"), encoding="utf-8")
    return path


@pytest.mark.slow
def test_the_lines_to_type_give_the_same(page_of: Opener, odd: Path) -> None:
    window = page_of(odd, query=f"{QUERY}&mass=0.5&unit=tokens#attention")
    window.locator(".export > button").click()
    window.locator(".export select").select_option(label=ATTENTION)
    model = loaded(translator_config())
    trace = model.inspect(ODD, to="fr")
    same = trace.attention(layer=2, head=2, word="it", unit="tokens", mass=0.5)
    line = copied(window, "Python line", "glassformer.load(")
    picture = eval(line, {"glassformer": SimpleNamespace(load=lambda name: model)})
    assert picture.svg() == same.svg()
    typed = shlex.split(copied(window, "Command", "glassformer inspect"))
    assert typed[:2] == ["glassformer", "inspect"]
    read = command.make_context("inspect", typed[2:], help_option_names=HELP).params
    assert read["words_of_sentence"] == (ODD,)
    assert (read["layer"], read["head"], read["word"]) == (2, (2,), ("it",))
    assert (read["to"], read["mass"], read["among_words"]) == ("fr", 0.5, False)


@pytest.mark.slow
def test_a_word_that_attends_to_nothing_here_is_no_setting(page_of: Opener, odd: Path) -> None:
    window = page_of(odd, query=f"{QUERY}&part=cross&align=output#attention")
    window.locator(".export > button").click()
    window.locator(".export select").select_option(label=ATTENTION)
    line = copied(window, "Python line", "glassformer.load(")
    assert line.endswith('.attention(part="cross", layer=2, head=2, align="output")')


FRAME = (
    '<!doctype html><html lang="en"><title>A frame</title>'
    '<iframe sandbox="{}" srcdoc="{}" width="900" height="700"></iframe>'
)


@pytest.mark.slow
def test_a_frame_saves_where_it_may_and_says_why_where_not(page_of: Opener, odd: Path) -> None:
    within = escape(odd.read_text(encoding="utf-8"))
    window = page_of(FRAME.format("allow-scripts allow-downloads", within))
    frame = window.frame_locator("iframe")
    frame.locator(".export > button").click()
    with window.expect_download() as told:
        frame.locator(".export-row button", has_text="PNG").click()
    assert told.value.suggested_filename.endswith(".png")
    Image.open(told.value.path()).verify()
    expect(frame.locator(".export-said")).to_contain_text("this frame does not allow downloads")
    expect(frame.locator(".export-row button", has_text="Address")).to_have_count(0)
    frame.locator(".export-row button", has_text="Command").click()
    expect(frame.locator(".export-said")).to_contain_text("Copied: glassformer inspect")
