"""The page's data over HTTP is the library's, computed once and kept within its limit."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

import pytest
from models_for_tests import SENTENCE
from server_for_tests import Client, serving

from glassformer.library import pages as library_page
from glassformer.requests.inspection import InspectRequest
from glassformer.server.pages import Pages, bytes_of
from glassformer.server.routes import page as routes


def manifest_of(client: Client, **settings: Any) -> dict[str, Any]:
    response = client.get("/api/page", **settings)
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


def blocks_of(manifest: dict[str, Any]) -> set[str]:
    arrays = (array for one in manifest["passes"] for array in one["arrays"].values())
    return {array["block"] for array in arrays if "block" in array}


def test_it_is_the_librarys_with_the_names_of_this_server(client: Client) -> None:
    model = client.service.models["translator"]
    data = library_page.page_data(InspectRequest(text=SENTENCE, to="fr"), model)
    expected = json.loads(json.dumps({**data.manifest}))
    found = manifest_of(client, text=SENTENCE, to="fr")
    assert (found["home"], found["model"]) == ("serve", "translator")
    assert found["models"] == ["translator", "encoder"]
    assert "/folder/of" not in json.dumps(found)
    for one, same in zip(found["passes"], expected["passes"], strict=True):
        assert one.pop("model") == "translator"
        same.pop("model")
        assert one["arrays"] == same["arrays"]
        assert one["source"] == same["source"]
    assert client.post("/api/page", text=SENTENCE, to="fr").json()["request"] == found["request"]
    assert len(blocks_of(found)) > 5
    for name in blocks_of(found):
        block = client.get("/api/page/block", text=SENTENCE, to="fr", name=name)
        assert block.content == data.block(name)
        assert block.headers["content-type"] == "application/octet-stream"


def test_a_block_that_there_is_not_is_refused(client: Client) -> None:
    for name in ("nonsense", "", "../../etc/passwd"):
        refused = client.get("/api/page/block", text=SENTENCE, to="fr", name=name)
        assert refused.status_code == 404
    refused = client.get("/api/page/block", text=SENTENCE, to="fr")
    assert (refused.status_code, refused.json()["error"]["setting"]) == (400, "name")


def test_the_page_loads_nothing_that_its_policy_forbids(client: Client) -> None:
    shell = client.get("/", text="two zebras", language="zh")
    assert shell.status_code == 200
    assert 'lang="zh' in shell.text
    assert "<style" not in shell.text
    assert "style=" not in shell.text
    assert "onclick" not in shell.text
    assert "zebras" not in shell.text  # what is asked for stays in the address
    for path, kind in (("/assets/page.js", "text/javascript"), ("/assets/page.css", "text/css")):
        asset = client.get(path)
        assert asset.headers["content-type"].startswith(kind)
        assert path.removeprefix("/") in shell.text
        assert "http:" not in asset.text.replace("http://www.w3.org/", "")
    assert client.get("/favicon.ico").status_code == 204


def test_a_page_is_computed_once_however_many_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []

    def counted(request: InspectRequest, model: Any) -> Any:
        made.append(request.text)
        return library_page.page_data(request, model)

    monkeypatch.setattr(routes, "page_data", counted)
    with serving() as client:
        one = {"method": "GET", "url": "/api/page", "params": {"text": SENTENCE, "to": "fr"}}
        answers = client.ask_at_once(*[one] * 6)
        assert {answer.status_code for answer in answers} == {200}
        client.get("/api/page/block", text=SENTENCE, to="fr", name="encoder.embedding")
        assert made == [SENTENCE]
        manifest_of(client, text=SENTENCE, to="de")
        assert made == [SENTENCE] * 2


class Sized:
    """Page data of so many bytes."""

    def __init__(self, size: int) -> None:
        self.manifest: Mapping[str, Any] = {
            "passes": [{"arrays": {"a": {"dtype": "uint8", "shape": [size], "block": "b"}}}]
        }

    def block(self, name: str) -> bytes:
        return name.encode() * 10


def test_what_was_asked_for_longest_ago_goes_first() -> None:
    made: list[str] = []

    async def asked() -> None:
        pages = Pages(100)

        async def get(key: str, size: int) -> None:
            async def make() -> Sized:
                made.append(key)
                return Sized(size)

            await pages.page(key, make)
            assert pages.size <= 100 or size > 100

        for key, size in (("a", 40), ("b", 40), ("a", 40), ("c", 40), ("a", 40), ("b", 40)):
            await get(key, size)
        assert made == ["a", "b", "c", "b"]
        await get("huge", 1000)
        await get("huge", 1000)  # the newest stays, whatever its size
        assert made == ["a", "b", "c", "b", "huge"]
        assert pages.size == 1000

    asyncio.run(asked())


def test_blocks_count_as_well_and_are_made_once() -> None:
    async def asked() -> None:
        pages, made = Pages(1000), []

        async def make() -> Sized:
            return Sized(5)

        async def block() -> bytes:
            made.append(1)
            await asyncio.sleep(0.01)
            return kept.data.block("b")

        kept = await pages.page("a", make)
        found = await asyncio.gather(*(pages.block("a", kept, "b", block) for _ in range(3)))
        assert ({*found}, made, pages.size) == ({b"b" * 10}, [1], 15)

    asyncio.run(asked())


def test_one_who_leaves_takes_the_page_from_nobody() -> None:
    async def asked() -> None:
        pages, may = Pages(1000), asyncio.Event()

        async def make() -> Sized:
            await may.wait()
            return Sized(5)

        first = asyncio.ensure_future(pages.page("a", make))
        other = asyncio.ensure_future(pages.page("a", make))
        await asyncio.sleep(0)
        first.cancel()
        await asyncio.sleep(0)
        may.set()
        assert (await other).size == 5
        with pytest.raises(asyncio.CancelledError):
            await first

    asyncio.run(asked())


def test_what_fails_is_tried_again() -> None:
    async def asked() -> None:
        pages = Pages(1000)

        async def fails() -> Sized:
            raise ValueError("no")

        async def make() -> Sized:
            return Sized(5)

        for _ in range(2):
            with pytest.raises(ValueError, match="no"):
                await pages.page("a", fails)
        assert (await pages.page("a", make)).size == 5

    asyncio.run(asked())


def test_the_size_of_arrays_is_that_of_their_numbers() -> None:
    arrays = {
        "a": {"dtype": "float32", "shape": [2, 3], "block": "x", "offset": 0},
        "b": {"dtype": "uint8", "shape": [5], "block": "x", "offset": 24},
        "c": {"same": "a"},
        "d": {"sum": ["a", "a"], "dtype": "float32", "shape": [2, 3]},
    }
    assert bytes_of({"passes": [{"arrays": arrays}, {"arrays": arrays}]}) == 2 * 29
