"""The floor of `updates.py`: a bare aiogram bot that answers a press with the same two calls, and knows nobody."""

from __future__ import annotations

import asyncio
import os

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import CallbackQuery

dispatcher = Dispatcher()


@dispatcher.callback_query()
async def echo(query: CallbackQuery) -> None:
    await query.answer()
    await query.bot.send_message(query.from_user.id, f"You pressed {query.data}.")  # type: ignore[union-attr]


async def main() -> None:
    session = AiohttpSession(api=TelegramAPIServer.from_base(os.environ["BOT_TELEGRAM_API_URL"]))
    async with Bot(os.environ["BOT_TELEGRAM_TOKEN"], session=session) as bot:
        await dispatcher.start_polling(bot, handle_signals=False)


if __name__ == "__main__":
    asyncio.run(main())
