"""Asking the mentor. A question is stored before its answer is made, and the answer before it is delivered."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from functools import partial

from mentorium_ai_client import UserMessage
from mentorium_ai_client.utils import load_tokenizer
from mentorium_core.advice.queries import find_last_advice
from mentorium_core.billing.model import FamilyAccess
from mentorium_core.identity.model import Child, ParentView
from mentorium_core.identity.queries import get_guardian_names
from mentorium_core.mentor.commands import record_written
from mentorium_core.mentor.conversation import CONTEXT_TURNS, Conversation
from mentorium_core.mentor.crisis.model import CrisisNoticedError
from mentorium_core.mentor.crisis.rules import find_crisis, sign_of_categories
from mentorium_core.mentor.hidden_turns import HiddenTurn, hide_turns
from mentorium_core.mentor.model import Done, MentorEvent, Question
from mentorium_core.mentor.ports import ModelPort, ModerationPort
from mentorium_core.mentor.subscription_result import SubscriptionFacts
from mentorium_core.mentor.tools import ReadLearners, Toolbox
from mentorium_core.mentor.understanding import asks_of_a_stranger
from mentorium_core.mentor.without_model import with_or_without_model
from mentorium_core.model_budget.budgeted_model import SwitchedOffModel
from mentorium_core.pseudonymisation.former_names import names_key
from mentorium_core.pseudonymisation.tokens import NamedPersons, Tokens, hiding_with
from mentorium_db import driver_connection
from mentorium_db.repositories import HotPathRepository
from mentorium_kit import clock
from mentorium_kit.errors import AccessDeniedError
from mentorium_observability import get_logger
from mentorium_observability.metrics import ai_answer_guard

logger = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class AnswerQuestion:
    """Answers stored questions. What is sent to `model` holds no name, phone, e-mail, birth date or Telegram id.

    `names_secret`: what the hashes of names once known are keyed with.
    """

    model: ModelPort
    read_facts: ReadLearners
    names_secret: bytes = field(repr=False)
    moderation: ModerationPort | None = None
    subscription_facts: SubscriptionFacts | None = None

    async def answer(
        self, question: Question, parent: ParentView, family: FamilyAccess, *, also_known_as: Sequence[str] = ()
    ) -> AsyncGenerator[MentorEvent, None]:
        """The answer as it is written, ending with Done, when it is stored as written.

        `family` is what the parent may see now, `also_known_as` are the parent's names in Telegram. To stop it, close
        the generator (`contextlib.aclosing`) or cancel its task: the question is as open as before, and the caller's to
        settle, as it is after every error. A parent who wants no AI reads what the data say. UnavailableError if the
        model or a database does not answer, AccessDeniedError if no child is covered, QuestionLostError if the question
        is no longer its owner's, CrisisNoticedError if it speaks of despair or moderation flags it: then no model is
        asked.
        """
        if (sign := find_crisis(question.text)) is not None:  # it may have been spoken
            raise CrisisNoticedError(sign)
        if not family.access.any:
            raise AccessDeniedError("no_child_covered")
        async with driver_connection() as driver:
            context = await HotPathRepository(driver).answer_context(
                parent.parent_id,
                parent.telegram_id,
                [child.student_id for child in family.children],
                CONTEXT_TURNS,
            )
        adults = await get_guardian_names(context.guardian_ids, family.guardian_names)
        key = names_key(self.names_secret, parent.parent_id)
        tokens, now_known = hiding_with(
            _persons(family.children, context.children, [*adults, *also_known_as]), key, context.known_names
        )
        said, facts = await hide_turns(context.earlier, tokens, _students(family))
        asked = tokens.hide(question.text)
        toolbox = self._toolbox(question, parent, family, tokens, asked)
        if context.wants_ai:
            await self._moderate(asked)
        await load_tokenizer()
        conversation = Conversation(
            self.model if context.wants_ai else SwitchedOffModel(),
            toolbox,
            [*said, UserMessage(asked)],
            user_id=parent.parent_id,
            earlier=facts,
        )
        async with aclosing(with_or_without_model(conversation)) as events:
            async for event in events:
                yield event
        ai_answer_guard.labels(result=conversation.became.value).inc()
        if conversation.breaches:
            logger.warning("answer_replaced", breaches=conversation.breaches, model=conversation.model_name)
        hidden = HiddenTurn.of(asked, conversation.words, tokens, conversation.facts, toolbox.covered)
        await record_written(question, conversation, hidden, now_known)
        yield Done(conversation.shown)

    async def _moderate(self, asked: str) -> None:
        flagged = await self.moderation.flagged(asked) if self.moderation is not None else frozenset[str]()
        if (sign := sign_of_categories(flagged)) is not None:
            raise CrisisNoticedError(sign)

    def _toolbox(
        self, question: Question, parent: ParentView, family: FamilyAccess, tokens: Tokens, asked: str
    ) -> Toolbox:
        by_token = _students(family)
        covered = {token: student_id for token, student_id in by_token.items() if student_id in family.access.covered}
        return Toolbox(
            read_facts=self.read_facts,
            covered=covered,
            others=frozenset(by_token.keys() - covered.keys()),
            language=question.language,
            tokens=tokens,
            now=clock.now(),
            find_advice=partial(find_last_advice, parent.telegram_id),
            tell_subscription=partial(self.subscription_facts.told, parent) if self.subscription_facts else None,
            stranger_named=asks_of_a_stranger(asked, by_token),
        )


def _students(family: FamilyAccess) -> dict[str, int]:
    """The bare token of each child that the parent has now, and its student id."""
    return {f"C{number}": child.student_id for number, child in enumerate(family.children, 1)}


def _persons(here: Sequence[Child], known_children: Sequence[str], adults: Sequence[str]) -> NamedPersons:
    """Children first and in their order, so that the n-th is C<n>; then everybody else we know of."""
    shown = [child.display_name for child in here]
    return NamedPersons.of([*shown, *(name for name in known_children if name not in shown)], adults)
