"""What was said before, as it may be sent: hidden once a text, and kept beside it with the version of its rules."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mentorium_ai_client import AssistantMessage, Message, UserMessage
from mentorium_core.guard.model import Fact
from mentorium_core.mentor.facts import EarlierFacts, facts_from_json, facts_to_json
from mentorium_core.pseudonymisation.tokens import Tokens
from mentorium_db import get_session
from mentorium_db.repositories import DialogRepository
from mentorium_db.repositories.hot_path import EarlierTurn


@dataclass(frozen=True, slots=True)
class HiddenTurn:
    """A question and its answer with tokens in place of names; `contacts` are those that the two hold, by token.

    `version` is that of the tokens: who the family are, and by which rules their names are hidden. `facts`: what the
    tools told for it, as `facts_to_json` keeps it.
    """

    question: str
    answer: str
    contacts: dict[str, str]
    version: str
    facts: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    def of(
        cls,
        hidden_question: str,
        answer: str,
        tokens: Tokens,
        facts: Sequence[Fact] = (),
        students: Mapping[str, int] | None = None,
    ) -> HiddenTurn:
        """A turn whose question `tokens` have hidden already; `students` are the ids of those whom `facts` are of."""
        hidden_answer = tokens.hide(answer)
        contacts = tokens.contacts_in(hidden_question) | tokens.contacts_in(hidden_answer)
        kept = facts_to_json(facts, students or {})
        return cls(hidden_question, hidden_answer, contacts, tokens.version, kept)

    def to_dict(self) -> dict[str, Any]:
        return {"question": self.question, "answer": self.answer, "contacts": self.contacts, "facts": self.facts}


async def hide_turns(
    earlier: Sequence[EarlierTurn], tokens: Tokens, students: Mapping[str, int]
) -> tuple[list[Message], list[EarlierFacts]]:
    """Questions answered from the data of children who may be viewed, with their answers, as they may be sent; and the
    facts that belong to each, by the tokens that `students` have now.

    What was hidden by other rules, or before somebody's name was known, is hidden anew and kept.
    """
    version = tokens.version
    said: list[Message] = []
    facts: list[EarlierFacts] = []
    anew: dict[int, dict[str, Any]] = {}
    for turn in earlier:
        kept = turn.hidden.get("facts", []) if turn.hidden is not None else []
        if turn.hidden is not None and turn.hidden_by == version:
            contacts = turn.hidden["contacts"]
            question = tokens.adopt(turn.hidden["question"], contacts)
            answer = tokens.adopt(turn.hidden["answer"], contacts)
        else:
            hidden = HiddenTurn.of(tokens.hide(turn.user_message), turn.ai_reply, tokens)
            anew[turn.id] = {**hidden.to_dict(), "facts": kept}
            question, answer = hidden.question, hidden.answer
            await asyncio.sleep(0)  # each text takes its milliseconds: others get their turn in between
        message = AssistantMessage(answer)
        said += [UserMessage(question), message]
        facts.append(EarlierFacts(message, facts_from_json(kept, students)))
    if anew:
        async with get_session() as session:
            await DialogRepository(session).keep_hidden(anew, version)
    return said, facts
