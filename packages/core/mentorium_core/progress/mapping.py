"""From a row of `platform_facts.sql`, which sets the order inside its JSON lists, to `LearnerFacts`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

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

_TITLE = len(TITLE_COLUMNS)
_COUNTED_BY = frozenset({"v_lesson", "v_lesson_progress"})


class FactsMapper:
    """Maps the rows of one batch.

    Titles come once a learner in the rows and are kept once a batch; so are whole lists, which learners of one course
    share as they are: what is due, what is late, what is new. Nothing that is mapped can be changed.
    """

    def __init__(self, period: Period, missing_views: frozenset[str]) -> None:
        self._period = period
        self._days, self._days_before = period.days, period.previous().days
        self._missing_views = missing_views
        self._counts_lessons = _COUNTED_BY.isdisjoint(missing_views)
        self._titles: dict[tuple[str | None, ...], Titles] = {}
        self._lists: dict[Callable[[Sequence[Any]], Any], dict[str, tuple[Any, ...]]] = defaultdict(dict)
        self._points: dict[str, Decimal] = {}
        self._dates: dict[str, date] = {}

    def facts(self, row: Row) -> LearnerFacts:
        week_runs = [WeekRun(*run) for run in zip(row["run_first_weeks"] or (), row["run_weeks"] or (), strict=True)]
        tests, earlier_tests = _last_attempts(_many(row["tests"], self._test), self._period.first_day)
        return LearnerFacts(
            student_id=row["student_id"],
            display_name=row["display_name"] or "",
            period=self._period,
            day_seconds=_spread(row["day_numbers"], row["day_seconds"], self._days),
            before_day_seconds=_spread(row["before_day_numbers"], row["before_day_seconds"], self._days_before),
            first_active_day=row["first_active_day"],
            streak_weeks=streak(week_runs, min(self._period.last_day, row["today"])),
            lessons_done=row["lessons_done"] or 0,
            before_lessons_done=row["before_lessons_done"] or 0,
            lesson_titles=self._shared(row["lesson_titles"], self._title),
            tests=tests,
            earlier_tests=earlier_tests,
            before_score=row["before_score"] or Decimal(),
            before_max_score=row["before_max_score"] or Decimal(),
            topics=self._shared(row["topics"], self._topic),
            overdue=row["overdue"] or 0,
            before_overdue=row["before_overdue"] or 0,
            due_next=self._shared(row["due_next"], self._due_test),
            late=self._shared(row["late"], self._due_test),
            courses=self._shared(row["courses"], self._course),
            awards=self._shared(row["awards"], self._award),
            comments=tuple(comment for comment in _many(row["comments"], _comment) if one_line(comment.body)),
            new_materials=self._shared(row["new_materials"], self._title),
            data_as_of=row["activity_as_of"],
            missing_views=self._missing_views,
        )

    def _shared(self, text: str | None, make: Callable[[Sequence[Any]], Item]) -> tuple[Item, ...]:
        if text is None:
            return ()
        known = self._lists[make]
        if (items := known.get(text)) is None:
            items = known[text] = _many(text, make)
        return items

    def _decimal(self, text: str) -> Decimal:
        known = self._points.get(text)
        if known is None:
            known = self._points[text] = Decimal(text)
        return known

    def _date(self, text: str) -> date:
        known = self._dates.get(text)
        if known is None:
            known = self._dates[text] = date.fromisoformat(text)
        return known

    def _title(self, item: Sequence[Any]) -> Titles:
        key = tuple(item)
        known = self._titles.get(key)
        if known is None:
            known = self._titles[key] = Titles(*item)
        return known

    def _test(self, item: Sequence[Any]) -> TestResult:
        topic = item[_TITLE : 2 * _TITLE]
        test_id, course_id, topic_code, score, max_score, day, pass_score = item[2 * _TITLE :]
        return TestResult(
            self._title(item[:_TITLE]),
            self._title(topic) if any(topic) else None,
            self._decimal(score),
            self._decimal(max_score),
            self._date(day),
            test_id=test_id,
            course_id=course_id,
            topic_code=topic_code or "",
            pass_score=self._decimal(pass_score) if pass_score is not None else None,
        )

    def _topic(self, item: Sequence[Any]) -> TopicResult:
        topic_id, code, *title, score, max_score, results, in_period = item
        points = self._decimal(score), self._decimal(max_score)
        return TopicResult(topic_id, code or "", self._title(title), *points, results, in_period)

    def _due_test(self, item: Sequence[Any]) -> DueTest:
        *title, due_on = item
        return DueTest(self._title(title), date.fromisoformat(due_on))

    def _course(self, item: Sequence[Any]) -> CourseProgress:
        course_id, slug, *title, status, required, done, due_on, completed_on, coming = item[:-4]
        in_period, last_28, busy, enrolled_on = item[-4:]
        return CourseProgress(
            course_id=course_id,
            slug=slug or "",
            title=self._title(title),
            status=CourseStatus(status),
            required_lessons=(required or 0) if self._counts_lessons else 0,
            done_lessons=done,
            due_on=_day(due_on),
            completed_on=_day(completed_on),
            next_lessons=tuple(NextLesson(max(lesson[0] or 0, 0), self._title(lesson[1:])) for lesson in coming or ()),
            done_in_period=in_period,
            done_last_28_days=last_28,
            busy_weeks_of_4=busy,
            enrolled_on=_day(enrolled_on),
        )

    def _award(self, item: Sequence[Any]) -> Award:
        code, kind, *title, earned_on = item
        return Award(code or "", kind or "", self._title(title), date.fromisoformat(earned_on))


def _comment(item: Sequence[Any]) -> Comment:
    author, body, day = item
    return Comment(author, body or "", date.fromisoformat(day))


def _last_attempts(
    attempts: tuple[TestResult, ...], first_day: date
) -> tuple[tuple[TestResult, ...], tuple[TestResult, ...]]:
    """Those from that day on, and those before it: of each, every test once, by its last attempt, in their order.

    `attempts` are in the order of their results.
    """
    if len(attempts) < 2:
        return (attempts, ()) if not attempts or attempts[0].day >= first_day else ((), attempts)
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


def _many(text: str | None, make: Callable[[Sequence[Any]], Item]) -> tuple[Item, ...]:
    return tuple([make(item) for item in from_json(text)]) if text is not None else ()


def _spread(day_numbers: Sequence[int] | None, seconds: Sequence[int] | None, days: int) -> tuple[int, ...]:
    """One figure for each day, 0 where the platform has no row."""
    spread = [0] * days
    for day_number, active_seconds in zip(day_numbers or (), seconds or (), strict=True):
        spread[day_number] = active_seconds
    return tuple(spread)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text is not None else None
