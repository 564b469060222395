"""What a payment provider is to us: a Protocol, a declarative record of its terms, and the registry of those offered.

Adapters stand in `mentorium_gateways.payments`; what a provider sends us is translated by the bot's
`services/payment/<provider>.py`. A new provider is one adapter, one translation, and a row of `TERMS`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from mentorium_core.billing.model import OrderView
from mentorium_domain import enums
from mentorium_domain.enums import Currency, Language
from mentorium_domain.money import tiyin


@dataclass(frozen=True, slots=True)
class ProviderTerms:
    """`settings`: the environment variables without which it cannot be offered. Limits in minor units of `currency`.

    `label`: the provider in metrics (`payments_total{provider}`); `button`: in callback data (`pay:<button>`);
    `title`: as a payer knows it. `tells_status`: False where it never says what became of a payment.
    """

    name: enums.ProviderName
    label: str
    button: str
    title: str
    currency: Currency
    settings: tuple[str, ...]
    least_minor: int
    most_minor: int
    tells_status: bool = True


TERMS: Final[Mapping[enums.ProviderName, ProviderTerms]] = {
    terms.name: terms
    for terms in (
        ProviderTerms(
            name=enums.ProviderName.TELEGRAM_STARS,
            label="telegram_stars",
            button="stars",
            title="Telegram Stars",
            currency=Currency.XTR,
            settings=(),
            least_minor=1,
            most_minor=10_000,  # of a subscription: https://core.telegram.org/bots/api#createinvoicelink
        ),
        ProviderTerms(
            name=enums.ProviderName.PAYME,
            label="payme",
            button="payme",
            title="Payme",
            currency=Currency.UZS,
            settings=("PAYME_MERCHANT_ID", "PAYME_SECRET_KEY"),
            least_minor=tiyin(1_000),
            most_minor=tiyin(99_999_999),
            tells_status=False,
        ),
        ProviderTerms(
            name=enums.ProviderName.CLICK,
            label="click",
            button="click",
            title="Click",
            currency=Currency.UZS,
            settings=("CLICK_SERVICE_ID", "CLICK_MERCHANT_ID", "CLICK_MERCHANT_USER_ID", "CLICK_SECRET_KEY"),
            least_minor=tiyin(1_000),
            most_minor=tiyin(99_999_999),
        ),
    )
}


@dataclass(frozen=True, slots=True)
class InvoiceCheckout:
    """To be sent into the chat as Telegram's own invoice, in whole Stars, with this payload."""

    payload: str
    stars: int


@dataclass(frozen=True, slots=True)
class LinkCheckout:
    """A page of the provider, opened by a button."""

    url: str


Checkout = InvoiceCheckout | LinkCheckout


@dataclass(frozen=True, slots=True)
class ProviderPayment:
    """What a provider needs to know a payment of its own again. `payer_id`: Telegram's, where it is needed."""

    payment_id: int
    transaction_id: str
    external_ref: str | None
    amount_minor: int
    currency: Currency
    payer_id: int | None = None


class MoneyState(StrEnum):
    """Where the provider says that the money is. UNKNOWN: it does not say, or not yet."""

    PAID = "paid"
    RETURNED = "returned"
    NOT_PAID = "not_paid"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class RefundRefused:
    """The provider will not give this payment back; `problem` is for the team."""

    problem: str


class PaymentProvider(Protocol):
    """UnavailableError: nothing was done, try again. OutcomeUnknownError: ask `status` before trying again."""

    @property
    def terms(self) -> ProviderTerms: ...

    async def checkout(self, order: OrderView, language: Language) -> Checkout:
        """How this order is paid. It changes nothing at the provider."""

    async def refund(self, payment: ProviderPayment) -> RefundRefused | None:
        """Give the whole payment back; None: it is given back, also where it had been before."""

    async def status(self, payment: ProviderPayment) -> MoneyState:
        """Where the money of this payment is, by the provider's own word."""


class ProviderRegistry:
    """The providers that are offered, in the order in which they are shown."""

    def __init__(self, providers: Iterable[PaymentProvider]) -> None:
        self._providers = {provider.terms.name: provider for provider in providers}

    def __iter__(self) -> Iterator[PaymentProvider]:
        return iter(self._providers.values())

    def get(self, name: enums.ProviderName) -> PaymentProvider | None:
        """None where it is not offered (any more)."""
        return self._providers.get(name)
