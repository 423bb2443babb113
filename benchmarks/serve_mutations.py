"""Mutated requests to a server on this machine: none may bring it to 500, or down.

    glassformer serve --model MODEL --port 8017 2> log &
    python benchmarks/serve_mutations.py --requests 10000

Well-formed requests are taken apart and put together wrongly: settings with values of other kinds,
JSON and query strings with bytes changed, heads with fields doubled, cut or made up. Every request
has its own random numbers, so that one that fails can be sent again (--first N --requests 1). What
answers is counted by status; a server that is well afterwards says so at /health.
"""

import argparse
import json
import random
import socket
import sys
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from typing import Any
from urllib.parse import quote, urlencode

from glassformer.requests.inspection import InspectRequest
from glassformer.server.requested import EncodeRequest, ScoreRequest, TranslateRequest

SENTENCE = "a dog ate the food because it was hungry"

ASKED: list[tuple[str, dict[str, Any]]] = [
    ("/api/translate", {"text": [SENTENCE, "the dog"], "to": "fr", "beam_size": 2, "n_best": 1}),
    ("/api/translate", {"text": "a dog", "to": "de", "temperature": 1.0, "top_k": 5, "seed": 1}),
    ("/api/translate", {"text": "a dog", "to": "zh", "prefix": "the", "max_length": 9}),
    ("/api/encode", {"text": ["a dog", "it"], "pool": "mean", "normalize": True}),
    ("/api/score", {"source": "a dog", "target": ["the", "dog"], "to": "fr"}),
    ("/api/inspect", {"text": "a dog ate", "to": "fr", "layer": 1, "head": [1], "word": ["dog"]}),
    ("/api/inspect", {"text": "a dog", "explain": "encoder", "at": [0, 1]}),
    ("/api/inspect", {"text": "a dog", "view": "grid", "unit": "tokens", "special": True}),
    ("/api/inspect", {"text": "a dog", "compare": "the dog", "difference": True, "mass": 0.9}),
    ("/api/inspect", {"text": "a dog", "view": "matrix", "tensor": "encoder.layers.0"}),
    ("/api/inspect", {"text": "a dog", "at_step": 3}),
    ("/api/page", {"text": "a dog", "to": "fr"}),
    ("/api/page/block", {"text": "a dog", "to": "fr", "name": "encoder.embedding"}),
    ("/api/models", {}),
    ("/health", {}),
    ("/metrics", {}),
    ("/", {"language": "zh"}),
]
"""Requests that are well-formed."""

ODD: list[Any] = [
    None,
    True,
    False,
    0,
    -1,
    1,
    17,
    2**31,
    2**63,
    -(2**70),
    10**400,
    1e308,
    -0.0,
    0.1,
    "",
    " ",
    "\x00",
    "\x1b[31m",
    "\ud800",
    "\u202e{0.__class__}%s",
    "ｆｕｌｌ",
    "👩\u200d🔬" * 3,
    "<script>alert(1)</script>",
    "[MASK] </s>",
    "../../etc/passwd",
    "encoder.layers.*",
    "encoder.layers.0.self_attention.weights",
    "a " * 300,
    "x" * 3000,
    "1,2,3",
    "9" * 5000,
    "1e999",
    "nan",
    [],
    [[]],
    {},
    {"a": 1},
    [None],
    ["a", 1],
    ["a"] * 70,
    [1, 2, 3],
]
"""Values that are hardly ever meant."""

NAMES = [
    *(one.name for kind in (InspectRequest, TranslateRequest) for one in fields(kind)),
    *(one.name for kind in (EncodeRequest, ScoreRequest) for one in fields(kind)),
    *("model", "language", "name", "lyer"),
]
"""Settings of some request, and one of none."""

ALLOWED = {200, 400, 403, 404, 405, 408, 411, 413, 414, 415, 421, 422, 431, 501, 503, 504}
"""What may be answered; 503 is for a server that is busy."""


def mutated(number: int, seed: int = 0) -> bytes:
    """The request of this number, as bytes for a connection."""
    chance = random.Random(f"{seed}, {number}")
    path, settings = chance.choice(ASKED)
    settings = {**settings}
    for _ in range(chance.choice((0, 1, 1, 1, 2, 3))):
        _change_settings(chance, settings)
    raw = _by_json(settings, path) if chance.random() < 0.5 else _by_query(settings, path)
    for _ in range(chance.choice((0, 0, 0, 1, 1, 3))):
        raw = chance.choice(CHANGES)(chance, raw)
    return raw


def _change_settings(chance: random.Random, settings: dict[str, Any]) -> None:
    name = chance.choice([*settings, *NAMES])
    kind = chance.random()
    if kind < 0.6:
        settings[name] = chance.choice(ODD)
    elif kind < 0.8:
        settings.pop(name, None)
    else:
        settings[name] = [settings.get(name, "a"), chance.choice(ODD)]


def _by_json(settings: dict[str, Any], path: str) -> bytes:
    body = json.dumps(settings, ensure_ascii=False).encode(errors="surrogatepass")
    return (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    ).encode() + body


def _by_query(settings: dict[str, Any], path: str) -> bytes:
    listed = {
        name: value if isinstance(value, list) else [value] for name, value in settings.items()
    }
    query = urlencode(listed, doseq=True, errors="surrogatepass")
    return f"GET {path}?{query} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode()


