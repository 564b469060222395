"""The family that is asked about: Aziza, who has slowed down, and Jasur, who has not, on Tuesday 24 November 2026.

Every figure is counted here by hand; nobody's database is asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from mentorium_core.billing.model import CurrentSubscription, PriceList
from mentorium_core.billing.overview import SubscriptionOverview
from mentorium_core.mentor.subscription_result import subscription_result
from mentorium_core.mentor.tools import Toolbox
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
    TopicResult,
)
from mentorium_core.pseudonymisation.tokens import NamedPersons, Tokens
from mentorium_domain.enums import Language, Tariff
from mentorium_domain.language import Titles
from mentorium_kit.clock import TASHKENT

NOW: Final = datetime(2026, 11, 24, 18, 0, tzinfo=TASHKENT)
NAMES: Final = {
    "uz": ("Aziza Karimova", "Jasur Karimov"),
    "ru": ("Азиза Каримова", "Жасур Каримов"),
    "en": ("Aziza Karimova", "Jasur Karimov"),
}
_FACTS = Titles(uz="Faktlarni tekshirish", ru="Проверка фактов", en="Checking facts")
_IMAGES = Titles(uz="Rasm uchun promptlar", ru="Промпты для картинок", en="Prompts for images")
_COURSE = Titles(uz="Neyrotarmoqlar: birinchi qadamlar", ru="Нейросети: первые шаги", en="Neural networks: first steps")
_LATE = Titles(uz="Mualliflik va halollik", ru="Авторство и честность", en="Authorship and fairness")
_DUE = Titles(uz="Matn uchun promptlar testi", ru="Тест по промптам", en="Quiz on text prompts")
_LESSONS = (
    Titles(uz="Uslub, yorugʻlik va rang", ru="Стиль, свет и цвет", en="Style, light and colour"),
    Titles(uz="Manbani topish", ru="Поиск источника", en="Finding the source"),
    Titles(uz="Ikki manbani taqqoslash", ru="Сравнение двух источников", en="Comparing two sources"),
    Titles(uz="Xatoni top", ru="Найди ошибку", en="Spot the mistake"),
)
_NEXT = Titles(uz="Kitob muqovasi", ru="Обложка книги", en="A book cover")
_TEACHER_WROTE = {
    "uz": "Javoblar shoshilib yozilgan. Har bir javobdan keyin bir daqiqa tekshirish yetarli.",
    "ru": "Ответы написаны в спешке. Достаточно минуты на проверку после каждого ответа.",
    "en": "The answers were rushed. One minute of checking after each is enough.",
}


def _november(day: int) -> date:
    return date(2026, 11, day)


@dataclass(frozen=True, slots=True)
class _Child:
    """Minutes and lessons by day; tests with their results."""

    minutes: dict[date, int]
    lessons: dict[date, Titles]
    tests: tuple[TestResult, ...]
    topics: tuple[TopicResult, ...]
    done: int
    late: tuple[DueTest, ...] = ()
    due: tuple[DueTest, ...] = ()
    awards: tuple[Award, ...] = ()
    comment: date | None = None


_AZIZA = _Child(
    minutes={
        **{_november(day): minutes for day, minutes in ((9, 60), (10, 30), (12, 50), (14, 60))},  # 3 h 20 min
        **{_november(day): minutes for day, minutes in ((16, 45), (18, 50), (20, 40), (23, 30))},  # 2 h 15 min
    },
    lessons=dict(zip((_november(10), _november(12), _november(16), _november(20)), _LESSONS, strict=True)),
    tests=(
        TestResult(_IMAGES, _IMAGES, Decimal(18), Decimal(20), _november(10), 1, 1, "image_prompts", None, Decimal(12)),
        TestResult(_FACTS, _FACTS, Decimal(8), Decimal(20), _november(20), 2, 1, "fact_checking", None, Decimal(12)),
    ),
    topics=(
        TopicResult(1, "fact_checking", _FACTS, Decimal(19), Decimal(40), 2, 1),
        TopicResult(2, "image_prompts", _IMAGES, Decimal(36), Decimal(40), 2, 0),
    ),
    done=15,
    late=(DueTest(_LATE, _november(13)),),
    due=(DueTest(_DUE, _november(27)),),
    awards=(Award("perfect", "badge", Titles(uz="10 ta dars", ru="10 уроков", en="10 lessons"), _november(10)),),
    comment=_november(19),
)
_JASUR = _Child(
    minutes={_november(day): minutes for day, minutes in ((10, 70), (14, 80), (17, 60), (19, 60), (22, 70))},
    lessons={_november(14): _LESSONS[0], _november(17): _LESSONS[1], _november(22): _LESSONS[2]},
    tests=(
        TestResult(_IMAGES, _IMAGES, Decimal(17), Decimal(20), _november(19), 1, 1, "image_prompts", None, Decimal(12)),
    ),
    topics=(TopicResult(2, "image_prompts", _IMAGES, Decimal(17), Decimal(20), 1, 1),),
    done=18,
)
_CHILDREN = {1: _AZIZA, 2: _JASUR}


def toolbox(language: Language) -> Toolbox:
    async def read_facts(student_ids: Sequence[int], period: Period) -> dict[int, LearnerFacts]:
        return {one: _facts(one, _CHILDREN[one], period, language) for one in student_ids}

    async def tell_subscription(told_in: str, now: datetime) -> str:
        return subscription_result(_OVERVIEW, PriceList(), told_in, now)

    return Toolbox(
        read_facts=read_facts,
        covered={"C1": 1, "C2": 2},
        others=frozenset(),
        language=language,
        tokens=Tokens(NamedPersons.of(NAMES[language])),
        now=NOW,
        tell_subscription=tell_subscription,
    )


_PAID_UNTIL = datetime(2026, 12, 27, 12, 0, tzinfo=TASHKENT)
_OVERVIEW = SubscriptionOverview(
    CurrentSubscription(Tariff.MONTHLY, _PAID_UNTIL, _PAID_UNTIL + timedelta(days=3)), False, None, None, ()
)


def _facts(student_id: int, child: _Child, period: Period, language: str) -> LearnerFacts:
    before = period.previous()
    tests = tuple(test for test in child.tests if period.first_day <= test.day <= period.last_day)
    earlier = [test for test in child.tests if before.first_day <= test.day <= before.last_day]
    lessons = [day for day in child.lessons if period.first_day <= day <= period.last_day]
    commented = child.comment is not None and period.first_day <= child.comment <= period.last_day
    return LearnerFacts(
        student_id=student_id,
        display_name="",
        period=period,
        day_seconds=tuple(child.minutes.get(day, 0) * 60 for day in period.dates()),
        before_day_seconds=tuple(child.minutes.get(day, 0) * 60 for day in before.dates()),
        first_active_day=date(2026, 9, 1),
        streak_weeks=5,
        lessons_done=len(lessons),
        before_lessons_done=sum(before.first_day <= day <= before.last_day for day in child.lessons),
        lesson_titles=tuple(child.lessons[day] for day in lessons),
        tests=tests,
        before_score=sum((test.score for test in earlier), Decimal()),
        before_max_score=sum((test.max_score for test in earlier), Decimal()),
        topics=child.topics,
        overdue=len(child.late),
        late=child.late,
        due_next=child.due,
        courses=(_course(child),),
        awards=tuple(award for award in child.awards if period.first_day <= award.earned_on <= period.last_day),
        comments=(
            (Comment("Марина Соколова", _TEACHER_WROTE[language], child.comment),)
            if commented and child.comment
            else ()
        ),
        data_as_of=NOW,
    )


def _course(child: _Child) -> CourseProgress:
    return CourseProgress(
        1,
        "start",
        _COURSE,
        CourseStatus.ACTIVE,
        required_lessons=24,
        done_lessons=child.done,
        next_lessons=(NextLesson(child.done + 1, _NEXT),),
        done_last_28_days=8,
        busy_weeks_of_4=4,
        enrolled_on=date(2026, 9, 1),
    )
