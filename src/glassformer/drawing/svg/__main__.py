"""`python -m glassformer.drawing.svg > picture.svg`: equal scores, drawn."""

from glassformer.drawing.demo import attention_of_equal_scores
from glassformer.drawing.svg import svg


def demo() -> str:
    """An SVG of uniform attention."""
    return svg(attention_of_equal_scores())


if __name__ == "__main__":
    print(demo())
