"""The four steps of one head: from x to Q, K and V, Q Kᵀ, the division, softmax, and Z."""

from glassformer.config import Part
from glassformer.errors import Setting, UsageError
from glassformer.inspection.attention import attention_view, find_word
from glassformer.inspection.excerpts import FEATURES_SHOWN, check_length, panel_of
from glassformer.inspection.matrix import matrix_view
from glassformer.tracing.recorded_pass import RecordedPass
from glassformer.tracing.steps import attention_name
from glassformer.views import FlowColumn, FlowPanel, FlowView

LONGEST_FLOW = 40
FOLLOWED = "it"
"""The word whose row is followed through where no other is asked for and the text has it."""


def flow_view(
    trace: RecordedPass,
    part: Part = "encoder",
    layer: int | None = None,
    head: int | None = None,
    word: str | None = None,
) -> FlowView:
    """The four steps of one head (layer and head from 1), by default the one on the model's card.

    The row of `word` is followed through; without one that of "it", or else of the last word.

    Raises:
        UsageError: when there is no such head or word, or the sentence is too long to read such a
            picture.
    """
    layer, head = _chosen(trace, part, layer, head)
    attention_view(trace, part=part, layer=layer, head=head)  # refuses what is not there
    prefix = attention_name(part, layer - 1)
    check_length(max(trace[f"{prefix}.scores"].shape[1:]), LONGEST_FLOW, "flow")

    def panel(title: str, step: str) -> FlowPanel:
        return panel_of(title, matrix_view(trace, f"{prefix}.{step}", head))

    stack = trace.config.stack_of(part)
    d_head = stack.d_head
    divide = f"÷ √{d_head}" if stack.scale_scores else "× 1"
    return FlowView(
        part=part,
        layer=layer,
        head=head,
        d_head=d_head,
        features_shown=min(d_head, FEATURES_SHOWN),
        columns=(
            FlowColumn(operation="", panels=(panel("Q", "query"), panel("K", "key"))),
            FlowColumn(operation="Q Kᵀ", panels=(panel("scores", "scores"),)),
            FlowColumn(operation=divide, panels=(panel("scaled scores", "scaled_scores"),)),
            FlowColumn(
                operation="softmax", panels=(panel("weights", "weights"), panel("V", "value"))
            ),
            FlowColumn(operation="weights · V", panels=(panel("Z", "context"),)),
        ),
        inputs=_inputs(trace, part, prefix),
        parameters=_parameters(trace, prefix, head),
        row=row_of(trace, part, word),
    )


def _chosen(
    trace: RecordedPass, part: Part, layer: int | None, head: int | None
) -> tuple[int, int]:
    card = trace.config.shown_head
    if layer is None and head is None and card is not None and card.part == part:
        layer, head = card.layer, card.head
    if layer is None or head is None:
        raise UsageError(
            "a flow shows one head: give {layer} and {head}",
            layer=Setting("layer", "L"),
            head=Setting("head", "H"),
        )
    return layer, head


def _inputs(trace: RecordedPass, part: Part, prefix: str) -> tuple[FlowPanel, ...]:
    """x, and R where keys and values come from the encoder; what was not kept is left out."""
    (x,) = trace.step(f"{prefix}.query").parents
    given = {"x": x, "R": "encoder"} if part == "cross" else {"x": x}
    return tuple(
        panel_of(letter, matrix_view(trace, name))
        for letter, name in given.items()
        if name in trace
    )


def _parameters(trace: RecordedPass, prefix: str, head: int) -> tuple[FlowPanel, ...]:
    """What Q, K and V of this head are made with: W and b each, in this order."""
    if not trace.has_model:
        return ()
    return tuple(
        panel_of(
            f"{letter}_{projection}",
            matrix_view(trace, f"{prefix}.{step}.{name}", head),
            rows=FEATURES_SHOWN,
        )
        for projection, step in (("Q", "query"), ("K", "key"), ("V", "value"))
        for letter, name in (("W", "weight"), ("b", "bias"))
    )


def row_of(trace: RecordedPass, part: Part, word: str | None) -> int:
    """The position of the token that is followed: the first of a word, or of "it", or the last.

    Raises:
        UsageError: when a word is asked for that is not there, or more than once.
    """
    sentence = trace.source if part == "encoder" or trace.target is None else trace.target
    if word is None and sentence.words.count(FOLLOWED) == 1:
        word = FOLLOWED
    if word is not None:
        index = find_word(sentence.words, word)
        places = [at for at, of in enumerate(sentence.word_of_token) if of == index]
        if not places:
            raise UsageError('"{word}" has no token: the tokenizer drops it', word=word)
        return places[0]
    plain = [at for at, special in enumerate(sentence.special) if not special]
    return plain[-1] if plain else len(sentence.tokens) - 1
