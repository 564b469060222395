"""An error of ours reaches Sentry once, with the person and the handler, and without anything that was said."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
from sqlalchemy import text

import mentorium_db
from mentorium_db import get_session
from mentorium_db.jobs import enqueue
from mentorium_domain.enums import JobKind
from mentorium_kit.trace import new_trace, tracing
from mentorium_sandbox.client import FakeParent, plain_text
from tests.e2e.sandbox import Sandbox
from tests.fixtures.patience import HANGS_AFTER_S

QUESTION = "Is Zarnigor still afraid of fractions?"
CARD = "8600 1234 5678 9012"
CARD_DIGITS = r"(?<![\w.])(?:8600[\d* -]{2}|9012\b)"
"""How a card begins or ends: as a word, for trace ids and fractions of a second hold any four digits."""
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


@asynccontextmanager
async def failing(sandbox: Sandbox, table: str) -> AsyncIterator[None]:
    """Each INSERT into the table ends in an error that quotes a card, while the block runs."""
    connection = await asyncpg.connect((await sandbox.state())["databases"]["bot"])
    try:
        await connection.execute(f"""
            CREATE FUNCTION odd() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN RAISE EXCEPTION USING MESSAGE = 'card {CARD}', ERRCODE = 'P0001'; END $$;
            CREATE TRIGGER odd BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION odd()
            """)
        yield
    finally:
        await connection.execute("DROP FUNCTION IF EXISTS odd CASCADE")
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


async def _handled_by(sandbox: Sandbox, handler: str, count: int = 1) -> list[Any]:
    """The events of this handler, once there are so many."""
    async with asyncio.timeout(HANGS_AFTER_S):
        while len(events := [e for e in await sandbox.sentry_events() if e["tags"].get("handler") == handler]) < count:
            await asyncio.sleep(0.1)
    return events


async def test_an_error_in_a_call_of_payme_names_the_call_and_no_secret_of_it(sandbox: Sandbox) -> None:
    parent = await sandbox.parent("en", phone="+998909876543")
    await parent.register(await sandbox.child("Zarnigor", "Ergasheva"), tariff=None)
    await parent.say("/subscribe")
    await parent.press("tariff:monthly")
    (sent,) = (await parent.press("pay:payme")).replies
    link = sent["reply_markup"]["inline_keyboard"][0][0]["url"]

    async with failing(sandbox, "payme_transactions"):
        paying = asyncio.ensure_future(sandbox.pay_at_payme(link))
        events = await _handled_by(sandbox, "payme_webhook")
    calls = await paying

    assert {call["status"] for call in calls} == {200}, "PayMe is always answered, by a fault it understands"
    event = events[0]
    assert event["contexts"]["parameters"]["provider"] == "payme"
    assert event["contexts"]["parameters"]["method"] in {call["method"] for call in calls}
    assert event["exception"]["values"][-1]["stacktrace"]["frames"]
    keys = (await sandbox.state())["keys"]
    told = json.dumps(events, ensure_ascii=False)
    for private in (
        keys["payme"],
        "Basic ",
        "Zarnigor",
        "Ergasheva",
        "9876543",
        keys["telegram_token"],
    ):
        assert private not in told
    assert not re.search(CARD_DIGITS, told)
    assert "result" in calls[-1]["answer"], "PayMe came again, and service was back"


async def test_a_job_that_fails_names_itself_and_no_word_of_what_it_was_given(sandbox: Sandbox) -> None:
    """Python quotes in its error what it could not read: the moment, which here is an address."""
    parent = await sandbox.parent("en")
    await parent.register(await sandbox.child("Zarnigor", "Ergasheva"))
    address = "sentry.zarnigor@example.uz"
    given = {"parent_id": 1, "telegram_id": parent.id, "asked_at": address}
    await mentorium_db.dispose()  # another test of this process may have left a database configured
    mentorium_db.configure((await sandbox.state())["databases"]["bot"])
    try:
        with tracing(trace_id := new_trace()):
            async with get_session() as session:
                assert await enqueue(session, JobKind.MAIL_CODE, given, dedup_key="odd")
        (event,) = await _reported(sandbox, parent)
        async with get_session() as session:
            await session.execute(text("DELETE FROM pgqueuer.pgqueuer WHERE dedupe_key = 'odd'"))
    finally:
        await mentorium_db.dispose()

    assert event["tags"]["handler"] == "mail_code"
    assert event["tags"]["trace_id"] == trace_id
    assert event["contexts"]["parameters"].keys() >= {"job_id", "parent_id"}
    (error,) = event["exception"]["values"]
    assert error["type"] == "ValueError"
    assert error["stacktrace"]["frames"][-1]["function"]
    told = json.dumps(event, ensure_ascii=False)
    for private in (address, "zarnigor", "Zarnigor", "Ergasheva", await _token(sandbox)):
        assert private not in told


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
