"""What the numbers of a sentence count: `2 ч 30 мин`, `8 из 10`, `5 дней`, `83 %`; and which metrics words name."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from mentorium_core.guard.model import Metric
from mentorium_core.guard.scanning import SET_ASIDE, Token

_MINUTES_AN_HOUR: Final = 60
_LOOK_AHEAD: Final = 3
_LOOK_BACK: Final = 4
_TO_UNIT: Final = frozenset({"ta", "-", "х", "й", "я", "го"})
_LINKS_BACK: Final = frozenset({":", "—", "–", "-", "№", "=", "no"})
_OF_UZBEK: Final = ("dan", "tadan")
_CLOSES: Final = frozenset({",", ";", "(", ")", ".", "!", "?", "…", ":", "\n"})

BY_UNIT: Final = {
    "hours": {Metric.STUDY_MINUTES},
    "minutes": {Metric.STUDY_MINUTES},
    "days": {Metric.ACTIVE_DAYS, Metric.SUBSCRIPTION_DAYS},
    "weeks": {Metric.STREAK_WEEKS},
    "months": set[Metric](),
    "lessons": {Metric.LESSONS_DONE, Metric.COURSE_LESSONS, Metric.LESSON_NUMBER},
    "tests": {Metric.TESTS_TAKEN, Metric.TOPIC_RESULTS},
    "points": {Metric.SCORE, Metric.PASS_PERCENT},
    "percent": {
        Metric.AVERAGE_PERCENT,
        Metric.TEST_PERCENT,
        Metric.TOPIC_PERCENT,
        Metric.COURSE_PERCENT,
        Metric.PASS_PERCENT,
    },
    "works": {Metric.OVERDUE},
    "awards": {Metric.AWARDS},
    "materials": {Metric.MATERIALS},
    "money": {Metric.PRICE},
    "topics": set[Metric](),
    "children": set[Metric](),
    "times": set[Metric](),
}
BY_WORD: Final = {
    "study": {Metric.STUDY_MINUTES, Metric.ACTIVE_DAYS},
    "lesson": {Metric.LESSONS_DONE, Metric.COURSE_LESSONS, Metric.LESSON_NUMBER},
    "test": {
        Metric.TESTS_TAKEN,
        Metric.SCORE,
        Metric.TEST_PERCENT,
        Metric.AVERAGE_PERCENT,
        Metric.PASS_PERCENT,
        Metric.TOPIC_RESULTS,
    },
    "average": {Metric.AVERAGE_PERCENT},
    "topic": {Metric.TOPIC_PERCENT, Metric.TOPIC_RESULTS},
    "course": {Metric.COURSE_LESSONS, Metric.COURSE_PERCENT},
    "overdue": {Metric.OVERDUE},
    "streak": {Metric.STREAK_WEEKS},
    "award": {Metric.AWARDS},
    "pass": {Metric.PASS_PERCENT},
    "result": {Metric.SCORE, Metric.TEST_PERCENT, Metric.TOPIC_PERCENT, Metric.AVERAGE_PERCENT, Metric.PASS_PERCENT},
    "price": {Metric.PRICE, Metric.SUBSCRIPTION_DAYS},
    "material": {Metric.MATERIALS},
}
NARROWS: Final = frozenset({"average", "topic", "course", "overdue", "streak", "award", "pass"})
"""Words that leave only their own metrics of those a unit may count."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """`value` in the unit's measure (minutes for hours, too) `of` a whole; `place` is that of its first token."""

    start: int
    end: int
    value: Decimal
    of: Decimal | None
    unit: str | None
    in_figures: bool
    place: int

    @property
    def key(self) -> tuple[Decimal, Decimal | None, str | None]:
        return self.value, self.of, self.unit


