"""Rows of renewals by card as the rules see them, and back."""

from __future__ import annotations

from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from mentorium_core.billing.card_renewal_rules import REMOVED, TOLD_BEFORE, Attempt, obstacle
from mentorium_db.repositories import RenewalAttemptRepository
from mentorium_db.tables.renewal import RenewalAttempt

_LONGEST_ERROR: Final = 50


def attempt_of(row: RenewalAttempt) -> Attempt:
    return Attempt(
        status=row.status,
        cycle_ends_at=row.cycle_ends_at,
        tries=row.tries,
        due_at=row.due_at,
        began_at=row.updated_at,
        has_receipt=row.receipt_id is not None,
        error=row.error,
    )


async def write(session: AsyncSession, attempt_id: int, attempt: Attempt) -> None:
    """The row is locked. A receipt that is settled is forgotten; that of a paid one is kept, for a refund."""
    values: dict[str, object] = {} if attempt.has_receipt else {"receipt_id": None}
    await RenewalAttemptRepository(session).change(
        attempt_id,
        status=attempt.status,
        tries=attempt.tries,
        due_at=attempt.due_at,
        updated_at=attempt.began_at,
        error=attempt.error[:_LONGEST_ERROR] if attempt.error else None,
        **values,
    )


async def why_not(session: AsyncSession, attempt_id: int) -> str | None:
    """As it stands at this moment: why this renewal is not to be charged (any more); None: it may be."""
    situation = await RenewalAttemptRepository(session).situation(attempt_id, TOLD_BEFORE)
    return obstacle(situation) if situation is not None else REMOVED


async def may_be_charged(session: AsyncSession, order_id: int) -> bool:
    """Whether PayMe may debit a card for this order now: the last word before it does. The order is locked."""
    row = await RenewalAttemptRepository(session).of_order(order_id)
    if row is None or attempt_of(row).is_over:
        return False
    return await why_not(session, row.id) is None


async def receipt_of(session: AsyncSession, order_id: int) -> str | None:
    """The receipt of PayMe's that charges this order: by it the money is given back."""
    row = await RenewalAttemptRepository(session).of_order(order_id)
    return row.receipt_id if row is not None else None
