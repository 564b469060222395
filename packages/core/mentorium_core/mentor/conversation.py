"""One answer in the making: rounds with the model and the tools, names hidden on the way out and back on the way in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field

from mentorium_ai_client import (
    AssistantMessage,
    Finished,
    Message,
    Restarted,
    SystemMessage,
    TextDelta,
    Tool,
    ToolCall,
    ToolCalls,
    ToolResult,
)
from mentorium_ai_client.history import trim_history
from mentorium_ai_client.prompts import MENTOR_SYSTEM_PROMPT, mentor_context
from mentorium_ai_client.utils import count_message_tokens
from mentorium_core.i18n import t
from mentorium_core.mentor.links import LinkRemover
from mentorium_core.mentor.model import AnswerPiece, MentorEvent, Reset
from mentorium_core.mentor.ports import ModelPort
from mentorium_core.mentor.tools import Toolbox
from mentorium_core.pseudonymisation.restorer import StreamingRestorer
from mentorium_core.pseudonymisation.tokens import Tokens
from mentorium_domain.language import LANGUAGES
from mentorium_kit.clock import local_day
from mentorium_kit.errors import UnavailableError

ROUNDS = 4
CONTEXT_TOKENS = 4000
CONTEXT_MESSAGES = 10
CONTEXT_TURNS = CONTEXT_MESSAGES // 2
"""Questions with their answers; beside the new question the last of them that fit are sent."""
REPLY_TOKENS = 400
ANSWER_SECONDS = 25.0


@dataclass(slots=True)
class Conversation:
    """`said` is history and question with tokens in place of names, oldest first, without the system's part."""

    model: ModelPort
    toolbox: Toolbox
    said: list[Message]
    user_id: int
    shown: str = ""
    tokens_used: int = 0
    model_name: str = ""
    _calls: tuple[ToolCall, ...] = field(default=(), init=False)

    async def events(self) -> AsyncGenerator[MentorEvent, None]:
        """Pieces and resets until the answer stands in `shown`. UnavailableError if there is none in time."""
        deadline = asyncio.get_running_loop().time() + ANSWER_SECONDS
        for round_number in range(1, ROUNDS + 1):
            tools = self.toolbox.offered() if round_number < ROUNDS else ()
            async with aclosing(self._round(tools, deadline)) as events:
                async for event in events:
                    yield event
            if not self._calls:
                break
            if self.shown:
                yield self._reset()
            results = await self.toolbox.call_all(self._calls)
            self.said.append(AssistantMessage(tool_calls=self._calls))
            self.said += [ToolResult(call.id, result) for call, result in zip(self._calls, results, strict=True)]
        self.shown = self.shown.strip()
        if not self.shown:
            raise UnavailableError("ai_answer_empty")

    async def _round(self, tools: Sequence[Tool], deadline: float) -> AsyncGenerator[MentorEvent, None]:
        self._calls = ()
        writer = self._writer()
        seconds = max(deadline - asyncio.get_running_loop().time(), 0.1)
        stream = self.model.stream(
            self._request(tools), tools=tools, user_id=self.user_id, reply_tokens=REPLY_TOKENS, timeout_s=seconds
        )
        async with aclosing(stream) as events:
            async for event in events:
                match event:
                    case TextDelta(text):
                        if piece := self._show(writer.feed(text)):
                            yield piece
                    case Restarted():
                        writer = self._writer()
                        yield self._reset()
                    case ToolCalls(calls):
                        self._calls = calls
                    case Finished(_, model, usage):
                        self.model_name = model
                        self.tokens_used += usage.input_tokens + usage.output_tokens
        if piece := self._show(writer.finish()):
            yield piece

    def _request(self, tools: Sequence[Tool]) -> list[Message]:
        context = mentor_context(
            languages=[record.prompt_name for record in LANGUAGES.values()],
            language=self.toolbox.language,
            today=local_day(self.toolbox.now),
            children=list(self.toolbox.covered),
        )
        room = CONTEXT_TOKENS - REPLY_TOKENS - count_message_tokens([], tools)
        whole = [SystemMessage(MENTOR_SYSTEM_PROMPT), SystemMessage(context), *self.said]
        return trim_history(whole, budget_tokens=room, max_messages=CONTEXT_MESSAGES)

    def _writer(self) -> _Writer:
        return _Writer(self.toolbox.tokens, t(self.toolbox.language, "mentor-your-child"))

    def _show(self, text: str) -> AnswerPiece | None:
        self.shown += text
        return AnswerPiece(text) if text else None

    def _reset(self) -> Reset:
        self.shown = ""
        return Reset()


class _Writer:
    """What the model writes, as the parent may read it: without links, with names."""

    def __init__(self, tokens: Tokens, fallback: str) -> None:
        self._links = LinkRemover()
        self._names = StreamingRestorer(tokens, fallback)

    def feed(self, text: str) -> str:
        return self._names.feed(self._links.feed(text))

    def finish(self) -> str:
        return self._names.feed(self._links.finish()) + self._names.finish()
