"""`score_file()`: log-probabilities of given translations, line by line, and the most probable."""

import dataclasses
import json
import math
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, Literal, TypeAlias, Unpack, get_args

from glassformer.decoding.batches import batches_of
from glassformer.decoding.scoring import ScoredTarget, Scorer, perplexity
from glassformer.errors import Setting, UsageError
from glassformer.inspection.report import ENGINE
from glassformer.library.loading import Loading, obtain_translator
from glassformer.library.model import Glassformer
from glassformer.library.notes import Gathered, notes_on_names
from glassformer.library.progress import Progress, Unseen
from glassformer.messages import Note, Term
from glassformer.text.columns import GivenRows, Row, Rows, given_rows, paths_of
from glassformer.text.tokenizer import SpecialTokens

SCHEMA = "glassformer.score/2"

ScoreFormat: TypeAlias = Literal["text", "jsonl"]


@dataclass(frozen=True, kw_only=True)
class ScoredFile:
    """Totals over all pairs, and how often each target was the most probable of its line, from 1.

    `impossible` pairs have a token that the model never generates, and count for nothing else.
    """

    lines: int
    pairs: int
    tokens: int
    score: float
    impossible: int
    likeliest: dict[int, int] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()

    @property
    def per_token(self) -> float:
        """The mean log-probability per token."""
        return self.score / max(1, self.tokens)

    @property
    def perplexity(self) -> float:
        """Perplexity: the exponential of the negative mean log-probability per token."""
        return perplexity(self.per_token)


def score_file(
    source: str | Path | None = None,
    targets: Sequence[str | Path] = (),
    *,
    write: Callable[[str], object],
    text: Sequence[str] = (),
    target: Sequence[str] = (),
    pairs: str | Path | None = None,
    contrastive: bool = False,
    model: str | Path | Glassformer | None = None,
    to: str | None = None,
    special_tokens: SpecialTokens = "text",
    truncate: bool = False,
    batch_tokens: int | None = None,
    batch_size: int | None = None,
    format: ScoreFormat = "text",
    progress: Progress | None = None,
    **loading: Unpack[Loading],
) -> ScoredFile:
    """Compute the log-probability of line i of each target as the translation of line i of source.

    `write` takes each line of the answer, its end included, as it is found: as "text" the
    log-probability of the target and its mean per token, or with several targets the number of the
    most probable and the log-probabilities of all; as "jsonl" the scores of all tokens. `pairs` is
    one file of columns in place of several; `contrastive` makes each of its columns but the first a
    target. `text` and `target` are sentences in place of files: one text with all its targets, or
    as many texts as targets. `model` and what follows it are those of `load` and of
    `Glassformer.score`.

    Raises:
        UsageError: when settings exclude each other; found before a model is loaded.
        InputError: when the files do not go together, or a text cannot be read.
        ModelFilesError, ConfigError, WeightsError: as `load`.
    """
    if contrastive and pairs is None:
        raise UsageError(
            "{contrastive:name} is for {pairs:name}; several targets need no setting",
            contrastive=Setting("contrastive"),
            pairs=Setting("pairs"),
        )
    if format not in get_args(ScoreFormat):
        raise UsageError(
            "{format:name} must be one of {known}, but is {given!r}",
            format=Setting("format"),
            known=get_args(ScoreFormat),
            given=format,
        )
    batches = batches_of(batch_tokens, batch_size)
    files = [] if source is None else [Path(source), *map(Path, targets)]
    given = given_rows(text, target)
    if given is not None and (files or pairs is not None):
        raise UsageError(
            "give files, or {text:name} and {target:name}, not both",
            text=Setting("text"),
            target=Setting("target"),
        )
    several = contrastive or len(targets) > 1 or (given is not None and given.several)
    total = _Total()
    progress = progress or Unseen()
    columns = None if pairs is None else Path(pairs)
    with given or Rows(paths_of(files, columns, "target"), to=to) as rows:
        found = obtain_translator(model, **loading)
        waiting = _Pairs(rows, only_first=pairs is not None and not contrastive)
        scored = Scorer(found.translator).score_stream(
            waiting.pairs(),
            to=to,
            **batches,
            truncate=truncate,
            special_tokens=special_tokens,
            name=waiting.name_of,
        )
        places: dict[int, str] = {}
        gathered = Gathered(places.__getitem__)
        progress.begin(rows.size)
        for first in scored:
            row = waiting.pop()
            of_row = [first, *islice(scored, len(row.texts) - 2)]
            likeliest = total.add(of_row)
            notes: tuple[Note, ...] = ()
            if special_tokens == "text":
                notes = notes_on_names(found.tokenizer.specials_in(row.texts[0]))
            if notes:
                places[row.number] = row.place
                gathered.add(row.number, notes)
            if format == "jsonl":
                write(_json_line(row.number, of_row, likeliest, notes) + "\n")
            else:
                write(_columns(of_row, likeliest if several else None) + "\n")
            progress.advance(rows.position, row.number)
    notes = () if isinstance(rows, GivenRows) else rows.notes
    return dataclasses.replace(total.result(several), notes=(*notes, *gathered.notes))


