"""Control calls about Stars: what a fake user has, pays, and does with a subscription."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from aiohttp import web

from mentorium_sandbox.control_api import RequestBody, refuse
from mentorium_sandbox.telegram.bot import Bot
from mentorium_sandbox.telegram.conversation import Conversation
from mentorium_sandbox.telegram.star_payments import NotPayableError, PayOutcome, StarPayments
from mentorium_sandbox.telegram.stars import StarPayment
from mentorium_sandbox.telegram.telegram_world import TelegramWorld
from mentorium_sandbox.telegram.user_actions import UserActions

if TYPE_CHECKING:
    from mentorium_sandbox.telegram.user_api import UserApi

Json = dict[str, Any]
_OUTCOMES = ("ok", "cancel")
_ACTIONS = ("cancel", "resume", "fail_next")
_MOST_STARS = 10**9
_WAIT_SECONDS, _LONGEST_WAIT = 10.0, 600.0


async def pay(api: UserApi, body: RequestBody, conversation: Conversation, user: UserActions) -> Json:
    """The pay sheet of an invoice: closed, or paid. Answers what the bot said before, and what followed."""
    message_id, link = body.optional_integer("message_id"), body.optional_text("link")
    if (message_id is None) == (link is None):
        refuse("say either message_id or link")
    outcome = body.text("outcome")
    if outcome not in _OUTCOMES:
        refuse(f"outcome is one of {', '.join(_OUTCOMES)}")
    wait_s = body.number("wait_s", _WAIT_SECONDS, highest=_LONGEST_WAIT)
    since, stars = conversation.cursor(), user.stars
    invoice = stars.invoice(message_id, link)
    paid = PayOutcome("cancelled") if outcome == "cancel" else await stars.pay(invoice)
    if paid.ticket is not None:
        await api.reply_to([paid.ticket], conversation, since).until_answered(wait_s if paid.payment else 0)
    message = paid.ticket.update.get("message") if paid.ticket is not None else None
    return {
        "outcome": paid.outcome,
        "pre_checkout": paid.answer,
        "error": paid.error,
        "charge_id": paid.payment.charge_id if paid.payment is not None else None,
        "payment": message["successful_payment"] if message is not None else None,
        "message_id": message["message_id"] if message is not None else None,
        "balance": conversation.user.stars,
        "replies": conversation.replies_after(since.message_id),
        "edited": conversation.edited_since(since),
    }


async def set_balance(api: UserApi, body: RequestBody, conversation: Conversation, _: UserActions) -> Json:
    balance = body.integer("balance")
    if not 0 <= balance <= _MOST_STARS:
        refuse(f"balance is 0 to {_MOST_STARS}")
    api.world.set_stars(conversation.user, balance)
    return {"balance": balance}


async def change_subscription(api: UserApi, body: RequestBody, conversation: Conversation, user: UserActions) -> Json:
    """As the user does in Telegram's own settings; `fail_next` lets the next charge fail."""
    charge_id, action = body.text("charge_id"), body.text("action")
    if action not in _ACTIONS:
        refuse(f"action is one of {', '.join(_ACTIONS)}")
    wait_s = body.number("wait_s", 0.0, highest=_LONGEST_WAIT)
    since, stars = conversation.cursor(), user.stars
    subscription = stars.subscription(charge_id)
    if action == "fail_next":
        stars.fail_next(subscription)
    else:
        ticket = stars.cancel(subscription) if action == "cancel" else stars.resume(subscription)
        await api.reply_to([ticket], conversation, since).until_answered(wait_s)
    return {**subscription.view(), "replies": conversation.replies_after(since.message_id)}


def described(world: TelegramWorld, bot: Bot, conversation: Conversation, query: Mapping[str, str]) -> Json:
    """For the chat page. Raises HTTPNotFound for a link that leads nowhere."""
    user = conversation.user
    told: Json = {
        "balance": user.stars,
        "payments": [_payment(each) for each in bot.stars.payments.values() if each.user_id == user.id],
        "subscriptions": [each.view() for each in bot.stars.subscriptions.values() if each.user_id == user.id],
    }
    if "link" in query:
        try:
            told["invoice"] = StarPayments(world, bot, conversation).invoice(None, query["link"]).view()
        except NotPayableError as error:
            raise web.HTTPNotFound(text=str(error)) from error
    return told


def _payment(payment: StarPayment) -> Json:
    return {
        "charge_id": payment.charge_id,
        "amount": payment.amount,
        "invoice_payload": payment.payload,
        "paid_at": datetime.fromtimestamp(payment.paid_at, UTC).isoformat(),
        "refunded": payment.refunded_at is not None,
    }
