"""What a model learned to read, kept from the source side of its training: a source profile.

It tells when a text is unlike that: in another script, in another language, longer. Only texts of
the right kind are known when it is made, so that the judgement rests on what they have in common:
most words of a text are among the most frequent ones of its language, and others look like them.
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
from glassformer.text.doubts import Doubt, OtherLanguage, OtherScript, TooLong
from glassformer.text.letters import letters_of, parts_of, scripts_of, words_of
from glassformer.text.sample import Sample
from glassformer.text.words import find_words

FILE = "source.json"
"""A profile in a model's folder. Folders made before there were any have none."""

VERSION = 1

SAMPLE = 30_000
"""So many texts are looked at in detail: those with the smallest hashes, whatever their order."""

_FEWEST_TEXTS = 2_000
"""With fewer, what is frequent in them says little about their language."""

_WORDS, _PARTS = 2_000, 2_000
"""Entries of the two tables."""

_RARELY = 0.001

_LARGEST_FILE = 1 << 20
"""Bytes; ours have some thirty thousand."""

_COUNTS = ("texts", "most_words", "largest_words", "most_characters", "largest_characters")
_TABLES = ("frequent", "parts")

# Measured in benchmarks/source_profile.py.

_PART_OF_A_WORD = 0.6
"""What a word counts that is not frequent, but all of whose parts are."""

_OTHER_SUBJECT = 0.65
"""Texts about other things than those learned from have at least this share of the usual
familiarity."""

_SURENESS = 1.75
"""Standard deviations that chance may take it further down, since a text has few words."""

_FEWEST_WORDS = 4
_FEWEST_LETTERS = 2

_FOREIGN_SHARE = 0.5
"""Of a text's letters, in scripts that the model hardly saw."""

_HARDLY_SEEN = 0.001


@dataclass(frozen=True, kw_only=True)
class SourceProfile:
    """What the source side of a training was like.

    `familiarity` is the usual share of a text's words that are frequent or look like it, in 0 … 1;
    0 where too few texts were there to tell.
    """

    texts: int
    most_words: int
    """One text in a thousand has more."""
    largest_words: int
    most_characters: int
    largest_characters: int
    scripts: tuple[tuple[str, float], ...]
    """Their names and shares of the letters, the most frequent first."""
    familiarity: float = 0.0
    frequent: tuple[str, ...] = ()
    """The most frequent words."""
    parts: tuple[str, ...] = ()
    """The most frequent parts of all other words."""
    languages: tuple[str, ...] = ()
    """The source's languages as tags, where somebody said so."""

    def __post_init__(self) -> None:
        shares = [("familiarity", self.familiarity), *self.scripts]
        for name, share in shares:
            if not 0.0 <= share <= 1.0:
                raise ConfigError("{name} must be in 0 … 1, but is {share}", name=name, share=share)
        for name in _COUNTS:
            if getattr(self, name) < 0:
                raise ConfigError(
                    "{name} must not be negative, but is {given}",
                    name=name,
                    given=getattr(self, name),
                )

    @classmethod
    def learn(cls, texts: Iterable[str], *, languages: Sequence[str] = ()) -> Self:
        """Read the source side once, in any order; at most `SAMPLE` texts are held."""
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
        """What is frequent in texts, and how familiar that makes others of the same training."""
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
        # As high as lets all but one in a thousand of the training's own texts pass.
        usual = math.fsum(share for _, share in seen) / len(seen) if seen else 0.0
        while usual > 0.0 and sum(
            share < _lowest(usual, count) for count, share in seen
        ) > _RARELY * len(seen):
            usual -= 0.01
        return dataclasses.replace(profile, familiarity=round(max(0.0, usual), 3))

    def doubts(self, text: str) -> list[Doubt]:
        """In which ways a text is unlike what was learned; often none.

        Texts of a few words get none about their language.
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
        # Words first, since people count them; characters for what is written without spaces.
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
        """What `source.json` holds; the tables are words with spaces between."""
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
        """A profile as `to_json` wrote it; keys that later versions add are ignored.

        Raises:
            ConfigError: when it is none, or of another version.
        """
        try:
            data = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise ConfigError(
                "expected a source profile, which is JSON, given: {error}", error=error
            ) from error
        if not isinstance(data, dict) or data.get("source_profile") != VERSION:
            version = data.get("source_profile") if isinstance(data, dict) else None
            raise ConfigError(
                "expected a source profile of version {expected}, given {version}: a newer version "
                "of Glassformer reads newer ones",
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
        return build(cls, checked(cls, given), "a source profile")


def read_profile(folder: Path) -> SourceProfile | None:
    """The profile of a model's folder; None where there is none.

    Raises:
        ModelFilesError: when the file cannot be read.
        ConfigError: when it holds no profile.
    """
    path = folder / FILE
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise ConfigError("a source profile has at most {most:,} bytes", most=_LARGEST_FILE)
        return SourceProfile.from_json(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise ModelFilesError(
            "cannot read the source profile {path}: {error}", path=path, error=error
        ) from error
    except ConfigError as error:
        raise error.at(str(path)) from error


def _lowest(usual: float, words: int) -> float:
    """The familiarity that a text of so many words has at least, whatever it is about."""
    share = _OTHER_SUBJECT * usual
    return share - _SURENESS * math.sqrt(share * (1.0 - share) / words)


def _ranked(counts: Counter[str]) -> list[tuple[str, int]]:
    """The most frequent first, equal ones by name, so that the order of counting is nothing."""
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _exceeded_by(share: float, lengths: Counter[int]) -> int:
    """The length that at most this share of texts exceeds."""
    left = math.floor(share * lengths.total())
    for length in sorted(lengths, reverse=True):
        left -= lengths[length]
        if left < 0:
            return length
    return 0
