"""Where the bot is put into and thrown out of: only private chats are its place, and a parent may close theirs."""

from __future__ import annotations

from contextlib import suppress

from aiogram import F, Router
from aiogram.types import ChatMemberUpdated

from mentorium_bot.chat import Chat
from mentorium_bot.router_order import IndexedRouter
from mentorium_core.i18n import t
from mentorium_core.notifications.commands import mark_chat_blocked, mark_chat_open
from mentorium_core.notifications.offers import offer_missed_reports
from mentorium_domain.enums import Language
from mentorium_gateways.telegram import TelegramError
from mentorium_observability import get_logger

logger = get_logger(__name__)


def router() -> Router:
    routes = IndexedRouter(name="membership")
    status = F.new_chat_member.status
    private = F.chat.type == "private"
    routes.my_chat_member.register(leave_group, ~private, status.in_({"member", "administrator", "restricted"}))
    routes.my_chat_member.register(close, private, status.in_({"kicked", "left"}))
    routes.my_chat_member.register(reopen, private, status == "member")
    routes.my_chat_member.register(note)
    return routes


async def leave_group(_: ChatMemberUpdated, chat: Chat, language: Language) -> None:
    with suppress(TelegramError):  # one may not speak in every group or channel
        await chat.say(t(language, "fallback-group"))
    with suppress(TelegramError):  # or is no longer in it
        await chat.bot.leave_chat(chat.id)
    logger.info("group_left")


async def close(event: ChatMemberUpdated) -> None:
    await mark_chat_blocked(event.chat.id)


async def reopen(event: ChatMemberUpdated) -> None:
    await mark_chat_open(event.chat.id)
    await offer_missed_reports(event.chat.id, away=True)


async def note(event: ChatMemberUpdated) -> None:
    logger.info("membership_changed", chat_type=event.chat.type, status=event.new_chat_member.status)
