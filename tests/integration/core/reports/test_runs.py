"""A run from its morning to its end: who is told what, when, and in which order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from mentorium_core.advice.history import question_id_of
from mentorium_core.billing.commands import GrantSubscription
from mentorium_core.billing.model import Access
from mentorium_core.billing.queries import CheckAccess
from mentorium_core.identity.model import ParentView
from mentorium_core.identity.queries import list_children
from mentorium_core.notifications.commands import claim_messages, expire_messages
from mentorium_core.notifications.preferences import change_preferences
from mentorium_core.progress.model import last_finished_week
from mentorium_core.progress.queries import ReadFacts
from mentorium_core.reports import batches
from mentorium_core.reports.calendar import MONTHLY, WEEKLY
from mentorium_core.reports.due_run import StartDueRun, next_report_moment, runs_waiting_for_data
from mentorium_core.reports.on_demand import MakeReportOnDemand
from mentorium_core.reports.paid_broadcast import ReconcilePaidBroadcasts, allow_payment, show_run, stop_payment
from mentorium_core.reports.period_run import MakePeriodReports
from mentorium_core.reports.pictures import ReportPictures
from mentorium_db import get_session
from mentorium_db.models import ReportHistory
from mentorium_db.repositories import NotificationRepository
from mentorium_domain.enums import DeliveryStatus, Language, NotificationType, ReportFrequency, ReportType, Tariff
from mentorium_domain.outbox import ClaimedMessage, Lane
from mentorium_domain.paid_requests import PaidRequests
from mentorium_kit import clock
from mentorium_kit.clock import TASHKENT
from mentorium_kit.nursery import Nursery
from mentorium_rendering.picture import render_picture
from mentorium_reporting.jobs.make_reports import MakeReportsJob
from tests.fixtures.patience import HANGS_AFTER_S
from tests.integration.core.clock_in_hand import move_platform
from tests.integration.core.household import Household, register

FIRST = 200_000_001
MONDAY = datetime(2027, 1, 18, tzinfo=TASHKENT)
FIRST_MONDAY = datetime(2027, 2, 1, tzinfo=TASHKENT)
"""The first of a month, too."""


@dataclass(slots=True)
class Morning:
    """Both clocks in hand, and the two schedules with the worker's job between them and the outbox."""

    household: Household
    file: Path

    async def at(self, moment: datetime, *, data: bool = True) -> None:
        """`data`: the platform's data reach that moment as well."""
        self.file.write_text(str((moment - datetime.now(TASHKENT)).total_seconds()))
        if data:
            await move_platform(self.household.dsn, moment)

    async def families(self, *children: int) -> list[ParentView]:
        made = []
        for number, count in enumerate(children):
            guardian_id = await self.household.guardian(f"Guardian {number}")
            for child in range(count):
                await self.household.child(f"Child{number}x{child} Karimov", guardian_id)
            made.append((await register(FIRST + number, guardian_id, Language.EN)).parent)
        return made

    async def start(self) -> list[ReportType]:
        """What a run starter does once: the types of the runs that have begun."""
        now = clock.now()
        held = await runs_waiting_for_data((WEEKLY, MONTHLY), now)
        return [one.report_type for one in (WEEKLY, MONTHLY) if await StartDueRun(one)(now, held)]

    async def work(self, most: int = 100) -> int:
        """Do stored jobs, at most so many, the oldest first; how many there were."""
        job = MakeReportsJob(MakePeriodReports(ReadFacts(), CheckAccess()))
        for done in range(most):
            async with get_session() as session:
                row = (
                    await session.execute(
                        text(
                            "DELETE FROM pgqueuer.pgqueuer WHERE id = (SELECT min(id) FROM pgqueuer.pgqueuer)"
                            " RETURNING convert_from(payload, 'UTF8')::jsonb AS payload"
                        )
                    )
                ).first()
            if row is None:
                return done
            await job(row.payload)
        return most

    async def run(self) -> None:
        await self.start()
        await self.work()

    async def send_all(self) -> list[ClaimedMessage]:
        """What may leave at this moment, in the order in which it does; each chat is free again at once."""
        sent: list[ClaimedMessage] = []
        while claimed := await claim_messages(Lane.NUDGE, 1, 60, "test"):
            sent += claimed
            async with get_session() as session:
                await session.execute(
                    text(
                        "UPDATE notifications SET status = 'sent', sent_at = :now,"
                        " held_until = clock_timestamp() - interval '1 hour' WHERE status = 'sending'"
                    ),
                    {"now": clock.now()},
                )
        return sent

    async def reports(self) -> list[tuple[ReportType, str]]:
        async with get_session() as session:
            rows = await session.scalars(select(ReportHistory).order_by(ReportHistory.id))
            return [(row.report_type, row.report_period) for row in rows]


