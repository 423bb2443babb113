"""Source profiles: statistics of the source side of the training data, to detect unusual inputs.

A profile tells when a text is out of domain: in another script or language, or longer. It is made
from in-domain texts only, so the test is one of familiarity: most words of a text are among the
most frequent words of its language, and the others share character n-grams with them.
"""

import dataclasses
import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Self

from glassformer.config.checking import build, checked
from glassformer.errors import ConfigError, ModelFilesError
from glassformer.messages import Term
from glassformer.text.doubts import Doubt, OtherLanguage, OtherScript, TooLong
from glassformer.text.letters import letters_of, parts_of, scripts_of, words_of
from glassformer.text.sample import Sample
from glassformer.text.words import find_words

FILE = "source.json"
"""The profile in a model folder. Folders of earlier versions have none."""

VERSION = 1

SAMPLE = 30_000
"""The size of the sample examined in detail: the texts of smallest hash, in any order."""

_FEWEST_TEXTS = 2_000
"""With fewer, word frequencies say little about the language."""

_WORDS, _PARTS = 2_000, 2_000
"""The sizes of the two tables."""

_RARELY = 0.001

_LARGEST_FILE = 1 << 20
"""In bytes; profiles have about 30,000."""

_COUNTS = ("texts", "most_words", "largest_words", "most_characters", "largest_characters")
_TABLES = ("frequent", "parts")

# Measured in benchmarks/source_profile.py.

_PART_OF_A_WORD = 0.6
"""The weight of a word that is not frequent itself, but all of whose n-grams are."""

_OTHER_SUBJECT = 0.65
"""Texts on topics outside the training data have at least this share of the usual
familiarity."""

_SURENESS = 1.75
"""Standard deviations of sampling error below that, since a text has few words."""

_FEWEST_WORDS = 4
_FEWEST_LETTERS = 2

_FOREIGN_SHARE = 0.5
"""The share of a text's letters in scripts that were rare in training."""

_HARDLY_SEEN = 0.001


