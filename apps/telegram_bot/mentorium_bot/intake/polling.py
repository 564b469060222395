"""The update loop: asks Telegram for updates, hands each to its chat's queue, confirms it only when it is handled.

A killed process therefore gets the rest again. Telegram gives at most 100 updates from the offset on, which bounds what
is in memory; errors of getUpdates are waited out and never end the loop.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Hashable, Sequence
from typing import Any, Final

from aiogram import Bot, Dispatcher
from aiogram.types import Chat, Update, User

from mentorium_bot.intake.invalid_update import apologise
from mentorium_bot.intake.offset_window import OffsetWindow
from mentorium_bot.intake.per_chat_queue import PerChatQueue
from mentorium_gateways.telegram import GetRawUpdates, OtherPollerError, TelegramError, TelegramRateLimitError
from mentorium_kit.backoff import backoff_s
from mentorium_kit.nursery import Nursery
from mentorium_observability import get_logger
from mentorium_observability.metrics import count_error

LONG_POLL_S: Final = 25
_REQUEST_TIMEOUT_S: Final = LONG_POLL_S + 10
# Telegram gives one update only to whoever repeats an offset within half a second.
_SAME_OFFSET_PAUSE_S: Final = 0.6
_EARLY_POLL_AFTER: Final = 50
_FIRST_BACKOFF_S: Final = 0.5
_LONGEST_BACKOFF_S: Final = 15.0
_OTHER_POLLER_BACKOFF_S: Final = 3.0
# A request cancelled sooner may not have left this machine.
_REQUEST_ARRIVES_WITHIN_S: Final = 1.0

logger = get_logger(__name__)


class UpdateLoop:
    """`run` returns once `stop` is called; then `drain` finishes what is in hand. `well`: whether polling works."""

    def __init__(self, bot: Bot, dispatcher: Dispatcher, nursery: Nursery) -> None:
        self._bot = bot
        self._dispatcher = dispatcher
        self._nursery = nursery
        self._window = OffsetWindow()
        self._queues: PerChatQueue[Update] = PerChatQueue(nursery, self._handle)
        self._progress = asyncio.Event()
        self._stopping = asyncio.Event()
        self._failures = 0
        self._cut_off: tuple[int | None, float] | None = None
        self._kinds: Sequence[str] = dispatcher.resolve_used_update_types()

    @property
    def well(self) -> bool:
        return self._failures == 0

    @property
    def in_hand(self) -> int:
        return self._window.in_hand

    def stop(self) -> None:
        """Take no more updates."""
        self._stopping.set()

    async def run(self) -> None:
        stopping = self._nursery.start(self._stopping.wait(), name="stop-signal")
        while not self._stopping.is_set():
            step = self._nursery.start(self._step(), name="polling-step")
            await asyncio.wait({step, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if not step.done():
                step.cancel()

    async def drain(self, timeout_s: float) -> None:
        """Wait for the updates in hand, then tell Telegram which have been handled."""
        try:
            async with asyncio.timeout(timeout_s):
                while self._window.in_hand:
                    self._progress.clear()
                    await self._progress.wait()
        except TimeoutError:
            logger.warning("updates_left_in_hand", count=self._window.in_hand)
        if self._telegram_knows(self._window.offset):
            return
        try:
            await self._bot(GetRawUpdates(offset=self._window.offset, limit=1, timeout=0), request_timeout=5)
        except TelegramError as error:
            logger.warning("last_confirmation_failed", reason=type(error).__name__)

    def _telegram_knows(self, offset: int | None) -> bool:
        """Whether a getUpdates with this offset has been answered, or was waiting for its answer when we stopped."""
        if offset == self._window.confirmed or self._cut_off is None:
            return offset == self._window.confirmed
        asked, began = self._cut_off
        return offset == asked and time.monotonic() - began >= _REQUEST_ARRIVES_WITHIN_S

    async def _step(self) -> None:
        await self._wait_for_progress()
        offset = self._window.offset
        self._cut_off = offset, time.monotonic()
        try:
            batch = await self._bot(
                GetRawUpdates(
                    offset=offset,
                    timeout=0 if self._window.in_hand else LONG_POLL_S,
                    allowed_updates=list(self._kinds),
                ),
                request_timeout=_REQUEST_TIMEOUT_S,
            )
        except TelegramError as error:
            self._cut_off = None
            await self._back_off(error)
            return
        self._cut_off = None
        if self._failures:
            logger.info("polling_recovered", failures=self._failures)
            self._failures = 0
        self._window.confirm(offset)
        for raw in batch:
            self._accept(raw)

    async def _wait_for_progress(self) -> None:
        """Ask again once all is handled, or much of it, or after the pause that Telegram wants."""
        before = self._window.offset
        try:
            async with asyncio.timeout(_SAME_OFFSET_PAUSE_S):
                while self._window.in_hand and (self._window.offset or 0) - (before or 0) < _EARLY_POLL_AFTER:
                    self._progress.clear()
                    await self._progress.wait()
        except TimeoutError:
            return

    async def _back_off(self, error: TelegramError) -> None:
        self._failures += 1
        count_error(error)
        logger.warning("polling_failed", reason=type(error).__name__, failures=self._failures)
        if isinstance(error, TelegramRateLimitError):
            pause = error.retry_after_s
        elif isinstance(error, OtherPollerError):
            pause = _OTHER_POLLER_BACKOFF_S
        else:
            pause = backoff_s(self._failures, _FIRST_BACKOFF_S, _LONGEST_BACKOFF_S)
        await asyncio.sleep(pause)

    def _accept(self, raw: dict[str, Any]) -> None:
        update_id: int = raw["update_id"]
        if not self._window.take(update_id):
            return
        try:
            json.dumps(raw, ensure_ascii=False).encode()  # neither Telegram nor the database takes half a character
            update = Update.model_validate(raw, context={"bot": self._bot})
            chat = chat_of(update)
        except Exception as error:  # noqa: BLE001 - the edge: pydantic lets some errors of its converters through
            kinds = sorted(raw.keys() - {"update_id"})
            logger.error("update_unreadable", update_id=update_id, kinds=kinds, reason=type(error).__name__)
            self._nursery.start(self._apologise(update_id, raw), name="unreadable-update")
            return
        self._queues.put(chat, update)

    async def _apologise(self, update_id: int, raw: dict[str, Any]) -> None:
        try:
            await apologise(self._bot, raw)
        finally:
            self._finish(update_id)

    async def _handle(self, update: Update) -> None:
        try:
            await self._dispatcher.feed_update(self._bot, update)
        except Exception as error:  # the last edge: one bad update must not hold up its chat for ever
            count_error(error)
            logger.error("update_failed", update_id=update.update_id, exc_info=error)
        self._finish(update.update_id)

    def _finish(self, update_id: int) -> None:
        self._window.finish(update_id)
        self._progress.set()


def chat_of(update: Update) -> Hashable:
    """The chat whose order this update belongs to. UpdateTypeLookupError for a kind we have never heard of."""
    event = update.event
    message = getattr(event, "message", None) or event
    owner: Chat | User | None = getattr(message, "chat", None) or getattr(event, "from_user", None)
    return owner.id if owner is not None else update.event_type
