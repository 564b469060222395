"""When the outside world fails, the parent reads a kind sentence, and service comes back by itself."""

from __future__ import annotations

import asyncio

import pytest

from mentorium_sandbox.client import FakeParent, callback_buttons, plain_text
from tests.e2e.sandbox import Sandbox

QUESTION = {"uz": "Oʻtgan hafta oʻqish qanday oʻtdi?", "ru": "Как прошла прошлая неделя?", "en": "How was last week?"}
LATER = {"uz": "birozdan keyin", "ru": "позже", "en": "later"}


async def _registered(sandbox: Sandbox, language: str = "en") -> FakeParent:
    parent = await sandbox.parent(language)
    await parent.register(await sandbox.child("Kamron", "Sobirov"))
    return parent


@pytest.mark.parametrize("language", sorted(QUESTION))
async def test_openai_down_and_back(sandbox: Sandbox, language: str) -> None:
    parent = await _registered(sandbox, language)
    async with sandbox.fault("openai", "down"):
        from_data = plain_text(await parent.say(QUESTION[language], wait_s=35))
        assert "Kamron" in from_data
        assert LATER[language] in from_data.lower(), from_data
    answer = plain_text(await parent.say(QUESTION[language]))
    assert "Kamron" in answer
    assert LATER[language] not in answer.lower()
    rows = await sandbox.rows("SELECT status FROM dialogs WHERE parent_telegram_id = $1 ORDER BY id", parent.id)
    assert [row["status"] for row in rows] == ["answered", "answered"]


@pytest.mark.parametrize("kind", ["stream_cut", "corrupt_chunk", "status_429", "status_500"])
async def test_a_broken_answer_is_made_again_and_arrives_once(sandbox: Sandbox, kind: str) -> None:
    parent = await _registered(sandbox)
    async with sandbox.fault("openai", kind, times=1, retry_after=1):
        replies = await parent.say(QUESTION["en"], wait_s=35)
    assert len(replies) == 1
    assert "Kamron" in plain_text(replies)
    assert plain_text(replies).count("Kamron") < 6


async def test_telegram_says_slow_down_and_the_answer_arrives_once(sandbox: Sandbox) -> None:
    parent = await _registered(sandbox)
    async with sandbox.fault("telegram", "status_429", match="sendMessage", times=2, retry_after=1):
        replies = await parent.say(QUESTION["en"], wait_s=35)
    assert len(replies) == 1
    assert "Kamron" in plain_text(replies)


async def test_an_update_that_comes_again_is_handled_once(sandbox: Sandbox) -> None:
    parent = await _registered(sandbox)
    before = len(await parent.messages())
    update = {
        "update_id": 2_000_000_001,
        "message": {
            "message_id": 900_001,
            "date": 1_800_000_000,
            "chat": {"id": parent.id, "type": "private", "first_name": "P"},
            "from": {"id": parent.id, "is_bot": False, "first_name": "P", "language_code": "en"},
            "text": "/help",
            "entities": [{"type": "bot_command", "offset": 0, "length": 5}],
        },
    }
    await sandbox.call("POST", "updates", update)
    await sandbox.call("POST", "updates", {"repeat": 2_000_000_001})
    await parent.say("/language")
    helps = [m for m in (await parent.messages())[before:] if m["from"]["is_bot"]]
    assert len(helps) == 2, "one answer to /help, one to /language"


async def test_without_redis_a_known_parent_is_served_and_a_stranger_gets_a_sentence(sandbox: Sandbox) -> None:
    """durability 9, operators A5"""
    parent, stranger = await _registered(sandbox), await sandbox.parent("en")
    async with sandbox.fault("redis", "down"):
        assert "Kamron" in plain_text(await parent.say("/children"))
        assert "Kamron" in plain_text(await parent.say(QUESTION["en"]))
        asked = await parent.say("/report")
        assert len(asked) == 1
        assert "Kamron" in plain_text((await parent.press("report:week")).replies)
        assert "Registration is not working right now" in plain_text(await stranger.say("/start"))
    async with asyncio.timeout(20):
        while "language" not in plain_text(await stranger.say("/start")).lower():
            await asyncio.sleep(1)


async def test_a_reply_whose_answer_is_lost_is_no_fault_of_ours(sandbox: Sandbox) -> None:
    """inputs J"""
    parent = await _registered(sandbox)
    async with sandbox.fault("telegram", "drop_response", match="sendMessage", times=1):
        replies = await parent.say("/children")
    await parent.say("/help")
    assert len(replies) == 1
    assert "Kamron" in plain_text(replies)
    assert "unexpected" not in plain_text(parent.last).lower()
    events = await sandbox.rows("SELECT event_name FROM event_logs WHERE user_telegram_id = $1", parent.id)
    assert "handler_failed" not in {row["event_name"] for row in events}


async def test_paying_does_not_wait_for_a_platform_that_hangs(sandbox: Sandbox) -> None:
    parent = await _registered(sandbox)
    await parent.say("/subscribe")
    async with sandbox.fault("platform_db", "timeout"):
        (choice,) = (await parent.press("tariff:monthly", wait_s=10)).replies
    assert "pay:stars:monthly" in str(callback_buttons(choice))
