"""Change feeds: each fact is told once, whatever its timestamps and ids are like, and whoever is killed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from mentorium_db import get_session
from mentorium_db.repositories import AlertRepository
from mentorium_domain.enums import NotificationType
from mentorium_kit import clock
from tests.integration.core.alerts.watched import WEDNESDAY, Watched

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


async def facts() -> list[str]:
    async with get_session() as session:
        return list(await session.scalars(text("SELECT fact_key FROM alerts ORDER BY id")))


async def test_what_was_always_there_is_no_news(world: Watched) -> None:
    family = await world.family()
    async with get_session() as session:
        await session.execute(text("DELETE FROM feed_cursors"))
    await world.comment(family.student, "Long ago", created_at=clock.now() - HOUR, updated_at=clock.now() - HOUR)
    await world.look()
    await world.comment(family.student, "Today")
    await world.look()
    (message,) = await family.texts()
    assert "Today" in message
    assert "Long ago" not in message


async def test_rows_of_one_moment_and_more_of_them_than_a_page(world: Watched) -> None:
    """Equal timestamps lose nothing and double nothing."""
    family, moment = await world.family(), clock.now()
    world.page = 2
    for number in range(5):
        await world.comment(family.student, f"Word {number}", updated_at=moment)
    for _ in range(3):
        await world.read()
    assert len(await facts()) == 5
    await world.later(10 * MINUTE)
    await world.read()
    await world.comment(family.student, "Word 5")
    await world.read()
    assert len(await facts()) == 6


@pytest.mark.own_databases
async def test_a_row_that_shows_late_is_found(world: Watched) -> None:
    """Its transaction began before others that show already, and it has a smaller id."""
    family, begun = await world.family(), clock.now()
    await world.comment(family.student, "Reserved", for_guardians=False)
    await world.later(MINUTE)
    await world.comment(family.student, "Shows first")
    await world.read()
    await world.later(MINUTE / 2)
    await world.does("ALTER TABLE platform.teacher_comment DISABLE TRIGGER USER")
    await world.does("UPDATE platform.teacher_comment SET for_guardians = true, updated_at = $1", begun)
    await world.read()
    assert len(await facts()) == 2


async def test_a_row_of_tomorrow_does_not_carry_the_cursor_away(world: Watched) -> None:
    family = await world.family()
    await world.comment(family.student, "By a clock that is wrong", updated_at=clock.now() + HOUR)
    await world.read()
    await world.later(MINUTE)
    await world.comment(family.student, "Right")
    await world.read()
    assert len(await facts()) == 2


async def test_a_changed_row_is_no_second_fact(world: Watched) -> None:
    family = await world.family()
    await world.comment(family.student, "Good")
    await world.look()
    await world.later(HOUR)
    await world.does("UPDATE platform.teacher_comment SET body = 'Very good'")
    await world.look()
    assert len(await family.messages()) == 1


async def test_an_old_row_that_is_touched_is_not_told(world: Watched) -> None:
    family = await world.family()
    await world.award(family.student, "Old", at=clock.now() - timedelta(days=30))
    await world.read()
    assert await facts() == []


async def test_a_commit_that_fails_leaves_the_cursor_where_it_was(
    world: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    family = await world.family()
    await world.comment(family.student, "Good")

    def fails(*_: object, **__: object) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as patch:
        patch.setattr(AlertRepository, "advance", fails)
        with pytest.raises(RuntimeError):
            await world.read()
    assert await facts() == []
    await world.read()
    assert len(await facts()) == 1


@pytest.mark.own_databases
async def test_a_feed_whose_view_is_gone_hides_only_itself(world: Watched) -> None:
    family = await world.family()
    await world.comment(family.student, "Good")
    await world.does("DROP VIEW bot_api_v1.v_achievement")
    await world.look()
    assert len(await family.messages()) == 1


async def test_odd_moments_cost_only_their_own_row(world: Watched) -> None:
    """inputs E"""
    family = await world.family()
    for moment in ("infinity", "-infinity", "200000-01-01"):
        await world.does(
            "INSERT INTO platform.award (student_id, code, kind, title_en, earned_at)"
            f" VALUES ($1, 'x', 'badge', 'Odd', '{moment}')",
            family.student,
        )
    await world.comment(family.student, "Good")
    await world.award(family.student, "Right")
    await world.look()
    assert len(await facts()) == 2


async def test_a_course_and_full_marks_are_one_joy_with_their_awards(world: Watched) -> None:
    family = await world.family()
    await world.attempt(family.student, await world.test("Prompts"), 20)
    await world.finish_course(family.student)
    await world.does(
        "INSERT INTO platform.award (student_id, code, kind, title_en, course_id, earned_at) SELECT $1, code, 'badge',"
        " code, $2, graded_at FROM platform.test_attempt, unnest(ARRAY['perfect', 'certificate']) code",
        family.student,
        world.course,
    )
    await world.read()
    assert sorted(await facts()) == [f"course:{world.course}:c{family.student}", f"test:1:c{family.student}"]


async def test_a_retake_without_a_mistake_is_no_second_news(world: Watched) -> None:
    family, test = await world.family(), await world.test("Prompts")
    await world.attempt(family.student, test, 19)
    await world.attempt(family.student, test, 20, number=2)
    await world.attempt(family.student, test, 20, number=3)
    await world.read()
    assert await facts() == [f"test:{test}:c{family.student}"]


async def test_both_parents_hear_of_their_child(world: Watched) -> None:
    family = await world.family()
    other = await world.family("Jasur Karimov", number=1)
    await world.household.link(other.guardian, family.student)
    async with get_session() as session:
        await session.execute(
            text(
                "INSERT INTO learners (parent_id, platform_student_id, guardian_id, source)"
                " VALUES (:parent, :student, :guardian, 'contact')"
            ),
            {"parent": other.parent.parent_id, "student": family.student, "guardian": other.guardian},
        )
    await world.comment(family.student, "Good")
    await world.look()
    assert [len(await one.messages()) for one in (family, other)] == [1, 1]
    (message,) = await other.messages()
    assert message.notification_type is NotificationType.REMINDER
    assert message.platform_student_id == family.student
    assert message.expires_at - message.send_at <= timedelta(hours=72)
    assert clock.now().date() == WEDNESDAY.date()
