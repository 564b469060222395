"""An error of ours reaches Sentry once, with the person and the handler, and without anything that was said."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pytest

from mentorium_sandbox.client import FakeParent, plain_text
from tests.e2e.sandbox import Sandbox

pytestmark = pytest.mark.asyncio(loop_scope="session")

QUESTION = "Is Zarnigor still afraid of fractions?"
PATIENCE_S = 20


@asynccontextmanager
async def without_table(sandbox: Sandbox, table: str) -> AsyncIterator[None]:
    """The bot's database lacks a table while the block runs: an error that no rule of the product foresees."""
    connection = await asyncpg.connect((await sandbox.state())["databases"]["bot"])
    try:
        await connection.execute(f"ALTER TABLE {table} RENAME TO {table}_away")
        yield
    finally:
        await connection.execute(f"ALTER TABLE IF EXISTS {table}_away RENAME TO {table}")
        await connection.close()


async def _events_about(sandbox: Sandbox, parent: FakeParent) -> list[Any]:
    events = await sandbox.sentry_events()
    return [event for event in events if event.get("user", {}).get("id") == str(parent.id)]


async def _reported(sandbox: Sandbox, parent: FakeParent, count: int = 1) -> list[Any]:
    """The events about this parent, once there are so many."""
    async with asyncio.timeout(PATIENCE_S):
        while len(events := await _events_about(sandbox, parent)) < count:
            await asyncio.sleep(0.1)
    return events


async def test_an_error_in_a_handler_is_reported_once_and_tells_nothing_of_the_parent(sandbox: Sandbox) -> None:
    parent = await sandbox.parent("en", phone="+998909876543")
    await parent.register(await sandbox.child("Zarnigor", "Ergasheva"))

    async with without_table(sandbox, "dialogs"):
        apology = plain_text(await parent.say(QUESTION))
        await _reported(sandbox, parent)
        await parent.say("/help")  # whatever else would be reported of that message has been by now
        events = await _events_about(sandbox, parent)

    assert apology
    (event,) = events
    assert event["tags"]["handler"] == "ask_mentor"
    assert event["environment"]
    assert event["release"]
    assert event["exception"]["values"][-1]["stacktrace"]["frames"]
    told = json.dumps(event, ensure_ascii=False)
    for private in (QUESTION, "fractions", "Zarnigor", "Ergasheva", "9876543", await _token(sandbox)):
        assert private not in told
    assert "Zarnigor" in plain_text(await parent.say("How was last week?")), "service is back"


async def test_an_error_while_an_answer_is_made_names_its_parent_too(sandbox: Sandbox) -> None:
    parent = await sandbox.parent("en")
    await parent.register(await sandbox.child("Zarnigor", "Ergasheva"))

    before = len(await sandbox.model_requests())
    await sandbox.script_model(text="Fractions went well.", delay_ms=1500)
    question = asyncio.ensure_future(parent.say(QUESTION))
    async with asyncio.timeout(PATIENCE_S):
        while len(await sandbox.model_requests()) == before:
            await asyncio.sleep(0.05)
    async with without_table(sandbox, "dialogs"):
        await question
        (event,) = await _reported(sandbox, parent)

    assert event["tags"]["handler"] == "mentor_answer"
    assert "ractions" not in json.dumps(event)


async def test_an_outage_that_the_product_foresees_is_not_reported(sandbox: Sandbox) -> None:
    parent = await sandbox.parent("en")
    await parent.register(await sandbox.child("Zarnigor", "Ergasheva"))

    async with sandbox.fault("openai", "quota"):
        await parent.say(QUESTION, wait_s=35)
    await parent.say("/help")

    assert await _events_about(sandbox, parent) == []


async def _token(sandbox: Sandbox) -> str:
    token: str = (await sandbox.state())["keys"]["telegram_token"]
    return token