def find_quantities(tokens: Sequence[Token], taken: Collection[int]) -> Iterator[Quantity]:
    """Each number that is no part of a date, put together with its unit and its whole."""
    used = set(taken)
    for place, token in enumerate(tokens):
        if token.value is None or place in used:
            continue
        used.add(place)
        if (found := _duration(tokens, place, used)) or (found := _of_a_whole(tokens, place, used)):
            yield found
            continue
        unit = _unit(tokens, place)
        value = token.value * _MINUTES_AN_HOUR if unit == "hours" else token.value
        yield Quantity(token.start, token.end, value, None, unit, token.in_figures, place)


def metrics_named(tokens: Sequence[Token]) -> frozenset[str]:
    """The words of metrics among the tokens: `study`, `average` …"""
    return frozenset(
        name.removeprefix("m_") for token in tokens for name in token.meanings if name.startswith("m_")
    ) - {"total"}


def clauses(tokens: Sequence[Token]) -> list[range]:
    """The places of the tokens of each clause: between commas, colons, brackets, and words such as `but`, `than`."""
    found, begin = [], 0
    for place, token in enumerate(tokens):
        if token.folded in _CLOSES or "split" in token.meanings:
            found.append(range(begin, place))
            begin = place
    return [clause for clause in [*found, range(begin, len(tokens))] if clause]


def _duration(tokens: Sequence[Token], place: int, used: set[int]) -> Quantity | None:
    """`2 ч 30 мин`, `2 hours and 30 minutes`, `2 soat 30 daqiqa`."""
    token = tokens[place]
    if token.value is None or place + 1 >= len(tokens) or "unit_hours" not in tokens[place + 1].meanings:
        return None
    behind = place + 2
    while behind < len(tokens) and (tokens[behind].folded in {".", ","} or "split" in tokens[behind].meanings):
        behind += 1
    if behind + 1 >= len(tokens) or (minutes := tokens[behind].value) is None:
        return None
    if "unit_minutes" not in tokens[behind + 1].meanings:
        return None
    used.add(behind)
    value = token.value * _MINUTES_AN_HOUR + minutes
    return Quantity(token.start, tokens[behind + 1].end, value, None, "minutes", token.in_figures, place)


def _of_a_whole(tokens: Sequence[Token], place: int, used: set[int]) -> Quantity | None:
    """`8 из 10`, `8/10`, `8 out of 10`, `10 balldan 8 ball`, `24 ta darsdan 15 tasi`."""
    token = tokens[place]
    for second in range(place + 1, min(place + 1 + _LOOK_AHEAD + 1, len(tokens))):
        other = tokens[second].value
        between = tokens[place + 1 : second]
        if other is None:
            if tokens[second].folded in _CLOSES:
                return None
            continue
        if second in used or token.value is None or not between:
            return None
        uzbek = any(near.folded.endswith(_OF_UZBEK) for near in between)
        if not (uzbek or between[-1].folded == "/" or "of" in between[-1].meanings):
            return None
        used.add(second)
        value, of = (other, token.value) if uzbek else (token.value, other)
        unit = next(filter(None, (near.means("unit_") for near in between)), None) or _unit(tokens, second)
        return Quantity(token.start, tokens[second].end, value, of, unit, token.in_figures, place)
    return None


def _unit(tokens: Sequence[Token], place: int) -> str | None:
    """What stands behind the number within three words, or before it: `3 пройденных урока`, `уроков: 3`."""
    if place + 1 < len(tokens) and tokens[place + 1].folded == "%":
        return "percent"
    for near in tokens[place + 1 : place + 1 + _LOOK_AHEAD]:
        if near.folded in _CLOSES or near.value is not None or "split" in near.meanings:
            break
        if (unit := near.means("unit_")) is not None:
            return unit
    before = tokens[max(place - _LOOK_BACK, 0) : place]
    for near in reversed(before):
        if near.folded in _CLOSES - {":"} or near.value is not None or near.folded == SET_ASIDE:
            break
        if (unit := near.means("unit_")) is not None:
            return unit if before[-1].folded in _LINKS_BACK or near is before[-1] else None
    return None
