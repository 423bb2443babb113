"""What a model read, as pictures need it: tokens, words, and which belongs to which."""

from collections.abc import Sequence

from glassformer.text.tokenized import TokenizedText
from glassformer.text.tokenizer import Tokenizer
from glassformer.views import Sentence

NOTHING_NEXT = "…"
"""The label of a row after which a target does not go on."""


def sentence_of(cut: TokenizedText) -> Sentence:
    """The source sentence: the encoder's inputs."""
    return Sentence(
        text=cut.text,
        tokens=cut.tokens,
        special=cut.special,
        words=cut.words,
        word_of_token=cut.word_of_token,
        pair=cut.pair,
        type_ids=cut.pair_type_ids or (),
    )


def sentence_of_target(tokenizer: Tokenizer, text: str, start: int, ids: Sequence[int]) -> Sentence:
    """A target, its text generated as these ids: the decoder's inputs, a start token or tag first.

    `tokenizer` is the target's.
    """
    words, word_of_token = tokenizer.words_of(text, ids)
    return Sentence(
        text=text,
        tokens=(tokenizer.token_of(start), *map(tokenizer.token_of, ids)),
        special=(True, *(False for _ in ids)),
        words=words,
        word_of_token=(None, *word_of_token),
    )


def as_predicted(target: Sentence, last: str | None) -> Sentence:
    """A target with each row of the decoder under the token that it predicts.

    `last` is what the last row predicts, the end token, or None where the target stops without one.
    """
    return Sentence(
        text=target.text,
        tokens=(*target.tokens[1:], NOTHING_NEXT if last is None else last),
        special=(*target.special[1:], True),
        words=target.words,
        word_of_token=(*target.word_of_token[1:], None),
    )
