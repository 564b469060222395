"""PayMe: what we ask PayMe for (https://developer.help.paycom.uz)."""

from __future__ import annotations

import base64
from typing import Final

from mentorium_core.billing.cards import CardRefused, ReceiptState, SavedCards
from mentorium_core.billing.model import OrderView
from mentorium_core.billing.providers import (
    TERMS,
    Checkout,
    LinkCheckout,
    MoneyState,
    ProviderPayment,
    ProviderTerms,
    RefundRefused,
)
from mentorium_domain.enums import Language, ProviderName
from mentorium_kit.errors import OutcomeUnknownError

_STATES: Final = {
    ReceiptState.NOT_PAID: MoneyState.NOT_PAID,
    ReceiptState.PAID: MoneyState.PAID,
    ReceiptState.CANCELLED: MoneyState.RETURNED,
}


def checkout_url(checkout: str, fields: dict[str, str]) -> str:
    """`<checkout>/<base64 of m=..;ac.order_id=..;a=..>` (payment initialisation by GET).

    How `=` at its end is read is written nowhere: empty fields fill the text up to a multiple of three.
    """
    text = ";".join(f"{name}={value}" for name, value in fields.items())
    if missing := -len(text.encode()) % 3:
        text += ";" * missing
    return f"{checkout.rstrip('/')}/{base64.b64encode(text.encode()).decode()}"


class PaymeProvider:
    """An adapter of `PaymentProvider`. `cards`: the Subscribe API, by which charges of saved cards are given back.

    `return_url` holds no `?`, `>`, `~` or `;`: base64 makes a slash of them.
    """

    def __init__(
        self, merchant_id: str, checkout: str, return_url: str | None = None, *, cards: SavedCards | None = None
    ) -> None:
        self._cards = cards
        self._merchant_id = merchant_id
        self._checkout = checkout
        self._return_url = return_url

    @property
    def terms(self) -> ProviderTerms:
        return TERMS[ProviderName.PAYME]

    async def checkout(self, order: OrderView, language: Language) -> Checkout:
        fields = {
            "m": self._merchant_id,
            "ac.order_id": order.public_id,
            "a": str(order.amount_minor),
            "l": language.value,
        }
        if self._return_url is not None:
            fields["c"] = self._return_url
        return LinkCheckout(checkout_url(self._checkout, fields))

    async def refund(self, payment: ProviderPayment) -> RefundRefused | None:
        """A charge of a saved card is given back by `receipts.cancel`. Any other is refused: the Merchant API has no
        call for it; the merchant gives back in Payme's cabinet, which then calls our CancelTransaction.
        """
        if self._cards is None or payment.external_ref is None:
            return RefundRefused("refund in Payme's merchant cabinet; it calls CancelTransaction")
        if await self._cards.check_receipt(payment.external_ref) is ReceiptState.CANCELLED:
            return None
        said = await self._cards.cancel_receipt(payment.external_ref)
        if said is ReceiptState.CANCELLED:
            return None
        if isinstance(said, CardRefused):
            return RefundRefused(f"payme {said.code}")
        raise OutcomeUnknownError("payme_receipt_not_cancelled", state=said)

    async def status(self, payment: ProviderPayment) -> MoneyState:
        """Of a charge of a saved card; of any other always UNKNOWN: in the Merchant API it is Payme that asks us. What
        stands is in `payme_transactions`.
        """
        if self._cards is None or payment.external_ref is None:
            return MoneyState.UNKNOWN
        said = await self._cards.check_receipt(payment.external_ref)
        return _STATES.get(said, MoneyState.UNKNOWN) if isinstance(said, ReceiptState) else MoneyState.UNKNOWN
