"""What a parent is called in Telegram: names that no model is told, though the platform does not know them."""

from __future__ import annotations

from aiogram import Bot
from aiogram.types import ChatFullInfo, User


def telegram_names(person: User | ChatFullInfo | None) -> tuple[str, ...]:
    """The full name and the user name, of those that there are."""
    if person is None:
        return ()
    return tuple(name for name in (person.full_name, person.username) if name)


async def read_telegram_names(bot: Bot, chat_id: int) -> tuple[str, ...]:
    """The same of whose private chat this is: asked where the update that told them is gone. TelegramError."""
    return telegram_names(await bot.get_chat(chat_id))
