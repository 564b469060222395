"""Sending what is due in the outbox: claim under lease, send at the rate limiter's pace, record the outcome.

The limiter's permits are taken before messages are claimed, so that a row in `sending` really is under way: if the
process is killed, only as many messages are in doubt as were in flight. What names a child is judged between the claim
and the first send of its batch.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from functools import partial
from typing import Any, Final

from mentorium_core.notifications.admission import to_be_admitted
from mentorium_core.notifications.commands import claim_messages, mark_chat_blocked, release_predecessors
from mentorium_core.notifications.model import (
    ChatBlocked,
    MessageTransport,
    NotJudged,
    NotTaken,
    Outcome,
    Permits,
    RateLimiter,
    Reason,
    Unclear,
)
from mentorium_core.notifications.queries import look_at_outbox
from mentorium_core.notifications.rules import delivery_record
from mentorium_domain.outbox import ClaimedMessage, Lane, OutboxLook
from mentorium_kit import clock
from mentorium_kit.backoff import backoff_s
from mentorium_kit.errors import OutcomeUnknownError, UnavailableError
from mentorium_kit.nursery import Nursery
from mentorium_kit.progress import Progress
from mentorium_kit.trace import tracing
from mentorium_observability import error_context, get_logger, log_context
from mentorium_observability.metrics import count_error
from mentorium_observability.outage import Outage
from mentorium_reporting.outbox.outcome_recorder import OutcomeRecorder, PendingOutcome
from mentorium_reporting.outbox.payment_watch import PaymentWatch
from mentorium_reporting.outbox.picture_drawer import PictureDrawer
from mentorium_reporting.outbox.rights_gate import JUDGED_WITHIN_S, RightsGate, Verdicts
from mentorium_reporting.outbox.transport_health import TransportHealth

LEASE_S: Final = 120.0
MOST_IN_FLIGHT: Final = 64
SLOW_LOOK_S: Final = 5.0
"""Nobody has told of news for so long: then it is looked all the same."""
DRAIN_S: Final = 9.0
"""Most messages take a second. What a Telegram that hangs has not taken by then is in doubt, as it would be later."""
_LOOK_AGAIN_S: Final = 0.25
_HANDLER: Final = "send_message"
_CLAIM_AGAIN_S: Final = 0.05
_CLOCK_NAP_S: Final = 0.2
_RETRY_S: Final = 0.5
_LONGEST_RETRY_S: Final = 5.0

logger = get_logger(__name__)


class OutboxSender:
    """One loop that sends; any number of them, in any number of processes, share the outbox.

    `owner`: the name under which it claims (`claims.new_owner`). `lease_s`: how long a claim holds, in seconds; longer
    than a message can take to be drawn and sent. `recorder`, which runs beside it, `health` and `drawer` are this
    sender's own.
    """

    def __init__(
        self,
        transport: MessageTransport,
        limiter: RateLimiter,
        recorder: OutcomeRecorder,
        health: TransportHealth,
        drawer: PictureDrawer,
        nursery: Nursery,
        *,
        owner: str,
        lease_s: float = LEASE_S,
        most_in_flight: int = MOST_IN_FLIGHT,
        drain_s: float = DRAIN_S,
    ) -> None:
        self._transport = transport
        self._limiter = limiter
        self._recorder = recorder
        self._health = health
        self._drawer = drawer
        self._nursery = nursery
        self._owner = owner
        self._lease_s = lease_s
        self._most_in_flight = most_in_flight
        self._drain_s = drain_s
        self._gate = RightsGate()
        self._payment = PaymentWatch()
        self._drained_by = 0.0
        self._sending: set[asyncio.Task[Any]] = set()
        self._look: OutboxLook | None = None
        self._looked_at = 0.0
        self._paused_for_s = 0.0
        self._pays = True
        self._news = asyncio.Event()
        self._stopping = asyncio.Event()
        self._outage = Outage(logger, "outbox_not_reached")
        self._progress = Progress()

    @property
    def busy(self) -> int:
        """Messages that are under way, or whose outcome is not written down yet."""
        return self._recorder.open

    @property
    def waits(self) -> bool:
        """Whether Telegram has been away for a while, or wants us to be quiet for one: what is due stays due."""
        return self.waits_for_telegram or self._paused_for_s > _LONGEST_RETRY_S

    @property
    def waits_for_telegram(self) -> bool:
        """Whether Telegram has given no sign of life for a while."""
        return self._health.failed_probes > 1

    @property
    def waits_for_platform(self) -> bool:
        """Whether what names a child waits for a platform that has not answered for a while."""
        return self._gate.is_away

    def stalled_s(self) -> float:
        """For how long it has neither sent nor looked nor tried to, in seconds."""
        return self._progress.stalled_s()

    def wake(self) -> None:
        """Something has become due, or a chat is free again: look at once."""
        self._news.set()

    def stop(self) -> None:
        """Claim nothing more."""
        if not self._stopping.is_set():
            self._drained_by = asyncio.get_running_loop().time() + self._drain_s
        self._stopping.set()
        self._news.set()

    async def run(self) -> None:
        """Send until `stop`, and then until all that is under way has ended; `drain_s` seconds after `stop` it is cut
        short.

        It may be run again after it has failed.
        """
        failures = 0
        with self._recorder.sender():
            await self._release_predecessors()
            while not self._stopping.is_set():
                self._progress.mark()
                try:
                    wait_s = await self._step()
                except (UnavailableError, OutcomeUnknownError) as error:
                    failures += 1
                    self._outage.failed(error)
                    wait_s = backoff_s(failures, _RETRY_S, _LONGEST_RETRY_S)
                else:
                    failures = 0
                    self._outage.over()
                if wait_s > 0:
                    await self._rest(wait_s)
            self._progress.rest()
            await self._drain()

    async def _release_predecessors(self) -> None:
        try:
            released = await release_predecessors(self._owner)
        except (UnavailableError, OutcomeUnknownError) as error:
            self._outage.failed(error)  # the leases of what they left run out by themselves
            return
        if released:
            logger.warning("predecessor_released", messages=released)

    async def _drain(self) -> None:
        """Whatever is cut short is written down as in doubt: nobody has to wait for its lease."""
        if self._sending:
            left_s = max(self._drained_by - asyncio.get_running_loop().time(), 0.0)
            await asyncio.wait(self._sending, timeout=left_s)
        late = set(self._sending)
        for task in late:
            task.cancel()
        if late:
            await asyncio.wait(late)

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
            await self._recorder.wait_for_room(_LOOK_AGAIN_S)
            return 0.0
        look = await self._look_at_outbox()
        if look.lane is None:
            await self._wait_for_news(look)
            return 0.0
        if look.lane is not Lane.PAYMENT and (room := self._drawer.room) is not None:
            if room <= 0:
                await self._drawer.wait_for_room(_LOOK_AGAIN_S)
                return 0.0
            free = min(free, room)
        if not await self._health.is_well():
            return backoff_s(self._health.failed_probes, _RETRY_S, _LONGEST_RETRY_S)
        paid = look.paid and look.lane is Lane.REPORT and self._pays
        permits = await self._limiter.take(look.lane, free, paid=paid)
        self._paused_for_s = permits.wait_s
        if permits.count == 0:
            return min(permits.wait_s, _LONGEST_RETRY_S)
        claimed = await self._claim(look.lane, permits.count, paid=paid)
        self._pays = bool(claimed) or not paid  # else once at the free rate: nothing waits for what is paid for
        self._drawer.learn(claimed)
        for one in claimed:
            self._recorder.expect()
            if not _is_judged(one):
                self._start_sending(one)
        if to_judge := [one for one in claimed if _is_judged(one)]:
            self._start_judging(to_judge)
        return _until_next_claim_s(len(claimed), permits)

    def _start_sending(self, claimed: ClaimedMessage) -> None:
        task = self._nursery.start(self._send(claimed), name="send-message", fresh_context=True)
        self._sending.add(task)
        task.add_done_callback(partial(self._ended, claimed))

    def _start_judging(self, claimed: Sequence[ClaimedMessage]) -> None:
        """Beside the loop: a platform that hangs keeps no other message."""
        self._gate.close()
        self._look = None
        task = self._nursery.start(self._judge(claimed), name="judge-messages", fresh_context=True)
        self._sending.add(task)
        task.add_done_callback(partial(self._judged, claimed))

    async def _judge(self, claimed: Sequence[ClaimedMessage]) -> Verdicts:
        verdicts = await self._gate.judge(claimed, min(JUDGED_WITHIN_S, self._lease_s / 2))
        if unsent := sum(not isinstance(verdict, ClaimedMessage) for verdict in verdicts.values()):
            await self._limiter.give_back(unsent, paid=claimed[0].paid)
        return verdicts

    def _judged(self, claimed: Sequence[ClaimedMessage], task: asyncio.Task[Verdicts]) -> None:
        """Send what may be sent. Nothing has left yet: whoever is cut short here gives it all back."""
        self._sending.discard(task)
        if (cut_short := task.cancelled() or task.exception() is not None) or self._stopping.is_set():
            verdicts: Verdicts = {one.id: NotJudged(0.0) for one in claimed}
            if not cut_short:
                verdicts |= {id_: end for id_, end in task.result().items() if not isinstance(end, ClaimedMessage)}
        else:
            verdicts = task.result()
        for one in claimed:
            if isinstance(verdict := verdicts[one.id], ClaimedMessage):
                self._start_sending(verdict)
            else:
                self._record(one, verdict)
        self._news.set()

    async def _look_at_outbox(self) -> OutboxLook:
        """While there is something to send, it is asked for anything more urgent a few times a second."""
        moment = asyncio.get_running_loop().time()
        if self._look is None or self._look.lane is None or moment - self._looked_at > _LOOK_AGAIN_S:
            self._news.clear()
            self._look, self._looked_at = await look_at_outbox(children=self._gate.is_open), moment
        return self._look

    async def _wait_for_news(self, look: OutboxLook) -> None:
        """Until somebody tells of news, something is due, or it is time for a look of one's own."""
        machine = asyncio.get_running_loop()
        waits = (SLOW_LOOK_S, look.held_s, self._gate.opens_in_s)
        until = machine.time() + min(wait_s for wait_s in waits if wait_s is not None)
        while not self._news.is_set() and (left := until - machine.time()) > 0:
            if look.next_at is not None:
                due_s = (look.next_at - clock.now()).total_seconds()
                if due_s <= 0:
                    return
                left = min(left, due_s, _CLOCK_NAP_S if clock.is_moved_by_file() else left)
            try:
                async with asyncio.timeout(left):
                    await self._news.wait()
            except TimeoutError:
                continue

    async def _claim(self, lane: Lane, permits: int, *, paid: bool = False) -> list[ClaimedMessage]:
        """As many as there are permits for; those that are not used go back to the limiter."""
        claimed: list[ClaimedMessage] = []
        try:
            children = self._gate.is_open
            claimed = await claim_messages(lane, permits, self._lease_s, self._owner, children=children, paid=paid)
        finally:
            if len(claimed) < permits:
                self._look = None
                await self._limiter.give_back(permits - len(claimed), paid=paid)
        return claimed

    async def _send(self, claimed: ClaimedMessage) -> Outcome:
        about = {"notification_id": claimed.id, "type": claimed.kind}
        with (
            tracing(claimed.trace_id),
            log_context(handler=_HANDLER),
            error_context(user_id=claimed.telegram_id, handler=_HANDLER, parameters=about),
        ):
            return await self._send_traced(claimed)

    async def _send_traced(self, claimed: ClaimedMessage) -> Outcome:
        outcome: Outcome
        try:
            outcome = await self._transport.deliver(await self._drawer.with_picture(claimed))
        except UnavailableError as error:
            count_error(error)
            outcome = NotTaken(error.code)
        except Exception as error:  # an edge: whatever went wrong, the message is accounted for
            count_error(error)
            logger.error("transport_failed", notification_id=claimed.id, exc_info=error)
            outcome = Unclear("transport_failed")
        self._health.learn(outcome)
        if isinstance(outcome, ChatBlocked):
            await self._remember_blocked(claimed.telegram_id)
        elif await self._payment.learn(claimed, outcome):  # before it is recorded: then it is claimed at the free rate
            self._look = None
        return outcome

    def _ended(self, claimed: ClaimedMessage, task: asyncio.Task[Outcome]) -> None:
        """However a message's task has ended, something is written down of it: the count of open ones never leaks."""
        self._sending.discard(task)
        cut_short = task.cancelled() or task.exception() is not None
        self._record(claimed, Unclear(Reason.SENDER_STOPPED) if cut_short else task.result())

    def _record(self, claimed: ClaimedMessage, outcome: Outcome) -> None:
        self._drawer.leave_out(claimed)
        jitter = random.random()  # noqa: S311 - spreads retries, guards nothing
        self._recorder.add(PendingOutcome(claimed, delivery_record(claimed, outcome, jitter), clock.now()))

    async def _remember_blocked(self, telegram_id: int) -> None:
        """Best before the outcome is recorded: until then the message's row keeps others from this chat."""
        try:
            await mark_chat_blocked(telegram_id)
        except Exception as error:  # noqa: BLE001 - an edge: what became of the message is known all the same
            count_error(error)  # the next message to this chat finds it blocked again
            logger.warning("chat_not_marked", reason=type(error).__name__)


def _until_next_claim_s(claimed: int, permits: Permits) -> float:
    if claimed == permits.count:
        return permits.wait_s
    return 0.0 if claimed else _CLAIM_AGAIN_S


def _is_judged(claimed: ClaimedMessage) -> bool:
    """Whether the platform, or what its parent has chosen, has a say about it."""
    return claimed.student_id is not None or to_be_admitted(claimed)
