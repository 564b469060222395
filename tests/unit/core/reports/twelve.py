"""Twelve children, each with a week (16 to 22 November 2026) and a month (October), made of what parents met."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from mentorium_core.billing.model import Access
from mentorium_core.progress import model as progress
from mentorium_core.progress.model import (
    Award,
    Comment,
    CourseProgress,
    CourseStatus,
    DueTest,
    LearnerFacts,
    NextLesson,
    Titles,
    TopicResult,
    last_finished_month,
    last_finished_week,
)
from mentorium_kit.clock import TASHKENT

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=TASHKENT)
WEEK, MONTH = last_finished_week(NOW.date()), last_finished_month(NOW.date())
HOUR = 3600

COURSE_TITLE = Titles(uz="Neyrotarmoqlar asoslari", ru="Основы нейросетей", en="Neural network basics")
BOTS_TITLE = Titles(uz="Chat-botlar", ru="Чат-боты", en="Chatbots")
FACTS = Titles(uz="Faktlarni tekshirish", ru="Проверка фактов", en="Checking facts")
PROMPTS = Titles(uz="Matn uchun promptlar", ru="Промпты для текста", en="Prompts for texts")
PICTURES = Titles(uz="Rasm uchun promptlar", ru="Промпты для картинок", en="Prompts for images")
CHECK = Titles(uz="Tekshiruv", ru="Проверка", en="The check")
STUDIO = Titles(uz="Studiya loyihasi", ru="Проект студии", en="Studio project")
CHALLENGE = Titles(uz="Mualliflik va halollik", ru="Авторство и честность", en="Authorship and fairness")
ROLES = Titles(uz="Rollar", ru="Роли", en="Roles")
LIGHT = Titles(uz="Yorugʻlik", ru="Свет", en="Light")
LESSON = Titles(uz="Rasm va matn", ru="Картинка и текст", en="Picture and text")

COURSE = CourseProgress(
    1, "ai", COURSE_TITLE, CourseStatus.ACTIVE, 24, 15,
    next_lessons=(NextLesson(16, LESSON),), done_in_period=3, done_last_28_days=9, busy_weeks_of_4=4,
    enrolled_on=date(2026, 8, 1),
)  # fmt: skip
BOTS = replace(COURSE, course_id=2, title=BOTS_TITLE, done_lessons=3, done_in_period=1, busy_weeks_of_4=1)


def graded(title: Titles, score: int, best: int, day: date, code: str = "", **more: Any) -> progress.TestResult:
    return progress.TestResult(title, None, Decimal(score), Decimal(best), day, course_id=1, topic_code=code, **more)


def topic(number: int, code: str, title: Titles, score: int, best: int, fresh: int) -> TopicResult:
    return TopicResult(number, code, title, Decimal(score), Decimal(best), 3, fresh)


def steady(name: str, period: progress.Period, **changes: Any) -> LearnerFacts:
    """Three lessons and 3 h 20 min, as in the period before; topics with results of the period."""
    days, before = period.days, period.previous().days
    facts = LearnerFacts(
        student_id=1,
        display_name=name,
        period=period,
        day_seconds=spread(12_000, days),
        before_day_seconds=spread(12_000, before),
        first_active_day=date(2026, 8, 3),
        lessons_done=3,
        before_lessons_done=3,
        lesson_titles=(LIGHT,),
        tests=(graded(PICTURES, 18, 20, period.first_day), graded(CHECK, 12, 20, period.last_day, "fact_checking")),
        before_score=Decimal(15),
        before_max_score=Decimal(20),
        topics=(
            topic(1, "fact_checking", FACTS, 29, 50, 1),
            topic(2, "image_prompts", PICTURES, 54, 60, 1),
            topic(3, "text_prompts", PROMPTS, 40, 50, 0),
        ),
        due_next=(DueTest(PROMPTS, date(2026, 12, 4)),),
        courses=(COURSE if period == WEEK else replace(COURSE, done_lessons=5),),
        data_as_of=NOW,
    )
    return replace(facts, **changes)


def spread(seconds: int, days: int) -> tuple[int, ...]:
    """About so many seconds in all, on every second day."""
    learned = (days + 1) // 2
    return tuple(seconds // learned if day % 2 == 0 else 0 for day in range(days))


@dataclass(frozen=True, slots=True)
class One:
    """`facts`: of a period; `access`: what the parent has paid for."""

    name: str
    changes: Callable[[progress.Period], dict[str, Any]]
    access: Access = Access.FULL

    def facts(self, period: progress.Period) -> LearnerFacts:
        return steady(self.name, period, **self.changes(period))


def _more_but_late(period: progress.Period) -> dict[str, Any]:
    before = spread(4 * HOUR + 34 * 60, period.previous().days)
    late = (
        DueTest(CHALLENGE, date(2026, 11, 13)),
        DueTest(STUDIO, date(2026, 11, 6)),
        DueTest(ROLES, date(2026, 10, 30)),
    )
    return {
        "day_seconds": spread(10 * HOUR + 44 * 60, period.days),
        "before_day_seconds": before,
        "lessons_done": 12,
        "before_lessons_done": 5,
        "overdue": 3,
        "late": late,
    }


def _fell(period: progress.Period) -> dict[str, Any]:
    return {
        "day_seconds": spread(2 * HOUR + 27 * 60, period.days),
        "before_day_seconds": spread(3 * HOUR + 23 * 60, period.previous().days),
        "before_score": Decimal(14),
        "before_max_score": Decimal(15),
    }


def _first_time(period: progress.Period) -> dict[str, Any]:
    came = replace(COURSE, enrolled_on=period.first_day, done_lessons=3)
    early = {"before_day_seconds": (0,) * period.previous().days, "before_lessons_done": 0}
    return {
        **early,
        "first_active_day": period.first_day,
        "courses": (came,),
        "before_max_score": Decimal(),
        "topics": (),
    }


def _retaken(period: progress.Period) -> dict[str, Any]:
    test = graded(CHECK, 9, 10, period.last_day, "fact_checking", retaken_from=Decimal(4))
    return {"tests": (test,), "topics": (topic(2, "image_prompts", PICTURES, 54, 60, 0),)}


def _many_tests(period: progress.Period) -> dict[str, Any]:
    titles = (PICTURES, PROMPTS, ROLES, CHALLENGE, FACTS, STUDIO)
    return {"tests": tuple(graded(title, 14 + n, 20, period.first_day) for n, title in enumerate(titles))}


def _dropped(period: progress.Period) -> dict[str, Any]:
    return {"courses": (replace(COURSE, status=CourseStatus.DROPPED, next_lessons=()),), "topics": (), "due_next": ()}


def _idle(period: progress.Period) -> dict[str, Any]:
    nothing: dict[str, Any] = {"lessons_done": 0, "tests": (), "lesson_titles": (), "day_seconds": (0,) * period.days}
    words = Comment("Нодира", "На этой неделе мы вас не видели, ждём во вторник!", period.last_day)
    return {**nothing, "late": (DueTest(CHALLENGE, date(2026, 11, 13)),), "comments": (words,)}


def _not_yet(period: progress.Period) -> dict[str, Any]:
    if period == WEEK:
        return {"topics": ()}
    came = replace(COURSE, enrolled_on=date(2026, 11, 2), done_lessons=0)
    return {**_idle(period), "comments": (), "late": (), "first_active_day": None, "courses": (came,), "topics": ()}


def _praised(period: progress.Period) -> dict[str, Any]:
    body = "Отличная работа над проектом: идея своя, а промпты стали точнее. " * 7
    comments = (
        Comment("Нодира", body, period.first_day),
        Comment(None, "Не хватает проверки фактов.", period.last_day),
    )
    return {"comments": comments, "new_materials": (LIGHT, ROLES, PROMPTS)}


def _finished(period: progress.Period) -> dict[str, Any]:
    done = replace(
        COURSE, status=CourseStatus.COMPLETED, done_lessons=24, completed_on=period.last_day, next_lessons=()
    )
    award = Award("done", "certificate", COURSE_TITLE, period.last_day)
    return {"courses": (done,), "due_next": (), "awards": (award,), "topics": ()}


def _half_way(period: progress.Period) -> dict[str, Any]:
    course = replace(COURSE, done_lessons=13, done_in_period=3)
    return {"courses": (course, BOTS), "tests": (), "topics": (), "streak_weeks": 5}


TWELVE = (
    One("Азиза Каримова", lambda _: {}),
    One("Oliver Brown", _more_but_late),
    One("София Иванова", _fell),
    One("Тимур Алиев", _first_time),
    One("Oʻgʻiloy Rashidova", _retaken),
    One("Emma Brown", _many_tests),
    One("Jasur Karimov", _dropped),
    One("Madina Yusupova", _idle),
    One("Кирилл Петров", _not_yet),
    One("Nilufar Saidova", _praised),
    One("Ulugʻbek Tursunov", _finished),
    One("Dilnoza Hamidova", _half_way),
)
UNCOVERED = One("Oliver Brown", _more_but_late, Access.LIMITED)
