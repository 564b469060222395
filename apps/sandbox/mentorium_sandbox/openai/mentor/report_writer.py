"""The words around a report's sentences, as a good model writes them: asked in JSON, answered in JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

_SPACES: Final = 4
PARTS: Final = ("achievements", "improvements", "recommendations", "upcoming")
# By language and tone: before the sentences of each part, and after those of the first.
_WORDS: Final[Mapping[tuple[str, str], tuple[str, str, str, str, str]]] = {
    ("uz", "warm"): (
        "Assalomu alaykum! Farzandingizning oʻqishi haqida soʻzlab beramiz.",
        "Mehnat va qiziqish uchun rahmat!",
        "Birga mashq qilsa boʻladigan joyi ham bor.",
        "Xotirjam kechada buni birga sinab koʻring.",
        "Oldinda shular kutmoqda.",
    ),
    ("uz", "neutral"): ("Oʻqish haqida maʼlumot.", "", "Eʼtibor uchun:", "Tavsiya:", "Oldinda:"),
    ("uz", "brief"): ("Qisqacha:", "", "", "", ""),
    ("ru", "warm"): (
        "Здравствуйте! Рассказываем, как проходит учёба.",
        "Спасибо за труд и интерес!",
        "Есть над чем посидеть вместе.",
        "Попробуйте это вместе, в спокойный вечер.",
        "А впереди вот что.",
    ),
    ("ru", "neutral"): ("Сведения об учёбе.", "", "Обратите внимание:", "Рекомендация:", "Впереди:"),
    ("ru", "brief"): ("Коротко:", "", "", "", ""),
    ("en", "warm"): (
        "Hello! Here is how learning goes.",
        "Thank you for the effort and the interest!",
        "Here is something to sit down with together.",
        "Try this on a quiet evening.",
        "And this is what comes next.",
    ),
    ("en", "neutral"): ("How learning goes.", "", "Worth attention:", "Recommendation:", "Coming up:"),
    ("en", "brief"): ("In short:", "", "", "", ""),
}


def write_report(question: str) -> dict[str, str] | None:
    """The strings that a request for a report's words asks for; None where it is no such request."""
    asked = _asked(question)
    if asked is None:
        return None
    if "rewrite" in asked:
        return _again(asked)
    before, thanks, *rest = _within(_WORDS[asked["language"], asked["tone"]], asked.get("longest"))
    said = {}
    for part, opening in zip(PARTS, (before, *rest), strict=True):
        tokens = [str(told).partition(" ")[0] for told in asked["parts"].get(part) or ()]
        words = [opening, *tokens, thanks if part == PARTS[0] else ""] if tokens else []
        said[part] = " ".join(word for word in words if word)
    return said


def _within(words: tuple[str, ...], longest: object) -> list[str]:
    """As many of them as there is room for, each with the spaces around it; the greeting first."""
    room = longest if isinstance(longest, int) else sum(map(len, words))
    shown = []
    for one in words:
        shown.append(one if len(one) + _SPACES <= room else "")
        room -= len(shown[-1]) + _SPACES
    return shown


def _again(asked: Mapping[str, Any]) -> dict[str, str]:
    """What was wrong is left away; a part keeps its tokens."""
    tokens = {
        part: " ".join(str(told).partition(" ")[0] for told in (asked.get("parts") or {}).get(part) or ())
        for part in PARTS
    }
    return {str(name): tokens.get(str(name), "") for name in asked["rewrite"]}


def _asked(question: str) -> Mapping[str, Any] | None:
    try:
        asked = json.loads(question)
    except ValueError:
        return None
    if not isinstance(asked, dict) or (asked.get("language"), asked.get("tone")) not in _WORDS:
        return None
    is_report = isinstance(asked.get("parts"), dict) or isinstance(asked.get("rewrite"), dict)
    return asked if is_report else None
