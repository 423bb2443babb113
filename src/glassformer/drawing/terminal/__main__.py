"""`python -m glassformer.drawing.terminal`: the paper's base model, and equal scores as bars."""

from glassformer.config import ModelConfig
from glassformer.drawing.demo import attention_of_equal_scores
from glassformer.drawing.terminal import draw, render
from glassformer.views import structure_view


def demo() -> str:
    """The base model over a sentence of eleven tokens, and uniform attention."""
    config = ModelConfig.preset("base", vocabulary=37_000, start=1, end=2)
    structure = draw(structure_view(config, 11, 13))
    return render(structure, width=100) + render(draw(attention_of_equal_scores()), width=80)


if __name__ == "__main__":
    print(demo())
