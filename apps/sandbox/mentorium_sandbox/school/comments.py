"""What teachers write of a week: an occasion, and a sentence for it in the family's language."""

from __future__ import annotations

import json
from enum import StrEnum
from functools import cache
from importlib import resources
from random import Random


class Occasion(StrEnum):
    GOOD = "good"
    BAD = "bad"
    LATE = "late"
    RETAKEN = "retaken"
    BACK = "back"
    MISSED = "missed"
    NOTHING = "nothing"


LIKELY = {
    Occasion.GOOD: 0.12,
    Occasion.BAD: 0.2,
    Occasion.LATE: 0.25,
    Occasion.RETAKEN: 0.3,
    Occasion.BACK: 0.3,
    Occasion.MISSED: 0.08,
    Occasion.NOTHING: 0.0,
}
"""How likely a teacher writes a comment."""


def comment(language: str, occasion: Occasion, course_id: int, said: str, rng: Random) -> tuple[str, str]:
    """The author, who teaches the whole course, and what they write: not what was `said` last."""
    texts = _texts()
    authors, known = texts["authors"][language], texts.get(occasion, texts[Occasion.GOOD])[language]
    return authors[course_id % len(authors)], rng.choice([text for text in known if text != said])


@cache
def _texts() -> dict[str, dict[str, list[str]]]:
    texts: dict[str, dict[str, list[str]]] = json.loads(
        resources.files(__package__).joinpath("comments.json").read_text(encoding="utf-8")
    )
    return texts
