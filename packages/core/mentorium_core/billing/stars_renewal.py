"""Renewal by Telegram: what stands, ending and resuming it here at once and at Telegram by a job."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from sqlalchemy.ext.asyncio import AsyncSession

from mentorium_db import autocommit_session, driver_of, get_session
from mentorium_db import jobs as stored_jobs
from mentorium_db.repositories import (
    AccessHotPathRepository,
    OrderRepository,
    ParentRepository,
    PaymentRepository,
    StarsSubscriptionRepository,
    SubscriptionRepository,
)
from mentorium_db.tables.payments import StarsSubscription
from mentorium_db.units import Driver
from mentorium_domain.enums import JobKind, PaymentStatus, Severity, StarsRenewal
from mentorium_kit import clock
from mentorium_kit.errors import NotFoundError
from mentorium_observability import EventLogService

TOLD_FOR: Final = timedelta(days=7)
"""So long Telegram is told to end a renewal; the job holds a Telegram id for no longer."""


class StarsRenewals(Protocol):
    """Telegram's switch of a subscription. UnavailableError: try again."""

    async def edit_renewal(self, payer_id: int, first_charge_id: str, *, is_ended: bool) -> str | None:
        """End the renewal, or allow it again. None: done; else why Telegram will not, for the team."""


@dataclass(frozen=True, slots=True)
class StarsRenewalView:
    """A subscription that Telegram has been paid for until `period_ends_at`, and what it does then.

    `stars`: whole Stars a period. `may_resume`: whether Telegram can be asked to allow it again once it is off: not
    what has failed, nor what was given back, of which it may refuse to hear.
    """

    order: str
    renewal: StarsRenewal
    period_ends_at: datetime
    stars: int
    may_resume: bool = True

    @property
    def renews(self) -> bool:
        return self.renewal is StarsRenewal.ACTIVE


def is_renewing(subscription: StarsSubscription) -> bool:
    return subscription.renewal is StarsRenewal.ACTIVE


async def get_stars_renewal(parent_id: int) -> StarsRenewalView | None:
    """The one that renews, else the one that ends last; None where no paid period runs. Outside a unit of work."""
    async with autocommit_session() as session:
        standing = await StarsSubscriptionRepository(session).list_of(parent_id, clock.now())
        found = next(filter(is_renewing, standing), standing[0] if standing else None)
        order = await OrderRepository(session).get_by_id(found.order_id) if found is not None else None
        if found is None or order is None:
            return None
        paid = await PaymentRepository(session).list_of_order(order.id)
    given_back = any(one.status is PaymentStatus.REFUNDED for one in paid)
    may_resume = found.renewal is not StarsRenewal.FAILED and not given_back
    return StarsRenewalView(order.public_id, found.renewal, found.period_ends_at, order.amount_minor, may_resume)


async def end_stars_renewal(parent_id: int) -> datetime:
    """The parent wants no more charges: until when it is paid. Harmless twice. NotFoundError where nothing runs."""
    return await _switch(parent_id, is_ended=True)


async def resume_stars_renewal(parent_id: int) -> datetime:
    """What was ended here is allowed again: when Telegram charges next, once its user has taken it up there.

    For Telegram lets a bot end a renewal, and take that back, but switches on by nobody's will but its user's: until
    it says so (`note_subscription_update`), the renewal counts as off. Harmless twice. NotFoundError where nothing
    runs.
    """
    return await _switch(parent_id, is_ended=False)


async def _switch(parent_id: int, *, is_ended: bool) -> datetime:
    """Of the one that `get_stars_renewal` shows; to end, of all."""
    now = clock.now()
    async with get_session() as session:
        subscriptions = StarsSubscriptionRepository(session)
        if not await subscriptions.list_of(parent_id, now):
            raise NotFoundError("stars_subscription_unknown")
        await OrderRepository(session).lock_all_of(parent_id)
        parent = await ParentRepository(session).lock(parent_id)
        standing = sorted(await subscriptions.list_of(parent_id, now), key=is_renewing, reverse=True)
        for one in standing if is_ended else standing[:1]:
            if one.ended_by_us is not is_ended:
                await _tell_telegram(session, one, parent.telegram_id, now, is_ended=is_ended)
                name = "stars_renewal_ended" if is_ended else "stars_renewal_allowed"
                await EventLogService.log_payment(name, parent.telegram_id)
        return standing[0].period_ends_at


async def end_renewal_of(session: AsyncSession, found: StarsSubscription, telegram_id: int, now: datetime) -> None:
    """No more charges, in the open unit of work; order and subscription at Telegram are locked. Harmless twice."""
    if not found.ended_by_us:
        await ParentRepository(session).lock(found.parent_id)
        await _tell_telegram(session, found, telegram_id, now, is_ended=True)


async def show_renewal(session: AsyncSession, parent_id: int, now: datetime) -> None:
    """`auto_renew` of the parent's subscription: whether Telegram or a saved card renews it. The parent is locked."""
    subscriptions = SubscriptionRepository(session)
    standing = await subscriptions.active_for_parent(parent_id)
    if standing is not None:
        await subscriptions.set_auto_renew(standing.id, await renews(session, parent_id, now))


async def renews(session: AsyncSession | Driver, parent_id: int, now: datetime) -> bool:
    """Whether this parent is charged again without doing anything: by Telegram, or with a saved card."""
    return await AccessHotPathRepository(await driver_of(session)).renews(parent_id, now)


async def _tell_telegram(
    session: AsyncSession, found: StarsSubscription, telegram_id: int, now: datetime, *, is_ended: bool
) -> None:
    await StarsSubscriptionRepository(session).set_ended_by_us(found.id, now, is_ended=is_ended)
    await show_renewal(session, found.parent_id, now)
    kind = JobKind.END_RENEWAL if is_ended else JobKind.RESUME_RENEWAL
    payload = {
        "charge_id": found.first_charge_id,
        "telegram_id": telegram_id,
        "until": (now + TOLD_FOR).isoformat(),
    }
    # each press has a job of its own: one that is being done may have looked before this commit
    await stored_jobs.enqueue(session, kind, payload, dedup_key=f"{kind}:{found.first_charge_id}:{now.isoformat()}")


@dataclass(frozen=True, slots=True)
class ApplyRenewal:
    """The job's part: Telegram is told what stands here at this moment; once a parent is gone, to end it."""

    telegram: StarsRenewals

    async def __call__(self, first_charge_id: str, payer_id: int, until: datetime) -> None:
        """Harmless twice. UnavailableError: to be done again."""
        if clock.now() > until:
            await EventLogService.log_system("stars_renewal_not_told", severity=Severity.CRITICAL)
            return
        told: bool | None = None
        while (is_ended := await self._is_ended(first_charge_id)) is not told:
            problem = await self.telegram.edit_renewal(payer_id, first_charge_id, is_ended=is_ended)
            if problem is not None:
                await EventLogService.log_system(
                    "stars_renewal_refused", severity=Severity.WARNING, is_ended=is_ended, problem=problem[:200]
                )
                return
            told = is_ended

    async def _is_ended(self, first_charge_id: str) -> bool:
        async with autocommit_session() as session:
            found = await StarsSubscriptionRepository(session).get_by_first_charge(first_charge_id)
        return found.ended_by_us if found is not None else True
