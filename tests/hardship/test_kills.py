"""Bots and workers killed or told to stop, and two of each at once: what was asked for is done, and nothing twice.

`HARDSHIP_LONG=1` does so at many more moments.
"""

from __future__ import annotations

import asyncio
from itertools import product
from pathlib import Path
from typing import Final

import pytest

from mentorium_core.i18n import t
from mentorium_domain.enums import Language
from mentorium_sandbox.client import FakeParent
from tests.e2e.sandbox import Sandbox
from tests.e2e.week import believable_week, next_monday
from tests.fixtures.long_form import LONG
from tests.hardship.conftest import A_WORD_WITHIN_S, from_bot, registered, seconds_until
from tests.hardship.second_process import second_process

MOMENTS_S: Final = [n / 20 for n in range(24)]
ENDS: Final = list(product(("kill", "stop"), MOMENTS_S)) if LONG else [("kill", 0.1), ("stop", 0.5)]
"""SIGKILL, or SIGTERM as by a deploy, so many seconds after it was asked for."""
IN_DOUBT: Final = t(Language.EN, "inbox-answer-in-doubt")
QUESTION: Final = "How did the last week go?"


async def pictures(parent: FakeParent) -> int:
    return sum("photo" in message for message in await parent.messages())


async def family(sandbox: Sandbox) -> FakeParent:
    child = await sandbox.child("Kamron", "Sobirov")
    await believable_week(sandbox, child)
    parent = await sandbox.parent("en")
    await parent.register(child)
    return parent


async def end_bot(sandbox: Sandbox, how: str) -> None:
    if how == "kill":
        await sandbox.kill_part("bot")
    else:
        await sandbox.stop_part("bot")
        await sandbox.start_part("bot")


@pytest.mark.parametrize(("how", "moment_s"), ENDS)
async def test_a_bot_killed_while_it_makes_a_report(sandbox: Sandbox, how: str, moment_s: float) -> None:
    """durability 9, 19: the press is stored, the report comes by itself, once; where it was in flight they are told."""
    parent = await family(sandbox)
    await parent.say("/report")
    await parent.press("report:week", wait_s=0)
    await asyncio.sleep(moment_s)
    await end_bot(sandbox, how)

    async def has_come() -> bool:
        return await pictures(parent) > 0 or IN_DOUBT in await from_bot(parent)

    await seconds_until(has_come, most=60)
    await sandbox.wait_until_ready()
    assert await pictures(parent) + (IN_DOUBT in await from_bot(parent)) >= 1
    assert await pictures(parent) <= 1
    rows = await sandbox.rows("SELECT id FROM report_history WHERE parent_telegram_id = $1", parent.id)
    assert len(rows) == 1


@pytest.mark.parametrize(("how", "moment_s"), ENDS)
async def test_a_bot_killed_while_a_link_is_made(sandbox: Sandbox, how: str, moment_s: float) -> None:
    """durability 11: linked, and told so; never told that the own link has been used by somebody."""
    child = await sandbox.child("Kamron", "Sobirov")
    parent = await sandbox.parent("en")
    await parent.start(child.link_code)
    await parent.press("lang:en")
    await parent.press("consent:yes", wait_s=0)
    await asyncio.sleep(moment_s)
    await end_bot(sandbox, how)

    async def is_told() -> bool:
        last = (await from_bot(parent))[-1]
        return "Kamron" in last or last == IN_DOUBT

    await seconds_until(is_told, most=60)
    await sandbox.wait_until_ready()
    await parent.say("/children")
    assert "Kamron" in (await from_bot(parent))[-1]
    linked = await sandbox.rows("SELECT 1 FROM learners WHERE platform_student_id = $1", child.student_id)
    assert len(linked) == 1


@pytest.mark.parametrize("said", ["/help", QUESTION])
async def test_what_a_killed_bot_had_said_is_not_said_again(sandbox: Sandbox, said: str) -> None:
    """Telegram has taken it, and the bot dies before it knows: the parent is told, and asks again if need be."""
    parent = await registered(sandbox)
    before = len(await from_bot(parent))

    async def has_heard(count: int) -> bool:
        return len(await from_bot(parent)) == before + count

    async with sandbox.fault("telegram", "slow", match="sendMessage"):
        await parent.say(said, wait_s=0)
        await seconds_until(lambda: has_heard(1), most=60)
        await sandbox.kill_part("bot")
    await seconds_until(lambda: has_heard(2), most=60)
    assert (await from_bot(parent))[-1] == IN_DOUBT
    assert await parent.say("/help")  # the chat goes on
    assert await has_heard(3)
    rows = await sandbox.rows("SELECT status FROM dialogs WHERE parent_telegram_id = $1", parent.id)
    assert [row["status"] for row in rows] == (["answered"] if said == QUESTION else [])


