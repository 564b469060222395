"""What Telegram asks and tells about payments in Stars. Who pays need not be registered: money comes before the gate.

Nothing here asks anybody but the bot's own database, and what is told is ended by its commit alone
(`mentorium_core.inbox.rules.must_be_booked`): a parent reads of it by the outbox.
"""

from __future__ import annotations

from aiogram import F, Router
from aiogram.types import BotSubscriptionUpdated, Message, PreCheckoutQuery, RefundedPayment, SuccessfulPayment

from mentorium_bot.router_order import IndexedRouter
from mentorium_bot.services.payment.telegram_stars import charge_of, checkout_of, count, refund_of
from mentorium_core.billing.stars import BookStarsCharge, BookStarsRefund, check_checkout, note_subscription_update
from mentorium_core.i18n import t
from mentorium_domain.enums import Language
from mentorium_gateways.telegram import RequestRefusedError
from mentorium_observability import get_logger

logger = get_logger(__name__)


def router() -> Router:
    routes = IndexedRouter(name="payment")
    routes.pre_checkout_query.register(answer_checkout)
    routes.message.register(book_charge, F.successful_payment.as_("paid"))
    routes.message.register(book_refund, F.refunded_payment.as_("refunded"))
    routes.subscription.register(note_renewal)
    return routes


async def answer_checkout(query: PreCheckoutQuery, language: Language) -> None:
    refusal = await check_checkout(checkout_of(query))
    try:
        if refusal is None:
            await query.answer(ok=True)
        else:
            logger.info("refused", code="checkout_refused", reason=refusal)
            await query.answer(ok=False, error_message=t(language, f"stars-refused-{refusal}"))
    except RequestRefusedError as error:  # ten seconds are over: Telegram has ended the payment by itself
        logger.warning("checkout_answered_too_late", reason=error.description)


async def book_charge(message: Message, paid: SuccessfulPayment, book_stars_charge: BookStarsCharge) -> None:
    booked = await book_stars_charge(charge_of(_payer_of(message), paid))
    logger.info("stars_charge", booked=booked.name)
    count(booked)


async def book_refund(message: Message, refunded: RefundedPayment, book_stars_refund: BookStarsRefund) -> None:
    booked = await book_stars_refund(refund_of(_payer_of(message), refunded))
    logger.info("stars_refund", booked=booked.name)
    count(booked)


async def note_renewal(event: BotSubscriptionUpdated) -> None:
    renewal = await note_subscription_update(event.user.id, event.invoice_payload, event.state)
    logger.info("stars_renewal", renewal=renewal)


def _payer_of(message: Message) -> int:
    """Whose message tells of the payment; of a refund it may be the bot's own, in the payer's chat."""
    sender = message.from_user
    return sender.id if sender is not None and not sender.is_bot else message.chat.id
