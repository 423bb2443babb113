"""`serve()`: models over HTTP, from this machine or, with a token, from others."""

import errno
import ipaddress
import os
import re
import socket
import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Unpack

from glassformer.errors import (
    GlassformerWarning,
    InputError,
    ServerError,
    Setting,
    UsageError,
    reason_of,
)
from glassformer.library.loading import Loading, Precision, default_name, load
from glassformer.library.model import Glassformer
from glassformer.messages import Term
from glassformer.pretrained.files import find_model
from glassformer.server.limits import (
    MAX_BODY,
    MAX_CHARACTERS,
    MAX_CONCURRENCY,
    TIME_LIMIT,
    Limits,
)

TOKEN = "GLASSFORMER_TOKEN"
"""The environment variable that has the token."""

_SHORTEST_TOKEN = 16


def serve(
    *,
    model: Sequence[str | Path] = (),
    host: str = "127.0.0.1",
    port: int = 8017,
    allow_host: Sequence[str] = (),
    token_file: str | Path | None = None,
    no_token: bool = False,
    max_body: int = MAX_BODY,
    max_characters: int = MAX_CHARACTERS,
    max_concurrency: int = MAX_CONCURRENCY,
    time_limit: float = TIME_LIMIT,
    device: str = "cpu",
    precision: Precision = "float32",
    threads: int | None = None,
    ready: Callable[[str], object] | None = None,
) -> None:
    """Serve models until Ctrl-C or SIGTERM; requests that came before are answered then.

    `model` names the models, the first of which is meant where a request names none; a request
    names them by the last part of a folder or hub name, or as given in `NAME=FOLDER`. An address
    that other machines reach needs a token, from the environment variable GLASSFORMER_TOKEN or
    from `token_file`, unless `no_token` is given; `allow_host` adds names that the server answers
    for. `max_body` (bytes), `max_characters`, `max_concurrency` and `time_limit` (seconds) limit
    what a request may ask for. `device`, `precision` and `threads` are those of `load`. `ready` is
    told the address when the server listens there; with port 0 it is any that is free.

    Raises:
        UsageError: when a setting makes no sense, or a token is needed.
        ServerError: when the extra `serve` is missing, or the address cannot be had.
        ModelFilesError, ConfigError, WeightsError: as `load`.
    """
    limits = Limits(
        max_body=max_body,
        max_characters=max_characters,
        max_concurrency=max_concurrency,
        time_limit=time_limit,
    )
    token = _token(token_file, no_token)
    _check_address(host, port, token, no_token)
    names = names_of(list(model) or [default_name()])
    try:
        from glassformer.server.access import Access
        from glassformer.server.application import application
        from glassformer.server.running import run
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("starlette", "uvicorn", "h11"):
            raise
        raise ServerError(
            "serving needs starlette and uvicorn: {how}", how="pip install 'glassformer[serve]'"
        ) from error
    own = None if _is_unspecified(host) else _plain_host(host)
    access = Access(own, frozenset(map(_plain_host, allow_host)), token)
    with bound(host, port) as listening:
        models = loaded(names, device=device, precision=precision, threads=threads)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", GlassformerWarning)  # the answers have them as notes
            run(
                application(models, access=access, limits=limits),
                listening,
                address_of(host, listening),
                ready,
            )


def names_of(models: Sequence[str | Path]) -> dict[str, str]:
    """What requests call the models, and what they are loaded by.

    Raises:
        UsageError: when two would have the same name, or a name has other characters than letters,
            digits, `.`, `-` and `_`.
    """
    found: dict[str, str] = {}
    for one in map(str, models):
        name, equals, place = one.partition("=")
        if not equals or Path(one).exists() or not _NAME.fullmatch(name):
            place = one
            name = Path(one).expanduser().resolve().name if Path(one).is_dir() else Path(one).name
        if not _NAME.fullmatch(name) or not place:
            raise UsageError(
                "{given!r} cannot be the name of a model in a request: name it as in {model}",
                given=name,
                model=Setting("model", f"NAME={place}"),
            )
        if name in found:
            raise UsageError(
                "two models would be called {name!r}: name one of them as in {model}",
                name=name,
                model=Setting("model", f"NAME={place}"),
            )
        found[name] = place
    return found


