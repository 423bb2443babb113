"""The head that pictures of a pretrained model show by default, where one was measured.

Keyed by size and SHA-256 of the weights file, so that fine-tuned copies do not inherit it.
"""

import hashlib
from pathlib import Path

from glassformer.config import ShownHead

_MINILM = ShownHead(
    part="encoder",
    layer=4,
    head=2,
    reason='finds the antecedent of "it" among two candidates in 61 % of 126 sentences '
    "(Definite Pronoun Resolution, summed attention; chance 50 %)",
)

SHOWN_HEADS: dict[tuple[int, str], ShownHead] = {
    (90_868_376, "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"): _MINILM,
}


def shown_head_of(weights: Path) -> ShownHead | None:
    """The head measured for exactly this weights file; it is hashed only if its size matches."""
    size = weights.stat().st_size
    if all(size != known for known, _ in SHOWN_HEADS):
        return None
    with weights.open("rb") as file:
        return SHOWN_HEADS.get((size, hashlib.file_digest(file, "sha256").hexdigest()))
