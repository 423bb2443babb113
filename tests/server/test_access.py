"""Who may ask: the hosts that the server answers for, pages of its own, and who has the token."""

import base64
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from server_for_tests import Client, serving

from glassformer.server.access import Access, host_of, place_of
from glassformer.server.application import HEADERS

TOKEN = "correct horse battery".replace(" ", "-")


def status(client: Client, **headers: str) -> int:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.ask("GET", "/api/models", headers=named).status_code


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.0.0.1:8017", "localhost:9", "LOCALHOST", "[::1]:8017", "localhost."]
)
def test_names_of_loopback_are_answered(client: Client, host: str) -> None:
    assert status(client, host=host) == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "evil.example:127",
        "192.168.0.9",
        "0.0.0.0",
    ],
)
def test_other_names_are_not(client: Client, host: str) -> None:
    assert status(client, host=host) == 421


@pytest.mark.parametrize(
    "host", ["", " ", "localhost@evil.example", "localhost/x", "localhost:x", "[::1", "a?b", "a#b"]
)
def test_what_is_no_name_is_refused(client: Client, host: str) -> None:
    assert status(client, host=host) == 400


def test_a_name_may_be_allowed() -> None:
    with serving(access=Access(allowed=frozenset({"class.example"}))) as client:
        assert status(client, host="class.example") == 200
        assert status(client, host="Class.Example:443") == 200
        assert status(client, host="other.example") == 421
        assert status(client, host="localhost", origin="https://class.example") == 200
        assert status(client, host="localhost", origin="https://class.example:444") == 403
        assert status(client, host="class.example:9", origin="http://class.example:9") == 200


def test_the_address_is_answered_for_but_no_other_port_of_it() -> None:
    for address in ("127.0.0.1", "192.168.0.9"):
        with serving(access=Access(address)) as client:
            assert status(client, host=f"{address}:8017") == 200
            own, other = f"http://{address}:8017", f"http://{address}:3000"
            assert status(client, host=f"{address}:8017", origin=own) == 200
            assert status(client, host=f"{address}:8017", origin=other) == 403
            assert status(client, host=f"{address}:8017", origin=f"http://{address}") == 403


@pytest.mark.parametrize(
    ("origin", "host", "expected"),
    [
        ("http://127.0.0.1:8017", "127.0.0.1:8017", 200),
        ("http://localhost", "localhost:80", 200),
        ("https://localhost", "localhost", 200),
        ("http://localhost:3000", "localhost:8017", 403),
        ("http://127.0.0.1:8017", "localhost:8017", 403),
        ("https://evil.example", "localhost:8017", 403),
        ("null", "localhost:8017", 403),
        ("", "localhost:8017", 403),
        ("file://", "localhost", 403),
        ("ftp://localhost", "localhost", 403),
    ],
)
def test_only_pages_of_this_origin_may_ask(
    client: Client, origin: str, host: str, expected: int
) -> None:
    assert status(client, origin=origin, host=host) == expected


@pytest.mark.parametrize(
    ("site", "mode", "dest", "expected"),
    [
        ("same-origin", "cors", "empty", 200),
        ("none", "navigate", "document", 200),
        ("cross-site", "navigate", "document", 200),
        ("cross-site", "no-cors", "image", 403),
        ("cross-site", "no-cors", "script", 403),
        ("cross-site", "navigate", "iframe", 403),
        ("same-site", "cors", "empty", 403),
    ],
)
def test_a_link_may_lead_here_but_nothing_foreign_takes_the_answer_in(
    client: Client, site: str, mode: str, dest: str, expected: int
) -> None:
    headers = {"sec_fetch_site": site, "sec_fetch_mode": mode, "sec_fetch_dest": dest}
    assert status(client, **headers) == expected


def basic(password: str) -> str:
    return "Basic " + base64.b64encode(f"anybody:{password}".encode()).decode()


@pytest.mark.parametrize(
    ("authorization", "expected"),
    [
        (f"Bearer {TOKEN}", 200),
        (f"bearer {TOKEN}", 200),
        (basic(TOKEN), 200),
        ("", 401),
        (TOKEN, 401),
        ("Bearer", 401),
        (f"Bearer {TOKEN[:-1]}", 401),
        (f"Bearer {TOKEN}x", 401),
        (f"Digest {TOKEN}", 401),
        (basic("wrong"), 401),
        ("Basic ###", 401),
        ("Basic /w==", 401),
    ],
)
def test_the_token_is_needed_where_there_is_one(authorization: str, expected: int) -> None:
    with serving(access=Access(token=TOKEN)) as client:
        assert status(client, authorization=authorization) == expected
        assert client.get("/health").status_code == 200
        for path in ("/", "/assets/page.js", "/metrics", "/api/openapi.json", "/nothing"):
            refused = client.get(path)
            assert refused.status_code == 401
            assert "Basic" in refused.headers["www-authenticate"]
            assert TOKEN not in refused.text


def test_every_answer_says_that_nothing_foreign_may_be_loaded(client: Client) -> None:
    for response in (
        client.get("/health"),
        client.get("/nothing"),
        client.get("/api/translate"),
        client.ask("GET", "/health", headers={"host": "evil.example"}),
    ):
        assert HEADERS.items() <= {name: response.headers[name] for name in HEADERS}.items(), (
            response.url
        )
        assert "unsafe" not in response.headers["content-security-policy"]
        assert "server" not in response.headers


@given(st.text(string.printable))
def test_whatever_a_header_says_a_host_is_plain_or_none(header: str) -> None:
    found = host_of(header)
    assert found is None or not {*found} & {*"/@?#[] \t"}
    place = place_of(f"http://{header}")
    assert place is None or place[0] == found
