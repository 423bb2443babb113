"""What the parts of pictures are called: the codes that views use, in words."""

import re
from collections.abc import Sequence

from glassformer.catalogue import Language, phrase, sentence
from glassformer.drawing.cells import shape_text
from glassformer.views import (
    AddNormView,
    AttentionView,
    Block,
    MatrixView,
    Moment,
    PositionsView,
    printable,
)

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
    "hidden": "hidden layer",
    "step_tokens": "ids of the tokens",
    "step_token_embedding": "X, embedding",
    "step_token_types": "T, token types",
    "step_embedding": "input of layer 1",
    "step_query": "Q, queries",
    "step_key": "K, keys",
    "step_value": "V, values",
    "step_scores": "scores",
    "step_scaled_scores": "scaled scores",
    "step_mask": "mask",
    "step_weights": "weights",
    "step_context": "Z, output of the head",
    "step_attention": "output of the attention",
    "step_hidden": "hidden layer",
    "step_feed_forward": "output of the feed-forward network",
    "step_residual_sum": "residual sum",
    "step_norm": "LayerNorm",
    "step_add_norm": "add & norm",
    "step_layer": "output of the layer",
    "step_logits": "logits",
    "step_probabilities": "probabilities",
    "E": "E, embedding table: the rows of this text",
    "Eᵀ": "Eᵀ, embedding table as output layer",
    "table_of_positions": "table of positions: the rows of this text",
    "table_of_token_types": "table of token types: the rows of this text",
    "gain": "γ, gain of the LayerNorm",
    "shift": "β, bias of the LayerNorm",
    "axis_token": "token",
    "axis_feature": "feature",
    "axis_input": "feature of the input",
    "axis_output": "feature of the output",
    "axis_entry": "vocabulary entry",
    "output": "output",
    "row_query_self": "attends (query)",
    "row_key_self": "is attended to (key)",
    "row_query_cross": "target (query)",
    "row_key_cross": "source (key)",
}
"""A code that views and pictures use, and its English."""


def name_of(code: str, language: Language) -> str:
    """What a part of the model, a step or a row of a picture is called."""
    return phrase(NAMES[code], language)


def shape_name(block: Block, language: Language) -> str:
    """The shape of a box, with what it is the shape of where that is something inside of it."""
    shape = shape_text(block.shape)
    return f"{name_of(block.shape_of, language)} {shape}" if block.shape_of else shape


def matrix_title(view: MatrixView, language: Language) -> str:
    """What a matrix is called in words, with its layer and head."""
    if not view.kind:
        return view.name
    what = titled(view.kind, language)
    where = "" if view.place == "encoder" else name_of(view.place, language)
    if view.layer is not None:
        at = phrase("layer {n}", language, n=view.layer)
        if view.head is not None:
            at = head_name(view.layer, view.head, 1, language)
        where = phrase("{a}, {b}", language, a=name_of(view.place, language), b=at)
    return phrase("{a}: {b}", language, a=where, b=what) if where else what


def axis_name(view: MatrixView, axis: str, language: Language) -> str:
    """What the rows or columns of a matrix are, in words; a word that has none stays as it is."""
    if axis in ("query", "key"):
        kind = "cross" if view.place == "cross" else "self"
        return name_of(f"row_{axis}_{kind}", language)
    return name_of(f"axis_{axis}", language) if f"axis_{axis}" in NAMES else axis


def part_note(rows: tuple[int, int], columns: tuple[int, int], language: Language) -> str:
    """What is said where not all rows or columns are shown: of how many, and which."""
    notes = []
    if rows[0] < rows[1]:
        notes.append(
            phrase(
                "Shown: the {shown} of {all} rows with the largest numbers; the others are left "
                "out.",
                language,
                shown=rows[0],
                all=rows[1],
            )
        )
    if columns[0] < columns[1]:
        notes.append(
            phrase(
                "Shown: the {shown} of {all} columns with the largest numbers; the others are "
                "left out.",
                language,
                shown=columns[0],
                all=columns[1],
            )
        )
    return " ".join(notes)


def positions_note(view: PositionsView, language: Language) -> list[str]:
    """How the positions of a model come about, and how much they are beside the embedding."""
    notes = {
        "sinusoidal": "P is computed, not learned: sines and cosines of the position, slower from "
        "one pair of features to the next.",
        "sinusoidal_halves": "P is computed, not learned: sines of the position in the first half "
        "of the features, cosines in the second.",
        "learned": "P is learned: one row of a table for each position.",
        "none": "This model has no positions: nothing says where a token stands.",
    }
    said = [phrase(notes[view.positions], language)]
    if len(view.summands) > 1:
        note = phrase(
            "One scale of colours for all, so that they can be compared; colour is full from "
            "{full:.3g}, which one number in a hundred exceeds.",
            language,
            full=view.total.matrix.scale,
        )
        if view.normalised is not None:
            note = f"{note} " + phrase(
                "The norm has a scale of its own, full from {full:.3g}.",
                language,
                full=view.normalised.matrix.scale,
            )
        said.append(note)
    return said


def add_norm_title(view: AddNormView, language: Language) -> str:
    """Which residual sum a picture shows."""
    kinds = {"encoder": "self_attention", "decoder": "masked_self_attention"}
    kind = kinds.get(view.part, "cross_attention")
    if view.sublayer == "feed-forward":
        kind = "feed_forward"
    side = name_of("encoder" if view.part == "encoder" else "decoder", language)
    layer = phrase("layer {n}", language, n=view.layer)
    what = name_of("add" if view.norm == "none" else "add_norm", language)
    where = phrase("{a}, {b}", language, a=side, b=layer)
    return f"{what} · " + phrase("{a}: {b}", language, a=where, b=name_of(kind, language))


def add_norm_notes(view: AddNormView, language: Language) -> list[str]:
    """What is shown of each matrix, and what the norm does."""
    last = view.panels[-1].panel
    said = [
        phrase(
            "The first {shown} of {all} features are shown; mean and standard deviation (sd) are "
            "those of the whole row.",
            language,
            shown=len(last.matrix.values[0]),
            all=last.shape[-1],
        )
    ]
    if view.norm == "none":
        said.append(phrase("This model has no norm: the sum goes on as it is.", language))
        return said
    does = (
        "LayerNorm gives each row mean 0 and standard deviation 1, then multiplies each feature by "
        "its γ and adds its β, which are learned."
    )
    said.append(phrase(does, language))
    if not view.parameters:
        missing = "γ and β are not in this trace: a saved one does not hold them."
        said.append(phrase(missing, language))
    return said


def followed_note(row: int | None, labels: Sequence[str], language: Language) -> str:
    """Whose row a picture frames, if it does."""
    if row is None:
        return ""
    return phrase(
        "Framed: the row of “{token}”, followed from step to step.",
        language,
        token=printable(labels[row]),
    )


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
