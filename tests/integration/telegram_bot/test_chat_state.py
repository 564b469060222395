"""Whom the bot can reach: it hears of a block as an update or as a refusal, and of a return by any word."""

from __future__ import annotations

import pytest

from mentorium_bot.container import Container
from mentorium_core.identity.queries import find_parent
from mentorium_gateways.telegram import ChatClosedError
from tests.integration.telegram_bot.conftest import Outside
from tests.integration.telegram_bot.helpers import until


async def reachable(user: int) -> bool:
    parent = await find_parent(user)
    assert parent is not None
    return parent.reachable


async def a_parent(outside: Outside) -> int:
    user = await outside.user()
    await outside.register(user, (await outside.child("Aziz")).link_code)
    return user


async def test_a_block_is_heard_of_and_a_return_too(outside: Outside, bot: Container) -> None:
    user = await a_parent(outside)
    assert await reachable(user)
    await outside.parent(user).block()
    await until(lambda: _is(user, False))
    await outside.parent(user).unblock()
    await until(lambda: _is(user, True))


async def test_a_refusal_tells_the_same(outside: Outside, bot: Container) -> None:
    user = await a_parent(outside)
    conversation = outside.world.conversation(outside.world.bot(), user)
    assert conversation is not None
    conversation.blocked = True
    with pytest.raises(ChatClosedError):
        await bot.bot.send_message(user, "Are you there?")
    assert not await reachable(user)
    conversation.blocked = False
    await outside.say(user, "/help")
    assert await reachable(user)


async def _is(user: int, wanted: bool) -> bool:
    return await reachable(user) is wanted