@dataclass(frozen=True, kw_only=True)
class SourceProfile:
    """Statistics of the source side of the training data.

    `familiarity` is the usual share of a text's words that are frequent, or have frequent n-grams,
    in [0, 1]; 0 where there was too little text to estimate it.
    """

    texts: int
    most_words: int
    """The 99.9th percentile of words per text."""
    largest_words: int
    most_characters: int
    largest_characters: int
    scripts: tuple[tuple[str, float], ...]
    """Scripts with their shares of the letters, the most frequent first."""
    familiarity: float = 0.0
    frequent: tuple[str, ...] = ()
    """The most frequent words."""
    parts: tuple[str, ...] = ()
    """The most frequent character n-grams of all other words."""
    languages: tuple[str, ...] = ()
    """The tags of the source languages, where they were given."""

    def __post_init__(self) -> None:
        shares = [("familiarity", self.familiarity), *self.scripts]
        for name, share in shares:
            if not 0.0 <= share <= 1.0:
                raise ConfigError(
                    "{name} must be between 0 and 1, but is {share}", name=name, share=share
                )
        for name in _COUNTS:
            if getattr(self, name) < 0:
                raise ConfigError(
                    "{name} must not be negative, but is {given}",
                    name=name,
                    given=getattr(self, name),
                )

    @classmethod
    def learn(cls, texts: Iterable[str], *, languages: Sequence[str] = ()) -> Self:
        """Read the source side once, in any order; at most `SAMPLE` texts are kept in memory."""
        words: Counter[int] = Counter()
        characters: Counter[int] = Counter()
        sample = Sample(SAMPLE)
        for text in texts:
            words[len(find_words(text))] += 1
            characters[len(text)] += 1
            sample.add(text)
        scripts: Counter[str] = Counter()
        fit, held = (
            [letters_of(text) for text in sample.texts(held_out=out)] for out in (False, True)
        )
        for letters in (*fit, *held):
            scripts.update(scripts_of(letters))
        profile = cls(
            texts=words.total(),
            most_words=_exceeded_by(_RARELY, words),
            largest_words=max(words, default=0),
            most_characters=_exceeded_by(_RARELY, characters),
            largest_characters=max(characters, default=0),
            scripts=tuple(
                (name, round(times / scripts.total(), 6)) for name, times in _ranked(scripts)
            ),
            languages=tuple(languages),
        )
        if len(fit) + len(held) < _FEWEST_TEXTS:
            return profile
        return profile._with_tables(list(map(words_of, fit)), list(map(words_of, held)))

    def _with_tables(self, fit: list[list[str]], held: list[list[str]]) -> Self:
        """The tables from some texts, and the usual familiarity of held-out ones."""
        times = Counter(word for words in fit for word in words)
        frequent = tuple(word for word, _ in _ranked(times)[:_WORDS])
        parts: Counter[str] = Counter()
        for word in times.keys() - frequent:
            for part in parts_of(word):
                parts[part] += times[word]
        profile = dataclasses.replace(
            self, frequent=frequent, parts=tuple(part for part, _ in _ranked(parts)[:_PARTS])
        )
        seen = [(len(w), profile._familiarity(w)) for w in held if len(w) >= _FEWEST_WORDS]
        # As high as possible with at most one false alarm in a thousand held-out texts.
        usual = math.fsum(share for _, share in seen) / len(seen) if seen else 0.0
        while usual > 0.0 and sum(
            share < _lowest(usual, count) for count, share in seen
        ) > _RARELY * len(seen):
            usual -= 0.01
        return dataclasses.replace(profile, familiarity=round(max(0.0, usual), 3))

    def doubts(self, text: str) -> list[Doubt]:
        """In which ways a text differs from the training data; usually none.

        Texts of only a few words are not checked for their language.
        """
        letters = letters_of(text)
        found: list[Doubt] = [
            *self._script(scripts_of(letters)),
            *self._length(len(find_words(text)), len(text)),
        ]
        if not any(isinstance(doubt, OtherScript) for doubt in found):
            found += self._language(words_of(letters))
        return found

    def _script(self, scripts: Counter[str]) -> Iterator[OtherScript]:
        learned = {name: share for name, share in self.scripts if share >= _HARDLY_SEEN}
        foreign = Counter({name: n for name, n in scripts.items() if name not in learned})
        many = foreign.total() >= max(_FEWEST_LETTERS, _FOREIGN_SHARE * scripts.total())
        if learned and many:
            yield OtherScript(
                script=_ranked(foreign)[0][0],
                share=foreign.total() / scripts.total(),
                learned=self.scripts[0][0],
                learned_share=self.scripts[0][1],
            )

    def _language(self, words: Sequence[str]) -> Iterator[OtherLanguage]:
        if len(words) < _FEWEST_WORDS or not self.familiarity:
            return
        share, lowest = self._familiarity(words), _lowest(self.familiarity, len(words))
        if share < lowest:
            yield OtherLanguage(
                words=len(words), familiarity=share, lowest=lowest, usual=self.familiarity
            )

    def _length(self, words: int, characters: int) -> Iterator[TooLong]:
        # Words first, since people count those; characters for scripts without spaces.
        if words > self.most_words:
            yield TooLong("words", words, self.most_words, self.largest_words)
        elif characters > self.largest_characters:
            most, largest = self.most_characters, self.largest_characters
            yield TooLong("characters", characters, most, largest)

    def _familiarity(self, words: Sequence[str]) -> float:
        return math.fsum(map(self._familiar, words)) / len(words)

    def _familiar(self, word: str) -> float:
        frequent, known = self._tables
        if word in frequent:
            return 1.0
        parts = parts_of(word)
        return _PART_OF_A_WORD * sum(part in known for part in parts) / len(parts)

    @cached_property
    def _tables(self) -> tuple[frozenset[str], frozenset[str]]:
        return frozenset(self.frequent), frozenset(self.parts)

    def to_json(self) -> str:
        """The content of `source.json`; tables are space-separated."""
        data = {
            "source_profile": VERSION,
            **dataclasses.asdict(self),
            "scripts": dict(self.scripts),
        }
        for name in _TABLES:
            data[name] = " ".join(data[name])
        return json.dumps(data, ensure_ascii=False, indent=2) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what `to_json` wrote; keys added by later versions are ignored.

        Raises:
            ConfigError: when it is not a source profile, or of another version.
        """
        try:
            data = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise ConfigError("a source profile must be JSON: {error}", error=str(error)) from error
        if not isinstance(data, dict) or data.get("source_profile") != VERSION:
            version = data.get("source_profile") if isinstance(data, dict) else None
            raise ConfigError(
                "the source profile has version {version}, but this Glassformer reads version "
                "{expected}: upgrade it (pip install -U glassformer)",
                expected=VERSION,
                version=str(version)[:20],
            )
        known = {field.name for field in dataclasses.fields(cls)}
        given = {name: value for name, value in data.items() if name in known}
        for name in _TABLES:
            if isinstance(given.get(name), str):
                given[name] = tuple(given[name].split(" ")) if given[name] else ()
        if isinstance(given.get("scripts"), dict):
            given["scripts"] = tuple(given["scripts"].items())
        if isinstance(given.get("languages"), list):
            given["languages"] = tuple(given["languages"])
        return build(cls, checked(cls, given), Term("the source profile"))


def read_profile(folder: Path) -> SourceProfile | None:
    """The profile of a model folder; None where there is none.

    Raises:
        ModelFilesError: when the file cannot be read.
        ConfigError: when it is not a valid profile.
    """
    path = folder / FILE
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise ConfigError(
                "a source profile may have at most {most:,} bytes", most=_LARGEST_FILE
            )
        return SourceProfile.from_json(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise ModelFilesError(
            "cannot read the source profile {path}: {error}", path=path, error=str(error)
        ) from error
    except ConfigError as error:
        raise error.at(str(path)) from error


def _lowest(usual: float, words: int) -> float:
    """The minimum familiarity of a text of this many words, on any topic."""
    share = _OTHER_SUBJECT * usual
    return share - _SURENESS * math.sqrt(share * (1.0 - share) / words)


def _ranked(counts: Counter[str]) -> list[tuple[str, int]]:
    """The most frequent first, ties by name, so that the result does not depend on input order."""
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _exceeded_by(share: float, lengths: Counter[int]) -> int:
    """The length that at most this share of the texts exceeds (a quantile)."""
    left = math.floor(share * lengths.total())
    for length in sorted(lengths, reverse=True):
        left -= lengths[length]
        if left < 0:
            return length
    return 0
