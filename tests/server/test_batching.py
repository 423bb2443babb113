"""Requests that wait together are computed together, and each gets what it would get alone."""

import threading
import time
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from models_for_tests import SENTENCE
from server_for_tests import Client, serving

from glassformer.errors import InputError
from glassformer.server.worker import AbandonedError, BusyError, Check, Job, Worker

TEXTS = [SENTENCE, "the dog was hungry", "a", "it ate the food", "food " * 9, "tasty"]


class Held:
    """A worker that computes nothing until it may, so that requests gather."""

    def __init__(self, **options: Any) -> None:
        self.sizes: list[int] = []
        settings = {"most_waiting": 9, "most_items": 8, **options}
        self.worker = Worker("test", observe=self.sizes.append, **settings)
        self.may = threading.Event()
        self.worker.start()
        self.first = self.job(["first"], key="first", compute=self._wait)
        self.worker.submit(self.first)
        while self.worker.waiting:
            time.sleep(0.001)

    def _wait(self, items: Sequence[Any], check: Check) -> Sequence[Any]:
        self.may.wait(20)
        return items

    def job(
        self, items: list[Any], *, key: Any = "key", seconds: float = 60, **options: Any
    ) -> Job:
        return Job(
            key=key,
            items=items,
            compute=options.pop("compute", upper),
            finish=options.pop("finish", list),
            deadline=time.monotonic() + seconds,
        )

    def submit(self, *jobs: Job) -> None:
        for job in jobs:
            self.worker.submit(job)
        self.may.set()


@pytest.fixture
def held() -> Iterator[Held]:
    found = Held()
    yield found
    found.may.set()
    found.worker.stop(20)
    assert not found.worker.is_alive


def upper(items: Sequence[str], check: Check) -> list[str]:
    if "bad" in items:
        raise InputError("{text} is bad", text="bad")
    return [one.upper() for one in items]


def test_equal_keys_share_a_batch_and_others_do_not(held: Held) -> None:
    jobs = [
        held.job(["a", "b"]),
        held.job(["c"], key="other"),
        held.job(["d"]),
        held.job(["e"], key=None),
        held.job(["f"], key=None),
    ]
    held.submit(*jobs)
    assert [job.future.result(20) for job in jobs] == [["A", "B"], ["C"], ["D"], ["E"], ["F"]]
    assert held.sizes == [1, 3, 1, 1, 1]


def test_a_batch_has_so_many_items_and_no_more(held: Held) -> None:
    jobs = [held.job(["a"] * 5), held.job(["b"] * 5), held.job(["c"] * 3)]
    held.submit(*jobs)
    assert [len(job.future.result(20)) for job in jobs] == [5, 5, 3]
    assert held.sizes == [1, 8, 5]


def test_what_fails_together_is_computed_alone(held: Held) -> None:
    jobs = [held.job(["a"]), held.job(["bad"]), held.job(["c"])]
    held.submit(*jobs)
    assert jobs[0].future.result(20) == ["A"]
    assert jobs[2].future.result(20) == ["C"]
    with pytest.raises(InputError, match="bad is bad"):
        jobs[1].future.result(20)


def test_an_answer_that_cannot_be_written_is_the_trouble_of_its_own_request(held: Held) -> None:
    def no(results: Sequence[str]) -> None:
        raise InputError("no")

    jobs = [held.job(["a"], finish=no), held.job(["b"])]
    held.submit(*jobs)
    assert jobs[1].future.result(20) == ["B"]
    with pytest.raises(InputError, match="no"):
        jobs[0].future.result(20)


def test_too_many_that_wait_are_refused(held: Held) -> None:
    for _ in range(9):
        held.worker.submit(held.job(["a"]))
    with pytest.raises(BusyError):
        held.worker.submit(held.job(["a"]))


def test_nobody_computes_what_nobody_waits_for(held: Held) -> None:
    gone, late, waits = held.job(["a"]), held.job(["b"], seconds=0), held.job(["c"])
    gone.abandon()
    held.submit(gone, late, waits)
    assert waits.future.result(20) == ["C"]
    assert held.sizes == [1, 1]


def test_a_computation_ends_when_nobody_waits_for_it(held: Held) -> None:
    job: Job = held.job(["a"], compute=lambda items, check: endless(job, check))
    held.submit(job)
    with pytest.raises(AbandonedError):
        job.future.result(20)


def endless(job: Job, check: Check) -> Sequence[Any]:
    job.abandon()
    while True:
        check()


