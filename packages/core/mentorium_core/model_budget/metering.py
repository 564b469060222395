"""What a call will cost at most, and what it has cost: by the service's count, or by ours where it did not say."""

from __future__ import annotations

import json
from collections.abc import Sequence

from mentorium_ai_client import (
    Finished,
    JsonSchema,
    Message,
    Restarted,
    StreamEvent,
    TextDelta,
    Tool,
    ToolCalls,
    Usage,
    count_message_tokens,
    count_tokens,
)
from mentorium_core.model_budget.model import Estimate, Spent
from mentorium_core.model_budget.prices import ModelPrice


def estimate_of(
    price: ModelPrice, messages: Sequence[Message], tools: Sequence[Tool], schema: JsonSchema | None, reply_tokens: int
) -> Estimate:
    """What is sent, and the longest answer; the tokenizer has to be loaded."""
    sent = count_message_tokens(messages, tools)
    if schema is not None:
        sent += count_tokens(json.dumps([schema.name, schema.schema], ensure_ascii=False))
    return Estimate(sent, reply_tokens, price.micro_usd(sent, reply_tokens))


class UsageMeter:
    """Listens to an answer. One that broke off or was stopped is counted by what had come of it."""

    def __init__(self, price: ModelPrice, estimate: Estimate) -> None:
        self._price = price
        self._estimate = estimate
        self._input_tokens = 0
        self._output_tokens = 0
        self._pieces: list[str] = []
        self._usage: Usage | None = None

    def hear(self, event: StreamEvent) -> None:
        match event:
            case TextDelta(text):
                self._pieces.append(text)
            case ToolCalls(calls):
                self._pieces += [f"{call.name} {call.arguments_json}" for call in calls]
            case Restarted():
                self._count_what_came()
            case Finished(_, _, usage):
                self._usage = usage

    def spent(self) -> Spent:
        """What the whole call has used, attempts that broke off included. Of one that never began: nothing."""
        if self._usage is not None and self._usage.input_tokens:
            self._input_tokens += self._usage.input_tokens
            self._output_tokens += self._usage.output_tokens
            self._pieces.clear()
        self._count_what_came()
        cost = self._price.micro_usd(self._input_tokens, self._output_tokens)
        return Spent(self._input_tokens, self._output_tokens, cost)

    def _count_what_came(self) -> None:
        if self._pieces:
            self._input_tokens += self._estimate.input_tokens
            self._output_tokens += count_tokens("".join(self._pieces))
            self._pieces.clear()
