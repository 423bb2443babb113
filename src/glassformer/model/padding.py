"""Sentences side by side in one batch: padded on the right, with a mask that hides the padding."""

from collections.abc import Sequence
from typing import NamedTuple

import torch
from jaxtyping import Bool, Int
from torch import Tensor

from glassformer.model.masks import padding_mask


class Batch(NamedTuple):
    """Rows of ids, padded on the right to the longest.

    `mask` says which tokens are real, and is None where all are: then nothing has to be masked.
    """

    ids: Int[Tensor, "batch width"]
    lengths: Int[Tensor, " batch"]
    mask: Bool[Tensor, "batch 1 1 width"] | None


def padded(rows: Sequence[Sequence[int]], padding: int, device: torch.device) -> Batch:
    """These rows as one batch; `padding` stands where a shorter row has ended.

    Raises:
        InputError: when a row is empty while others are longer, since no row is masked whole.
    """
    lengths = [len(row) for row in rows]
    width = max(lengths)
    ids = [[*row, *[padding] * (width - len(row))] for row in rows]
    lengths_there = torch.tensor(lengths, device=device)
    mask = padding_mask(lengths_there, width) if min(lengths) < width else None
    return Batch(torch.tensor(ids, device=device), lengths_there, mask)


def mask_of(lengths: Int[Tensor, " batch"], width: int) -> Bool[Tensor, "batch 1 1 width"] | None:
    """The mask of rows of these lengths in a table so wide, or None where none is shorter.

    Raises:
        InputError: when a row is empty while others are longer, since no row is masked whole.
    """
    return None if int(lengths.min()) == width else padding_mask(lengths, width)
