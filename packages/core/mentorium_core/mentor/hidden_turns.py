"""What was said before, as it may be sent: hidden once a text, and kept beside it with the version of its rules."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from mentorium_ai_client import AssistantMessage, Message, UserMessage
from mentorium_core.identity.model import ParentView
from mentorium_core.mentor.conversation import CONTEXT_MESSAGES
from mentorium_core.pseudonymisation.tokens import Tokens
from mentorium_db import get_session
from mentorium_db.repositories import DialogRepository


@dataclass(frozen=True, slots=True)
class HiddenTurn:
    """A question and its answer with tokens in place of names; `contacts` are those that the two hold, by token.

    `version` is that of the tokens: who the family are, and by which rules their names are hidden.
    """

    question: str
    answer: str
    contacts: dict[str, str]
    version: str

    @classmethod
    def of(cls, hidden_question: str, answer: str, tokens: Tokens) -> HiddenTurn:
        """A turn whose question `tokens` have hidden already."""
        hidden_answer = tokens.hide(answer)
        contacts = tokens.contacts_in(hidden_question) | tokens.contacts_in(hidden_answer)
        return cls(hidden_question, hidden_answer, contacts, tokens.version)

    def to_dict(self) -> dict[str, Any]:
        return {"question": self.question, "answer": self.answer, "contacts": self.contacts}


async def recall_turns(parent: ParentView, student_ids: Collection[int], tokens: Tokens) -> list[Message]:
    """The last questions that were answered from the data of these children alone, with their answers, oldest first,
    as they may be sent.

    What was hidden by other rules, or before somebody's name was known, is hidden anew and kept.
    """
    version = tokens.version
    async with get_session() as session:
        earlier = await DialogRepository(session).recent(parent.telegram_id, student_ids, CONTEXT_MESSAGES)
    said: list[Message] = []
    anew: dict[int, dict[str, Any]] = {}
    for dialog in earlier:
        if dialog.hidden is not None and dialog.hidden_by == version:
            contacts = dialog.hidden["contacts"]
            question = tokens.adopt(dialog.hidden["question"], contacts)
            answer = tokens.adopt(dialog.hidden["answer"], contacts)
        else:
            turn = HiddenTurn.of(tokens.hide(dialog.user_message), dialog.ai_reply or "", tokens)
            anew[dialog.id] = turn.to_dict()
            question, answer = turn.question, turn.answer
            await asyncio.sleep(0)  # each text takes its milliseconds: others get their turn in between
        said += [UserMessage(question), AssistantMessage(answer)]
    if anew:
        async with get_session() as session:
            await DialogRepository(session).keep_hidden(anew, version)
    return said
