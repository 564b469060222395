"""Polling: asks Telegram for updates and stores each batch, by one statement, before it is confirmed.

Telegram forgets every update before the offset it is asked with, and repeats all others. So the offset moves only when
a batch is stored; what cannot be stored stays with Telegram, and whoever waits for an answer is told so, once. Errors
of getUpdates are waited out and never end the loop.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

from aiogram import Bot
from sqlalchemy.exc import DBAPIError

from mentorium_bot.intake.admission import Admission
from mentorium_bot.intake.conflict import PollingConflict
from mentorium_bot.intake.consumer import InboxConsumer, within_patience
from mentorium_bot.intake.invalid_update import apologise
from mentorium_bot.intake.notices import Notices
from mentorium_core.inbox.commands import store_and_take
from mentorium_core.inbox.registration import note_polling
from mentorium_core.inbox.rules import read_update
from mentorium_domain.inbox import IncomingUpdate
from mentorium_gateways.telegram import GetRawUpdates, OtherPollerError, TelegramError, TelegramRateLimitError
from mentorium_kit.backoff import backoff_s
from mentorium_kit.errors import OutcomeUnknownError, UnavailableError
from mentorium_kit.nursery import Nursery
from mentorium_kit.progress import Progress
from mentorium_observability import get_logger
from mentorium_observability.metrics import count_error, inbox_updates, polled_at
from mentorium_observability.outage import Outage

LONG_POLL_S: Final = 25
_REQUEST_TIMEOUT_S: Final = LONG_POLL_S + 10
_FIRST_BACKOFF_S: Final = 0.5
_LONGEST_BACKOFF_S: Final = 15.0
_OTHER_POLLER_BACKOFF_S: Final = 3.0
_UNKNOWN_ERROR_PAUSE_S: Final = 1.0
# Telegram gives one update only to whoever repeats an offset within half a second.
_NOT_STORED_PAUSE_S: Final = 0.6
_LONGEST_NOT_STORED_PAUSE_S: Final = 3.0

logger = get_logger(__name__)
RawUpdate = dict[str, Any]


class UpdatePoller:
    """`run` returns once `stop` is called. `well`: whether Telegram gives us updates. `conflict`: whether it gives them
    to somebody else too.
    """

    def __init__(
        self,
        bot: Bot,
        kinds: Callable[[], list[str]],
        consumer: InboxConsumer,
        admission: Admission,
        notices: Notices,
        nursery: Nursery,
        owner: str,
    ) -> None:
        self._bot = bot
        self._kinds = kinds
        self._consumer = consumer
        self._admission = admission
        self._notices = notices
        self._nursery = nursery
        self._owner = owner
        self._offset: int | None = None
        self._admitted: dict[int, IncomingUpdate] = {}
        self._failures = 0
        self._not_stored = 0
        self._stopping = asyncio.Event()
        self._progress = Progress()
        self._outage = Outage(logger, "polling_failed")
        self._two_poll = Outage(logger, "another_process_polls_with_this_token")
        self.conflict = PollingConflict()

    @property
    def well(self) -> bool:
        return self._failures == 0

    @property
    def in_hand(self) -> int:
        """Updates that have come and are not stored yet."""
        return len(self._admitted)

    def stalled_s(self) -> float:
        """For how many seconds it has neither asked for updates nor stored any, and was not told to wait."""
        return self._progress.stalled_s()

    def stop(self) -> None:
        """Take no more updates."""
        self._stopping.set()

    async def run(self) -> None:
        stopping = self._nursery.start(self._stopping.wait(), name="stop-signal")
        while not self._stopping.is_set():
            self._progress.mark()
            step = self._nursery.start(self._step(), name="polling-step")
            try:
                await asyncio.wait({step, stopping}, return_when=asyncio.FIRST_COMPLETED)
            finally:  # whoever has this loop run again shall not find two of them
                if not step.done():
                    step.cancel()
            if step.done() and not step.cancelled() and step.exception() is not None:  # nobody knows it: no hot loop
                await asyncio.wait({stopping}, timeout=_UNKNOWN_ERROR_PAUSE_S)
        self._progress.rest()

    async def _step(self) -> None:
        try:
            batch = await self._bot(
                GetRawUpdates(
                    offset=self._offset,
                    timeout=0 if self._not_stored else LONG_POLL_S,
                    allowed_updates=self._kinds(),
                ),
                request_timeout=_REQUEST_TIMEOUT_S,
            )
        except TelegramError as error:
            await self._back_off(error)
            return
        self._progress.mark()
        polled_at.set_to_current_time()
        self._failures = 0
        self._outage.over()
        if not self.conflict.lasted_s():
            self._two_poll.over()
        if batch:
            await self._keep(batch)

    async def _keep(self, batch: Sequence[RawUpdate]) -> None:
        """Store the batch and move the offset behind it; or leave both as they are and say so to who waits."""
        updates = [update for raw in batch if (update := self._read(raw)) is not None]
        try:
            await self._store(updates)
        except (UnavailableError, OutcomeUnknownError) as error:
            self._not_stored += 1
            count_error(error)
            if self._not_stored == 1:
                logger.error("updates_not_stored", code=error.code, count=len(updates))
            for raw in batch:
                if (known := self._admitted.get(_id_of(raw))) is not None and known.admitted:
                    self._notices.outage(raw)
            await asyncio.sleep(backoff_s(self._not_stored, _NOT_STORED_PAUSE_S, _LONGEST_NOT_STORED_PAUSE_S))
            return
        if self._not_stored:
            logger.info("updates_stored_again", failures=self._not_stored)
            self._not_stored = 0
        self._admitted.clear()
        self._offset = max(_id_of(raw) for raw in batch) + 1

    async def _store(self, updates: Sequence[IncomingUpdate]) -> None:
        if not updates:
            return
        try:
            taken, waiting = await within_patience(store_and_take(self._bot.id, updates, self._owner))
        except DBAPIError as error:  # one of them the table does not take: the others shall not wait for it
            if len(updates) == 1:
                count_error(error)
                logger.error("update_not_storable", update_id=updates[0].update_id, reason=type(error).__name__)
                return
            for update in updates:
                await self._store([update])
            return
        new = len(taken) + waiting
        inbox_updates.labels(status="stored").inc(new)
        inbox_updates.labels(status="repeated").inc(sum(one.admitted for one in updates) - new)
        self._consumer.accept(taken, {one.lane for one in updates} if waiting else ())

    def _read(self, raw: RawUpdate) -> IncomingUpdate | None:
        """What is to be stored. Asked again about the same update, the quota is not asked again."""
        update = read_update(raw)
        if update is None:
            logger.error("update_without_id", kinds=sorted(raw.keys() - {"update_id"}))
            self._nursery.start(apologise(self._bot, raw), name="unreadable-update")
            return None
        if (known := self._admitted.get(update.update_id)) is None:
            known = update if self._admission.admits(update, raw) else replace(update, admitted=False)
            self._admitted[update.update_id] = known
        return known

    async def _back_off(self, error: TelegramError) -> None:
        self._failures += 1
        self._outage.failed(error, failures=self._failures)
        match error:
            case TelegramRateLimitError():
                pause = error.retry_after_s
            case OtherPollerError():
                pause = _OTHER_POLLER_BACKOFF_S
                await self._end_conflict(error)
            case _:
                pause = backoff_s(self._failures, _FIRST_BACKOFF_S, _LONGEST_BACKOFF_S)
        self._progress.rest()
        await asyncio.sleep(pause)

    async def _end_conflict(self, error: OtherPollerError) -> None:
        """A webhook is taken back; another process can only be told of."""
        if "webhook" in error.description.lower():
            await self._end_webhook()
            return
        self.conflict.met()
        if self.conflict.is_lasting:
            self._two_poll.failed(error, counted=True, lasts_s=round(self.conflict.lasted_s()))

    async def _end_webhook(self) -> None:
        """Who was in webhook mode before and polls now has to take the webhook back; what waits is not dropped."""
        try:
            await note_polling(self._bot.id)
            await self._bot.delete_webhook(drop_pending_updates=False)
            logger.warning("webhook_deleted")
        except (TelegramError, UnavailableError, OutcomeUnknownError) as failed:
            count_error(failed)


def _id_of(raw: RawUpdate) -> int:
    update_id = raw.get("update_id")
    return update_id if isinstance(update_id, int) else -1
