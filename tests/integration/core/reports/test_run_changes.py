"""A run whose batches are late, and parents who change their mind between its morning and its messages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from mentorium_core.notifications.admission import admit_messages
from mentorium_core.notifications.commands import claim_messages, record_outcomes
from mentorium_core.notifications.model import Delivered
from mentorium_core.notifications.preferences import change_preferences
from mentorium_core.notifications.rules import delivery_record
from mentorium_core.reports import batches
from mentorium_core.reports.calendar import MONTHLY, WEEKLY
from mentorium_core.reports.chosen_day import change_report_weekday
from mentorium_core.reports.paid_broadcast import ReconcilePaidBroadcasts, allow_payment, show_run
from mentorium_db import get_session
from mentorium_domain.enums import ReportFrequency
from mentorium_domain.outbox import ClaimedMessage, Lane
from mentorium_kit import clock
from tests.integration.core.reports.test_runs import FIRST_MONDAY, MONDAY, Charged, Morning, morning, outbox

__all__ = ["morning"]


async def test_batches_left_over_when_nobody_wants_the_run_any_more_make_and_send_nothing(
    morning: Morning, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All workers died on Monday after the first batch, and live again on Thursday."""
    monkeypatch.setattr(batches, "A_BATCH", 2)
    parents = await morning.families(1, 1, 1, 1, 1)
    await morning.at(MONDAY.replace(hour=6))
    await morning.start()
    await morning.work(1)
    await morning.at(MONDAY.replace(hour=9) + timedelta(days=3))
    assert await morning.work() == 1, "and no further one is begun"
    assert [len(await outbox(parent)) for parent in parents] == [1, 1, 0, 0, 0]
    assert await morning.send_all() == []
    async with get_session() as session:
        (stored_at,) = await session.scalars(text("SELECT stored_at FROM period_runs"))
    assert stored_at is not None


async def admitted(morning: Morning) -> list[str]:
    """Keys of what is sent now, by the last look before it."""
    claimed = await morning.send_all()
    verdicts = await admit_messages(claimed)
    return [one.dedup_key for one in claimed if isinstance(verdicts[one.id], ClaimedMessage)]


async def test_who_gives_up_the_week_before_it_is_sent_gets_none(morning: Morning) -> None:
    month_only, week_only, both = await morning.families(1, 1, 1)
    await morning.at(MONDAY.replace(hour=6))
    await morning.run()
    await morning.at(MONDAY.replace(hour=8))
    await change_preferences(month_only.parent_id, report_frequency=ReportFrequency.MONTHLY)
    await change_preferences(week_only.parent_id, report_frequency=ReportFrequency.WEEKLY)
    await morning.at(MONDAY.replace(hour=9, second=1))
    told = await admitted(morning)
    assert sorted(key.split(":")[3] for key in told) == [f"p{week_only.parent_id}", f"p{both.parent_id}"]


async def test_a_months_message_is_sent_to_who_wants_the_week_alone_only_where_it_tells_the_week(
    morning: Morning,
) -> None:
    monday, tuesday, gone = await morning.families(1, 1, 1)
    await change_preferences(tuesday.parent_id, report_weekday=2)
    await morning.at(FIRST_MONDAY.replace(hour=6))
    await morning.run()
    for parent in (monday, tuesday):
        await change_preferences(parent.parent_id, report_frequency=ReportFrequency.WEEKLY)
    await change_preferences(gone.parent_id, report_frequency=ReportFrequency.MONTHLY)
    await morning.at(FIRST_MONDAY.replace(hour=10, second=1))
    told = await admitted(morning)
    wanted = [(await outbox(parent))[0].dedup_key for parent in (monday, gone)]
    assert sorted(told) == sorted(wanted)


