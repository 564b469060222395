"""The tools offered to the model: they only read, and only about the children of the parent who asks.

The model names a child by its token; ids come from the session, never from the model.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from mentorium_ai_client import Tool, ToolCall
from mentorium_core.advice.model import GivenAdvice
from mentorium_core.advice.rules import TOPIC_CODES
from mentorium_core.mentor.results import Results, topic_result, trouble
from mentorium_core.mentor.rules import PeriodName, period_named
from mentorium_core.progress.model import LearnerFacts, Period, last_days, last_finished_week, week_of
from mentorium_core.pseudonymisation.tokens import CLOSE, OPEN, Tokens
from mentorium_kit.clock import local_day
from mentorium_kit.errors import UnavailableError

PARALLEL_CALLS = 2
TOPIC_DAYS = COMMENT_DAYS = 84

ReadLearners = Callable[[Sequence[int], Period], Awaitable[dict[int, LearnerFacts]]]
FindAdvice = Callable[[int], Awaitable[GivenAdvice | None]]
"""What the last report to this parent said of the one thing to improve, by the child's student id."""
TellSubscription = Callable[[str, datetime], Awaitable[str]]
"""The result of `get_subscription` in a language at a moment."""


class _AboutChild(BaseModel):
    model_config = ConfigDict(extra="forbid")

    child: str

    @field_validator("child")
    @classmethod
    def bare(cls, child: str) -> str:
        """The token without the brackets that the model may have left on it."""
        return child.strip().strip(OPEN + CLOSE).upper()


class _AboutPeriod(_AboutChild):
    period: PeriodName


class _AboutTopic(BaseModel):
    model_config = ConfigDict(extra="forbid")

    topic: str

    @field_validator("topic")
    @classmethod
    def known(cls, topic: str) -> str:
        if topic not in TOPIC_CODES:
            raise ValueError("no such topic")
        return topic


