"""A server in this process, with small random models, asked as httpx would ask a real one."""

import asyncio
import contextlib
import threading
from collections.abc import Coroutine, Iterator
from typing import Any, TypeVar

import httpx
from models_for_tests import encoder_config, random_model, tokenizer, translator_config

from glassformer.config import ModelConfig
from glassformer.library import Glassformer
from glassformer.server.access import Access
from glassformer.server.application import Application, application
from glassformer.server.limits import Limits
from glassformer.text.tokenizer import Tokenizer

_Value = TypeVar("_Value")


def models() -> dict[str, Glassformer]:
    """One that translates, which is meant where none is named, and one that does not."""
    return {
        "translator": _loaded("/folder/of/translator", translator_config()),
        "encoder": _loaded("/folder/of/encoder", encoder_config()),
    }


def _loaded(name: str, config: ModelConfig) -> Glassformer:
    return Glassformer(random_model(config), Tokenizer(tokenizer()), name=name)


class Client:
    """Asks an application from another thread, in whose event loop it lives."""

    def __init__(self, application: Application, loop: asyncio.AbstractEventLoop) -> None:
        self.application = application
        self.service = application.service
        self._loop = loop
        self._http = httpx.AsyncClient(
            transport=httpx.ASGITransport(application), base_url="http://127.0.0.1:8017"
        )

    def run(self, coroutine: Coroutine[Any, Any, _Value]) -> _Value:
        """What a coroutine comes to in the loop of the application."""
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(60)

    def get(self, path: str, **settings: Any) -> httpx.Response:
        """The answer to settings in the query string."""
        return self.ask("GET", path, params=settings)

    def post(self, path: str, **settings: Any) -> httpx.Response:
        """The answer to settings in a JSON body."""
        return self.ask("POST", path, json=settings)

    def ask(self, method: str, url: str, **options: Any) -> httpx.Response:
        """The answer to a request."""
        return self.run(self._http.request(method, url, **options))

    def ask_at_once(self, *requests: dict[str, Any]) -> list[httpx.Response]:
        """The answers to requests that are all there before the first is computed."""

        async def ask() -> list[httpx.Response]:
            return await asyncio.gather(*(self._http.request(**one) for one in requests))

        return self.run(ask())


@contextlib.contextmanager
def serving(
    *,
    served: dict[str, Glassformer] | None = None,
    access: Access | None = None,
    **limits: Any,
) -> Iterator[Client]:
    """An application that computes, and whoever asks it."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    app = application(served or models(), access=access, limits=Limits(**limits))
    client = Client(app, loop)
    app.service.start()
    try:
        yield client
    finally:
        client.run(app.service.stop())
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
