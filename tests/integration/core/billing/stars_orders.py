"""Orders in Stars, and Telegram's word about them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import text

import mentorium_db
from mentorium_core.billing.model import OrderView
from mentorium_core.billing.orders import CreateOrder
from mentorium_core.billing.stars import StarsCharge, StarsRefund
from mentorium_domain.enums import OrderKind, ProviderName, Tariff
from mentorium_kit import clock

DILNOZA, RUSTAM = 200_000_001, 200_000_002
DAY = timedelta(days=1)
PERIOD = 30 * DAY


async def rows(statement: str, **values: object) -> list[tuple[Any, ...]]:
    async with mentorium_db.get_session() as session:
        return [tuple(row) for row in await session.execute(text(statement), values)]


async def ordered(
    parent_id: int, kind: OrderKind = OrderKind.ONE_OFF, tariff: Tariff = Tariff.MONTHLY, now: datetime | None = None
) -> OrderView:
    return await CreateOrder()(
        parent_id, tariff, ProviderName.TELEGRAM_STARS, request_key=uuid4().hex, kind=kind, now=now
    )


async def renewing_order(parent_id: int) -> OrderView:
    return await ordered(parent_id, OrderKind.STARS_SUBSCRIPTION)


def charge(order: OrderView, charge_id: str, payer: int = DILNOZA, **changes: object) -> StarsCharge:
    """Of a subscription the first one; `period` makes it a renewal that ends so many periods from now."""
    period = changes.pop("period", 1)
    known: dict[str, Any] = {
        "charge_id": charge_id,
        "payer_id": payer,
        "payload": order.public_id,
        "amount": order.amount_minor,
        "currency": "XTR",
    }
    if order.kind is OrderKind.STARS_SUBSCRIPTION:
        known |= {"period_ends_at": clock.now() + PERIOD, "begins_subscription": period == 1}
    return StarsCharge(**(known | changes))


def refund(paid: StarsCharge) -> StarsRefund:
    return StarsRefund(paid.charge_id, paid.payer_id, paid.payload, paid.amount, paid.currency)


async def jobs() -> list[tuple[str, dict[str, Any]]]:
    """What is left for the worker, oldest first."""
    found = await rows("SELECT entrypoint, convert_from(payload, 'UTF8')::jsonb FROM pgqueuer.pgqueuer ORDER BY id")
    return [(kind, payload) for kind, payload in found]


async def books_agree() -> None:
    """Access is what was paid for and not given back, and both legs of the ledger say so."""
    assert (
        await rows(
            "SELECT p.id FROM payments p WHERE (p.status = 'SUCCESS' AND p.parent_id IS NOT NULL) <> EXISTS"
            " (SELECT FROM subscription_grants g WHERE g.payment_id = p.id AND g.reversed_at IS NULL)"
        )
        == []
    )
    ((booked, paid),) = await rows(
        "SELECT (SELECT coalesce(sum(CASE debit WHEN 'clearing' THEN amount_minor ELSE -amount_minor END), 0)"
        " FROM ledger_entries), (SELECT coalesce(sum(amount_minor), 0) FROM payments WHERE status = 'SUCCESS')"
    )
    assert booked == paid
