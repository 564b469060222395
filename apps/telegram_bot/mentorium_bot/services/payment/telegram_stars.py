"""Telegram Stars: what Telegram sends about payments, in core's words (https://core.telegram.org/bots/payments-stars)."""

from __future__ import annotations

from datetime import UTC, datetime

from aiogram.types import PreCheckoutQuery, RefundedPayment, SuccessfulPayment

from mentorium_core.billing.providers import TERMS
from mentorium_core.billing.stars import Booked, StarsCharge, StarsCheckout, StarsRefund
from mentorium_domain.enums import ProviderName
from mentorium_observability.metrics import payments

_STATUSES = {Booked.GIVEN: "success", Booked.RETURNED: "refunded"}


def checkout_of(query: PreCheckoutQuery) -> StarsCheckout:
    return StarsCheckout(
        payer_id=query.from_user.id,
        payload=query.invoice_payload,
        amount=query.total_amount,
        currency=query.currency,
    )


def charge_of(payer_id: int, paid: SuccessfulPayment) -> StarsCharge:
    """Of a renewal, too: it names its first charge's order, and has a charge id of its own."""
    ends_at = paid.subscription_expiration_date
    return StarsCharge(
        charge_id=paid.telegram_payment_charge_id,
        payer_id=payer_id,
        payload=paid.invoice_payload,
        amount=paid.total_amount,
        currency=paid.currency,
        period_ends_at=datetime.fromtimestamp(ends_at, UTC) if ends_at is not None else None,
        begins_subscription=bool(paid.is_first_recurring),
    )


def refund_of(payer_id: int, refunded: RefundedPayment) -> StarsRefund:
    return StarsRefund(
        charge_id=refunded.telegram_payment_charge_id,
        payer_id=payer_id,
        payload=refunded.invoice_payload,
        amount=refunded.total_amount,
        currency=refunded.currency,
    )


def count(booked: Booked) -> None:
    """Tell the metrics; after the commit."""
    if (status := _STATUSES.get(booked)) is not None:
        payments.labels(provider=TERMS[ProviderName.TELEGRAM_STARS].label, status=status).inc()
