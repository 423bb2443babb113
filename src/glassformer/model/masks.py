"""Attention masks. A mask is boolean, and True means that a query may attend to a key."""

import torch
from jaxtyping import Bool, Int
from torch import Tensor

from glassformer.errors import InputError


def padding_mask(
    lengths: Int[Tensor, " batch"], width: int | None = None
) -> Bool[Tensor, "batch 1 1 width"]:
    """The padding mask of sentences of these lengths: only real tokens can be attended to.

    It is made from lengths and never from ids, because a padding id may also be a real token
    (Marian uses it as the start token). `width` defaults to the largest length.

    Raises:
        InputError: when a sentence has no token, since a fully masked row has no softmax.
    """
    if int(lengths.min()) < 1:
        raise InputError("a sentence has no tokens: expected at least one")
    if width is None:
        width = int(lengths.max())
    positions = torch.arange(width, device=lengths.device)
    return (positions < lengths[:, None])[:, None, None, :]


def causal_mask(
    queries: int, keys: int, device: torch.device | None = None
) -> Bool[Tensor, "queries keys"]:
    """The causal mask: each of the last `queries` positions sees itself and those before it.

    Vaswani et al. (2017), section 3.2.3. With a cache there are fewer queries than keys.
    """
    return torch.ones(queries, keys, dtype=torch.bool, device=device).tril(keys - queries)
