"""The transport of the outbox: carries messages to chats."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Final

from aiogram import Bot

from mentorium_core.notifications.model import Delivered, Outcome, PaymentRefused, Postponed, Refused
from mentorium_domain.enums import NotificationType
from mentorium_domain.outbox import ClaimedMessage
from mentorium_gateways.telegram.chat_holds import ChatHolds
from mentorium_gateways.telegram.errors import RequestRefusedError, TelegramError
from mentorium_gateways.telegram.headings import headings
from mentorium_gateways.telegram.keyboards import inline_keyboard
from mentorium_gateways.telegram.outcomes import outcome_of
from mentorium_gateways.telegram.photos import photo
from mentorium_gateways.telegram.rate_limiter import SharedRateLimiter
from mentorium_gateways.telegram.report_buttons import under_message
from mentorium_kit.unit_of_work import refuse_inside
from mentorium_observability import get_logger
from mentorium_observability.metrics import count_error

_PROBE_TIMEOUT_S: Final = 5

logger = get_logger(__name__)


class TelegramMessageTransport:
    """The `MessageTransport` of core: one call a message, no retry. `bot` is made without retries (`make_bare_bot`)."""

    def __init__(self, bot: Bot, limiter: SharedRateLimiter) -> None:
        self._bot = bot
        self._limiter = limiter
        self._holds = ChatHolds()

    async def deliver(self, message: ClaimedMessage) -> Outcome:
        """Plain text, or a picture with its caption. A 429 holds this chat, and with several chats everybody."""
        refuse_inside("telegram")
        chat = message.telegram_id
        if (held_s := self._holds.remaining_s(chat, self._now)) > 0:
            return Postponed(held_s)
        try:
            return Delivered(await self._send(message))
        except TelegramError as error:
            outcome = outcome_of(error)
            if message.paid and isinstance(outcome, Refused):
                outcome = PaymentRefused(outcome.reason)  # whether for itself is seen when nobody pays for it
            if isinstance(outcome, Postponed):
                self._holds.hold(chat, outcome.wait_s, self._now)
                await self._limiter.chat_limited(chat, outcome.wait_s)
            count_error(error)
            return outcome

    async def is_well(self) -> bool:
        """getMe, which changes nothing and counts for no limit."""
        refuse_inside("telegram")
        try:
            await self._bot.get_me(request_timeout=_PROBE_TIMEOUT_S)
        except TelegramError as error:
            count_error(error)
            return False
        return True

    @property
    def _now(self) -> float:
        return asyncio.get_running_loop().time()

    async def _send(self, message: ClaimedMessage) -> int:
        """The id of what was sent. Where Telegram does not take the picture the words go alone: they certainly have not
        arrived with it.
        """
        if message.picture is None:
            return await self._send_as_it_is(message)
        try:
            return await self._send_as_it_is(message)
        except RequestRefusedError as error:
            if message.paid:  # what is not taken so is first tried for nothing
                raise
            count_error(error)
            logger.error("picture_refused", notification_id=message.id, reason=error.description)
            return await self._send_as_it_is(replace(message, picture=None))

    async def _send_as_it_is(self, message: ClaimedMessage) -> int:
        keyboard = inline_keyboard(message.buttons)
        if keyboard is None:
            keyboard = under_message(message.language, message.report_type, message.student_id)
        chat, text, paid = message.telegram_id, message.message, message.paid or None
        silent = message.silent or None
        bold = headings(text) if message.kind is NotificationType.REPORT else None
        if message.picture is None:
            sent = await self._bot.send_message(
                chat,
                text,
                entities=bold,
                reply_markup=keyboard,
                disable_notification=silent,
                allow_paid_broadcast=paid,
            )
            return sent.message_id
        picture = photo(message.picture)
        sent = await self._bot.send_photo(
            chat,
            picture,
            caption=text,
            caption_entities=bold,
            reply_markup=keyboard,
            disable_notification=silent,
            allow_paid_broadcast=paid,
        )
        return sent.message_id
