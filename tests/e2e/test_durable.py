"""What is due is done once: reports on Monday, by the clock or by hand, whoever is away."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from mentorium_sandbox.client import FakeParent
from tests.e2e.sandbox import Sandbox
from tests.e2e.week import believable_week, next_monday

pytestmark = pytest.mark.asyncio(loop_scope="session")
_PATIENCE_S = 60.0
WEEKLY = "report:w:%"


async def a_parent(world: Sandbox, name: str) -> FakeParent:
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


async def until(world: Sandbox, parent: FakeParent, enough: Callable[[list[str]], bool]) -> list[str]:
    """The reports in the chat, once they are as wished: nothing tells when a message has come by itself."""
    async with asyncio.timeout(_PATIENCE_S):
        while not enough(found := await reports(world, parent)):
            await asyncio.sleep(0.1)
    return found


async def run(world: Sandbox, *arguments: str) -> tuple[int | None, str]:
    """The operator's command, with the environment of this sandbox."""
    state: Any = await world.state()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "mentorium_operator", "reports", "run", *arguments),
        env={
            **os.environ,
            "BOT_TELEGRAM_TOKEN": state["keys"]["telegram_token"],
            "BOT_DB_URL": state["databases"]["bot"],
            "PLATFORM_DB_URL": state["databases"]["platform"],
            "CLOCK_FILE": str(world.folder / "clock"),
        },
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    output, errors = await process.communicate()
    return process.returncode, (output + errors).decode()


async def test_a_report_made_by_hand_comes_once(world: Sandbox) -> None:
    parent = await a_parent(world, "Aziza")
    assert await run(world, "weekly", "--parent", str(parent.id)) == (0, "1 new reports\n")
    (caption,) = await until(world, parent, lambda found: len(found) == 1)
    assert "Aziza" in caption
    assert await run(world, "weekly", "--parent", str(parent.id)) == (0, "0 new reports\n")
    status, words = await run(world, "weekly", "--parent", "1")
    assert status == 1
    assert "parent_unknown" in words
    assert len(await reports(world, parent)) == 1


async def test_a_blocked_parent_costs_one_call_and_start_brings_them_back(world: Sandbox) -> None:
    parent = await a_parent(world, "Bobur")
    await parent.block()
    # that they blocked the bot has not been heard of, as when the bot was away: only the sending tells
    await world.rows("UPDATE parents SET chat_state = 'open' WHERE telegram_id = $1", parent.id)
    before = await world.last_bot_call()
    await run(world, "weekly", "--parent", str(parent.id))
    await run(world, "monthly", "--parent", str(parent.id))
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
    return await world.rows("SELECT status FROM notifications WHERE parent_telegram_id = $1 ORDER BY id", parent.id)


async def test_the_outbox_can_be_looked_at(world: Sandbox) -> None:
    parent = await a_parent(world, "Gulnora")
    await run(world, "weekly", "--parent", str(parent.id))
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


async def test_mondays_reports_come_once_even_if_telegram_is_away_at_nine(world: Sandbox) -> None:
    parent = await a_parent(world, "Dildora")
    monday = await next_monday(world)
    async with world.fault("telegram", "down"):
        answer = await world.move_clock_to(monday + timedelta(hours=2))
        assert {"weekly_reports", "make_reports"} <= set(answer.ran)
        assert await reports(world, parent) == []
    (caption,) = await until(world, parent, lambda found: len(found) >= 1)
    assert "Dildora" in caption
    answer = await world.advance_clock("P1D")
    assert "weekly_reports" not in answer.ran
    assert len(await reports(world, parent, WEEKLY)) == 1


async def test_a_killed_worker_makes_up_for_what_it_missed(world: Sandbox) -> None:
    parent = await a_parent(world, "Elyor")
    await world.tell_part("worker", "stop")
    monday = await next_monday(world)
    await world.move_clock_to(monday + timedelta(hours=5))
    assert await reports(world, parent) == []
    await world.tell_part("worker", "start")
    (caption,) = await until(world, parent, lambda found: len(found) >= 1)
    assert "Elyor" in caption
    await world.tell_part("worker", "kill")
    await world.advance_clock("PT1H")
    assert len(await reports(world, parent)) == 1
