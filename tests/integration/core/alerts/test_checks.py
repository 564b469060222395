"""The daily look at all watched children: idle ones, work due tomorrow, new materials; and feeds that are dead."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from mentorium_core.alerts import rules
from mentorium_core.alerts.checks import CheckChildren
from mentorium_db import get_session
from mentorium_domain.enums import Language, NotificationType, ReportType
from mentorium_kit import clock
from mentorium_kit.clock import TASHKENT
from mentorium_observability.metrics import idle_checks_stopped
from tests.integration.core.alerts.watched import WEDNESDAY, Watched

DAY = timedelta(days=1)
EVENING = WEDNESDAY.replace(hour=18)


async def outcomes() -> list[tuple[str, str | None]]:
    async with get_session() as session:
        return [tuple(row) for row in await session.execute(text("SELECT kind, outcome FROM alerts ORDER BY id"))]


async def test_an_idle_child_is_told_of_at_7_14_and_30_days_and_then_no_more(world: Watched) -> None:
    family = await world.family()
    told = []
    for days in range(1, 60):
        await world.at(EVENING + days * DAY)
        before = len(await family.messages())
        await world.look()
        if len(await family.messages()) > before:
            told.append(days)
    assert told == [7, 14, 30]
    keys = [message.dedup_key for message in await family.messages()]
    day = WEDNESDAY.date()
    assert keys == [f"idle:{family.student}:{day}:{stage}:p{family.parent.parent_id}" for stage in told]


async def test_after_study_it_begins_anew(world: Watched) -> None:
    family = await world.family()
    await world.at(EVENING + 7 * DAY)
    await world.look()
    await world.studied(family.student, clock.now())
    await world.at(EVENING + 13 * DAY)
    await world.look()
    assert len(await family.messages()) == 1
    await world.at(EVENING + 14 * DAY)
    await world.look()
    assert len(await family.messages()) == 2


async def test_a_day_that_was_missed_is_made_up_for(world: Watched) -> None:
    family = await world.family()
    await world.at(EVENING + 9 * DAY)
    await world.look()
    (message,) = await family.messages()
    assert "9 days" in message.message
    assert message.dedup_key.endswith(f":7:p{family.parent.parent_id}")
    assert message.notification_type is NotificationType.REMINDER


@pytest.mark.parametrize("status", ["paused", "completed", "dropped"])
async def test_a_course_that_rests_or_is_over_makes_nobody_idle(world: Watched, status: str) -> None:
    family = await world.family()
    completed_at = clock.now() if status == "completed" else None
    await world.does("UPDATE platform.enrollment SET status = $1, completed_at = $2", status, completed_at)
    await world.at(EVENING + 7 * DAY)
    await world.look()
    assert not [key for key in await keys(family) if key.startswith("idle")]


async def test_who_has_done_every_lesson_is_not_idle(world: Watched) -> None:
    """The course goes on only because the platform has not ended it: there is nothing to study."""
    families = [await world.family(f"Child{number} Karimov", number=number) for number in range(2)]
    lesson = await world.value(
        "INSERT INTO platform.lesson (course_id, module_id, position, kind, title_en, is_required, published_at)"
        " VALUES ($1, 1, 1, 'video', 'The neuron', true, $2) RETURNING lesson_id",
        world.course,
        WEDNESDAY - 90 * DAY,
    )
    await world.does(
        "INSERT INTO platform.lesson_progress (student_id, lesson_id, course_id, status, percent, completed_at)"
        " VALUES ($1, $2, $3, 'completed', 100, $4)",
        families[0].student,
        lesson,
        world.course,
        WEDNESDAY,
    )
    await world.at(EVENING + 7 * DAY)
    await world.look()
    idle = [[key for key in await keys(family) if key.startswith("idle")] for family in families]
    assert [len(found) for found in idle] == [0, 1]


async def keys(family: object) -> list[str]:
    return [message.dedup_key for message in await family.messages()]  # type: ignore[attr-defined]


async def test_a_new_course_is_a_new_beginning(world: Watched) -> None:
    family = await world.family()
    await world.does("UPDATE platform.enrollment SET enrolled_at = $1", WEDNESDAY + 5 * DAY)
    await world.at(EVENING + 7 * DAY)
    await world.look()
    assert await family.messages() == []


async def test_a_dead_feed_alarms_nobody_until_it_lives_again(world: Watched) -> None:
    family = await world.family()
    await world.test("Prompts", due_at=EVENING + 8 * DAY)
    await world.at(EVENING + 7 * DAY)
    await world.does("UPDATE platform.clock SET feed_frozen_at = $1", EVENING + 6 * DAY - timedelta(minutes=1))
    await world.look()
    assert await family.messages() == []
    await world.does("UPDATE platform.clock SET feed_frozen_at = NULL")
    await world.later(timedelta(hours=1))
    await world.look()
    assert sorted(key.partition(":")[0] for key in await keys(family)) == ["due", "idle"]


@pytest.mark.parametrize(("watched", "idle", "stopped"), [(99, 99, False), (100, 20, False), (100, 21, True)])
async def test_where_a_fifth_turn_idle_on_one_day_a_human_is_told(
    world: Watched, monkeypatch: pytest.MonkeyPatch, watched: int, idle: int, stopped: bool
) -> None:
    """From a hundred watched children on."""
    families = [await world.family(f"Child{number}", number=number) for number in range(5)]
    monkeypatch.setattr(rules, "MANY_WATCHED", 5 if watched >= 100 else 6)
    quiet = 5 if watched < 100 else (1 if idle == 20 else 2)
    for family in families[quiet:]:
        await world.studied(family.student, EVENING + 7 * DAY)
    counted = idle_checks_stopped._value.get()
    await world.at(EVENING + 7 * DAY)
    world.check_children = CheckChildren(page=2)
    for _ in range(2):
        await world.look()
    assert sum([len(await family.messages()) for family in families]) == (0 if stopped else quiet)
    assert idle_checks_stopped._value.get() - counted == int(stopped)
    async with get_session() as session:
        events = await session.scalars(
            text("SELECT metadata FROM event_logs WHERE event_name = 'idle_alarms_stopped' AND severity = 'ERROR'")
        )
        assert [(one["watched"], one["idle"]) for one in events] == ([(5, quiet)] if stopped else [])
    if stopped:
        await world.at(EVENING + 8 * DAY)
        await world.look()
        assert {outcome for _, outcome in await outcomes()} == {"stopped"}


async def test_an_alarm_that_was_stopped_is_told_once_the_feed_is_right_again(
    world: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And not before: who was idle when it was stopped still counts on the day after."""
    monkeypatch.setattr(rules, "MANY_WATCHED", 5)
    idle, *others = [await world.family(f"Child{number}", number=number) for number in range(5)]
    for days in (7, 8):
        await world.at(EVENING + days * DAY)
        await world.look()
        assert {outcome for _, outcome in await outcomes()} == {"stopped"}, days
    for family in others:
        await world.studied(family.student, EVENING + 8 * DAY)
    await world.at(EVENING + 9 * DAY)
    await world.look()
    assert len(await idle.messages()) == 1
    assert [await family.messages() for family in others] == [[]] * 4


