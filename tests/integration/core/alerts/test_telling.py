"""Telling: who hears of what, when, in which words, and of what nobody hears."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text

from mentorium_core.alerts.queries import next_alert_moment
from mentorium_core.alerts.telling import TellAlerts
from mentorium_core.billing.queries import CheckAccess
from mentorium_core.identity.unlinking import unlink_child
from mentorium_core.notifications.preferences import change_preferences
from mentorium_core.progress.queries import ReadFacts
from mentorium_db import get_session
from mentorium_domain.enums import DeliveryStatus, Language, NotificationType
from mentorium_kit import clock
from tests.integration.core.alerts.watched import WEDNESDAY, Family, Watched

NIGHT = WEDNESDAY.replace(hour=23)
EVENING = WEDNESDAY.replace(hour=19)


async def outcomes() -> list[str | None]:
    async with get_session() as session:
        return list(await session.scalars(text("SELECT outcome FROM alerts ORDER BY id")))


async def said(family: Family) -> str:
    (message,) = await family.messages()
    return message.message.replace("\u00a0", " ")


async def test_a_teachers_words_come_at_once(world: Watched) -> None:
    """parents A20"""
    family = await world.family()
    await world.comment(family.student, "Aziza worked\nhard.")
    await world.look()
    (message,) = await family.messages()
    assert message.message.splitlines()[:2] == ["Aziza: a word from the teacher", "✍️ Nodira: “Aziza worked hard.”"]
    assert message.send_at <= clock.now()
    assert timedelta(hours=71.9) < message.expires_at - message.send_at <= timedelta(hours=72)


async def test_several_words_of_one_moment_are_one_message(world: Watched) -> None:
    family = await world.family()
    await world.comment(family.student, "First")
    await world.comment(family.student, "Second", author=None)
    await world.look()
    told = await said(family)
    assert "✍️ Nodira: “First”" in told
    assert "✍️ Teacher: “Second”" in told


async def test_at_night_nothing_is_told_and_in_the_morning_it_is(world: Watched) -> None:
    family = await world.family()
    await world.at(NIGHT)
    await world.comment(family.student, "Late words")
    await world.look()
    assert await family.messages() == []
    morning = WEDNESDAY.replace(hour=8) + timedelta(days=1)
    assert await next_alert_moment(clock.now()) == morning
    await world.at(morning)
    await world.look()
    assert "Late words" in await said(family)


async def test_what_a_day_has_brought_is_one_message_at_19(world: Watched) -> None:
    family = await world.family()
    await world.attempt(family.student, await world.test("Prompts"), 20)
    await world.award(family.student, "Ten lessons")
    await world.award(family.student, "Four weeks")
    await world.look()
    assert await family.messages() == []
    await world.at(EVENING)
    await world.look()
    told = await said(family)
    assert told.splitlines() == [
        "🎉 Good news about Aziza:",
        "• full marks: “Prompts”",
        "• awards: “Ten lessons” and “Four weeks”",
        "Ask tonight how it went, and say that you are glad.",
    ]
    (message,) = await family.messages()
    assert message.notification_type is NotificationType.ACHIEVEMENT
    assert message.dedup_key == f"ach:day:2026-12-02:p{family.parent.parent_id}:c{family.student}"
    await world.award(family.student, "After seven")
    await world.look()
    await world.at(EVENING + timedelta(days=1))
    await world.look()
    assert len(await family.messages()) == 2


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (Language.EN, "Aziza has finished the course “Neural networks”"),
        (Language.RU, "Aziza: курс «Нейросети» пройден полностью"),
        (Language.UZ, "Aziza «Neyrotarmoqlar» kursini toʻliq tugatdi"),
    ],
)
async def test_a_finished_course_comes_by_day_at_once(world: Watched, language: Language, words: str) -> None:
    family = await world.family(language=language)
    await world.finish_course(family.student)
    await world.look()
    assert words in await said(family)
    (message,) = await family.messages()
    assert message.dedup_key == f"ach:course:{world.course}:c{family.student}:p{family.parent.parent_id}"


async def test_an_idle_child_is_told_of_with_the_lesson_to_go_on_with(world: Watched) -> None:
    family = await world.family(language=Language.EN)
    await world.does(
        "INSERT INTO platform.lesson (course_id, module_id, position, kind, title_en, is_required, published_at)"
        " VALUES ($1, 1, 1, 'video', 'The neuron', true, $2)",
        world.course,
        WEDNESDAY - timedelta(days=90),
    )
    await world.at(WEDNESDAY.replace(hour=18) + timedelta(days=7))
    await world.look()
    assert await said(family) == (
        "🌱 Aziza: no study for 7 days now. That happens. "
        "An easy step: open the lesson “The neuron” together and watch its first 10 minutes."
    )


async def test_what_is_switched_off_is_not_told(world: Watched) -> None:
    family = await world.family()
    await change_preferences(family.parent.parent_id, reminder=False)
    await world.comment(family.student, "Good")
    await world.finish_course(family.student)
    await world.look()
    (message,) = await family.messages()
    assert message.notification_type is NotificationType.ACHIEVEMENT
    assert sorted(map(str, await outcomes())) == ["not_wanted", "told"]


async def test_an_uncovered_child_is_not_told_of(world: Watched) -> None:
    family = await world.family()
    async with get_session() as session:
        await session.execute(text("UPDATE subscriptions SET status = 'EXPIRED'"))
    await world.comment(family.student, "Good")
    await world.look()
    assert await family.messages() == []
    assert await outcomes() == ["not_wanted"]


async def test_who_may_not_see_the_child_any_more_hears_nothing(world: Watched) -> None:
    family = await world.family()
    await world.comment(family.student, "Good")
    await world.read()
    await world.household.allow(family.guardian, family.student, can_view=False)
    await world.look()
    assert await family.messages() == []


async def test_who_unlinks_a_child_leaves_nothing_waiting(world: Watched) -> None:
    family = await world.family()
    await world.award(family.student, "Ten lessons")
    await world.read()
    await unlink_child(family.parent, family.student)
    assert await outcomes() == []


async def test_what_was_told_is_kept_without_its_words(world: Watched) -> None:
    family = await world.family()
    await world.comment(family.student, "Secret")
    await world.look()
    async with get_session() as session:
        assert [tuple(row) for row in await session.execute(text("SELECT details::text, outcome FROM alerts"))] == [
            ("{}", "told")
        ]


async def test_two_workers_tell_it_once(world: Watched) -> None:
    families = [await world.family(f"Child{number}", number=number) for number in range(6)]
    for family in families:
        await world.comment(family.student, "Good")
    await asyncio.gather(world.read(), world.read(), return_exceptions=True)
    tell = TellAlerts(ReadFacts(), CheckAccess(), most=2)
    await asyncio.gather(*(tell() for _ in range(4)), return_exceptions=True)
    while await tell():
        pass
    assert [len(await family.messages()) for family in families] == [1] * 6
    assert set(await outcomes()) == {"told"}


async def test_who_has_blocked_the_bot_gets_nothing_later(world: Watched) -> None:
    family = await world.family()
    async with get_session() as session:
        await session.execute(text("UPDATE parents SET chat_state = 'blocked'"))
    await world.comment(family.student, "Good")
    await world.look()
    assert [message.status for message in await family.messages()] == []
    assert DeliveryStatus.PENDING not in [message.status for message in await family.messages()]


async def test_each_child_has_a_message_of_its_own(world: Watched) -> None:
    family = await world.family()
    sister = await world.household.child("Madina Karimova", family.guardian)
    await world.enrol(sister)
    async with get_session() as session:
        await session.execute(
            text(
                "INSERT INTO learners (parent_id, platform_student_id, guardian_id, source)"
                " VALUES (:parent, :student, :guardian, 'contact')"
            ),
            {"parent": family.parent.parent_id, "student": sister, "guardian": family.guardian},
        )
    await world.test("Prompts", due_at=WEDNESDAY.replace(hour=12) + timedelta(days=1))
    await world.at(WEDNESDAY.replace(hour=18))
    await world.look()
    assert {message.platform_student_id for message in await family.messages()} <= {family.student, sister}
    assert await family.messages()


async def test_a_fault_in_one_message_costs_nobody_else_theirs(world: Watched) -> None:
    families = [await world.family(f"Child{number}", number=number) for number in range(2)]
    for family in families:
        await world.comment(family.student, "Good")
    await world.read()
    async with get_session() as session:
        await session.execute(
            text("UPDATE alerts SET details = '{}' WHERE parent_id = :id"), {"id": families[0].parent.parent_id}
        )
    await world.look()
    assert [len(await family.messages()) for family in families] == [0, 1]
    assert await outcomes() == ["folded", "told"]
