"""Characters that are spelled in bytes come out whole.

What has no vocabulary entry is written as the bytes of its UTF-8 form, a token each. Nothing in a
model keeps it from writing half of a character, which no text can hold; so the search goes on only
in such ways as are UTF-8 (Unicode 15.0, table 3-7).
"""

import math
from collections.abc import Mapping

import torch
from jaxtyping import Float, Int
from torch import Tensor

_BETWEEN = 0
_WAYS: tuple[tuple[tuple[int, int, int], ...], ...] = (
    # Between two characters: a byte from … to …, and what has to come after it.
    (
        (0x00, 0x7F, _BETWEEN),
        (0xC2, 0xDF, 1),
        (0xE0, 0xE0, 4),
        (0xE1, 0xEC, 2),
        (0xED, 0xED, 5),
        (0xEE, 0xEF, 2),
        (0xF0, 0xF0, 6),
        (0xF1, 0xF3, 3),
        (0xF4, 0xF4, 7),
    ),
    ((0x80, 0xBF, _BETWEEN),),  # 1: one more byte
    ((0x80, 0xBF, 1),),  # 2: two more
    ((0x80, 0xBF, 2),),  # 3: three more
    ((0xA0, 0xBF, 1),),  # 4: two more, none of a shorter form
    ((0x80, 0x9F, 1),),  # 5: two more, no surrogate
    ((0x90, 0xBF, 2),),  # 6: three more, none of a shorter form
    ((0x80, 0x8F, 2),),  # 7: three more, none beyond U+10FFFF
)


class WholeCharacters:
    """Which tokens may follow which, so that bytes make characters.

    `byte_of` has the tokens that stand for a byte. A hypothesis has a state, a number: 0 between
    characters, where it begins, and others for what its last bytes ask for.
    """

    def __init__(self, byte_of: Mapping[int, int], vocabulary: int, device: torch.device) -> None:
        after = torch.full((len(_WAYS), 256), -1)
        for state, ways in enumerate(_WAYS):
            for first, last, following in ways:
                after[state, first : last + 1] = following
        table = torch.full((len(_WAYS), vocabulary), -1)
        table[_BETWEEN] = _BETWEEN  # all other tokens, the end among them, stand between characters
        table[:, list(byte_of)] = after[:, list(byte_of.values())]
        self._after = table.to(device)
        self._not_first = (self._after[_BETWEEN] < 0).nonzero()[:, 0]

    def forbid(
        self, logits: Float[Tensor, "rows vocabulary"], states: Int[Tensor, " rows"]
    ) -> None:
        """Set to −inf, in place, what would break a character."""
        inside = states.nonzero()[:, 0]
        rest = logits[inside].masked_fill_(self._after[states[inside]] < 0, -math.inf)
        logits.index_fill_(1, self._not_first, -math.inf)
        logits[inside] = rest

    def after(self, states: Int[Tensor, " rows"], tokens: Int[Tensor, " rows"]) -> Tensor:
        """The state of each hypothesis with one more token; where that breaks one, 0."""
        return self._after[states, tokens].clamp_(min=_BETWEEN)
