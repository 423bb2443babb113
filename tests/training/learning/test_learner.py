"""One micro-batch: what is put into it, and that loss and gradient are those of its pairs."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from narrowing import present
from torch import Tensor, nn
from torch.nn.functional import cross_entropy
from training.tiny import (
    ROLES,
    TAGGED_ROLES,
    TAGGED_TOKENIZER,
    TAGS,
    TOKENIZER,
    made_examples,
    made_pairs,
    model_config,
    new_model,
    training_config,
)

from glassformer.errors import TrainingError
from glassformer.model.masks import padding_mask
from glassformer.model.transformer import Transformer
from glassformer.training.corpus.examples import Examples
from glassformer.training.learning.flat_parameters import FlatWeights
from glassformer.training.learning.learner import (
    Collator,
    Learner,
    MicroBatch,
    naming_what_is_too_large,
)

PAIRS = 23
CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> Examples:
    return made_examples(tmp_path_factory.mktemp("examples"), PAIRS)


@pytest.fixture(scope="module")
def collate(examples: Examples) -> Collator:
    return Collator(examples, padding=ROLES.padding, end=ROLES.end, starts=[ROLES.start])


def some(collate: Collator, *indices: int) -> MicroBatch:
    return collate(np.array(indices or range(PAIRS)), CPU)


def learner(model: Transformer, **training: Any) -> Learner:
    made = Learner(model, training_config(**training))
    made.seed(1)
    return made


# What stands in a micro-batch


@given(st.lists(st.integers(0, PAIRS - 1), min_size=1, max_size=11))
def test_each_row_is_its_pair(examples: Examples, collate: Collator, indices: list[int]) -> None:
    batch = some(collate, *indices)
    pairs = made_pairs(PAIRS)
    source = [[*TOKENIZER.encode_target(pairs[i].source), ROLES.end] for i in indices]
    target = [TOKENIZER.encode_target(pairs[i].target) for i in indices]
    widths = max(map(len, source)), max(map(len, target)) + 1
    assert batch.source.shape == (len(indices), widths[0])
    assert batch.inputs.shape == batch.outputs.shape == (len(indices), widths[1])
    for table, lengths, rows in (
        (batch.source, batch.source_lengths, source),
        (batch.inputs, batch.target_lengths, [[ROLES.start, *row] for row in target]),
        (batch.outputs, batch.target_lengths, [[*row, ROLES.end] for row in target]),
    ):
        assert table.dtype == torch.int64
        assert lengths.tolist() == list(map(len, rows))
        for given_row, row in zip(table.tolist(), rows, strict=True):
            assert given_row == row + [ROLES.padding] * (table.shape[1] - len(row))


def test_the_tag_is_the_first_input(tmp_path: Path) -> None:
    examples = made_examples(tmp_path, 5, tags=TAGS)
    starts = [token for _, token in TAGGED_ROLES.tags]
    collate = Collator(examples, padding=0, end=TAGGED_ROLES.end, starts=starts)
    batch = some(collate, 0, 3, 1, 4)
    tags = [made_pairs(5, tags=TAGS)[index].tag for index in (0, 3, 1, 4)]
    assert set(tags) == set(TAGS)
    first = [TAGGED_TOKENIZER.token_of(token) for token in batch.inputs[:, 0].tolist()]
    assert first == [f"<2{tag}>" for tag in tags]
    assert not set(starts) & set(batch.source.flatten().tolist())  # R is the same for every target


# The loss


def reference(model: Transformer, batch: MicroBatch, smoothing: float) -> Tensor:
    """torch's own loss on the model's own logits, of tokens that may be generated."""
    mask = padding_mask(batch.source_lengths, batch.source.shape[1])
    logits = model(batch.source, batch.inputs, mask)
    never = model.config.never_generated
    allowed = [token for token in range(logits.shape[-1]) if token not in never]
    place = {token: index for index, token in enumerate(allowed)}
    total = torch.zeros(())
    for row, targets, length in zip(logits, batch.outputs, batch.target_lengths, strict=True):
        wanted = torch.tensor([place[token] for token in targets[:length].tolist()])
        total = total + cross_entropy(
            row[:length, allowed], wanted, label_smoothing=smoothing, reduction="sum"
        )
    return total


def gradients(model: Transformer) -> dict[str, Tensor]:
    return {name: p.grad.clone() for name, p in model.named_parameters() if p.grad is not None}


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
@pytest.mark.parametrize("changes", [{}, {"output_bias": True, "norm": "pre", "num_heads": 1}])
def test_loss_and_gradient_are_those_of_plain_torch(
    collate: Collator, smoothing: float, changes: dict[str, Any]
) -> None:
    model, plain = (new_model(model_config(**changes)) for _ in range(2))
    batch, scale = some(collate), 1.0 / 89
    expected = reference(plain, batch, smoothing)
    (expected * scale).backward()
    unsmoothed = reference(plain, batch, 0.0)
    loss = learner(model, label_smoothing=smoothing).learn(batch, scale)
    assert loss.smoothed.item() == pytest.approx(float(expected.detach()), rel=1e-5)
    assert float(loss.unsmoothed) == pytest.approx(float(unsmoothed.detach()), rel=1e-5)
    theirs = gradients(plain)
    assert gradients(model).keys() == theirs.keys()
    for name, gradient in gradients(model).items():
        torch.testing.assert_close(gradient, theirs[name], rtol=1e-4, atol=1e-6)
    padding = present(model.encoder.embedding.tokens.weight.grad)[ROLES.padding]
    assert torch.equal(padding, torch.zeros_like(padding))


def test_a_batch_is_the_sum_of_its_pairs(collate: Collator) -> None:
    whole, alone = new_model(), new_model()
    flat_whole, flat_alone = FlatWeights(whole), FlatWeights(alone)
    one, other = learner(whole), learner(alone)
    together = one.learn(some(collate), 0.1)
    each = [other.learn(some(collate, index), 0.1) for index in range(PAIRS)]
    for kind in ("smoothed", "unsmoothed"):
        total = sum(getattr(loss, kind).item() for loss in each)
        assert getattr(together, kind).item() == pytest.approx(total, rel=1e-5)
    torch.testing.assert_close(flat_whole.gradient, flat_alone.gradient, rtol=1e-4, atol=1e-5)


def test_more_padding_changes_nothing(collate: Collator) -> None:
    batch = some(collate)
    wider = MicroBatch(
        nn.functional.pad(batch.source, (0, 5)),
        batch.source_lengths,
        nn.functional.pad(batch.inputs, (0, 3)),
        nn.functional.pad(batch.outputs, (0, 3)),
        batch.target_lengths,
    )
    models = new_model(), new_model()
    losses = [learner(m).learn(b, 1.0) for m, b in zip(models, (batch, wider), strict=True)]
    assert losses[0].smoothed.item() == pytest.approx(losses[1].smoothed.item(), rel=1e-6)
    for name, gradient in gradients(models[0]).items():
        torch.testing.assert_close(gradient, gradients(models[1])[name], rtol=1e-4, atol=1e-5)


def test_a_step_against_the_gradient_lowers_the_loss(collate: Collator) -> None:
    model = new_model()
    flat = FlatWeights(model)
    made = learner(model)
    before = made.learn(some(collate), 0.01).smoothed.item()
    flat.values.sub_(0.01 * flat.gradient)
    flat.clear()
    after = made.learn(some(collate), 0.01).smoothed.item()
    assert after < before


# Chance


def test_what_is_dropped_follows_from_the_place_in_the_training(collate: Collator) -> None:
    """With every kind of dropout that there is."""
    config = model_config(dropout=0.3, attention_dropout=0.2, activation_dropout=0.1)
    model = new_model(config)
    flat = FlatWeights(model)
    made = learner(model, seed=3)

    def learned(some_learner: Learner, *place: int) -> tuple[float, Tensor]:
        flat.clear()
        some_learner.seed(*place)
        loss = some_learner.learn(some(collate), 1.0)
        return loss.smoothed.item(), flat.gradient.clone()

    first = learned(made, 7, 2)
    torch.manual_seed(1009)  # whatever has happened in between
    learned(made, 1)
    again = learned(learner(model, seed=3), 7, 2)
    assert again[0] == first[0]
    assert torch.equal(again[1], first[1])
    others = [learned(made, 7, 3), learned(made, 8, 2), learned(learner(model, seed=4), 7, 2)]
    assert len({first[0], *(loss for loss, _ in others)}) == 4


def test_dropout_leaves_the_mean_loss_about_where_it_was(collate: Collator) -> None:
    dropped = learner(new_model(model_config(dropout=0.1)))
    exact = float(learner(new_model()).learn(some(collate), 1.0).unsmoothed)
    losses = []
    for place in range(11):
        dropped.seed(place)
        losses.append(float(dropped.learn(some(collate), 1.0).unsmoothed))
    assert len(set(losses)) == 11
    assert sum(losses) / 11 == pytest.approx(exact, rel=0.1)


def test_the_model_itself_stays_as_it_is(collate: Collator) -> None:
    model = new_model(model_config(dropout=0.3)).eval()
    before = {name: weight.clone() for name, weight in model.state_dict().items()}
    kinds = [type(module) for module in model.modules()]
    made = learner(model, precision="bfloat16")
    made.learn(some(collate), 1.0)
    assert [type(module) for module in model.modules()] == kinds
    assert not any(module.training for module in model.modules())
    assert not any(module._forward_hooks for module in model.modules())
    for name, weight in model.state_dict().items():
        assert torch.equal(weight, before[name])


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_an_encoder_that_does_not_learn_has_no_dropout(collate: Collator, precision: str) -> None:
    model = new_model(model_config(dropout=0.3, attention_dropout=0.2, tie_embeddings=False))
    model.encoder.requires_grad_(False)
    made = learner(model, precision=precision)
    memories: list[Tensor] = []
    made._tree.encoder.register_forward_hook(lambda *call: memories.append(call[-1]))
    for place in (1, 2):
        made.seed(place)
        made.learn(some(collate), 1.0)
    batch = some(collate)
    mask = padding_mask(batch.source_lengths, batch.source.shape[1])
    expected = model.eval().encode(batch.source, mask)
    assert torch.equal(memories[0], memories[1])
    apart = 1e-5 if precision == "float32" else 0.05
    real = mask[:, 0, 0]
    torch.testing.assert_close(memories[0][real], expected[real], rtol=0.0, atol=apart)
    assert all(weight.grad is None for weight in model.encoder.parameters())
    assert all(weight.grad is not None for weight in present(model.decoder).parameters())


# Fewer bits


def test_fewer_bits_change_the_loss_by_their_rounding_and_are_put_back(collate: Collator) -> None:
    before = torch.get_float32_matmul_precision()
    losses, found = [], []
    for precision in ("float32", "bfloat16"):
        model = new_model()
        losses.append(learner(model, precision=precision).learn(some(collate), 1.0).smoothed.item())
        found.append(gradients(model))
        assert torch.get_float32_matmul_precision() == before
    assert losses[1] == pytest.approx(losses[0], rel=0.01)
    one, other = (torch.cat([g.flatten() for g in each.values()]) for each in found)
    assert one.dtype == other.dtype == torch.float32
    assert float((one - other).norm() / one.norm()) < 0.05


def test_an_error_puts_the_bits_back_too(collate: Collator) -> None:
    before = torch.get_float32_matmul_precision()
    batch = some(collate)
    with pytest.raises(IndexError):
        learner(new_model(), precision="bfloat16").learn(
            batch._replace(source=batch.source + 1009), 1.0
        )
    assert torch.get_float32_matmul_precision() == before


# Memory


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 7 GiB"),
        RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 7 bytes"),
        RuntimeError("DefaultCPUAllocator: not enough memory: you tried to allocate 7 bytes"),
    ],
)
def test_a_micro_batch_that_is_too_large_is_named(collate: Collator, error: Exception) -> None:
    batch = some(collate)
    pairs, source, target = PAIRS, batch.source.shape[1], batch.inputs.shape[1]
    with pytest.raises(TrainingError) as caught, naming_what_is_too_large(batch):
        raise error
    tokens = pairs * max(source, target)
    assert str(caught.value) == (
        f"out of memory at a micro-batch of {pairs} pairs with up to {source} source and {target} "
        f"target tokens ({tokens} tokens, padding included): start again with "
        f"training.micro_batch_tokens={tokens // 2}, which leaves the batch size of an update as "
        "it is"
    )
    assert caught.value.__cause__ is error


def test_other_errors_stay_what_they_are(collate: Collator) -> None:
    with pytest.raises(RuntimeError, match="shapes"), naming_what_is_too_large(some(collate)):
        raise RuntimeError("shapes do not fit")
    with pytest.raises(KeyboardInterrupt), naming_what_is_too_large(some(collate)):
        raise KeyboardInterrupt


def test_a_batch_beyond_memory_is_named_for_real(collate: Collator) -> None:
    with pytest.raises(TrainingError), naming_what_is_too_large(some(collate)):
        torch.empty(1 << 60, dtype=torch.uint8)
