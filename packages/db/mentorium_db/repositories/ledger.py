"""The ledger: entries are added, and never changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from mentorium_db.tables.billing import LedgerEntry
from mentorium_domain.enums import Currency, LedgerAccount, LedgerEvent, ProviderName


@dataclass(frozen=True, slots=True)
class Balance:
    """Minor units: what the provider owes us by the books, payments less refunds."""

    provider: ProviderName
    currency: Currency
    amount_minor: int


class LedgerRepository:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def book(
        self,
        payment_id: int,
        event: LedgerEvent,
        *,
        provider: ProviderName,
        amount_minor: int,
        currency: Currency,
        now: datetime,
    ) -> None:
        """A payment debits clearing and credits revenue; a refund the other way. IntegrityError if it is booked."""
        received = event is LedgerEvent.PAYMENT
        debit, credit = LedgerAccount.CLEARING, LedgerAccount.REVENUE
        self.session.add(
            LedgerEntry(
                payment_id=payment_id,
                event=event,
                provider=provider,
                debit=debit if received else credit,
                credit=credit if received else debit,
                amount_minor=amount_minor,
                currency=currency,
                created_at=now,
            )
        )
        await self.session.flush()

    async def balances(self) -> Sequence[Balance]:
        """Of each provider that has entries."""
        signed = func.sum(LedgerEntry.amount_minor).filter(LedgerEntry.debit == LedgerAccount.CLEARING)
        back = func.sum(LedgerEntry.amount_minor).filter(LedgerEntry.credit == LedgerAccount.CLEARING)
        rows = await self.session.execute(
            select(
                LedgerEntry.provider, LedgerEntry.currency, func.coalesce(signed, 0) - func.coalesce(back, 0)
            ).group_by(LedgerEntry.provider, LedgerEntry.currency)
        )
        return [Balance(provider, currency, int(total)) for provider, currency, total in rows]
