"""Sending what is due: claim, send, write down what became of it.

Telegram's outages cost what is in flight when they begin, and no more: after a message that did not arrive, or whose
answer was lost, and after every longer silence, Telegram is asked for a sign of life before anything else is sent.

Permits of the limiter are taken before messages are claimed, so that a row in `sending` really is under way: if the
process is killed, only as many messages are in doubt as were in flight. What became of a message is kept in memory
until the database has taken it: a database that is away for a while costs no message and doubles none.
"""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.exc import IntegrityError

from mentorium_core.notifications.commands import mark_chat_blocked
from mentorium_core.notifications.model import (
    ClaimedMessage,
    Closed,
    Delivered,
    DeliveryRecord,
    Lane,
    MessageTransport,
    NotTaken,
    Outcome,
    RateLimiter,
    Unclear,
)
from mentorium_core.notifications.rules import abandoned, settle
from mentorium_db import get_session
from mentorium_db.repositories import NotificationRepository
from mentorium_db.repositories.notification import ClaimedNotification, OutboxLoad, SettledNotification
from mentorium_domain.enums import DeliveryStatus, NotificationType
from mentorium_kit import clock
from mentorium_kit.backoff import backoff_s
from mentorium_kit.errors import UnavailableError
from mentorium_kit.nursery import Nursery
from mentorium_observability import get_logger
from mentorium_observability.metrics import (
    count_error,
    notification_delivery_lag,
    notification_outbox_lag,
    notifications,
)

LEASE_S: Final = 120.0
MOST_IN_FLIGHT: Final = 64
_LOOK_AGAIN_S: Final = 0.25
_PAUSE_S: Final = 0.5
_WELL_FOR_S: Final = 15.0
"""How long a sign of life is good for."""
_LONGEST_PAUSE_S: Final = 5.0
_A_SWEEP: Final = 500

logger = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class PendingOutcome:
    """A claim, what becomes of it, and when that was known."""

    claimed: ClaimedMessage
    settled: DeliveryRecord
    now: datetime


