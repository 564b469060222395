"""A world that moves and breaks: the clock, parts that are killed, servers that are away. One asks after every one."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import product

import pytest
import pytest_asyncio

from mentorium_sandbox.client import FakeParent, SandboxCallError, plain_text
from tests.e2e.sandbox import Sandbox, running_sandbox
from tests.fixtures.long_form import others_in_soak

_BACK_S = 60.0
ENDS = others_in_soak(
    product(("bot", "webhook", "worker", "bot_db", "redis"), ("kill", "stop")),
    *[("bot", "kill"), ("webhook", "stop"), ("worker", "kill"), ("bot_db", "kill"), ("redis", "stop")],
)
BREAKS = list(product(("bot_db", "platform_db", "redis"), ("down", "drop_response")))


@pytest_asyncio.fixture(scope="module")
async def world(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Sandbox]:
    async with running_sandbox(tmp_path_factory.mktemp("world") / "sandbox", forked=True) as sandbox:
        yield sandbox


@pytest_asyncio.fixture
async def parent(world: Sandbox) -> FakeParent:
    return await registered(world)


@pytest_asyncio.fixture(scope="module")
async def asker(world: Sandbox) -> FakeParent:
    """The one who asks after each outage whether the mentor is back."""
    return await registered(world)


async def registered(world: Sandbox) -> FakeParent:
    parent = await world.parent("en")
    await parent.register(await world.child("Ali", "Valiyev"))
    return parent


async def test_the_clock_moves_for_everybody(world: Sandbox, parent: FakeParent) -> None:
    child = await world.child("Vali", "Aliyev")
    before = await world.now()
    answer = await world.advance_clock("P1DT1H")
    moved = answer.now
    assert timedelta(days=1, hours=1) <= moved - before < timedelta(days=1, hours=1, minutes=1)
    assert set(answer.ran) <= {"weekly_reports", "monthly_reports", "make_reports"}, "what a Monday or a 1st brings"
    late = await world.parent("en")
    assert "expired" in plain_text(await late.start(child.link_code)), "yesterday's link is old today"
    (meta,) = await world.rows("SELECT db_now FROM bot_api_v1.v_meta", database="platform")
    assert abs(meta["db_now"] - moved) < timedelta(minutes=1)
    await parent.say("How was the week?")
    (asked,) = await world.rows("SELECT created_at FROM dialogs WHERE parent_telegram_id = $1", parent.id)
    assert asked["created_at"] >= moved


async def test_to_a_moment_and_never_back(world: Sandbox) -> None:
    today = await world.now()
    monday = (today + timedelta(days=7 - today.weekday())).replace(hour=9, minute=0, second=0, microsecond=0)
    answer = await world.move_clock_to(monday)
    assert abs(answer.now - monday) < timedelta(minutes=1)
    for wrong in (
        {"to": today.isoformat()},
        {"to": "2030-01-01T00:00:00"},
        {"to": "soon"},
        {"advance": "P"},
        {"advance": "-P1D"},
        {"advance": "P9000D"},
        {"advance": "P1D", "to": monday.isoformat()},
        {},
    ):
        assert await world.refusal("POST", "clock", wrong)


@pytest.mark.parametrize(("part", "action"), ENDS)
async def test_a_part_that_goes_comes_back(world: Sandbox, asker: FakeParent, part: str, action: str) -> None:
    await world.tell_part(part, action)
    if action == "stop":
        health = await world.health()
        assert not health.ready
        assert health.parts[part] == "stopped"
        await world.tell_part(part, "start")
    await world.wait_until_ready(30)
    assert await answered(asker) < _BACK_S


async def answered(parent: FakeParent) -> float:
    """Ask until the mentor answers about the child; seconds that took."""
    began = time.monotonic()
    while time.monotonic() - began < _BACK_S:
        if "Ali" in plain_text(await parent.say("How was the week?", wait_s=40)):
            break
    return time.monotonic() - began


async def test_no_update_is_lost_while_the_bot_is_away(world: Sandbox, parent: FakeParent) -> None:
    await world.tell_part("bot", "stop")
    await parent.say("/help", wait_s=0)
    await parent.say("/children", wait_s=0)
    await world.tell_part("bot", "start")
    await world.wait_until_ready(30)
    async with asyncio.timeout(_BACK_S):
        while "Ali Valiyev" not in plain_text(await parent.messages()):
            await asyncio.sleep(0.1)
    replies = [message for message in await parent.messages() if message["from"]["is_bot"]]
    assert len([message for message in replies if "/report" in message["text_plain"]]) >= 1


@pytest.mark.parametrize(("target", "kind"), BREAKS)
async def test_a_broken_line_to_a_server(world: Sandbox, asker: FakeParent, target: str, kind: str) -> None:
    async with world.fault(target, kind):
        kind_words = plain_text(await asker.say("How was the week?", wait_s=40))
        assert kind_words
        assert "Error" not in kind_words
    assert await answered(asker) < _BACK_S


async def test_a_database_that_only_reads_and_then_writes_again(world: Sandbox, asker: FakeParent) -> None:
    async with world.fault("bot_db", "read_only"):
        with pytest.raises(SandboxCallError):
            await asker.grant("annual")
    await asker.grant("annual")
    assert await answered(asker) < _BACK_S


async def test_a_commit_whose_answer_is_lost_was_done(world: Sandbox, parent: FakeParent) -> None:
    async with world.fault("bot_db", "commit_lost", match="*insert into subscriptions*"):
        late = await world.parent("en")
        await late.agree((await world.child("Zara", "Valiyeva")).link_code)
        await late.grant()  # the command has found out by itself that the gift stands
    given = await world.rows(
        "SELECT s.id FROM subscriptions s JOIN parents p ON p.id = s.parent_id WHERE p.telegram_id = $1", late.id
    )
    assert len(given) == 1


async def test_unknown_parts_and_actions(world: Sandbox) -> None:
    assert "bot_db" in await world.refusal("POST", "parts/moon", {"action": "kill"}, status=404)
    assert "kill" in await world.refusal("POST", "parts/bot", {"action": "tickle"})
    assert "platform_db" in await world.refusal("POST", "faults", {"target": "moon", "kind": "down"})
    assert "timeout" in await world.refusal("POST", "faults", {"target": "redis", "kind": "quota"})


async def test_many_parents_at_once(world: Sandbox) -> None:
    ids = await world.parents(30, registered=True)
    assert len(set(ids)) == 30
    (row,) = await world.rows(
        "SELECT count(*) FROM parents WHERE registration_completed AND telegram_id = ANY($1::bigint[])", ids
    )
    assert row["count"] == 30
    fresh = await world.parents(5)
    assert len(fresh) == 5
    for wrong in ({"count": 0}, {"count": "many"}, {}, {"count": 1, "registered": "yes"}):
        await world.refusal("POST", "users/bulk", wrong)
