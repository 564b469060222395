"""A question's life: stored, claimed, written, delivered part by part; or failed, or stopped.

`pending -> answering -> written -> answered | failed | stopped`. Only its owner moves it on; the end of a process is no
step of it. Whoever lives takes up what a dead owner has left.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final

from mentorium_core.identity.model import ParentView
from mentorium_core.mentor.conversation import Conversation
from mentorium_core.mentor.hidden_turns import HiddenTurn
from mentorium_core.mentor.model import AbandonedQuestion, Question, QuestionLostError
from mentorium_core.mentor.rules import ownerless_before, reply_language
from mentorium_db import driver_connection, get_session
from mentorium_db.repositories import DialogRepository, HotPathRepository
from mentorium_domain.enums import DialogStatus, Severity
from mentorium_kit import clock
from mentorium_kit.trace import current_trace
from mentorium_observability import EventLogService

_AT_ONCE: Final = 50


async def store_question(
    parent: ParentView, text: str, idempotency_key: str | None, now: datetime, *, owner: str, begins: bool = True
) -> Question | None:
    """Keep the question, claimed by `owner`, before anything is done about it; None if its key is known already.

    `begins`: its answer is begun at once, unless another process has an earlier question of this parent open. A
    question that comes again is nobody's loss: whoever has it answers it, and what a dead process has left is taken up
    by `take_abandoned`.
    """
    clean = text.replace("\x00", "")
    language = reply_language(clean, parent.language)
    async with driver_connection(writes=True) as driver:
        stored = await HotPathRepository(driver).store_question(
            parent.telegram_id,
            clean,
            idempotency_key=idempotency_key,
            status=DialogStatus.ANSWERING if begins else DialogStatus.PENDING,
            language=language,
            now=now,
            owner=owner,
        )
    if stored is None:
        return None
    dialog_id, behind_others = stored
    return Question(dialog_id, clean, language, owner, current_trace(), behind_others)


async def forget_conversation(parent: ParentView) -> int:
    """Leave all that was said so far out of later conversations; how many questions that were."""
    async with get_session() as session:
        return await DialogRepository(session).forget(parent.telegram_id, clock.now())


async def begin_answer(question: Question) -> None:
    """The answer to a question that waited is begun. QuestionLostError where it is no longer ours."""
    async with get_session() as session:
        _expect(await DialogRepository(session).begin(question.dialog_id, question.owner))


async def record_written(
    question: Question, conversation: Conversation, hidden: HiddenTurn, known_names: Collection[str]
) -> None:
    """The answer is there, to be delivered by whoever lives. QuestionLostError as of `begin_answer`.

    `known_names`: hashes of the names that were hidden, which stay hidden while the dialog is kept.
    """
    async with driver_connection(writes=True) as driver:
        _expect(
            await HotPathRepository(driver).write(
                question.dialog_id,
                question.owner,
                conversation.shown,
                tokens_used=conversation.tokens_used,
                model=conversation.model_name[:50],
                now=clock.now(),
                hidden=hidden.to_dict(),
                hidden_by=hidden.version,
                student_ids=conversation.toolbox.covered.values(),
                known_names=known_names,
            )
        )


async def record_part(question: Question, parts: int, *, last: bool) -> bool:
    """So many parts are in the chat; the last one ends the question. False where it is no longer ours."""
    async with driver_connection(writes=True) as driver:
        return await HotPathRepository(driver).deliver_part(question.dialog_id, question.owner, parts, last=last)


async def record_begun(question: Question, parts: int) -> bool:
    """No more than so many parts can be in the chat: the last of them is about to go out, or the next has not.

    Written before the first part by `record_written`, before the next ones by `record_part`. False as of that.
    """
    async with driver_connection(writes=True) as driver:
        return await HotPathRepository(driver).begin_part(question.dialog_id, question.owner, parts)


async def fail_question(question: Question) -> None:
    """There will be no answer; a question that is settled already, or is another's, stays as it is."""
    async with get_session() as session:
        await DialogRepository(session).fail(question.dialog_id, question.owner, clock.now())


async def fail_abandoned(left: AbandonedQuestion) -> None:
    """It has killed its process at every try, or nobody waits for it any more; an event says so."""
    async with get_session() as session:
        await DialogRepository(session).fail(left.question.dialog_id, left.question.owner, clock.now())
        await EventLogService.log_system(
            "question_given_up", severity=Severity.ERROR, dialog_id=left.question.dialog_id, tries=left.tries
        )


async def record_stop(question: Question, partial: str) -> None:
    """The parent pressed Stop."""
    async with get_session() as session:
        await DialogRepository(session).stop(question.dialog_id, question.owner, partial, clock.now())


async def take_abandoned(owner: str) -> tuple[AbandonedQuestion, ...]:
    """Claim what dead processes have left, oldest first; a live one's questions are never touched."""
    async with get_session() as session:
        left = await DialogRepository(session).take_abandoned(
            owner, _AT_ONCE, ownerless_before=ownerless_before(clock.now())
        )
        return tuple(
            AbandonedQuestion(
                question=Question(dialog.id, dialog.user_message, dialog.language, owner, dialog.trace_id),
                telegram_id=dialog.parent_telegram_id,
                asked_at=dialog.created_at,
                tries=dialog.tries,
                reply=dialog.ai_reply if dialog.status is DialogStatus.WRITTEN else None,
                parts_delivered=dialog.parts_delivered,
                in_doubt=dialog.status is DialogStatus.WRITTEN and dialog.parts_begun > dialog.parts_delivered,
                student_ids=frozenset(dialog.platform_student_ids or ()),
            )
            for dialog in left
        )


async def keep_claims(owner: str, dialog_ids: Collection[int]) -> None:
    """The heartbeat of the questions that this process has in hand."""
    async with get_session() as session:
        await DialogRepository(session).heartbeat(owner, dialog_ids)


async def release_claims(owner: str, dialog_ids: Collection[int] | None = None) -> None:
    """Whoever lives may take up at once what this owner has, or these of it. The try is not counted."""
    async with get_session() as session:
        await DialogRepository(session).release(owner, dialog_ids)


async def release_predecessors(owner: str) -> int:
    """At start: what a dead process at the same place has left is free at once."""
    async with get_session() as session:
        return await DialogRepository(session).release_predecessors(owner)


def _expect(ours: bool) -> None:
    if not ours:
        raise QuestionLostError("question_lost")
