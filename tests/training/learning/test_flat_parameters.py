"""All weights in one vector: the model sees them, gradients arrive there, Adam is torch's."""

import copy
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from narrowing import part_of, present
from torch import Tensor, nn
from training.tiny import model_config, new_model, training_config

from glassformer.model.transformer import Transformer
from glassformer.training.learning.flat_parameters import TAIL, Adam, FlatWeights

SOURCE = torch.tensor([[3, 5, 7, 2], [4, 2, 0, 0]])
TARGET = torch.tensor([[1, 7, 5], [1, 4, 6]])


def backward(model: Transformer, factor: float = 1.0) -> None:
    """A gradient for every weight."""
    logits = model(SOURCE, TARGET)
    (factor * (logits * torch.linspace(-1.0, 1.0, logits.numel()).view_as(logits)).sum()).backward()


def gradients(model: Transformer) -> Tensor:
    return torch.cat([p.grad.flatten() for p in model.parameters() if p.grad is not None])


# The vector


def test_parameters_are_views_of_the_vector() -> None:
    model = new_model()
    before = copy.deepcopy(model.state_dict())
    flat = FlatWeights(model)
    assert model.state_dict().keys() == before.keys()
    for name, weight in model.state_dict().items():
        assert torch.equal(weight, before[name])
    start, end = flat.values.data_ptr(), flat.values.data_ptr() + 4 * flat.values.numel()
    for weight in model.parameters():
        assert start <= weight.data_ptr() < end
        assert weight.is_contiguous()
    flat.values.fill_(0.25)
    assert all(bool((weight == 0.25).all()) for weight in model.parameters())
    with torch.no_grad():
        part_of(model, "encoder.layers.0.feed_forward.expand", nn.Linear).weight[0, 0] = 7.0
    assert int((flat.values == 7.0).sum()) == 1


def test_the_order_is_that_of_the_parameters() -> None:
    model = new_model()
    flat = FlatWeights(model)
    together = torch.cat([weight.detach().flatten() for weight in model.parameters()])
    assert torch.equal(flat.values, together)


@pytest.mark.parametrize("tie", [True, False])
def test_tied_tables_are_there_once(tie: bool) -> None:
    model = new_model(model_config(tie_embeddings=tie))
    flat = FlatWeights(model)
    assert flat.values.numel() == sum(weight.numel() for weight in model.parameters())
    tables = (
        model.encoder.embedding.tokens.weight,
        present(model.decoder).embedding.tokens.weight,
        present(model.output).weight,
    )
    assert tables[1] is tables[2]
    assert (tables[0] is tables[1]) == tie
    assert len({table.data_ptr() for table in tables}) == (1 if tie else 2)


def test_gradients_add_up_in_the_vector_until_it_is_cleared() -> None:
    model, plain = new_model(), new_model()
    flat = FlatWeights(model)
    backward(plain)
    backward(model)
    assert torch.equal(flat.gradient, gradients(plain))
    backward(model, 2.0)
    torch.testing.assert_close(flat.gradient, 3.0 * gradients(plain), rtol=1e-5, atol=1e-5)
    for weight in model.parameters():  # nothing has put another tensor there
        place = present(weight.grad).untyped_storage().data_ptr()
        assert place == flat.gradient.untyped_storage().data_ptr()
    flat.tail[3] = 5.0
    flat.clear()
    assert not flat.to_sum.any()
    assert all(not present(weight.grad).any() for weight in model.parameters())


def test_a_second_tree_learns_into_the_same_vector() -> None:
    model, plain = new_model(), new_model()
    flat = FlatWeights(model)
    backward(plain)
    backward(model.second_tree())
    assert torch.equal(flat.gradient, gradients(plain))


def test_the_tail_is_summed_with_the_gradient_but_is_no_part_of_it() -> None:
    model = new_model()
    flat = FlatWeights(model)
    backward(model)
    length = flat.gradient.norm()
    flat.tail.fill_(1e6)
    assert flat.to_sum.shape == (flat.values.numel() + TAIL,)
    assert torch.equal(flat.to_sum[-TAIL:], flat.tail)
    assert torch.equal(flat.to_sum[:-TAIL], flat.gradient)
    flat.to_sum.mul_(2.0)
    assert float(flat.tail[0]) == 2e6
    torch.testing.assert_close(flat.gradient.norm(), 2.0 * length)


def test_weights_that_do_not_learn_are_left_out() -> None:
    model = new_model(model_config(tie_embeddings=False))
    model.encoder.requires_grad_(False)
    before = copy.deepcopy(model.encoder.state_dict())
    flat = FlatWeights(model, {"encoder": 0.1})
    learned = sum(p.numel() for name, p in model.named_parameters() if p.requires_grad)
    assert flat.values.numel() == learned
    assert [stretch.factor for stretch in flat.stretches] == [1.0]
    backward(model)
    Adam(flat, training_config()).step(0.1)
    assert all(weight.grad is None for weight in model.encoder.parameters())
    for name, weight in model.encoder.state_dict().items():
        assert torch.equal(weight, before[name])
    fresh = present(new_model(model.config).output)
    assert not torch.equal(present(model.output).weight, fresh.weight)


