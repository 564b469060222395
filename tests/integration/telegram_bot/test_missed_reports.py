"""Reports that have not reached a parent are offered once they are back, and nothing is sent again by itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import asyncpg
import pytest
from sqlalchemy import text

import mentorium_db
from mentorium_bot.container import Container
from mentorium_core.billing.queries import CheckAccess
from mentorium_core.i18n import t
from mentorium_core.identity.queries import find_parent, list_children
from mentorium_core.notifications.commands import notify
from mentorium_core.progress.queries import ReadFacts
from mentorium_core.reports.calendar import WEEKLY, Run
from mentorium_core.reports.period_run import MakePeriodReports
from mentorium_domain.enums import DeliveryStatus, NotificationType
from mentorium_domain.outbox import OutboxMessage
from mentorium_kit import clock
from mentorium_kit.clock import start_of_day
from mentorium_sandbox.client import callback_buttons
from tests.integration.telegram_bot.conftest import Outside
from tests.integration.telegram_bot.helpers import plain, subscribed_parent, until

_WORDS = """
    INSERT INTO platform.teacher_comment (student_id, author_name, body, for_guardians, created_at)
    VALUES ($1, 'Nodira', $2, true, $3)
"""


def week() -> Run:
    return WEEKLY.run_of(clock.today())


async def make_report(user: int) -> None:
    parent = await find_parent(user)
    assert parent is not None
    assert await MakePeriodReports(ReadFacts(), CheckAccess()).for_parents([parent], week()) == 1


async def outbox(user: int) -> list[tuple[Any, ...]]:
    """Status, reason, notice, buttons of what was to be told."""
    async with mentorium_db.get_session() as session:
        found = await session.execute(
            text(
                "SELECT status, reason, notice, buttons FROM notifications WHERE parent_telegram_id = :user"
                " AND notification_type IN ('REPORT', 'PAYMENT') ORDER BY id"
            ),
            {"user": user},
        )
        return [tuple(row) for row in found]


async def set_status(user: int, status: DeliveryStatus, *, expired: bool = False) -> None:
    async with mentorium_db.get_session() as session:
        await session.execute(
            text(
                "UPDATE notifications SET status = :status, send_at = send_at - CAST(:by AS interval),"
                " expires_at = expires_at - CAST(:by AS interval)"
                " WHERE parent_telegram_id = :user AND notification_type = 'REPORT'"
            ),
            {"status": status.value, "user": user, "by": timedelta(days=10 if expired else 0)},
        )


def offers(rows: list[tuple[Any, ...]]) -> list[str]:
    return [row[3][0][0]["data"] for row in rows if row[2] == "report_offer"]


async def test_who_comes_back_is_offered_the_report_that_is_over_and_told_of_the_payment(
    outside: Outside, bot: Container
) -> None:
    user = await subscribed_parent(outside)
    await make_report(user)
    now = clock.now()
    assert await notify([OutboxMessage(user, NotificationType.PAYMENT, "Paid", "paid:1", now)])
    await outside.parent(user).block()
    await until(lambda: _is_skipped(user))
    await set_status(user, DeliveryStatus.SKIPPED, expired=True)
    await outside.parent(user).unblock()
    await until(lambda: _is_offered(user))
    await outside.start(user)
    rows = await outbox(user)
    assert [row[:3] for row in rows] == [
        ("skipped", "offered", "report_weekly"),
        ("pending", None, None),
        ("pending", None, "report_offer"),
    ], "the report once, and the payment itself"
    (button,) = offers(rows)
    shown = (await outside.press(user, (await outside.parent(user).chat()).messages[-1], button)).replies
    assert any(callback.startswith("report:why:") for callback in callback_buttons(shown[-1]))


async def test_a_missed_report_is_shown_with_the_words_that_followed_it(
    outside: Outside, bot: Container, platform_dsn: str
) -> None:
    user = await subscribed_parent(outside)
    body = ("A word about the work of this week. " * 20).strip()
    parent = await find_parent(user)
    assert parent is not None
    (child,) = await list_children(parent)
    school = await asyncpg.connect(platform_dsn)
    try:
        await school.execute(_WORDS, child.student_id, body, start_of_day(week().period.last_day))
    finally:
        await school.close()
    await make_report(user)
    await set_status(user, DeliveryStatus.UNKNOWN)
    await outside.say(user, "/help")
    (button,) = offers(await outbox(user))
    shown = (await outside.press(user, (await outside.parent(user).chat()).messages[-1], button)).replies
    assert len(shown) == 2
    assert body in plain(shown[1:])


async def test_a_report_that_may_not_have_arrived_is_offered_with_the_next_word(
    outside: Outside, bot: Container
) -> None:
    user = await subscribed_parent(outside)
    await make_report(user)
    await set_status(user, DeliveryStatus.UNKNOWN)
    for _ in range(2):
        await outside.say(user, "/help")
    rows = await outbox(user)
    assert [row[:3] for row in rows] == [("unknown", "offered", "report_weekly"), ("pending", None, "report_offer")]
    parent = await find_parent(user)
    assert parent is not None
    assert not parent.report_in_doubt


async def test_an_offer_is_worth_nothing_once_the_right_is_gone(outside: Outside, bot: Container) -> None:
    user = await outside.user()
    child = await outside.child("Aziz")
    await outside.register(user, child.link_code)
    await make_report(user)
    await set_status(user, DeliveryStatus.UNKNOWN)
    await outside.say(user, "/help")
    (button,) = offers(await outbox(user))
    await child.set_visible(can_view=False)
    press = await outside.press(user, (await outside.parent(user).chat()).messages[-1], button)
    assert "Aziz" not in str(press.replies)
    assert t("en", "fallback-button") in str(press)
    parent = await find_parent(user)
    assert parent is not None
    assert await list_children(parent) == ()


@pytest.mark.parametrize("status", [DeliveryStatus.SENT, DeliveryStatus.EXPIRED, DeliveryStatus.FAILED])
async def test_nothing_else_is_offered(outside: Outside, bot: Container, status: DeliveryStatus) -> None:
    user = await subscribed_parent(outside)
    await make_report(user)
    async with mentorium_db.get_session() as session:
        await session.execute(
            text("UPDATE notifications SET status = :status, sent_at = CASE WHEN :sent THEN now() END"),
            {"status": status.value, "sent": status is DeliveryStatus.SENT},
        )
    await outside.say(user, "/help")
    assert offers(await outbox(user)) == []


async def fold(user: int) -> str:
    """Something waits for the next report; how that tells it."""
    async with mentorium_db.get_session() as session:
        await session.execute(
            text(
                "INSERT INTO notifications (parent_telegram_id, notification_type, message, dedup_key, status, reason,"
                " notice, line, platform_student_id, send_at, created_at, expires_at)"
                " SELECT :user, 'REMINDER', 'long', 'c:1', 'skipped', 'folded', 'reminder_comment', 'A good week.',"
                " l.platform_student_id, now(), now(), now() + interval '1 day'"
                " FROM learners l JOIN parents p ON p.id = l.parent_id WHERE p.telegram_id = :user"
            ),
            {"user": user},
        )
    return f"{t('en', 'report-folded')}\n• A good week."


async def test_what_found_no_room_is_told_with_a_report_that_was_asked_for_too(
    outside: Outside, bot: Container
) -> None:
    """Who wants no scheduled reports hears of it there."""
    user = await subscribed_parent(outside)
    told = await fold(user)
    for times in (1, 0):
        question = (await outside.say(user, "/report"))[-1]
        replies = (await outside.press(user, question, "report:week")).replies
        assert plain(replies).count(told) == times


async def test_what_was_folded_is_told_with_the_next_one_where_telegram_did_not_take_it(
    outside: Outside, bot: Container
) -> None:
    user = await subscribed_parent(outside)
    told = await fold(user)
    question = (await outside.say(user, "/report"))[-1]
    outside.faults.add("telegram", "slow", match="sendMessage", times=1)  # the report itself
    outside.faults.add("telegram", "down", match="sendMessage", times=1)  # what is behind it
    assert told not in plain((await outside.press(user, question, "report:week")).replies)
    question = (await outside.say(user, "/report"))[-1]
    assert told in plain((await outside.press(user, question, "report:week")).replies)


async def _is_skipped(user: int) -> bool:
    return all(row[0] == "skipped" for row in await outbox(user))


async def _is_offered(user: int) -> bool:
    return bool(offers(await outbox(user)))
