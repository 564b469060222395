"""The write-ahead mark of an answer: before the first message of an update goes out, its row says so.

Telegram has no idempotency key for messages. A process that is killed between sending one and writing down that the
update has ended leaves the answer in doubt: whoever takes such an update over tells the parent (`AnswerInDoubt`) and
does not answer again. Answers that begin at the same time are marked by one statement (group commit).
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final

from aiogram import Bot
from aiogram.client.session.middlewares.base import BaseRequestMiddleware, NextRequestMiddlewareType
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType

from mentorium_core.inbox import commands as inbox
from mentorium_domain.inbox import InboxLane, TakenUpdate
from mentorium_gateways.telegram import AnswerLostError, TelegramError, TelegramUnavailableError, is_message
from mentorium_kit.errors import OutcomeUnknownError, UnavailableError
from mentorium_kit.nursery import Nursery
from mentorium_observability import get_logger
from mentorium_observability.outage import Outage

PATIENCE_S: Final = 1.0
"""For so long a database that hangs holds an answer up; then it goes out unmarked, and may come twice after a kill."""
_STALLED_S: Final = 2 * PATIENCE_S

logger = get_logger(__name__)


class ClaimLostError(Exception):
    """Another process has taken this update over, since this one has stalled for longer than its lease."""


@dataclass(slots=True, eq=False)
class OpenClaim:
    """An update in hand. `sent`: messages of its answer that are in the chat, or may be, or are about to go out.

    `marked`: its row says so. `arrived`: Telegram has certainly taken one.
    """

    update_id: int
    marks: AnswerMarks
    sent: int = 0
    marked: bool = False
    arrived: bool = False


@dataclass(frozen=True, slots=True)
class _RowMark:
    """Of one update: that its row says that its answer begins, or that it has not begun. `asked_at`: of the loop."""

    update_id: int
    begins: bool
    asked_at: float
    written: asyncio.Future[bool]


_CLAIM: Final[ContextVar[OpenClaim | None]] = ContextVar("open_claim", default=None)


class AnswerMarks:
    """Of the updates of this bot that `owner` has in hand."""

    def __init__(self, bot_id: int, owner: str, nursery: Nursery) -> None:
        self._bot_id = bot_id
        self._owner = owner
        self._nursery = nursery
        self._open: dict[int, OpenClaim] = {}
        self._taken_in_doubt = set[int]()
        self._waiting: list[_RowMark] = []
        self._is_writing = False
        self._outage = Outage(logger, "answers_not_marked")

    @contextmanager
    def answering(self, taken: TakenUpdate) -> Iterator[None]:
        """What is sent in this block answers this update.

        An update about a payment ends by its commit alone, and is done again; one in doubt is told of, not answered.
        """
        if taken.lane is InboxLane.PAYMENT:
            yield
            return
        if taken.answer_in_doubt:
            self._taken_in_doubt.add(taken.update_id)
            try:
                yield
            finally:
                self._taken_in_doubt.discard(taken.update_id)
            return
        claim = self._open[taken.update_id] = OpenClaim(taken.update_id, self)
        token = _CLAIM.set(claim)
        try:
            yield
        finally:
            _CLAIM.reset(token)
            if self._open.get(taken.update_id) is claim:
                del self._open[taken.update_id]

    def is_open(self, claim: OpenClaim) -> bool:
        """False for what was begun by an update and goes on after its end."""
        return self._open.get(claim.update_id) is claim

    def in_doubt(self) -> set[int]:
        """The updates in hand of whose answer something is in the chat, or may be."""
        begun = {claim.update_id for claim in self._open.values() if claim.marked and claim.sent}
        return begun | self._taken_in_doubt

    async def mark(self, update_id: int) -> None:
        """Return when the row says it. ClaimLostError where the update is no longer this owner's to answer."""
        if not await self._ask(update_id, begins=True):
            raise ClaimLostError

    async def unmark(self, update_id: int) -> None:
        """Telegram has certainly not taken what was marked: whoever takes the update over answers it in full."""
        await self._ask(update_id, begins=False)

    async def _ask(self, update_id: int, *, begins: bool) -> bool:
        loop = asyncio.get_running_loop()
        asked = _RowMark(update_id, begins, loop.time(), loop.create_future())
        self._waiting.append(asked)
        if not self._is_writing:
            self._is_writing = True
            self._nursery.start(self._write(), name="mark-answers", fresh_context=True)
        return await asked.written

    async def _write(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting, []
                ours: set[int] | None = None
                try:
                    ours = await self._written(batch)
                finally:  # whatever became of the mark, nobody waits for it for ever
                    for one in batch:
                        _settle(one.written, ours is None or one.update_id in ours)
        finally:
            self._is_writing = False
            for one in self._waiting:
                _settle(one.written, True)
            self._waiting = []

    async def _written(self, batch: list[_RowMark]) -> set[int] | None:
        """Those that are this owner's; None where that cannot be known. The parent is not left without an answer.

        Patience that has long run out when it is looked at says that this process has stalled: then another may have
        taken over, and the database is asked once more.
        """
        loop, asked_at = asyncio.get_running_loop(), batch[0].asked_at  # the first has waited for longest
        for may_repeat in (True, False):
            if loop.time() - asked_at > _STALLED_S:
                asked_at = loop.time()
            try:
                async with asyncio.timeout_at(asked_at + PATIENCE_S):
                    ours = await self._write_rows(batch)
            except (UnavailableError, OutcomeUnknownError, TimeoutError) as error:
                if may_repeat and loop.time() - asked_at > _STALLED_S:
                    continue
                self._outage.failed(error)
                return None
            self._outage.over()
            return ours
        raise AssertionError("the second try returns")

    async def _write_rows(self, batch: list[_RowMark]) -> set[int]:
        """What is unmarked and marked in one batch was refused before it began again."""
        begun = tuple(mark.update_id for mark in batch if mark.begins)
        refused = tuple(mark.update_id for mark in batch if not mark.begins)
        if refused:
            await inbox.answers_not_taken(self._bot_id, refused, self._owner)
        return await inbox.begin_answers(self._bot_id, begun, self._owner) if begun else set()


def has_arrived() -> bool:
    """Whether something of the answer to the update that this is about is in the chat: then it is not begun anew."""
    claim = _CLAIM.get()
    return claim is not None and claim.arrived


@contextmanager
def beside_the_answer() -> Iterator[None]:
    """What is sent in this block does not answer the update: a kill behind it leaves the answer in no doubt."""
    token = _CLAIM.set(None)
    try:
        yield
    finally:
        _CLAIM.reset(token)


class MarkAnswers(BaseRequestMiddleware):
    """Request middleware of the bot's session, the innermost: what is marked goes out at once.

    Drafts, edits and answers to presses are not marked: done twice they are the same.
    """

    async def __call__(
        self, make_request: NextRequestMiddlewareType[TelegramType], bot: Bot, method: TelegramMethod[TelegramType]
    ) -> Response[TelegramType]:
        claim = _CLAIM.get()
        if claim is None or not is_message(method) or not claim.marks.is_open(claim):
            return await make_request(bot, method)
        claim.sent += 1
        try:
            if not claim.marked:
                await claim.marks.mark(claim.update_id)
                claim.marked = True
            answer = await make_request(bot, method)
        except AnswerLostError:
            raise
        except (TelegramError, ClaimLostError) as error:  # Telegram has certainly not taken it
            claim.sent -= 1
            if not claim.sent and isinstance(error, TelegramUnavailableError):  # it may be long before it does
                claim.marked = False
                await claim.marks.unmark(claim.update_id)
            raise
        claim.arrived = True
        return answer


def _settle(written: asyncio.Future[bool], ours: bool) -> None:
    if not written.done():
        written.set_result(ours)
