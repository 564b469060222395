"""The language model, mail, Redis and the platform hang or refuse: a word in time, and all comes back alone."""

from __future__ import annotations

import asyncio
import re

import pytest

from mentorium_core.i18n import t
from mentorium_sandbox.client import FakeParent
from tests.e2e.sandbox import Sandbox
from tests.hardship.conftest import A_WORD_WITHIN_S, from_bot, registered, registration_is_back, seconds_until

QUESTION = "How did the last week go?"


@pytest.mark.parametrize("kind", ["timeout", "status_500"])
async def test_a_question_while_the_model_is_away(sandbox: Sandbox, kind: str) -> None:
    """A word within 20 s, one message, and the next question is answered when it is back."""
    parent = await registered(sandbox)
    before = len(await from_bot(parent))

    async def has_heard() -> bool:
        chat = await parent.chat()
        return bool(chat.drafts) or len(await from_bot(parent)) > before

    async with sandbox.fault("openai", kind):
        await parent.say(QUESTION, wait_s=0)
        assert await seconds_until(has_heard) < A_WORD_WITHIN_S
        await parent.say("/help", wait_s=0)
        await seconds_until(lambda: _has(parent, before + 2), most=40)
    await parent.say(QUESTION, wait_s=40)
    assert "Kamron" in (await from_bot(parent))[-1]


async def _has(parent: FakeParent, messages: int) -> bool:
    return len(await from_bot(parent)) >= messages


@pytest.mark.parametrize("kind", ["timeout", "status_500", "down"])
async def test_a_code_is_mailed_once_the_mail_server_is_back(sandbox: Sandbox, kind: str) -> None:
    """The parent reads the usual sentence at once; the letter comes by itself, once, and opens."""
    address = f"mail-{kind.replace('_', '-')}@example.uz"
    await sandbox.child("Malika", "Yusupova", email=address)
    parent = await sandbox.parent("en")
    await parent.agree()
    before = len(await from_bot(parent))
    async with sandbox.fault("smtp", kind):
        await parent.say(address, wait_s=0)
        assert await seconds_until(lambda: _has(parent, before + 1)) < A_WORD_WITHIN_S
        assert (await from_bot(parent))[-1] == t("en", "email-code-on-its-way")
        await asyncio.sleep(3)  # some tries fail
    found: list[str] = []

    async def has_come() -> bool:
        found[:] = [letter["text"] for letter in await sandbox.letters() if letter["to"] == address]
        return bool(found)

    await seconds_until(has_come, most=60)
    (code,) = re.findall(r"\b\d{6}\b", found[0])
    await parent.say(code)
    assert "Malika" in (await from_bot(parent))[-1]
    assert len([letter for letter in await sandbox.letters() if letter["to"] == address]) == 1


async def test_a_hanging_redis_delays_known_parents_by_seconds(sandbox: Sandbox) -> None:
    """durability 9: it carries conversations' steps and Telegram's rate only."""
    parent = await registered(sandbox)
    before = len(await from_bot(parent))
    async with sandbox.fault("redis", "timeout"):
        await parent.say("/help", wait_s=0)
        assert await seconds_until(lambda: _has(parent, before + 1)) < A_WORD_WITHIN_S
    await parent.say("/children")
    assert "Kamron" in (await from_bot(parent))[-1]
    await registration_is_back(sandbox)


@pytest.mark.parametrize("kind", ["down", "timeout"])
async def test_a_report_while_the_platform_is_away(sandbox: Sandbox, kind: str) -> None:
    """A sentence in time; asked for again when the platform is back, the report comes."""
    parent = await registered(sandbox)
    await parent.say("/report")
    menu = parent.last[-1]
    before = len(await from_bot(parent))
    async with sandbox.fault("platform_db", kind):
        await parent.press("report:week", message=menu, wait_s=0)
        assert await seconds_until(lambda: _has(parent, before + 1)) < A_WORD_WITHIN_S
        assert (await from_bot(parent))[-1] == t("en", "error-unavailable")

    async def is_served() -> bool:
        await parent.press("report:week", message=menu, wait_s=20)
        return "Kamron" in "".join(str(message.get("caption") or message.get("text")) for message in parent.last)

    await seconds_until(is_served, most=60)


async def test_a_clock_that_jumps_takes_no_answer_away(sandbox: Sandbox) -> None:
    """durability 17: a fortnight passes while an answer is being written; it comes once, and the bot goes on."""
    parent = await registered(sandbox)
    before = len(await from_bot(parent))
    await sandbox.script_model(chunks=["Kamron ", *["has "] * 6, "done well."], delay_ms=300, times=1)
    await parent.say(QUESTION, wait_s=0)
    await asyncio.sleep(0.8)
    await sandbox.advance_clock("P14D")

    async def is_answered() -> bool:
        return "done well" in "".join((await from_bot(parent))[before:])

    await seconds_until(is_answered, most=60)
    assert sum("done well" in said for said in (await from_bot(parent))[before:]) == 1
    await parent.say("/children")
    assert "Kamron" in (await from_bot(parent))[-1]


async def test_a_flood_under_telegrams_limits_delays_nobody_else(sandbox: Sandbox) -> None:
    """durability 3, 13: Telegram refuses this chat with 429; another's /help is answered within 2 s."""
    flooder, other = await registered(sandbox), await registered(sandbox)
    before = len(await from_bot(other))
    await sandbox.call("POST", "limits", {"telegram": True})
    try:
        for _ in range(12):
            await asyncio.gather(*(flooder.say("/help", wait_s=0) for _ in range(50)))
        await other.say("/help", wait_s=0)
        assert await seconds_until(lambda: _has(other, before + 1)) < 2.0
    finally:
        await sandbox.call("POST", "limits", {"telegram": False})
    assert t("en", "error-unavailable") not in await from_bot(flooder), "their own haste is no outage of ours"
