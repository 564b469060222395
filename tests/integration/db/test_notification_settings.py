"""What parents have chosen about messages, on the real database."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import IntegrityError

from mentorium_db import get_session
from mentorium_db.repositories import NotificationSettingsRepository
from mentorium_domain.enums import NotificationType, ReportFrequency, ReportType
from mentorium_domain.preferences import DEFAULTS, Preferences
from tests.integration.db.given import DILNOZA, OLGA, add_parent
from tests.integration.db.rows import NOW

pytestmark = pytest.mark.usefixtures("session_factory")


async def change(parent_id: int, **chosen: object) -> Preferences:
    async with get_session() as session:
        return await NotificationSettingsRepository(session).change(parent_id, NOW, **chosen)


async def read(parent_id: int) -> Preferences:
    async with get_session() as session:
        return await NotificationSettingsRepository(session).get(parent_id)


async def test_who_has_chosen_nothing_gets_both_reports_on_monday_and_the_first() -> None:
    preferences = await read(await add_parent())
    assert preferences == DEFAULTS
    assert preferences.report_weekday == 1
    assert [preferences.hour_of(one) for one in (ReportType.WEEKLY, ReportType.MONTHLY)] == [9, 10]
    assert all(preferences.wants_report(one) for one in ReportType)
    assert all(preferences.switched_on(one) and preferences.with_sound(one) for one in NotificationType)


async def test_one_choice_leaves_the_others_as_they_are() -> None:
    parent = await add_parent()
    await change(parent, report_hour=18)
    await change(parent, report_frequency=ReportFrequency.WEEKLY)
    assert await change(parent, reminder=False) == await read(parent)
    assert await read(parent) == Preferences(ReportFrequency.WEEKLY, report_hour=18, reminder=False)


async def test_choices_of_many_chats_are_read_at_once() -> None:
    first, second = await add_parent(DILNOZA), await add_parent(OLGA)
    await change(second, report_frequency=ReportFrequency.OFF)
    async with get_session() as session:
        chosen = await NotificationSettingsRepository(session).of_chats({DILNOZA, OLGA})
    assert chosen == {OLGA: Preferences(ReportFrequency.OFF)}
    assert not chosen[OLGA].switched_on(NotificationType.REPORT)
    assert await read(first) == DEFAULTS


async def test_who_is_gone_can_choose_nothing() -> None:
    with pytest.raises(IntegrityError):
        await change(9, report_hour=18)


def test_what_was_asked_for_is_always_wanted() -> None:
    off = Preferences(ReportFrequency.OFF)
    assert [off.wants_report(one) for one in ReportType] == [False, False, True]
    assert [Preferences(ReportFrequency.MONTHLY).wants_report(one) for one in ReportType] == [False, True, True]
