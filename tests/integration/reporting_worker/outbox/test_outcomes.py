"""What became of a message is written down, however the database fails and whoever stops."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import asyncpg
import pytest

from mentorium_core.notifications.commands import (
    claim_messages,
    mark_chat_blocked,
    mark_chat_open,
    record_outcomes,
    sweep_leases,
)
from mentorium_core.notifications.model import Delivered
from mentorium_core.notifications.rules import delivery_record
from mentorium_db.claims import new_owner
from mentorium_domain.enums import DeliveryStatus, NotificationType
from mentorium_domain.outbox import Lane
from mentorium_gateways.telegram import bot
from mentorium_kit.trace import tracing
from mentorium_reporting import main
from mentorium_reporting.config import LEAST_LEASE_S, WorkerSettings
from mentorium_reporting.outbox import sender as senders
from mentorium_reporting.outbox.sweeper import OutboxSweeper
from tests.fixtures.log_lines import reading_the_log
from tests.fixtures.patience import HANGS_AFTER_S
from tests.integration.reporting_worker.conftest import Post

_FAILING = """
    CREATE FUNCTION fail_for_the_test() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'the test wants it' USING ERRCODE = '{code}'; END $$;
    CREATE TRIGGER fail_for_the_test BEFORE UPDATE ON notifications FOR EACH ROW WHEN (OLD.status = 'sending')
    EXECUTE FUNCTION fail_for_the_test();