@pytest.fixture
def morning(household: Household, tmp_path: Path) -> Iterator[Morning]:
    file = tmp_path / "clock"
    file.write_text("0")
    clock.configure(file)
    yield Morning(household, file)
    clock.configure(None)


async def outbox(parent: ParentView) -> list[Any]:
    """The parent's reports."""
    async with get_session() as session:
        found = await NotificationRepository(session).list_for_parent(parent.telegram_id)
    return [row for row in found if row.notification_type is NotificationType.REPORT]


async def test_no_message_leaves_before_all_reports_of_the_run_are_stored(
    morning: Morning, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "A_BATCH", 2)
    await morning.families(1, 1, 1, 1, 1)
    await morning.at(MONDAY.replace(hour=9, minute=30))
    assert await morning.start() == [ReportType.WEEKLY]
    for stored in (2, 4):
        assert await morning.work(1) == 1
        assert len(await morning.reports()) == stored
        assert await morning.send_all() == []
    await morning.work()
    assert len(await morning.send_all()) == 5


async def test_a_batch_that_cannot_be_made_holds_the_others_for_an_hour_and_no_longer(
    morning: Morning, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "A_BATCH", 2)
    await morning.families(1, 1, 1)
    await morning.at(MONDAY.replace(hour=6))
    await morning.start()
    await morning.work(1)
    await morning.at(MONDAY.replace(hour=9, minute=59))
    assert await morning.send_all() == []
    await morning.at(MONDAY.replace(hour=10, minute=1))
    assert len(await morning.send_all()) == 2


async def test_made_at_six_and_due_at_the_hour_that_was_chosen(morning: Morning) -> None:
    nine, evening, never, wednesday = await morning.families(1, 1, 1, 1)
    await change_preferences(evening.parent_id, report_hour=18)
    await change_preferences(never.parent_id, report_frequency=ReportFrequency.OFF)
    await change_preferences(wednesday.parent_id, report_weekday=3)
    await morning.at(MONDAY.replace(hour=5, minute=59))
    assert await morning.start() == []
    assert await next_report_moment((WEEKLY, MONTHLY), clock.now()) == MONDAY.replace(hour=6)
    await morning.at(MONDAY.replace(hour=6))
    await morning.run()
    assert [len(await outbox(one)) for one in (nine, evening, never, wednesday)] == [1, 1, 0, 0]
    assert await morning.send_all() == []
    for hour, told in ((9, nine), (18, evening)):
        await morning.at(MONDAY.replace(hour=hour, second=1))
        assert [one.telegram_id for one in await morning.send_all()] == [told.telegram_id]
    await morning.at(MONDAY.replace(hour=20))
    assert await next_report_moment((WEEKLY, MONTHLY), clock.now()) == MONDAY.replace(hour=6) + timedelta(days=2)
    await morning.at(MONDAY.replace(hour=6) + timedelta(days=1))
    assert await morning.start() == [], "nobody wants one on Tuesday"
    await morning.at(MONDAY.replace(hour=9, second=1) + timedelta(days=2))
    assert await morning.start() == [ReportType.WEEKLY]
    await morning.work()
    assert [one.telegram_id for one in await morning.send_all()] == [wednesday.telegram_id]
    (row,) = await outbox(wednesday)
    assert row.expires_at == MONDAY.replace(hour=21) + timedelta(days=4), "as long as everybody's, from its own day"
    assert len(set(await morning.reports())) == 1, "all about the same week"


async def test_who_wrote_lately_is_first_and_siblings_follow_one_another(morning: Morning) -> None:
    parents = await morning.families(*[2] * 8)
    await morning.at(MONDAY.replace(hour=6))
    active = {parent.telegram_id for parent in parents[4:]}
    async with get_session() as session:
        for days_ago, chosen in ((13, parents[4:]), (15, parents[:4])):
            await session.execute(
                text("UPDATE parents SET last_seen_at = :moment WHERE id = ANY(:ids)"),
                {"moment": clock.now() - timedelta(days=days_ago), "ids": [parent.parent_id for parent in chosen]},
            )
    orders = []
    for week in (timedelta(), timedelta(weeks=1)):
        await morning.at(MONDAY.replace(hour=9, second=2) + week)
        await morning.run()
        order = [one.telegram_id for one in await morning.send_all()]
        assert order[::2] == order[1::2], "one child after the other, and nobody between them"
        orders.append(order[::2])
    assert set(orders[0][:4]) == active
    assert orders[0] != orders[1], "the order is drawn anew each week"