@pytest.mark.parametrize(("checked", "stopped"), [(True, True), (False, False)])
async def test_who_turned_idle_long_ago_turns_the_feed_into_no_dead_one(
    world: Watched, monkeypatch: pytest.MonkeyPatch, checked: bool, stopped: bool
) -> None:
    """Unless nobody has looked since: then all of them may have stopped together."""
    monkeypatch.setattr(rules, "MANY_WATCHED", 2)
    families = [await world.family(f"Child{number}", number=number) for number in range(3)]
    if checked:
        await world.at(EVENING + 6 * DAY)
        await world.look()
    await world.at(EVENING + 9 * DAY)
    await world.look()
    assert sum([len(await family.messages()) for family in families]) == (0 if stopped else 3)


async def test_the_report_that_said_so_is_not_said_again(world: Watched) -> None:
    family = await world.family()
    await world.at(EVENING + 7 * DAY)
    for verdict, made in (("paused", clock.now() - timedelta(hours=47)), ("on_track", clock.now() - DAY)):
        async with get_session() as session:
            await session.execute(
                text(
                    "INSERT INTO report_history (parent_telegram_id, platform_student_id, report_type, report_period,"
                    " language, content, document, generated_at) VALUES (:chat, :student, :type, :period, 'en', '',"
                    " jsonb_build_object('verdict', cast(:verdict AS text)), :made)"
                ),
                {
                    "chat": family.parent.telegram_id,
                    "student": family.student,
                    "type": ReportType.WEEKLY if verdict == "paused" else ReportType.MONTHLY,
                    "period": "2026-11-30/2026-12-06",
                    "verdict": verdict,
                    "made": made,
                },
            )
    await world.look()
    assert await family.messages() == []
    assert await outcomes() == [("idle", "folded")]
    await world.at(EVENING + 8 * DAY)
    await world.look()
    assert await family.messages() == []


