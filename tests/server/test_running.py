"""A real server on loopback: bytes that make no sense, slow clients, and many at the same time."""

import asyncio
import contextlib
import json
import random
import socket
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from server_for_tests import models

from glassformer.server import running
from glassformer.server.application import application
from glassformer.server.limits import Limits
from glassformer.server.serving import address_of, bound

sys.path.append(str(Path(__file__).parents[2]))

from benchmarks.serve_load import alone, at_once, well_formed
from benchmarks.serve_mutations import ALLOWED, HEALTH, ask, faults, mutated


@contextlib.contextmanager
def listening(app: Any) -> Iterator[tuple[str, int]]:
    """A server with this application, in a thread of its own."""
    with bound("127.0.0.1", 0) as socket_:
        begun = threading.Event()
        server = running.server_of(app, address_of("127.0.0.1", socket_), lambda _: begun.set())
        thread = threading.Thread(target=server.run, kwargs={"sockets": [socket_]})
        thread.start()
        assert begun.wait(20)
        place = socket_.getsockname()
        try:
            yield place
        finally:
            server.should_exit = True
            thread.join(20)
            assert not thread.is_alive()


@pytest.fixture(scope="module")
def place() -> Iterator[tuple[str, int]]:
    with listening(application(models(), limits=Limits(max_concurrency=24))) as found:
        yield found


def test_three_hundred_mutated_requests(
    place: tuple[str, int], caplog: pytest.LogCaptureFixture
) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda number: ask(place, mutated(number), 0.4), range(300)))
    wrong = [(number, one) for number, one in enumerate(found) if one and one not in ALLOWED]
    assert not wrong
    assert {200, 400, 404, 413, None} <= {*found}  # they differ
    assert faults(place) == []
    assert ask(place, HEALTH, 10.0) == 200
    assert "Traceback" not in caplog.text


def test_many_at_the_same_time_are_answered_right_or_told_to_come_again(
    place: tuple[str, int],
) -> None:
    async def answers() -> Any:
        chance = random.Random(3)
        asked = await alone(place[1], [well_formed(chance) for _ in range(8)])
        return await at_once(place[1], asked, 150, seed=4)

    counted = asyncio.run(answers())
    assert not [what for what in counted if "WRONG" in what], counted
    assert counted["well-formed: right"] > 8
    assert ask(place, HEALTH, 10.0) == 200
    assert faults(place) == []


def test_a_long_text_fits_into_a_query_string(place: tuple[str, int]) -> None:
    def asked(characters: int) -> bytes:
        text = "%E7%8B%97" * characters  # 狗
        head = f"GET /api/encode?truncate=true&pool=mean&text={text} HTTP/1.0\r\nHost: localhost"
        return f"{head}\r\n\r\n".encode()

    assert ask(place, asked(10_000), 10.0) == 200
    assert ask(place, asked(30_000), 10.0) in (400, 413, None)


def seconds_until_closed(place: tuple[str, int], *parts: bytes) -> float:
    """How long a connection lives on which this is sent, a tenth of a second between parts."""
    begun = time.monotonic()
    connected = socket.create_connection(place, timeout=20)
    with connected as connection, contextlib.suppress(ConnectionError):
        for part in parts:
            connection.sendall(part)
            time.sleep(0.1)
        while connection.recv(1000):
            pass
    return time.monotonic() - begun


def test_a_head_that_does_not_come_is_not_waited_for(
    place: tuple[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "HEADERS_SECONDS", 0.3)
    assert 0.2 < seconds_until_closed(place) < 3
    drops = [b"GET ", b"/health ", b"HTTP/1.1\r\n", *[b"X: y\r\n"] * 30]
    assert 0.2 < seconds_until_closed(place, *drops) < 5
    after_an_answer = [b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n", *[b"X: y\r\n"] * 30]
    assert 0.2 < seconds_until_closed(place, *after_an_answer) < 5


async def _endless(scope: Any, receive: Any, send: Any) -> None:
    """An answer that is larger than all buffers on its way."""
    if scope["type"] == "lifespan":
        while (await receive())["type"] != "lifespan.shutdown":
            await send({"type": "lifespan.startup.complete"})
        await send({"type": "lifespan.shutdown.complete"})
        return
    await send({"type": "http.response.start", "status": 200, "headers": []})
    for _ in range(1000):
        await send({"type": "http.response.body", "body": b" " * 100_000, "more_body": True})


def test_a_client_that_does_not_read_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "READING_SECONDS", 0.3)
    with listening(_endless) as place, socket.create_connection(place, timeout=20) as connection:
        connection.sendall(HEALTH)
        time.sleep(1)
        received = 0
        with contextlib.suppress(ConnectionError):
            while part := connection.recv(1 << 20):
                received += len(part)
    assert 0 < received < 1000 * 100_000


def test_of_too_many_connections_the_newest_is_cut(
    place: tuple[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "MOST_CONNECTIONS", 2)
    with contextlib.ExitStack() as stack:
        for _ in range(2):
            stack.enter_context(socket.create_connection(place, timeout=20))
        time.sleep(0.1)
        assert ask(place, HEALTH, 5.0) is None
    time.sleep(0.1)
    assert ask(place, HEALTH, 5.0) == 200


def test_who_leaves_is_not_computed_for(place: tuple[str, int]) -> None:
    body = json.dumps({"text": ["the dog ate it"] * 60, "to": "fr", "beam_size": 16}).encode()
    head = f"POST /api/translate HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n"
    for _ in range(4):
        with socket.create_connection(place, timeout=20) as connection:
            connection.sendall(head.encode() + b"Content-Type: application/json\r\n\r\n" + body)
            time.sleep(0.05)
    begun = time.monotonic()
    assert (
        ask(place, b"GET /api/translate?text=a&to=fr HTTP/1.0\r\nHost: localhost\r\n\r\n", 20)
        == 200
    )
    assert time.monotonic() - begun < 10