class _Pairs:
    """The source of each row with each of its targets; rows are kept until their scores came."""

    def __init__(self, rows: Rows | GivenRows, *, only_first: bool) -> None:
        self._rows = rows
        self._only_first = only_first
        self._waiting: deque[Row] = deque()
        self._place_of: deque[str] = deque()  # of each pair that waits
        self._popped = 0

    def pairs(self) -> Iterator[tuple[str, str]]:
        """What to score, one after the other."""
        for row in self._rows:
            kept = row._replace(texts=row.texts[:2]) if self._only_first else row
            self._waiting.append(kept)
            source, *targets = kept.texts
            for column, target in enumerate(targets, start=1):
                place = row.place
                if len(targets) > 1:
                    place = Term("{place}, target {column}", place=place, column=column)
                self._place_of.append(place)
                yield source, target

    def name_of(self, index: int) -> str:
        """What an error calls the pair of this index."""
        return self._place_of[index - self._popped]

    def pop(self) -> Row:
        """The next row in order."""
        row = self._waiting.popleft()
        for _ in row.texts[1:]:
            self._place_of.popleft()
            self._popped += 1
        return row


class _Total:
    """Sums over all pairs while they come."""

    def __init__(self) -> None:
        self._pairs = self._tokens = self._impossible = self._lines = 0
        self._score = 0.0
        self._likeliest: dict[int, int] = {}

    def add(self, targets: Sequence[ScoredTarget]) -> int:
        """Count one line, and give the index of its likeliest target, the first of equal ones."""
        likeliest = max(range(len(targets)), key=lambda place: targets[place].score)
        self._lines += 1
        self._likeliest[likeliest + 1] = self._likeliest.get(likeliest + 1, 0) + 1
        for one in targets:
            if math.isinf(one.score):
                self._impossible += 1
            else:
                self._pairs += 1
                self._tokens += len(one.token_scores)
                self._score += one.score
        return likeliest

    def result(self, several: bool) -> ScoredFile:
        """What it came to; a single target is not the likeliest of several."""
        return ScoredFile(
            lines=self._lines,
            pairs=self._pairs,
            tokens=self._tokens,
            score=self._score,
            impossible=self._impossible,
            likeliest=dict(sorted(self._likeliest.items())) if several else {},
        )


def _columns(targets: Sequence[ScoredTarget], likeliest: int | None) -> str:
    """One line of text; a single target has no likeliest."""
    if likeliest is None:
        return f"{targets[0].score:.6f}\t{targets[0].per_token:.6f}"
    return "\t".join([str(likeliest + 1), *(f"{one.score:.6f}" for one in targets)])


def _json_line(
    number: int, targets: Sequence[ScoredTarget], likeliest: int, notes: Sequence[Note]
) -> str:
    record = {
        "schema": SCHEMA,
        "line": number,
        "engine": ENGINE,
        "edits": [],
        "notes": [note.to_json() for note in notes],
        "likeliest": likeliest,
        "targets": [score_json(one) for one in targets],
    }
    return json.dumps(record, ensure_ascii=False, allow_nan=False)


def score_json(target: ScoredTarget) -> dict[str, Any]:
    """Plain data; JSON knows no infinity, and null says it."""
    return {
        "score": _finite(target.score),
        "score_per_token": _finite(target.per_token),
        "perplexity": _finite(target.perplexity),
        "tokens": target.tokens,
        "token_scores": [_finite(score) for score in target.token_scores],
    }


def _finite(number: float) -> float | None:
    return number if math.isfinite(number) else None
