"""One answer in the making: rounds with the model and the tools, names hidden on the way out and back on the way in.

What the model writes is shown sentence by sentence, each held against the facts first. With the first one that the
facts do not bear, all of it goes, and what the tools told is said in words of our own.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Final

from mentorium_ai_client import (
    AIFilteredError,
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
    UserMessage,
)
from mentorium_ai_client.history import trim_history
from mentorium_ai_client.prompts import MENTOR_SYSTEM_PROMPT, mentor_context
from mentorium_ai_client.utils import count_message_tokens
from mentorium_core.guard.model import Fact
from mentorium_core.i18n import format_list, t
from mentorium_core.mentor.answer_check import AnswerCheck
from mentorium_core.mentor.answer_writer import AnswerWriter, UnfitAnswerError
from mentorium_core.mentor.facts import EarlierFacts, ToolFacts, facts_of
from mentorium_core.mentor.model import AnswerPiece, Became, MentorEvent, Reset
from mentorium_core.mentor.ports import ModelPort
from mentorium_core.mentor.told import told
from mentorium_core.mentor.tools import PARALLEL_CALLS, Toolbox
from mentorium_core.mentor.understanding import WHOM_TO_REACH, calls_for, sentence_for
from mentorium_core.pseudonymisation.restorer import StreamingRestorer
from mentorium_core.pseudonymisation.tokens import CLOSE, OPEN
from mentorium_domain.enums import Language
from mentorium_domain.language import LANGUAGES
from mentorium_kit.clock import local_day
from mentorium_kit.errors import UnavailableError
from mentorium_kit.lull import LULL, with_lulls

ROUNDS = 4
CONTEXT_TOKENS = 4000
CONTEXT_MESSAGES = 10
CONTEXT_TURNS = CONTEXT_MESSAGES // 2
"""Questions with their answers; beside the new question the last of them that fit are sent."""
REPLY_TOKENS = 400
ANSWER_SECONDS = 25.0
SILENCE_S = 0.02
"""After so long a silence of the model's, what looks like a whole sentence is shown as one."""

_FILTERED: Final = "content_filter"
_CUT: Final = frozenset({"length", _FILTERED})


def labelled(text: str, language: str) -> str:
    """Words of a model's say that they are, once."""
    return text if text.endswith(_label(language)) else text + _label(language)


def _label(language: str) -> str:
    return f"\n\n{t(language, 'mentor-ai-label')}"


