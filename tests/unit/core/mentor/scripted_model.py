"""A language model that says what it is told to, and a family to ask about: no server, no clock."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field, replace

from mentorium_ai_client import (
    Finished,
    Message,
    Restarted,
    StreamEvent,
    TextDelta,
    Tool,
    ToolCall,
    ToolCalls,
    Usage,
    UserMessage,
)
from mentorium_core.i18n import t
from mentorium_core.mentor.conversation import Conversation
from mentorium_core.mentor.facts import EarlierFacts
from mentorium_core.mentor.model import AnswerPiece, MentorEvent, Reset
from mentorium_core.mentor.tools import Toolbox
from mentorium_core.progress.model import LearnerFacts, Period
from mentorium_core.pseudonymisation.tokens import NamedPersons, Tokens
from tests.unit.core.reports.known import NOW, aziza

AZIZA, TIMUR = 42, 77
LAST_WEEK = ToolCall("1", "get_progress", '{"child":"C1","period":"last_week"}')
TESTS = ToolCall("2", "get_tests", '{"child":"C1","period":"last_week"}')
TOPICS = ToolCall("3", "get_topics", '{"child":"C1"}')
NEXT = ToolCall("4", "get_next_steps", '{"child":"C1"}')

Said = str | float | Restarted | tuple[ToolCall, ...]
"""Words, a silence in seconds, a broken line, or calls of tools."""


@dataclass
class ScriptedModel:
    """`rounds`: what it says in each; after `ending` of the last one there is nothing more."""

    rounds: list[list[Said]]
    ending: str = "stop"
    requests: list[Sequence[Message]] = field(default_factory=list)

    async def stream(
        self,
        messages: Sequence[Message],
        *,
        tools: Sequence[Tool] = (),
        user_id: int | None = None,
        reply_tokens: int = 400,
        timeout_s: float | None = None,
    ) -> AsyncGenerator[StreamEvent, None]:
        said = self.rounds[len(self.requests)]
        self.requests.append(list(messages))
        called = False
        for one in said:
            match one:
                case str():
                    yield TextDelta(one)
                case float():
                    await asyncio.sleep(one)
                case Restarted():
                    yield one
                case _:
                    called = True
                    yield ToolCalls(one)
        yield Finished("tool_calls" if called else self.ending, "scripted", Usage(100, 20))


async def _read(student_ids: Sequence[int], period: Period) -> dict[int, LearnerFacts]:
    """Whoever asks for Timur gets his figures: the platform's reader does not know who asks."""
    facts = {AZIZA: aziza(), TIMUR: replace(aziza(), student_id=TIMUR, lessons_done=97)}
    return {student_id: replace(facts[student_id], period=period) for student_id in student_ids}


def toolbox(language: str = "en", facts: LearnerFacts | None = None) -> Toolbox:
    async def read(student_ids: Sequence[int], period: Period) -> dict[int, LearnerFacts]:
        if facts is not None:
            return dict.fromkeys(student_ids, facts)
        return await _read(student_ids, period)

    return Toolbox(
        read_facts=read,
        covered={"C1": AZIZA},
        others=frozenset(),
        language=language,
        tokens=Tokens(NamedPersons.of(["Aziza Karimova"])),
        now=NOW,
    )


@dataclass
class Talk:
    """What the parent saw of one answer, and the events that made it so."""

    conversation: Conversation
    events: list[MentorEvent]

    @property
    def shown(self) -> str:
        seen = ""
        for event in self.events:
            match event:
                case AnswerPiece(text):
                    seen += text
                case Reset():
                    seen = ""
        return seen

    @property
    def words(self) -> str:
        """What is shown, without the label of a model's words."""
        return self.shown.removesuffix(f"\n\n{t(self.conversation.toolbox.language, 'mentor-ai-label')}")

    @property
    def ever_shown(self) -> str:
        """Whatever stood in the chat at any time."""
        return "".join(event.text for event in self.events if isinstance(event, AnswerPiece))


async def talk(
    *rounds: list[Said],
    ending: str = "stop",
    question: str = "How was the week?",
    language: str = "en",
    facts: LearnerFacts | None = None,
    said: Sequence[Message] = (),
    earlier: Sequence[EarlierFacts] = (),
) -> Talk:
    model = ScriptedModel(list(rounds), ending)
    conversation = Conversation(
        model, toolbox(language, facts), [*said, UserMessage(question)], user_id=1, earlier=earlier
    )
    return Talk(conversation, [event async for event in conversation.events()])


def words(text: str) -> list[Said]:
    """As a service streams: a piece begins with its space."""
    return [piece if not number else f" {piece}" for number, piece in enumerate(text.split(" "))]
