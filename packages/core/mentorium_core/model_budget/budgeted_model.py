"""The language model as reports and mentor are given it: within a budget, bounded at once, left alone while it is down.

Whoever calls it needs to know nothing of that: what it withholds is an UnavailableError whose code begins with `ai_`.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from mentorium_ai_client import Finished, JsonSchema, Message, StreamEvent, Tool, load_tokenizer
from mentorium_core.model_budget.circuit_breaker import CircuitBreaker, ModelCall
from mentorium_core.model_budget.commands import reserve
from mentorium_core.model_budget.metering import UsageMeter, estimate_of
from mentorium_core.model_budget.model import Limits, ModelWithheldError, Withheld
from mentorium_core.model_budget.ports import StreamingModel
from mentorium_core.model_budget.prices import ModelPrice
from mentorium_core.model_budget.settling import reserve_beside, settled
from mentorium_domain.enums import ModelPurpose
from mentorium_kit.nursery import Nursery
from mentorium_observability import get_logger
from mentorium_observability.metrics import ai_circuit_open

PROBE_TIMEOUT_S: Final = 8.0
"""Whoever finds out whether the service is back does not wait longer than that."""
PLACE_WITHIN_S: Final = 3.0
"""In seconds: so long a call waits for one of the places, if all are taken."""

logger = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Bulkhead:
    """So many calls of a process at once; `places` is the semaphore of all purposes together."""

    places: asyncio.Semaphore
    within_s: float = PLACE_WITHIN_S

    @classmethod
    def of(cls, at_once: int) -> Bulkhead:
        return cls(asyncio.Semaphore(at_once))

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """ModelWithheldError where none becomes free in time."""
        try:
            async with asyncio.timeout(self.within_s):
                await self.places.acquire()
        except TimeoutError:
            raise ModelWithheldError(Withheld.BUSY) from None
        try:
            yield
        finally:
            self.places.release()


@dataclass(frozen=True, slots=True)
class BudgetedModel:
    """`user_id` of a call is the parent's id, who pays for it. Settling is done beside the caller, in the nursery."""

    model: StreamingModel
    price: ModelPrice
    purpose: ModelPurpose
    limits: Limits
    bulkhead: Bulkhead
    nursery: Nursery
    breaker: CircuitBreaker = field(default_factory=lambda: CircuitBreaker(_tell_circuit))

    async def stream(
        self,
        messages: Sequence[Message],
        *,
        tools: Sequence[Tool] = (),
        user_id: int | None = None,
        reply_tokens: int = 400,
        timeout_s: float | None = None,
        answer_schema: JsonSchema | None = None,
    ) -> AsyncGenerator[StreamEvent, None]:
        """As the model's own. UnavailableError too where it is withheld, or our database does not answer."""
        if user_id is None:
            raise ValueError("a call of the model needs a parent to count it for")
        await load_tokenizer()
        estimate = estimate_of(self.price, messages, tools, answer_schema, reply_tokens)
        meter = UsageMeter(self.price, estimate)
        with self.breaker.call() as call:
            async with self.bulkhead.place():
                reservation = await reserve_beside(self.nursery, reserve(user_id, self.purpose, estimate, self.limits))
                try:
                    stream = self.model.stream(
                        messages,
                        tools=tools,
                        user_id=user_id,
                        reply_tokens=reply_tokens,
                        timeout_s=_patience(call, timeout_s),
                        answer_schema=answer_schema,
                    )
                    call.begun = True
                    async with aclosing(stream) as events:
                        async for event in events:
                            meter.hear(event)
                            call.finished = isinstance(event, Finished)
                            yield event
                finally:
                    self.nursery.start(settled(reservation, meter.spent()), name="settle-model-budget")


def _tell_circuit(is_open: bool) -> None:
    ai_circuit_open.set(is_open)
    if is_open:
        logger.warning("ai_circuit_opened")
    else:
        logger.info("ai_circuit_closed")


def _patience(call: ModelCall, timeout_s: float | None) -> float | None:
    if not call.is_probe:
        return timeout_s
    return PROBE_TIMEOUT_S if timeout_s is None else min(timeout_s, PROBE_TIMEOUT_S)


@dataclass(frozen=True, slots=True)
class SwitchedOffModel:
    """In the model's place where an operator has switched it off: it answers nothing and costs nothing."""

    async def stream(self, *_: Any, **__: Any) -> AsyncGenerator[StreamEvent, None]:
        """ModelWithheldError, always."""
        raise ModelWithheldError(Withheld.SWITCHED_OFF)
        yield  # makes it a generator
