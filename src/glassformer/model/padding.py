"""Padding: sentences in one batch, padded on the right, with a mask that hides the padding."""

from collections.abc import Sequence
from typing import NamedTuple

import torch
from jaxtyping import Bool, Int
from torch import Tensor

from glassformer.model.masks import padding_mask


class Batch(NamedTuple):
    """Token ids, padded on the right to the longest row.

    `mask` is the padding mask, or None where there is no padding. `type_ids` say which text of a
    pair a token belongs to, and are None where all are of type 0.
    """

    ids: Int[Tensor, "batch width"]
    lengths: Int[Tensor, " batch"]
    mask: Bool[Tensor, "batch 1 1 width"] | None
    type_ids: Int[Tensor, "batch width"] | None = None


def padded(
    rows: Sequence[Sequence[int]],
    padding: int,
    device: torch.device,
    type_ids: Sequence[Sequence[int] | None] = (),
) -> Batch:
    """Rows of ids as one batch, filled up with the id `padding`.

    `type_ids` has the token types of each row, None where all are of type 0; empty: all rows are.

    Raises:
        InputError: when a row is empty while others are not, since a fully masked row has no
            softmax.
    """
    lengths = [len(row) for row in rows]
    width = max(lengths)
    ids = [[*row, *[padding] * (width - len(row))] for row in rows]
    lengths_there = torch.tensor(lengths, device=device)
    mask = padding_mask(lengths_there, width) if min(lengths) < width else None
    types = None
    if any(of_row is not None and any(of_row) for of_row in type_ids):
        of_rows = ([0] * width if of_row is None else of_row for of_row in type_ids)
        types = torch.tensor([[*row, *[0] * (width - len(row))] for row in of_rows], device=device)
    return Batch(torch.tensor(ids, device=device), lengths_there, mask, types)


def mask_of(lengths: Int[Tensor, " batch"], width: int) -> Bool[Tensor, "batch 1 1 width"] | None:
    """The padding mask of rows of these lengths, or None where none is shorter than `width`.

    Raises:
        InputError: when a row is empty while others are not, since a fully masked row has no
            softmax.
    """
    return None if int(lengths.min()) == width else padding_mask(lengths, width)
