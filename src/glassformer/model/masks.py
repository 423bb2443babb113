"""Who may attend to whom. A mask is boolean and True means: may attend."""

import torch
from jaxtyping import Bool, Int
from torch import Tensor

from glassformer.errors import InputError


def padding_mask(
    lengths: Int[Tensor, " batch"], width: int | None = None
) -> Bool[Tensor, "batch 1 1 width"]:
    """Let every query attend to the real tokens of its own sentence, whose lengths these are.

    The mask comes from lengths and never from ids, because a padding id may be a real token
    elsewhere (Marian starts its target with it). `width` defaults to the longest length.

    Raises:
        InputError: when a sentence has no token, since a row may never be masked whole.
    """
    if int(lengths.min()) < 1:
        raise InputError("every sentence needs at least one token, but one has none")
    if width is None:
        width = int(lengths.max())
    positions = torch.arange(width, device=lengths.device)
    return (positions < lengths[:, None])[:, None, None, :]


def causal_mask(
    queries: int, keys: int, device: torch.device | None = None
) -> Bool[Tensor, "queries keys"]:
    """Let the last `queries` of `keys` positions attend to themselves and what came before.

    Vaswani et al. (2017), section 3.2.3. With a cache there are fewer queries than keys.
    """
    return torch.ones(queries, keys, dtype=torch.bool, device=device).tril(keys - queries)
