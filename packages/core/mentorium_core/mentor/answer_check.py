"""Every sentence of a chat's answer against the facts, before it is shown."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Final

from mentorium_ai_client.prompts import MENTOR_SYSTEM_PROMPT
from mentorium_core.guard.model import Breach, Fact, Given, SaidBefore
from mentorium_core.guard.rules import check_sentence
from mentorium_core.mentor.facts import ToolFacts
from mentorium_core.pseudonymisation.tokens import CLOSE, OPEN
from mentorium_domain.enums import Language

_FENCE: Final = "```"
_ARITHMETIC: Final = re.compile(r"\d[\d\s.,*×·x+÷=–-]*\d")
_HAS_PRODUCT: Final = re.compile(r"\d\s*[*×·x+÷]\s*\d")
_LABEL: Final = re.compile(r"^[\s>#*_•-]*(?:[^\W\d]+\s+)?№?\s?(\d{1,3})[.:)](?=\s|$|[*_])")
_FIGURES: Final = re.compile(r"\d+(?:[.,]\d+)?")
_LOOSE_TOKEN: Final = re.compile(
    r"(?<!\w)[\[(<{⟦]{0,2}\s?([CСAА]\d{1,2})(:\w{2,4})?\s?[\])>}⟧]{0,2}(?![\w%])", re.IGNORECASE
)
_STRANGER: Final = re.compile(rf"{OPEN}P\d")
"""The token of somebody who is none of the family."""
_FREE_IN_CODE: Final = frozenset({Breach.LANGUAGE, Breach.MIXED_SCRIPT, Breach.NAME, Breach.LINK})
_SHINGLE: Final = 7


@dataclass(slots=True)
class AnswerCheck:
    """The checks of one text of the model's: `found` is what the tools told in this turn, with what may be quoted of
    it, `earlier` what those of the turns in the history told; `children` are the tokens of whom they may be; `hide`
    puts tokens in place of the family's names.
    """

    question: str
    language: Language
    today: date
    children: frozenset[str]
    hide: Callable[[str], str] = str
    found: ToolFacts = field(default_factory=ToolFacts)
    earlier: tuple[Fact, ...] = ()
    _said: SaidBefore | None = field(default=None, init=False)
    _in_code: bool = field(default=False, init=False)

    def breaches(self, sentence: str) -> tuple[str, ...]:
        """What is wrong with the next sentence, in words for the log; none where it may be shown."""
        if not sentence.strip():
            return ()
        if tells_the_prompt(sentence):
            return ("prompt",)
        facts, (given, is_code) = (*self.found.facts, *self.earlier), self._given(sentence)
        checked = check_sentence(self._with_tokens(sentence), facts, given, self.language, self._said)
        if Breach.NAME in checked.verdict.breaches:  # their own children's are theirs to read
            hidden = self._with_tokens(self.hide(sentence))
            if not _STRANGER.search(hidden):
                checked = check_sentence(hidden, facts, given, self.language, self._said)
        found = [breach for breach in checked.verdict.breaches if not (is_code and breach in _FREE_IN_CODE)]
        if not found:
            self._said = checked.said
        return tuple(breach.value for breach in found)

    def _given(self, sentence: str) -> tuple[Given, bool]:
        """Figures of sums, of code and of the labels of paragraphs are known; the guard wants none beside a metric.

        And whether the sentence is program code.
        """
        fences = sentence.count(_FENCE)
        is_code = self._in_code or fences > 0
        self._in_code ^= bool(fences % 2)
        own: set[Decimal] = set()
        if is_code:
            own |= _numbers(sentence)
        else:
            for found in _ARITHMETIC.finditer(sentence):
                if _HAS_PRODUCT.search(found[0]):
                    own |= _numbers(found[0])
            if (label := _LABEL.match(sentence)) is not None:
                own.add(Decimal(label[1]))
        given = Given(today=self.today, question=self.question, titles=self.found.texts)
        return replace(given, numbers=given.numbers | own), is_code

    def _with_tokens(self, sentence: str) -> str:
        """The spellings that models make of a token, as the token: the guard knows the child by it."""

        def known(match: re.Match[str]) -> str:
            token = match[1].upper().replace("С", "C").replace("А", "A")
            return f"{OPEN}{token}{match[2] or ''}{CLOSE}" if token in self.children else match[0]

        return _LOOSE_TOKEN.sub(known, sentence)


def _numbers(text: str) -> set[Decimal]:
    return {Decimal(figures.replace(",", ".")) for figures in _FIGURES.findall(text)}


def tells_the_prompt(sentence: str) -> bool:
    """Whether the sentence repeats our instructions: as many of their words in a row as nobody says by chance."""
    words = _words(sentence)
    rows = zip(*(words[start:] for start in range(_SHINGLE)), strict=False)
    return any(row in _prompt() for row in rows)


@cache
def _prompt() -> frozenset[tuple[str, ...]]:
    words = _words(MENTOR_SYSTEM_PROMPT)
    return frozenset(zip(*(words[start:] for start in range(_SHINGLE)), strict=False))


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", text.lower())
