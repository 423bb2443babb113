"""What the API answers is what the library gives, from a query string as from JSON."""

import json
from typing import Any

import numpy as np
import pytest
from models_for_tests import SENTENCE, loaded, translator_config, write_folder
from server_for_tests import Client, serving

from glassformer.library import load
from glassformer.library.scoring import score_json
from glassformer.library.translating import translation_json

SHORT = "the dog was hungry"


def answered(response: Any) -> Any:
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "application/json"
    return response.json()


def plain(data: object) -> Any:
    """As it is after a way through JSON."""
    return json.loads(json.dumps(data))


def close(left: Any, right: Any) -> bool:
    """Equal, numbers up to what another batch size does to the last digits."""
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(close(left[one], right[one]) for one in left)
    if isinstance(left, list):
        return len(left) == len(right) and all(map(close, left, right))
    if isinstance(left, float) and isinstance(right, float):
        return left == pytest.approx(right, rel=1e-5, abs=1e-5)
    return bool(left == right)


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"n_best": 3, "beam_size": 5, "length_penalty": 0.6},
        {"prefix": "the", "max_length": 9},
        {"temperature": 1.5, "seed": 7, "n_best": 2},
        {"length_penalty_form": "gnmt", "no_repeat_ngram": 2},
    ],
)
def test_translations_are_the_librarys(client: Client, settings: dict[str, Any]) -> None:
    texts = [SENTENCE, "", SHORT]
    model = client.service.models["translator"]
    expected = [translation_json(one) for one in model.translate(texts, to="de", **settings)]
    by_json = answered(client.post("/api/translate", text=texts, to="de", **settings))
    by_query = answered(client.get("/api/translate", text=texts, to="de", **settings))
    assert by_json == by_query
    assert close(by_json["translations"], plain(expected))
    assert by_json["model"] == "translator"


def test_each_text_may_have_a_language_and_a_prefix_of_its_own(client: Client) -> None:
    model = client.service.models["translator"]
    expected = model.translate([SENTENCE, SHORT], to=["fr", "zh"], prefix=["the", ""])
    found = answered(
        client.post("/api/translate", text=[SENTENCE, SHORT], to=["fr", "zh"], prefix=["the", ""])
    )
    assert [one["text"] for one in found["translations"]] == [one.text for one in expected]
    refused = client.post("/api/translate", text=[SENTENCE, SHORT, "a"], to=["fr", "zh"])
    assert (refused.status_code, refused.json()["error"]["setting"]) == (400, "to")


def test_scores_are_the_librarys(client: Client) -> None:
    model = client.service.models["translator"]
    expected = [score_json(one) for one in model.score(SENTENCE, ["the food", "a"], to="fr")]
    found = answered(client.post("/api/score", source=SENTENCE, target=["the food", "a"], to="fr"))
    for one in found["scores"]:
        assert one.pop("notes") == []
    assert close(found["scores"], plain(expected))
    refused = client.post("/api/score", source=["a", "b"], target=["a", "b", "c"], to="fr")
    assert refused.status_code == 422


@pytest.mark.parametrize("settings", [{}, {"pool": "mean", "normalize": True}, {"pool": "cls"}])
def test_encodings_are_the_librarys(client: Client, settings: dict[str, Any]) -> None:
    model = client.service.models["encoder"]
    expected = model.encode([SENTENCE, SHORT], **settings)
    found = answered(
        client.post("/api/encode", model="encoder", text=[SENTENCE, SHORT], **settings)
    )
    for one, same in zip(found["encodings"], expected, strict=True):
        assert one["shape"] == list(same.vectors.shape)
        np.testing.assert_allclose(np.array(one["vectors"]), same.vectors, atol=1e-5)
        assert (one["tokens"], one["words"]) == (list(same.tokens), list(same.words))


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"to": "zh", "layer": 1, "head": [2], "word": ["dog", "it"]},
        {"explain": "encoder.layers.1.self_attention.weights", "at": [1, 2, 3]},
        {"view": "grid"},
        {"compare": "a dog ate the food because it was tasty"},
        {"contrast": "the dog", "history": True},
    ],
)
def test_reports_are_the_librarys(client: Client, settings: dict[str, Any]) -> None:
    given: dict[str, Any] = {
        key: tuple(x) if isinstance(x, list) else x for key, x in settings.items()
    }
    expected = client.service.models["translator"].report(SENTENCE, **given).to_json()
    if "model" in expected:
        expected["model"] = "translator"
    if "models" in expected:
        expected["models"] = ["translator" for _ in expected["models"]]
    assert close(answered(client.post("/api/inspect", text=SENTENCE, **settings)), plain(expected))
    if "at" in settings:
        settings = {**settings, "at": "1,2,3"}
    assert close(answered(client.get("/api/inspect", text=SENTENCE, **settings)), plain(expected))


