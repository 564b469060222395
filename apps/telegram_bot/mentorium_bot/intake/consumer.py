"""The inbox's consumer: claims stored updates, hands each to the dispatcher, and ends it.

One chat's updates are in hand one after the other, whichever process has them; different chats side by side. Updates
about payments have a lane, and places, of their own.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Collection, Sequence
from dataclasses import replace
from typing import Any, Final, TypeVar

from aiogram import Bot, Dispatcher
from aiogram.dispatcher.event.bases import UNHANDLED
from aiogram.types import Update

from mentorium_bot.intake.admission import Admission
from mentorium_bot.intake.answer_marks import AnswerMarks, ClaimLostError, has_arrived
from mentorium_bot.intake.invalid_update import apologise
from mentorium_bot.intake.load_leveling import LoadLeveler
from mentorium_bot.intake.notices import Notices
from mentorium_bot.intake.retry_later import RetryLaterError
from mentorium_core.inbox import commands as inbox
from mentorium_core.inbox.rules import is_question, must_be_booked, pause_s, read_update, trace_of_update
from mentorium_domain.inbox import InboxLane, TakenUpdate
from mentorium_kit import clock
from mentorium_kit.backoff import backoff_s
from mentorium_kit.errors import MentoriumError, OutcomeUnknownError, UnavailableError
from mentorium_kit.nursery import Nursery
from mentorium_kit.progress import Progress
from mentorium_kit.trace import tracing
from mentorium_observability import get_logger
from mentorium_observability.metrics import count_error, inbox_updates

PLACES: Final = {InboxLane.PAYMENT: 32, InboxLane.ORDINARY: 256}
"""How many updates of a lane are in hand at once."""
LOOK_EVERY_S: Final = 2.0
"""Machine time. What others stored, or left behind when they died, is found by then at the latest."""
DATABASE_PATIENCE_S: Final = 5.0
_HEARTBEAT_S: Final = 2.0
_FIRST_PAUSE_S: Final = 0.25
_LONGEST_PAUSE_S: Final = 3.0
_LOWEST: Final = -(2**63) + 1
_REMEMBERED_FAILURES: Final = 10_000
Result = TypeVar("Result")

logger = get_logger(__name__)


class InboxConsumer:
    """`run` returns once `stop` is called; then `drain` finishes what is in hand and lets go of the rest.

    `admission`: asked before an update is handled, where whoever stored it has not (webhook mode).
    """

    def __init__(
        self,
        bot: Bot,
        dispatcher: Dispatcher,
        nursery: Nursery,
        notices: Notices,
        owner: str,
        admission: Admission | None = None,
    ) -> None:
        self._bot = bot
        self._dispatcher = dispatcher
        self._nursery = nursery
        self._notices = notices
        self._owner = owner
        self._admission = admission
        self._in_hand: dict[int, tuple[InboxLane, asyncio.Task[object]]] = {}
        self._ended: list[int] = []
        self._given_back: list[tuple[TakenUpdate, float, str]] = []
        self._to_set_aside: list[tuple[TakenUpdate, str]] = []
        self._leveler = LoadLeveler()
        self._marks = AnswerMarks(bot.id, owner, nursery)
        self._failures: dict[int, int] = {}
        self._may_wait = set[InboxLane]()
        self._told_of = set[InboxLane]()
        self._accepted = 0
        self._after = dict.fromkeys(InboxLane, _LOWEST)
        self._look_at = 0.0
        self._heartbeat_at = 0.0
        self._failed_steps = 0
        self._news = asyncio.Event()
        self._progress = Progress()
        self._stopping = False

    @property
    def in_hand(self) -> int:
        """Updates that are being handled, wait behind them, or whose end is not written down yet."""
        unwritten = len(self._ended) + len(self._given_back) + len(self._to_set_aside)
        return len(self._in_hand) + unwritten + bool(self._may_wait)

    @property
    def busy_with_updates(self) -> bool:
        """Whether an update is in hand, or its end not written down: then others of its chat cannot be taken yet."""
        return bool(self._in_hand or self._ended or self._given_back or self._to_set_aside)

    def stalled_s(self) -> float:
        """For how many seconds the loop has had something to do and has not got on."""
        return self._progress.stalled_s()

    def accept(self, taken: Sequence[TakenUpdate], waiting_in: Collection[InboxLane] = ()) -> None:
        """Handle what was claimed as it was stored; others of that batch may wait in these lanes."""
        for one in taken:
            self._begin(one)
        self._may_wait.update(waiting_in)
        self._accepted += 1
        self._news.set()

    def hear(self, payload: str) -> None:
        """Somebody has stored something, in the lane of this number; where there is none, in any."""
        self._look_into({lane for lane in InboxLane if str(lane.value) == payload} or set(InboxLane))

    def _look_into(self, lanes: Collection[InboxLane]) -> None:
        self._told_of.update(lanes)
        self._news.set()

    def stop(self) -> None:
        """Claim nothing more."""
        self._stopping = True
        self._news.set()

    async def run(self) -> None:
        released = False
        while not self._stopping:
            self._news.clear()
            self._progress.mark()
            try:
                if not released:
                    await within_patience(inbox.release_predecessors(self._owner))
                    released = True
                await self._step()
            except (UnavailableError, OutcomeUnknownError) as error:
                self._failed(error)
                await self._rest(backoff_s(self._failed_steps, _FIRST_PAUSE_S, _LONGEST_PAUSE_S))
                continue
            if self._failed_steps:
                logger.info("inbox_reached_again", failures=self._failed_steps)
                self._failed_steps = 0
                self._notices.outage_is_over()
            await self._wait_for_news()

    async def drain(self, timeout_s: float) -> None:
        """Wait for the handlers in hand; what is not done by then goes back to the inbox, for whoever lives."""
        in_hand = {task: update_id for update_id, (_, task) in self._in_hand.items()}
        left, in_doubt = set[int](), set[int]()
        if in_hand:
            _, late = await asyncio.wait(in_hand, timeout=timeout_s)
            in_doubt = self._marks.in_doubt()
            for task in late:
                task.cancel()
            if late:
                logger.warning("updates_left_in_hand", count=len(late))
                await asyncio.wait(late)
                left = {in_hand[task] for task in late} - set(self._held())  # what was held was ended all the same
        try:
            await self._write_ends()
            for ids, doubtful in ((left - in_doubt, False), (left & in_doubt, True)):
                if ids:
                    await within_patience(inbox.release(self._bot.id, ids, self._owner, in_doubt=doubtful))
        except (UnavailableError, OutcomeUnknownError) as error:
            self._failed(error)  # their leases run out

    async def _step(self) -> None:
        await self._write_ends()
        now = asyncio.get_running_loop().time()
        if self._in_hand and now >= self._heartbeat_at:
            await within_patience(inbox.heartbeat(self._bot.id, self._held(), self._owner))
            self._heartbeat_at = now + _HEARTBEAT_S
        looks = now >= self._look_at
        if looks:
            await within_patience(inbox.bury_dead(self._bot.id))
            self._look_at = now + LOOK_EVERY_S
        for lane in [one for one in InboxLane if looks or one in self._may_wait | self._told_of]:
            self._told_of.discard(lane)
            try:
                await self._take(lane)
            except MentoriumError:
                self._told_of.add(lane)
                raise

    async def _take(self, lane: InboxLane) -> None:
        places = PLACES[lane] - sum(held is lane for held, _ in self._in_hand.values())
        if places <= 0:
            self._may_wait.add(lane)
            return
        after, idle, accepted = self._after[lane], not self._is_busy(lane), self._accepted
        taken = await within_patience(inbox.take(self._bot.id, lane, places, after=after, owner=self._owner))
        self._after[lane] = taken[-1].chat_id if len(taken) == places else _LOWEST
        if len(taken) == places or after != _LOWEST:
            self._look_into({lane})  # there may be more, behind these chats or before the first that was looked at
        elif taken:
            self._may_wait.add(lane)
        elif idle and accepted == self._accepted:
            self._may_wait.discard(lane)  # with nothing in hand, what is not free now is held
        for one in taken:
            if one.tries > 1:
                logger.warning("update_taken_over", update_id=one.update_id, tries=one.tries)
            self._begin(one)

    def _is_busy(self, lane: InboxLane) -> bool:
        """Whether more of this lane may come free as soon as what is in hand is done and written down."""
        unwritten = self._ended or self._given_back or self._to_set_aside
        return bool(unwritten) or any(held is lane for held, _ in self._in_hand.values())

    async def _write_ends(self) -> None:
        """Each list is shortened only by what has been written: whatever fails is written by the next step."""
        if ended := tuple(self._ended):
            await within_patience(inbox.end(self._bot.id, ended, self._owner))
            del self._ended[: len(ended)]
            inbox_updates.labels(status="ended").inc(len(ended))
        while self._given_back:
            taken, hold_s, reason = self._given_back[0]
            await within_patience(
                inbox.give_back(
                    self._bot.id,
                    taken.update_id,
                    self._owner,
                    hold_s=hold_s,
                    reason=reason,
                    in_doubt=taken.answer_in_doubt,
                )
            )
            del self._given_back[0]
            inbox_updates.labels(status="retried").inc()
        while self._to_set_aside:
            taken, reason = self._to_set_aside[0]
            await within_patience(inbox.set_aside(self._bot.id, taken, self._owner, reason))
            del self._to_set_aside[0]

    def _begin(self, taken: TakenUpdate) -> None:
        if not self._in_hand:
            self._heartbeat_at = asyncio.get_running_loop().time() + _HEARTBEAT_S
        task = self._nursery.start(self._handle(taken), name="handle-update", fresh_context=True)
        self._in_hand[taken.update_id] = taken.lane, task
        task.add_done_callback(lambda _: self._settled(taken))

    def _held(self) -> list[int]:
        """What this process knows that it holds: a claim whose answer was lost is not kept alive, but lapses."""
        given_back = [taken.update_id for taken, *_ in self._given_back]
        return [*self._in_hand, *self._ended, *given_back, *(taken.update_id for taken, _ in self._to_set_aside)]

    def _settled(self, taken: TakenUpdate) -> None:
        self._in_hand.pop(taken.update_id, None)
        self._news.set()

    async def _handle(self, taken: TakenUpdate) -> None:
        trace = trace_of_update(self._bot.id, taken.update_id, taken.received_at)
        with tracing(trace), self._marks.answering(taken):
            await self._handle_traced(taken)

    async def _handle_traced(self, taken: TakenUpdate) -> None:
        try:
            await self._read_and_feed(taken)
        except Exception as error:  # the last edge: what is taken is ended, or it would hold up its chat for ever
            count_error(error, of_payment=taken.lane is InboxLane.PAYMENT)
            logger.error("update_failed", update_id=taken.update_id, code=type(error).__name__, exc_info=error)
            if taken.lane is InboxLane.PAYMENT:
                self._try_again(taken, type(error).__name__)
            else:
                self._ended.append(taken.update_id)

    async def _read_and_feed(self, taken: TakenUpdate) -> None:
        raw: dict[str, Any] = json.loads(taken.content)
        if is_question(raw, taken.kind):
            await self._leveler.turn()
        if self._admission is not None and not self._is_admitted(raw, self._admission):
            self._ended.append(taken.update_id)
            return
        try:
            update = Update.model_validate(raw, context={"bot": self._bot})
            json.dumps(raw, ensure_ascii=False).encode()  # neither Telegram nor the database takes half a character
            _ = update.event_type
        except Exception as error:  # noqa: BLE001 - the edge: pydantic lets some errors of its converters through
            kinds = sorted(raw.keys() - {"update_id"})
            logger.error("update_unreadable", update_id=taken.update_id, kinds=kinds, reason=type(error).__name__)
            await apologise(self._bot, raw)
            if taken.lane is InboxLane.PAYMENT:
                self._to_set_aside.append((taken, "unreadable"))
            else:
                self._ended.append(taken.update_id)
            return
        await self._feed(update, taken)

    def _is_admitted(self, raw: dict[str, Any], admission: Admission) -> bool:
        update = read_update(raw)
        return update is None or admission.admits(update, raw)

    async def _feed(self, update: Update, taken: TakenUpdate) -> None:
        try:
            result = await self._dispatcher.feed_update(self._bot, update, taken=taken, notices=self._notices)
        except RetryLaterError as later:
            self._try_again(taken, later.reason)
        except ClaimLostError:
            logger.warning("update_lost", update_id=taken.update_id)
            self._ended.append(taken.update_id)  # ends nothing: it is another's
        except Exception as error:  # the last edge: one bad update must not hold up its chat for ever
            count_error(error, of_payment=taken.lane is InboxLane.PAYMENT)
            code = error.code if isinstance(error, MentoriumError) else type(error).__name__
            logger.error("update_failed", update_id=update.update_id, code=code, exc_info=error)
            if taken.lane is InboxLane.PAYMENT:
                self._try_again(taken, code)
            else:
                self._ended.append(taken.update_id)
        else:
            if result is UNHANDLED and taken.lane is InboxLane.PAYMENT:
                logger.error("payment_without_handler", update_id=update.update_id, kind=taken.kind)
                self._try_again(taken, "no handler")
            else:
                self._failures.pop(taken.update_id, None)
                self._ended.append(taken.update_id)

    def _try_again(self, taken: TakenUpdate, reason: str) -> None:
        failures = self._failures[taken.update_id] = self._failures.get(taken.update_id, 0) + 1
        if len(self._failures) > _REMEMBERED_FAILURES:
            self._failures.clear()
        hold_s = pause_s(clock.now() - taken.received_at, taken.lane, taken.kind, failures)
        if hold_s is not None:
            in_doubt = taken.answer_in_doubt or has_arrived()
            self._given_back.append((replace(taken, answer_in_doubt=in_doubt), hold_s, reason))
        elif must_be_booked(taken.lane, taken.kind):
            self._to_set_aside.append((taken, reason))
        else:
            self._ended.append(taken.update_id)

    def _failed(self, error: MentoriumError) -> None:
        self._failed_steps += 1
        count_error(error)
        if self._failed_steps & (self._failed_steps - 1) == 0:  # the 1st, 2nd, 4th, ...: an outage fills no log
            logger.warning("inbox_not_reached", code=error.code, failures=self._failed_steps)

    async def _wait_for_news(self) -> None:
        if self._ended or self._given_back or self._to_set_aside or self._stopping:
            return
        until = min(self._look_at, self._heartbeat_at) if self._in_hand else self._look_at
        await self._rest(max(until - asyncio.get_running_loop().time(), 0.0))

    async def _rest(self, seconds: float) -> None:
        self._progress.rest()
        try:
            async with asyncio.timeout(seconds):
                await self._news.wait()
        except TimeoutError:
            return


async def within_patience(work: Awaitable[Result]) -> Result:
    """A database that hangs is one that is away."""
    try:
        async with asyncio.timeout(DATABASE_PATIENCE_S):
            return await work
    except TimeoutError as error:
        raise UnavailableError("bot_db_unavailable", reason="no answer in time") from error
