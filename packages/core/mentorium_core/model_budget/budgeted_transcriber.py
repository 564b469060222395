"""The speech service within the budget of the talk: a voice message is paid for by the minute, before it is sent."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Any, Final, Protocol

from mentorium_core.model_budget.circuit_breaker import CircuitBreaker
from mentorium_core.model_budget.commands import reserve
from mentorium_core.model_budget.model import MICRO, Estimate, Limits, Spent
from mentorium_core.model_budget.settling import reserve_beside, settled
from mentorium_domain.enums import ModelPurpose
from mentorium_kit.errors import RefusedError, UnavailableError
from mentorium_kit.nursery import Nursery

_LEAST_S: Final = 1.0
_MINUTE_S: Final = 60


class SpeechService(Protocol):
    """Writes down what it hears; `OpenAITranscriber` of the gateways is one."""

    async def transcribe(self, sound: bytes, timeout_s: float) -> str:
        """UnavailableError where it does not answer within `timeout_s`; RefusedError for what it takes for no sound."""
        ...


@dataclass(frozen=True, slots=True)
class BudgetedTranscriber:
    """A `Transcriber` of the mentor. `minute_usd`: what the service takes for a minute, in US dollars.

    It shares the parent's day with the answers: whoever speaks a lot has fewer of them, and the other way round.
    Settling is done beside the caller, in the nursery.
    """

    service: SpeechService
    minute_usd: Decimal
    limits: Limits
    nursery: Nursery
    breaker: CircuitBreaker = field(default_factory=CircuitBreaker)

    async def transcribe(self, sound: bytes, seconds: float, *, parent_id: int, timeout_s: float) -> str:
        """As the service's own; ModelWithheldError, too, where it is not asked at all."""
        cost = math.ceil(self.minute_usd * MICRO * Decimal(max(seconds, _LEAST_S)) / _MINUTE_S)
        spent = cost
        with self.breaker.call() as call:
            reservation = await reserve_beside(
                self.nursery, reserve(parent_id, ModelPurpose.CHAT, Estimate(0, 0, cost), self.limits)
            )
            try:
                call.begun = True
                words = await self.service.transcribe(sound, timeout_s)
                call.finished = True
            except RefusedError:
                call.finished, spent = True, 0  # the service is well: it is the file that is not
                raise
            except UnavailableError:
                spent = 0
                raise
            finally:
                self.nursery.start(settled(reservation, Spent(0, 0, spent)), name="settle-transcription-budget")
        return words


def minute_price_of(model: str) -> Decimal:
    """US dollars a minute; of a model that the table does not know, a guess on the dear side."""
    table = _table()
    return Decimal(table["models"].get(model, table["any_other"]))


@cache
def _table() -> dict[str, Any]:
    text = resources.files(__package__).joinpath("minute_prices.json").read_text("utf-8")
    table: dict[str, Any] = json.loads(text)
    return table
