"""A small bot on python-telegram-bot. It knows nothing of the sandbox but an address.

Its twin on grammY is `grammy/bot.mjs`; both answer the same commands with the same words, and
`test_foreign_clients.py` talks to both.
"""

from __future__ import annotations

import asyncio
import base64
import os
from collections.abc import Awaitable, Callable
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    LabeledPrice,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    Update,
)
from telegram.error import RetryAfter, TelegramError
from telegram.ext import Application, CallbackQueryHandler, CommandHandler, ContextTypes, MessageHandler, filters

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
)
Context = ContextTypes.DEFAULT_TYPE


def _message(update: Update) -> Any:
    assert update.effective_message is not None
    return update.effective_message


async def refuse(update: Update, _: Context) -> None:
    await _message(update).reply_text("came again")


async def html(update: Update, _: Context) -> None:
    await _message(update).reply_html(
        '<b>bold</b> <i>it<u>al</u>ic</i> <a href="https://example.uz/a?b=1&amp;c=2">link</a> <code>a &lt; b</code>'
    )


async def markdown(update: Update, _: Context) -> None:
    await _message(update).reply_markdown_v2("*bold* _italic_ ||hidden|| `code` 1\\.5")


async def keyboard(update: Update, _: Context) -> None:
    rows = [
        [InlineKeyboardButton("One", callback_data="one"), InlineKeyboardButton("Two", callback_data="two")],
        [InlineKeyboardButton("Site", url="https://example.uz/")],
    ]
    await _message(update).reply_text("choose", reply_markup=InlineKeyboardMarkup(rows))


async def contact(update: Update, _: Context) -> None:
    button = KeyboardButton("Share", request_contact=True)
    markup = ReplyKeyboardMarkup([[button]], resize_keyboard=True, one_time_keyboard=True)
    await _message(update).reply_text("your number?", reply_markup=markup)


async def shared(update: Update, _: Context) -> None:
    message = _message(update)
    own = str(message.contact.user_id == message.from_user.id).lower()
    await message.reply_text(f"number {message.contact.phone_number} own {own}", reply_markup=ReplyKeyboardRemove())


async def pressed(update: Update, _: Context) -> None:
    query = update.callback_query
    assert query is not None
    if query.data == "one":
        await query.answer("One it is", show_alert=True)
        again = InlineKeyboardMarkup([[InlineKeyboardButton("Again", callback_data="two")]])
        await query.edit_message_text("chosen: one", reply_markup=again)
    else:
        await query.answer()


async def delete(update: Update, _: Context) -> None:
    doomed = await _message(update).reply_text("doomed")
    await doomed.delete()
    await _message(update).reply_text(f"deleted {doomed.message_id}")


async def photo(update: Update, _: Context) -> None:
    await _message(update).reply_photo(PIXEL, caption="one pixel", filename="pixel.png")


async def got_photo(update: Update, _: Context) -> None:
    largest = _message(update).photo[-1]
    data = await (await largest.get_file()).download_as_bytearray()
    await _message(update).reply_text(f"photo {largest.width}x{largest.height} of {len(data)} bytes")


async def draft(update: Update, context: Context) -> None:
    chat_id = _message(update).chat_id
    await context.bot.send_message_draft(chat_id, 7, "thin")
    await context.bot.send_message_draft(chat_id, 7, "thinking")
    await _message(update).reply_text("thought")


async def invoice(update: Update, context: Context) -> None:
    prices = [LabeledPrice("Month", 250)]
    await context.bot.send_invoice(
        _message(update).chat_id, "Monthly", "One month of reports", "order-1", "XTR", prices, provider_token=""
    )


async def flood(update: Update, _: Context) -> None:
    error = await refusal(_message(update).reply_chat_action("typing"))
    assert isinstance(error, RetryAfter)
    seconds = int(error._retry_after.total_seconds())
    await _message(update).reply_text(f"429 Too Many Requests: retry after {seconds} {seconds}")


async def wrong(update: Update, context: Context) -> None:
    bot, chat_id = context.bot, _message(update).chat_id
    sent = await _message(update).reply_text("same")
    too_long = InlineKeyboardMarkup([[InlineKeyboardButton("x", callback_data="d" * 65)]])
    errors = [
        await refusal(sent.edit_text("same")),
        await refusal(bot.send_message(chat_id, "x" * 4097)),
        await refusal(bot.send_message(1, "nobody")),
        await refusal(bot.delete_message(chat_id, 999_999_999)),
        await refusal(bot.edit_message_text("gone", chat_id, 999_999_999)),
        await refusal(bot.send_message(chat_id, "<b>open", parse_mode="HTML")),
        await refusal(bot.send_message(chat_id, "data", reply_markup=too_long)),
        await refusal(bot.answer_callback_query("1")),
    ]
    await _message(update).reply_text("\n".join(error.message for error in errors))


async def refusal(call: Awaitable[object]) -> TelegramError:
    """The error with which Telegram refuses the call."""
    try:
        await call
    except TelegramError as error:
        return error
    raise AssertionError("Telegram took what it should refuse")


def build() -> Application[Any, Any, Any, Any, Any, Any]:
    root = os.environ["API_ROOT"]
    builder = Application.builder().token(os.environ["TOKEN"]).base_url(f"{root}/bot")
    builder = builder.base_file_url(f"{root}/file/bot")
    if os.environ["MODE"] == "webhook":
        builder.updater(None)
    application = builder.build()
    commands: dict[str, Callable[[Update, Context], Awaitable[None]]] = {
        "refuse": refuse,
        "html": html,
        "markdown": markdown,
        "keyboard": keyboard,
        "contact": contact,
        "delete": delete,
        "photo": photo,
        "draft": draft,
        "invoice": invoice,
        "flood": flood,
        "wrong": wrong,
    }
    for name, handler in commands.items():
        application.add_handler(CommandHandler(name, handler))  # type: ignore[arg-type]
    application.add_handler(CallbackQueryHandler(pressed))
    application.add_handler(MessageHandler(filters.CONTACT, shared))
    application.add_handler(MessageHandler(filters.PHOTO, got_photo))
    return application


async def serve_webhook(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """python-telegram-bot behind somebody's web framework, as its documentation shows it."""
    port, secret = int(os.environ["PORT"]), os.environ["SECRET"]
    refusals = iter([True])

    async def hook(request: Request) -> Response:
        if request.headers.get("X-Telegram-Bot-Api-Secret-Token") != secret:
            return Response(status_code=401)
        data = await request.json()
        if data.get("message", {}).get("text") == "/refuse" and next(refusals, False):
            return Response(status_code=500)
        await application.update_queue.put(Update.de_json(data, application.bot))
        return Response()

    app = Starlette(routes=[Route("/hook", hook, methods=["POST"])])
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning"))
    async with application:
        await application.start()
        serving = asyncio.create_task(server.serve())
        await application.bot.set_webhook(f"http://127.0.0.1:{port}/hook", secret_token=secret, max_connections=10)
        print("ready", flush=True)
        await serving
        await application.stop()


async def _say_ready(_: object) -> None:
    print("ready", flush=True)


if __name__ == "__main__":
    application = build()
    if os.environ["MODE"] == "webhook":
        asyncio.run(serve_webhook(application))
    else:
        application.post_init = _say_ready
        application.run_polling(timeout=5)
