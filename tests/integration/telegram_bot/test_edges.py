"""What comes from outside a parent's own chat, or cannot be read: a clear answer, and nothing of anybody's data."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from mentorium_bot.config import BotSettings
from mentorium_bot.container import Container
from mentorium_core.i18n import t
from mentorium_db import get_session
from mentorium_sandbox.telegram.raw_updates import put_raw_update
from tests.integration.telegram_bot.conftest import Outside, running
from tests.integration.telegram_bot.helpers import chat_of, plain, subscribed_parent, until

OF_ITS_OWN_ACCORD = {"getUpdates", "getMe", "setMyCommands"}


async def delivered(outside: Outside, update: dict[str, Any], *, too_late: bool = False) -> list[Any]:
    """The Bot API calls that were made about a raw update; `too_late` for Telegram to take an answer to its button."""
    world = outside.world
    seen = await outside.sandbox.last_bot_call()
    put_raw_update(world, world.bot(), update)
    if too_late:
        world.bot().callbacks.clear()

    async def handled() -> bool:
        if len(world.bot().queue):
            return False
        async with get_session() as session:
            return not await session.scalar(text("SELECT count(*) FROM inbox WHERE status <> 'ended'"))

    await until(handled)
    made = await outside.sandbox.bot_calls(after=seen)
    return [call for call in made if call["method"] not in OF_ITS_OWN_ACCORD]


def person(user: int, language: str = "en") -> dict[str, Any]:
    return {"id": user, "is_bot": False, "first_name": "Parent", "language_code": language}


def written(user: int, **content: Any) -> dict[str, Any]:
    chat = {"id": user, "type": "private", "first_name": "Parent"}
    return {"message": {"message_id": 10, "date": 1_800_000_000, "from": person(user), "chat": chat, **content}}


@pytest.mark.parametrize("chat", [{"id": -77, "type": "group", "title": "Class 7"}, {"id": -100, "type": "channel"}])
async def test_a_group_is_left_with_a_kind_word(outside: Outside, bot: Container, chat: dict[str, Any]) -> None:
    me = {"id": 700123456, "is_bot": True, "first_name": "Bot"}
    changed = {"old_chat_member": {"user": me, "status": "left"}, "new_chat_member": {"user": me, "status": "member"}}
    said, left = await delivered(
        outside, {"my_chat_member": {"chat": chat, "from": person(11), "date": 1_800_000_000, **changed}}
    )
    assert said["params"]["text"] == t("en", "fallback-group")
    assert (left["method"], int(left["params"]["chat_id"])) == ("leaveChat", chat["id"])


async def test_nothing_is_said_in_a_group(outside: Outside, bot: Container) -> None:
    user = await subscribed_parent(outside)
    group = {"id": -77, "type": "supergroup", "title": "Class 7"}
    for words in ("How did studying go last week?", "/report", "/export"):
        assert await delivered(outside, written(user, text=words, chat=group)) == []


@pytest.mark.parametrize("where", [{"inline_message_id": "x"}, {"message": {"chat": {"id": -77, "type": "group"}}}])
async def test_a_button_outside_the_private_chat_only_stops_spinning(
    outside: Outside, bot: Container, where: dict[str, Any]
) -> None:
    user = await subscribed_parent(outside)
    if "message" in where:
        where = {"message": {"message_id": 5, "date": 0, **where["message"]}}
    press = {"id": "4711", "from": person(user), "chat_instance": "1", "data": "report:week", **where}
    (answer,) = await delivered(outside, {"callback_query": press})
    assert answer["method"] == "answerCallbackQuery"
    assert answer["params"]["text"] == t("en", "fallback-button")


async def test_a_button_on_a_message_too_old_to_see_still_works(outside: Outside, bot: Container) -> None:
    user = await subscribed_parent(outside)
    message = {"message_id": 5, "date": 0, "chat": {"id": user, "type": "private", "first_name": "P"}}
    press = {"id": "4712", "from": person(user), "chat_instance": "1", "data": "tariff:annual", "message": message}
    calls = await delivered(outside, {"callback_query": press})
    assert [call["method"] for call in calls] == ["sendMessage", "answerCallbackQuery"]


@pytest.mark.parametrize(
    "content",
    [{"text": "half a sign \ud800"}, {"text": {"not": "a text"}}, {"text": "hi", "from": None}, {"date": "yesterday"}],
)
async def test_what_cannot_be_read_is_asked_for_again(
    outside: Outside, bot: Container, content: dict[str, Any]
) -> None:
    user = await outside.user()
    (said,) = await delivered(outside, written(user, **content))
    language = "uz" if content.get("from", "") is None else "en"
    assert said["params"]["text"] == t(language, "fallback-unreadable")
    assert plain(await outside.say(user, "/help")) == t("en", "help-text")


async def test_ids_beyond_the_tables_are_nobodys(outside: Outside, bot: Container) -> None:
    (said,) = await delivered(outside, written(2**63))
    assert said["params"]["text"] == t("en", "fallback-unreadable")


@pytest.mark.parametrize(
    "content",
    [{"voice": {"file_id": "f", "file_unique_id": "u", "duration": 3}}, {"dice": {"emoji": "🎲", "value": 6}}],
)
async def test_only_text_is_understood_so_far(outside: Outside, bot: Container, content: dict[str, Any]) -> None:
    user = await subscribed_parent(outside)
    (said,) = await delivered(outside, written(user, **content))
    assert said["params"]["text"] == t("en", "fallback-not-text")


async def test_what_telegram_most_likely_never_got_is_said_when_it_is_back(outside: Outside, bot: Container) -> None:
    user = await outside.user()
    outside.faults.add("telegram", "down", match="sendMessage", times=1)
    away = await outside.sandbox.set_fault("telegram", "down", match="getMe")
    await outside.say(user, "/help", wait_s=0)

    async def is_kept() -> bool:
        async with get_session() as session:
            reasons = await session.scalars(text("SELECT reason FROM inbox WHERE status = 'waiting'"))
            return reasons.all() == ["telegram_answer_lost"]

    await until(is_kept)
    await outside.sandbox.clear_fault(away)

    async def is_said() -> bool:
        return t("en", "help-text") in plain((await chat_of(outside, user)).messages)

    await until(is_said)


async def test_an_apology_that_telegram_did_not_take_is_not_the_end(outside: Outside, settings: BotSettings) -> None:
    async with running(settings):
        user = await subscribed_parent(outside)
    nowhere = settings.model_copy(update={"platform_db_url": SecretStr("postgresql://a:b@127.0.0.1:1/x")})
    async with running(nowhere):
        outside.faults.add("telegram", "down", match="sendMessage", times=1)
        await outside.say(user, "/children", wait_s=0)

        async def is_said() -> bool:
            return t("en", "error-unavailable") in plain((await chat_of(outside, user)).messages)

        await until(is_said)


PAYMENT = {
    "currency": "XTR",
    "total_amount": 1,
    "invoice_payload": "p",
    "telegram_payment_charge_id": "c",
    "provider_payment_charge_id": "",
}


async def becomes(outside: Outside, update: dict[str, Any], status: str) -> None:
    """Deliver a raw update; returns when it has this state and nothing is in hand."""
    put_raw_update(outside.world, outside.world.bot(), update)

    async def has() -> bool:
        async with get_session() as session:
            found = await session.scalars(text("SELECT status FROM inbox WHERE status <> 'ended'"))
            return found.all() == [status]

    await until(has)


@pytest.mark.parametrize("what", ["successful_payment", "refunded_payment"])
@pytest.mark.parametrize("registered", [True, False])
async def test_no_other_handler_takes_a_payment(
    outside: Outside, bot: Container, what: str, *, registered: bool
) -> None:
    user = await subscribed_parent(outside) if registered else await outside.user()
    assert await delivered(outside, written(user, **{what: PAYMENT})) == []


async def test_a_payment_that_cannot_be_read_is_set_aside(outside: Outside, bot: Container) -> None:
    user = await subscribed_parent(outside)
    await becomes(outside, written(user, successful_payment="odd"), "set_aside")


async def test_an_edited_question_is_not_answered_twice(outside: Outside, bot: Container) -> None:
    user = await subscribed_parent(outside)
    edited = written(user, text="How was last week?", edit_date=1_800_000_100)["message"]
    (said,) = await delivered(outside, {"edited_message": edited})
    assert said["params"]["text"] == t("en", "fallback-edited")


@pytest.mark.parametrize("payload", ["inv_", "inv_" + "A" * 60, "x" * 64, "_", "-" * 47, "AQAAAA", "inv_%00", "привет"])
async def test_rubbish_in_a_link_is_refused_and_one_may_go_on(outside: Outside, bot: Container, payload: str) -> None:
    user = await outside.user()
    said = await outside.say(user, f"/start {payload}")
    assert len(said) == 2, "why not, and the first question of registration"
    assert "language" in plain(said)


async def pressed_long_ago(outside: Outside, user: int, data: str) -> list[Any]:
    """The calls about a press whose answer comes too late."""
    message = {"message_id": 5, "date": 0, "chat": {"id": user, "type": "private", "first_name": "P"}}
    press = {"id": "4713", "from": person(user), "chat_instance": "1", "data": data, "message": message}
    calls = await delivered(outside, {"callback_query": press}, too_late=True)
    assert [call["status"] for call in calls if call["method"] == "answerCallbackQuery"][:1] == [400]
    return calls


@pytest.mark.parametrize(
    ("data", "methods"),
    [("tariff:annual", ["sendMessage", "answerCallbackQuery"]), ("report:year", ["answerCallbackQuery"])],
)
async def test_an_answer_that_comes_too_late_for_its_button_costs_nothing(
    outside: Outside, bot: Container, data: str, methods: list[str]
) -> None:
    user = await subscribed_parent(outside)
    assert [call["method"] for call in await pressed_long_ago(outside, user, data)] == methods


async def test_a_late_answer_does_not_hide_what_went_wrong(outside: Outside, settings: BotSettings) -> None:
    async with running(settings):
        user = await subscribed_parent(outside)
    nowhere = settings.model_copy(update={"platform_db_url": SecretStr("postgresql://a:b@127.0.0.1:1/x")})
    async with running(nowhere):
        calls = await pressed_long_ago(outside, user, "report:week")
        assert [call["params"]["text"] for call in calls if call["method"] == "sendMessage"] == [
            t("en", "error-unavailable")
        ]


async def test_a_button_stops_spinning_also_where_its_handler_fails(outside: Outside, settings: BotSettings) -> None:
    async with running(settings):
        user = await subscribed_parent(outside)
        (asked,) = await outside.say(user, "/report")
    nowhere = settings.model_copy(update={"platform_db_url": SecretStr("postgresql://a:b@127.0.0.1:1/x")})
    async with running(nowhere):
        answer = await outside.press(user, asked, "report:week")
        assert plain(answer.replies) == t("en", "error-unavailable")
        assert answer.callback_answer is not None


@pytest.mark.own_databases
async def test_a_fault_of_which_no_event_can_be_kept_is_apologised_for(outside: Outside, bot: Container) -> None:
    """operators A2: whatever the database says of the event, the parent gets a word."""
    user = await subscribed_parent(outside)
    async with get_session() as session:
        await session.execute(text("ALTER TABLE event_logs ADD CONSTRAINT ck_none CHECK (false) NOT VALID"))
    bot.dispatcher["staff_reads"] = None
    (said,) = await outside.say(user, "/terms")
    assert plain([said]) == t("en", "error-unexpected")