class _AboutNothing(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _RefusedError(Exception):
    def __init__(self, error: str, message: str) -> None:
        super().__init__(error)
        self.result = trouble(error, message)


@dataclass(frozen=True, slots=True)
class Toolbox:
    """The tools of one answer. `covered` are the children whom a subscription covers, `others` those it does not.

    A tool whose source is not given (`find_advice`, `tell_subscription`) says nothing of it, or is not offered.
    `stranger_named`: the question names a child who is none of these, and none who is: no child's figures are told.
    """

    read_facts: ReadLearners
    covered: dict[str, int]
    others: frozenset[str]
    language: str
    tokens: Tokens
    now: datetime
    find_advice: FindAdvice | None = None
    tell_subscription: TellSubscription | None = None
    stranger_named: bool = False

    def offered(self) -> tuple[Tool, ...]:
        return _offered(tuple(self.covered), tells_subscription=self.tell_subscription is not None)

    async def call_all(self, calls: Sequence[ToolCall]) -> list[str]:
        """One result for each call, in their order; calls beyond the second are refused."""
        results = [await self._call(call) for call in calls[:PARALLEL_CALLS]]
        too_many = trouble("bad_arguments", f"At most {PARALLEL_CALLS} calls at once; ask again for this one.")
        return results + [too_many for _ in calls[PARALLEL_CALLS:]]

    async def _call(self, call: ToolCall) -> str:
        try:
            return await self._result(call.name, call.arguments_json)
        except ValidationError as error:
            fields = ", ".join(sorted({str(part) for problem in error.errors() for part in problem["loc"]}))
            return trouble("bad_arguments", f"Arguments do not fit the schema: {fields or 'no valid JSON object'}.")
        except _RefusedError as refused:
            return refused.result
        except UnavailableError:
            return trouble(
                "unavailable", "The learning data cannot be read at the moment; it may work in some minutes."
            )

    async def _result(self, name: str, arguments: str) -> str:
        match name:
            case "get_progress":
                return await self._progress(_AboutPeriod.model_validate_json(arguments))
            case "get_topics":
                return await self._topics(_AboutChild.model_validate_json(arguments))
            case "get_tests":
                return await self._tests(_AboutPeriod.model_validate_json(arguments))
            case "get_next_steps":
                return await self._next_steps(_AboutChild.model_validate_json(arguments))
            case "get_advice":
                return await self._advice(_AboutChild.model_validate_json(arguments))
            case "get_comments":
                return await self._comments(_AboutChild.model_validate_json(arguments))
            case "explain_topic":
                return topic_result(_AboutTopic.model_validate_json(arguments).topic, self.language)
            case "get_subscription" if self.tell_subscription is not None:
                _AboutNothing.model_validate_json(arguments or "{}")
                return await self.tell_subscription(self.language, self.now)
            case _:
                return trouble("bad_arguments", "There is no such tool.")

    async def _progress(self, asked: _AboutPeriod) -> str:
        results, facts = await self._facts(asked.child, period_named(asked.period, local_day(self.now)))
        return results.progress(asked.period, facts, self.now)

    async def _topics(self, asked: _AboutChild) -> str:
        period = last_days(local_day(self.now), TOPIC_DAYS)
        results, facts = await self._facts(asked.child, period)
        advice = await self.find_advice(facts.student_id) if self.find_advice else None
        return results.topics("last_12_weeks", period, facts, advice)

    async def _tests(self, asked: _AboutPeriod) -> str:
        results, facts = await self._facts(asked.child, period_named(asked.period, local_day(self.now)))
        return results.tests(asked.period, facts)

    async def _next_steps(self, asked: _AboutChild) -> str:
        today = local_day(self.now)
        results, facts = await self._facts(asked.child, week_of(today).until(today))
        return results.next_steps(facts, today)

    async def _advice(self, asked: _AboutChild) -> str:
        results, facts = await self._facts(asked.child, last_finished_week(local_day(self.now)))
        given = await self.find_advice(facts.student_id) if self.find_advice else None
        return results.advice(facts, self.now, given)

    async def _comments(self, asked: _AboutChild) -> str:
        period = last_days(local_day(self.now), COMMENT_DAYS)
        results, facts = await self._facts(asked.child, period)
        return results.comments("last_12_weeks", facts)

    async def _facts(self, child: str, period: Period) -> tuple[Results, LearnerFacts]:
        if self.stranger_named:
            raise _RefusedError("unknown_child", "The question names no child of this parent: ask which one is meant.")
        if child in self.others:
            raise _RefusedError("not_covered", "The parent's subscription does not cover this child.")
        if child not in self.covered:
            raise _RefusedError("unknown_child", f"This parent's children are: {', '.join(self.covered)}.")
        student_id = self.covered[child]
        facts = (await self.read_facts([student_id], period)).get(student_id)
        if facts is None:
            raise _RefusedError("unavailable", "The platform shows nothing about this child at the moment.")
        return Results(child, self.language, self.tokens), facts


def _schema(**properties: object) -> dict[str, object]:
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


@lru_cache(maxsize=64)
def _offered(children: tuple[str, ...], *, tells_subscription: bool) -> tuple[Tool, ...]:
    """Depends on the tokens of the children alone, which are numbers: made once, for whoever has as many."""
    child = {"type": "string", "enum": list(children), "description": "token of the child, without brackets"}
    period = {"type": "string", "enum": [name.value for name in PeriodName]}
    topic = {"type": "string", "enum": sorted(TOPIC_CODES)}
    about_child, about_period = _schema(child=child), _schema(child=child, period=period)
    tools = [
        Tool(
            "get_progress",
            "Study time (of a week day by day), lessons, results, awards, courses of a period.",
            about_period,
        ),
        Tool("get_topics", "Strongest and weakest topics of 12 weeks; what the last report advised.", about_child),
        Tool("get_tests", "Tests of a period with results and pass marks, and tests that are due.", about_period),
        Tool("get_next_steps", "Next lessons, work due, work that is late, when courses may end.", about_child),
        Tool("get_advice", "Why it goes as it goes; what to do together tonight.", about_child),
        Tool("get_comments", "The teacher's last words, and how to reach the teacher.", about_child),
        Tool("explain_topic", "What a topic means in plain words, e.g. a neural network.", _schema(topic=topic)),
    ]
    if tells_subscription:
        tools.append(Tool("get_subscription", "Prices, and the parent's own subscription.", _schema()))
    return tuple(tools)
