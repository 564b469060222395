"""Which figures a report on these facts may hold, found without any of the report's own code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from mentorium_core.progress.model import LearnerFacts
from mentorium_kit.clock import TASHKENT

_NUMBER = re.compile(r"\d+(?:[\u00a0,]\d{3})*(?:[.,]\d+)?")
_TEN_MINUTES, _WEEKS_OF_TREND, _MILESTONES = 10, 4, (25, 50, 75)


def figures_in(text: str) -> set[Decimal]:
    return {_value(found) for found in _NUMBER.findall(text)}


def figures_of(facts: LearnerFacts, today: date) -> set[Decimal]:
    return {Decimal(figure) for figure in _figures(facts, today)}


def _value(written: str) -> Decimal:
    grouped = re.sub(r"[\u00a0,](?=\d{3}(\D|$))", "", written)
    return Decimal(grouped.replace(",", "."))


def _figures(facts: LearnerFacts, today: date) -> Iterator[Decimal | int]:
    yield from (_TEN_MINUTES, _WEEKS_OF_TREND, *_MILESTONES)
    yield from _durations(facts)
    yield from _points(facts)
    yield from _counts(facts)
    yield from _dates(facts, today)


def _durations(facts: LearnerFacts) -> Iterator[int]:
    days = facts.day_seconds[-28:]
    weeks = (sum(days[start : start + 7]) for start in range(0, len(days), 7))
    for seconds in (facts.active_seconds, facts.before_active_seconds, *weeks):
        minutes = max((seconds + 30) // 60, int(seconds > 0))
        yield from divmod(minutes, 60)


def _points(facts: LearnerFacts) -> Iterator[Decimal]:
    results = [(test.score, test.max_score) for test in facts.tests]
    results += [(test.retaken_from, test.max_score) for test in facts.tests if test.retaken_from is not None]
    results += [(topic.score, topic.max_score) for topic in facts.topics]
    everything = [*results, (facts.score, facts.max_score), (facts.before_score, facts.before_max_score)]
    for score, best in everything:
        yield from (score, best)
        if best:
            yield (score * 100 / best).quantize(Decimal(1), ROUND_HALF_UP)


def _counts(facts: LearnerFacts) -> Iterator[int]:
    yield from (facts.active_days, facts.lessons_done, facts.before_lessons_done, len(facts.tests))
    yield from (facts.overdue, facts.before_overdue, facts.streak_weeks, len(facts.new_materials))
    yield facts.period.days
    for listed in (facts.tests, facts.late, facts.new_materials):
        yield from range(1, len(listed))  # how many more there are
    for course in facts.courses:
        yield from (course.done_lessons, course.required_lessons)
        yield from (lesson.position for lesson in course.next_lessons)


def _dates(facts: LearnerFacts, today: date) -> Iterator[int]:
    days = [facts.period.first_day, facts.period.last_day]
    days += [work.due_on for work in (*facts.due_next, *facts.late)]
    days += [facts.began_on] if facts.began_on else []
    for day in days:
        yield from (day.day, day.year)
    yield from range(today.year, today.year + 4)  # forecasts
    if facts.data_as_of is not None:
        moment = facts.data_as_of.astimezone(TASHKENT)
        yield from (moment.day, moment.hour, moment.minute)
