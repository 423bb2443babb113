"""What a training measures of itself: `metrics.jsonl` always, other reporters beside it."""

import json
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

from glassformer.errors import OutputError, Setting, UsageError

METRICS = "metrics.jsonl"


class Reporter(Protocol):
    """Something that is told every measurement."""

    def add(self, record: dict[str, Any]) -> None:
        """A measurement: plain values; "kind" is train or dev, "update" its place."""
        ...

    def close(self) -> None:
        """No more will come."""
        ...


class Metrics:
    """Measurements as JSON lines, and to every reporter asked for.

    What a lost stretch of the training had written is cut off when it goes on, so that every update
    stands there once.
    """

    def __init__(self, folder: Path, reporters: Sequence[str], *, update: int, length: int) -> None:
        self._path = folder / METRICS
        self._reporters = [REPORTERS[name](folder, update) for name in reporters]
        try:
            self._file = self._path.open("ab")
            self._file.truncate(min(length, self.length))  # more would be filled with zeros
        except OSError as error:
            raise self._cannot_write(error) from error

    def add(self, record: dict[str, Any]) -> None:
        """Write a measurement down.

        Raises:
            OutputError: when it cannot be written, as on a full disk.
        """
        record = {  # JSON knows no infinity
            name: None if isinstance(value, float) and not math.isfinite(value) else value
            for name, value in record.items()
        }
        line = json.dumps(record, ensure_ascii=False) + "\n"
        try:
            self._file.write(line.encode())
            self._file.flush()
        except OSError as error:
            raise self._cannot_write(error) from error
        for reporter in self._reporters:
            reporter.add(record)

    def _cannot_write(self, error: OSError) -> OutputError:
        reason = error.strerror or str(error)
        return OutputError("cannot write {path}: {reason}", path=self._path, reason=reason)

    @property
    def length(self) -> int:
        """The bytes written so far."""
        return self._file.seek(0, 2)

    def close(self) -> None:
        """Close the file and the reporters."""
        self._file.close()
        for reporter in self._reporters:
            reporter.close()


class TensorBoard:
    """Event files in FOLDER/tensorboard; needs the package tensorboard."""

    def __init__(self, folder: Path, update: int) -> None:
        try:
            from torch.utils.tensorboard import SummaryWriter
        except ImportError as error:
            raise UsageError(
                "{report_to} needs a package: pip install 'glassformer[train]'",
                report_to=Setting("report_to", "tensorboard"),
            ) from error
        # purge_step hides what a lost stretch of the training had written.
        self._writer: Any = SummaryWriter(str(folder / "tensorboard"), purge_step=update + 1)

    def add(self, record: dict[str, Any]) -> None:
        """Every number of a measurement becomes a scalar."""
        for name, value in record.items():
            if isinstance(value, int | float) and name != "update":
                self._writer.add_scalar(f"{record['kind']}/{name}", value, record["update"])

    def close(self) -> None:
        """Write what is left."""
        self._writer.close()


REPORTERS: dict[str, Callable[[Path, int], Reporter]] = {"tensorboard": TensorBoard}
