"""Telegram Stars: what we ask Telegram for (https://core.telegram.org/bots/payments-stars)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from aiogram import Bot
from aiogram.types import LabeledPrice, StarTransaction, TransactionPartnerTelegramApi, TransactionPartnerUser

from mentorium_core.billing.model import OrderView
from mentorium_core.billing.providers import (
    TERMS,
    Checkout,
    InvoiceCheckout,
    LinkCheckout,
    MoneyState,
    ProviderPayment,
    ProviderTerms,
    RefundRefused,
)
from mentorium_core.billing.stars_balance import NANOSTARS, StarsBalance
from mentorium_core.billing.stars_reconciliation import StarsTransaction
from mentorium_core.i18n import t
from mentorium_domain.enums import Currency, Language, OrderKind, ProviderName
from mentorium_domain.paid_requests import PaidRequests
from mentorium_gateways.telegram.errors import (
    AnswerLostError,
    ChatClosedError,
    RequestRefusedError,
    TelegramError,
    TokenRefusedError,
)
from mentorium_kit.errors import OutcomeUnknownError, UnavailableError
from mentorium_kit.unit_of_work import refuse_inside
from mentorium_observability import get_logger

SUBSCRIPTION_PERIOD_S: Final = 2_592_000
"""30 days, the only period that Telegram renews (https://core.telegram.org/bots/api#createinvoicelink)."""
_TELEGRAM: Final = "telegram"
_ALREADY_REFUNDED: Final = "ALREADY_REFUNDED"
"""CHARGE_ALREADY_REFUNDED (https://core.telegram.org/method/payments.refundStarsCharge)."""
_INVOICE: Final = "invoice_payment"
_PAGE: Final = 100
_TRIES_TO_COUNT: Final = 3
"""A payment that comes meanwhile makes it begin again."""

logger = get_logger(__name__)


class StarsProvider:
    """An adapter of `PaymentProvider`, `StarsRenewals` and `StarsTransactions`. The bot's session retries and maps
    errors.
    """

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    @property
    def terms(self) -> ProviderTerms:
        return TERMS[ProviderName.TELEGRAM_STARS]

    async def checkout(self, order: OrderView, language: Language) -> Checkout:
        """An invoice for the chat; for a subscription that Telegram renews, the link that opens it."""
        if order.kind is not OrderKind.STARS_SUBSCRIPTION:
            return InvoiceCheckout(payload=order.public_id, stars=order.amount_minor)
        refuse_inside(_TELEGRAM)
        title = t(language, f"invoice-title-{order.tariff}")
        url = await self._bot.create_invoice_link(
            title=title,
            description=t(language, "invoice-description"),
            payload=order.public_id,
            currency=Currency.XTR,
            prices=[LabeledPrice(label=title, amount=order.amount_minor)],
            subscription_period=SUBSCRIPTION_PERIOD_S,
        )
        return LinkCheckout(url)

    async def refund(self, payment: ProviderPayment) -> RefundRefused | None:
        """With it goes what Telegram would renew: `external_ref` is the first charge of a subscription.

        RefundRefused where Telegram refuses, or nobody knows any more who has paid.
        """
        refuse_inside(_TELEGRAM)
        if payment.payer_id is None:
            return RefundRefused("payer_unknown")
        try:
            await self._bot.refund_star_payment(payment.payer_id, payment.transaction_id)
        except AnswerLostError as error:
            raise OutcomeUnknownError("stars_refund_unknown") from error
        except (RequestRefusedError, ChatClosedError) as error:
            if _ALREADY_REFUNDED not in error.description.upper():
                return RefundRefused(error.description or error.code)
        except TokenRefusedError as error:
            raise UnavailableError(error.code) from error
        if payment.external_ref is not None:
            problem = await self.edit_renewal(payment.payer_id, payment.external_ref, is_ended=True)
            if problem is not None:  # it has ended before, for all we know
                logger.info("stars_renewal_not_ended", problem=problem)
        return None

    async def status(self, payment: ProviderPayment) -> MoneyState:
        """Looked for from the newest transaction back: what was given back stands behind what was paid."""
        refuse_inside(_TELEGRAM)
        async for page in self._pages_from_the_end():
            found = [one for one in page if one.id == payment.transaction_id]
            if any(one.receiver is not None for one in found):
                return MoneyState.RETURNED
            if found:
                return MoneyState.PAID
        return MoneyState.NOT_PAID

    async def edit_renewal(self, payer_id: int, first_charge_id: str, *, is_ended: bool) -> str | None:
        """`StarsRenewals` of core. None: done; else why Telegram will not."""
        refuse_inside(_TELEGRAM)
        try:
            await self._bot.edit_user_star_subscription(payer_id, first_charge_id, is_canceled=is_ended)
        except (RequestRefusedError, ChatClosedError) as error:
            return error.description or error.code
        except (AnswerLostError, TokenRefusedError) as error:  # it may be told twice
            raise UnavailableError(error.code) from error
        return None

    async def transactions(self, since: datetime) -> Sequence[StarsTransaction]:
        """`StarsTransactions` of core."""
        refuse_inside(_TELEGRAM)
        pages: list[list[StarTransaction]] = []
        async for page in self._pages_from_the_end():
            pages.append(page)
            if page[0].date < since:
                break
        return [
            line
            for page in reversed(pages)
            for one in page
            if one.date >= since and (line := _invoice_line(one)) is not None
        ]

    async def paid_requests(self, since: datetime) -> PaidRequests:
        """`PaidRequestsList` of core."""
        refuse_inside(_TELEGRAM)
        requests = nanostars = 0
        async for page in self._pages_from_the_end():
            for one in page:
                if one.date >= since and isinstance(one.receiver, TransactionPartnerTelegramApi):
                    requests += one.receiver.request_count
                    nanostars -= _nanostars(one)
            if page[0].date < since:
                break
        return PaidRequests(requests, Decimal(nanostars) / NANOSTARS)

    async def balance(self, after: int) -> StarsBalance | None:
        """`StarsBalances` of core."""
        refuse_inside(_TELEGRAM)
        if after and not await self._page(after - 1, 1):
            after = 0
        for _ in range(_TRIES_TO_COUNT):
            before = await self._held()
            lines, moved = after, 0
            while page := await self._page(lines, _PAGE):
                lines, moved = lines + len(page), moved + sum(map(_nanostars, page))
            if await self._held() == before:
                return StarsBalance(before, lines, moved, counted_from=after)
        return None

    async def _held(self) -> int:
        """In nanostars."""
        try:
            held = await self._bot.get_my_star_balance()
        except UnavailableError:
            raise
        except TelegramError as error:
            raise UnavailableError(error.code) from error
        return held.amount * NANOSTARS + (held.nanostar_amount or 0)

    async def _pages_from_the_end(self) -> AsyncIterator[list[StarTransaction]]:
        """Telegram lists them from the first one on, and does not tell how many there are."""
        end = await self._count()
        while end > 0:
            start = max(0, end - _PAGE)
            if page := await self._page(start, end - start):
                yield page
            end = start

    async def _count(self) -> int:
        """By doubling, and then halving: some twenty small questions for a million transactions."""
        if (few := len(await self._page(0, _PAGE))) < _PAGE:
            return few
        known, beyond = _PAGE, 2 * _PAGE
        while await self._page(beyond - 1, 1):
            known, beyond = beyond, beyond * 2
        while known < beyond:
            middle = (known + beyond) // 2
            if await self._page(middle, 1):
                known = middle + 1
            else:
                beyond = middle
        return known

    async def _page(self, offset: int, limit: int) -> list[StarTransaction]:
        try:
            return (await self._bot.get_star_transactions(offset, limit)).transactions
        except UnavailableError:
            raise
        except TelegramError as error:
            raise UnavailableError(error.code) from error


def _nanostars(one: StarTransaction) -> int:
    """What came in, or below 0 what went out, whoever was the other side."""
    amount = abs(one.amount) * NANOSTARS + abs(one.nanostar_amount or 0)
    return amount if one.source is not None else -amount


def _invoice_line(one: StarTransaction) -> StarsTransaction | None:
    """None for what is no invoice of a user's: withdrawals, gifts, what Telegram itself has paid."""
    partner = one.source or one.receiver
    if not isinstance(partner, TransactionPartnerUser) or partner.transaction_type != _INVOICE:
        return None
    return StarsTransaction(
        charge_id=one.id,
        incoming=one.source is not None,
        amount=abs(one.amount),
        moment=one.date,
        payer_id=partner.user.id,
        payload=partner.invoice_payload or "",
        period=timedelta(seconds=partner.subscription_period) if partner.subscription_period else None,
    )