async def test_a_month_that_begins_on_a_monday_is_one_message_with_the_weeks_line(morning: Morning) -> None:
    covered, free, tuesday = await morning.families(1, 1, 1)
    await morning.at(FIRST_MONDAY.replace(hour=9, second=1))
    await GrantSubscription()(covered.telegram_id, Tariff.MONTHLY, "test", "test", request_key="1")
    await change_preferences(tuesday.parent_id, report_weekday=2)
    async with morning.household.school() as school:
        for days in range(3):
            await school.execute(
                "INSERT INTO platform.activity_day (student_id, day, active_seconds, sessions)"
                " SELECT student_id, $1, 3600, 1 FROM platform.student",
                (FIRST_MONDAY - timedelta(days=2 + days)).date(),
            )
    assert await morning.start() == [ReportType.WEEKLY, ReportType.MONTHLY]
    await morning.work()
    for parent in (covered, free):
        (message,) = await outbox(parent)
        assert message.dedup_key.startswith("report:m:2027-01-01:")
        assert "January 2027" in message.message
        assert "📆 Last week, 25" in message.message
        assert any("report:week:" in button["data"] for row in message.buttons for button in row)
        assert message.expires_at == FIRST_MONDAY.replace(hour=21) + timedelta(days=4)
    assert "3 h of study" in (await outbox(covered))[0].message
    assert "3 h of study" not in (await outbox(free))[0].message
    assert {one.telegram_id for one in await morning.send_all()} == {covered.telegram_id, free.telegram_id}
    await morning.at(FIRST_MONDAY.replace(hour=10, second=1))
    assert [one.telegram_id for one in await morning.send_all()] == [tuesday.telegram_id], "the month alone, at ten"
    reports = await morning.reports()
    week, month = "2027-01-25/2027-01-31", "2027-01-01/2027-01-31"
    assert sorted(reports) == sorted([(ReportType.MONTHLY, month)] * 3 + [(ReportType.WEEKLY, week)] * 2)
    asked = await questions_to(covered)
    assert len(set(asked)) == len(asked) == 2, "the week's is another one: parents A23"
    await morning.at(FIRST_MONDAY.replace(hour=9, second=1) + timedelta(days=1))
    await morning.run()
    assert [one.telegram_id for one in await morning.send_all()] == [tuesday.telegram_id]


async def questions_to(parent: ParentView) -> list[str | None]:
    async with get_session() as session:
        stored = await session.scalars(
            select(ReportHistory.document).where(ReportHistory.parent_telegram_id == parent.telegram_id)
        )
        return [question_id_of(document) for document in stored]


async def test_stale_data_are_waited_for_until_noon_and_then_told(morning: Morning) -> None:
    """R17"""
    (parent,) = await morning.families(1)
    await morning.at(MONDAY - timedelta(hours=5))
    await morning.at(MONDAY.replace(hour=6), data=False)
    assert await morning.start() == []
    assert await next_report_moment((WEEKLY, MONTHLY), clock.now()) == MONDAY.replace(hour=12)
    await morning.at(MONDAY.replace(hour=12), data=False)
    assert await morning.start() == [ReportType.WEEKLY]
    await morning.work()
    (message,) = await outbox(parent)
    assert "17 January, 19:00" in message.message
    assert len(await morning.send_all()) == 1


async def test_fresh_data_are_not_waited_for(morning: Morning) -> None:
    await morning.families(1)
    await morning.at(MONDAY - timedelta(hours=5))
    await morning.at(MONDAY.replace(hour=7), data=False)
    assert await morning.start() == []
    await morning.at(MONDAY.replace(hour=7))
    assert await morning.start() == [ReportType.WEEKLY]


