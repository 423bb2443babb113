"""What a request may ask for at most, and what it hears beyond."""

import asyncio
import json
from typing import Any

import pytest
from models_for_tests import SENTENCE
from server_for_tests import Client, serving

from glassformer.errors import UsageError
from glassformer.server.limits import Limits

LARGEST = 2**63 - 1

JSON = {"Content-Type": "application/json"}


def refused(response: Any, status: int) -> Any:
    assert response.status_code == status, response.text
    return response.json()["error"]


def test_a_body_may_have_so_many_bytes() -> None:
    body = json.dumps({"text": SENTENCE, "to": "fr"}).encode()
    with serving(max_body=len(body)) as client:
        fits = client.ask("POST", "/api/translate", content=body, headers=JSON)
        assert fits.status_code == 200
        too_large = client.ask("POST", "/api/translate", content=body + b" ", headers=JSON)
        assert refused(too_large, 413)["setting"] == "max_body"


def test_a_body_of_unknown_length_is_measured_as_it_comes() -> None:
    async def parts() -> Any:
        for _ in range(100):
            yield b" " * 50

    with serving(max_body=200) as client:
        assert refused(client.ask("POST", "/api/encode", content=parts(), headers=JSON), 413)


@pytest.mark.parametrize("length", ["-1", "1e3", "9" * 30, "x"])
def test_a_length_that_is_none_is_too_large(client: Client, length: str) -> None:
    headers = {**JSON, "Content-Length": length}
    assert refused(client.ask("POST", "/api/encode", content=b"", headers=headers), 413)


def test_all_texts_together_may_have_so_many_characters() -> None:
    with serving(max_characters=60) as client:
        assert client.post("/api/translate", text=[SENTENCE], to="fr").status_code == 200
        for response in (
            client.post("/api/translate", text=[SENTENCE, SENTENCE], to="fr"),
            client.get("/api/translate", text=[SENTENCE, SENTENCE], to="fr"),
            client.get("/api/inspect", text=SENTENCE, compare=SENTENCE),
        ):
            assert refused(response, 413)["fields"]["most"] == 60


def test_a_setting_may_have_so_many_values(client: Client) -> None:
    assert client.post("/api/translate", text=["a"] * 64, to="fr").status_code == 200
    assert (
        refused(client.post("/api/translate", text=["a"] * 65, to="fr"), 413)["setting"] == "text"
    )
    assert refused(client.get("/api/inspect", text="a", word=[""] * 65), 413)["setting"] == "word"


@pytest.mark.parametrize(
    ("path", "settings"),
    [
        ("/api/translate", {"beam_size": 17}),
        ("/api/translate", {"temperature": 1.0, "n_best": 17}),
        ("/api/inspect", {"beam_size": 10**9}),
    ],
)
def test_a_beam_may_be_so_wide(client: Client, path: str, settings: dict[str, Any]) -> None:
    error = refused(client.get(path, text="a", to="fr", **settings), 413)
    assert error["setting"] in settings


def test_an_answer_may_have_so_many_numbers() -> None:
    with serving(numbers=100) as client:
        error = refused(client.get("/api/encode", text=SENTENCE), 413)
        assert error["message"].endswith("pool=mean")
        assert client.get("/api/encode", text=SENTENCE, pool="mean").status_code == 200


def test_a_report_may_have_so_many_bytes() -> None:
    with serving(report_bytes=20_000) as client:
        error = refused(client.get("/api/inspect", text=SENTENCE, to="fr"), 413)
        assert error["setting"] == "head"
        assert client.get("/api/inspect", text=SENTENCE, view="structure").status_code == 200


def test_a_body_that_comes_too_slowly_is_not_waited_for() -> None:
    async def parts() -> Any:
        yield b"{"
        await asyncio.sleep(20)

    with serving(body_seconds=0.2) as client:
        late = client.ask("POST", "/api/encode", content=parts(), headers=JSON)
        assert refused(late, 408)["fields"] == {"seconds": 0.2}
        assert client.service.metrics.in_flight == 0


@pytest.mark.parametrize(
    ("path", "settings"),
    [
        ("/api/translate", {"temperature": 1.0, "seed": LARGEST}),
        ("/api/translate", {"temperature": 1.0, "top_k": LARGEST, "top_p": 1e-300}),
        ("/api/translate", {"temperature": 1e-300}),
        ("/api/translate", {"max_length": LARGEST, "no_repeat_ngram": LARGEST}),
        ("/api/translate", {"length_penalty": 1e308}),
        ("/api/inspect", {"layer": LARGEST}),
        ("/api/inspect", {"layer": 1, "head": LARGEST}),
        ("/api/inspect", {"explain": "encoder", "at": [LARGEST, -LARGEST]}),
        ("/api/inspect", {"at_step": LARGEST}),
        ("/api/inspect", {"compare_head": [LARGEST, LARGEST]}),
        ("/api/inspect", {"word": f"a:{'9' * 5000}"}),
        ("/api/inspect", {"mass": 1e-320, "min_weight": 1e-320}),
        ("/api/page", {"layer": LARGEST}),
    ],
)
def test_the_largest_and_smallest_numbers_are_numbers(
    client: Client, path: str, settings: dict[str, Any]
) -> None:
    response = client.post(path, text="a dog", to="fr", **settings)
    assert response.status_code in (200, 400, 404), response.text
    beyond = {name: LARGEST + 1 for name, value in settings.items() if value == LARGEST}
    if beyond:
        refused(client.post(path, text="a dog", to="fr", **{**settings, **beyond}), 400)


@pytest.mark.parametrize("name", ["max_body", "max_characters", "max_concurrency", "time_limit"])
@pytest.mark.parametrize("value", [0, -1, float("inf"), float("nan")])
def test_a_limit_that_would_refuse_everything_is_refused(name: str, value: float) -> None:
    with pytest.raises(UsageError, match=f"{name} must be positive and finite"):
        Limits(**{name: value})  # type: ignore[arg-type]
