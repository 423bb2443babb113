"""What is said of near-duplicates: how many dev pairs have one, and the scores without these.

`corpus/near_duplicates.py` says what one is. Trainings that began before they were looked for say
that they were not.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from glassformer.catalogue import Language, phrase, sentence
from glassformer.messages import Note
from glassformer.training.corpus.pairs import Pair
from glassformer.training.reporting.markdown import code
from glassformer.training.reporting.record import TrainingRecord

RULE = (
    "a source within one word of edit distance, or with more than half of this one's word 5-grams; "
    "with fewer than 6 words, by edit distance alone; with one word, by equality"
)
_NONE = "–"


def counted(pairs: Sequence[Pair], near: Sequence[bool]) -> dict[str, Any]:
    """How many dev pairs there are, and how many with a near-duplicate: all, and of each target."""
    targets: dict[str, dict[str, int]] = {}
    for pair, is_near in zip(pairs, near, strict=True):
        of_target = targets.setdefault(pair.tag or "target", {"pairs": 0, "near": 0})
        of_target["pairs"] += 1
        of_target["near"] += is_near
    return {"rule": RULE, "pairs": len(pairs), "near": sum(near), "targets": targets}


def notes(record: TrainingRecord) -> Iterator[Note]:
    """The same for people; nothing where it was not looked for."""
    found = record.near_duplicates
    if found is None:
        return
    near, pairs = found["near"], found["pairs"]
    if near < pairs:
        yield Note(
            "{near:,} of the {pairs:,} dev pairs have a near-duplicate among the training pairs: "
            "scores are given on all, and on those without one",
            {"near": near, "pairs": pairs},
        )
    else:
        yield Note(
            "all {pairs:,} dev pairs have a near-duplicate among the training pairs, so no score "
            "will say how good the model is on others",
            {"pairs": pairs},
        )


def score_rows(
    scores: Mapping[str, Any], *columns: str, language: Language = "en"
) -> list[tuple[Any, ...]]:
    """The rows of a table of scores: of each target all pairs, and those without near-duplicates.

    `columns` are keys of a target's scores, of which "bleu_signature" is shown as code.
    """
    rows = []
    for name, one in scores["targets"].items():
        rows.append((code(name), *(_cell(one, key) for key in columns)))
        if one.get("near_duplicates"):
            apart = one["without_near_duplicates"] or {"pairs": 0}
            name = phrase("… without near-duplicates", language)
            rows.append((name, *(_cell(apart, key) for key in columns)))
    return rows


def said_of(record: TrainingRecord, language: Language = "en") -> str:
    """One paragraph on what the near-duplicates mean for the scores."""
    found = record.near_duplicates
    if found is None:
        return phrase(
            "How many of these pairs have a near-duplicate among the training pairs is not known: "
            "they were not looked for when this training started.\n",
            language,
        )
    near, pairs = found["near"], found["pairs"]
    text = phrase(
        "{near:,} of the {pairs:,} pairs have a near-duplicate among the training pairs: {rule}."
        if near < pairs
        else "All {pairs:,} pairs have a near-duplicate among the training pairs, so no score says "
        "how good the model is on others: {rule}.",
        language,
        near=near,
        pairs=pairs,
        rule=sentence(found["rule"], language),
    )
    if (before := record.asked.get("model_from")) is not None:
        text += phrase(
            " The training pairs of {model} were not compared; they are not known here.",
            language,
            model=code(before),
        )
    return f"{text}\n"


def _cell(scores: Mapping[str, Any], key: str) -> Any:
    if key not in scores:
        return _NONE
    return code(scores[key]) if key.endswith("signature") else scores[key]
