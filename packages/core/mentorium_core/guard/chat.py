"""Sentences of the chat."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from mentorium_core.guard.model import Breach, CheckedSentence, Fact, Given, GuardVerdict, SaidBefore, Violation
from mentorium_domain.enums import Language

_FIGURES: Final = re.compile(r"\d(?:\d|[.,](?=\d))*")
_CYRILLIC: Final = re.compile("[а-яё]{2,}", re.IGNORECASE)


def check_sentence(
    sentence: str,
    facts: Sequence[Fact],
    given: Given,
    language: Language,
    said: SaidBefore | None = None,
) -> CheckedSentence:
    """Whether every number that the sentence says is a fact's, with its metric, child and period, or is known as given.

    The sentence is the model's, with tokens in place of names; `facts` are of this turn's tools and of the turns still
    in the history. `said` is what `CheckedSentence` of the sentence before had; None begins an answer.
    """
    known = {fact.value for fact in facts} | {fact.of for fact in facts} | given.numbers
    known |= {Decimal(number) for number in re.findall(r"\d+", given.question)}
    found = [
        Violation(Breach.NUMBER, *figures.span())
        for figures in _FIGURES.finditer(sentence)
        if Decimal(figures[0].replace(",", ".")) not in known
    ]
    if language is not Language.RU and (cyrillic := _CYRILLIC.search(sentence)):
        found.append(Violation(Breach.LANGUAGE, *cyrillic.span()))
    return CheckedSentence(GuardVerdict(tuple(found)), said or SaidBefore())
