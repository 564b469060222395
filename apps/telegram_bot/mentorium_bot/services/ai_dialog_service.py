"""The mentor's answers in the chats: one at a time in each, made outside the update queue so that Stop works at once.

Several processes share the chats. Whoever stores a question answers it, when those before it have been answered,
wherever that is; Stop and the end of all that a chat has are heard by every process.

A question is stored and claimed before its answer is begun, the answer before it is delivered. Only the parent stops an
answer: what a process leaves behind is taken up by whoever lives, or apologised for.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from aiogram import Bot

from mentorium_bot.answering.answer_view import DraftView, EditedMessageView
from mentorium_bot.answering.delivery import AnswerDelivery
from mentorium_bot.answering.per_chat_queue import PerChatQueue
from mentorium_bot.answering.queued_question import QueuedQuestion
from mentorium_bot.answering.rendering import FinalAnswer, final_answer
from mentorium_bot.answering.streaming import LiveAnswer
from mentorium_bot.answering.turns import Turns
from mentorium_bot.intake.consumer import within_patience
from mentorium_bot.intake.notices import Notices
from mentorium_bot.refusal_log import log_refusal
from mentorium_bot.schema_alert import tell_schema_unknown
from mentorium_bot.services.crisis_answers import CrisisAnswers
from mentorium_bot.services.telegram_names import read_telegram_names
from mentorium_bot.splitting import MessagePart
from mentorium_core.billing.model import FamilyAccess
from mentorium_core.billing.queries import GetFamilyAccess
from mentorium_core.i18n import t
from mentorium_core.identity.model import ParentView
from mentorium_core.identity.queries import find_parents
from mentorium_core.mentor import commands as mentor
from mentorium_core.mentor.answer_question import AnswerQuestion
from mentorium_core.mentor.conversation import labelled
from mentorium_core.mentor.crisis.model import CrisisNoticedError, CrisisSign
from mentorium_core.mentor.model import AbandonedQuestion, Question, QuestionLostError
from mentorium_core.mentor.other_processes import EndAnswers, drop_elsewhere, stop_elsewhere, waiting_behind
from mentorium_core.mentor.rules import is_given_up, may_still_be_read
from mentorium_domain.claims import HEARTBEAT_S
from mentorium_gateways.telegram import AnswerLostError, ChatClosedError, TelegramError, TelegramUnavailableError
from mentorium_kit import clock
from mentorium_kit.errors import MentoriumError, OutcomeUnknownError, RefusedError, UnavailableError
from mentorium_kit.nursery import Nursery
from mentorium_kit.progress import Progress
from mentorium_kit.trace import tracing
from mentorium_observability import error_context, get_logger, log_context
from mentorium_observability.metrics import count_error
from mentorium_observability.outage import Outage

MAX_WAITING_QUESTIONS: Final = 10
OTHERS_PATIENCE_S: Final = 5.0
"""Another process that has not dropped what it writes by then hangs: it will find that its questions are gone."""
_LARGEST_DRAFT_ID: Final = 2**31 - 1

logger = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Writing:
    """What is being written in a chat, and which question it answers."""

    dialog_id: int
    answer: LiveAnswer


class AnswerLaterError(Exception):
    """Our own database does not take it now: the question stays open and is taken up again."""


class AIDialogService:
    """`owner`: the name under which this process claims questions. `run` hangs on the supervisor."""

    def __init__(
        self,
        bot: Bot,
        nursery: Nursery,
        answer_question: AnswerQuestion,
        get_family_access: GetFamilyAccess,
        notices: Notices,
        owner: str,
        crisis_answers: CrisisAnswers,
    ) -> None:
        self._bot = bot
        self._nursery = nursery
        self._answer_question = answer_question
        self._get_family_access = get_family_access
        self._delivery = AnswerDelivery(bot)
        self._questions: PerChatQueue[QueuedQuestion] = PerChatQueue(nursery, self._handle)
        self._turns: Turns[QueuedQuestion] = Turns(partial(waiting_behind, owner=owner), self._questions.put)
        self._live: dict[int, _Writing] = {}
        self._notices = notices
        self._crisis_answers = crisis_answers
        self._known: set[int] = set()
        self._later: set[int] = set()
        self._closing = False
        self._outage = Outage(logger, "questions_not_looked_after")
        self._progress = Progress()
        self.owner = owner

    @property
    def busy(self) -> int:
        """Questions that wait for their answer or are being answered."""
        return len(self._questions) + len(self._turns)

    def stalled_s(self) -> float:
        """For how many seconds `run` has had questions to look after and has not got on."""
        return self._progress.stalled_s()

    def turns_stalled_s(self) -> float:
        """The same of `run_turns`: told apart, for what has stalled is what is started again."""
        return self._turns.stalled_s()

    def has_room(self, parent: ParentView) -> bool:
        """Whether one more question may wait in this chat, as far as this process knows."""
        return self._waiting(parent.telegram_id) < MAX_WAITING_QUESTIONS

    def is_free(self, parent: ParentView) -> bool:
        """Whether the next question of this chat is begun at once, unless another process answers one."""
        return not self._waiting(parent.telegram_id)

    def _waiting(self, chat_id: int) -> int:
        return self._questions.waiting(chat_id) + self._turns.waiting(chat_id)

    def ask(self, asked: QueuedQuestion) -> None:
        """Answer after the questions that this parent asked before, whichever process has them."""
        chat_id, question = asked.parent.telegram_id, asked.question
        behind_others = question.behind_others or self._turns.waiting(chat_id) > 0
        if behind_others or self._questions.waiting(chat_id):
            asked = replace(asked, family=None, waited=True)
        self._known.add(question.dialog_id)
        if behind_others:
            self._turns.put(chat_id, question.dialog_id, asked)
        else:
            self._questions.put(chat_id, asked)

    def stop(self, telegram_id: int) -> None:
        """Stop the answer that is being written in this chat, here or elsewhere; what is there of it stays."""
        if (writing := self._live.get(telegram_id)) is not None:
            writing.answer.stop()
        else:
            self._nursery.start(self._stop_elsewhere(telegram_id), name="stop-elsewhere")

    async def _stop_elsewhere(self, telegram_id: int) -> None:
        try:
            await stop_elsewhere(telegram_id, self.owner, OTHERS_PATIENCE_S)
        except (UnavailableError, OutcomeUnknownError) as error:
            count_error(error)
            logger.warning("stop_not_told", code=error.code)

    async def cancel_all(self, telegram_id: int) -> None:
        """Stop the answer that is being written, drop the questions that wait, and return when all is quiet.

        In every process; one that hangs finds out when it writes that its question is gone.
        """
        await self._drop_here(telegram_id)
        if not await drop_elsewhere(telegram_id, self.owner, OTHERS_PATIENCE_S):
            logger.warning("answers_not_dropped_elsewhere")

    def hear(self, payload: str) -> None:
        """What another process wants ended."""
        if (wish := EndAnswers.from_payload(payload)) is None:
            return
        if wish.dialog_id is None:
            self._nursery.start(self._drop_here(wish.chat_id), name="drop-answers", fresh_context=True)
        elif (writing := self._live.get(wish.chat_id)) is not None and writing.dialog_id == wish.dialog_id:
            writing.answer.stop()

    async def _drop_here(self, chat_id: int) -> None:
        dropped = self._turns.drop(chat_id)
        if (writing := self._live.get(chat_id)) is not None:
            writing.answer.stop()
        for asked in [*dropped, *await self._questions.clear(chat_id)]:
            self._known.discard(asked.question.dialog_id)
            await self._fail(asked.question)

    async def run_turns(self) -> None:
        """Until it is cancelled: begin what waited for other processes."""
        await self._turns.run()

    async def run(self) -> None:
        """Until it is cancelled: keep what this process has claimed, and take up what others have left."""
        released = False
        while True:
            self._progress.mark()
            try:
                if not released:
                    await mentor.release_predecessors(self.owner)
                    released = True
                if later := frozenset(self._later):
                    await mentor.release_claims(self.owner, later)
                    self._later -= later
                if self._known:
                    await mentor.keep_claims(self.owner, self._known)
                if not self._closing:
                    await self._take_up(await mentor.take_abandoned(self.owner))
            except (UnavailableError, OutcomeUnknownError) as error:
                self._outage.failed(error)
            else:
                self._outage.over()
            self._progress.rest()
            await asyncio.sleep(HEARTBEAT_S)

    async def close(self, timeout_s: float) -> None:
        """Begin no further answer and let those in hand finish; what is left then stays open, for whoever lives."""
        self._closing = True
        cut_short = await self._questions.drain(timeout_s)
        if self._known or cut_short:
            try:
                await within_patience(mentor.release_claims(self.owner))
            except (UnavailableError, OutcomeUnknownError) as error:
                count_error(error)  # their leases run out

    async def _take_up(self, left: tuple[AbandonedQuestion, ...]) -> None:
        """Set-based: who asked is read at once for all."""
        lost = [one for one in left if one.question.dialog_id not in self._known]  # else our own stall let it lapse
        parents = await find_parents({one.telegram_id for one in lost})
        for one in lost:
            logger.warning("question_taken_over", dialog_id=one.question.dialog_id, tries=one.tries)
            if (parent := parents.get(one.telegram_id)) is None:
                await mentor.fail_abandoned(one)
                continue
            self._known.add(one.question.dialog_id)
            again = QueuedQuestion(parent, None, one.question, waited=True, left=one)
            self._turns.put(one.telegram_id, one.question.dialog_id, again)

    async def _handle(self, asked: QueuedQuestion) -> None:
        with tracing(asked.question.trace_id):
            await self._handle_traced(asked)

    async def _handle_traced(self, asked: QueuedQuestion) -> None:
        chat_id, dialog_id = asked.parent.telegram_id, asked.question.dialog_id
        try:
            if self._closing:
                return
            with (
                log_context(dialog_id=dialog_id, handler="mentor_answer"),
                error_context(user_id=chat_id, handler="mentor_answer", parameters={"dialog_id": dialog_id}),
            ):
                await self._answer(asked)
        except QuestionLostError:
            logger.warning("question_lost", dialog_id=dialog_id)
        except AnswerLaterError:
            logger.warning("question_left_for_later", dialog_id=dialog_id)
            self._later.add(dialog_id)
            self._notices.will_be_answered(chat_id, asked.question.language)
        except ChatClosedError:
            logger.info("chat_closed_to_us", dialog_id=dialog_id)
            await self._fail(asked.question)
        except TelegramError as error:
            count_error(error)
            logger.warning("answer_not_delivered", dialog_id=dialog_id, code=error.code)
            await self._fail(asked.question)
        finally:
            self._known.discard(dialog_id)

    async def _answer(self, asked: QueuedQuestion) -> None:
        chat_id, dialog_id, left = asked.parent.telegram_id, asked.question.dialog_id, asked.left
        draft = DraftView(self._bot, chat_id, dialog_id % _LARGEST_DRAFT_ID + 1)
        if left is not None:
            if left.in_doubt:
                await self._delivery.tell_in_doubt(left, draft)
                return
            if is_given_up(left.tries, left.asked_at, clock.now(), written=left.reply is not None):
                await self._settle(asked, t(asked.question.language, "dialog-left-unanswered"))
                return
            if left.reply is not None:
                if not may_still_be_read(left.student_ids, await self._family_now(asked)):
                    logger.info("answer_withheld", reason="right_ended")
                    await self._settle(asked, t(asked.question.language, "dialog-left-unanswered"))
                    return
                await self._delivery.go_on(chat_id, left, final_answer(left.reply), draft)
                logger.info("answer_delivered", taken_over=True)
                return
        asked_at = asked.asked_at if left is None else None
        edited = partial(EditedMessageView, self._bot, chat_id)
        live = LiveAnswer(self._nursery, draft, edited, asked_at, others=lambda: len(self._live))
        self._live[chat_id] = _Writing(dialog_id, live)
        try:
            await self._write_and_deliver(live, asked)
        finally:
            del self._live[chat_id]

    async def _family_now(self, asked: QueuedQuestion) -> FamilyAccess:
        try:
            return await self._get_family_access(asked.parent)
        except (UnavailableError, OutcomeUnknownError) as error:
            count_error(error)
            raise AnswerLaterError from error

    async def _write_and_deliver(self, live: LiveAnswer, asked: QueuedQuestion) -> None:
        question, language = asked.question, asked.question.language
        try:
            text = await self._write(live, asked)
        except (QuestionLostError, AnswerLaterError):
            raise
        except CrisisNoticedError as noticed:
            await self._answer_crisis(asked, noticed.sign, live)
            return
        except UnavailableError as error:
            count_error(error)
            logger.warning("mentor_unavailable", code=error.code, reason=error.context.get("reason"))
            await self._settle(asked, t(language, "dialog-unavailable"), live)
            return
        except RefusedError as error:
            log_refusal(error)
            await self._settle(asked, t(language, error.message_key), live)
            return
        except Exception as error:  # the edge of work that runs beside the update loop
            count_error(error)
            logger.error("answer_failed", exc_info=error)
            await self._settle(asked, t(language, MentoriumError.message_key), live)
            return
        if live.stopped and text.strip():
            text = labelled(text.rstrip(), language)
        answer = final_answer(text)
        if live.stopped:
            await mentor.record_stop(question, text)
            await self._say(live, answer if answer.parts else _sentence(t(language, "dialog-stopped")))
        elif answer.parts:
            await self._delivery.deliver(asked.parent.telegram_id, question, answer, live.view, 0)
        else:
            await self._settle(asked, t(language, MentoriumError.message_key), live)
        if answer.parts:
            live.words_are_shown()
        logger.info("answer_delivered", stopped=live.stopped)

    async def _write(self, live: LiveAnswer, asked: QueuedQuestion) -> str:
        """The whole answer, or what there is of it when it was stopped. Errors as of `AnswerQuestion.answer`."""
        try:
            if asked.waited:
                await mentor.begin_answer(asked.question)
            family = asked.family
            if family is None:
                family = await self._get_family_access(asked.parent)
            names = await self._names(asked)
            if live.stopped:  # while rights were asked: nothing of the answer has begun
                return ""
            return await live.write(
                self._answer_question.answer(asked.question, asked.parent, family.for_answer(), also_known_as=names)
            )
        except (UnavailableError, OutcomeUnknownError) as error:
            if not error.code.startswith("bot_db"):
                raise
            count_error(error)
            tell_schema_unknown(error, "question")
            raise AnswerLaterError from error

    async def _names(self, asked: QueuedQuestion) -> tuple[str, ...]:
        """Whoever took a question over was told no names with it; without them nothing goes to the model."""
        if asked.left is None:
            return asked.names
        try:
            return await read_telegram_names(self._bot, asked.parent.telegram_id)
        except (TelegramUnavailableError, AnswerLostError) as error:
            count_error(error)
            raise AnswerLaterError from error

    async def _say(self, live: LiveAnswer, answer: FinalAnswer) -> None:
        for part in answer.parts:
            await self._delivery.send(lambda part=part: live.view.leave(part))  # type: ignore[misc]

    async def _answer_crisis(self, asked: QueuedQuestion, sign: CrisisSign, live: LiveAnswer) -> None:
        """The fixed answer; the question is over, and no later one is answered with it in mind.

        It is over when the staff will hear of it: who dies in between leaves it to be answered twice, not unheard of.
        """

        async def say(text: str) -> None:
            await self._delivery.send(lambda: live.view.leave(MessagePart(text)))

        await self._crisis_answers.answer(sign, asked.question.language, say, asked.parent.telegram_id)
        await self._fail(asked.question)

    async def _settle(self, asked: QueuedQuestion, sentence: str, live: LiveAnswer | None = None) -> None:
        """There is no answer but this sentence: first it is said, then written down, so that nobody is left without."""
        view = live.view if live is not None else DraftView(self._bot, asked.parent.telegram_id, 1)
        await self._delivery.send(lambda: view.leave(MessagePart(sentence)))
        if asked.left is not None:
            await mentor.fail_abandoned(asked.left)
        else:
            await self._fail(asked.question)

    async def _fail(self, question: Question) -> None:
        try:
            await mentor.fail_question(question)
        except (UnavailableError, OutcomeUnknownError) as error:  # taken up again, and apologised for then
            count_error(error)
            logger.warning("failure_not_written", code=error.code)


def _sentence(text: str) -> FinalAnswer:
    return FinalAnswer([MessagePart(text)])
