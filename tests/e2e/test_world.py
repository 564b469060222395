"""A world that moves and breaks: the clock, parts that are killed, servers that are away. Each test has its own."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest
import pytest_asyncio

from tests.e2e.sandbox import Parent, Sandbox, plain, running_sandbox, until_ready

pytestmark = pytest.mark.asyncio(loop_scope="session")
_BACK_S = 60.0


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def world(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Sandbox]:
    async with running_sandbox(tmp_path_factory.mktemp("world") / "sandbox") as sandbox:
        yield sandbox


@pytest_asyncio.fixture(loop_scope="session")
async def parent(world: Sandbox) -> Parent:
    parent = await world.parent("en")
    await parent.register(await world.child("Ali", "Valiyev"))
    return parent


async def now(world: Sandbox) -> datetime:
    return datetime.fromisoformat((await world.state())["now"])


async def test_the_clock_moves_for_everybody(world: Sandbox, parent: Parent) -> None:
    child = await world.child("Vali", "Aliyev")
    before = await now(world)
    answer = await world.call("POST", "clock", {"advance": "P1DT1H"})
    moved = datetime.fromisoformat(answer["now"])
    assert timedelta(days=1, hours=1) <= moved - before < timedelta(days=1, hours=1, minutes=1)
    assert set(answer["ran"]) <= {"weekly_reports", "monthly_reports", "make_reports"}, "what a Monday or a 1st brings"
    late = await world.parent("en")
    assert "expired" in plain(await late.start(child.link_code)), "yesterday's link is old today"
    (meta,) = await world.rows("SELECT db_now FROM bot_api_v1.v_meta", database="platform")
    assert abs(meta["db_now"] - moved) < timedelta(minutes=1)
    await parent.say("How was the week?")
    (asked,) = await world.rows("SELECT created_at FROM dialogs WHERE parent_telegram_id = $1", parent.id)
    assert asked["created_at"] >= moved


async def test_to_a_moment_and_never_back(world: Sandbox) -> None:
    today = await now(world)
    monday = (today + timedelta(days=7 - today.weekday())).replace(hour=9, minute=0, second=0, microsecond=0)
    answer = await world.call("POST", "clock", {"to": monday.isoformat()})
    assert abs(datetime.fromisoformat(answer["now"]) - monday) < timedelta(minutes=1)
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
        error = await world.call("POST", "clock", wrong, status=400)
        assert error["error"]


@pytest.mark.parametrize("part", ["bot", "webhook", "worker", "bot_db", "redis"])
@pytest.mark.parametrize("action", ["kill", "stop"])
async def test_a_part_that_goes_comes_back(world: Sandbox, parent: Parent, part: str, action: str) -> None:
    await world.call("POST", f"parts/{part}", {"action": action})
    if action == "stop":
        async with world.http.get(f"{world.url}/sandbox/health") as answer:
            assert answer.status == 503
            assert (await answer.json())["parts"][part] == "stopped"
        await world.call("POST", f"parts/{part}", {"action": "start"})
    async with asyncio.timeout(30):
        await until_ready(world)
    assert await answered(parent) < _BACK_S


async def answered(parent: Parent) -> float:
    """Ask until the mentor answers about the child; seconds that took."""
    began = time.monotonic()
    while time.monotonic() - began < _BACK_S:
        if "Ali" in plain(await parent.say("How was the week?", wait_s=40)):
            break
    return time.monotonic() - began


async def test_no_update_is_lost_while_the_bot_is_away(world: Sandbox, parent: Parent) -> None:
    await world.call("POST", "parts/bot", {"action": "stop"})
    await parent.say("/help", wait_s=0)
    await parent.say("/children", wait_s=0)
    await world.call("POST", "parts/bot", {"action": "start"})
    async with asyncio.timeout(30):
        await until_ready(world)
    while "Ali Valiyev" not in plain(await parent.chat()):
        await asyncio.sleep(0.1)
    replies = [message for message in await parent.chat() if message["from"]["is_bot"]]
    assert len([message for message in replies if "/report" in message["text_plain"]]) >= 1


@pytest.mark.parametrize("target", ["bot_db", "platform_db", "redis"])
@pytest.mark.parametrize("kind", ["down", "drop_response"])
async def test_a_broken_line_to_a_server(world: Sandbox, parent: Parent, target: str, kind: str) -> None:
    async with world.fault(target, kind):
        kind_words = plain(await parent.say("How was the week?", wait_s=40))
        assert kind_words
        assert "Error" not in kind_words
    assert await answered(parent) < _BACK_S


async def test_unknown_parts_and_actions(world: Sandbox) -> None:
    assert "bot_db" in (await world.call("POST", "parts/moon", {"action": "kill"}, status=404))["error"]
    assert "kill" in (await world.call("POST", "parts/bot", {"action": "tickle"}, status=400))["error"]
    assert (
        "platform_db" in (await world.call("POST", "faults", {"target": "moon", "kind": "down"}, status=400))["error"]
    )
    assert "timeout" in (await world.call("POST", "faults", {"target": "redis", "kind": "quota"}, status=400))["error"]


async def test_many_parents_at_once(world: Sandbox) -> None:
    ids = (await world.call("POST", "users/bulk", {"count": 30, "registered": True}))["ids"]
    assert len(set(ids)) == 30
    (row,) = await world.rows(
        "SELECT count(*) FROM parents WHERE registration_completed AND telegram_id = ANY($1::bigint[])", ids
    )
    assert row["count"] == 30
    fresh = (await world.call("POST", "users/bulk", {"count": 5}))["ids"]
    assert len(fresh) == 5
    for wrong in ({"count": 0}, {"count": "many"}, {}, {"count": 1, "registered": "yes"}):
        await world.call("POST", "users/bulk", wrong, status=400)