async def test_two_bots_answer_each_question_once(sandbox: Sandbox, tmp_path: Path) -> None:
    """durability 10: both poll with one token, and every command and question is answered by one of them."""
    parents = [await registered(sandbox) for _ in range(4)]
    heard = [len(await from_bot(parent)) for parent in parents]
    asked = await sandbox.model_requests()
    async with second_process(sandbox, "mentorium_bot.main", tmp_path / "beside") as second:
        await second.until_logged("bot_started")
        for _ in range(3):
            await asyncio.gather(*(parent.say("/help", wait_s=0) for parent in parents))
        await asyncio.gather(*(parent.say(QUESTION, wait_s=0) for parent in parents))

        more: list[int] = []

        async def all_are_answered() -> bool:
            more[:] = [len(await from_bot(parent)) - before for parent, before in zip(parents, heard, strict=True)]
            return min(more) >= 4

        await seconds_until(all_are_answered, most=60)
    assert more == [4] * 4
    rows = await sandbox.rows(
        "SELECT status FROM dialogs WHERE parent_telegram_id = ANY($1)", [parent.id for parent in parents]
    )
    assert [row["status"] for row in rows] == ["answered"] * 4
    assert len(await sandbox.model_requests()) > len(asked)


async def test_two_workers_send_each_message_once(sandbox: Sandbox, tmp_path: Path) -> None:
    """durability 10, 12: one Monday for four families and two workers, one of them killed in the middle."""
    parents = [await family(sandbox) for _ in range(4)]
    ids = [parent.id for parent in parents]
    async with second_process(sandbox, "mentorium_reporting.main", tmp_path / "beside") as second:
        await second.until_logged("worker_started")
        moving = asyncio.create_task(sandbox.move_clock_to(await next_monday(sandbox)))
        await asyncio.sleep(1)
        second.process.kill()
        await moving

    async def all_have_theirs() -> bool:
        sent = await sandbox.rows(
            "SELECT DISTINCT parent_telegram_id FROM notifications WHERE parent_telegram_id = ANY($1)"
            " AND dedup_key LIKE 'report:w:%' AND status = 'sent'",
            ids,
        )
        return len(sent) == len(parents)

    await seconds_until(all_have_theirs, most=150)  # what the killed one had in hand waits for its lease
    rows = await sandbox.rows("SELECT message, status FROM notifications WHERE parent_telegram_id = ANY($1)", ids)
    assert {row["status"] for row in rows} == {"sent"}
    for parent in parents:
        told = [str(message.get("caption") or message.get("text")) for message in await parent.messages()]
        reports = [text for text in told if text in {row["message"] for row in rows}]
        assert 1 <= len(reports) <= 2, "once, and a second time only where the first was in flight"


async def test_a_worker_that_is_told_to_stop_gives_its_work_back(sandbox: Sandbox) -> None:
    """durability 35: a deploy in the middle of sending holds up no message for longer than a start."""
    parents = [await registered(sandbox) for _ in range(3)]
    async with sandbox.fault("telegram", "slow", match="sendMessage"):
        await sandbox.rows(
            "INSERT INTO notifications (parent_telegram_id, notification_type, message, dedup_key, send_at, expires_at)"
            " SELECT id, 'PAYMENT', 'paid', 'hardship:' || id, $2::timestamptz, $2::timestamptz + interval '1 hour'"
            " FROM unnest($1::bigint[]) AS id",
            [parent.id for parent in parents],
            await sandbox.now(),
        )
        await asyncio.sleep(1)
        await sandbox.stop_part("worker")
    await sandbox.start_part("worker")
    await sandbox.wait_until_ready()  # how long a start takes is for the machine to say

    async def all_have_theirs() -> bool:
        return all(["paid" in await from_bot(parent) for parent in parents])

    assert await seconds_until(all_have_theirs, most=60) < A_WORD_WITHIN_S
    assert [(await from_bot(parent)).count("paid") for parent in parents] == [1, 1, 1]