"""
_WELL = "DROP TRIGGER fail_for_the_test ON notifications; DROP FUNCTION fail_for_the_test"


async def _execute(post: Post, statement: str) -> None:
    connection = await asyncpg.connect(post.dsn)
    await connection.execute(statement)
    await connection.close()


@pytest.mark.own_databases
@pytest.mark.parametrize("code", ["25006", "40P01", "40001", "57P01", "53100", "XX000", "22003"])
async def test_outcomes_are_written_down_however_the_database_fails(post: Post, code: str) -> None:
    """durability 4: read-only, deadlock, serialisation, shutdown, disk full, and what nobody knows."""
    payment, report = await post.parent(), await post.parent()
    await _execute(post, _FAILING.format(code=code))
    await post.tell(payment, "paid 42", NotificationType.PAYMENT)
    await post.tell(report, "week")
    async with post.sender() as sender:
        async with asyncio.timeout(HANGS_AFTER_S):
            while post.calls() < 2 or sender.busy < 2:
                await asyncio.sleep(0.02)
        await asyncio.sleep(1.2)  # tried again and again meanwhile
        assert {row.status for row in await post.rows()} == {DeliveryStatus.SENDING}
        await _execute(post, _WELL)
        rows = await post.until_settled()
        async with asyncio.timeout(HANGS_AFTER_S):
            while sender.busy:
                await asyncio.sleep(0.02)
    assert {row.status for row in rows} == {DeliveryStatus.SENT}
    assert (post.read(payment), post.read(report)) == (["paid 42"], ["week"]), "none of them twice"


async def test_a_payment_whose_sender_was_late_to_write_is_not_sent_again(post: Post) -> None:
    """durability 4: the database was away for longer than the lease."""
    parent = await post.parent()
    await post.tell(parent, "paid 42", NotificationType.PAYMENT)
    (claimed,) = await claim_messages(Lane.PAYMENT, 1, 0.0, "late")
    assert len(await sweep_leases(10)) == 1
    assert await record_outcomes([delivery_record(claimed, Delivered(17), 0.0)]) == {claimed.id}
    async with post.sender():
        (row,) = await post.until_settled()
    assert (row.status, row.telegram_message_id, post.calls()) == (DeliveryStatus.SENT, 17, 0)


async def test_what_a_predecessor_had_in_hand_is_in_doubt_at_once(post: Post) -> None:
    """durability 35: a worker that was killed comes up again at its place."""
    parent, other = await post.parent(), await post.parent()
    await post.tell(parent, "week")
    await post.tell(other, "week")
    dead, alive = new_owner("worker-1"), new_owner("worker-2")
    assert len(await claim_messages(Lane.REPORT, 1, 600.0, dead)) == 1
    assert len(await claim_messages(Lane.REPORT, 1, 600.0, alive)) == 1
    assert await OutboxSweeper().sweep() == 0
    async with post.sender(owner=new_owner("worker-1")):
        async with asyncio.timeout(HANGS_AFTER_S):
            while not await OutboxSweeper().sweep():
                await asyncio.sleep(0.05)
    assert [(row.status, row.reason) for row in await post.rows()] == [
        (DeliveryStatus.PENDING, "sender_vanished"),
        (DeliveryStatus.SENDING, None),
    ]


async def test_a_message_goes_out_under_the_trace_it_was_written_in(post: Post) -> None:
    """operators A1, D: one line a message, with its type, lag, end and trace."""
    parent = await post.parent()
    with reading_the_log("worker") as log:
        with tracing(None) as trace_id:
            await post.tell(parent, "week")
        async with post.sender():
            (row,) = await post.until_settled()
    assert row.trace_id == trace_id
    (line,) = log.of("message_done")
    assert (line["trace_id"], line["type"], line["status"], line["process"]) == (trace_id, "REPORT", "sent", "worker")
    assert "week" not in str(log.all())


def test_the_end_of_a_worker_is_bounded_also_where_telegram_hangs() -> None:
    """Operators B: at most 15 s, which any supervisor grants. What is cut short is in doubt, as after a time-out."""
    assert main.DRAIN_LOOPS_S + main.DRAIN_REST_S <= 15
    assert senders.DRAIN_S < main.DRAIN_LOOPS_S


async def test_what_is_cut_short_at_the_end_is_written_down(post: Post) -> None:
    """durability 35: Telegram hangs for longer than the worker may wait."""
    parent = await post.parent()
    post.faults.add("telegram", "timeout", match="sendMessage", times=1)
    await post.tell(parent, "week")
    async with post.sender(drain_s=0.3):
        await post.until(lambda rows: rows[0].status is DeliveryStatus.SENDING)
        await asyncio.sleep(0.2)
    (row,) = await post.rows()
    assert (row.status, row.reason) == (DeliveryStatus.UNKNOWN, "sender_stopped")


def test_a_lease_shorter_than_a_request_is_refused() -> None:
    """durability 31, 35"""
    assert LEAST_LEASE_S >= bot.REQUEST_TIMEOUT_S + 10
    assert LEAST_LEASE_S > senders.DRAIN_S
    settings = {"bot_telegram_token": "1:a", "bot_db_url": "postgresql://h/d", "platform_db_url": "postgresql://h/p"}
    with pytest.raises(ValueError, match="worker_lease_seconds"):
        WorkerSettings.model_validate({**settings, "worker_lease_seconds": 30})


async def test_payments_to_a_blocked_chat_go_out_when_it_is_open_again(post: Post) -> None:
    """durability 28"""
    parent = await post.parent()
    await post.tell(parent, "paid before", NotificationType.PAYMENT)
    await mark_chat_blocked(parent)
    await post.tell(parent, "paid 42", NotificationType.PAYMENT)
    await post.tell(parent, "long ago", NotificationType.PAYMENT, after=timedelta(days=-2), life=timedelta(days=1))
    await post.tell(parent, "a nudge", NotificationType.REMINDER)
    post.world.conversation(post.world.bot(), parent)
    await mark_chat_open(parent)
    async with post.sender():
        await post.until_settled()
    assert post.read(parent) == ["paid before", "paid 42"]


async def test_a_sender_at_rest_is_woken_and_knows_when_more_is_due(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    """operators D: nothing is asked again and again."""
    monkeypatch.setattr(senders, "SLOW_LOOK_S", 600.0)
    parent = await post.parent()
    async with post.sender():
        await asyncio.sleep(0.5)
        for number in range(3):  # the second and the third wait for the chat, a second each
            await post.tell(parent, f"{number}")
        await post.tell(parent, "later", after=timedelta(seconds=4))
        await post.until_settled(30)
    assert post.read(parent) == ["0", "1", "2", "later"]
