"""The mentor's answers in the chats: one at a time in each, made outside the update queue so that Stop works at once.

A question is stored before its answer is begun. One that a process leaves behind is answered at the next start, or
apologised for where it has grown old.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from aiogram import Bot

from mentorium_bot.answering.answer_view import DraftView, EditedMessageView, send_file, send_part
from mentorium_bot.answering.rendering import FinalAnswer, final_answer
from mentorium_bot.answering.splitting import MessagePart
from mentorium_bot.answering.streaming import LiveAnswer
from mentorium_bot.intake.per_chat_queue import PerChatQueue
from mentorium_core.billing.model import FamilyAccess
from mentorium_core.billing.queries import GetFamilyAccess
from mentorium_core.i18n import t
from mentorium_core.identity.model import ParentView
from mentorium_core.identity.queries import find_parent
from mentorium_core.mentor.answer_question import AnswerQuestion
from mentorium_core.mentor.commands import fail_question, record_stop
from mentorium_core.mentor.model import PendingQuestion, Question
from mentorium_core.mentor.queries import list_pending_questions
from mentorium_gateways.telegram import TelegramError
from mentorium_kit import clock
from mentorium_kit.errors import MentoriumError, RefusedError, UnavailableError
from mentorium_kit.nursery import Nursery
from mentorium_observability import error_context, get_logger, log_context
from mentorium_observability.metrics import count_error

ANSWERABLE_FOR: Final = timedelta(minutes=15)
MAX_WAITING_QUESTIONS: Final = 10
_LARGEST_DRAFT_ID: Final = 2**31 - 1

logger = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class QueuedQuestion:
    """A stored question of a parent who may ask it; `names` are those the parent goes by in Telegram.

    `family` is None where rights have to be asked anew when the answer is begun.
    """

    parent: ParentView
    family: FamilyAccess | None
    question: Question
    names: tuple[str, ...] = ()


class AIDialogService:
    def __init__(
        self,
        bot: Bot,
        nursery: Nursery,
        mentor: AnswerQuestion,
        get_family_access: GetFamilyAccess,
    ) -> None:
        self._bot = bot
        self._nursery = nursery
        self._mentor = mentor
        self._get_family_access = get_family_access
        self._questions: PerChatQueue[QueuedQuestion] = PerChatQueue(nursery, self._answer)
        self._live: dict[int, LiveAnswer] = {}
        self._idle = asyncio.Event()
        self._idle.set()
        self._closing = False

    @property
    def busy(self) -> int:
        """Questions that wait for their answer or are being answered."""
        return len(self._questions)

    def has_room(self, parent: ParentView) -> bool:
        """Whether one more question may wait in this chat."""
        return self._questions.waiting(parent.telegram_id) < MAX_WAITING_QUESTIONS

    def ask(self, asked: QueuedQuestion) -> None:
        """Answer after the questions that this parent asked before."""
        chat_id = asked.parent.telegram_id
        self._questions.put(chat_id, replace(asked, family=None) if self._questions.waiting(chat_id) else asked)

    def stop(self, telegram_id: int) -> None:
        """Stop the answer that is being written; what is there of it stays."""
        if (live := self._live.get(telegram_id)) is not None:
            live.stop()

    async def cancel_all(self, telegram_id: int) -> None:
        """Stop the answer that is being written, drop the questions that wait, and return when all is quiet."""
        self.stop(telegram_id)
        await self._questions.clear(telegram_id)

    async def resume(self) -> None:
        """Take up the questions that an earlier process left behind."""
        for pending in await list_pending_questions(clock.now()):
            try:
                await self._resume_question(pending)
            except MentoriumError as error:
                count_error(error)
                logger.warning("question_not_taken_up", dialog_id=pending.dialog_id, reason=type(error).__name__)

    async def close(self, timeout_s: float) -> None:
        """Begin no further answer; let those in hand finish, then leave what there is of them.

        Questions that wait stay stored and are taken up at the next start.
        """
        self._closing = True
        try:
            async with asyncio.timeout(timeout_s):
                await self._idle.wait()
        except TimeoutError:
            for live in self._live.values():
                live.stop()

    async def _resume_question(self, pending: PendingQuestion) -> None:
        parent = await find_parent(pending.telegram_id)
        if parent is None or clock.now() - pending.asked_at > ANSWERABLE_FOR:
            await self._apologise(pending)
            return
        family = await self._get_family_access(parent)
        if not family.covered:
            await self._apologise(pending)
            return
        self.ask(QueuedQuestion(parent, family, Question(pending.dialog_id, pending.text, pending.language)))

    async def _apologise(self, pending: PendingQuestion) -> None:
        await fail_question(pending.dialog_id)
        await send_part(self._bot, pending.telegram_id, MessagePart(t(pending.language, "dialog-left-unanswered")))

    async def _answer(self, asked: QueuedQuestion) -> None:
        if self._closing:
            return
        chat_id, dialog_id = asked.parent.telegram_id, asked.question.dialog_id
        live = self._live[chat_id] = LiveAnswer(
            self._nursery,
            DraftView(self._bot, chat_id, dialog_id % _LARGEST_DRAFT_ID + 1),
            lambda: EditedMessageView(self._bot, chat_id),
        )
        self._idle.clear()
        with log_context(dialog_id=dialog_id), error_context(user_id=chat_id, handler="mentor_answer"):
            try:
                await self._leave(live, await self._write(live, asked), asked)
                logger.info("answer_delivered", stopped=live.stopped)
            except TelegramError as error:
                count_error(error)
                logger.warning("answer_not_delivered", reason=type(error).__name__)
            finally:
                del self._live[chat_id]
                if not self._live:
                    self._idle.set()

    async def _leave(self, live: LiveAnswer, answer: FinalAnswer, asked: QueuedQuestion) -> None:
        await live.leave(answer.parts)
        if answer.whole is not None:
            caption = t(asked.question.language, "dialog-whole-answer")
            await send_file(self._bot, asked.parent.telegram_id, answer.whole, caption)

    async def _family(self, asked: QueuedQuestion) -> FamilyAccess:
        if asked.family is not None:
            return asked.family
        try:
            return await self._get_family_access(asked.parent)
        except Exception:
            await fail_question(asked.question.dialog_id)
            raise

    async def _write(self, live: LiveAnswer, asked: QueuedQuestion) -> FinalAnswer:
        language = asked.question.language
        try:
            family = await self._family(asked)
            stopped_early = live.stopped
            if stopped_early:  # while rights were asked: nothing of the answer has begun that could tell
                await record_stop(asked.question.dialog_id, "")
                return _sentence(t(language, "dialog-stopped"))
            text = await live.write(
                self._mentor.answer(asked.question, asked.parent, family, also_known_as=asked.names)
            )
        except UnavailableError as error:
            count_error(error)
            logger.warning("mentor_unavailable", code=error.code)
            return _sentence(t(language, "dialog-unavailable"))
        except RefusedError as error:
            logger.info("answer_refused", code=error.code)
            return _sentence(t(language, error.message_key))
        except Exception as error:  # the edge of work that runs beside the update loop
            count_error(error)
            logger.error("answer_failed", exc_info=error)
            return _sentence(t(language, MentoriumError.message_key))
        answer = final_answer(text)
        if answer.parts:
            return answer
        return _sentence(t(language, "dialog-stopped" if live.stopped else MentoriumError.message_key))


def _sentence(text: str) -> FinalAnswer:
    return FinalAnswer([MessagePart(text)])
