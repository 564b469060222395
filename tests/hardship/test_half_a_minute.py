"""A server fails in one way for half a minute: everyone hears a word, and all comes back alone.

`HARDSHIP_LONG=1` tries every way of every server that the sandbox can make fail; else one, for a few seconds.
"""

from __future__ import annotations

import asyncio
from typing import Final

import pytest

from mentorium_core.i18n import t
from mentorium_sandbox.client import FakeParent
from tests.e2e.sandbox import Sandbox
from tests.fixtures.long_form import LONG
from tests.hardship.conftest import A_WORD_WITHIN_S, from_bot, registered, seconds_until

AWAY_S: Final = 30.0 if LONG else 3.0
LINE: Final = ("down", "timeout", "drop_response", "slow")
HTTP: Final = ("down", "timeout", "status_429", "status_500", "drop_response", "slow")
EVERY: Final = {
    "bot_db": (*LINE, "read_only", "commit_lost"),
    "platform_db": (*LINE, "read_only"),
    "redis": LINE,
    "openai": (*HTTP, "stream_cut", "corrupt_chunk", "stall", "quota"),
    "smtp": HTTP,
}
"""Telegram itself is not among them: who should hear then, and by what?"""
CUTS: Final = [(server, way) for server, ways in EVERY.items() for way in ways] if LONG else [("bot_db", "slow")]
QUESTION: Final = "How did the last week go?"


@pytest.mark.parametrize(("server", "way"), CUTS)
async def test_everyone_hears_a_word_and_all_comes_back_alone(sandbox: Sandbox, server: str, way: str) -> None:
    """durability 9; operators A2, A5"""
    parents = [await registered(sandbox) for _ in range(3)]
    before = [len(await from_bot(parent)) for parent in parents]
    clock = asyncio.get_running_loop()
    async with sandbox.fault(server, way):
        ends = clock.time() + AWAY_S
        for parent, words in zip(parents, (QUESTION, "/children", "/help"), strict=True):
            await parent.say(words, wait_s=0)

        async def all_have_heard() -> bool:
            return all([await has_heard(parent, known) for parent, known in zip(parents, before, strict=True)])

        assert await seconds_until(all_have_heard) < A_WORD_WITHIN_S
        await asyncio.sleep(max(ends - clock.time(), 0))
    for parent, known, words in zip(parents[:2], before, (QUESTION, "/children"), strict=False):
        await is_served(parent, known, words)
    assert [(await from_bot(parent)).count(t("en", "error-unexpected")) for parent in parents] == [0, 0, 0]


async def has_heard(parent: FakeParent, known: int) -> bool:
    return bool((await parent.chat()).drafts) or len(await from_bot(parent)) > known


async def is_served(parent: FakeParent, known: int, words: str) -> None:
    """By itself, once; where the bot has asked to try again, by trying again."""

    async def is_settled() -> bool:
        said = (await from_bot(parent))[known:]
        return any("Kamron" in one for one in said) or t("en", "error-unavailable") in said

    await seconds_until(is_settled, most=60)
    said = (await from_bot(parent))[known:]
    if not any("Kamron" in one for one in said):

        async def is_answered() -> bool:
            await parent.say(words, wait_s=20)
            return any("Kamron" in one for one in (await from_bot(parent))[known:])

        await seconds_until(is_answered, most=60)
    assert sum("Kamron" in one for one in (await from_bot(parent))[known:]) == 1, "and no more than once"
