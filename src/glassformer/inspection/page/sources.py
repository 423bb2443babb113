"""Which file of this package computes a step, for readers who want to open it."""

from glassformer.tracing.steps import Step

_OF_ROLE = {
    "tokens": "text/tokenizer.py",
    "token_embedding": "model/embedding.py",
    "token_types": "model/embedding.py",
    "positions": "model/positions.py",
    "embedding": "model/embedding.py",
    "norm": "model/add_norm.py",
    "residual_sum": "model/add_norm.py",
    "add_norm": "model/add_norm.py",
    "hidden": "model/feed_forward.py",
    "feed_forward": "model/feed_forward.py",
    "mask": "model/masks.py",
    "logits": "model/transformer.py",
    "probabilities": "decoding/next_token.py",
}


def source_file(step: Step) -> str:
    """The path of that file below `src/glassformer`."""
    if step.name.endswith("embedding.sum"):
        return "model/embedding.py"
    if step.part is not None and step.role not in _OF_ROLE:
        return "model/attention.py"
    side = "encoder" if step.side == "source" else "decoder"
    return _OF_ROLE.get(step.role, f"model/{side}.py")