# Stretches and clipping


def test_stretches_cover_the_vector_and_part_at_the_encoder() -> None:
    model = new_model(model_config(tie_embeddings=False))
    (whole,) = FlatWeights(new_model()).stretches
    assert whole == (0, sum(p.numel() for p in new_model().parameters()), 1.0)
    encoder, rest = FlatWeights(model, {"encoder": 0.1}).stretches
    inside = sum(weight.numel() for weight in model.encoder.parameters())
    assert encoder == (0, inside, 0.1)
    assert rest == (inside, sum(weight.numel() for weight in model.parameters()), 1.0)


@given(st.floats(1e-3, 1e3), st.floats(1e-3, 1e3))
def test_clipping_is_that_of_torch(longest: float, size: float) -> None:
    model, plain = new_model(), new_model()
    flat = FlatWeights(model)
    for one in (model, plain):
        backward(one, size)
    expected = torch.nn.utils.clip_grad_norm_(plain.parameters(), longest)
    assert flat.clip(longest) == pytest.approx(float(expected), rel=1e-5)
    torch.testing.assert_close(flat.gradient, gradients(plain), rtol=1e-4, atol=1e-6 * longest)


@pytest.mark.parametrize(("longest", "value"), [(0.0, 7.0), (1.0, float("inf")), (1e9, 7.0)])
def test_what_is_not_clipped_stays_bit_for_bit(longest: float, value: float) -> None:
    flat = FlatWeights(new_model())
    flat.gradient[:5] = value
    before = flat.gradient.clone()
    length = flat.clip(longest)
    assert length == pytest.approx(value * 5**0.5)
    assert torch.equal(flat.gradient, before)


def test_a_gradient_that_is_no_number_says_so() -> None:
    flat = FlatWeights(new_model())
    flat.gradient[3] = float("nan")
    assert flat.clip(1.0) != flat.clip(1.0)


# Adam


@pytest.mark.parametrize(
    "training",
    [{}, {"beta_1": 0.8, "beta_2": 0.99, "epsilon": 1e-3}, {"weight_decay": 0.1}],
)
def test_adam_is_that_of_torch_over_several_steps(training: dict[str, Any]) -> None:
    """With two stretches of different rates, and a rate that changes at each step."""
    config = training_config(**training)
    settings = config.training
    model, plain = (new_model(model_config(tie_embeddings=False)) for _ in range(2))
    flat = FlatWeights(model, {"encoder": 0.25})
    adam = Adam(flat, config)
    encoder = list(plain.encoder.parameters())
    inside = {id(weight) for weight in encoder}
    kind = torch.optim.AdamW if settings.weight_decay else torch.optim.Adam
    theirs = kind(
        [
            {"params": encoder},
            {"params": [weight for weight in plain.parameters() if id(weight) not in inside]},
        ],
        betas=(settings.beta_1, settings.beta_2),
        eps=settings.epsilon,
        weight_decay=settings.weight_decay,
    )
    for step, rate in enumerate((0.001, 0.01, 0.03, 0.02, 0.005), 1):
        flat.clear()
        backward(model, 1.0 / step)
        for mine, other in zip(model.parameters(), plain.parameters(), strict=True):
            other.grad = present(mine.grad).clone()
        adam.step(rate)
        for group, factor in zip(theirs.param_groups, (0.25, 1.0), strict=True):
            group["lr"] = rate * factor
        theirs.step()
        assert adam.steps == step
        together = torch.cat([weight.detach().flatten() for weight in plain.parameters()])
        torch.testing.assert_close(flat.values, together, rtol=1e-6, atol=1e-7)
    means = torch.cat([theirs.state[w]["exp_avg"].flatten() for w in plain.parameters()])
    torch.testing.assert_close(adam.mean, means, rtol=1e-5, atol=1e-6)


def test_adam_goes_on_from_its_state_bit_for_bit() -> None:
    config = training_config()

    def steps(flat: FlatWeights, adam: Adam, model: Transformer, numbers: range) -> None:
        for number in numbers:
            flat.clear()
            backward(model, 1.0 + number)
            adam.step(0.01)

    model = new_model()
    flat = FlatWeights(model)
    adam = Adam(flat, config)
    steps(flat, adam, model, range(3))
    again = new_model(seed=7)
    flat_again = FlatWeights(again)
    adam_again = Adam(flat_again, config)
    flat_again.values.copy_(flat.values)
    adam_again.mean.copy_(adam.mean)
    adam_again.mean_square.copy_(adam.mean_square)
    adam_again.steps = adam.steps
    assert adam_again.steps == 3
    for one, other, some in ((flat, adam, model), (flat_again, adam_again, again)):
        steps(one, other, some, range(3, 5))
    assert torch.equal(flat.values, flat_again.values)
    assert torch.equal(adam.mean_square, adam_again.mean_square)
    assert adam_again.steps == 5
