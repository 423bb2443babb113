"""Which word of one sentence stands opposite which of another: the shortest edit between them."""

import unicodedata
from collections.abc import Sequence

from glassformer.views import Pair


def aligned(
    left: Sequence[str],
    right: Sequence[str],
    left_positions: Sequence[int] | None = None,
    right_positions: Sequence[int] | None = None,
) -> tuple[Pair, ...]:
    """Words of two sentences in their order, each one of them in one pair.

    As few words as possible are replaced, or stand on one side alone (the Levenshtein distance over
    words); of the ways to do so it is one with the most words that are the same. `left_positions`
    and `right_positions` are what the words are called in the pairs, if not by their numbers.
    """
    mine = range(len(left)) if left_positions is None else left_positions
    theirs = range(len(right)) if right_positions is None else right_positions
    ours, others = ([unicodedata.normalize("NFC", word) for word in side] for side in (left, right))
    costs = _costs(ours, others)
    pairs: list[Pair] = []
    i, j = len(ours), len(others)
    while i or j:
        same = i > 0 and j > 0 and ours[i - 1] == others[j - 1]
        if i and j and costs[i][j] == costs[i - 1][j - 1] + _step(same, len(ours) + len(others)):
            i, j = i - 1, j - 1
            pairs.append(
                Pair(left=mine[i], right=theirs[j], kind="matched" if same else "replaced")
            )
        elif i and costs[i][j] == costs[i - 1][j] + _step(False, len(ours) + len(others)):
            i -= 1
            pairs.append(Pair(left=mine[i], right=None, kind="left"))
        else:
            j -= 1
            pairs.append(Pair(left=None, right=theirs[j], kind="right"))
    return tuple(reversed(pairs))


def _costs(left: Sequence[str], right: Sequence[str]) -> list[list[int]]:
    """What it costs, at best, to edit the first i words of the left into the first j of the right.

    An edit costs more than all words that are the same can win back: so edits come first, and
    words that are the same second.
    """
    longest = len(left) + len(right)
    edit = _step(False, longest)
    costs = [[edit * j for j in range(len(right) + 1)]]
    for i, word in enumerate(left, start=1):
        above, row = costs[-1], [edit * i]
        for j, other in enumerate(right, start=1):
            across = above[j - 1] + _step(word == other, longest)
            row.append(min(across, above[j] + edit, row[-1] + edit))
        costs.append(row)
    return costs


def _step(same: bool, longest: int) -> int:
    return -1 if same else longest + 1
