"""SVG read back: what every picture promises, and what is found in it."""

import re
from xml.etree import ElementTree

NAMESPACE = "{http://www.w3.org/2000/svg}"
NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e[-+]?\d+)?")


def parsed(text: str) -> ElementTree.Element:
    """The root of a picture that keeps to what every picture promises."""
    root = ElementTree.fromstring(text)
    assert root.tag == f"{NAMESPACE}svg"
    assert [child.tag.removeprefix(NAMESPACE) for child in root][:3] == ["title", "desc", "style"]
    assert root[0].text
    identities = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(set(identities)) == len(identities)
    assert root.get("aria-labelledby", "").split() == identities
    left, top, width, height = map(float, root.get("viewBox", "").split())
    assert (left, top) == (0.0, 0.0)
    assert (root.get("width"), root.get("height")) == (f"{width:.0f}", f"{height:.0f}")
    for element in root.iter():
        assert element.tag.removeprefix(NAMESPACE) in {
            "svg", "title", "desc", "style", "rect", "g", "path", "text", "tspan", "line", "image",
        }  # fmt: skip
        for name, value in element.attrib.items():
            assert not name.startswith("on"), "a script"
            assert name != "href" or value.startswith("data:image/png;base64,")
    assert re.findall(r"https?:", text.replace(root[0].text, "")) == ["http:"]
    assert "url(" not in (root[2].text or "")
    assert "@import" not in (root[2].text or "")
    for x, text_element in ((float(t.get("x", "nan")), t) for t in texts(root)):
        assert 0.0 <= x <= width, text_element.text
        assert 0.0 <= float(text_element.get("y", "nan")) <= height
    return root


def by_class(root: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return [element for element in root.iter() if name in element.get("class", "").split()]


def texts(root: ElementTree.Element) -> list[ElementTree.Element]:
    return list(root.iter(f"{NAMESPACE}text"))
