"""What the picture of a report shows beside its figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from mentorium_core.progress.model import Titles


@dataclass(frozen=True, slots=True)
class Bar:
    """Study time of one day; `before_seconds` is the same day of the period before, None where it had none."""

    day: date
    seconds: int
    before_seconds: int | None


class Tone(StrEnum):
    """How a share is coloured: good, slow (worth a look) or calm (no judgement)."""

    GOOD = "good"
    SLOW = "slow"
    CALM = "calm"


@dataclass(frozen=True, slots=True)
class Meter:
    """A share of a whole: a topic's points or a course's lessons, 0..100."""

    title: Titles
    percent: Decimal
    tone: Tone


@dataclass(frozen=True, slots=True)
class Chart:
    """What only the picture shows: topics (at most the strongest and the weakest) or else courses."""

    bars: tuple[Bar, ...]
    topics: tuple[Meter, ...]
    courses: tuple[Meter, ...]
