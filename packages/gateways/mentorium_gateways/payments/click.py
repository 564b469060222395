"""Click: what we ask Click for (https://docs.click.uz)."""

from __future__ import annotations

from datetime import date
from typing import Final
from urllib.parse import urlencode

from mentorium_core.billing.click_jobs import ClickPaymentFound
from mentorium_core.billing.click_receipt import ReceiptItem
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
from mentorium_domain.money import amount
from mentorium_gateways.payments.click_api import ClickAnswer, ClickApi
from mentorium_kit.errors import OutcomeUnknownError

_SUCCESSFUL: Final = 2
_PINFL_DIGITS: Final = 14


class ClickProvider:
    """An adapter of `PaymentProvider`, and of the Protocols of core's jobs for Click.

    A payment's number in the Merchant API is its click_paydoc_id, which is kept as `external_ref`.
    """

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
        self._pay_url = pay_url
        self._return_url = return_url
        self._api = ClickApi(api_url, merchant_user_id, secret_key)

    @property
    def terms(self) -> ProviderTerms:
        return TERMS[ProviderName.CLICK]

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
        """`payment/reversal`: the whole payment, in its month. Only a 0 of Click's own says that it is done."""
        answer = await self._api.do("DELETE", f"payment/reversal/{self._service_id}/{_payment_id(payment)}")
        if answer.error_code is None:
            raise OutcomeUnknownError("click_answer_lost", reason="no error_code")
        if answer.error_code and await self.status(payment) is not MoneyState.RETURNED:
            return RefundRefused(answer.problem)
        return None

    async def status(self, payment: ProviderPayment) -> MoneyState:
        """`payment/status`: below 0 it is not, or no longer, successful."""
        answer = await self._api.ask(f"payment/status/{self._service_id}/{_payment_id(payment)}")
        return _state(answer)

    async def status_by_order(self, order_public_id: str, day: date) -> ClickPaymentFound | None:
        """`ClickMerchant` of core: `payment/status_by_mti`, which is asked for one day."""
        answer = await self._api.ask(f"payment/status_by_mti/{self._service_id}/{order_public_id}/{day.isoformat()}")
        payment_id = answer.number("payment_id")
        return ClickPaymentFound(payment_id, _state(answer)) if payment_id is not None else None

    async def submit_items(self, payment_id: int, item: ReceiptItem) -> str | None:
        """`ClickReceipts` of core: amounts in tiyin, all of it received by card."""
        terms, tin = item.terms.fiscal, item.terms.tin
        line = {
            "Name": item.name,
            "SPIC": terms.ikpu,
            "PackageCode": terms.package_code,
            "GoodPrice": item.price,
            "Price": item.price,
            "Amount": 1,
            "VAT": item.vat,
            "VATPercent": terms.vat_percent,
            "CommissionInfo": {"PINFL" if len(tin) == _PINFL_DIGITS else "TIN": tin},
        }
        received = {"received_ecash": 0, "received_cash": 0, "received_card": item.price}
        body = {"service_id": self._service_id, "payment_id": payment_id, "items": [line], **received}
        answer = await self._api.do("POST", "payment/ofd_data/submit_items", body)
        if answer.error_code is None:
            raise OutcomeUnknownError("click_answer_lost", reason="no error_code")
        return answer.problem if answer.error_code else None

    async def receipt_url(self, payment_id: int) -> str | None:
        """`ClickReceipts` of core: the answer says no error_code where all is well."""
        answer = await self._api.ask(f"payment/ofd_data/{self._service_id}/{payment_id}")
        url = answer.fields.get("qrCodeURL")
        return url if isinstance(url, str) and url and not answer.error_code else None


def _payment_id(payment: ProviderPayment) -> int:
    """click_paydoc_id. ValueError for a payment that is not Click's."""
    return int(payment.external_ref or "")


def _state(answer: ClickAnswer) -> MoneyState:
    status = answer.number("payment_status")
    if answer.error_code or status is None:
        return MoneyState.UNKNOWN
    if status < 0:
        return MoneyState.RETURNED
    return {0: MoneyState.NOT_PAID, _SUCCESSFUL: MoneyState.PAID}.get(status, MoneyState.UNKNOWN)
