"""The whole: shapes, tied tables, the second tree, what may be generated and what is refused."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from jaxtyping import TypeCheckError
from narrowing import present
from strategies import Case, build, cases
from torch import Tensor, nn

from glassformer.config import ModelConfig, Positions, StackConfig
from glassformer.errors import InputError, UsageError
from glassformer.model.masks import padding_mask
from glassformer.model.transformer import Transformer


def tables(model: Transformer) -> list[Tensor]:
    return [
        model.encoder.embedding.tokens.weight,
        present(model.decoder).embedding.tokens.weight,
        present(model.output).weight,
    ]


def tied_model(**changes: Any) -> Transformer:
    stack = StackConfig(vocabulary=29, d_model=21, num_heads=3, d_ff=23, num_layers=2)
    return build(ModelConfig(encoder=stack, decoder=stack, **changes))


# Shapes


@given(case=cases(decoder=True), batch=st.sampled_from([1, 3]))
def test_shapes(case: Case, batch: int) -> None:
    model = build(case.config, seed=case.seed)
    source, target = torch.tensor([case.source] * batch), torch.tensor([case.target] * batch)
    memory = model.encode(source)
    assert memory.shape == (batch, len(case.source), case.config.encoder.d_model)
    logits = model.decode(target, memory)
    assert logits.shape == (batch, len(case.target), case.config.stack_of("decoder").vocabulary)
    assert torch.equal(model(source, target), logits)


WRONG = {
    "tokens without a batch axis": lambda model: model.encode(torch.tensor([1, 2, 3])),
    "tokens that are no integers": lambda model: model.encode(torch.ones(1, 3)),
    "a mask of another length": lambda model: model.encode(
        torch.ones(2, 5, dtype=torch.long), padding_mask(torch.tensor([7, 3]))
    ),
    "a mask of numbers": lambda model: model.encode(
        torch.ones(2, 5, dtype=torch.long), torch.ones(2, 1, 1, 5)
    ),
    "a mask of more sentences than the memory": lambda model: model.decode(
        torch.ones(6, 5, dtype=torch.long),
        torch.ones(2, 7, 21, dtype=torch.float64),
        padding_mask(torch.tensor([7, 3, 5])),
    ),
}


@pytest.mark.parametrize("call", WRONG.values(), ids=WRONG)
def test_wrong_shapes_are_caught_in_these_tests(call: Callable[[Transformer], Tensor]) -> None:
    with pytest.raises(TypeCheckError):
        call(tied_model())


# Tied tables


@given(case=cases(decoder=True))
def test_tied_tables_are_one_tensor(case: Case) -> None:
    encoder, decoder, output = tables(Transformer(case.config))
    assert output is decoder
    assert (decoder is encoder) == case.config.tie_embeddings


def test_tie_joins_what_loading_took_apart() -> None:
    model = tied_model()
    model.encoder.embedding.tokens.weight = nn.Parameter(torch.ones(29, 21))
    model.tie()
    encoder, decoder, output = tables(model)
    assert encoder is decoder is output
    assert (output == 1).all()


def test_an_encoder_alone_has_nothing_to_tie() -> None:
    stack = StackConfig(vocabulary=29, d_model=21, num_heads=3, d_ff=23, num_layers=2)
    model = Transformer(ModelConfig(encoder=stack))
    model.tie()
    assert model.decoder is None
    assert model.output is None


@pytest.mark.parametrize("tie", [True, False])
def test_a_model_to_be_loaded_is_built_without_drawing_weights(tie: bool) -> None:
    config = tied_model(tie_embeddings=tie).config
    before = torch.get_rng_state()
    with torch.device("meta"):
        model = Transformer(config)
    assert all(weight.is_meta for weight in model.parameters())
    assert torch.equal(torch.get_rng_state(), before)
    encoder, decoder, output = tables(model)
    assert output is decoder
    assert (decoder is encoder) == tie


@pytest.mark.parametrize("tie", [True, False])
def test_no_gradient_reaches_the_padding_row(tie: bool) -> None:
    padding = 5
    model = tied_model(tie_embeddings=tie, padding=padding, start=7, tags=(("fr", 11),))
    source = torch.tensor([[2, 3, 4], [6, padding, padding]])
    target = torch.tensor([[7, 2, 3, 4], [11, 8, padding, padding]])
    logits = model(source, target, padding_mask(torch.tensor([3, 1])))
    model.probabilities(logits)[..., [8, 9]].log().sum().backward()
    for table in tables(model):
        gradient = present(table.grad)
        assert not gradient[padding].any()
        assert gradient[2].any()  # the others do learn
    # Nor does the row learn from standing at a real place, as Marian's start token does.
    model.zero_grad()
    model.probabilities(model(target, target))[..., 9].log().sum().backward()
    assert not any(present(table.grad)[padding].any() for table in tables(model))


# What may be generated


@given(case=cases(decoder=True))
def test_what_is_never_generated_has_probability_0(case: Case) -> None:
    model = build(case.config, torch.float32, case.seed)
    logits = model(torch.tensor([case.source]), torch.tensor([case.target]))
    before = logits.clone()
    probabilities = model.probabilities(logits)
    never = sorted(case.config.never_generated)
    others = sorted(set(range(case.config.stack_of("decoder").vocabulary)) - set(never))
    assert case.config.padding in never
    assert (probabilities[..., never] == 0).all()
    assert (probabilities[..., others] > 0).all()
    torch.testing.assert_close(probabilities.sum(-1), torch.ones(1, len(case.target)))
    assert torch.equal(logits, before)  # the raw logits stay what they were
    assert torch.isfinite(logits).all()


# What is refused


@pytest.mark.parametrize("positions", ["sinusoidal", "sinusoidal_halves", "learned", "none"])
def test_too_many_tokens_are_refused_with_both_lengths(positions: Positions) -> None:
    stack = StackConfig(
        vocabulary=29,
        d_model=21,
        num_heads=3,
        d_ff=23,
        num_layers=1,
        positions=positions,
        max_positions=11,
        first_position=2,
    )
    model = build(ModelConfig(encoder=stack, decoder=stack))
    most = torch.ones(1, 11, dtype=torch.long)
    more = torch.ones(1, 13, dtype=torch.long)
    model(most, most)
    for source, target in [(more, most), (most, more)]:
        with pytest.raises(InputError, match=r"at most 11 tokens, but was given 13$"):
            model(source, target)


def test_empty_input_is_refused() -> None:
    model = tied_model()
    some, none = torch.ones(2, 3, dtype=torch.long), torch.ones(2, 0, dtype=torch.long)
    for source, target in [(none, some), (some, none)]:
        with pytest.raises(InputError, match="at least one token"):
            model(source, target)


def test_an_encoder_alone_cannot_translate() -> None:
    stack = StackConfig(vocabulary=29, d_model=21, num_heads=3, d_ff=23, num_layers=1)
    model = build(ModelConfig(encoder=stack))
    tokens = torch.tensor([[1, 2, 3]])
    with pytest.raises(UsageError, match="has no decoder"):
        model(tokens, tokens)
    with pytest.raises(UsageError, match="has no decoder"):
        model.new_cache()


# The second tree


@given(case=cases())
def test_a_second_tree_has_the_very_same_tensors(case: Case) -> None:
    model = build(case.config, seed=case.seed)
    tree = model.second_tree()
    ours = dict(model.named_parameters(remove_duplicate=False))
    theirs = dict(tree.named_parameters(remove_duplicate=False))
    assert ours.keys() == theirs.keys()
    assert all(theirs[name] is tensor for name, tensor in ours.items())
    modules = set(model.modules())
    assert not any(module in modules for module in tree.modules())
    assert not tree.training


@given(case=cases(decoder=True))
def test_a_second_tree_gives_the_same_output_bit_for_bit(case: Case) -> None:
    model = build(case.config, torch.float32, case.seed)
    source, target = torch.tensor([case.source]), torch.tensor([case.target])
    assert torch.equal(model.second_tree()(source, target), model(source, target))


def test_hooks_on_the_second_tree_leave_the_first_alone() -> None:
    model = tied_model()
    tree = model.second_tree()
    seen = []
    for name, module in tree.named_modules():
        module.register_forward_hook(lambda *_, name=name: seen.append(name))
    tokens = torch.tensor([[1, 2, 3]])
    model(tokens, tokens)
    assert seen == []
    assert not any(module._forward_hooks for module in model.modules())
    tree(tokens, tokens)
    assert "encoder.layers.1.self_attention.attend" in seen


def test_both_trees_see_a_change_of_weights() -> None:
    model = tied_model()
    tree = model.second_tree()
    with torch.no_grad():
        present(model.output).weight.mul_(2.0)
    source, target = torch.tensor([[1, 2, 3]]), torch.tensor([[4, 5]])
    assert torch.equal(tree(source, target), model(source, target))
