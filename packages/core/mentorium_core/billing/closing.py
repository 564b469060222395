"""What /erase does to money: nothing of ours can charge any more, and what the provider would renew is ended there."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from mentorium_core.billing.card_outcome import leave_cancellation
from mentorium_core.billing.card_renewal import leave_removal, lock_renewals
from mentorium_core.billing.stars_return import leave_return_job
from mentorium_db import jobs
from mentorium_db.repositories import (
    OrderRepository,
    RefundRepository,
    RenewalAttemptRepository,
    SavedCardRepository,
)
from mentorium_domain.enums import JobKind

TOLD_FOR: Final = timedelta(days=7)
"""So long a provider is told to end a renewal whose parent is gone; the job holds a Telegram id for no longer."""
_PAYME_CANCELLED: Final = 10
"""PayMe's reason `unknown`: it has none for a payer who is gone."""


async def lock_orders_of(session: AsyncSession, parent_id: int) -> None:
    """The parent's renewals by card, then orders in the order of their ids: before the parent's own lock."""
    await lock_renewals(session, parent_id)
    await OrderRepository(session).lock_all_of(parent_id)
    await RenewalAttemptRepository(session).lock_open_of(parent_id)


async def close_money_of(session: AsyncSession, parent_id: int, telegram_id: int, now: datetime) -> None:
    """Cancel what is not paid, switch renewals off, and leave the jobs that end them at the provider, and those that
    give back what the team has promised to.

    Orders and parent are locked. What is paid stays in the books, without an owner once the parent is deleted.
    """
    orders = OrderRepository(session)
    await orders.cancel_pending(parent_id, now, _PAYME_CANCELLED)
    for charge_id in await orders.end_stars_renewals(parent_id, now):
        await jobs.enqueue(
            session,
            JobKind.END_RENEWAL,
            {"charge_id": charge_id, "telegram_id": telegram_id, "until": (now + TOLD_FOR).isoformat()},
            dedup_key=f"end_renewal:{charge_id}",
        )
    for charge_id in await RefundRepository(session).list_stars_under_way(parent_id):
        await leave_return_job(session, charge_id, telegram_id, now)  # afterwards nobody knows whom to give it back to
    token = await SavedCardRepository(session).remove(parent_id, "erased", now)
    if token is not None:
        await leave_removal(session, token, now)
    for receipt_id in await RenewalAttemptRepository(session).unfinished_receipts(parent_id):
        await leave_cancellation(session, receipt_id)