async def test_another_hour_counts_for_the_reports_of_today(morning: Morning) -> None:
    later, past, usual = await morning.families(2, 1, 1)
    await change_preferences(usual.parent_id, report_hour=18)
    await morning.at(FIRST_MONDAY.replace(hour=6))
    await morning.run()
    await morning.at(FIRST_MONDAY.replace(hour=8, minute=30))
    await change_preferences(later.parent_id, report_hour=12)
    await change_preferences(past.parent_id, report_hour=8)
    await change_preferences(usual.parent_id, report_hour=None)
    assert [one.telegram_id for one in await morning.send_all()] == [past.telegram_id], "an hour that is past is now"
    await morning.at(FIRST_MONDAY.replace(hour=9, second=1))
    assert [one.telegram_id for one in await morning.send_all()] == [usual.telegram_id], "the month, at the week's hour"
    await morning.at(FIRST_MONDAY.replace(hour=12, second=1))
    assert [one.telegram_id for one in await morning.send_all()] == [later.telegram_id] * 2
    await change_preferences(later.parent_id, report_hour=20)
    await morning.at(FIRST_MONDAY.replace(hour=20, second=1))
    assert await morning.send_all() == []


@pytest.mark.parametrize(
    ("chosen", "new", "moment", "told_on"),
    [
        (4, 1, timedelta(days=1, hours=12), 1),
        (4, 2, timedelta(days=1, hours=12), 1),
        (4, 1, timedelta(days=3, hours=5), 3),
        (4, 6, timedelta(days=1, hours=12), 5),
        (1, 4, timedelta(days=1, hours=12), 0),
        (1, 4, timedelta(hours=5), 3),
        (3, 1, timedelta(hours=5), 0),
    ],
)
async def test_another_weekday_costs_no_week_and_doubles_none(
    morning: Morning, chosen: int, new: int, moment: timedelta, told_on: int
) -> None:
    """Somebody else has every weekday, so that there is a run on each; the day is changed within one of the weeks."""
    parent, *others = await morning.families(*[1] * 8)
    await change_preferences(parent.parent_id, report_weekday=chosen)
    for weekday, other in enumerate(others, 1):
        await change_preferences(other.parent_id, report_weekday=weekday)
    days = [*range(7), 7 + new - 1]
    moments = [(MONDAY + timedelta(days=day, hours=hour, minutes=1), None) for day in days for hour in (6, 9)]
    told: list[int] = []
    for at, changed in sorted([*moments, (MONDAY + moment, new)]):
        await morning.at(at)
        if changed is not None:
            await change_report_weekday(parent.parent_id, changed)
        await morning.run()
        told += [(at - MONDAY).days for one in await morning.send_all() if one.telegram_id == parent.telegram_id]
    assert told == [told_on, 7 + new - 1]


async def test_who_pays_for_the_month_pays_for_the_messages_that_tell_its_week_too(morning: Morning) -> None:
    await morning.families(1, 1, 1)
    await morning.at(FIRST_MONDAY.replace(hour=6))
    await morning.run()
    await morning.at(FIRST_MONDAY.replace(hour=9, second=1))
    run = MONTHLY.run_of(clock.today())
    await allow_payment(run, 1, "a big school")
    assert len(await claim_messages(Lane.REPORT, 100, 60, "test", paid=True)) == 3
    assert "3 messages" in await show_run(run)


async def test_charges_are_compared_with_what_was_taken_lately_whenever_it_was_allowed(morning: Morning) -> None:
    await morning.families(1, 1, 1)
    await morning.at(MONDAY - timedelta(days=3))
    await allow_payment(WEEKLY.run_for((MONDAY - timedelta(days=7)).date()), 1, "a big school")
    await morning.at(MONDAY.replace(hour=9, second=2))
    await morning.run()
    paid = await claim_messages(Lane.REPORT, 100, 60, "test", paid=True)
    assert len(paid) == 3
    await record_outcomes([delivery_record(one, Delivered(1), 0.0) for one in paid])
    await morning.at(MONDAY.replace(hour=9) + timedelta(days=6))
    await ReconcilePaidBroadcasts(Charged(3))()
    async with get_session() as session:
        told = await session.scalars(
            text("SELECT event_name FROM event_logs WHERE event_name LIKE 'paid_broadcast_%' ORDER BY id DESC LIMIT 1")
        )
    assert list(told) == ["paid_broadcast_reconciled"]
    await morning.at(MONDAY.replace(hour=9) + timedelta(days=9))
    assert await ReconcilePaidBroadcasts(Charged(0))() is None
