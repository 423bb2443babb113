"""Metrics of a training: always in `metrics.jsonl`, and in other loggers on request."""

import json
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

from glassformer.errors import OutputError, Setting, UsageError

METRICS = "metrics.jsonl"


class MetricsLogger(Protocol):
    """A metrics logger: it is given every measurement."""

    def add(self, measurement: dict[str, Any]) -> None:
        """A measurement: plain values; "kind" is train or dev, "update" its place."""
        ...

    def close(self) -> None:
        """No more will come."""
        ...


class Metrics:
    """Measurements as JSON lines, and for every logger asked for.

    What lost updates had written is cut off when the training resumes, so that every update stands
    there once.
    """

    def __init__(self, folder: Path, loggers: Sequence[str], *, update: int, length: int) -> None:
        self._path = folder / METRICS
        self._loggers = [LOGGERS[name](folder, update) for name in loggers]
        try:
            self._file = self._path.open("ab")
            self._file.truncate(min(length, self.length))  # more would be filled with zeros
        except OSError as error:
            raise self._cannot_write(error) from error

    def add(self, measurement: dict[str, Any]) -> None:
        """Write a measurement down.

        Raises:
            OutputError: when it cannot be written, as on a full disk.
        """
        measurement = {  # JSON knows no infinity
            name: None if isinstance(value, float) and not math.isfinite(value) else value
            for name, value in measurement.items()
        }
        line = json.dumps(measurement, ensure_ascii=False) + "\n"
        try:
            self._file.write(line.encode())
            self._file.flush()
        except OSError as error:
            raise self._cannot_write(error) from error
        for logger in self._loggers:
            logger.add(measurement)

    def _cannot_write(self, error: OSError) -> OutputError:
        reason = error.strerror or str(error)
        return OutputError("cannot write {path}: {reason}", path=self._path, reason=reason)

    @property
    def length(self) -> int:
        """The bytes written so far."""
        return self._file.seek(0, 2)

    def close(self) -> None:
        """Close the file and the loggers."""
        self._file.close()
        for logger in self._loggers:
            logger.close()


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
        # purge_step hides what lost updates had written.
        self._writer: Any = SummaryWriter(str(folder / "tensorboard"), purge_step=update + 1)

    def add(self, measurement: dict[str, Any]) -> None:
        """Log every number of a measurement as a scalar."""
        for name, value in measurement.items():
            if isinstance(value, int | float) and name != "update":
                self._writer.add_scalar(
                    f"{measurement['kind']}/{name}", value, measurement["update"]
                )

    def close(self) -> None:
        """Write what is left."""
        self._writer.close()


LOGGERS: dict[str, Callable[[Path, int], MetricsLogger]] = {"tensorboard": TensorBoard}
