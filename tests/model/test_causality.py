"""A later target token never changes an earlier logit."""

import torch
from hypothesis import given
from hypothesis import strategies as st
from strategies import Case, build, cases

from glassformer.model.masks import causal_mask


@given(case=cases(decoder=True), where=st.integers(0, 6), change=st.integers(1, 18))
def test_a_later_token_changes_no_earlier_logit(case: Case, where: int, change: int) -> None:
    model = build(case.config, seed=case.seed)
    source, target = torch.tensor([case.source]), torch.tensor([case.target])
    changed = target.clone()
    changed[:, where] = (target[:, where] + change) % case.config.stack_of("decoder").vocabulary
    before, after = model(source, target), model(source, changed)
    torch.testing.assert_close(before[:, :where], after[:, :where], rtol=0, atol=1e-12)
    # And the test would notice: the logits after the changed token are others.
    assert ((before - after).abs().amax(-1)[0, where:] > 1e-9).all()


@given(case=cases(decoder=True), length=st.integers(1, 6))
def test_a_prefix_has_the_same_logits_as_the_whole(case: Case, length: int) -> None:
    model = build(case.config, seed=case.seed)
    source, target = torch.tensor([case.source]), torch.tensor([case.target])
    whole, prefix = model(source, target), model(source, target[:, :length])
    torch.testing.assert_close(prefix, whole[:, :length], rtol=0, atol=1e-12)


def test_a_causal_mask_allows_each_token_itself_and_those_before() -> None:
    assert causal_mask(3, 3).int().tolist() == [[1, 0, 0], [1, 1, 0], [1, 1, 1]]


def test_with_a_cache_the_queries_are_the_last_of_the_keys() -> None:
    assert causal_mask(2, 5).int().tolist() == [[1, 1, 1, 1, 0], [1, 1, 1, 1, 1]]
