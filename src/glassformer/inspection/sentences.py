"""What a model read, as pictures need it: tokens, words, and which belongs to which."""

from collections.abc import Sequence

from glassformer.text.tokenized import TokenizedText
from glassformer.text.tokenizer import Tokenizer
from glassformer.views import Sentence


def sentence_of(cut: TokenizedText) -> Sentence:
    """A source: the encoder's inputs."""
    return Sentence(
        text=cut.text,
        tokens=cut.tokens,
        special=cut.special,
        words=cut.words,
        word_of_token=cut.word_of_token,
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
