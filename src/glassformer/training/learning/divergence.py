"""Whether a training still goes somewhere: numbers that are numbers, a loss that falls."""

import math

from glassformer.config import TrainingConfig
from glassformer.messages import Message
from glassformer.training.learning.checkpoint import Progress

_EXPLODED = 3.0
"""A mean loss so many times that of guessing among all tokens alike is no learning any more."""

_CALM_STEPS = 2000


class DivergedError(Exception):
    """What went wrong, without where; the trainer knows that."""

    def __init__(self, what: Message) -> None:
        super().__init__(str(what))
        self.what = what


NO_NUMBER = Message("the loss or its gradient is no number any more")
DEV_IS_NO_NUMBER = Message("the dev loss is no number any more")


class Stability:
    """Watches loss and gradient of each update."""

    def __init__(self, config: TrainingConfig, vocabulary: int, *, scaled: bool) -> None:
        self._settings = config.training
        self._guessing = math.log(vocabulary)
        self._scaled = scaled
        self._mean: float | None = None

    def loss_scale(self, progress: Progress) -> float:
        """What the loss is multiplied by before the backward pass: float16 loses small numbers."""
        return progress.loss_scale if self._scaled else 1.0

    def may_step(self, length: float, loss: float, progress: Progress) -> bool:
        """Whether the optimizer may take a step of a gradient of this length.

        float16 tries again with a smaller scale where numbers were too large for it, and with a
        larger one after a while without.

        Raises:
            DivergedError: when the numbers are none, or the loss only grows.
        """
        if not (math.isfinite(length) and math.isfinite(loss)):
            if self._scaled and progress.loss_scale > 1.0:
                progress.loss_scale /= 2.0
                progress.steps_since_overflow = 0
                return False
            raise DivergedError(NO_NUMBER)
        progress.steps_since_overflow += 1
        if self._scaled and progress.steps_since_overflow % _CALM_STEPS == 0:
            progress.loss_scale *= 2.0
        self._mean = loss if self._mean is None else 0.9 * self._mean + 0.1 * loss
        if self._mean > _EXPLODED * self._guessing:
            raise DivergedError(
                Message(
                    "the loss has grown to {loss:.3g}, and guessing blindly gives {guessing:.3g}",
                    {"loss": self._mean, "guessing": self._guessing},
                )
            )
        return True

    def advice(self) -> Message:
        """What to change, with what it is now."""
        settings = self._settings
        return Message(
            "a lower training.learning_rate than {rate}, a longer training.warmup than {warmup} "
            "or a training.clip_norm below {clip_norm}",
            {
                "rate": settings.learning_rate,
                "warmup": settings.warmup,
                "clip_norm": settings.clip_norm or Message("none"),
            },
        )
