"""The fiscal receipt of a payment by Click: its line is handed in, and the parent gets the link to it once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol
from urllib.parse import urlsplit

from mentorium_core.billing.model import FiscalTerms
from mentorium_core.i18n import t
from mentorium_core.notifications.commands import notify
from mentorium_db import get_session
from mentorium_db.repositories import ClickTransactionRepository, OrderRepository, ParentRepository, PaymentRepository
from mentorium_domain.enums import ClickStatus, Language, NotificationType, Severity
from mentorium_domain.outbox import OutboxMessage
from mentorium_kit import clock
from mentorium_kit.errors import UnavailableError
from mentorium_observability import EventLogService

_LONGEST_URL: Final = 500
_LONGEST_NAME: Final = 63


@dataclass(frozen=True, slots=True)
class ReceiptTerms:
    """What is sold, and the seller: `tin` of 9 digits, or a PINFL of 14."""

    fiscal: FiscalTerms
    tin: str


@dataclass(frozen=True, slots=True)
class ReceiptItem:
    """One line, in tiyin."""

    name: str
    price: int
    vat: int
    terms: ReceiptTerms


class ClickReceipts(Protocol):
    """The fiscal calls of Click's Merchant API. UnavailableError, OutcomeUnknownError."""

    async def submit_items(self, payment_id: int, item: ReceiptItem) -> str | None:
        """None: taken; else why it was refused."""

    async def receipt_url(self, payment_id: int) -> str | None:
        """Where the receipt is shown; None while there is none."""


def vat_inside(gross: int, percent: int) -> int:
    """The VAT that is inside a gross amount, in its unit, rounded half up, without a float."""
    whole = 100 + percent
    return (2 * gross * percent + whole) // (2 * whole)


def receipt_item(amount_minor: int, days: int, terms: ReceiptTerms) -> ReceiptItem:
    """Receipts are in the language of the state."""
    name = t(Language.UZ, "click-receipt-item", days=days)[:_LONGEST_NAME]
    return ReceiptItem(name, amount_minor, vat_inside(amount_minor, terms.fiscal.vat_percent), terms)


@dataclass(frozen=True, slots=True)
class MakeClickReceipt:
    """`click`, `terms`: None where Click, or what a receipt has to say, is not set up: then there is none from us."""

    click: ClickReceipts | None
    terms: ReceiptTerms | None

    async def __call__(self, attempt_id: int) -> None:
        """Done twice, nothing is handed in twice. UnavailableError, OutcomeUnknownError: to be run again."""
        if self.click is None or self.terms is None:
            return
        async with get_session() as session:
            attempt = await ClickTransactionRepository(session).get(attempt_id)
            order = await OrderRepository(session).get_by_id(attempt.order_id) if attempt is not None else None
        if attempt is None or order is None or attempt.status is not ClickStatus.CONFIRMED or attempt.fiscal_url:
            return
        url = await self.click.receipt_url(attempt.click_paydoc_id)
        if url is None and attempt.items_submitted_at is None:
            item = receipt_item(order.amount_minor, order.days, self.terms)
            problem = await self.click.submit_items(attempt.click_paydoc_id, item)
            await self._submitted(attempt_id, order.public_id, problem)
            if problem is not None:
                return
            url = await self.click.receipt_url(attempt.click_paydoc_id)
        if url is None:
            raise UnavailableError("click_receipt_not_ready")
        if is_page(url):
            await self._tell(attempt_id, order.id, url)

    async def _submitted(self, attempt_id: int, order: str, problem: str | None) -> None:
        async with get_session() as session:
            await ClickTransactionRepository(session).change(attempt_id, items_submitted_at=clock.now())
            if problem is not None:
                await EventLogService.log_system(
                    "click_items_refused", severity=Severity.ERROR, order=order, attempt=attempt_id, problem=problem
                )

    async def _tell(self, attempt_id: int, order_id: int, url: str) -> None:
        async with get_session() as session:
            order = await OrderRepository(session).lock_by_id(order_id)
            attempt = await ClickTransactionRepository(session).lock(attempt_id)
            if order is None or attempt is None:
                return
            payments = PaymentRepository(session)
            payment = await payments.lock(attempt.payment_id)
            await payments.mark(payment.id, payment.status, receipt_url=url)
            await ClickTransactionRepository(session).change(attempt_id, fiscal_url=url)
            parent = await ParentRepository(session).get(order.parent_id) if order.parent_id is not None else None
            if parent is not None:
                message = OutboxMessage(
                    telegram_id=parent.telegram_id,
                    kind=NotificationType.PAYMENT,
                    message=t(parent.language, "payment-receipt", url=url),
                    dedup_key=f"payment:receipt:{payment.id}",
                    send_at=clock.now(),
                )
                await notify([message])


def is_page(url: str) -> bool:
    """Whether it may be shown to a parent as a link."""
    if len(url) > _LONGEST_URL or any(character.isspace() for character in url):
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)
