"""Sending what is due in the outbox: claim under lease, send at the rate limiter's pace, record the outcome.

The limiter's permits are taken before messages are claimed, so that a row in `sending` really is under way: if the
process is killed, only as many messages are in doubt as were in flight.
"""

from __future__ import annotations

import asyncio
import random
from typing import Final

from mentorium_core.notifications.commands import claim_messages, mark_chat_blocked
from mentorium_core.notifications.model import ChatBlocked, MessageTransport, Outcome, RateLimiter, Unclear
from mentorium_core.notifications.queries import most_urgent_lane
from mentorium_core.notifications.rules import delivery_record
from mentorium_domain.outbox import ClaimedMessage, Lane
from mentorium_kit import clock
from mentorium_kit.backoff import backoff_s
from mentorium_kit.errors import UnavailableError
from mentorium_kit.nursery import Nursery
from mentorium_observability import get_logger
from mentorium_observability.metrics import count_error
from mentorium_reporting.outbox.outcome_recorder import OutcomeRecorder, PendingOutcome
from mentorium_reporting.outbox.transport_health import TransportHealth

LEASE_S: Final = 120.0
MOST_IN_FLIGHT: Final = 64
_POLL_S: Final = 0.25
_CLAIM_AGAIN_S: Final = 0.05
_FULL_S: Final = 0.005
_RETRY_S: Final = 0.5
_LONGEST_RETRY_S: Final = 5.0

logger = get_logger(__name__)


class OutboxSender:
    """One loop that sends; any number of them, in any number of processes, share the outbox.

    `lease_s`: how long a claim holds, in seconds; longer than a message can take to be sent. `recorder` and `health`
    are this sender's own.
    """

    def __init__(
        self,
        transport: MessageTransport,
        limiter: RateLimiter,
        recorder: OutcomeRecorder,
        health: TransportHealth,
        nursery: Nursery,
        *,
        lease_s: float = LEASE_S,
        most_in_flight: int = MOST_IN_FLIGHT,
    ) -> None:
        self._transport = transport
        self._limiter = limiter
        self._recorder = recorder
        self._health = health
        self._nursery = nursery
        self._lease_s = lease_s
        self._most_in_flight = most_in_flight
        self._recording: asyncio.Task[object] | None = None
        self._sending: set[asyncio.Task[object]] = set()
        self._lane: Lane | None = None
        self._lane_known_at = 0.0
        self._paused_for_s = 0.0
        self._stopping = asyncio.Event()

    @property
    def busy(self) -> int:
        """Messages that are under way, or whose outcome is not written down yet."""
        return len(self._sending) + self._recorder.pending

    @property
    def waits(self) -> bool:
        """Whether Telegram has been away for a while, or wants us to be quiet for one: what is due stays due."""
        return self._health.failed_probes > 1 or self._paused_for_s > _LONGEST_RETRY_S

    def stop(self) -> None:
        """Claim nothing more."""
        self._stopping.set()

    async def run(self) -> None:
        """Send until `stop`, and then until every outcome of what is under way has been recorded.

        It may be run again after it has failed.
        """
        if self._recording is None or self._recording.done():
            self._recording = self._nursery.start(self._recorder.run(), name="record-outcomes", fresh_context=True)
        while not self._stopping.is_set():
            if self._recording.done():
                self._recording.result()  # raises what it failed of
            try:
                wait_s = await self._step()
            except UnavailableError as error:
                count_error(error)
                logger.warning("outbox_not_reached", code=error.code)
                wait_s = _RETRY_S
            if wait_s > 0:
                await self._rest(wait_s)
        if self._sending:
            await asyncio.wait(self._sending)
        self._recorder.close()
        await asyncio.wait({self._recording})
        self._recording.result()  # raises what it failed of: outcomes are not lost in silence

    async def _rest(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        except TimeoutError:
            return

    async def _step(self) -> float:
        """Start to send what may be sent now; seconds until it is worth trying again."""
        free = self._most_in_flight - self.busy
        if free <= 0:
            return _FULL_S
        lane = await self._most_urgent_lane()
        if lane is None:
            return _POLL_S
        if not await self._health.is_well():
            return backoff_s(self._health.failed_probes, _RETRY_S, _LONGEST_RETRY_S)
        permits = await self._limiter.take(lane, free)
        self._paused_for_s = permits.wait_s
        if permits.count == 0:
            return permits.wait_s
        claimed = await self._claim(lane, permits.count)
        for one in claimed:
            task = self._nursery.start(self._send(one), name="send-message", fresh_context=True)
            self._sending.add(task)
            task.add_done_callback(self._sending.discard)
        return 0.0 if claimed else _CLAIM_AGAIN_S

    async def _most_urgent_lane(self) -> Lane | None:
        """The lane to send from; while it has messages, it is asked for anything more urgent a few times a second."""
        moment = asyncio.get_running_loop().time()
        if self._lane is None or moment - self._lane_known_at > _POLL_S:
            self._lane, self._lane_known_at = await most_urgent_lane(), moment
        return self._lane

    async def _claim(self, lane: Lane, permits: int) -> list[ClaimedMessage]:
        """As many as there are permits for; those that are not used go back to the limiter."""
        claimed: list[ClaimedMessage] = []
        try:
            claimed = await claim_messages(lane, permits, self._lease_s)
        finally:
            if len(claimed) < permits:
                self._lane = None
                await self._limiter.give_back(permits - len(claimed))
        return claimed

    async def _send(self, claimed: ClaimedMessage) -> None:
        outcome: Outcome
        try:
            outcome = await self._transport.deliver(claimed)
        except Exception as error:  # an edge: whatever went wrong, the message is accounted for
            count_error(error)
            logger.error("transport_failed", notification_id=claimed.id, exc_info=error)
            outcome = Unclear("transport_failed")
        self._health.learn(outcome)
        if isinstance(outcome, ChatBlocked):
            await self._remember_blocked(claimed.telegram_id)
        jitter = random.random()  # noqa: S311 - spreads retries, guards nothing
        self._recorder.add(PendingOutcome(claimed, delivery_record(claimed, outcome, jitter), clock.now()))

    async def _remember_blocked(self, telegram_id: int) -> None:
        """Best before the outcome is recorded: until then the message's row keeps others from this chat."""
        try:
            await mark_chat_blocked(telegram_id)
        except UnavailableError as error:
            count_error(error)  # the next message to this chat finds it blocked again
