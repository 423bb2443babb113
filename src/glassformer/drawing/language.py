"""What the parts of pictures are called: the codes that views use, in words."""

import re

from glassformer.catalogue import Language, phrase, sentence
from glassformer.views import AttentionView, Moment, printable

NAMES: dict[str, str] = {
    "encoder": "encoder",
    "decoder": "decoder",
    "cross": "cross-attention (target to source)",
    "tokens": "tokens",
    "embedding": "X, embedding",
    "positions_sinusoidal": "P, sinusoids",
    "positions_sinusoidal_halves": "P, sinusoids in halves",
    "positions_learned": "P, learned positions",
    "token_types": "T, token types",
    "input": "input of layer 1",
    "self_attention": "multi-head self-attention",
    "masked_self_attention": "masked multi-head self-attention",
    "cross_attention": "multi-head cross-attention on R",
    "feed_forward": "feed-forward",
    "add_norm": "add & norm",
    "add": "add (no norm)",
    "representation": "R, the representation",
    "h": "h, output of the decoder",
    "logits": "logits",
    "probabilities": "probabilities",
    "scores": "scores",
    "scaled scores": "scaled scores",
    "weights": "weights",
    "row_query_self": "attends (query)",
    "row_key_self": "is attended to (key)",
    "row_query_cross": "target (query)",
    "row_key_cross": "source (key)",
}
"""A code that views and pictures use, and its English."""


def name_of(code: str, language: Language) -> str:
    """What a part of the model, a step or a row of a picture is called."""
    return phrase(NAMES[code], language)


def titled(title: str, language: Language) -> str:
    """The title of a panel: its words in this language, its letters (Q, K, V, Z) as they are."""
    return name_of(title, language) if title in NAMES else title


def head_name(layer: int | None, head: int | None, mean_of: int, language: Language) -> str:
    """What a head is called, or the mean over several (of a layer, or of all)."""
    if head is not None:
        return phrase("layer {layer}, head {head}", language, layer=layer, head=head)
    if layer is None:
        return phrase("mean over all {n} heads", language, n=mean_of)
    return phrase("layer {layer}, mean over its {n} heads", language, layer=layer, n=mean_of)


def card_note(view: AttentionView, language: Language) -> str:
    """That the model's card recommends the head shown and, where it belongs, why.

    A reason that quotes words ("it") is about these: it stands under pictures of them alone.
    """
    if view.choice != "card":
        return ""
    quoted = {word.casefold() for word in re.findall(r'["“]([^"“”]+)["”]', view.reason)}
    selected = {printable(view.queries[at]).strip("▁").casefold() for at in view.shown_queries}
    if len(view.shown_queries) == len(view.queries) > 1:
        selected = set()  # all of them, not this word
    if not view.reason or (quoted and not quoted & selected):
        return phrase("the head that the model card recommends", language)
    reason = sentence(view.reason, language)
    return phrase("the head that the model card recommends: {reason}", language, reason=reason)


def rows_note(view: AttentionView, language: Language) -> str:
    """To which of the target's tokens the rows of a decoder belong, where that needs saying."""
    if view.align == "output":
        return phrase(
            "a row stands under the token that it predicts; it has read those before it", language
        )
    if view.part != "cross":
        return ""
    return phrase(
        "from the target tokens that the decoder reads; each predicts the one after it", language
    )


def moment_note(moment: Moment, language: Language) -> str:
    """When in a training a picture was recorded, and how exactly."""
    when = phrase("at update {n} of the training", language, n=moment.update)
    return phrase("{a}: {b}", language, a=when, b=levels_note(moment, language))


def levels_note(moment: Moment, language: Language) -> str:
    """How exactly the weights of a moment in training were recorded."""
    levels = moment.levels
    return phrase("weights as they were recorded, in steps of 1/{levels}", language, levels=levels)


def layers_alike(number: int, language: Language) -> str:
    """How many layers a stack has."""
    if number == 1:
        return phrase("1 layer", language)
    return phrase("{n} layers, all built alike", language, n=number)
