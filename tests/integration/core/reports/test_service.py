"""A report on demand from the platform's views to the history's row, on real databases."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, time, timedelta
from time import monotonic

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from mentorium_core.billing.model import Access
from mentorium_core.identity.model import Child, ParentView
from mentorium_core.progress.model import Period, last_days, last_finished_month, last_finished_week
from mentorium_core.progress.queries import ReadFacts
from mentorium_core.reports.history import read_report, remember_done
from mentorium_core.reports.model import ReportDocument, StoredReport
from mentorium_core.reports.on_demand import MakeReportOnDemand
from mentorium_core.reports.pictures import DRAWINGS_AT_ONCE, SECONDS_A_DRAWING, DrawingQuota, ReportPictures
from mentorium_db import get_session
from mentorium_db.models import ReportHistory
from mentorium_domain.enums import Language, ReportType
from mentorium_kit import clock
from mentorium_kit.errors import NotFoundError
from mentorium_kit.nursery import Nursery
from mentorium_rendering.picture import PictureError, render_picture
from tests.fixtures.patience import HANGS_AFTER_S
from tests.integration.core.household import Household, register

TELEGRAM_ID = 700_000_007
NOW = clock.now()
WEEK = last_finished_week(NOW.date())
SCHOOL = """
    INSERT INTO platform.topic (topic_id, code, title_ru)
    VALUES (1, 'fact_checking', 'Проверка фактов'), (2, 'text_prompts', 'Промпты для текста');
    INSERT INTO platform.course (course_id, slug, title_ru) VALUES (1, 'ai', 'Нейросети');
    INSERT INTO platform.lesson (lesson_id, course_id, module_id, position, kind, title_ru, is_required, published_at)
    SELECT n, 1, 1, n, 'video', 'Урок', true, now() - interval '90 days' FROM generate_series(1, 4) n;
    INSERT INTO platform.test (test_id, course_id, topic_id, kind, title_ru, max_score)
    VALUES (1, 1, 1, 'quiz', 'Факты', 20), (2, 1, 2, 'quiz', 'Промпты', 20), (3, 1, 2, 'quiz', 'Роли', 20);
"""
ENROLLED = """
    INSERT INTO platform.enrollment (student_id, course_id, status, enrolled_at, started_at)
    VALUES ($1, 1, 'active', $2::timestamptz - interval '40 days', $2)
"""
LESSON = """
    INSERT INTO platform.lesson_progress
        (student_id, lesson_id, course_id, status, percent, started_at, completed_at)
    VALUES ($1, 1, 1, 'completed', 100, $2, $2)
"""
ATTEMPT = """
    INSERT INTO platform.test_attempt (test_id, student_id, course_id, topic_id, attempt_no, started_at, submitted_at,
        graded_at, score, max_score, status)
    VALUES ($1, $2, 1, $3, 1, $4, $4, $4, $5, 20, 'graded')
