"""Who learns here and who stands behind them: families, made one after another from a seed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import count
from random import Random
from typing import TypeVar

_T = TypeVar("_T")

_LANGUAGES = {"uz": 0.64, "ru": 0.22, "en": 0.14}
_CHILDREN = {1: 0.72, 2: 0.23, 3: 0.05}
_TWO_GUARDIANS = 0.35
_VERIFIED = 0.93
_WITHOUT_PHONE = 0.04


@dataclass(frozen=True, slots=True)
class Adult:
    full_name: str
    relation: str
    email: str | None
    phone: str | None
    verified: bool


@dataclass(frozen=True, slots=True)
class GeneratedChild:
    """`age` in years; the birth year follows from the day the school is looked at."""

    display_name: str
    age: int


@dataclass(frozen=True, slots=True)
class GeneratedFamily:
    language: str
    adults: tuple[Adult, ...]
    children: tuple[GeneratedChild, ...]


def families(seed: int, first_number: int = 1) -> Iterator[GeneratedFamily]:
    """Families without end, the same for the same seed; phones and e-mails follow from a family's number."""
    for number in count(first_number):
        yield _family(number, Random(f"{seed}/family/{number}"))


def _family(number: int, rng: Random) -> GeneratedFamily:
    language = _choice(rng, _LANGUAGES)
    names = _names()[language]
    surname = rng.choice(names["surnames"])
    relations = ["mother", "father"]
    if rng.random() > _TWO_GUARDIANS:
        relations = [relations[rng.random() < 0.3]]
    adults = tuple(_adult(number, place, relation, surname, language, rng) for place, relation in enumerate(relations))
    first_names: set[str] = set()
    children = []
    for _ in range(_choice(rng, _CHILDREN)):
        girl = rng.random() < 0.5
        first = rng.choice([name for name in names["girls" if girl else "boys"] if name not in first_names])
        first_names.add(first)
        children.append(GeneratedChild(f"{first} {_surname(surname, girl, language)}", rng.randint(9, 16)))
    return GeneratedFamily(language, adults, tuple(children))


def _adult(number: int, place: int, relation: str, surname: str, language: str, rng: Random) -> Adult:
    first = rng.choice(_names()[language]["mothers" if relation == "mother" else "fathers"])
    phone = None if rng.random() < _WITHOUT_PHONE else f"+998{93 + place}{1_000_000 + number:07d}"
    email = f"family{number}.{relation}@mail.example"
    full_name = f"{first} {_surname(surname, relation == 'mother', language)}"
    return Adult(full_name, relation, email, phone, rng.random() < _VERIFIED)


def _surname(surname: str, female: bool, language: str) -> str:
    if not female or language == "en":
        return surname
    return surname + ("а" if language == "ru" else "a")


def _choice(rng: Random, weights: dict[_T, float]) -> _T:
    return rng.choices(list(weights), list(weights.values()))[0]


@cache
def _names() -> dict[str, dict[str, list[str]]]:
    names: dict[str, dict[str, list[str]]] = json.loads(
        resources.files(__package__).joinpath("names.json").read_text(encoding="utf-8")
    )
    return names
