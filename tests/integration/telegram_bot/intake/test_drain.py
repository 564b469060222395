"""What is in hand at the end of a process and cannot be finished goes back at once, to whoever lives."""

from __future__ import annotations

import asyncio
import json

import asyncpg
import pytest
from aiogram import Bot, Dispatcher
from aiogram.types import Message
from sqlalchemy import text

import mentorium_db
from mentorium_bot.answering.queued_question import QueuedQuestion
from mentorium_bot.config import BotSettings
from mentorium_bot.container import build
from mentorium_bot.intake import consumer as consumers
from mentorium_bot.intake.consumer import InboxConsumer
from mentorium_bot.intake.notices import Notices
from mentorium_core.identity.model import ParentView
from mentorium_core.inbox import commands as inbox
from mentorium_core.inbox.rules import read_update
from mentorium_core.mentor.model import Question
from mentorium_db import dsn
from mentorium_db.claims import new_owner
from mentorium_domain.enums import Language
from mentorium_domain.inbox import InboxLane
from mentorium_kit.nursery import Nursery
from tests.integration.telegram_bot.conftest import Outside

pytestmark = pytest.mark.usefixtures("session_factory")
UPDATE = {
    "update_id": 5,
    "message": {
        "message_id": 1,
        "date": 1_800_000_000,
        "text": "/terms",
        "chat": {"id": 7, "type": "private", "first_name": "P"},
        "from": {"id": 7, "is_bot": False, "first_name": "P", "language_code": "en"},
    },
}


async def test_what_cannot_be_finished_is_let_go_of_at_once() -> None:
    began = asyncio.Event()
    dispatcher = Dispatcher()

    async def hang(_: Message) -> None:
        began.set()
        await asyncio.Event().wait()

    dispatcher.message.register(hang)
    bot, nursery, owner = Bot("42:the-token-of-the-tests"), Nursery(lambda *_: None), new_owner("drain")
    consumer = InboxConsumer(bot, dispatcher, nursery, Notices(bot, nursery), owner)
    update = read_update(json.loads(json.dumps(UPDATE)))
    assert update is not None
    await inbox.store(bot.id, update)
    consumer.accept(await inbox.take(bot.id, InboxLane.ORDINARY, 1, after=-(2**63) + 1, owner=owner))
    await began.wait()
    await consumer.drain(0.01)
    async with mentorium_db.get_session() as session:
        (row,) = await session.execute(text("SELECT status, owner, lease_until FROM inbox"))
    assert tuple(row) == ("waiting", None, None)
    await bot.session.close()


async def test_a_database_that_hangs_does_not_keep_a_process_that_ends(
    outside: Outside, settings: BotSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Letting go of questions: without patience of its own it ends with the server's statement_timeout, of 30 s."""
    monkeypatch.setattr(consumers, "DATABASE_PATIENCE_S", 0.1)
    container = build(settings)
    parent = ParentView(1, 7, Language.EN, registered=True, consented=True)
    question = Question(1, "Why?", Language.EN, container.dialogs.owner, behind_others=True)
    container.dialogs.ask(QueuedQuestion(parent, None, question))
    blocker = await asyncpg.connect(dsn.asyncpg_dsn(settings.database_dsn))
    try:
        async with blocker.transaction():
            await blocker.execute("LOCK TABLE dialogs IN ACCESS EXCLUSIVE MODE")
            async with asyncio.timeout(20):
                await container.dialogs.close(0.1)
    finally:
        await blocker.close()
        await container.close()
