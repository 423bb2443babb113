"""What `/metrics` says, in the text format of Prometheus.

Few numbers, all of this process: a library for them would bring a registry for the whole process
and its own threads, and say no more.
"""

import bisect
import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
TEXTS = (1, 2, 4, 8, 16, 32, 64)


class Histogram:
    """How many observations were at most so large, their sum and their number."""

    def __init__(self, bounds: Sequence[float]) -> None:
        self._bounds = tuple(bounds)
        self._counts = [0] * (len(bounds) + 1)
        self._sum = 0.0
        self._lock = threading.Lock()

    def observe(self, value: float) -> None:
        """Count one more."""
        with self._lock:
            self._counts[bisect.bisect_left(self._bounds, value)] += 1
            self._sum += value

    @property
    def count(self) -> int:
        """How many observations there were."""
        return sum(self._counts)

    def lines(self, name: str, labels: str = "") -> Iterator[str]:
        """Its lines, with labels such as `path="/health",`."""
        total = 0
        for bound, count in zip((*self._bounds, "+Inf"), self._counts, strict=True):
            total += count
            yield f'{name}_bucket{{{labels}le="{bound}"}} {total}'
        bare = f"{{{labels.rstrip(',')}}}" if labels else ""
        yield f"{name}_sum{bare} {self._sum}"
        yield f"{name}_count{bare} {total}"


class Metrics:
    """The counters of a server."""

    def __init__(self) -> None:
        self.in_flight = 0
        self.batches = Histogram(TEXTS)
        self._requests: Counter[tuple[str, int]] = Counter()
        self._seconds: dict[str, Histogram] = {}

    def answered(self, path: str, status: int, seconds: float) -> None:
        """Count a request; its path is one of the routes', never what a client wrote."""
        self._requests[path, status] += 1
        self._seconds.setdefault(path, Histogram(SECONDS)).observe(seconds)

    def text(self, gauges: Mapping[str, tuple[str, float]]) -> str:
        """All of them, and gauges: name → what it is, and its value now."""
        lines = [
            "# HELP glassformer_requests_total Requests answered, by route and status.",
            "# TYPE glassformer_requests_total counter",
            *(
                f'glassformer_requests_total{{path="{path}",status="{status}"}} {count}'
                for (path, status), count in sorted(self._requests.items())
            ),
            "# HELP glassformer_request_seconds Time from a request to the end of its answer.",
            "# TYPE glassformer_request_seconds histogram",
        ]
        for path, histogram in sorted(self._seconds.items()):
            lines += histogram.lines("glassformer_request_seconds", f'path="{path}",')
        lines += [
            "# HELP glassformer_batch_texts Texts computed together in one batch.",
            "# TYPE glassformer_batch_texts histogram",
            *self.batches.lines("glassformer_batch_texts"),
        ]
        for name, (about, value) in gauges.items():
            lines += [f"# HELP {name} {about}", f"# TYPE {name} gauge", f"{name} {value}"]
        return "\n".join(lines) + "\n"
