"""`/api/encode`, `/api/translate`, `/api/score`: many texts, batched with those of others."""

from collections.abc import Iterable, Sequence
from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from glassformer.decoding.scoring import ScoredTarget, Scorer
from glassformer.decoding.translator import Translation
from glassformer.encoding.encoder import Encoding
from glassformer.errors import GlassformerError, UsageError
from glassformer.inspection.report import ENGINE
from glassformer.library import Glassformer
from glassformer.library.notes import notes_on_names
from glassformer.library.scoring import score_json
from glassformer.library.translating import translation_json
from glassformer.messages import Message, Setting
from glassformer.server.endpoint import Endpoint
from glassformer.server.problems import RefusedError, as_json, encoded
from glassformer.server.reading import Given, check_beam
from glassformer.server.requested import EncodeRequest, ScoreRequest, TranslateRequest
from glassformer.server.service import Service
from glassformer.server.worker import Check


def routes(service: Service) -> list[Route]:
    """The routes of this file."""
    return [
        Route("/api/encode", Endpoint(service, encode)),
        Route("/api/translate", Endpoint(service, translate)),
        Route("/api/score", Endpoint(service, score)),
    ]


async def encode(service: Service, given: Given) -> Response:
    """R of each text."""
    request = given.read(EncodeRequest)
    name, model = service.named(given.model)
    pairs = request.pair or (None,) * len(request.text)

    def compute(items: Sequence[tuple[str, str | None]], check: Check) -> list[Encoding]:
        stream = model.encoder.encode_stream(
            [text for text, _ in items],
            pair=[pair for _, pair in items if pair is not None] or None,
            special_tokens=request.special_tokens,
            pool=request.pool,
            normalize=request.normalize,
            truncate=request.truncate,
        )
        return _all(stream, len(items), check)

    def finish(results: Sequence[Encoding]) -> bytes:
        numbers = sum(one.vectors.size for one in results)
        if numbers > service.limits.numbers:
            raise RefusedError(
                413,
                UsageError(
                    "the answer would have {numbers} numbers, and {most} are the most: give less "
                    "text, or {pool}",
                    numbers=numbers,
                    most=service.limits.numbers,
                    pool=Setting("pool", "mean"),
                ),
            )
        return _answer(name, "encodings", [_encoding(model, request, one) for one in results])

    options = (request.special_tokens, request.pool, request.normalize, request.truncate)
    content = await service.batched(
        given,
        list(zip(request.text, pairs, strict=True)),
        compute,
        finish,
        key=("encode", name, bool(request.pair), options),
    )
    return as_json(content)


def _encoding(model: Glassformer, request: EncodeRequest, one: Encoding) -> dict[str, Any]:
    notes = model.notes_on(one.text, one.pair, request.special_tokens)
    return {
        "text": one.text,
        "pair": one.pair,
        "tokens": list(one.tokens),
        "words": list(one.words),
        "word_of_token": list(one.word_of_token),
        "shape": list(one.vectors.shape),
        "vectors": one.vectors.tolist(),
        "notes": [note.to_json() for note in notes],
    }


async def translate(service: Service, given: Given) -> Response:
    """A translation of each text."""
    request = given.read(TranslateRequest)
    check_beam(service.limits, beam_size=request.beam_size, n_best=request.n_best)
    name, model = _translator(service, given.model)
    search = request.search

    def compute(items: Sequence[tuple[str, str | None, str]], check: Check) -> list[Translation]:
        stream = model.translator.translate_stream(
            [text for text, _, _ in items],
            to=[to for _, to, _ in items],
            prefix=[prefix for _, _, prefix in items],
            special_tokens=request.special_tokens,
            truncate=request.truncate,
            search=search,
        )
        found = _all(stream, len(items), check)
        return [
            model.with_notes(text, one, request.special_tokens)
            for (text, _, _), one in zip(items, found, strict=True)
        ]

    def finish(results: Sequence[Translation]) -> bytes:
        return _answer(name, "translations", list(map(translation_json, results)))

    # A sample depends on the place of its text among those of its request.
    is_search = request.temperature is None
    options = (search, request.special_tokens, request.truncate)
    content = await service.batched(
        given,
        request.sentences,
        compute,
        finish,
        key=("translate", name, options) if is_search else None,
    )
    return as_json(content)


async def score(service: Service, given: Given) -> Response:
    """The log-probability of each target."""
    request = given.read(ScoreRequest)
    name, model = _translator(service, given.model)

    def compute(items: Sequence[tuple[str, str]], check: Check) -> list[ScoredTarget]:
        stream = Scorer(model.translator).score_stream(
            items, to=request.to, special_tokens=request.special_tokens, truncate=request.truncate
        )
        return _all(stream, len(items), check)

    def finish(results: Sequence[ScoredTarget]) -> bytes:
        scores = []
        for (source, _), one in zip(request.pairs, results, strict=True):
            names = model.tokenizer.specials_in(source)
            notes = notes_on_names(names if request.special_tokens == "text" else ())
            scores.append(score_json(one) | {"notes": [note.to_json() for note in notes]})
        return _answer(name, "scores", scores)

    options = (request.to, request.special_tokens, request.truncate)
    content = await service.batched(
        given, request.pairs, compute, finish, key=("score", name, options)
    )
    return as_json(content)


def _translator(service: Service, given: str | None) -> tuple[str, Glassformer]:
    """A model that has a decoder.

    Raises:
        RefusedError: when none of that name is served.
        UsageError: when it has none.
    """
    name, model = service.named(given)
    if model.config.decoder is None:
        raise UsageError(
            "{name} is an encoder without a decoder and cannot translate; {known} can "
            "({setting:name})",
            name=name,
            known=tuple(
                name for name, one in service.models.items() if one.config.decoder is not None
            )
            or Message("none of the models served"),
            setting=Setting("model"),
        )
    return name, model


def _all(stream: Iterable[Any], count: int, check: Check) -> list[Any]:
    """What a stream gives, as long as somebody waits; an error about one text need not number it.

    Raises:
        AbandonedError: when nobody waits any more.
    """
    found = []
    try:
        for one in stream:
            found.append(one)
            check()
    except GlassformerError as error:
        raise (error.without_place() if count == 1 else error) from None
    return found


def _answer(name: str, key: str, results: list[dict[str, Any]]) -> bytes:
    return encoded({"model": name, "engine": ENGINE, "edits": [], key: results})
