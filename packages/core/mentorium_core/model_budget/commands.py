"""Reserving what a call to the language model may cost, and settling what it did cost."""

from __future__ import annotations

from sqlalchemy.exc import IntegrityError

from mentorium_core.model_budget.model import Estimate, Limits, ModelWithheldError, Reservation, Spent, Withheld
from mentorium_db import driver_connection, get_driver
from mentorium_db.repositories import ModelBudgetRepository
from mentorium_db.repositories.model_budget import UsageKey
from mentorium_domain.enums import ModelPurpose, Severity
from mentorium_kit import clock
from mentorium_observability import EventLogService, get_logger

logger = get_logger(__name__)


async def reserve(parent_id: int, purpose: ModelPurpose, estimate: Estimate, limits: Limits) -> Reservation:
    """Keep free what the call may cost at most, on today's budgets of the parent and of everybody.

    ModelWithheldError where one of them has no room, and for a parent who is not there any more; UnavailableError if
    our database does not answer. Operators hear once a day that everybody's is used up.
    """
    now = clock.now()
    reservation = Reservation(parent_id, clock.local_day(now), purpose, estimate)
    try:
        async with driver_connection(writes=True) as driver:
            reserved = await ModelBudgetRepository(driver).reserve(
                _key(reservation),
                estimate.tokens,
                estimate.micro_usd,
                now,
                parent_tokens_limit=limits.parent_tokens,
                parent_micro_usd_limit=limits.parent_micro_usd,
                micro_usd_limit=limits.micro_usd,
            )
    except IntegrityError:  # erased at this very moment
        raise ModelWithheldError(Withheld.PARENT_BUDGET, purpose=purpose.value) from None
    if not reserved.parent:
        raise ModelWithheldError(Withheld.PARENT_BUDGET, purpose=purpose.value)
    if not reserved.everybody:
        await _tell_operators(reservation)
        raise ModelWithheldError(Withheld.DAY_BUDGET, purpose=purpose.value)
    return reservation


async def _tell_operators(refused: Reservation) -> None:
    """Once a day, whoever is refused first and in whichever process."""
    day, purpose = refused.day, refused.purpose
    async with get_driver() as driver:
        if await ModelBudgetRepository(driver).note_exhausted(day, purpose, clock.now()):
            logger.error("ai_budget_exhausted", purpose=purpose.value, day=day.isoformat())
            await EventLogService.log_system(
                "ai_budget_exhausted", severity=Severity.ERROR, purpose=purpose.value, day=day.isoformat()
            )


async def settle(reservation: Reservation, spent: Spent) -> None:
    """Free what was reserved, and write down what the call has cost; once for each reservation."""
    async with driver_connection(writes=True) as driver:
        await ModelBudgetRepository(driver).settle(
            _key(reservation),
            reservation.estimate.tokens,
            reservation.estimate.micro_usd,
            input_tokens=spent.input_tokens,
            output_tokens=spent.output_tokens,
            spent_micro_usd=spent.micro_usd,
        )


def _key(reservation: Reservation) -> UsageKey:
    return UsageKey(reservation.parent_id, reservation.day, reservation.purpose)
