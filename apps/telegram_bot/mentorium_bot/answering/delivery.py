"""Delivering a written answer: part by part, each marked before it goes out, remembered as soon as it is in the chat.

A part that was marked and not remembered when its process died is in doubt, and is not sent again: the parent is told.
What Telegram certainly has not taken is sent when it is back. Of a call whose answer was lost nobody knows: where
Telegram gives a sign of life at once, it has taken the call and only the answer was lost; where it is away, or was
silent towards everybody while the call waited, the call most likely never got there, and is made once more.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Final, Protocol

from aiogram import Bot

from mentorium_bot.answering.answer_view import AnswerView, send_file
from mentorium_bot.answering.rendering import FinalAnswer
from mentorium_bot.sign_of_life import gives_a_sign_of_life, was_most_likely_taken
from mentorium_bot.splitting import MessagePart
from mentorium_core.i18n import t
from mentorium_core.mentor.commands import record_begun, record_part
from mentorium_core.mentor.model import AbandonedQuestion, Question, QuestionLostError
from mentorium_gateways.telegram import AnswerLostError, TelegramRateLimitError, TelegramUnavailableError
from mentorium_kit.backoff import backoff_s
from mentorium_kit.errors import OutcomeUnknownError, UnavailableError
from mentorium_observability import get_logger
from mentorium_observability.metrics import count_error

DELIVERABLE_FOR_S: Final = 3600.0
"""For so long an answer waits for a Telegram that is away."""
_FIRST_PAUSE_S: Final = 0.5
_LONGEST_PAUSE_S: Final = 3.0

logger = get_logger(__name__)


class Mark(Protocol):
    """Writes down whether a message is about to go out, or has certainly not."""

    async def __call__(self, *, begins: bool) -> None: ...


@dataclass(frozen=True, slots=True)
class AnswerDelivery:
    bot: Bot

    async def deliver(
        self, chat_id: int, question: Question, answer: FinalAnswer, view: AnswerView, begin: int
    ) -> None:
        """Leave the parts behind the first `begin` ones, and the whole as a file where there is one.

        QuestionLostError where somebody else has the question now; TelegramError where it will never be taken.
        """
        last = len(answer.parts) + (answer.whole is not None)
        for number, part in enumerate(answer.parts, 1):
            if number > begin:
                leave = partial(view.leave, part)
                await self.send(leave, partial(self._mark, question, number))
                await self._remember(question, number, last=number == last)
        if (whole := answer.whole) is not None and begin < last:
            caption = t(question.language, "dialog-whole-answer")
            await self.send(partial(send_file, self.bot, chat_id, whole, caption), partial(self._mark, question, last))
            await self._remember(question, last, last=True)

    async def go_on(self, chat_id: int, left: AbandonedQuestion, answer: FinalAnswer, view: AnswerView) -> None:
        """Deliver what another process has left of this answer. Errors as of `deliver`."""
        await self._mark(left.question, left.parts_delivered + 1, begins=True)
        await self.deliver(chat_id, left.question, answer, view, left.parts_delivered)

    async def tell_in_doubt(self, left: AbandonedQuestion, view: AnswerView) -> None:
        """The question is over: its answer has most likely arrived, and the parent asks again where it has not."""
        logger.warning("answer_in_doubt", dialog_id=left.question.dialog_id, tries=left.tries)
        await self.send(partial(view.leave, MessagePart(t(left.question.language, "inbox-answer-in-doubt"))))
        await self._remember(left.question, left.parts_delivered, last=True)

    async def send(self, call: Callable[[], Awaitable[None]], mark: Mark | None = None) -> None:
        """Make this call until Telegram has taken it, as far as can be known.

        `mark` hears when Telegram has certainly not taken it, and before it is made again.
        """
        clock, failures, repeated = asyncio.get_running_loop(), 0, False
        began = clock.time()
        while True:
            try:
                return await call()
            except TelegramUnavailableError as error:
                failures += 1
                count_error(error)
                if clock.time() - began > DELIVERABLE_FOR_S:
                    raise
                if failures == 1:
                    logger.warning("answer_waits_for_telegram", code=error.code)
                if mark is not None:
                    await mark(begins=False)
                await asyncio.sleep(_pause_s(error, failures))
                if mark is not None:
                    await mark(begins=True)
            except AnswerLostError as error:
                count_error(error)
                if repeated or await was_most_likely_taken(self.bot, error):
                    logger.warning("answer_most_likely_delivered", reason=error.description)
                    return None
                repeated = True
                while not await gives_a_sign_of_life(self.bot) and clock.time() - began < DELIVERABLE_FOR_S:
                    failures += 1
                    await asyncio.sleep(backoff_s(failures, _FIRST_PAUSE_S, _LONGEST_PAUSE_S))

    async def _mark(self, question: Question, part: int, *, begins: bool) -> None:
        """Where that cannot be written the parent is not left without an answer: after a kill it may come twice."""
        try:
            ours = await record_begun(question, part if begins else part - 1)
        except (UnavailableError, OutcomeUnknownError) as error:
            count_error(error)
            return
        if not ours:
            raise QuestionLostError("question_lost")

    async def _remember(self, question: Question, parts: int, *, last: bool) -> None:
        """However the database fails: what is in the chat is in the chat."""
        failures = 0
        while True:
            try:
                ours = await record_part(question, parts, last=last)
            except (UnavailableError, OutcomeUnknownError) as error:
                failures += 1
                count_error(error)
                if failures == 1:
                    logger.warning("delivery_not_written", code=error.code)
                await asyncio.sleep(backoff_s(failures, _FIRST_PAUSE_S, _LONGEST_PAUSE_S))
                continue
            if not ours and not (failures and last):
                raise QuestionLostError("question_lost")
            return


def _pause_s(error: TelegramUnavailableError, failures: int) -> float:
    if isinstance(error, TelegramRateLimitError):
        return error.retry_after_s
    return backoff_s(failures, _FIRST_PAUSE_S, _LONGEST_PAUSE_S)
