"""What a call may cost, what it did cost, and why there is none. Money in micro-dollars (millionths of a US dollar)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from mentorium_domain.enums import ModelPurpose
from mentorium_kit.errors import UnavailableError

MICRO: Final = 1_000_000


class ModelWithheldError(UnavailableError):
    """The language model was not asked at all, for one of the reasons of `Withheld`, which is the error's code."""

    def __init__(self, why: Withheld, **context: object) -> None:
        super().__init__(why.value, **context)
        self.why = why


class Withheld(StrEnum):
    """Why the language model was not asked."""

    PARENT_BUDGET = "ai_budget_parent"
    DAY_BUDGET = "ai_budget_day"
    CIRCUIT_OPEN = "ai_circuit_open"
    BUSY = "ai_busy"
    SWITCHED_OFF = "ai_switched_off"


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one purpose on one Tashkent day: of each parent, and of all of them together."""

    parent_tokens: int
    parent_micro_usd: int
    micro_usd: int

    @classmethod
    def of(cls, parent_tokens: int, parent_usd: Decimal, usd: Decimal) -> Limits:
        return cls(parent_tokens, int(parent_usd * MICRO), int(usd * MICRO))


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a call may use at most: what is sent, and the longest answer."""

    input_tokens: int
    output_tokens: int
    micro_usd: int

    @property
    def tokens(self) -> int:
        return self.input_tokens + self.output_tokens


@dataclass(frozen=True, slots=True)
class Reservation:
    """An estimate that is kept free in the budgets of its day until the call is settled."""

    parent_id: int
    day: date
    purpose: ModelPurpose
    estimate: Estimate


@dataclass(frozen=True, slots=True)
class Spent:
    """What a call has used, by the service's count, or by ours where the service did not say."""

    input_tokens: int
    output_tokens: int
    micro_usd: int
