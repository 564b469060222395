"""What a question costs the two databases before the model is asked: nothing is looked up twice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg
import pytest
from sqlalchemy import event, text
from sqlalchemy.engine import Connection, Engine

import mentorium_db
from mentorium_bot.container import Container
from tests.integration.telegram_bot.conftest import Outside
from tests.integration.telegram_bot.helpers import chat_of, dialog_rows, settled, subscribed_parent, until

MOST_STATEMENTS = 9  # eight of its own, and a heartbeat that may fall in between
MOST_PLATFORM_QUERIES = 1
_BESIDE = re.compile(r"\binbox\b|lease_until <=|SELECT pg_")


@dataclass
class Work:
    statements: int = 0
    platform_queries: int = 0


@contextmanager
def counted() -> Iterator[Work]:
    """Statements to the bot's own database, by SQLAlchemy or the driver alone, and queries of the platform's.

    The inbox's and the heartbeats' are not counted: they are made for a batch, beside the way of a question.
    """
    work = Work()

    def executed(_connection: Connection, _cursor: Any, statement: str, *_: Any) -> None:
        if not _BESIDE.search(statement):
            work.statements += 1

    with pytest.MonkeyPatch.context() as patch:
        for name in ("fetch", "fetchrow", "fetchval"):
            really = getattr(asyncpg.Connection, name)

            async def count(connection: Any, query: str, *arguments: Any, _really: Any = really, **options: Any) -> Any:
                if "bot_api_v1" in query:
                    work.platform_queries += 1
                elif not _BESIDE.search(query):
                    work.statements += 1
                return await _really(connection, query, *arguments, **options)

            patch.setattr(asyncpg.Connection, name, count)
        event.listen(Engine, "before_cursor_execute", executed)
        try:
            yield work
        finally:
            event.remove(Engine, "before_cursor_execute", executed)


async def asked_until_the_model_writes(outside: Outside, user: int) -> Work:
    """The work done from the question's arrival until the first words of an answer that stalls behind them."""
    await outside.sandbox.script_model(chunks=["The first words. ", "And the rest."], stall_s=9, times=1)

    async def first_words_are_shown() -> bool:
        return "first" in str((await chat_of(outside, user)).drafts)

    with counted() as work:
        await outside.say(user, "How did last week go?", wait_s=0)
        await until(first_words_are_shown)
    await outside.parent(user).stop()
    return work


async def test_a_question_costs_eight_statements_and_one_platform_query(outside: Outside, bot: Container) -> None:
    user = await subscribed_parent(outside)
    second = await outside.child("Bahrom")
    await outside.start(user, second.link_code)
    async with mentorium_db.get_session() as session:
        guardians = await session.scalar(text("SELECT count(DISTINCT guardian_id) FROM learners"))
    assert guardians == 2, "names are read set-based, not guardian by guardian"
    work = await asked_until_the_model_writes(outside, user)
    assert 0 < work.statements <= MOST_STATEMENTS
    assert 0 < work.platform_queries <= MOST_PLATFORM_QUERIES


async def test_the_counter_counts(outside: Outside, bot: Container) -> None:
    user = await subscribed_parent(outside)
    with counted() as work:
        await outside.say(user, "/report")
    assert work == Work(statements=2, platform_queries=1), "who asks; their links with who has paid for these"


async def test_a_question_that_waited_is_judged_by_what_stands_then(outside: Outside, bot: Container) -> None:
    user = await subscribed_parent(outside)
    await outside.sandbox.script_model(chunks=["The first words. ", "The rest."], stall_s=9)

    async def first_words_are_shown() -> bool:
        return "first" in str((await chat_of(outside, user)).drafts)

    async def both_are_stored() -> bool:
        return len(await dialog_rows(user)) == 2

    for question, come in (("How did last week go?", first_words_are_shown), ("And before?", both_are_stored)):
        await outside.say(user, question, wait_s=0)
        await until(come)
    async with mentorium_db.get_session() as session:
        await session.execute(text("UPDATE subscriptions SET status = 'EXPIRED'"))
    await outside.parent(user).stop()
    await until(lambda: settled(user))
    assert [status for status, _ in await dialog_rows(user)] == ["stopped", "failed"]
