"""How much a request may ask for, and how many may wait."""

from dataclasses import dataclass

from glassformer.errors import Setting, UsageError

MAX_BODY = 1 << 18
MAX_CHARACTERS = 20_000
MAX_CONCURRENCY = 128
TIME_LIMIT = 60.0


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Every limit of a server; beyond one, a request is refused with 4xx or 503.

    Raises:
        UsageError: when a limit would refuse every request.
    """

    max_body: int = MAX_BODY
    """Size of a request's body, in bytes."""
    max_characters: int = MAX_CHARACTERS
    """Characters of all texts of a request together."""
    max_concurrency: int = MAX_CONCURRENCY
    """Requests to the API that are answered at the same time."""
    time_limit: float = TIME_LIMIT
    """Seconds from the arrival of a request to its answer."""
    body_seconds: float = 15.0
    """Seconds for a body to arrive; a client that is slower would keep others from asking."""
    texts: int = 64
    """Texts of a request, and of a batch: values of any one setting."""
    beam_size: int = 16
    """Beam size, and translations or samples of one text."""
    numbers: int = 1 << 18
    """Numbers in an answer: tokens times d_model."""
    report_bytes: int = 16 << 20
    """Size of a report in JSON, most of which are links of attention."""
    page_bytes: int = 256 << 20
    """Bytes of page data that are kept."""

    def __post_init__(self) -> None:
        for name in ("max_body", "max_characters", "max_concurrency", "time_limit"):
            if not 0 < getattr(self, name) < float("inf"):
                raise UsageError(
                    "{setting:name} must be positive and finite, but is {given}",
                    setting=Setting(name),
                    given=getattr(self, name),
                )
