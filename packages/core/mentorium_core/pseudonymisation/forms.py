"""The forms a name takes in Russian and Uzbek sentences."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import product

from pytrovich.detector import PetrovichGenderDetector
from pytrovich.enums import Case, Gender, NamePart
from pytrovich.maker import PetrovichDeclinationMaker

from mentorium_core.pseudonymisation.skeleton import in_cyrillic, skeleton

# pytrovich writes the names it is given into its log.
logging.getLogger("pytrovich").setLevel(logging.ERROR)

CASES = {
    "nom": Case.NOMINATIVE,
    "gen": Case.GENITIVE,
    "dat": Case.DATIVE,
    "acc": Case.ACCUSATIVE,
    "ins": Case.INSTRUMENTAL,
    "loc": Case.PREPOSITIONAL,
    "prep": Case.PREPOSITIONAL,
}
_CYRILLIC_WORD = re.compile(r"[\u0400-\u04ff](?:[\u0400-\u04ff]|-(?=[\u0400-\u04ff]))*")
_SURNAME = re.compile(r"(.*(?:ov|ev|in))a?")
_ADJECTIVE_SURNAME = re.compile(r"(.*sk)(?:i|aia|oi)")
_SURNAME_ENDINGS = ("", "a", "u", "im", "e", "oi", "i", "ih", "imi")
_ADJECTIVE_ENDINGS = ("i", "aia", "oi", "uiu", "ogo", "omu", "im", "om", "ie", "ih", "imi")
_ENDEARMENTS = ("jon", "hon", "bek", "oi", "boi", "gina", "cha")
_POSSESSIONS = ("lar", "m", "im", "ng", "ing", "i", "si", "miz", "imiz", "ngiz", "ingiz")
_UZBEK_CASES = ("ning", "niki", "ni", "ga", "ka", "dagi", "dan", "da", "dai", "dek", "gacha")
_PARTICLES = ("lar", "ni", "ga", "da", "mi", "chi", "ku", "ham", "dir", "man", "san", "siz")
_LONGEST_ENDING = 40
"""In letters. No word has a longer one; behind a name even so the name is hidden, and nothing is searched."""


@cache
def _maker() -> PetrovichDeclinationMaker:
    return PetrovichDeclinationMaker()


@cache
def _detector() -> PetrovichGenderDetector:
    return PetrovichGenderDetector()


def _detect(**name_part: str) -> Gender:
    gender: Gender = _detector().detect(**name_part)  # type: ignore[no-untyped-call]
    return gender


def is_cyrillic(word: str) -> bool:
    return _CYRILLIC_WORD.fullmatch(word) is not None


@lru_cache(maxsize=4096)
def decline(display_name: str, case: str) -> str:
    """The first name in a Russian case (`gen`, `dat`, ...); unchanged in another script or an unknown case."""
    first, *others = display_name.split() or [display_name]
    if case not in CASES or not is_cyrillic(first):
        return first
    return str(_maker().make(NamePart.FIRSTNAME, _gender(first, others), CASES[case], first))


def _gender(first: str, others: list[str]) -> Gender:
    """Surname and patronymic know it better; each is asked alone, because pytrovich logs names that disagree."""
    cyrillic = [word for word in others if is_cyrillic(word)]
    guesses = [_detect(middlename=word) for word in cyrillic if re.search("(?:вич|вна)$", word)]
    guesses += [_detect(lastname=word) for word in cyrillic]
    guesses.append(_detect(firstname=first))
    return next((guess for guess in guesses if guess is not Gender.ANDROGYNOUS), Gender.ANDROGYNOUS)


@lru_cache(maxsize=4096)
def forms_of(word: str) -> frozenset[str]:
    """Skeletons of every Russian form of one word of a name, given in any script; without the Uzbek endings."""
    bases = {word.lower(), re.sub("oʻ|ў", "u", word.lower())}
    cyrillic = {base if is_cyrillic(base) else in_cyrillic(base) for base in bases}
    declined = {
        _maker().make(part, gender, case, base)
        for base, part, gender, case in product(cyrillic, NamePart, (Gender.MALE, Gender.FEMALE), Case)
    }
    skeletons = {skeleton(form) for form in declined | bases}
    return frozenset(skeletons | {form for base in bases for form in _surname_forms(skeleton(base))})


def is_surname(name: str) -> bool:
    """Whether the skeleton ends as the surnames of Russia and its neighbours do."""
    return _SURNAME.fullmatch(name) is not None or _ADJECTIVE_SURNAME.fullmatch(name) is not None


def _surname_forms(name: str) -> set[str]:
    if match := _SURNAME.fullmatch(name):
        return {match[1] + ending for ending in _SURNAME_ENDINGS}
    if match := _ADJECTIVE_SURNAME.fullmatch(name):
        return {match[1] + ending for ending in _ADJECTIVE_ENDINGS}
    return set()


def without_endearment(name: str) -> Iterator[str]:
    """What the skeleton of a name is without what makes it dear: `aziz` of `azizbek`."""
    for ending in _ENDEARMENTS:
        if name.endswith(ending):
            yield name[: -len(ending)]


def is_uzbek_ending(stem: str, ending: str) -> bool:
    """Whether `ending` may hang on the skeleton `stem`: of case, number, possession or endearment (or an English s)."""
    if len(ending) > _LONGEST_ENDING:
        return True
    # a skeleton has no doubled letters: Azizbek + ka gives azizbeka
    return any(_is_ending(candidate) for candidate in (ending, stem[-1:] + ending))


@lru_cache(maxsize=4096)
def _is_ending(letters: str) -> bool:
    """An endearment, then any number of possessions, then a case, then any number of particles, then an English s.

    A finite automaton that keeps every place it may have reached: a pattern for it would be searched exponentially.
    """
    reached = {0}
    reached |= _after(letters, reached, _ENDEARMENTS)
    reached = _after_any_number(letters, reached, _POSSESSIONS)
    reached |= _after(letters, reached, _UZBEK_CASES)
    reached = _after_any_number(letters, reached, _PARTICLES)
    reached |= _after(letters, reached, ("s",))
    return len(letters) in reached


def _after(letters: str, places: Iterable[int], parts: Sequence[str]) -> set[int]:
    """Where one of the parts ends that begins at one of the places."""
    return {place + len(part) for place in places for part in parts if letters.startswith(part, place)}


def _after_any_number(letters: str, places: Iterable[int], parts: Sequence[str]) -> set[int]:
    reached: set[int] = set()
    new = set(places)
    while new:
        reached |= new
        new = _after(letters, new, parts) - reached
    return reached
