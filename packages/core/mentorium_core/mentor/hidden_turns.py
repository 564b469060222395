"""What was said before, as it may be sent: hidden once a text, and kept beside it with the version of its rules."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mentorium_ai_client import AssistantMessage, Message, UserMessage
from mentorium_core.pseudonymisation.tokens import Tokens
from mentorium_db import get_session
from mentorium_db.repositories import DialogRepository
from mentorium_db.repositories.hot_path import EarlierTurn


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


async def hide_turns(earlier: Sequence[EarlierTurn], tokens: Tokens) -> list[Message]:
    """Questions answered from the data of children who may be viewed, with their answers, as they may be sent.

    What was hidden by other rules, or before somebody's name was known, is hidden anew and kept.
    """
    version = tokens.version
    said: list[Message] = []
    anew: dict[int, dict[str, Any]] = {}
    for turn in earlier:
        if turn.hidden is not None and turn.hidden_by == version:
            contacts = turn.hidden["contacts"]
            question = tokens.adopt(turn.hidden["question"], contacts)
            answer = tokens.adopt(turn.hidden["answer"], contacts)
        else:
            hidden = HiddenTurn.of(tokens.hide(turn.user_message), turn.ai_reply, tokens)
            anew[turn.id] = hidden.to_dict()
            question, answer = hidden.question, hidden.answer
            await asyncio.sleep(0)  # each text takes its milliseconds: others get their turn in between
        said += [UserMessage(question), AssistantMessage(answer)]
    if anew:
        async with get_session() as session:
            await DialogRepository(session).keep_hidden(anew, version)
    return said