async def test_work_due_tomorrow_is_told_at_18_until_it_is_due(world: Watched) -> None:
    family = await world.family(language=Language.EN)
    tomorrow = EVENING + DAY
    await world.test("Prompts", due_at=tomorrow)
    midnight = datetime(2026, 12, 4, tzinfo=TASHKENT)
    await world.test("Facts", due_at=midnight)
    await world.test("Later", due_at=midnight + timedelta(seconds=1))
    await world.attempt(family.student, await world.test("Handed in", due_at=tomorrow), 11)
    await world.at(EVENING - timedelta(minutes=1))
    await world.look()
    assert await family.messages() == []
    await world.at(EVENING)
    for _ in range(2):
        await world.look()
    (message,) = await family.messages()
    assert "“Prompts” and “Facts”" in message.message
    assert "3 December" in message.message
    assert message.expires_at == tomorrow
    assert message.dedup_key == f"due:2026-12-03:p{family.parent.parent_id}:c{family.student}"


async def test_what_could_not_be_told_in_the_evening_is_told_in_the_morning(world: Watched) -> None:
    family = await world.family()
    await world.test("Prompts", due_at=EVENING + DAY)
    await world.at(EVENING)
    await world.check_children()
    await world.at(EVENING + timedelta(hours=14))
    await world.look()
    (message,) = await family.messages()
    assert message.send_at < clock.now() < message.expires_at


async def test_after_21_nobody_is_looked_at(world: Watched) -> None:
    family = await world.family()
    await world.test("Prompts", due_at=EVENING + DAY)
    await world.at(EVENING + timedelta(hours=3))
    await world.look()
    assert await family.messages() == []


async def test_new_materials_are_told_on_thursdays_where_there_are_two(world: Watched) -> None:
    family = await world.family()
    await world.material("Glossary")
    await world.at(EVENING + DAY)
    await world.look()
    assert await family.messages() == [], "one is left to the report"
    await world.at(EVENING + 7 * DAY)
    await world.material("Trip")
    await world.material("Quiz")
    await world.studied(family.student, clock.now())
    await world.at(EVENING + 8 * DAY)
    await world.look()
    (message,) = await family.messages()
    assert "“Trip” and “Quiz”" in message.message
    assert message.dedup_key.startswith("mat:2026-12-07:")


async def test_a_check_that_is_cut_short_goes_on_and_counts_nobody_twice(
    world: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    families = [await world.family(f"Child{number}", number=number) for number in range(4)]
    await world.at(EVENING + 7 * DAY)
    world.check_children = CheckChildren(page=1)
    monkeypatch.setattr("mentorium_core.alerts.checks.LONGEST_S", 0.0)
    for _ in range(3):
        await world.look()
    monkeypatch.undo()
    await world.look()
    assert [len(await family.messages()) for family in families] == [1] * 4
    async with get_session() as session:
        (row,) = (await session.execute(text("SELECT watched, found FROM alert_checks WHERE kind = 'idle'"))).all()
    assert tuple(row) == (4, 4)


async def test_a_half_of_a_course_is_told_with_the_days_joys(world: Watched) -> None:
    """Once, when it is reached, and not where it was reached long ago."""
    families = [await world.family(f"Child{number}", number=number) for number in range(2)]
    lessons = [
        await world.value(
            "INSERT INTO platform.lesson (course_id, module_id, position, kind, title_en, is_required, published_at)"
            " VALUES ($1, 1, $2, 'video', 'Lesson', true, $3) RETURNING lesson_id",
            world.course,
            number + 1,
            WEDNESDAY - 90 * DAY,
        )
        for number in range(6)
    ]
    for family, finished in zip(families, (WEDNESDAY, WEDNESDAY - 9 * DAY), strict=True):
        for number in range(3):
            await world.does(
                "INSERT INTO platform.lesson_progress"
                " (student_id, lesson_id, course_id, status, percent, completed_at)"
                " VALUES ($1, $2, $3, 'completed', 100, $4)",
                family.student,
                lessons[number],
                world.course,
                finished - (2 - number) * DAY,
            )
    await world.at(EVENING)
    await world.look()
    await world.later(timedelta(hours=1))
    for _ in range(2):
        await world.look()
    (told,) = await families[0].texts()
    assert "• half of the course “Neural networks” is done" in told
    assert await families[1].texts() == []


@pytest.mark.own_databases
async def test_a_check_that_the_platform_breaks_keeps_no_other(world: Watched) -> None:
    family = await world.family()
    await world.does(
        "CREATE OR REPLACE VIEW bot_api_v1.v_activity_day AS"
        " SELECT student_id, day, (active_seconds / (day - day))::integer AS active_seconds, sessions, updated_at"
        " FROM platform.activity_day"
    )
    await world.test("Prompts", due_at=EVENING + DAY)
    await world.comment(family.student, "Good")
    await world.at(EVENING)
    await world.look()
    assert sorted(key.partition(":")[0] for key in await keys(family)) == ["comment", "due"]
