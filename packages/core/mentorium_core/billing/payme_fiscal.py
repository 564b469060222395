"""Fiscal data of PayMe's receipts: what it needs to print one, and what it tells of one that was printed."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any, Final
from urllib.parse import urlsplit

from mentorium_core.billing.model import FiscalTerms
from mentorium_core.billing.payme import PayableOrder
from mentorium_core.i18n import t
from mentorium_core.notifications.commands import notify
from mentorium_core.notifications.quiet_hours import in_the_day
from mentorium_db import driver_of, get_session
from mentorium_db.repositories import (
    OrderRepository,
    ParentRepository,
    PaymentRepository,
    PaymeTransactionRepository,
)
from mentorium_db.tables.billing import Order
from mentorium_domain.enums import Language, NotificationType, OrderKind, PaymentStatus
from mentorium_domain.outbox import OutboxMessage

_LONGEST_URL: Final = 500


def fiscal_detail(terms: FiscalTerms, order: PayableOrder) -> dict[str, Any]:
    """What CheckPerformTransaction answers as `detail`: one line, whose price is all that is paid, in tiyin."""
    return {
        "receipt_type": 0,
        "items": [
            {
                "title": _title(order.days),
                "price": order.amount_minor,
                "count": 1,
                "code": terms.ikpu,
                "package_code": terms.package_code,
                "vat_percent": terms.vat_percent,
            }
        ],
    }


@cache
def _title(days: int) -> str:
    """Of as many lengths as there are tariffs."""
    return t(Language.UZ, "receipt-item", days=days)


async def set_fiscal_data(payme_id: str, data: dict[str, Any], now: datetime, *, cancelled: bool) -> bool:
    """Keep what SetFiscalData tells of a sale, or of its cancellation; False where there is no such transaction.

    The parent gets the link to the sale's receipt once, however often it is told, and of no sale that has not been
    made. It joins an open unit.
    """
    async with get_session() as session:
        transactions = PaymeTransactionRepository(await driver_of(session))
        known = await transactions.get(payme_id)
        if known is None:
            return False
        order = await OrderRepository(session).lock_by_id(known.order_id)
        assert order is not None, "a transaction goes with its order"
        await transactions.lock(payme_id)
        await transactions.set_fiscal(known.id, cancelled=cancelled, data=data)
        url = receipt_url(data)
        if url is None or cancelled:
            return True
        payments = PaymentRepository(session)
        payment = await payments.lock(known.payment_id)
        await payments.mark(payment.id, payment.status, receipt_url=url)
        if order.parent_id is not None and payment.status is not PaymentStatus.PENDING:
            await _tell(ParentRepository(session), order, payment.id, url, now)
        return True


def receipt_url(data: dict[str, Any]) -> str | None:
    """A page that may be shown to a parent, else None."""
    url = data.get("qr_code_url")
    if not isinstance(url, str) or len(url) > _LONGEST_URL or any(character.isspace() for character in url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in {"http", "https"} and parts.hostname else None


async def _tell(parents: ParentRepository, order: Order, payment_id: int, url: str, now: datetime) -> None:
    parent = await parents.get(order.parent_id) if order.parent_id is not None else None
    if parent is not None:
        await notify(
            [
                OutboxMessage(
                    telegram_id=parent.telegram_id,
                    kind=NotificationType.PAYMENT,
                    message=t(parent.language, "payment-receipt", url=url),
                    dedup_key=f"payment:receipt:{payment_id}",
                    send_at=in_the_day(now) if order.kind is OrderKind.CARD_RENEWAL else now,
                )
            ]
        )
