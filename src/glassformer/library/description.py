"""A model in one line: what a person sees who types its name."""

from glassformer.model.transformer import Transformer


def described(model: Transformer) -> str:
    """Layers, heads and width of each stack, the targets, and where and how numbers are kept."""
    config = model.config
    stacks = {"encoder": config.encoder, "decoder": config.decoder}
    parts = [
        f"{side} {stack.num_layers} × {stack.num_heads} heads, d_model {stack.d_model}"
        for side, stack in stacks.items()
        if stack is not None
    ]
    tags = [tag for tag, _ in config.tags]
    if tags:
        parts.append(f"to {', '.join(tags)}")
    weights = str(model.encoder.embedding.tokens.weight.dtype).removeprefix("torch.")
    return "; ".join([*parts, f"{weights} on {model.device}"])
