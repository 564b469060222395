"""What time does to renewals by card: three days before an end its payer is told; what is due is charged by a job."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from mentorium_core.billing.card_notices import tell_of_charge
from mentorium_core.billing.card_renewal_rules import (
    FIRST_TRY_BEFORE,
    RETRIES_AFTER,
    TOLD_BEFORE,
    WARNED_FOR,
    first_try_at,
)
from mentorium_core.billing.model import GRACE, PriceList
from mentorium_core.billing.stars_renewal import show_renewal
from mentorium_core.notifications.quiet_hours import in_the_day_before
from mentorium_db import get_session
from mentorium_db import jobs as stored_jobs
from mentorium_db.repositories import ParentRepository, RenewalAttemptRepository
from mentorium_db.repositories.renewal_attempt import Plannable
from mentorium_domain.enums import JobKind, ProviderName
from mentorium_kit import clock
from mentorium_observability import EventLogService

A_BATCH: Final = 100
LOOKED_AT_AGAIN: Final = timedelta(minutes=10)
"""A job that was left for an attempt has so long; then another one is left."""


@dataclass(frozen=True, slots=True)
class KeepCardRenewals:
    """A duty of the ticker."""

    prices: PriceList = field(default_factory=PriceList)
    grace: timedelta = GRACE

    async def __call__(self, now: datetime, most: int = A_BATCH) -> bool:
        """A batch of what is due; whether there may be more. It joins an open unit of work."""
        async with get_session() as session:
            planned = await self._plan(session, now, most)
            attempts = RenewalAttemptRepository(session)
            due = await attempts.take_due(now, now + LOOKED_AT_AGAIN, most)
            for attempt_id, tries in due:
                await stored_jobs.enqueue(
                    session,
                    JobKind.CHARGE_CARD,
                    {"attempt_id": attempt_id, "tries": tries},
                    dedup_key=f"charge_card:{attempt_id}",
                )
        return most in {planned, len(due)}

    async def next_moment(self) -> datetime | None:
        """When there is something to do next; it may be past. None: nothing will be. It joins an open unit."""
        async with get_session() as session:
            return await RenewalAttemptRepository(session).next_moment(self._oldest_end(clock.now()), TOLD_BEFORE)

    def _oldest_end(self, now: datetime) -> datetime:
        """What ended before it is over, and renewed by nobody but its parent."""
        return now - max(RETRIES_AFTER[-1], self.grace)

    async def _plan(self, session: AsyncSession, now: datetime, most: int) -> int:
        attempts = RenewalAttemptRepository(session)
        found: Sequence[Plannable] = await attempts.plannable(
            self._oldest_end(now), now + TOLD_BEFORE, TOLD_BEFORE, most
        )
        if not found:
            return 0
        await ParentRepository(session).lock_all({one.parent_id for one in found})
        still = await attempts.plannable(self._oldest_end(now), now + TOLD_BEFORE, TOLD_BEFORE, most)
        known = {one.parent_id for one in found}
        for one in (one for one in still if one.parent_id in known):
            await self._plan_one(session, one, now)
        return len(found)

    async def _plan_one(self, session: AsyncSession, found: Plannable, now: datetime) -> None:
        # by day where that moves no charge; else at once: from then on its payer has a day
        told_at = in_the_day_before(now, found.ends_at - FIRST_TRY_BEFORE - WARNED_FOR)
        due_at = first_try_at(found.ends_at, told_at)
        amount_minor = self.prices.price(found.tariff, ProviderName.PAYME).amount_minor
        attempts = RenewalAttemptRepository(session)
        attempt_id = await attempts.plan(found, amount_minor=amount_minor, due_at=due_at, now=now)
        if attempt_id is None:
            return
        await show_renewal(session, found.parent_id, now)
        await tell_of_charge(
            found.telegram_id,
            found.language,
            attempt_id=attempt_id,
            card_id=found.card_id,
            tariff=found.tariff,
            amount_minor=amount_minor,
            masked_number=found.masked_number,
            charge_at=due_at,
            ends_at=found.ends_at,
            told_at=told_at,
        )
        await EventLogService.log_payment(
            "card_renewal_planned", found.telegram_id, attempt=attempt_id, amount_minor=amount_minor
        )
