"""Token types: which text of a pair a token belongs to, and what a model without them refuses."""

import dataclasses

import pytest
import torch
from strategies import build
from torch import Tensor, nn

from glassformer.config import ModelConfig, StackConfig
from glassformer.errors import InputError, UsageError
from glassformer.model.padding import padded
from glassformer.model.transformer import Transformer

CPU = torch.device("cpu")
SOURCE = [[5, 6, 7, 8, 9], [7, 5, 6]]
TYPES = [[0, 0, 1, 1, 1], None]


def model(token_types: int) -> Transformer:
    stack = StackConfig(
        vocabulary=29, d_model=21, num_heads=3, d_ff=23, num_layers=2, token_types=token_types
    )
    return build(ModelConfig(encoder=stack), torch.float32)


@pytest.mark.parametrize("token_types", [0, 1, 2])
@torch.no_grad()
def test_types_of_0_change_no_bit(token_types: int) -> None:
    tokens = torch.tensor(SOURCE[:1])
    typed = model(token_types).encode(tokens, type_ids=torch.zeros_like(tokens))
    assert torch.equal(typed, model(token_types).encode(tokens))


@torch.no_grad()
def test_a_pair_and_a_single_text_keep_each_other_company() -> None:
    bert = model(2)
    batch = padded(SOURCE, 0, CPU, TYPES)
    together = bert.encode(batch.ids, batch.mask, batch.type_ids)
    for row, (ids, types) in enumerate(zip(SOURCE, TYPES, strict=True)):
        alone = padded([ids], 0, CPU, [types])
        expected = bert.encode(alone.ids, type_ids=alone.type_ids)[0]
        torch.testing.assert_close(together[row, : len(ids)], expected, rtol=0, atol=1e-5)
    untyped = bert.encode(batch.ids, batch.mask)
    assert not torch.allclose(together[0], untyped[0])


def test_padding_is_of_type_0_and_no_types_are_none() -> None:
    batch = padded(SOURCE, 0, CPU, TYPES)
    assert batch.type_ids is not None
    assert batch.type_ids.tolist() == [[0, 0, 1, 1, 1], [0, 0, 0, 0, 0]]
    assert padded(SOURCE, 0, CPU, [None, [0, 0, 0]]).type_ids is None
    assert padded(SOURCE, 0, CPU).type_ids is None


@pytest.mark.parametrize(
    ("token_types", "given"), [(0, 1), (1, 1), (2, 2), (2, -1)], ids=lambda one: str(one)
)
def test_a_type_that_the_model_lacks_is_refused_before_anything_is_computed(
    token_types: int, given: int
) -> None:
    bert = model(token_types)
    computed: list[Tensor] = []

    def look(module: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
        computed.append(output)

    bert.encoder.embedding.tokens.register_forward_hook(look)
    with pytest.raises(UsageError, match=f"has {token_types} token types, but the input has type"):
        bert.encode(torch.tensor([[5, 6]]), type_ids=torch.tensor([[0, given]]))
    assert not computed


def test_each_token_needs_its_type() -> None:
    with pytest.raises(InputError, match=r"the tokens are \[2, 3\] and the types \[1, 3\]"):
        # Two names for one length, as the shapes that tests check would refuse it otherwise.
        model(2).encoder.embedding._check_types(
            torch.zeros(2, 3, dtype=torch.long), torch.zeros(1, 3, dtype=torch.long)
        )


def test_a_table_of_types_belongs_to_the_encoder_alone() -> None:
    stack = StackConfig(vocabulary=29, d_model=21, num_heads=3, num_layers=2, token_types=2)
    plain = dataclasses.replace(stack, token_types=0)
    translator = build(ModelConfig(encoder=stack, decoder=plain), torch.float32)
    source, target = torch.tensor(SOURCE[:1]), torch.tensor([[3, 4]])
    types = torch.tensor(TYPES[:1])
    with torch.no_grad():
        typed = translator(source, target, type_ids=types)
        memory = translator.encode(source, type_ids=types)
        torch.testing.assert_close(typed, translator.decode(target, memory))
        assert not torch.allclose(typed, translator(source, target))
