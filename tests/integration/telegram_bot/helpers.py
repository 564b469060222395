"""What several tests of the bot ask of its database and of the chat."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

from sqlalchemy import text

import mentorium_db
from mentorium_core.billing.commands import GrantSubscription
from mentorium_domain.enums import Tariff
from mentorium_sandbox.client import Chat
from tests.fixtures.patience import HANGS_AFTER_S
from tests.integration.telegram_bot.conftest import Outside


def plain(messages: list[Any]) -> str:
    return "\n".join(message.get("text_plain") or "" for message in messages)


async def subscribed_parent(outside: Outside, name: str = "Aziz", **guardian: str) -> int:
    user = await outside.user()
    await outside.register(user, (await outside.child(name, **guardian)).link_code)
    await GrantSubscription()(user, Tariff.MONTHLY, "test", "test", request_key=uuid4().hex)
    return user


async def until(condition: Callable[[], Awaitable[object]]) -> None:
    """Ask the outside world again and again until it is so."""
    async with asyncio.timeout(HANGS_AFTER_S):
        while not await condition():
            await asyncio.sleep(0.05)


async def chat_of(outside: Outside, user: int) -> Chat:
    return await outside.parent(user).chat()


async def settled(user: int) -> bool:
    """Nothing of what they have asked is being answered or delivered."""
    return all(status not in ("pending", "answering", "written") for status, _ in await dialog_rows(user))


async def dialog_rows(user: int) -> list[Any]:
    async with mentorium_db.get_session() as session:
        found = await session.execute(
            text("SELECT status, user_message FROM dialogs WHERE parent_telegram_id = :user ORDER BY id"),
            {"user": user},
        )
        return [tuple(row) for row in found]