@dataclass(slots=True)
class Conversation:
    """`said` is history and question with tokens in place of names, oldest first, without the system's part.

    `earlier`: the facts of its turns. `became`, and where it was replaced the `breaches` of its words: when it stands.
    """

    model: ModelPort
    toolbox: Toolbox
    said: list[Message]
    user_id: int
    earlier: Sequence[EarlierFacts] = ()
    shown: str = ""
    tokens_used: int = 0
    model_name: str = ""
    became: Became = Became.CLEAN
    breaches: tuple[str, ...] = ()
    _calls: tuple[ToolCall, ...] = field(default=(), init=False)
    _results: list[str] = field(default_factory=list, init=False)
    _finish_reason: str = field(default="", init=False)

    @property
    def words(self) -> str:
        """The answer as it belongs into the history: without the label."""
        return self.shown.removesuffix(_label(self.toolbox.language))

    @property
    def worded_by_model(self) -> bool:
        return self.became in (Became.CLEAN, Became.CUT)

    @property
    def results(self) -> list[str]:
        """What the tools told in this turn, as JSON; whoever asks them besides the model adds to it."""
        return self._results

    @property
    def facts(self) -> tuple[Fact, ...]:
        """What the tools told in this turn."""
        return facts_of(self._results).facts

    async def events(self) -> AsyncGenerator[MentorEvent, None]:
        """Pieces and resets until the answer stands in `shown`. UnavailableError if there is none in time."""
        try:
            async with aclosing(self._from_model()) as events:
                async for event in events:
                    yield event
        except UnfitAnswerError as unfit:
            self.became, self.breaches = Became.REPLACED, unfit.breaches
            for event in self.say(self.said_instead() or told(await self._found(), self.toolbox.language)):
                yield event
        except AIFilteredError:
            self.became = Became.FILTERED
            for event in self._show(t(self.toolbox.language, "told-filtered")):
                yield event
        if not self.shown.strip():
            raise UnavailableError("ai_answer_empty")
        text = self.shown.strip()
        for event in self._show(labelled(text, self.toolbox.language) if self.worded_by_model else text):
            yield event

    async def _from_model(self) -> AsyncGenerator[MentorEvent, None]:
        deadline = asyncio.get_running_loop().time() + ANSWER_SECONDS
        for round_number in range(1, ROUNDS + 1):
            tools = self.toolbox.offered() if round_number < ROUNDS else ()
            async with aclosing(self._round(tools, deadline)) as events:
                async for event in events:
                    yield event
            if not self._calls:
                break
            for event in self._show(""):
                yield event
            results = await self.toolbox.call_all(self._calls)
            self._results += results
            self.said.append(AssistantMessage(tool_calls=self._calls))
            self.said += [ToolResult(call.id, result) for call, result in zip(self._calls, results, strict=True)]
        for event in self._ending():
            yield event

    def _ending(self) -> Iterator[MentorEvent]:
        """What is said of an answer that the service ended before its end."""
        language = self.toolbox.language
        if self._finish_reason == _FILTERED:
            self.became = Became.FILTERED
            yield from self._show(t(language, "told-filtered"))
        elif self._finish_reason == "length":
            if not self.shown.strip():
                raise UnfitAnswerError(("cut",))
            self.became = Became.CUT
            yield from self._show(f"{self.shown.rstrip()}\n\n{t(language, 'told-rest-cut')}")

    async def ask_tools(self) -> list[str]:
        """The results of the tools that the question's own words ask for, where no model has chosen any."""
        offered = {tool.name for tool in self.toolbox.offered()}
        *_, before, question = ["", *(message.text for message in self.said if isinstance(message, UserMessage))]
        calls = calls_for(question, list(self.toolbox.covered), offered, before)
        self._results = []
        for first in range(0, len(calls), PARALLEL_CALLS):
            self._results += await self.toolbox.call_all(calls[first : first + PARALLEL_CALLS])
        return self._results

    async def _found(self) -> list[str]:
        return self._results or await self.ask_tools()

    def said_instead(self) -> str | None:
        """What is said instead of figures: about others' children, health and family, to who wants a human.

        Also where the model has called a tool: figures of another child are no answer. Whom to reach, tools know.
        """
        key, children = sentence_for(self._question), self.toolbox.covered
        if key is None or (self._results and key == WHOM_TO_REACH):
            return None
        language = self.toolbox.language
        return t(language, key, names=format_list(language, [f"{OPEN}{child}{CLOSE}" for child in children]))

    def say(self, text: str) -> Iterator[MentorEvent]:
        """What makes a text of our own stand in the chat, with names in place of its tokens."""
        names = StreamingRestorer(self.toolbox.tokens, self._your_child)
        yield from self._show(names.feed(text) + names.finish())

    async def _round(self, tools: Sequence[Tool], deadline: float) -> AsyncGenerator[MentorEvent, None]:
        self._calls, self._finish_reason = (), ""
        seconds = max(deadline - asyncio.get_running_loop().time(), 0.1)
        request = self._request(tools)
        found = facts_of(self._results)
        writer = self._writer(request, found, can_call=bool(tools))
        stream = self.model.stream(
            request, tools=tools, user_id=self.user_id, reply_tokens=REPLY_TOKENS, timeout_s=seconds
        )

        def silence_s() -> float | None:
            return SILENCE_S if writer.waits_for_silence else None

        async with aclosing(stream), aclosing(with_lulls(stream, silence_s)) as events:
            async for event in events:
                if event is LULL:
                    text = writer.text_in_a_lull()
                elif isinstance(event, TextDelta):
                    writer.feed(event.text)
                    text = self.shown if self.shown.startswith(writer.text) else writer.text
                elif isinstance(event, Restarted):
                    writer, text = self._writer(request, found, can_call=bool(tools)), ""
                else:
                    self._take_the_end(event)
                    continue
                for shown in self._show(text):
                    yield shown
        if not self._calls:
            writer.finish(is_cut=self._finish_reason in _CUT)
        for shown in self._show(writer.text):
            yield shown

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

    def _writer(self, request: Sequence[Message], found: ToolFacts, *, can_call: bool) -> AnswerWriter:
        """`found`: what this turn's tools have told; of earlier turns, what those told that are in the request."""
        in_sight = {id(message) for message in request}
        earlier = [fact for turn in self.earlier if id(turn.answer) in in_sight for fact in turn.facts]
        check = AnswerCheck(
            question=self._question,
            language=Language(self.toolbox.language),
            today=local_day(self.toolbox.now),
            children=frozenset(self.toolbox.covered),
            hide=self.toolbox.tokens.hide_family,
            found=found,
            earlier=tuple(earlier),
        )
        return AnswerWriter(
            check, self.toolbox.tokens, self._your_child, may_be_a_preamble=can_call and not self._results
        )

    @property
    def _question(self) -> str:
        return next(message.text for message in reversed(self.said) if isinstance(message, UserMessage))

    @property
    def _your_child(self) -> str:
        return t(self.toolbox.language, "mentor-your-child")

    def _take_the_end(self, event: ToolCalls | Finished) -> None:
        if isinstance(event, ToolCalls):
            self._calls = event.calls
            return
        self.model_name, self._finish_reason = event.model, event.finish_reason
        self.tokens_used += event.usage.input_tokens + event.usage.output_tokens

    def _show(self, text: str) -> Iterator[MentorEvent]:
        """What makes `text` stand in the chat: the words that are missing, or all of it anew."""
        if not text.startswith(self.shown):
            self.shown = ""
            yield Reset()
        if more := text[len(self.shown) :]:
            self.shown = text
            yield AnswerPiece(more)
