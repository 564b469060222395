"""What is due is done once: reports on Monday, by the clock or by hand, whoever is away."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from mentorium_sandbox.client import FakeParent
from tests.e2e.operator_command import mentorium
from tests.e2e.sandbox import Sandbox
from tests.e2e.week import believable_week, by_day, next_monday

_PATIENCE_S = 60.0
WEEKLY = "report:w:%"


async def a_parent(world: Sandbox, name: str) -> FakeParent:
    await by_day(world)
    child = await world.child(name, "Karimov")
    await believable_week(world, child)
    parent = await world.parent("en")
    await parent.register(child)
    return parent


async def reports(world: Sandbox, parent: FakeParent, keys: str = "report:%") -> list[str]:
    """What stands in the chat of what the outbox ever held for it: with a picture, or of an idle week without."""
    told = await world.rows(
        "SELECT message FROM notifications WHERE parent_telegram_id = $1 AND dedup_key LIKE $2", parent.id, keys
    )
    texts = [message.get("caption") or message.get("text") or "" for message in await parent.messages()]
    return [text for text in texts if text in {row["message"] for row in told}]


async def until(
    world: Sandbox, parent: FakeParent, enough: Callable[[list[str]], bool], keys: str = "report:%"
) -> list[str]:
    """The reports in the chat, once they are as wished: nothing tells when a message has come by itself."""
    async with asyncio.timeout(_PATIENCE_S):
        while not enough(found := await reports(world, parent, keys)):
            await asyncio.sleep(0.1)
    return found


async def test_a_report_made_by_hand_comes_once(world: Sandbox) -> None:
    parent = await a_parent(world, "Aziza")
    assert await mentorium(world, "reports", "run", "weekly", "--parent", str(parent.id)) == (0, "1 new reports\n")
    (caption,) = await until(world, parent, lambda found: len(found) == 1)
    assert "Aziza" in caption
    assert await mentorium(world, "reports", "run", "weekly", "--parent", str(parent.id)) == (0, "0 new reports\n")
    status, words = await mentorium(world, "reports", "run", "weekly", "--parent", "1")
    assert status == 1
    assert "no parent with this Telegram id" in words
    assert len(await reports(world, parent)) == 1


async def test_a_blocked_parent_costs_one_call_and_start_brings_them_back(world: Sandbox) -> None:
    parent = await a_parent(world, "Bobur")
    await parent.block()
    # that they blocked the bot has not been heard of, as when the bot was away: only the sending tells
    await world.rows("UPDATE parents SET chat_state = 'open' WHERE telegram_id = $1", parent.id)
    before = await world.last_bot_call()
    await mentorium(world, "reports", "run", "weekly", "--parent", str(parent.id))
    await mentorium(world, "reports", "run", "monthly", "--parent", str(parent.id))
    async with asyncio.timeout(_PATIENCE_S):
        while [row["status"] for row in await messages(world, parent)] != ["skipped", "skipped"]:
            await asyncio.sleep(0.1)
    tried = [
        call for call in await world.bot_calls("sendPhoto", after=before) if call["params"]["chat_id"] == str(parent.id)
    ]
    assert len(tried) <= 1
    await parent.unblock()
    await parent.start()
    (caption,) = await until(world, parent, lambda found: len(found) == 1)
    assert "Bobur" in caption
    assert [row["status"] for row in await messages(world, parent)] == ["skipped", "sent"]


async def messages(world: Sandbox, parent: FakeParent) -> list[Any]:
    """Those that are reports: the subscription has its own."""
    return await world.rows(
        "SELECT status FROM notifications WHERE parent_telegram_id = $1 AND notification_type = 'REPORT' ORDER BY id",
        parent.id,
    )


async def test_the_outbox_can_be_looked_at(world: Sandbox) -> None:
    parent = await a_parent(world, "Gulnora")
    await mentorium(world, "reports", "run", "weekly", "--parent", str(parent.id))
    await until(world, parent, lambda found: len(found) == 1)
    told = await world.call("GET", "outbox")
    latest = told["messages"]["latest"][0]
    assert (latest["parent_telegram_id"], latest["kind"]) == (parent.id, "REPORT")
    assert {"kind": "REPORT", "state": "sent"}.items() <= max(
        told["messages"]["counts"], key=lambda row: (row["state"] == "sent", row["kind"] == "REPORT")
    ).items()
    page = await world.get_text(f"{world.url}/outbox")
    assert "Gulnora" in page
    assert "Jobs" in page
    metrics = await world.get_text((await world.state())["urls"]["metrics"])
    for name in ("notifications_total", "notification_delivery_lag_seconds_count", "notification_outbox_lag_seconds"):
        assert name in metrics


async def a_message_is_lost(world: Sandbox, parent: FakeParent) -> None:
    """What is in flight when Telegram goes is in doubt; from then on the sender asks for a sign of life first."""
    await world.rows(
        "INSERT INTO notifications (parent_telegram_id, notification_type, message, dedup_key, send_at, expires_at)"
        " SELECT id, 'REMINDER', 'lost', 'lost:' || id, at, at + interval '1 hour'"
        " FROM (VALUES ($1::bigint, $2::timestamptz)) AS t (id, at)",
        parent.id,
        await world.now(),
    )
    async with asyncio.timeout(_PATIENCE_S):
        while await world.rows("SELECT 1 FROM notifications WHERE message = 'lost' AND attempts = 0"):
            await asyncio.sleep(0.1)


async def wants_no_reports_and_no_sound_of_payments(parent: FakeParent) -> None:
    """The choices of /settings, made by their buttons."""
    await parent.say("/settings")
    await parent.press("notify:payment:off:all")
    await parent.press("notify:reports")
    await parent.press("freq:off")


async def test_mondays_reports_come_once_to_whoever_wants_them_even_if_telegram_is_away_at_nine(world: Sandbox) -> None:
    on, off = await a_parent(world, "Dildora"), await a_parent(world, "Farida")
    await wants_no_reports_and_no_sound_of_payments(off)
    monday = await next_monday(world)
    async with world.fault("telegram", "down"):
        await a_message_is_lost(world, on)
        answer = await world.move_clock_to(monday + timedelta(hours=2))
        assert {"weekly_reports", "make_reports"} <= set(answer.ran)
        assert await reports(world, on) == []
    (caption,) = await until(world, on, lambda found: len(found) >= 1, WEEKLY)
    assert "Dildora" in caption
    assert await reports(world, off) == []
    assert await sounds_of_a_payment(world, on, off) == {on.id: True, off.id: False}
    answer = await world.advance_clock("P1D")
    assert "weekly_reports" not in answer.ran
    assert len(await reports(world, on, WEEKLY)) == 1
    assert await reports(world, off) == []


async def sounds_of_a_payment(world: Sandbox, *parents: FakeParent) -> dict[int, bool]:
    """Each is told of a payment: whether that rang."""
    before = await world.last_bot_call()
    await world.rows(
        "INSERT INTO notifications (parent_telegram_id, notification_type, message, dedup_key, priority, send_at,"
        " expires_at) SELECT telegram_id, 'PAYMENT', 'Paid', 'paid:' || telegram_id, 1, $2,"
        " $2::timestamptz + interval '1 day' FROM parents WHERE telegram_id = ANY($1)",
        [parent.id for parent in parents],
        await world.now(),
    )
    sounds: dict[int, bool] = {}
    async with asyncio.timeout(_PATIENCE_S):
        while len(sounds) < len(parents):
            await asyncio.sleep(0.2)
            calls = await world.bot_calls("sendMessage", after=before)
            paid = [call["params"] for call in calls if call["params"].get("text") == "Paid"]
            sounds = {int(one["chat_id"]): not one.get("disable_notification") for one in paid}
    return sounds


async def test_a_killed_worker_makes_up_for_what_it_missed(world: Sandbox) -> None:
    parent = await a_parent(world, "Elyor")
    await world.tell_part("worker", "stop")
    monday = await next_monday(world)
    await world.move_clock_to(monday + timedelta(hours=5))
    assert await reports(world, parent) == []
    await world.tell_part("worker", "start")
    (caption,) = await until(world, parent, lambda found: len(found) >= 1, WEEKLY)
    assert "Elyor" in caption
    async with asyncio.timeout(_PATIENCE_S):  # what was in a killed sender's hands is sent again
        while {row["status"] for row in await messages(world, parent)} != {"sent"}:
            await asyncio.sleep(0.1)
    await world.tell_part("worker", "kill")
    await world.advance_clock("PT1H")
    assert len(await reports(world, parent, WEEKLY)) == 1, "that of a month may come on the same day"
