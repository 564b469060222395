"""From a row of `platform_facts.sql`, which sets the order inside its JSON lists, to `LearnerFacts`."""

from __future__ import annotations

import functools
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from operator import attrgetter, itemgetter
from typing import Any, Final, TypeVar

from pydantic_core import from_json

from mentorium_core.i18n import one_line
from mentorium_core.progress.model import (
    Award,
    Comment,
    CourseProgress,
    CourseStatus,
    DueTest,
    LearnerFacts,
    NextLesson,
    Period,
    TestResult,
    Titles,
    TopicResult,
    WeekRun,
)
from mentorium_core.progress.rules import streak
from mentorium_db.repositories.platform import Row
from mentorium_domain.language import TITLE_COLUMNS

Item = TypeVar("Item")

_TITLE: Final = len(TITLE_COLUMNS)
_ITS_TITLE, _ITS_TOPIC, _ITS_RESULT = slice(_TITLE), slice(_TITLE, 2 * _TITLE), slice(2 * _TITLE, None)
_COUNTED_BY = frozenset({"v_lesson", "v_lesson_progress"})

_figures: Final = itemgetter(
    *("student_id", "display_name", "activity_as_of", "today"),
    *("first_active_day", "day_numbers", "day_seconds", "before_day_numbers", "before_day_seconds"),
    *("run_first_weeks", "run_weeks"),
    *("lessons_done", "before_lessons_done", "lesson_titles"),
    *("before_score", "before_max_score", "tests", "topics"),
    *("overdue", "before_overdue", "due_next", "late"),
    *("courses", "awards", "comments", "new_materials"),
)
"""All of a row at once: looked up one by one they take longer than many a figure does to be mapped."""


class FactsMapper:
    """Maps the rows of one batch.

    What learners of one course share is mapped once a batch: titles, points, days and topics, and whole lists that
    read the same (what is due, what is late, what is new). Nothing that is mapped can be changed.
    """

    def __init__(self, period: Period, missing_views: frozenset[str]) -> None:
        self._period = period
        self._days, self._days_before = period.days, period.previous().days
        self._missing_views = missing_views
        self._counts_lessons = _COUNTED_BY.isdisjoint(missing_views)
        self._lists: dict[str, dict[str, tuple[Any, ...]]] = defaultdict(dict)
        self._points = functools.cache(Decimal)
        self._day = functools.cache(date.fromisoformat)
        self._status = functools.cache(CourseStatus)
        self._title = functools.cache(Titles)
        self._of_topic = functools.cache(_titles_of_topic)
        self._lesson = functools.cache(_next_lesson)
        self._due_test = functools.cache(_due_test)
        self._topic = functools.cache(_topic)

    def facts(self, row: Row) -> LearnerFacts:
        (
            student_id, display_name, activity_as_of, today,
            first_active_day, day_numbers, day_seconds, before_day_numbers, before_day_seconds,
            run_first_weeks, run_weeks,
            lessons_done, before_lessons_done, lesson_titles,
            before_score, before_max_score, tests, topics,
            overdue, before_overdue, due_next, late,
            courses, awards, comments, new_materials,
        ) = _figures(row)  # fmt: skip
        week_runs = [WeekRun(*run) for run in zip(run_first_weeks or (), run_weeks or (), strict=True)]
        last_tests, earlier_tests = _last_attempts(_many(tests, self._test), self._period.first_day)
        return LearnerFacts(
            student_id=student_id,
            display_name=display_name or "",
            period=self._period,
            day_seconds=_spread(day_numbers, day_seconds, self._days),
            before_day_seconds=_spread(before_day_numbers, before_day_seconds, self._days_before),
            first_active_day=first_active_day,
            streak_weeks=streak(week_runs, min(self._period.last_day, today)),
            lessons_done=lessons_done or 0,
            before_lessons_done=before_lessons_done or 0,
            lesson_titles=self._shared("title", lesson_titles, self._title),
            tests=last_tests,
            earlier_tests=earlier_tests,
            before_score=before_score or Decimal(),
            before_max_score=before_max_score or Decimal(),
            topics=self._shared("topic", topics, self._topic),
            overdue=overdue or 0,
            before_overdue=before_overdue or 0,
            due_next=self._shared("due_test", due_next, self._due_test),
            late=self._shared("due_test", late, self._due_test),
            courses=self._shared("course", courses, self._course),
            awards=self._shared("award", awards, _award),
            comments=tuple([comment for comment in _many(comments, _comment) if one_line(comment.body)]),
            new_materials=self._shared("title", new_materials, self._title),
            data_as_of=activity_as_of,
            missing_views=self._missing_views,
        )

    def _shared(self, kind: str, text: str | None, make: Callable[..., Item]) -> tuple[Item, ...]:
        if text is None:
            return ()
        known = self._lists[kind]
        if (items := known.get(text)) is None:
            items = known[text] = _many(text, make)
        return items

    def _test(self, *item: Any) -> TestResult:
        test_id, course_id, topic_code, score, max_score, day, pass_score = item[_ITS_RESULT]
        return TestResult(  # by place: by name it takes a fifth longer, and nothing is mapped as often
            self._title(*item[_ITS_TITLE]),
            self._of_topic(*item[_ITS_TOPIC]),
            self._points(score),
            self._points(max_score),
            self._day(day),
            test_id,
            course_id,
            topic_code or "",
            None,
            self._points(pass_score) if pass_score is not None else None,
        )

    def _course(self, *item: Any) -> CourseProgress:
        course_id, slug, *title, status, required, done, due_on, completed_on, coming = item[:-4]
        in_period, last_28, busy, enrolled_on = item[-4:]
        return CourseProgress(
            course_id=course_id,
            slug=slug or "",
            title=self._title(*title),
            status=self._status(status),
            required_lessons=(required or 0) if self._counts_lessons else 0,
            done_lessons=done,
            due_on=self._day(due_on) if due_on is not None else None,
            completed_on=self._day(completed_on) if completed_on is not None else None,
            next_lessons=tuple([self._lesson(*lesson) for lesson in coming or ()]),
            done_in_period=in_period,
            done_last_28_days=last_28,
            busy_weeks_of_4=busy,
            enrolled_on=self._day(enrolled_on) if enrolled_on is not None else None,
        )


