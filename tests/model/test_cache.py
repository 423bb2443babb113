"""A cache saves work and changes nothing."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from strategies import Case, build, cases
from torch import Tensor

from glassformer.config import ModelConfig, StackConfig
from glassformer.errors import InputError
from glassformer.model.cache import DecoderCache
from glassformer.model.masks import padding_mask
from glassformer.model.transformer import Transformer

BATCH = 5
LENGTHS = torch.tensor([7, 3, 5, 1, 2])


def sentences(case: Case, length: int) -> tuple[Transformer, Tensor, Tensor, Tensor]:
    """A model, five memories with their mask, and five targets, all different."""
    model = build(case.config, seed=case.seed)
    generator = torch.Generator().manual_seed(case.seed)
    source = torch.randint(case.config.encoder.vocabulary, (BATCH, 7), generator=generator)
    target = torch.randint(
        case.config.stack_of("decoder").vocabulary, (BATCH, length), generator=generator
    )
    mask = padding_mask(LENGTHS)
    return model, model.encode(source, mask), mask, target


def assert_same(cached: Tensor, uncached: Tensor) -> None:
    torch.testing.assert_close(cached, uncached, rtol=0, atol=1e-11)


@given(case=cases(decoder=True), cuts=st.sets(st.integers(1, 17)))
def test_cached_equals_uncached_however_the_target_is_cut(case: Case, cuts: set[int]) -> None:
    # Up to 18 tokens, so that the cache has to grow beyond its first 16.
    model, memory, mask, target = sentences(case, 18)
    cache = model.new_cache()
    ends = [*sorted(cuts), 18]
    steps = [
        model.decode(target[:, start:end], memory, mask, cache)
        for start, end in zip([0, *ends], ends, strict=False)
    ]
    assert cache.length == 18
    assert_same(torch.cat(steps, dim=1), model.decode(target, memory, mask))


@given(case=cases(decoder=True))
def test_a_cache_grows_one_token_at_a_time(case: Case) -> None:
    model, memory, mask, target = sentences(case, 19)
    cache = model.new_cache()
    steps = [
        model.decode(target[:, i : i + 1], memory, mask, cache) for i in range(target.shape[1])
    ]
    assert_same(torch.cat(steps, dim=1), model.decode(target, memory, mask))


@given(
    case=cases(decoder=True),
    first=st.lists(st.integers(0, 1), min_size=2, max_size=2),
    second=st.lists(st.integers(2, 4), min_size=3, max_size=3),
)
def test_reorder_moves_the_hypotheses_of_each_sentence(
    case: Case, first: list[int], second: list[int]
) -> None:
    model, memory, mask, target = sentences(case, 6)
    # Two sentences, with two hypotheses and three, which need a memory each.
    memory, mask = memory[[0, 0, 1, 1, 1]], mask[[0, 0, 1, 1, 1]]
    cache = model.new_cache()
    model.decode(target[:, :4], memory, mask, cache)
    cache.reorder(torch.tensor(first + second))
    moved = torch.cat([target[first + second, :4], target[:, 4:]], dim=1)
    cached = model.decode(moved[:, 4:], memory, mask, cache)
    assert_same(cached, model.decode(moved, memory, mask)[:, 4:])


@given(case=cases(decoder=True))
def test_reorder_leaves_cross_attention_as_it_was(case: Case) -> None:
    model, memory, mask, target = sentences(case, 4)
    cache = model.new_cache()
    model.decode(target, memory, mask, cache)
    before = cross_attention(cache, memory)
    cache.reorder(torch.tensor([4, 3, 2, 1, 0]))
    after = cross_attention(cache, memory)
    assert all(one is other for one, other in zip(before, after, strict=True))
    cache.keep(torch.tensor([4, 3]))
    assert all(
        torch.equal(kept, all_rows[[4, 3]])
        for kept, all_rows in zip(cross_attention(cache, memory[[4, 3]]), before, strict=True)
    )


def cross_attention(cache: DecoderCache, memory: Tensor) -> list[Tensor]:
    """The keys and values of every layer; they are there, so nothing is projected again."""

    def project(memory: Tensor) -> tuple[Tensor, Tensor]:
        raise AssertionError("the memory was projected a second time")

    layers = range(len(cache.cross_attention))
    return [tensor for k in layers for tensor in cache.layer(k)[1].update(project, memory)]


@given(case=cases(decoder=True), rows=st.lists(st.integers(0, 4), min_size=1, max_size=7))
def test_reorder_and_keep_together_choose_rows(case: Case, rows: list[int]) -> None:
    model, memory, mask, target = sentences(case, 5)
    cache = model.new_cache()
    model.decode(target[:, :4], memory, mask, cache)
    cache.reorder(torch.tensor(rows))
    cache.keep(torch.tensor(rows))
    cached = model.decode(target[rows, 4:], memory[rows], mask[rows], cache)
    assert_same(cached, model.decode(target[rows], memory[rows], mask[rows])[:, 4:])


@given(
    case=cases(decoder=True),
    hypotheses=st.integers(1, 4),
    length=st.integers(1, 3),
    stay=st.lists(st.integers(0, 4), min_size=1, max_size=5, unique=True),
)
def test_the_hypotheses_of_a_sentence_share_its_memory(
    case: Case, hypotheses: int, length: int, stay: list[int]
) -> None:
    model, memory, mask, target = sentences(case, 6 * hypotheses)
    target = target.view(BATCH * hypotheses, 6)
    each = torch.arange(BATCH).repeat_interleave(hypotheses)
    cache = model.new_cache()
    cached = model.decode(target[:, :length], memory, mask, cache)
    assert_same(cached, model.decode(target[:, :length], memory[each], mask[each]))
    assert_same(cached, model.decode(target[:, :length], memory, mask))
    # Some sentences are done, and the hypotheses of the others change places.
    rows = torch.cat([torch.arange(hypotheses).flip(0) + hypotheses * n for n in stay])
    cache.reorder(rows)
    cache.keep(torch.tensor(stay))
    cached = model.decode(target[rows, length:], memory[stay], mask[stay], cache)
    whole = model.decode(target[rows], memory[each[rows]], mask[each[rows]])
    assert_same(cached, whole[:, length:])


@pytest.mark.parametrize(("targets", "memories"), [(5, 2), (2, 3)])
def test_memories_with_different_numbers_of_targets_are_refused(
    targets: int, memories: int
) -> None:
    stack = StackConfig(vocabulary=31, d_model=14, num_heads=2, d_ff=19, num_layers=1)
    model = Transformer(ModelConfig(encoder=stack, decoder=stack)).eval()
    said = f"{targets} targets cannot be divided evenly among {memories} memories"
    with pytest.raises(InputError, match=said):
        model.decode(torch.ones(targets, 3, dtype=torch.long), torch.zeros(memories, 4, 14))


@given(case=cases(decoder=True))
def test_an_empty_cache_can_be_reordered_and_kept(case: Case) -> None:
    model, memory, mask, target = sentences(case, 3)
    cache = model.new_cache()
    cache.reorder(torch.tensor([1, 2]))
    cache.keep(torch.tensor([1, 2]))
    cached = model.decode(target[:2], memory[:2], mask[:2], cache)
    assert_same(cached, model.decode(target[:2], memory[:2], mask[:2]))


@given(case=cases(decoder=True))
def test_cached_tokens_count_towards_the_most_that_a_model_takes(case: Case) -> None:
    most = case.config.stack_of("decoder").max_positions
    model, memory, mask, target = sentences(case, most)
    cache = model.new_cache()
    model.decode(target, memory, mask, cache)
    with pytest.raises(InputError, match=rf"at most {most} tokens, but was given {most + 1}\b"):
        model.decode(target[:, :1], memory, mask, cache)
