"""What is said before any handler: to whoever writes while updates cannot be stored, or writes too much."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from aiogram import Bot

from mentorium_core.i18n import guess_language, t
from mentorium_domain.enums import Language
from mentorium_gateways.telegram import TelegramError
from mentorium_kit.nursery import Nursery
from mentorium_observability import get_logger

_MOST_TOLD: Final = 10_000
CHECKOUT: Final = "pre_checkout_query"
WRITTEN: Final = ("message", "edited_message")

logger = get_logger(__name__)


class Notices:
    """Each is said once: to a chat in an outage, to a person who is over the quota. Nothing is stored of it.

    What cannot be said costs nothing else; the update is dealt with all the same.
    """

    def __init__(self, bot: Bot, nursery: Nursery) -> None:
        self._bot = bot
        self._nursery = nursery
        self._told: set[int | str] = set()

    def outage(self, raw: Mapping[str, Any]) -> None:
        """It has arrived and will be answered; a payment that is about to be made is turned down in words."""
        if isinstance(checkout := raw.get(CHECKOUT), dict):
            self._turn_down(checkout)
            return
        content = written(raw)
        chat_id = private_chat(content)
        if content is not None and chat_id is not None:
            self.will_be_answered(chat_id, language_of(content))

    def will_be_answered(self, chat_id: int, language: Language) -> None:
        """Once an outage: the message is here and will be answered by itself."""
        if chat_id in self._told or len(self._told) >= _MOST_TOLD:
            return
        self._told.add(chat_id)
        self._nursery.start(self._say(chat_id, t(language, "inbox-kept")), name="outage-notice", fresh_context=True)

    def outage_is_over(self) -> None:
        """Whoever writes in the next one is told again."""
        self._told.clear()

    def too_fast(self, raw: Mapping[str, Any]) -> None:
        """The kind sentence for somebody who is over the quota."""
        query = raw.get("callback_query")
        content = written(raw)
        if isinstance(query, dict):
            work = self._answer_press(str(query.get("id")), t(language_of(query), "inbox-too-fast"))
        elif content is not None and (chat_id := private_chat(content)) is not None:
            work = self._say(chat_id, t(language_of(content), "inbox-too-fast"))
        else:
            return
        self._nursery.start(work, name="quota-notice", fresh_context=True)

    def _turn_down(self, checkout: Mapping[str, Any]) -> None:
        query_id = str(checkout.get("id"))
        if query_id in self._told:
            return
        self._told.add(query_id)
        self._nursery.start(
            self._refuse_checkout(query_id, t(language_of(checkout), "inbox-checkout-not-now")),
            name="turn-down-checkout",
            fresh_context=True,
        )

    async def _say(self, chat_id: int, text: str) -> None:
        try:
            await self._bot.send_message(chat_id, text)
        except TelegramError as error:
            logger.info("notice_not_sent", reason=type(error).__name__)

    async def _answer_press(self, query_id: str, text: str) -> None:
        try:
            await self._bot.answer_callback_query(query_id, text, show_alert=True)
        except TelegramError as error:
            logger.info("notice_not_sent", reason=type(error).__name__)

    async def _refuse_checkout(self, query_id: str, text: str) -> None:
        try:
            await self._bot.answer_pre_checkout_query(query_id, ok=False, error_message=text)
        except TelegramError as error:
            logger.warning("checkout_not_turned_down", reason=type(error).__name__)


def written(raw: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The message, or what was pressed: something that waits for an answer."""
    for kind in (*WRITTEN, "callback_query"):
        if isinstance(content := raw.get(kind), dict):
            return content
    return None


def private_chat(content: Mapping[str, Any] | None) -> int | None:
    """The id of the private chat it came from."""
    message = content.get("message") if content else None
    chat = (message if isinstance(message, dict) else content or {}).get("chat")
    if not isinstance(chat, dict) or chat.get("type") != "private" or not isinstance(chat.get("id"), int):
        return None
    return int(chat["id"])


def language_of(content: Mapping[str, Any]) -> Language:
    """A guess, from what the person's Telegram speaks."""
    sender = content.get("from")
    code = sender.get("language_code") if isinstance(sender, dict) else None
    return guess_language(code if isinstance(code, str) else None)