def _titles_of_topic(*titles: str | None) -> Titles | None:
    return Titles(*titles) if any(titles) else None


def _topic(topic_id: int, code: str | None, *item: Any) -> TopicResult:
    *title, score, max_score, results, in_period = item
    return TopicResult(topic_id, code or "", Titles(*title), Decimal(score), Decimal(max_score), results, in_period)


def _next_lesson(position: int | None, *title: str | None) -> NextLesson:
    return NextLesson(max(position or 0, 0), Titles(*title))


def _due_test(*item: Any) -> DueTest:
    *title, due_on = item
    return DueTest(Titles(*title), date.fromisoformat(due_on))


def _award(code: str | None, kind: str | None, *item: Any) -> Award:
    *title, earned_on = item
    return Award(code or "", kind or "", Titles(*title), date.fromisoformat(earned_on))


def _comment(author: str | None, body: str | None, day: str) -> Comment:
    return Comment(author, body or "", date.fromisoformat(day))


_graded_on = attrgetter("day")


def _last_attempts(
    attempts: tuple[TestResult, ...], first_day: date
) -> tuple[tuple[TestResult, ...], tuple[TestResult, ...]]:
    """Those from that day on, and those before it: of each, every test once, by its last attempt, in their order.

    `attempts` are in the order of their results.
    """
    if len({one.test_id for one in attempts}) == len(attempts):  # nothing was retaken
        at = bisect_left(attempts, first_day, key=_graded_on)
        return attempts[at:], attempts[:at]
    points: dict[tuple[int, Decimal], Decimal] = {}
    since: dict[int, TestResult] = {}
    earlier: dict[int, TestResult] = {}
    for one in attempts:
        last = since if one.day >= first_day else earlier
        last.pop(one.test_id, None)
        before = points.get((one.test_id, one.max_score)) if one.max_score > 0 else None
        last[one.test_id] = replace(one, retaken_from=before) if before is not None else one
        points[one.test_id, one.max_score] = one.score
    return tuple(since.values()), tuple(earlier.values())


def _many(text: str | None, make: Callable[..., Item]) -> tuple[Item, ...]:
    return tuple([make(*item) for item in from_json(text)]) if text is not None else ()


def _spread(day_numbers: Sequence[int] | None, seconds: Sequence[int] | None, days: int) -> tuple[int, ...]:
    """One figure for each day, 0 where the platform has no row."""
    spread = [0] * days
    for day_number, active_seconds in zip(day_numbers or (), seconds or (), strict=True):
        spread[day_number] = active_seconds
    return tuple(spread)