class OutboxSender:
    """One loop that sends; any number of them, in any number of processes, share the outbox.

    `lease_s`: how long a claim holds; longer than a message can take to be sent.
    """

    def __init__(
        self,
        courier: MessageTransport,
        limiter: RateLimiter,
        nursery: Nursery,
        *,
        lease_s: float = LEASE_S,
        most_in_flight: int = MOST_IN_FLIGHT,
    ) -> None:
        self._courier = courier
        self._limiter = limiter
        self._nursery = nursery
        self._lease_s = lease_s
        self._most_in_flight = most_in_flight
        self._in_flight = 0
        self._known_urgent: int | None = None
        self._known_at = 0.0
        self._well_until = 0.0
        self._vain_probes = 0
        self._quiet_for_s = 0.0
        self._told: list[PendingOutcome] = []
        self._news = asyncio.Event()
        self._stopping = asyncio.Event()
        self._claims_nothing_more = False

    @property
    def busy(self) -> int:
        """Messages that are under way, or whose fate is not written down yet."""
        return self._in_flight

    @property
    def waits(self) -> bool:
        """Whether Telegram has been away for a while, or wants us to be quiet for one: what is due stays due."""
        return self._vain_probes > 1 or self._quiet_for_s > _LONGEST_PAUSE_S

    def stop(self) -> None:
        """Claim nothing more."""
        self._stopping.set()

    async def run(self) -> None:
        """Send until `stop`, and then until what is under way has been settled."""
        settling = self._nursery.start(self._settle_all(), name="settle-messages", fresh_context=True)
        while not self._stopping.is_set():
            try:
                wait_s = await self._step()
            except UnavailableError as error:
                count_error(error)
                logger.warning("outbox_not_reached", code=error.code)
                wait_s = _PAUSE_S
            if wait_s > 0:
                await self._rest(wait_s)
        self._claims_nothing_more = True
        self._news.set()
        await asyncio.wait({settling})

    async def _rest(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        except TimeoutError:
            return

    async def _step(self) -> float:
        """Start to send what may be sent now; seconds until it is worth trying again."""
        free = self._most_in_flight - self._in_flight
        if free <= 0:
            return 0.005
        now = clock.now()
        priority = await self._most_urgent(now)
        if priority is None:
            return _LOOK_AGAIN_S
        if not await self._telegram_is_well():
            return backoff_s(self._vain_probes, _PAUSE_S, _LONGEST_PAUSE_S)
        permits = await self._limiter.take(Lane(priority), free)
        self._quiet_for_s = permits.wait_s
        if permits.count == 0:
            return permits.wait_s
        claimed = await self._claim(priority, permits.count, now)
        if len(claimed) < permits.count:
            self._known_urgent = None
            await self._limiter.give_back(permits.count - len(claimed))
        for one in claimed:
            self._in_flight += 1
            self._nursery.start(self._send(one), name="send-message", fresh_context=True)
        return 0.0 if claimed else _LOOK_AGAIN_S / 5

    async def _telegram_is_well(self) -> bool:
        loop = asyncio.get_running_loop()
        if loop.time() < self._well_until:
            return True
        if await self._courier.is_well():
            self._well_until, self._vain_probes = loop.time() + _WELL_FOR_S, 0
            return True
        self._vain_probes += 1
        logger.warning("telegram_away", probes=self._vain_probes)
        return False

    async def _most_urgent(self, now: datetime) -> int | None:
        """The lane to send from; while it has messages, it is asked for anything more urgent a few times a second."""
        moment = asyncio.get_running_loop().time()
        if self._known_urgent is None or moment - self._known_at > _LOOK_AGAIN_S:
            async with get_session() as session:
                self._known_urgent = await NotificationRepository(session).most_urgent(now)
            self._known_at = moment
        return self._known_urgent

    async def _claim(self, priority: int, most: int, now: datetime) -> list[ClaimedMessage]:
        try:
            async with get_session() as session:
                rows = await NotificationRepository(session).claim(priority, most, now, self._lease_s)
        except IntegrityError:  # another sender is writing to one of these chats
            return []
        except UnavailableError:
            await self._limiter.give_back(most)
            raise
        return [claimed_from(row) for row in rows]

    async def _send(self, claimed: ClaimedMessage) -> None:
        outcome: Outcome
        try:
            outcome = await self._courier.deliver(claimed)
        except Exception as error:  # an edge: whatever went wrong, the message is accounted for
            count_error(error)
            logger.error("courier_failed", notification_id=claimed.notification_id, exc_info=error)
            outcome = Unclear("courier_failed")
        if isinstance(outcome, NotTaken | Unclear):
            self._well_until = 0.0
        elif isinstance(outcome, Delivered):
            self._well_until = asyncio.get_running_loop().time() + _WELL_FOR_S
        if isinstance(outcome, Closed):
            await self._remember_closed(claimed.telegram_id)
        jitter = random.random()  # noqa: S311 - spreads retries, guards nothing
        self._told.append(PendingOutcome(claimed, settle(claimed, outcome, jitter), clock.now()))
        self._news.set()

    async def _remember_closed(self, telegram_id: int) -> None:
        """Best before the message is settled: until then its row keeps others from this chat."""
        try:
            await mark_chat_blocked(telegram_id)
        except UnavailableError as error:
            count_error(error)  # the next message to this chat finds it closed again

    async def _settle_all(self) -> None:
        """Write down what is known, in as few statements as possible, for as long as anything is under way."""
        while not (self._claims_nothing_more and self._in_flight == 0):
            await self._news.wait()
            self._news.clear()
            while self._told:
                batch, self._told = self._told, []
                if not await self._written(batch):
                    self._told[:0] = batch
                    await asyncio.sleep(_PAUSE_S)

    async def _written(self, batch: list[PendingOutcome]) -> bool:
        try:
            async with get_session() as session:
                known = await NotificationRepository(session).settle(
                    [settled_row(told.settled) for told in batch], clock.now()
                )
        except UnavailableError as error:
            count_error(error)
            logger.warning("deliveries_not_written", code=error.code, count=len(batch))
            return False
        for told in batch:
            _count(told, known=told.settled.notification_id in known)
        self._in_flight -= len(batch)
        self._news.set()
        return True


class OutboxSweeper:
    """What time alone does to the outbox: messages expire, and claims of those who vanished run out."""

    async def __call__(self) -> int:
        """How many messages that was; to be called again at once while it is not 0."""
        now = clock.now()
        async with get_session() as session:
            outbox = NotificationRepository(session)
            given_up = await outbox.abandoned(_A_SWEEP)
            told = [abandoned(claimed_from(row)) for row in given_up]
            if told:
                await outbox.settle([settled_row(one) for one in told], now)
            expired = await outbox.expire(now, _A_SWEEP)
            await outbox.clear_pictures(now)
            oldest = await outbox.oldest_due(now)
        for row, one in zip(given_up, told, strict=True):
            notifications.labels(type=row.kind, status=one.status).inc()
            logger.warning("message_abandoned", notification_id=row.id, type=row.kind, status=one.status)
        for kind, count in expired.items():
            notifications.labels(type=kind, status=DeliveryStatus.EXPIRED).inc(count)
            logger.warning("messages_expired", type=kind, count=count)
        for lane in (Lane.PAYMENT, Lane.REPORT, Lane.NUDGE):
            since = oldest.get(lane)
            notification_outbox_lag.labels(lane=lane.name.lower()).set((now - since).total_seconds() if since else 0.0)
        return len(told) + sum(expired.values())


async def outbox_load() -> OutboxLoad:
    """What the outbox is busy with now, and when that changes by itself."""
    async with get_session() as session:
        return await NotificationRepository(session).load(clock.now())


def claimed_from(row: ClaimedNotification) -> ClaimedMessage:
    return ClaimedMessage(
        notification_id=row.id,
        attempt=row.attempts,
        telegram_id=row.parent_telegram_id,
        kind=row.kind,
        message=row.message,
        send_at=row.send_at,
        repeated=row.repeated,
        picture=row.png,
    )


def settled_row(settled: DeliveryRecord) -> SettledNotification:
    return SettledNotification(
        id=settled.notification_id,
        attempts=settled.attempt,
        status=settled.status,
        hold_s=settled.hold_s,
        reason=settled.reason,
        telegram_message_id=settled.message_id,
        repeated=settled.repeated,
    )


def _count(told: PendingOutcome, *, known: bool) -> None:
    kind: NotificationType = told.claimed.kind
    status = told.settled.status
    notifications.labels(type=kind, status="retried" if status is DeliveryStatus.PENDING else status).inc()
    if status is DeliveryStatus.SENT:
        notification_delivery_lag.labels(type=kind).observe(max((told.now - told.claimed.send_at).total_seconds(), 0.0))
    elif status in {DeliveryStatus.FAILED, DeliveryStatus.UNKNOWN}:
        logger.warning(
            "message_not_delivered",
            notification_id=told.claimed.notification_id,
            type=kind,
            status=status,
            reason=told.settled.reason,
        )
    if not known:
        logger.warning("claim_lost", notification_id=told.claimed.notification_id, status=status)
