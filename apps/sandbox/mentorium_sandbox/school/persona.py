"""Persona of a simulated child: how often, how long, how well, and how its weeks follow one another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from random import Random

from mentorium_sandbox.school.calendar import is_public_holiday, is_school_holiday

_NEVER_CAME = 0.03


class Mood(Enum):
    """A week's character, and what it does to days and minutes."""

    STRONG = 1.4
    STEADY = 1.0
    WEAK = 0.4
    PAUSE = 0.0
    GONE = -1.0

    @property
    def lift(self) -> float:
        """What it does to the share of points."""
        return _LIFT.get(self, 0.0)


_LIFT = {Mood.STRONG: 0.05, Mood.WEAK: -0.1}


_USUAL = {Mood.STRONG: 0.24, Mood.STEADY: 0.46, Mood.WEAK: 0.22, Mood.PAUSE: 0.06, Mood.GONE: 0.02}
_OF_THOSE_WHO_STAY = {Mood.STRONG: 0.4, Mood.STEADY: 0.3, Mood.WEAK: 0.3}
_STAYS = {Mood.STRONG: 0.45, Mood.STEADY: 0.5, Mood.WEAK: 0.35, Mood.PAUSE: 0.5, Mood.GONE: 1.0}


@dataclass(frozen=True, slots=True)
class Persona:
    """`minutes` of a usual active day; `effort` times a lesson's own minutes; `talent`: share of points by topic.

    `punctual`: how likely a challenge is handed in on a day of study; `in_holidays`: the part of such days that is kept
    in school holidays.
    """

    came: bool
    days_a_week: float
    minutes: float
    effort: float
    talent: dict[int, float]
    weekday_weights: tuple[float, ...]
    punctual: float
    in_holidays: float
    noise: float = 0.1

    @classmethod
    def drawn(cls, rng: Random, topic_ids: list[int]) -> Persona:
        ability = min(0.95, max(0.45, rng.gauss(0.77, 0.1)))
        return cls(
            came=rng.random() >= _NEVER_CAME,
            days_a_week=min(5.5, max(1.3, rng.gauss(3.1, 0.9))),
            minutes=min(65.0, max(18.0, rng.gauss(38, 11))),
            effort=rng.uniform(0.85, 1.4),
            talent={topic: ability + rng.gauss(0, 0.09) for topic in topic_ids},
            weekday_weights=tuple(rng.uniform(0.5, 1.5) for _ in range(7)),
            punctual=rng.uniform(0.08, 0.6),
            in_holidays=rng.choice((0.0, 0.15, 0.4, 0.9)),
        )

    def week(self, mood: Mood, rng: Random) -> tuple[int, ...]:
        """Minutes of learning from Monday to Sunday."""
        usual = sum(self.weekday_weights)
        minutes = []
        for weight in self.weekday_weights:
            likely = min(0.95, self.days_a_week * max(0.0, mood.value) * weight / usual)
            length = rng.gauss(self.minutes, self.minutes / 4) * min(1.1, max(0.6, mood.value))
            minutes.append(round(min(150.0, max(10.0, length))) if rng.random() < likely else 0)
        return tuple(minutes)

    def outside_holidays(self, monday: date, minutes: tuple[int, ...], rng: Random) -> tuple[int, ...]:
        """What is left of a week's minutes where days of it are free."""
        days = [monday + timedelta(days=offset) for offset in range(7)]
        if not any(map(is_school_holiday, days)) and not any(map(is_public_holiday, days)):
            return minutes
        kept = [
            not is_public_holiday(day) and (not is_school_holiday(day) or rng.random() < self.in_holidays)
            for day in days
        ]
        return tuple(length * stays for length, stays in zip(minutes, kept, strict=True))

    def share(self, topic_id: int, attempt_no: int, mood: Mood, rng: Random) -> float:
        """Part of the points reached; a second try goes better, and so does a good week."""
        wanted = self.talent[topic_id] + 0.12 * (attempt_no - 1) + mood.lift
        return min(1.0, max(0.1, rng.gauss(wanted, self.noise)))


def moods(rng: Random, *, stays: bool = False) -> Iterator[Mood]:
    """Week after week without end: good and bad stretches, pauses, for some the last one. Who `stays` makes none."""
    usual = _OF_THOSE_WHO_STAY if stays else _USUAL
    mood = Mood.STEADY
    while True:
        yield mood
        if rng.random() >= _STAYS[mood]:
            mood = rng.choices(list(usual), list(usual.values()))[0]
