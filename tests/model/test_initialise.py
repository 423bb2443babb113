"""Fresh weights: Xavier-uniform projections, zero biases, embeddings N(0, 1/d_model)."""

import copy
import math
import re

import pytest
import torch
from narrowing import part_of, present
from torch import nn

from glassformer.config import ModelConfig, StackConfig
from glassformer.model.positions import LearnedPositions
from glassformer.model.transformer import Transformer

PADDING = 3


@pytest.fixture(scope="module")
def model() -> Transformer:
    encoder = StackConfig(
        vocabulary=997,
        d_model=155,
        num_heads=5,
        d_ff=211,
        num_layers=2,
        positions="learned",
        token_types=3,
        embedding_norm=True,
    )
    decoder = StackConfig(
        vocabulary=1009, d_model=93, num_heads=3, d_ff=199, num_layers=3, norm="pre"
    )
    config = ModelConfig(
        encoder=encoder, decoder=decoder, tie_embeddings=False, output_bias=True, padding=PADDING
    )
    torch.manual_seed(0)
    return Transformer(config)


def test_projections_are_xavier_uniform(model: Transformer) -> None:
    linears = [module for module in model.modules() if isinstance(module, nn.Linear)]
    assert len(linears) == 2 * (4 + 2) + 3 * (4 + 4 + 2)
    for linear in linears:
        bound = math.sqrt(6.0 / (linear.in_features + linear.out_features))
        largest = float(linear.weight.detach().abs().max())
        assert 0.99 * bound < largest <= bound
        assert float(linear.weight.detach().std()) == pytest.approx(bound / math.sqrt(3), rel=0.02)
        assert not linear.bias.any()


def test_norms_begin_as_plain_normalisation(model: Transformer) -> None:
    norms = [module for module in model.modules() if isinstance(module, nn.LayerNorm)]
    assert len(norms) == 1 + 2 * 2 + 3 * 3 + 1
    for norm in norms:
        assert (norm.weight == 1).all()
        assert not norm.bias.any()


def test_embeddings_are_normal_with_variance_1_over_d_model(model: Transformer) -> None:
    tables = [
        model.encoder.embedding.tokens.weight,
        part_of(model, "encoder.embedding.positions", LearnedPositions).weight,
        present(model.decoder).embedding.tokens.weight,
    ]
    for table in tables:
        deviation = 1.0 / math.sqrt(table.shape[1])
        assert float(table.detach().std()) == pytest.approx(deviation, rel=0.02)
        assert float(table.detach().mean()) == pytest.approx(0.0, abs=0.02 * deviation)
        # Normal and not uniform: some of so many lie beyond three deviations.
        assert (table.abs() > 3.0 * deviation).any()


def test_padding_rows_and_the_output_bias_are_zero(model: Transformer) -> None:
    for side in (model.encoder, present(model.decoder)):
        is_zero = (side.embedding.tokens.weight == 0).all(dim=1)
        assert is_zero.nonzero().flatten().tolist() == [PADDING]
    assert not present(present(model.output).bias).any()


def test_a_tied_table_has_a_zero_padding_row_too() -> None:
    stack = StackConfig(vocabulary=31, d_model=14, num_heads=2, d_ff=19, num_layers=1)
    model = Transformer(ModelConfig(encoder=stack, decoder=stack, padding=PADDING))
    is_zero = (present(model.output).weight == 0).all(dim=1)
    assert is_zero.nonzero().flatten().tolist() == [PADDING]


def test_the_same_seed_gives_the_same_weights() -> None:
    stack = StackConfig(vocabulary=31, d_model=14, num_heads=2, d_ff=19, num_layers=2)
    models = []
    for seed in (1, 1, 2):
        torch.manual_seed(seed)
        models.append(Transformer(ModelConfig(encoder=stack, decoder=stack)))
    one, same, other = (torch.cat([p.flatten() for p in m.parameters()]) for m in models)
    assert torch.equal(one, same)
    assert not torch.equal(one, other)


def test_a_gain_scales_what_stands_beside_the_residuals_and_nothing_else(
    model: Transformer,
) -> None:
    scaled = copy.deepcopy(model)
    scaled.scale_residual_branches(0.5)
    beside = r"(attention\.(value|output)|feed_forward\.(expand|contract))\.weight$"
    drawn = dict(model.named_parameters())
    found = [name for name in drawn if re.search(beside, name)]
    assert len(found) == 2 * (2 + 2) + 3 * (2 + 2 + 2)
    for name, weight in scaled.named_parameters():
        assert torch.equal(weight, drawn[name] * (0.5 if name in found else 1.0)), name


def test_a_gain_keeps_the_positions_of_a_deep_post_norm_encoder_apart() -> None:
    """The share of R's squares that is left when what all positions have in common is taken away:
    3 % after six layers of Xavier's weights, and 70 % with a gain of (8 · 6)^(-1/4)."""
    stack = StackConfig(vocabulary=1009, d_model=256, num_heads=4, d_ff=1024, num_layers=6)
    torch.manual_seed(0)
    model = Transformer(ModelConfig(encoder=stack)).eval()
    source = torch.randint(10, 1009, (16, 10))
    shares = []
    for gain in (1.0, 48**-0.25):
        model.scale_residual_branches(gain)
        with torch.no_grad():
            r = model.encode(source)
        apart = r - r.mean(dim=1, keepdim=True)
        shares.append(float(apart.square().sum() / r.square().sum()))
    assert shares[0] < 0.1
    assert shares[1] > 0.6
