"""What comes is stored before it is confirmed, once, and handled in the order of its chat by whoever lives."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from sqlalchemy import text

import mentorium_db
from mentorium_bot.config import BotSettings
from mentorium_bot.container import Container
from mentorium_core.i18n import t
from mentorium_db import get_session
from tests.integration.telegram_bot.conftest import Outside, running
from tests.integration.telegram_bot.helpers import chat_of, plain, until


async def inbox() -> list[dict[str, Any]]:
    async with get_session() as session:
        return [dict(row) for row in (await session.execute(text("SELECT * FROM inbox ORDER BY update_id"))).mappings()]


async def all_ended() -> bool:
    return all(row["status"] == "ended" for row in await inbox())


PERSONAL = ("chat_id", "user_telegram_id", "kind", "content", "reason", "owner", "lease_until")


def assert_emptied(rows: list[dict[str, Any]]) -> None:
    assert rows
    for row in rows:
        assert row["status"] == "ended"
        assert [row[name] for name in PERSONAL] == [None] * len(PERSONAL)


async def test_what_ended_is_emptied_on_each_way_in(outside: Outside, bot: Container) -> None:
    for way in ("link", "declined", "contact"):
        user = await outside.user()
        child = await outside.child("Aziz", phone=f"+99890{user}"[:13])
        if way == "declined":
            (asked,) = await outside.start(user)
            pressed = await outside.press(user, asked, "lang:en")
            await outside.press(user, pressed.replies[-1], "consent:no")
        elif way == "link":
            await outside.register(user, child.link_code)
        else:
            (asked,) = await outside.start(user)
            pressed = await outside.press(user, asked, "lang:en")
            await outside.press(user, pressed.replies[-1], "consent:yes")
            await outside.say(user, "this is no address")
    await until(all_ended)
    assert_emptied(await inbox())


async def test_no_to_the_consent_leaves_nothing_of_what_still_waits(outside: Outside, bot: Container) -> None:
    user = await outside.user()
    (asked,) = await outside.start(user)
    pressed = await outside.press(user, asked, "lang:en")
    async with get_session() as session:
        await session.execute(
            text(
                "INSERT INTO inbox (bot_id, update_id, lane, status, chat_id, user_telegram_id, kind, content, reason)"
                " VALUES (1, 1, 2, 'set_aside', :user, :user, 'message', '{}', 'killed')"
            ),
            {"user": user},
        )
    await outside.press(user, pressed.replies[-1], "consent:no")
    await until(all_ended)
    assert_emptied(await inbox())


async def test_one_update_is_handled_once_however_often_it_comes(outside: Outside, bot: Container) -> None:
    user = await outside.user()
    await outside.say(user, "/help")
    update_id = outside.world.bot().queue.next_id - 1
    before = len((await chat_of(outside, user)).messages)
    outside.world.bot().queue.repeat(update_id)
    await outside.say(user, "/terms")
    said = plain((await chat_of(outside, user)).messages[before:])
    assert t("en", "help-text")[:20] not in said


async def test_a_flood_is_answered_within_its_quota_and_told_once(outside: Outside, settings: BotSettings) -> None:
    """durability 3: what is over the quota is counted and not handled; another parent waits for none of it."""
    async with running(settings.model_copy(update={"bot_updates_at_once": 5, "bot_updates_a_second": 0.001})):
        user, other = await outside.user(), await outside.user()
        for _ in range(10):
            await outside.say(user, "How is she?", wait_s=0)
        for _ in range(40):
            await outside.say(user, "/help", wait_s=0)
        assert plain(await outside.say(other, "/help"))

        async def is_told() -> bool:
            return t("en", "inbox-too-fast") in plain((await chat_of(outside, user)).messages)

        await until(is_told)
        await until(all_ended)
        from_bot = [m for m in (await chat_of(outside, user)).messages if m["from"]["is_bot"]]
        greeted = 5 + 10
        assert len(from_bot) == greeted + 1
        assert_emptied(await inbox())


@pytest.mark.own_databases
async def test_an_update_that_the_database_refuses_holds_up_no_other(outside: Outside, bot: Container) -> None:
    async with get_session() as session:
        await session.execute(
            text(
                "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                " IF NEW.content LIKE '%refused%' THEN RAISE EXCEPTION 'no' USING ERRCODE = '22000'; END IF;"
                " RETURN NEW; END $$"
            )
        )
        await session.execute(
            text("CREATE TRIGGER refuse BEFORE INSERT ON inbox FOR EACH ROW EXECUTE FUNCTION refuse()")
        )
    user, other = await outside.user(), await outside.user()
    sent = [outside.say(user, words, wait_s=0) for words in ("/help", "refused", "/help", "/help")]
    await asyncio.gather(*sent)
    assert plain(await outside.say(other, "/help"))
    await until(all_ended)
    assert len(await inbox()) == 4


async def test_what_a_dead_process_left_is_handled_at_the_next_start(outside: Outside, settings: BotSettings) -> None:
    async with running(settings) as first:
        user = await outside.user()
        await outside.say(user, "/help")
        bot_id = first.bot.id
    update = {
        "update_id": 5,
        "message": {
            "message_id": 1, "date": 1_800_000_000, "text": "/terms",
            "chat": {"id": user, "type": "private", "first_name": "P"},
            "from": {"id": user, "is_bot": False, "first_name": "P", "language_code": "en"},
        },
    }  # fmt: skip
    mentorium_db.configure(settings.database_dsn)
    async with get_session() as session:
        await session.execute(
            text(
                "INSERT INTO inbox (bot_id, update_id, lane, status, chat_id, user_telegram_id, kind, content, owner,"
                " lease_until, tries) VALUES (:bot, 5, 2, 'taken', :user, :user, 'message', :content, 'dead:1:1',"
                " now() - interval '1 minute', 1), (:bot, 6, 2, 'taken', 77, 77, 'message', :content, 'dead:1:1',"
                " now() - interval '1 minute', 3)"
            ),
            {"bot": bot_id, "user": user, "content": json.dumps(update)},
        )
    before = len((await chat_of(outside, user)).messages)
    async with running(settings):

        async def is_answered() -> bool:
            return len((await chat_of(outside, user)).messages) > before

        await until(is_answered)

        async def third_death_is_set_aside() -> bool:
            return [row["status"] for row in await inbox() if row["update_id"] == 6] == ["set_aside"]

        await until(third_death_is_set_aside)
        async with get_session() as session:
            events = await session.scalar(text("SELECT count(*) FROM event_logs WHERE event_name = 'update_set_aside'"))
        assert events == 1
