"""Asking the mentor. A question is stored before its answer is made, and settled once: answered, failed or stopped."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from datetime import datetime

from mentorium_ai_client.utils import load_tokenizer
from mentorium_core.billing.service import AccessOf
from mentorium_core.identity.model import Child, ParentView
from mentorium_core.identity.service import FamilyNames
from mentorium_core.mentor.conversation import CONTEXT_MESSAGES, Conversation, spoken
from mentorium_core.mentor.model import Done, MentorEvent, ModelPort, PendingQuestion, Question
from mentorium_core.mentor.rules import reply_language
from mentorium_core.mentor.tools import ReadLearners, Toolbox
from mentorium_core.wording.tokens import Family, Tokens
from mentorium_db import get_session
from mentorium_db.repositories import DialogRepository
from mentorium_kit import clock
from mentorium_kit.errors import AccessDeniedError


class StoreQuestion:
    async def __call__(self, parent: ParentView, text: str, update_id: int | None, now: datetime) -> Question | None:
        """Keep the question before anything is done about it; None if this update has brought it before."""
        clean = text.replace("\x00", "")
        language = reply_language(clean, parent.language)
        async with get_session() as session:
            dialog_id = await DialogRepository(session).add_question(
                parent.telegram_id, clean, update_id=update_id, language=language, now=now
            )
        return Question(dialog_id, clean, language) if dialog_id is not None else None


class Mentor:
    """Answers stored questions. What is sent to `model` holds no name, phone, e-mail or Telegram id."""

    def __init__(self, model: ModelPort, read_facts: ReadLearners, access_of: AccessOf) -> None:
        self._model = model
        self._read_facts = read_facts
        self._access_of = access_of
        self._family_names = FamilyNames()

    async def answer(
        self, question: Question, parent: ParentView, children: Sequence[Child], *, also_known_as: Sequence[str] = ()
    ) -> AsyncGenerator[MentorEvent, None]:
        """The answer as it is written, ending with Done; what became of it is stored.

        `children` are those the parent may view now, `also_known_as` the parent's names in Telegram. To stop it, close
        the generator (`contextlib.aclosing`) or cancel its task: what was shown is kept. UnavailableError if the model
        or a database does not answer, AccessDeniedError if no child is covered; the question has then failed.
        """
        conversation: Conversation | None = None
        try:
            conversation = await self._conversation(question, parent, children, also_known_as)
            async with aclosing(conversation.events()) as events:
                async for event in events:
                    yield event
            await _answered(question.dialog_id, conversation)
        except (asyncio.CancelledError, GeneratorExit):
            await _stopped(question.dialog_id, conversation.shown if conversation is not None else "")
            raise
        except BaseException:
            await FailQuestion()(question.dialog_id)
            raise
        yield Done(conversation.shown)

    async def _conversation(
        self, question: Question, parent: ParentView, children: Sequence[Child], also_known_as: Sequence[str]
    ) -> Conversation:
        now = clock.now()
        access = await self._access_of(parent, children, now)
        if not access.any:
            raise AccessDeniedError("no_child_covered")
        tokens = Tokens(await self._family(parent, children, also_known_as))
        by_token = {f"C{number}": child.student_id for number, child in enumerate(children, 1)}
        covered = {token: student_id for token, student_id in by_token.items() if student_id in access.covered}
        toolbox = Toolbox(
            read_facts=self._read_facts,
            covered=covered,
            others=frozenset(by_token.keys() - covered.keys()),
            language=question.language,
            tokens=tokens,
            now=now,
        )
        await load_tokenizer()
        async with get_session() as session:
            earlier = await DialogRepository(session).recent(parent.telegram_id, CONTEXT_MESSAGES)
        said = [message for dialog in earlier for message in spoken(dialog.user_message, dialog.ai_reply, tokens)]
        said += spoken(question.text, None, tokens)
        return Conversation(self._model, toolbox, said, user_id=parent.parent_id)

    async def _family(self, parent: ParentView, children: Sequence[Child], also_known_as: Sequence[str]) -> Family:
        """Children first and in their order, so that the n-th is C<n>; then everybody else we know of."""
        known = await self._family_names(parent)
        here = [child.display_name for child in children]
        elsewhere = [name for name in known.children if name not in here]
        return Family.of([*here, *elsewhere], [*known.adults, *also_known_as])


class Forget:
    async def __call__(self, parent: ParentView) -> int:
        """Leave all that was said so far out of later conversations; how many questions that were."""
        async with get_session() as session:
            return await DialogRepository(session).forget(parent.telegram_id, clock.now())


class PendingQuestions:
    async def __call__(self, before: datetime) -> tuple[PendingQuestion, ...]:
        """Questions asked before this moment and never settled, oldest first: for a process that starts."""
        async with get_session() as session:
            pending = await DialogRepository(session).pending(before)
        return tuple(
            PendingQuestion(
                dialog.id, dialog.parent_telegram_id, dialog.user_message, dialog.language, dialog.created_at
            )
            for dialog in pending
        )


class FailQuestion:
    async def __call__(self, dialog_id: int) -> None:
        """There will be no answer; a question that is settled already stays as it is."""
        async with get_session() as session:
            await DialogRepository(session).fail(dialog_id, clock.now())


async def _answered(dialog_id: int, conversation: Conversation) -> None:
    async with get_session() as session:
        await DialogRepository(session).answer(
            dialog_id,
            conversation.shown,
            tokens_used=conversation.tokens_used,
            model=conversation.model_name[:50],
            now=clock.now(),
        )


async def _stopped(dialog_id: int, partial: str) -> None:
    async with get_session() as session:
        await DialogRepository(session).stop(dialog_id, partial, clock.now())
