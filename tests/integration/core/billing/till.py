"""A till for the tests: orders are made and paid as a provider's own code does it, with the locks in the same order."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import datetime
from uuid import uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from mentorium_core.billing.booking import PaymentBook
from mentorium_core.billing.model import OrderView
from mentorium_core.billing.orders import CreateOrder, get_order
from mentorium_db import get_session
from mentorium_db.models import Payment
from mentorium_db.repositories import OrderRepository, ParentRepository, PaymentRepository
from mentorium_db.tables.billing import Order
from mentorium_domain.enums import Language, PaymentStatus, ProviderName, Tariff

_telegram_ids = itertools.count(300_000_001)


async def new_parent(now: datetime) -> tuple[int, int]:
    """(parent id, Telegram id)"""
    telegram_id = next(_telegram_ids)
    async with get_session() as session:
        parents = ParentRepository(session)
        parent = await parents.add(telegram_id, language=Language.UZ, now=now)
        await parents.complete_registration(parent.id, now)
        return parent.id, telegram_id


@dataclass(frozen=True, slots=True)
class Till:
    book: PaymentBook = field(default_factory=PaymentBook)
    create_order: CreateOrder = field(default_factory=CreateOrder)

    async def order(
        self, parent_id: int, now: datetime, tariff: Tariff = Tariff.MONTHLY, provider: ProviderName | None = None
    ) -> OrderView:
        chosen = provider or ProviderName.PAYME
        return await self.create_order(parent_id, tariff, chosen, request_key=uuid4().hex, now=now)

    async def get(self, public_id: str) -> OrderView:
        order = await get_order(public_id)
        assert order is not None
        return order

    async def begin(self, order: OrderView, now: datetime) -> str:
        """The transaction id of a payment that is under way."""
        transaction_id = uuid4().hex
        async with get_session() as session:
            locked = await OrderRepository(session).lock(order.public_id)
            assert locked is not None
            await self.book.begin(session, locked, transaction_id=transaction_id, now=now)
        return transaction_id

    async def settle(self, transaction_id: str, now: datetime) -> bool:
        """Whether this call has booked it: a repeated one finds it booked."""
        async with get_session() as session:
            order, payment = await _locked(session, transaction_id)
            if payment.status is not PaymentStatus.PENDING or order.parent_id is None:
                return False
            await self.book.settle(session, order, payment, now)
            return True

    async def fail(self, transaction_id: str) -> bool:
        async with get_session() as session:
            order, payment = await _locked(session, transaction_id)
            if payment.status is not PaymentStatus.PENDING:
                return False
            await self.book.fail(session, order, payment, "declined")
            return True

    async def give_back(self, transaction_id: str, now: datetime) -> bool:
        async with get_session() as session:
            order, payment = await _locked(session, transaction_id)
            if payment.status is not PaymentStatus.SUCCESS:
                return False
            await self.book.give_back(session, order, payment, "refund", now)
            return True

    async def buy(self, parent_id: int, now: datetime, tariff: Tariff = Tariff.MONTHLY) -> str:
        """Order, begin and settle: the transaction id."""
        transaction_id = await self.begin(await self.order(parent_id, now, tariff), now)
        assert await self.settle(transaction_id, now)
        return transaction_id


async def _locked(session: AsyncSession, transaction_id: str) -> tuple[Order, Payment]:
    payments = PaymentRepository(session)
    found = await payments.get_by_transaction_id(transaction_id)
    assert found is not None
    assert found.order_id is not None
    order = await OrderRepository(session).lock_by_id(found.order_id)
    assert order is not None
    return order, await payments.lock(found.id)