def test_two_served_models_are_compared_by_their_names(client: Client) -> None:
    found = answered(client.get("/api/inspect", text=SENTENCE, compare_model="encoder"))
    assert found["view"] == "comparison"
    refused = client.get("/api/inspect", text=SENTENCE, compare_model="en-fr-de-zh")
    assert refused.status_code == 404


def test_models_are_known_by_their_names_alone(client: Client, tmp_path: Any) -> None:
    found = answered(client.get("/api/models"))["models"]
    assert [one["name"] for one in found] == ["translator", "encoder"]
    assert [one["targets"] for one in found] == [["fr", "de", "zh"], []]
    folder = write_folder(tmp_path / "other", translator_config())
    for path in (str(folder), "../translator", "all-MiniLM-L6-v2", ""):
        for ask in (client.get, client.post):
            refused = ask("/api/translate", text=SENTENCE, to="fr", model=path)
            assert refused.status_code == 404
            assert refused.json()["error"]["setting"] == "model"


def test_where_a_model_lies_is_told_nobody(tmp_path: Any) -> None:
    folder = write_folder(tmp_path / "lesson", translator_config())
    with serving(served={"lesson": load(folder)}) as client:
        answers = [
            client.get("/api/models"),
            client.get("/api/inspect", text=SENTENCE),
            client.get("/api/inspect", text=SENTENCE, compare="a dog"),
            client.get("/api/inspect", text=SENTENCE, at_step=3),
            client.get("/api/inspect", text=SENTENCE, animate=True),
        ]
    assert [one.status_code for one in answers] == [200, 200, 200, 422, 422]
    for one in answers:
        assert str(tmp_path) not in one.text


def test_an_error_names_its_setting_in_the_language_of_whoever_asks(client: Client) -> None:
    refused = client.get("/api/inspect", text=SENTENCE, layer=0)
    assert (refused.status_code, refused.json()) == (
        400,
        {
            "error": {
                "message": "layer counts from 1, but is 0",
                "id": "{setting:name} counts from 1, but is {given}",
                "fields": {"setting": "layer=", "given": 0},
                "setting": "layer",
            }
        },
    )
    chinese = "layer 从 1 起计数，却是 0"
    for response in (
        client.get("/api/inspect", text=SENTENCE, layer=0, language="zh"),
        client.post("/api/inspect", text=SENTENCE, layer=0, language="zh"),
        client.ask(
            "GET", "/api/inspect?layer=0", headers={"Accept-Language": "fr, zh-CN;q=0.9, en;q=0.8"}
        ),
    ):
        assert response.json()["error"]["message"] == chinese


def test_settings_are_spelled_as_in_a_query_string(client: Client) -> None:
    long = client.get("/api/translate", text="a " * 99, to="fr").json()["error"]
    assert long["message"].endswith("(truncate=true)")
    pair = client.get("/api/inspect", text=SENTENCE, special=True).json()["error"]
    assert "unit=tokens" in pair["message"]


def test_the_server_says_how_it_is(client: Client) -> None:
    assert answered(client.get("/health")) == {"status": "ok"}
    assert client.ask("HEAD", "/health").status_code == 200
    client.get("/no/such/<address>")
    lines = client.get("/metrics").text.splitlines()
    assert 'glassformer_requests_total{path="other",status="404"} 1' in lines
    assert any(one.startswith("glassformer_batch_texts_count") for one in lines)
    assert "glassformer_requests_in_flight 0" in lines


def test_a_server_whose_thread_is_gone_is_not_well() -> None:
    with serving() as client:
        client.service.batches.stop(5.0)
        refused = client.get("/health")
    assert refused.status_code == 503


def test_a_fault_of_ours_is_told_by_its_place_and_not_by_its_text(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ValueError("secret words")

    model = loaded(translator_config())
    monkeypatch.setattr(model, "answer", broken)
    with serving(served={"one": model}) as client:
        failed = client.get("/api/inspect", text="secret words")
    assert failed.status_code == 500
    assert "secret" not in failed.text + caplog.text
    assert failed.json()["error"]["fields"]["number"] in caplog.text
    assert "ValueError" in caplog.text
