"""Who may ask: pages of other origins may not, nor whoever does not know the token.

A name that is made to lead here (DNS rebinding) shows in `Host`, a page elsewhere in `Origin` or
`Sec-Fetch-Site`. Browsers give the token as the password of their own dialog (Basic), programs as
`Authorization: Bearer`.
"""

import base64
import binascii
import hmac
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.requests import Request

from glassformer.errors import UsageError
from glassformer.messages import Setting
from glassformer.server.problems import RefusedError

LOOPBACK = ("localhost", "127.0.0.1", "::1")

_HOST = re.compile(r"[0-9a-z_.-]+|[0-9a-f:.]+(%[0-9a-z_.-]+)?")

_PORTS = {"http": 80, "https": 443}

OPEN = ("/health",)
"""What may be asked without the token: nothing is told there."""


@dataclass(frozen=True)
class Access:
    """The names that this server answers for beside those of loopback, and its token, if any.

    `address` is the one it listens on, `allowed` are names that it was told: under these a page is
    its own also where a proxy has changed `Host` on the way.
    """

    address: str | None = None
    allowed: frozenset[str] = frozenset()
    token: str | None = None

    def check(self, request: Request) -> None:
        """Refuse who may not ask.

        Raises:
            RefusedError: with 400 or 421 for the host, 403 for the origin, 401 for the token.
        """
        self._check_host(request)
        self._check_origin(request)
        if self.token is not None and request.scope["path"] not in OPEN:
            self._check_token(request, self.token)

    def _check_host(self, request: Request) -> None:
        given = request.headers.getlist("host")
        host = host_of(given[0]) if len(given) == 1 else None
        if host is None:
            raise RefusedError(400, UsageError("the request must name its host, once"))
        if host not in (*LOOPBACK, self.address) and host not in self.allowed:
            raise RefusedError(
                421,
                UsageError(
                    "this server does not answer for the host {host!r}; {allow_host:name} of the "
                    "server adds it",
                    host=host,
                    allow_host=Setting("allow_host"),
                ),
            )

    def _check_origin(self, request: Request) -> None:
        """A page of another origin may lead here by a link, but not ask from its own scripts."""
        headers = request.headers
        foreign = not all(self._is_own(one, headers["host"]) for one in headers.getlist("origin"))
        if headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
            followed = headers.get("sec-fetch-mode") == "navigate"
            whole = headers.get("sec-fetch-dest", "document") == "document"
            foreign = foreign or not (followed and whole and request.method == "GET")
        if foreign:
            raise RefusedError(
                403, UsageError("pages of other origins may not ask this server anything")
            )

    def _is_own(self, origin: str, host: str) -> bool:
        """Whether an origin is that of this server's pages: the host that is asked, or allowed."""
        place = place_of(origin)
        if place is None:
            return False
        scheme = origin.partition(":")[0]
        is_allowed = place[0] in self.allowed and place[1] == _PORTS[scheme]
        return is_allowed or place == place_of(f"{scheme}://{host}")

    def _check_token(self, request: Request, token: str) -> None:
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "basic":
            given = _password(given)
        elif scheme.lower() != "bearer":
            given = ""
        if not hmac.compare_digest(given.strip().encode(), token.encode()):
            raise RefusedError(
                401,
                UsageError(
                    "this server needs its token: send it as Authorization: Bearer, or give it as "
                    "the password"
                ),
                {"WWW-Authenticate": 'Basic realm="glassformer", charset="UTF-8"'},
            )


def host_of(header: str) -> str | None:
    """The name or address in a `Host`, without port and brackets, in lower case."""
    try:
        parts = urlsplit(f"//{header.strip()}")
        _ = parts.port  # an error where it is none
    except ValueError:
        return None
    if parts.username is not None or parts.path or parts.query or parts.fragment:
        return None
    host = (parts.hostname or "").rstrip(".")
    return host if _HOST.fullmatch(host) else None


def place_of(origin: str) -> tuple[str, int] | None:
    """The host and the port of an origin; None where it has none."""
    scheme, _, place = origin.partition("://")
    host = host_of(place)
    if host is None or scheme not in _PORTS:
        return None
    return host, urlsplit(f"//{place.strip()}").port or _PORTS[scheme]


def _password(encoded: str) -> str:
    """The password of `Authorization: Basic`, empty where there is none."""
    try:
        return base64.b64decode(encoded, validate=True).decode().partition(":")[2]
    except (binascii.Error, ValueError):
        return ""