@pytest.mark.own_databases
async def test_a_platform_that_is_away_is_waited_for(morning: Morning) -> None:
    await morning.families(1)
    await morning.at(MONDAY.replace(hour=7))
    async with morning.household.school() as school:
        await school.execute("ALTER VIEW bot_api_v1.v_meta RENAME TO v_meta_away")
        try:
            assert await morning.start() == []
        finally:
            await school.execute("ALTER VIEW bot_api_v1.v_meta_away RENAME TO v_meta")
    assert await morning.start() == [ReportType.WEEKLY]


@pytest.mark.parametrize("down_from", [timedelta(hours=5), timedelta(hours=8)])
async def test_down_from_monday_morning_to_fifteen_oclock_all_is_sent_then_and_once(
    morning: Morning, down_from: timedelta
) -> None:
    parents = await morning.families(2, 1, 1)
    await morning.at(MONDAY + down_from)
    await morning.run()
    assert await morning.send_all() == []
    await morning.at(MONDAY.replace(hour=15))
    await morning.run()
    sent = await morning.send_all()
    assert sorted(one.telegram_id for one in sent) == sorted(
        [parents[0].telegram_id, *[one.telegram_id for one in parents]]
    )
    for hours in (1, 24):
        await morning.at(MONDAY.replace(hour=15) + timedelta(hours=hours))
        await morning.run()
        assert await morning.send_all() == []


@pytest.mark.parametrize("down_from", [timedelta(hours=5), timedelta(hours=8)])
async def test_down_until_thursday_the_week_has_expired(morning: Morning, down_from: timedelta) -> None:
    (parent,) = await morning.families(1)
    await morning.at(MONDAY + down_from)
    await morning.run()
    await morning.at(MONDAY.replace(hour=9) + timedelta(days=3))
    await morning.run()
    assert await morning.send_all() == []
    await expire_messages(100)
    assert {row.status for row in await outbox(parent)} <= {DeliveryStatus.EXPIRED}
    nursery = Nursery(lambda _, error: pytest.fail(str(error)))
    (child,) = await list_children(parent)
    week = last_finished_week(clock.today())
    ask = MakeReportOnDemand(ReadFacts(), ReportPictures(render_picture), nursery)
    report = await ask(parent, child, week, Language.EN, Access.LIMITED, clock.now())
    assert "11–17 January" in report.text, "on demand it works"
    await nursery.drain(HANGS_AFTER_S)


async def test_what_is_paid_for_stays_within_its_budget_and_stops(morning: Morning) -> None:
    await morning.families(*[1] * 25)
    await morning.at(MONDAY.replace(hour=9, second=2))
    run = WEEKLY.run_of(clock.today())
    await allow_payment(run, 1, "a big school")
    await morning.run()
    assert len(paid := await claim_messages(Lane.REPORT, 100, 60, "test", paid=True)) == 10, "ten messages a Star"
    assert all(one.paid for one in paid)
    assert await claim_messages(Lane.REPORT, 100, 60, "test", paid=True) == []
    assert "1 of 1 Stars at the most, 10 messages" in await show_run(run)
    await allow_payment(run, 2, "a bigger one")
    assert (await stop_payment(run)).spent == 1
    assert await claim_messages(Lane.REPORT, 100, 60, "test", paid=True) == []
    assert len(await morning.send_all()) == 15, "the others go as ever"


@dataclass(frozen=True, slots=True)
class Charged:
    """Telegram's list, as far as it matters here."""

    requests: int

    async def paid_requests(self, since: datetime) -> PaidRequests:
        return PaidRequests(self.requests, Decimal(self.requests) / 10)


async def test_what_telegram_charged_is_compared_with_what_was_claimed(morning: Morning) -> None:
    await morning.families(*[1] * 4)
    await morning.at(MONDAY.replace(hour=9, second=2))
    assert await ReconcilePaidBroadcasts(Charged(0))() is None
    await allow_payment(WEEKLY.run_of(clock.today()), 1, "a big school")
    await morning.run()
    assert len(await claim_messages(Lane.REPORT, 100, 60, "test", paid=True)) == 4
    for requests in (3, 5):
        assert await ReconcilePaidBroadcasts(Charged(requests))() == PaidRequests(requests, Decimal(requests) / 10)
    async with get_session() as session:
        told = await session.execute(
            text("SELECT event_name, severity FROM event_logs WHERE event_name LIKE 'paid_broadcast_%' ORDER BY id")
        )
    assert [tuple(row) for row in told][1:] == [
        ("paid_broadcast_reconciled", "INFO"),
        ("paid_broadcast_disagrees", "CRITICAL"),
    ]