def _flip(chance: random.Random, raw: bytes) -> bytes:
    place = chance.randrange(len(raw)) if raw else 0
    return raw[:place] + bytes([chance.randrange(256)]) + raw[place + 1 :]


def _cut(chance: random.Random, raw: bytes) -> bytes:
    return raw[: chance.randrange(len(raw) + 1)]


def _leave_out(chance: random.Random, raw: bytes) -> bytes:
    start = chance.randrange(len(raw) + 1)
    return raw[:start] + raw[start + chance.randrange(1, 20) :]


def _double(chance: random.Random, raw: bytes) -> bytes:
    start = chance.randrange(len(raw) + 1)
    end = start + chance.randrange(1, 40)
    return raw[:end] + raw[start:end] * chance.choice((1, 1, 1, 50)) + raw[end:]


def _put_in(chance: random.Random, raw: bytes) -> bytes:
    place = chance.randrange(len(raw) + 1)
    return raw[:place] + chance.choice(PIECES) + raw[place:]


def _head(chance: random.Random, raw: bytes) -> bytes:
    first, _, rest = raw.partition(b"\r\n")
    return first + b"\r\n" + chance.choice(FIELDS) + b"\r\n" + rest


def _method(chance: random.Random, raw: bytes) -> bytes:
    methods = (b"PUT", b"DELETE", b"OPTIONS", b"HEAD", b"TRACE", b"get", b"CONNECT", b"G\x00T")
    return chance.choice(methods) + b" " + raw.partition(b" ")[2]


CHANGES: list[Callable[[random.Random, bytes], bytes]] = [
    _flip,
    _cut,
    _leave_out,
    _double,
    _put_in,
    _head,
    _method,
]

PIECES = (
    b"\x00",
    b"\xff\xfe",
    b"\r\n",
    b"\r\n\r\n",
    b"%",
    b"%ff",
    b"%00",
    b"&",
    b"=",
    b"[" * 3000,
    b"{" * 50,
    b'"',
    b"\\ud800",
    quote("é").encode(),
    b" " * 500,
    b"/../",
    b"NaN",
    b"-Infinity",
)

FIELDS = (
    b"Host: evil.example",
    b"Host:",
    b"Content-Length: 0",
    b"Content-Length: 5",
    b"Content-Length: -1",
    b"Content-Length: 99999999999999999999",
    b"Transfer-Encoding: chunked",
    b"Transfer-Encoding: gzip",
    b"Content-Encoding: gzip",
    b"Content-Type: text/plain",
    b"Content-Type: application/json; charset=utf-16",
    b"Origin: null",
    b"Origin: http://localhost",
    b"Expect: 100-continue",
    b"Upgrade: websocket\r\nConnection: upgrade\r\nSec-WebSocket-Version: 13",
    b"Accept-Language: zh;q=x, en;q=, ;;,",
    b"Authorization: Bearer \xff",
    b"X: " + b"y" * 9000,
    b"X: " + b"y" * 140000,
    b"Range: bytes=0-",
    b"Sec-Fetch-Site: cross-site",
    b"Cookie: " + b"a=b; " * 100,
    b" folded",
    b": nameless",
)


def ask(place: tuple[str, int], raw: bytes, seconds: float = 0.5) -> int | None:
    """The status that answers these bytes; None where there was none within so many seconds.

    A request that is cut off is waited for by the server, and so it is we who close.
    """
    head = _received(place, raw, seconds)[:12]
    return int(head[9:]) if head.startswith(b"HTTP/1.1 ") else None


def _received(place: tuple[str, int], raw: bytes, seconds: float) -> bytes:
    answer = b""
    try:
        with socket.create_connection(place, timeout=10.0) as connection:
            connection.sendall(raw)
            connection.settimeout(seconds)
            while part := connection.recv(65536):
                answer += part
                while answer.startswith(b"HTTP/1.1 100"):
                    answer = answer.partition(b"\r\n\r\n")[2]
    except (ConnectionError, TimeoutError):
        pass
    return answer


def faults(place: tuple[str, int]) -> list[str]:
    """What /metrics has counted as faults of the server, answers that came too late included."""
    text = _received(place, b"GET /metrics HTTP/1.0\r\nHost: localhost\r\n\r\n", 10.0).decode()
    assert "glassformer_requests_total" in text, text
    return [line for line in text.splitlines() if 'status="500"' in line]


HEALTH = b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--port", type=int, default=8017)
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--at-once", type=int, default=8)
    given = parser.parse_args()
    place = ("127.0.0.1", given.port)
    numbers = range(given.first, given.first + given.requests)
    begun = time.monotonic()
    with ThreadPoolExecutor(given.at_once) as pool:
        found = list(pool.map(lambda number: ask(place, mutated(number, given.seed)), numbers))
    wrong = [
        (number, status)
        for number, status in zip(numbers, found, strict=True)
        if status is not None and status not in ALLOWED
    ]
    well, failed = ask(place, HEALTH, 10.0), faults(place)
    print(f"{given.requests} requests in {time.monotonic() - begun:.1f} s")
    for status, count in sorted(Counter(found).items(), key=str):
        print(f"  {status or 'no answer'}: {count}")
    print(f"well afterwards: {well}; statuses that must not be: {wrong[:20]}; faults: {failed}")
    sys.exit(bool(wrong) or bool(failed) or well != 200)


if __name__ == "__main__":
    main()