"""
ACTIVITY = "INSERT INTO platform.activity_day (student_id, day, active_seconds, sessions) VALUES ($1, $2, $3, 1)"


@pytest.fixture
async def parent(household: Household) -> ParentView:
    """A registered parent; which guardian it is does not matter here."""
    return (await register(TELEGRAM_ID, await household.guardian("Дилноза Каримова"), Language.RU)).parent


async def studious_child(household: Household) -> Child:
    """Two hours, one lesson and three tests in the last week, one of them hard; an hour in the week before."""
    student_id = await household.child("Азиза Каримова")
    graded = datetime.combine(WEEK.first_day + timedelta(days=2), time(15), clock.TASHKENT)
    async with household.school() as school:
        await school.execute(SCHOOL)
        await school.execute(ENROLLED, student_id, graded)
        await school.execute(LESSON, student_id, graded)
        for test_id, topic_id, score in ((1, 1, 8), (2, 2, 20), (3, 2, 18)):
            await school.execute(ATTEMPT, test_id, student_id, topic_id, graded, score)
        for days, seconds in ((0, 3600), (2, 3600), (-7, 3600), (-30, 600)):
            await school.execute(ACTIVITY, student_id, WEEK.first_day + timedelta(days=days), seconds)
    return Child(student_id, "Азиза Каримова", guardian_id=1)


async def ask(
    parent: ParentView,
    child: Child,
    period: Period = WEEK,
    language: Language = Language.RU,
    access: Access = Access.FULL,
    now: datetime = NOW,
    pictures: ReportPictures | None = None,
) -> StoredReport:
    beside: list[BaseException] = []
    nursery = Nursery(on_error=lambda _, error: beside.append(error))
    try:
        return await MakeReportOnDemand(ReadFacts(), pictures or ReportPictures(render_picture), nursery)(
            parent, child, period, language, access, now
        )
    finally:
        await nursery.drain(HANGS_AFTER_S)
        assert beside == []


async def history() -> list[ReportHistory]:
    async with get_session() as session:
        return list(await session.scalars(select(ReportHistory).order_by(ReportHistory.id)))


async def test_a_report_tells_what_the_platform_knows(household: Household, parent: ParentView) -> None:
    report = await ask(parent, await studious_child(household))
    assert "⏱ Время на учёбу: 2 ч, неделей раньше — 1 ч. Занятия в 2 дня из 7." in report.text
    assert "📚 Пройдено: 1 урок (неделей раньше — 0)." in report.text
    assert "📝 Проверено тестов: 3, в среднем 77\u00a0%." in report.text
    assert "✅ Получилось: тест «Промпты» — 20 из 20 (100\u00a0%)." in report.text
    assert "🎯 Что улучшить: тема «Проверка фактов» — 8 из 20 баллов за двенадцать недель (40\u00a0%)." in report.text
    assert report.picture is not None
    assert report.picture.startswith(b"\xff\xd8\xff"), "a JPEG"


async def test_it_is_kept_as_it_was_sent(household: Household, parent: ParentView) -> None:
    child = await studious_child(household)
    report = await ask(parent, child)
    (row,) = await history()
    assert (row.id, row.content) == (report.report_id, report.text)
    assert (row.report_type, row.report_period, row.language) == (ReportType.ON_DEMAND, WEEK.code, Language.RU)
    assert (row.parent_telegram_id, row.platform_student_id) == (TELEGRAM_ID, child.student_id)
    assert (row.template_id, row.action_id) == ("wording-1", "fact_checking-1")
    assert row.generated_at == NOW
    assert row.document["verdict"] == "on_track"


async def test_asked_again_it_says_the_same(household: Household, parent: ParentView) -> None:
    child = await studious_child(household)
    first = await ask(parent, child)
    again = await ask(parent, child)
    month = await ask(parent, child, last_finished_month(NOW.date()))
    uzbek = await ask(parent, child, language=Language.UZ)
    assert again.text == first.text
    assert month.document.wording != first.document.wording
    assert uzbek.document.action_id == first.document.action_id
    assert [row.template_id for row in await history()] == ["wording-1", "wording-2", "wording-1"]


async def test_unchanged_facts_come_from_the_history(household: Household, parent: ParentView) -> None:
    child = await studious_child(household)
    drawn: list[str] = []

    async def paint(document: ReportDocument, language: Language) -> bytes:
        drawn.append(document.name)
        return b"a picture"

    pictures = ReportPictures(paint)
    first, *later = [await ask(parent, child, pictures=pictures) for _ in range(6)]
    assert later == [first] * 5
    assert (len(await history()), len(drawn)) == (1, 1)
    assert (await ask(parent, child, pictures=ReportPictures(paint))).report_id == first.report_id
    assert len(drawn) == 2, "another process draws it again"
    less = await ask(parent, child, access=Access.LIMITED, pictures=pictures)
    assert less.report_id != first.report_id
    async with household.school() as school:
        await school.execute("UPDATE platform.test_attempt SET score = 19 WHERE student_id = $1", child.student_id)
    changed = await ask(parent, child, pictures=pictures)
    assert changed.text != first.text
    assert changed.picture is not None
    assert len(await history()) == 3


async def test_a_picture_that_cannot_be_drawn_costs_nobody_the_words(household: Household, parent: ParentView) -> None:
    child = await studious_child(household)

    async def fails(document: ReportDocument, language: Language) -> bytes:
        raise PictureError("picture_failed")

    report = await ask(parent, child, pictures=ReportPictures(fails))
    assert report.picture is None
    assert "Азиза" in report.text
    assert (await ask(parent, child, pictures=ReportPictures(render_picture))).picture is not None


async def test_presses_of_one_moment_make_one_row(household: Household, parent: ParentView) -> None:
    """durability 19: whoever presses, in whichever process."""
    child = await studious_child(household)
    reports = await asyncio.gather(*(ask(parent, child) for _ in range(6)))
    assert len({report.report_id for report in reports}) == 1
    assert len({report.text for report in reports}) == 1
    assert len(await history()) == 1
    async with household.school() as school:
        await school.execute("UPDATE platform.test_attempt SET score = 19 WHERE student_id = $1", child.student_id)
    await asyncio.gather(*(ask(parent, child) for _ in range(6)))
    assert len(await history()) == 2


async def test_who_has_too_much_drawn_gets_the_text_alone(household: Household, parent: ParentView) -> None:
    child = await studious_child(household)
    pictures = ReportPictures(render_picture)
    for _ in range(DRAWINGS_AT_ONCE):
        assert pictures._quota.take(TELEGRAM_ID, monotonic())
    report = await ask(parent, child, pictures=pictures)
    assert report.picture is None
    assert "Азиза" in report.text


@given(st.lists(st.tuples(st.integers(1, 2), st.floats(0, 30)), max_size=60))
def test_nobody_has_more_drawn_than_their_bucket_holds(asks: list[tuple[int, float]]) -> None:
    quota, now, drawn = DrawingQuota(), 0.0, {1: [0.0] * 0, 2: [0.0] * 0}
    for parent, pause in asks:
        now += pause
        if quota.take(parent, now):
            drawn[parent].append(now)
    for times in drawn.values():
        for first in range(len(times)):
            for last in range(first, len(times)):
                within = times[last] - times[first]
                assert last - first + 1 <= DRAWINGS_AT_ONCE + within / SECONDS_A_DRAWING + 1e-6


async def test_nothing_is_told_to_improve_more_than_twice_in_a_row(household: Household, parent: ParentView) -> None:
    child = await studious_child(household)
    first = await ask(parent, child, WEEK)
    soon = await ask(parent, child, last_days(WEEK.last_day, 9), now=NOW + timedelta(days=27))
    later = await ask(parent, child, last_days(WEEK.last_day, 10), now=NOW + timedelta(days=56))
    told = [made.document.action_id for made in (first, soon, later)]
    assert told == ["fact_checking-1", "fact_checking-2", None], "another action for the same topic, and then no more"


async def test_what_was_done_together_is_known_the_next_week(household: Household, parent: ParentView) -> None:
    child = await studious_child(household)
    first = await ask(parent, child, WEEK)
    assert await remember_done(parent, first.report_id, NOW)
    assert not await remember_done(parent, first.report_id, NOW), "once"
    stranger = replace(parent, telegram_id=TELEGRAM_ID + 1)
    assert not await remember_done(stranger, first.report_id, NOW)
    with pytest.raises(NotFoundError):
        await read_report(stranger, first.report_id)
    assert "🤝" not in (await ask(parent, child, WEEK)).text, "the same week says the same"
    later = await ask(parent, child, last_days(WEEK.last_day + timedelta(days=1), 9), now=NOW + timedelta(days=7))
    assert "🤝 Вы поработали вместе над «Проверка фактов»: было 40\u00a0%, стало 40\u00a0%." in later.text
    after = await ask(parent, child, last_days(WEEK.last_day + timedelta(days=8), 9), now=NOW + timedelta(days=14))
    assert "🤝" not in after.text, "a report tells it once"


async def test_an_idle_period_is_a_short_text_alone(household: Household, parent: ParentView) -> None:
    child = Child(await household.child("Эмма Браун"), "Эмма Браун", guardian_id=1)
    report = await ask(parent, child, language=Language.EN)
    assert report.picture is None
    assert len(report.text) <= 300
    assert "The course is still ahead: no lessons yet." in report.text


async def test_without_a_subscription_there_is_no_picture(household: Household, parent: ParentView) -> None:
    report = await ask(parent, await studious_child(household), access=Access.LIMITED)
    assert report.picture is None
    assert "⏱" not in report.text
    assert "/subscribe" in report.text


async def test_a_child_the_platform_does_not_know(household: Household, parent: ParentView) -> None:
    with pytest.raises(NotFoundError):
        await ask(parent, Child(999, "Никто", guardian_id=1))
    assert await history() == []
