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
    `type_ids` say which text of a pair a token belongs to, and are None where all are of type 0.
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
    """These rows as one batch; `padding` stands where a shorter row has ended.

    `type_ids` are those of each row, None where all its tokens are of type 0; none: of all rows.

    Raises:
        InputError: when a row is empty while others are longer, since no row is masked whole.
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
    """The mask of rows of these lengths in a table so wide, or None where none is shorter.

    Raises:
        InputError: when a row is empty while others are longer, since no row is masked whole.
    """
    return None if int(lengths.min()) == width else padding_mask(lengths, width)