def loaded(names: Mapping[str, str], **loading: Unpack[Loading]) -> dict[str, Glassformer]:
    """The models, each by its folder, so that no request goes to the hub for what is there.

    Raises:
        ModelFilesError, ConfigError, WeightsError, UsageError: as `load`.
    """
    return {name: load(find_model(place), **loading) for name, place in names.items()}


_NAME = re.compile(r"\w[\w.-]*")


def _token(token_file: str | Path | None, no_token: bool) -> str | None:
    """The token that requests must have; None where they need none.

    Raises:
        UsageError: when there is one that must not be, or it is too short.
        InputError: when its file cannot be read.
    """
    token = os.environ.get(TOKEN)
    if no_token:
        if token_file is not None:
            raise UsageError(
                "{token_file:name} and {no_token} exclude each other",
                token_file=Setting("token_file"),
                no_token=Setting("no_token", True),
            )
        return None
    if token_file is not None:
        try:
            token = Path(token_file).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            reason = reason_of(error) if isinstance(error, OSError) else "UTF-8"
            raise InputError(
                "cannot read {path}: {reason}", path=token_file, reason=reason
            ) from error
    if token is None:
        return None
    token = token.strip()
    if len(token) < _SHORTEST_TOKEN or not re.fullmatch(r"[!-~]+", token):
        raise UsageError(
            "the token must have {least} characters or more, of those on an English keyboard and "
            "without spaces, such as what `openssl rand -hex 16` prints",
            least=_SHORTEST_TOKEN,
        )
    return token


def _check_address(host: str, port: int, token: str | None, no_token: bool) -> None:
    """Refuse a port that there is not, and to let everybody in without having been told to.

    Raises:
        UsageError: when so.
    """
    if not 0 <= port <= 65535:
        raise UsageError(
            "{setting:name} must be from 0 to 65535, but is {given}",
            setting=Setting("port"),
            given=port,
        )
    if token is None and not no_token and not is_loopback(host):
        raise UsageError(
            "other machines reach {host}, so requests need a token: put one into the environment "
            "variable {variable} or a file ({token_file}), or let everybody in ({no_token})",
            host=host,
            variable=TOKEN,
            token_file=Setting("token_file", "FILE"),
            no_token=Setting("no_token", True),
        )


def is_loopback(host: str) -> bool:
    """Whether an address is reached from this machine only."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _is_unspecified(host: str) -> bool:
    """Whether an address stands for all that this machine has."""
    try:
        return ipaddress.ip_address(host).is_unspecified
    except ValueError:
        return not host


def _plain_host(host: str) -> str:
    """A host as it is compared: without port and brackets, in lower case.

    Raises:
        UsageError: when it is none.
    """
    from glassformer.server.access import host_of

    is_address = ":" in host and "[" not in host and host.count(":") > 1
    found = host_of(f"[{host}]" if is_address else host)
    if found is None:
        raise UsageError(
            "{setting:name} must be a host such as class.example.org, but is {given!r}",
            setting=Setting("allow_host"),
            given=host,
        )
    return found


def bound(host: str, port: int) -> socket.socket:
    """A socket that listens at this address.

    Raises:
        ServerError: when it cannot be had.
    """
    try:
        family, _, _, _, place = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM)[0]
        return socket.create_server(place[:2], family=family, backlog=1024)
    except (OSError, UnicodeError) as error:
        raise ServerError(
            "cannot listen on {host}, port {port}: {reason}",
            host=host,
            port=port,
            reason=_reason_of(error),
        ) from error


def _reason_of(error: OSError | UnicodeError) -> str:
    """Why the system refused, without what Python adds to it."""
    if not isinstance(error, OSError):
        return str(error)
    if error.errno is None or error.errno not in errno.errorcode:  # of names, not of sockets
        return reason_of(error)
    return Term(os.strerror(error.errno))


def address_of(host: str, listening: socket.socket) -> str:
    """Where a browser on this machine finds the server."""
    port = listening.getsockname()[1]
    if _is_unspecified(host):
        host = "127.0.0.1"
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"
