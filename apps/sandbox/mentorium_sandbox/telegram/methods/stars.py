"""What the bot itself does with Stars: it answers before a payment, refunds, ends subscriptions, reads its account."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from typing import Any

from mentorium_sandbox.telegram.call import Call
from mentorium_sandbox.telegram.conversation import Conversation
from mentorium_sandbox.telegram.errors import QUERY_TOO_OLD, bad_request
from mentorium_sandbox.telegram.star_payments import StarPayments
from mentorium_sandbox.telegram.stars import NANOSTARS, StarPayment

Json = dict[str, Any]
_MOST_TRANSACTIONS = 100
_MOST_OFFSET = 10**8


def answer_pre_checkout_query(call: Call) -> bool:
    ok = call.parameters.flag("ok")
    error_message = call.parameters.text("error_message") if ok else call.parameters.required("error_message")
    waiting = call.bot.pre_checkouts.get(call.parameters.text("pre_checkout_query_id"))
    if waiting is None or waiting.done():
        raise bad_request(QUERY_TOO_OLD)
    waiting.set_result({"ok": True} if ok else {"ok": False, "error_message": error_message})
    return True


def answer_shipping_query(call: Call) -> bool:
    """Nothing is shipped here, so no query waits for an answer."""
    if not call.parameters.flag("ok"):
        call.parameters.required("error_message")
    raise bad_request(QUERY_TOO_OLD)


def refund_star_payment(call: Call) -> bool:
    conversation, payment = _charge(call)
    if payment.refunded_at is not None:
        raise bad_request("CHARGE_ALREADY_REFUNDED")
    StarPayments(call.world, call.bot, conversation).refund(payment)
    return True


def edit_user_star_subscription(call: Call) -> bool:
    """A subscription is known by the charge id of its first payment."""
    _, payment = _charge(call)
    subscription = call.bot.stars.subscriptions.get(payment.charge_id)
    if subscription is None:
        raise bad_request("CHARGE_NOT_FOUND")
    cancels = call.parameters.flag("is_canceled")
    if cancels and not subscription.runs(call.world.now()):
        raise bad_request("SUBSCRIPTION_NOT_ACTIVE")
    subscription.bot_canceled = cancels
    if not cancels and not subscription.over:
        subscription.canceled = True  # the user may take it up again, and does not by itself
    call.bot.stars.keep(subscription)
    call.world.events.tell({"type": "users"})
    return True


def _charge(call: Call) -> tuple[Conversation, StarPayment]:
    """The payment that user and charge id name. Raises ApiError 400."""
    user_id = call.parameters.integer("user_id")
    if user_id <= 0:
        raise bad_request("invalid user_id specified")
    conversation = call.world.conversation(call.bot, user_id)
    if conversation is None:
        raise bad_request("user not found")
    payment = call.bot.stars.payments.get(call.parameters.required("telegram_payment_charge_id"))
    if payment is None or payment.user_id != user_id:
        raise bad_request("CHARGE_NOT_FOUND")
    return conversation, payment


def get_my_star_balance(call: Call) -> Json:
    whole, nanostars = divmod(call.bot.stars.nanostars(), NANOSTARS)
    return {"amount": whole, **({"nanostar_amount": nanostars} if nanostars else {})}


def get_star_transactions(call: Call) -> Json:
    offset = min(max(0, call.parameters.integer("offset")), _MOST_OFFSET)
    limit = min(max(1, call.parameters.integer("limit", _MOST_TRANSACTIONS)), _MOST_TRANSACTIONS)
    described = call.bot.stars.transactions(lambda user_id: call.world.users[user_id].as_user())
    return {"transactions": list(islice(described, offset, offset + limit))}


def get_available_gifts(_: Call) -> Json:
    return {"gifts": []}


def send_gift(call: Call) -> bool:
    call.parameters.required("gift_id")
    raise bad_request("STARGIFT_INVALID")


METHODS: dict[str, Callable[[Call], Any]] = {
    "answerPreCheckoutQuery": answer_pre_checkout_query,
    "answerShippingQuery": answer_shipping_query,
    "refundStarPayment": refund_star_payment,
    "editUserStarSubscription": edit_user_star_subscription,
    "getMyStarBalance": get_my_star_balance,
    "getStarTransactions": get_star_transactions,
    "getAvailableGifts": get_available_gifts,
    "sendGift": send_gift,
}
