"""Learning-rate schedules: a linear warm-up from zero, then a decay.

inverse_sqrt   peak · √(warmup / update)     Vaswani et al. (2017), section 5.3
cosine         from peak to final            Loshchilov & Hutter (2017), equation 5
constant       peak
"""

import math

from glassformer.config import TrainingConfig


def learning_rate(config: TrainingConfig, update: int) -> float:
    """The learning rate of an update, counted from 1; its settings must have been chosen.

    Vaswani et al. give a factor of d_model^-0.5 that moves with the size; here the peak is given.
    """
    settings = config.training
    assert settings.learning_rate is not None
    assert settings.warmup is not None
    assert settings.max_updates is not None
    assert settings.schedule is not None
    peak, warmup = settings.learning_rate, settings.warmup
    if update < warmup:
        return peak * update / warmup
    if settings.schedule == "inverse_sqrt":
        return peak * math.sqrt(max(1, warmup) / max(update, 1))
    if settings.schedule == "cosine":
        share = min(1.0, (update - warmup) / max(1, settings.max_updates - warmup))
        final = settings.final_learning_rate
        return final + (peak - final) * (1.0 + math.cos(math.pi * share)) / 2.0
    return peak
