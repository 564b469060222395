"""The guard's two questions: does a shell hold every sentence and nothing else that could be wrong, and is what a
sentence of the chat says of a child what the data say.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Final

from mentorium_core.guard.model import Breach, CheckedSentence, Fact, Given, GuardVerdict, SaidBefore, Violation
from mentorium_domain.enums import Language

LONGEST_SHELL: Final = 700
"""Characters of free words around the sentences."""
_TOKEN: Final = re.compile(r"\[\[\s?S(\d{1,2})\s?\]\]")
_NAME_TOKEN: Final = re.compile(r"⟦([A-Z]\d{1,3})(?::\w{1,8})?⟧")
_CYRILLIC: Final = re.compile("[а-яё]{2,}", re.IGNORECASE)
_FIGURES: Final = re.compile(r"\d(?:\d|[.,](?=\d))*")


def split_shell(text: str) -> tuple[str, ...]:
    """The free words before, between and behind the tokens `[[S1]]…`: one more than there are tokens."""
    return tuple(_TOKEN.split(text)[::2])


def join_shell(parts: Sequence[str]) -> str:
    """The shell of these free words, with `[[S1]]` behind the first of them, `[[S2]]` behind the second …"""
    tokens = [f"[[S{number}]]" for number in range(1, len(parts))]
    return "".join(part + token for part, token in zip(parts, [*tokens, ""], strict=True))


def fill_shell(text: str, sentences: Sequence[str]) -> str:
    """The shell with the sentences in place of their tokens; only for what `check_shell` found nothing in."""
    return _TOKEN.sub(lambda token: sentences[int(token[1]) - 1], text)


def check_shell(
    text: str,
    sentences: int,
    language: Language,
    *,
    children: Collection[str] = (),
    longest: int = LONGEST_SHELL,
) -> GuardVerdict:
    """Whether the shell holds `[[S1]]` to `[[S<sentences>]]` once each and in order, and its free words nothing that
    could be wrong.

    That is: no number in any script or in words, no direction, comparison or rank, no name but the tokens of
    `children` (bare: C1), no link, markup or diagnosis, no other language, at most `longest` characters of free words.
    """
    found = _tokens(text, sentences)
    for place, character in enumerate(_TOKEN.sub(lambda token: " " * len(token[0]), text)):
        if unicodedata.numeric(character, None) is not None:
            found.append(Violation(Breach.NUMBER, place, place + 1, _part(text, place)))
    if sum(map(len, split_shell(text))) > longest:
        found.append(Violation(Breach.TOO_LONG, 0, len(text)))
    found += [
        Violation(Breach.NAME, *token.span(), _part(text, token.start()))
        for token in _NAME_TOKEN.finditer(text)
        if token[1] not in children
    ]
    return GuardVerdict(tuple(found + _other_script(text, language)))


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
    return CheckedSentence(GuardVerdict(tuple(found + _other_script(sentence, language))), said or SaidBefore())


def _other_script(text: str, language: Language) -> list[Violation]:
    if language is Language.RU or not (cyrillic := _CYRILLIC.search(text)):
        return []
    return [Violation(Breach.LANGUAGE, *cyrillic.span(), _part(text, cyrillic.start()))]


def _tokens(text: str, sentences: int) -> list[Violation]:
    found: list[Violation] = []
    seen: list[int] = []
    for token in _TOKEN.finditer(text):
        number = int(token[1])
        if not 1 <= number <= sentences:
            found.append(Violation(Breach.SENTENCE_UNKNOWN, *token.span()))
        elif number in seen:
            found.append(Violation(Breach.SENTENCE_DOUBLED, *token.span()))
        elif seen and number < seen[-1]:
            found.append(Violation(Breach.SENTENCE_ORDER, *token.span()))
        seen.append(number)
    missing = set(range(1, sentences + 1)) - set(seen)
    return found + [Violation(Breach.SENTENCE_MISSING, len(text), len(text)) for _ in missing]


def _part(text: str, place: int) -> int:
    return sum(token.end() <= place for token in _TOKEN.finditer(text))
