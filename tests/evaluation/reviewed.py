"""A second judge of what the guard let through: plain search for numbers, without the guard's words; and what a person
has read of the recorded answers.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from mentorium_core.i18n.number_words import number_words
from mentorium_domain.enums import Language
from tests.evaluation.chat_world import World
from tests.evaluation.generations import Judged
from tests.evaluation.shell_attacks import DATA

_FIGURES: Final = re.compile(r"\d+")
_TOKENS: Final = re.compile(r"\[\[S\d\]\]|⟦?\bC\d⟧?")
_SPELLED: Final = range(2, 100)


def counts_falsely(judged: Judged) -> bool:
    """Whether a shell counts at all, or a sentence says a number that is none of its world's.

    A right number in the wrong place is seen by reading alone: `reviewed_sentences`.
    """
    numbers = said_numbers(judged.text, judged.generation.language)
    return bool(numbers - _known(judged.world) if judged.world is not None else numbers)


def said_numbers(text: str, language: Language) -> set[str]:
    """Digits, and numbers in words, but for those of tokens and list numbers."""
    free = re.sub(r"^\s*[-*•]?\s*\d{1,2}[.)]", " ", _TOKENS.sub(" ", text))
    spelled = {str(number) for number, pattern in _patterns(language) if pattern.search(free)}
    return set(_FIGURES.findall(free)) | spelled


@cache
def reviewed_sentences() -> frozenset[str]:
    """Sentences with a number that the guard lets through of the recorded answers, each read and found true."""
    lines = (DATA / "reviewed.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def _known(world: World) -> set[str]:
    known = {"10", str(world.asked), *world.texts.values()}
    for name, figure in world.figures.items():
        known |= set(_FIGURES.findall(figure.said(world.language))) | {str(figure.value)}
        known |= {str(figure.of)} if figure.of is not None else set()
        known.add(name)
    known |= {found for text in world.texts.values() for found in _FIGURES.findall(text)}
    return known | {"12"}


@cache
def _patterns(language: Language) -> tuple[tuple[int, re.Pattern[str]], ...]:
    return tuple(
        (number, re.compile(rf"\b{re.escape(number_words(language, number))}\b", re.IGNORECASE)) for number in _SPELLED
    )
