"""An update is marked before its answer goes out: what that costs, and what it keeps from happening."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from dataclasses import dataclass, field
from typing import Any

import asyncpg
import pytest
import pytest_asyncio
from aiogram import Bot, Dispatcher
from aiogram.types import Message, TelegramObject
from sqlalchemy import text

import mentorium_db
from mentorium_bot.config import BotSettings
from mentorium_bot.intake import answer_marks
from mentorium_bot.intake.answer_marks import AnswerMarks, ClaimLostError, MarkAnswers
from mentorium_bot.intake.consumer import InboxConsumer
from mentorium_bot.intake.notices import Notices
from mentorium_bot.middleware.errors import ErrorMiddleware
from mentorium_core.i18n import t
from mentorium_core.inbox import commands as inbox
from mentorium_core.inbox.rules import read_update
from mentorium_db import dsn
from mentorium_db.claims import new_owner
from mentorium_domain.enums import Language
from mentorium_domain.inbox import InboxLane, IncomingUpdate
from mentorium_gateways.telegram import make_bot
from mentorium_kit.errors import ConflictError, UnavailableError
from mentorium_kit.nursery import Nursery
from tests.integration.telegram_bot.conftest import TOKEN, Outside, running
from tests.integration.telegram_bot.helpers import until
from tests.integration.telegram_bot.intake.test_drain import UPDATE

pytestmark = pytest.mark.usefixtures("session_factory")
LOWEST = -(2**63) + 1


@dataclass
class Intake:
    """A consumer whose handler says "here" once `speaks` is set, and marks of which each statement is noted.

    `fails`: what the handler raises behind its answer.
    """

    outside: Outside
    bot: Bot
    consumer: InboxConsumer
    owner: str
    began: asyncio.Event = field(default_factory=asyncio.Event)
    speaks: asyncio.Event = field(default_factory=asyncio.Event)
    marked: list[Collection[int]] = field(default_factory=list)
    fails: Exception | None = None

    async def handle(self, message: Message) -> None:
        self.began.set()
        await self.speaks.wait()
        await message.answer("here")
        if self.fails is not None:
            raise self.fails

    async def in_english(
        self, handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]], event: TelegramObject, data: Any
    ) -> Any:
        return await handler(event, {**data, "language": Language.EN})

    async def take(self, *chats: int) -> None:
        for number, chat in enumerate(chats):
            await inbox.store(self.bot.id, update(number, chat))
        taken = await inbox.take(self.bot.id, InboxLane.ORDINARY, 100, after=LOWEST, owner=self.owner)
        self.consumer.accept(taken)
        await self.began.wait()

    async def said(self, chat: int) -> int:
        return sum(one.get("text_plain") == "here" for one in (await self.outside.parent(chat).chat()).messages)


def update(number: int, chat: int) -> IncomingUpdate:
    raw = json.loads(json.dumps(UPDATE))
    raw["update_id"] = number
    raw["message"]["chat"]["id"] = raw["message"]["from"]["id"] = chat
    read = read_update(raw)
    assert read is not None
    return read


@pytest_asyncio.fixture
async def intake(outside: Outside, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Intake]:
    bot, nursery, dispatcher, owner = (
        make_bot(TOKEN, outside.url),
        Nursery(lambda *_: None),
        Dispatcher(),
        new_owner("1"),
    )
    bot.session.middleware(MarkAnswers())
    consumer = InboxConsumer(bot, dispatcher, nursery, Notices(bot, nursery), owner)
    made = Intake(outside, bot, consumer, owner)
    dispatcher.update.outer_middleware(made.in_english)
    dispatcher.update.outer_middleware(ErrorMiddleware())
    dispatcher.message.register(made.handle)
    begin_answers = inbox.begin_answers

    async def noting(bot_id: int, update_ids: Collection[int], owner: str) -> set[int]:
        made.marked.append(update_ids)
        return await begin_answers(bot_id, update_ids, owner)

    monkeypatch.setattr(inbox, "begin_answers", noting)
    yield made
    await consumer.drain(0.01)
    await bot.session.close()


async def rows() -> list[tuple[str, bool]]:
    async with mentorium_db.get_session() as session:
        return [tuple(row) for row in await session.execute(text("SELECT status, answer_in_doubt FROM inbox"))]


async def test_answers_that_begin_at_once_are_marked_by_few_statements(outside: Outside, intake: Intake) -> None:
    chats = [await outside.user() for _ in range(20)]
    await intake.take(*chats)
    intake.speaks.set()

    async def all_have_heard() -> bool:
        return all([await intake.said(chat) == 1 for chat in chats])

    await until(all_have_heard)
    assert sorted(number for batch in intake.marked for number in batch) == list(range(20))
    assert len(intake.marked) <= 5, intake.marked


async def test_who_has_lost_an_update_says_nothing_more(outside: Outside, intake: Intake) -> None:
    """It has stalled for longer than its lease, and another process answers."""
    chat = await outside.user()
    await intake.take(chat)
    async with mentorium_db.get_session() as session:
        await session.execute(text("UPDATE inbox SET owner = 'another:1:1'"))
    intake.speaks.set()
    await intake.consumer.drain(20)
    assert intake.marked == [(0,)]
    assert await intake.said(chat) == 0
    assert await rows() == [("taken", False)], "it is the other's to end"


async def test_who_stalls_while_a_mark_is_written_does_not_take_that_for_a_database_that_hangs(
    outside: Outside, intake: Intake
) -> None:
    chats = [await outside.user() for _ in range(2)]
    await intake.take(*chats)
    async with mentorium_db.get_session() as session:
        await session.execute(text("UPDATE inbox SET owner = 'another:1:1'"))
    marks = AnswerMarks(intake.bot.id, intake.owner, Nursery(lambda *_: None))
    waiting = []
    for number in range(2):  # of one the statement is on its way, the other waits behind it
        waiting.append(asyncio.create_task(marks.mark(number)))
        for _ in range(3):
            await asyncio.sleep(0)
    time.sleep(2.5 * answer_marks.PATIENCE_S)  # noqa: ASYNC251 - the loop stands still, as by SIGSTOP
    outcomes = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [ClaimLostError, ClaimLostError]


async def test_a_database_that_hangs_keeps_no_answer_back(
    outside: Outside, intake: Intake, bot_dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answer_marks, "PATIENCE_S", 0.1)
    chat = await outside.user()
    await intake.take(chat)
    blocker = await asyncpg.connect(dsn.asyncpg_dsn(bot_dsn))
    try:
        async with blocker.transaction():
            await blocker.execute("LOCK TABLE inbox IN ACCESS EXCLUSIVE MODE")
            intake.speaks.set()

            async def has_heard() -> bool:
                return await intake.said(chat) == 1

            await until(has_heard)
    finally:
        await blocker.close()


async def test_an_answer_cut_short_on_its_way_is_in_doubt_and_one_before_it_is_not(
    outside: Outside, intake: Intake
) -> None:
    chat = await outside.user()
    await intake.take(chat)
    await intake.consumer.drain(0.01)
    assert await rows() == [("waiting", False)]
    async with outside.sandbox.fault("telegram", "slow", match="sendMessage"):
        await intake.take(chat)
        intake.speaks.set()

        async def has_heard() -> bool:
            return await intake.said(chat) == 1

        await until(has_heard)
        await intake.consumer.drain(0.01)
    assert await rows() == [("waiting", True)]


async def test_what_was_in_doubt_when_it_was_taken_is_in_doubt_when_it_is_let_go(
    outside: Outside, intake: Intake
) -> None:
    """A deploy comes before the parent has been told."""
    chat = await outside.user()
    await inbox.store(intake.bot.id, update(0, chat))
    async with mentorium_db.get_session() as session:
        await session.execute(text("UPDATE inbox SET answer_in_doubt = true"))
    await intake.take(chat)
    await intake.consumer.drain(0.01)
    assert await rows() == [("waiting", True)]


async def test_what_telegram_has_not_taken_is_in_no_doubt(outside: Outside, intake: Intake) -> None:
    chat = await outside.user()
    async with outside.sandbox.fault("telegram", "status_429", match="sendMessage", retry_after=30):
        await intake.take(chat)
        intake.speaks.set()

        async def is_refused() -> bool:
            return any(call["status"] == 429 for call in await outside.sandbox.bot_calls("sendMessage"))

        await until(is_refused)

        async def a_kill_now_would_leave_it_to_be_answered() -> bool:
            return await rows() == [("taken", False)]

        await until(a_kill_now_would_leave_it_to_be_answered)
        await intake.consumer.drain(0.01)
    assert await intake.said(chat) == 0
    assert await rows() == [("waiting", False)]


@pytest.mark.parametrize("fails", [UnavailableError("bot_db_unavailable"), ConflictError("bot_db_conflict")])
async def test_what_has_arrived_is_not_said_again_where_something_fails_behind_it(
    outside: Outside, intake: Intake, fails: Exception
) -> None:
    chat = await outside.user()
    intake.fails = fails
    intake.speaks.set()
    await intake.take(chat)
    await intake.consumer.drain(20)
    assert await intake.said(chat) == 1
    assert await rows() == [("waiting", True)]


async def test_a_press_in_doubt_is_told_of_in_their_language_and_not_carried_out(
    outside: Outside, settings: BotSettings
) -> None:
    user = await outside.user("ru")
    sender = {"id": user, "is_bot": False, "first_name": "P", "language_code": "ru"}
    message = {"message_id": 1, "date": 1_800_000_000, "chat": {"id": user, "type": "private"}, "text": "?"}
    press = {"id": "1", "from": sender, "message": message, "chat_instance": "1", "data": "lang:en"}
    left = read_update({"update_id": 5, "callback_query": press})
    assert left is not None
    await inbox.store(int(TOKEN.partition(":")[0]), left)
    async with mentorium_db.get_session() as session:
        await session.execute(text("UPDATE inbox SET answer_in_doubt = true"))

    async def has_heard() -> bool:
        said = (await outside.parent(user).chat()).messages
        return [one.get("text_plain") for one in said] == [t(Language.RU, "inbox-answer-in-doubt")]

    async with running(settings):
        await until(has_heard)

        async def has_ended() -> bool:
            return [status for status, _ in await rows()] == ["ended"]

        await until(has_ended)
