"""The floor of `first_piece.py`: a bare aiogram bot that streams a model's answer into drafts, and knows nobody."""

from __future__ import annotations

import asyncio
import os
import time

from aiogram import Bot, Dispatcher, F
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import Message
from openai import AsyncOpenAI, DefaultAioHttpClient
from openai.types.chat import ChatCompletionMessageParam

_FRAME_S = 0.6  # as often as the real bot shows a draft

dispatcher = Dispatcher()
model = AsyncOpenAI(max_retries=0, http_client=DefaultAioHttpClient())


@dispatcher.message(F.text, ~F.text.startswith("/"))
async def answer(message: Message, bot: Bot) -> None:
    text, shown_at = "", 0.0
    asked: list[ChatCompletionMessageParam] = [{"role": "user", "content": message.text or ""}]
    async for chunk in await model.chat.completions.create(model="gpt-6-luna", messages=asked, stream=True):
        text += chunk.choices[0].delta.content or ""
        if text and time.monotonic() - shown_at >= _FRAME_S:
            await bot.send_message_draft(message.chat.id, message.message_id, text=text)
            shown_at = time.monotonic()
    await bot.send_message(message.chat.id, text)


async def main() -> None:
    session = AiohttpSession(api=TelegramAPIServer.from_base(os.environ["BOT_TELEGRAM_API_URL"]))
    async with Bot(os.environ["BOT_TELEGRAM_TOKEN"], session=session) as bot:
        await dispatcher.start_polling(bot, handle_signals=False)


if __name__ == "__main__":
    asyncio.run(main())
