"""Divergence: a loss or gradient that is NaN or infinite, or a loss that only grows."""

import math

from glassformer.config import TrainingConfig
from glassformer.messages import Message
from glassformer.training.learning.checkpoint import Progress

_EXPLODED = 3.0
"""A mean loss so many times that of a uniform guess over all tokens is no learning any more."""

_CALM_STEPS = 2000


class DivergedError(Exception):
    """What went wrong, without where; the trainer knows that."""

    def __init__(self, what: Message) -> None:
        super().__init__(str(what))
        self.what = what


NOT_FINITE = Message("the loss or its gradient became NaN or infinite")
DEV_NOT_FINITE = Message("the dev loss became NaN or infinite")


class DivergenceDetector:
    """Checks the loss and gradient norm of each update."""

    def __init__(self, config: TrainingConfig, vocabulary: int, *, scaled: bool) -> None:
        self._settings = config.training
        self._guessing = math.log(vocabulary)
        self._scaled = scaled
        self._mean: float | None = None

    def loss_scale(self, progress: Progress) -> float:
        """The factor on the loss before the backward pass (loss scaling), for float16."""
        return progress.loss_scale if self._scaled else 1.0

    def may_step(self, norm: float, loss: float, progress: Progress) -> bool:
        """Whether the optimizer may take a step with a gradient of this norm.

        In float16 an update that overflowed is skipped and the loss scale halved; after a while
        without overflow it is doubled (dynamic loss scaling).

        Raises:
            DivergedError: when loss or gradient is NaN or infinite, or the loss only grows.
        """
        if not (math.isfinite(norm) and math.isfinite(loss)):
            if self._scaled and progress.loss_scale > 1.0:
                progress.loss_scale /= 2.0
                progress.steps_since_overflow = 0
                return False
            raise DivergedError(NOT_FINITE)
        progress.steps_since_overflow += 1
        if self._scaled and progress.steps_since_overflow % _CALM_STEPS == 0:
            progress.loss_scale *= 2.0
        self._mean = loss if self._mean is None else 0.9 * self._mean + 0.1 * loss
        if self._mean > _EXPLODED * self._guessing:
            raise DivergedError(
                Message(
                    "the loss has grown to {loss:.3g}; that of a uniform guess is {guessing:.3g}",
                    {"loss": self._mean, "guessing": self._guessing},
                )
            )
        return True

    def advice(self) -> Message:
        """What to change, with its present values."""
        settings = self._settings
        clipping = Message("gradient clipping (training.clip_norm)")
        if settings.clip_norm:
            clipping = Message(
                "a training.clip_norm below {clip_norm}", {"clip_norm": settings.clip_norm}
            )
        return Message(
            "a training.learning_rate below {rate}, a training.warmup above {warmup} or {clipping}",
            {"rate": settings.learning_rate, "warmup": settings.warmup, "clipping": clipping},
        )
