"""Click: what we ask Click for (https://docs.click.uz)."""

from __future__ import annotations

from urllib.parse import urlencode

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
from mentorium_domain.enums import Language, PaymentProvider
from mentorium_domain.money import amount


class ClickProvider:
    """An adapter of `PaymentProvider`."""

    def __init__(
        self,
        service_id: int,
        merchant_id: int,
        merchant_user_id: int,
        secret_key: str,
        *,
        pay_url: str,
        api_url: str,
        return_url: str | None = None,
    ) -> None:
        self._service_id = service_id
        self._merchant_id = merchant_id
        self._merchant_user_id = merchant_user_id
        self._secret_key = secret_key
        self._pay_url = pay_url
        self._api_url = api_url
        self._return_url = return_url

    @property
    def terms(self) -> ProviderTerms:
        return TERMS[PaymentProvider.CLICK]

    async def checkout(self, order: OrderView, language: Language) -> Checkout:  # noqa: ARG002 - the page has its own
        """The pay link (https://docs.click.uz/click-button/); the amount in soums with two decimals."""
        query = {
            "service_id": str(self._service_id),
            "merchant_id": str(self._merchant_id),
            "amount": str(amount(order.amount_minor, order.currency)),
            "transaction_param": order.public_id,
        }
        if self._return_url is not None:
            query["return_url"] = self._return_url
        return LinkCheckout(f"{self._pay_url}?{urlencode(query)}")

    async def refund(self, payment: ProviderPayment) -> RefundRefused | None:
        raise NotImplementedError

    async def status(self, payment: ProviderPayment) -> MoneyState:
        raise NotImplementedError
