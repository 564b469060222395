"""The words of each language by what they mean to the guard: data in `words/*.txt`, read once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final, Generic, Protocol, TypeVar

from mentorium_core.guard.folding import fold_word
from mentorium_domain.enums import Language

_ADJECTIVE: Final = frozenset(
    re.findall(r"\w+", "ый ий ой ая яя ое ее ые ие ого его ому ему ым им ом ем ую юю ей ых их ыми ими ою")
)
_ON_NUMERALS: Final = re.findall(
    r"\w+",
    "ta tasi inchi nchi ov ovi ala ovlon tacha talik lik lab lar larcha si sini i ini ni ning ga gacha da dagi dan asi "
    "chi kunlik minutlik daqiqalik haftalik",
)
"""What hangs on an Uzbek numeral, one upon another."""
_MOST_ENDINGS: Final = 3
_LONGEST_ENDING: Final = 5
_REMEMBERED: Final = 20_000
"""Words that have been looked up, a few megabytes at most."""
_OF_ANY_LANGUAGE: Final = frozenset({"name", "name_capital", "number"})
_NOTHING: Final[frozenset[str]] = frozenset()

Meaning = TypeVar("Meaning")


class HasFolded(Protocol):
    """A word or a token of a text, as it is looked up."""

    @property
    def folded(self) -> str: ...


class _Index(Generic[Meaning]):
    """Patterns of one word with what they mean. `стем*`, `перв~`, `uch+` as the data files explain them."""

    def __init__(self) -> None:
        self._words: dict[str, list[Meaning]] = {}
        self._stems: dict[str, list[Meaning]] = {}
        self._adjectives: dict[str, list[Meaning]] = {}
        self._numerals: dict[str, list[Meaning]] = {}

    def add(self, pattern: str, meaning: Meaning) -> None:
        table = {"*": self._stems, "~": self._adjectives, "+": self._numerals}.get(pattern[-1], self._words)
        table.setdefault(fold_word(pattern if table is self._words else pattern[:-1]), []).append(meaning)

    def of(self, word: str) -> Iterator[Meaning]:
        yield from self._words.get(word, ())
        for end in range(1, len(word) + 1):
            stem = word[:end]
            yield from self._stems.get(stem, ())
            if stem in self._adjectives and word[end:] in _ADJECTIVE:
                yield from self._adjectives[stem]
            if stem in self._numerals and _hangs_on_numeral(word[end:]):
                yield from self._numerals[stem]


@dataclass(frozen=True, slots=True, eq=False)
class _Phrase:
    section: str
    rest: tuple[_Index[bool], ...]

    def stands(self, words: Sequence[HasFolded], first: int) -> bool:
        end = first + 1 + len(self.rest)
        return end <= len(words) and all(
            any(part.of(word.folded)) for part, word in zip(self.rest, words[first + 1 : end], strict=True)
        )


class Lexicon:
    """The sections of one language's file."""

    def __init__(self, sections: Mapping[str, Iterable[str]]) -> None:
        self._single: _Index[str] = _Index()
        self._phrases: _Index[_Phrase] = _Index()
        self._entries = {section: tuple(entries) for section, entries in sections.items()}
        self._endings = frozenset(sections.get("own_end", ()))
        for section, entries in sections.items():
            for entry in entries if section != "own_end" else ():
                self._add(section, entry)
        self.sections = lru_cache(_REMEMBERED)(self._sections)
        self._begun_by = lru_cache(_REMEMBERED)(lambda word: tuple(self._phrases.of(word)))

    def entries(self, section: str) -> tuple[str, ...]:
        """As they stand in the file."""
        return self._entries.get(section, ())

    def phrases(self, words: Sequence[HasFolded]) -> Iterator[tuple[str, int, int]]:
        """Section, number of the first word and of the one behind the last, of each phrase that stands here."""
        for first, word in enumerate(words):
            for phrase in self._begun_by(word.folded):
                if phrase.stands(words, first):
                    yield phrase.section, first, first + 1 + len(phrase.rest)

    def meanings(self, words: Sequence[HasFolded]) -> Iterator[tuple[str, int, int]]:
        """As `phrases`, of single words, too."""
        for first, word in enumerate(words):
            for section in self.sections(word.folded):
                yield section, first, first + 1
        yield from self.phrases(words)

    def sounds_own(self, word: str) -> bool:
        """Whether the folded word is, or ends like, one of this language."""
        return bool(self.sections(word) - _OF_ANY_LANGUAGE) or any(
            word[-length:] in self._endings for length in range(1, min(len(word), _LONGEST_ENDING + 1))
        )

    def _add(self, section: str, entry: str) -> None:
        first, *rest = entry.split("_")
        if not rest:
            self._single.add(first, section)
            return
        self._phrases.add(first, _Phrase(section, tuple(map(_one, rest))))

    def _sections(self, word: str) -> frozenset[str]:
        return frozenset(self._single.of(word)) or _NOTHING


@cache
def lexicon(language: Language) -> Lexicon:
    """What the guard knows of the language."""
    return Lexicon(_read(f"{language.value}.txt"))


def _read(name: str) -> Mapping[str, list[str]]:
    sections: dict[str, list[str]] = {}
    section = ""
    for line in (files("mentorium_core.guard") / "words" / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif line and not line.startswith("#"):
            sections.setdefault(section, []).extend(line.split())
    return sections


def _one(pattern: str) -> _Index[bool]:
    index: _Index[bool] = _Index()
    index.add(pattern, meaning=True)
    return index


def _hangs_on_numeral(tail: str, most: int = _MOST_ENDINGS) -> bool:
    if not tail:
        return True
    return most > 0 and any(
        tail.startswith(ending) and _hangs_on_numeral(tail[len(ending) :], most - 1) for ending in _ON_NUMERALS
    )
