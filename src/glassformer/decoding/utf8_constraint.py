"""Constrained decoding: byte tokens must form valid UTF-8.

Characters that are not in the vocabulary are encoded as the bytes of their UTF-8 form, one token
each (byte fallback). Nothing in a model keeps it from generating half of a character, so the search
allows only valid UTF-8 sequences (Unicode 15.0, table 3-7), by a finite-state automaton.
"""

import math
from collections.abc import Mapping

import torch
from jaxtyping import Float, Int
from torch import Tensor

_BETWEEN = 0
_WAYS: tuple[tuple[tuple[int, int, int], ...], ...] = (
    # Between two characters: a byte range, and the state after it.
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
    ((0xA0, 0xBF, 1),),  # 4: two more, not overlong
    ((0x80, 0x9F, 1),),  # 5: two more, no surrogate
    ((0x90, 0xBF, 2),),  # 6: three more, not overlong
    ((0x80, 0x8F, 2),),  # 7: three more, none beyond U+10FFFF
)


class WholeCharacters:
    """The automaton over tokens that keeps characters whole.

    `byte_of` maps the byte tokens to their bytes. The state of a hypothesis is a number: 0 between
    characters, which is the initial state, and others inside of one.
    """

    def __init__(self, byte_of: Mapping[int, int], vocabulary: int, device: torch.device) -> None:
        after = torch.full((len(_WAYS), 256), -1)
        for state, ways in enumerate(_WAYS):
            for first, last, following in ways:
                after[state, first : last + 1] = following
        table = torch.full((len(_WAYS), vocabulary), -1)
        table[_BETWEEN] = (
            _BETWEEN  # all other tokens, the end token included, are between characters
        )
        table[:, list(byte_of)] = after[:, list(byte_of.values())]
        self._after = table.to(device)
        self._not_first = (self._after[_BETWEEN] < 0).nonzero()[:, 0]

    def forbid(
        self, logits: Float[Tensor, "rows vocabulary"], states: Int[Tensor, " rows"]
    ) -> None:
        """Set to −inf, in place, the tokens that would break a character."""
        inside = states.nonzero()[:, 0]
        rest = logits[inside].masked_fill_(self._after[states[inside]] < 0, -math.inf)
        logits.index_fill_(1, self._not_first, -math.inf)
        logits[inside] = rest

    def after(self, states: Int[Tensor, " rows"], tokens: Int[Tensor, " rows"]) -> Tensor:
        """The state of each hypothesis after one more token; 0 after an invalid one."""
        return self._after[states, tokens].clamp_(min=_BETWEEN)