def hold(client: Client) -> threading.Event:
    """Keep the thread of the batches busy until the event is set."""
    may = threading.Event()
    job = Job(
        key=None,
        items=(None,),
        compute=lambda items, check: [may.wait(20)],
        finish=list,
        deadline=time.monotonic() + 20,
    )
    client.service.batches.submit(job)
    while client.service.batches.waiting:
        time.sleep(0.001)
    return may


def asked_while_busy(client: Client, requests: list[dict[str, Any]]) -> list[Any]:
    """The answers to requests all of which wait at the same time."""
    may = hold(client)
    opened = threading.Thread(target=open_when, args=(client, len(requests), may))
    opened.start()
    found = client.ask_at_once(*requests)
    opened.join()
    return found


def open_when(client: Client, waiting: int, may: threading.Event) -> None:
    until = time.monotonic() + 20
    while client.service.batches.waiting < waiting and time.monotonic() < until:
        time.sleep(0.001)
    may.set()


@pytest.mark.parametrize(
    ("path", "settings"),
    [
        ("/api/translate", {"n_best": 2}),
        ("/api/translate", {"temperature": 2.0, "seed": 3}),
        ("/api/encode", {"model": "encoder"}),
        ("/api/score", {"to": "de"}),
    ],
)
def test_together_they_get_what_they_get_alone(
    client: Client, path: str, settings: dict[str, Any]
) -> None:
    def asked(number: int, text: str) -> dict[str, Any]:
        own: dict[str, Any] = {"text": text}
        if path == "/api/score":
            own = {"source": text, "target": TEXTS[number - 1]}
        if path == "/api/translate":
            own["to"] = ("fr", "de", "zh")[number % 3]
        return {"method": "POST", "url": path, "json": {**own, **settings}}

    requests = [asked(number, text) for number, text in enumerate(TEXTS)]
    alone = [client.ask(**one).json() for one in requests]
    batches = client.service.metrics.batches
    before = batches.count
    together = [one.json() for one in asked_while_busy(client, requests)]
    is_sampled = "temperature" in settings
    assert batches.count - before == 1 + (len(TEXTS) if is_sampled else 1)
    for one, same in zip(together, alone, strict=True):
        assert as_texts(one) == as_texts(same)
        assert numbers(one) == pytest.approx(numbers(same), rel=1e-5, abs=1e-5)


def as_texts(data: Any) -> Any:
    """The same without its numbers."""
    if isinstance(data, dict):
        return {key: as_texts(value) for key, value in data.items()}
    if isinstance(data, list):
        return [as_texts(value) for value in data if not isinstance(value, float)]
    return None if isinstance(data, float) else data


def numbers(data: Any) -> list[float]:
    """All numbers in it."""
    if isinstance(data, dict):
        return [one for value in data.values() for one in numbers(value)]
    if isinstance(data, list):
        return [one for value in data for one in numbers(value)]
    return [data] if isinstance(data, float) else []


def test_one_bad_text_spoils_no_other_request(client: Client) -> None:
    requests = [
        {"method": "GET", "url": "/api/translate", "params": {"text": text, "to": "fr"}}
        for text in ("a", "a " * 99, "the dog")
    ]
    found = asked_while_busy(client, requests)
    assert [one.status_code for one in found] == [200, 422, 200]
    assert "text 1" not in found[1].text


def test_a_request_that_waits_too_long_is_told_to_come_again() -> None:
    with serving(time_limit=0.3) as client:
        may = hold(client)
        waited = client.get("/api/translate", text="a", to="fr")
        may.set()
        assert (waited.status_code, waited.headers["retry-after"]) == (503, "1")
        assert client.get("/health").status_code == 200


def test_a_computation_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(time_limit=0.3) as client:
        may = threading.Event()
        model = client.service.models["translator"]
        monkeypatch.setattr(model, "answer", lambda request: may.wait(20))
        late = client.get("/api/inspect", text="a")
        may.set()
    assert late.status_code == 504
    assert late.json()["error"]["fields"] == {"seconds": 0.3}


def test_beyond_the_limit_of_concurrency_requests_are_told_to_come_again() -> None:
    with serving(max_concurrency=3) as client:
        one: dict[str, Any] = {"method": "GET", "url": "/api/translate"}
        one["params"] = {"text": "a", "to": "fr"}
        found = asked_when_three_wait(client, [one] * 8)
        assert sorted(one.status_code for one in found) == [200] * 3 + [503] * 5
        assert all(one.headers["retry-after"] == "1" for one in found if one.status_code == 503)
        assert client.ask(**one).status_code == 200


def asked_when_three_wait(client: Client, requests: list[dict[str, Any]]) -> list[Any]:
    may = hold(client)
    opened = threading.Thread(target=open_when, args=(client, 3, may))
    opened.start()
    found = client.ask_at_once(*requests)
    opened.join()
    return found
