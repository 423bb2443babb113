"""A thousand requests at the same time to a server on this machine, some malformed, some cut off.

    python benchmarks/serve_load.py --model MODEL --requests 1000

Starts `glassformer serve` and asks it everything at once, each on a connection of its own:
well-formed translations, scores, encodings and reports, requests that are malformed, requests whose
clients go before the answer or never send the end, and clients that read slowly. Every well-formed
request has to be answered right, which is as it was answered alone before, or refused with 503.
Prints how many were, the memory of the server before, at most and after, and whether it is well.
"""

import argparse
import asyncio
import json
import math
import random
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

WORDS = ["a", "dog", "ate", "the", "food", "because", "it", "was", "hungry", "tasty"]


@dataclass(frozen=True)
class Asked:
    """A well-formed request, as bytes, and what it was answered when it came alone."""

    raw: bytes
    expected: Any = None


def well_formed(chance: random.Random) -> bytes:
    """A request that has an answer."""
    text = " ".join(chance.choices(WORDS, k=chance.randint(1, 12)))
    to = chance.choice(("fr", "de", "zh"))
    path, settings = chance.choice(
        (
            ("/api/translate", {"text": text, "to": to}),
            ("/api/translate", {"text": [text, "the dog"], "to": to, "beam_size": 2}),
            ("/api/score", {"source": text, "target": ["a", text], "to": to}),
            ("/api/encode", {"text": text, "pool": "mean"}),
            ("/api/inspect", {"text": text, "to": to, "layer": 1, "head": 1}),
        )
    )
    return post(path, json.dumps(settings).encode())


def post(path: str, body: bytes, length: int | None = None) -> bytes:
    """A request as bytes, of which the head may promise another length."""
    return (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body) if length is None else length}\r\nConnection: close\r\n\r\n"
    ).encode() + body


def malformed(chance: random.Random) -> bytes:
    """A request that has to be refused."""
    return chance.choice(
        (
            post("/api/translate", b"{"),
            post("/api/translate", b'{"text": 3}'),
            post("/api/translate", b'{"text": "\xff"}'),
            post("/api/inspect", b"[" * 20000),
            post("/api/encode", b"{}"),
            post("/api/encode", b" " * 300_000),
            post("/api/none", b"{}"),
            b"GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
            b"\x16\x03\x01 this is TLS\r\n\r\n",
            b"GET /" + b"a" * 150_000 + b" HTTP/1.1\r\n\r\n",
        )
    )


async def exchange(
    port: int, raw: bytes, *, leave_after: float | None = None, slowly: bool = False
) -> tuple[int | None, Any]:
    """The status and the JSON that answer; neither where the client left, or was cut off."""
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            writer.write(raw)
            await writer.drain()
            if leave_after is not None:
                await asyncio.sleep(leave_after)
                return None, None
            if slowly:
                parts = []
                while part := await reader.read(500):
                    parts.append(part)
                    await asyncio.sleep(0.002)
                answer = b"".join(parts)
            else:
                answer = await reader.read()
        finally:
            writer.close()
    except OSError:
        return None, None
    head, _, body = answer.partition(b"\r\n\r\n")
    status = int(head[9:12]) if head.startswith(b"HTTP/1.1 ") else None
    return status, json.loads(body) if b"application/json" in head and body else None


async def alone(port: int, requests: list[bytes]) -> list[Asked]:
    """Well-formed requests with their answers, asked one after the other."""
    found = []
    for raw in requests:
        status, answer = await exchange(port, raw)
        assert status == 200, (status, answer, raw)
        found.append(Asked(raw, answer))
    return found


KINDS = {"well-formed": 70, "malformed": 12, "left": 6, "cut off": 6, "slow": 6}
"""Kinds of requests, and how many of a hundred are so."""


async def at_once(port: int, asked: list[Asked], number: int, seed: int) -> Counter[str]:
    """What becomes of so many requests at the same time, by kind."""
    chance = random.Random(seed)
    kinds = chance.choices([*KINDS], [*KINDS.values()], k=number)
    counted: Counter[str] = Counter()

    async def one(kind: str) -> None:
        request = chance.choice(asked)
        if kind == "malformed":
            status, _ = await exchange(port, malformed(chance))
            counted[f"malformed: {status or 'closed'}"] += 1
        elif kind == "left":
            await exchange(port, request.raw, leave_after=chance.random() / 5)
            counted["left before the answer"] += 1
        elif kind == "cut off":
            cut = request.raw[: chance.randrange(len(request.raw))]
            await exchange(port, cut, leave_after=chance.random())
            counted["cut off"] += 1
        else:
            status, answer = await exchange(port, request.raw, slowly=kind == "slow")
            right = status == 200 and close(answer, request.expected)
            refused = status == 503 and "error" in (answer or {})
            what = "right" if right else "refused with 503" if refused else f"WRONG ({status})"
            counted[f"{kind}: {what}"] += 1

    await asyncio.gather(*map(one, kinds))
    return counted


def close(left: Any, right: Any) -> bool:
    """Equal, numbers up to what another batch size does to the last digits."""
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(close(left[one], right[one]) for one in left)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(close, left, right))
    if isinstance(left, float) and isinstance(right, float):
        return math.isclose(left, right, rel_tol=1e-4, abs_tol=1e-4)
    return bool(left == right)


def memory(process: int) -> dict[str, float]:
    """What a process takes now (VmRSS) and took at most (VmHWM), in MiB."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    named = dict(line.split(":", 1) for line in lines if line.startswith(("VmRSS", "VmHWM")))
    return {name: int(value.split()[0]) / 1024 for name, value in named.items()}


async def measured(port: int, server: int, given: argparse.Namespace) -> bool:
    """Whether all is as it should be."""
    chance = random.Random(given.seed)
    asked = await alone(port, [well_formed(chance) for _ in range(given.different)])
    fine = True
    for round in range(given.rounds):
        before, begun = memory(server), time.monotonic()
        counted = await at_once(port, asked, given.requests, given.seed + round)
        seconds = time.monotonic() - begun
        await asyncio.sleep(1)
        after = memory(server)
        status, _ = await exchange(port, b"GET /health HTTP/1.0\r\nHost: localhost\r\n\r\n")
        print(f"round {round + 1}: {given.requests} requests in {seconds:.1f} s")
        for what, count in sorted(counted.items()):
            print(f"  {what}: {count}")
        print(
            f"  MiB before {before['VmRSS']:.0f}, at most {after['VmHWM']:.0f}, after "
            f"{after['VmRSS']:.0f}; health {status}"
        )
        fine = fine and status == 200 and not any("WRONG" in what for what in counted)
    return fine


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", default="en-fr-de-zh", help="one that translates to fr, de, zh")
    parser.add_argument("--requests", type=int, default=1000)
    parser.add_argument("--different", type=int, default=40, help="well-formed ones")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--max-concurrency", default="128", help="of the server")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    command = [sys.executable, "-m", "glassformer", "serve", "--port", "0", "--language", "en"]
    with subprocess.Popen(
        [*command, "--model", given.model, "--max-concurrency", given.max_concurrency],
        stderr=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stderr is not None
        line = server.stderr.readline()
        try:
            port = urlsplit(line.split()[2]).port
            assert port is not None, line
            fine = asyncio.run(measured(port, server.pid, given))
        finally:
            server.terminate()
        said = server.stderr.read()
        print("stderr:", said.strip())
        print("exit code:", server.wait())
    sys.exit(not fine or "fault" in said or "Traceback" in said)


if __name__ == "__main__":
    main()
