"""Padding changes nothing: a sentence alone and in any batch gives the same vectors."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from narrowing import present
from strategies import Case, build, cases
from torch import Tensor

from glassformer.errors import InputError
from glassformer.model import padding
from glassformer.model.masks import padding_mask

lengths_of_batch = st.lists(st.integers(1, 13), min_size=2, max_size=5)


def padded(lengths: list[int], width: int, vocabulary: int, seed: int) -> Tensor:
    """Sentences of these lengths; what stands in their padding is arbitrary too."""
    generator = torch.Generator().manual_seed(seed)
    return torch.randint(vocabulary, (len(lengths), width), generator=generator)


def assert_close(padded: Tensor, alone: Tensor) -> None:
    bound = 1e-5 * max(1.0, float(alone.detach().abs().max()))
    torch.testing.assert_close(padded, alone, rtol=0, atol=bound)


@given(case=cases(decoder=False), lengths=lengths_of_batch, extra=st.integers(0, 3))
def test_the_encoder_sees_no_padding(case: Case, lengths: list[int], extra: int) -> None:
    model = build(case.config, torch.float32, case.seed)
    width = max(lengths) + extra
    batch = padded(lengths, width, case.config.encoder.vocabulary, case.seed)
    together = model.encode(batch, padding_mask(torch.tensor(lengths), width))
    for row, length in enumerate(lengths):
        alone = model.encode(batch[row : row + 1, :length])
        assert_close(together[row, :length], alone[0])


@given(case=cases(decoder=True), lengths=lengths_of_batch, target_lengths=st.data())
def test_the_decoder_sees_no_padding(
    case: Case, lengths: list[int], target_lengths: st.DataObject
) -> None:
    model = build(case.config, torch.float32, case.seed)
    targets = target_lengths.draw(
        st.lists(st.integers(1, 13), min_size=len(lengths), max_size=len(lengths))
    )
    source = padded(lengths, max(lengths), case.config.encoder.vocabulary, case.seed)
    target = padded(
        targets, max(targets), case.config.stack_of("decoder").vocabulary, case.seed + 1
    )
    together = model(source, target, padding_mask(torch.tensor(lengths)))
    for row, (n, m) in enumerate(zip(lengths, targets, strict=True)):
        alone = model(source[row : row + 1, :n], target[row : row + 1, :m])
        assert_close(together[row, :m], alone[0])


def test_a_padding_mask_allows_the_real_tokens_only() -> None:
    mask = padding_mask(torch.tensor([3, 1, 2]))
    assert mask.shape == (3, 1, 1, 3)
    assert mask[:, 0, 0].tolist() == [[True, True, True], [True, False, False], [True, True, False]]


def test_a_padding_mask_may_be_wider_than_the_longest_sentence() -> None:
    mask = padding_mask(torch.tensor([1, 2]), 5)
    assert mask[:, 0, 0].sum(-1).tolist() == [1, 2]
    assert mask.shape == (2, 1, 1, 5)


def test_a_sentence_without_tokens_gets_no_mask() -> None:
    with pytest.raises(InputError, match="at least one"):
        padding_mask(torch.tensor([3, 0, 2]))


def test_rows_of_one_length_need_no_mask() -> None:
    batch = padding.padded([[3, 1], [4, 1]], 0, torch.device("cpu"))
    assert batch.ids.tolist() == [[3, 1], [4, 1]]
    assert batch.lengths.tolist() == [2, 2]
    assert batch.mask is None
    assert padding.mask_of(batch.lengths, 2) is None


def test_shorter_rows_are_filled_and_masked() -> None:
    batch = padding.padded([[3, 1, 5], [4], (2, 2)], 9, torch.device("cpu"))
    assert batch.ids.tolist() == [[3, 1, 5], [4, 9, 9], [2, 2, 9]]
    assert batch.lengths.tolist() == [3, 1, 2]
    assert batch.mask is not None
    assert torch.equal(batch.mask, padding_mask(torch.tensor([3, 1, 2])))
    assert torch.equal(present(padding.mask_of(batch.lengths, 3)), batch.mask)


def test_an_empty_row_among_others_is_refused() -> None:
    with pytest.raises(InputError, match="at least one"):
        padding.padded([[3, 1], []], 0, torch.device("cpu"))
