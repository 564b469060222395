"""Paying in Stars as Telegram does it: the bot is asked before, told after, and told again at each renewal."""

from __future__ import annotations

import asyncio
import re
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from mentorium_sandbox.telegram.bot import Bot
from mentorium_sandbox.telegram.conversation import Conversation
from mentorium_sandbox.telegram.stars import STARS, Invoice, StarPayment, StarSubscription, end_of
from mentorium_sandbox.telegram.telegram_world import TelegramWorld
from mentorium_sandbox.telegram.updates import Ticket

Json = dict[str, Any]
_LINK = re.compile(r"(?:https?://)?t\.me/(?:\$|invoice/)([A-Za-z0-9_-]{1,64})")
_PATIENCE_S: Final = 10.0
_LOOK_AGAIN_S: Final = 0.05
BOT_SAYS_NO: Final = "BOT_PRECHECKOUT_FAILED"
BOT_IS_SILENT: Final = "BOT_PRECHECKOUT_TIMEOUT"


class NotPayableError(Exception):
    """A person could not pay this in Telegram either; the text says why."""


@dataclass(frozen=True, slots=True)
class PayOutcome:
    """`answer` is what the bot said before; None if it said nothing in time, or was not asked."""

    outcome: str
    answer: Json | None = None
    error: str | None = None
    payment: StarPayment | None = None
    ticket: Ticket | None = None


class StarPayments:
    """The Stars between one user and one bot. What is not possible raises NotPayableError."""

    def __init__(self, world: TelegramWorld, bot: Bot, conversation: Conversation) -> None:
        self._world = world
        self._bot = bot
        self._conversation = conversation
        self._user = conversation.user
        self._ledger = bot.stars

    def invoice(self, message_id: int | None, link: str | None) -> Invoice:
        """That of a message of this chat, or of a link, whoever sent it on."""
        if link is not None:
            match = _LINK.fullmatch(link.strip())
            found = self._ledger.invoices.get(match[1]) if match is not None else None
            if found is None:
                raise NotPayableError("the link leads to no invoice of this bot")
            return found
        if message_id not in self._conversation.messages:
            raise NotPayableError(f"there is no message {message_id} in this chat")
        found = self._ledger.invoices.get(str(message_id))
        if found is None:
            raise NotPayableError(f"message {message_id} is no invoice")
        return found

    async def pay(self, invoice: Invoice) -> PayOutcome:
        """Ask the bot, which has ten seconds to say yes; then take the Stars and tell it."""
        self._refuse_what_cannot_be_paid(invoice)
        ticket, query_id = self._ask(invoice)
        answer = await self._answer_to(query_id)
        if answer is None:
            return PayOutcome("timed_out", error=BOT_IS_SILENT, ticket=ticket)
        if not answer["ok"]:
            return PayOutcome("declined", answer, BOT_SAYS_NO, ticket=ticket)
        self._refuse_what_cannot_be_paid(invoice)  # perhaps it was paid on another device meanwhile
        return self._paid(invoice, answer)

    def _refuse_what_cannot_be_paid(self, invoice: Invoice) -> None:
        if invoice.currency != STARS:
            raise NotPayableError(f"this sandbox pays no invoice in {invoice.currency}")
        if invoice.paid and not invoice.is_link:
            raise NotPayableError("this invoice is paid already")
        if any(
            each.place == invoice.place and each.user_id == self._user.id and each.runs(self._world.now())
            for each in self._ledger.subscriptions.values()
        ):
            raise NotPayableError("SUBSCRIPTION_ALREADY_ACTIVE: the user has subscribed by this link")
        if self._user.stars < invoice.amount:
            raise NotPayableError(f"BALANCE_TOO_LOW: the user has {self._user.stars} Stars, it costs {invoice.amount}")

    def _ask(self, invoice: Invoice) -> tuple[Ticket, str]:
        query_id = str(secrets.randbits(62))
        self._bot.pre_checkouts[query_id] = asyncio.get_running_loop().create_future()
        query = {
            "id": query_id,
            "from": self._user.as_user(),
            "currency": invoice.currency,
            "total_amount": invoice.amount,
            "invoice_payload": invoice.payload,
        }
        return self._bot.queue.put("pre_checkout_query", query, self._conversation), query_id

    async def _answer_to(self, query_id: str) -> Json | None:
        try:
            return await asyncio.wait_for(self._bot.pre_checkouts[query_id], self._world.pre_checkout_seconds)
        except TimeoutError:
            return None
        finally:
            del self._bot.pre_checkouts[query_id]

    def _paid(self, invoice: Invoice, answer: Json) -> PayOutcome:
        self._world.set_stars(self._user, self._user.stars - invoice.amount)
        payment = self._ledger.add_payment(
            self._user.id, invoice.payload, invoice.amount, self._world.now(), period=invoice.period
        )
        more: Json = {}
        if invoice.period:
            subscription = self._ledger.add_subscription(payment, invoice)
            payment.subscription = payment.charge_id
            self._ledger.keep(payment)
            more = {**_until(subscription), "is_first_recurring": True}
        invoice.paid = True
        self._ledger.keep(invoice)
        return PayOutcome("paid", answer, payment=payment, ticket=self._tell_of(payment, more))

    def _tell_of(self, payment: StarPayment, more: Json) -> Ticket:
        content = {
            "currency": STARS,
            "total_amount": payment.amount,
            "invoice_payload": payment.payload,
            **more,
            "telegram_payment_charge_id": payment.charge_id,
            "provider_payment_charge_id": payment.provider_charge_id,
        }
        return self._service_message({"successful_payment": content})

    def renew(self, subscription: StarSubscription) -> Ticket | None:
        """Its time has run out: charge it once more, unless somebody ended it. The update that tells of it, if any."""
        if not subscription.renews:
            subscription.over = True
            self._ledger.keep(subscription)
            return None
        if subscription.fails_next or self._user.stars < subscription.amount:
            subscription.fails_next, subscription.failed, subscription.over = False, True, True
            self._ledger.keep(subscription)
            return self._tell_state(subscription, "failed")
        return self._charge(subscription)

    def _charge(self, subscription: StarSubscription) -> Ticket:
        self._world.set_stars(self._user, self._user.stars - subscription.amount)
        now = self._world.now()
        subscription.until = end_of(subscription, now)
        subscription.failed = subscription.over = False
        self._ledger.keep(subscription)
        payment = self._ledger.add_payment(
            self._user.id,
            subscription.payload,
            subscription.amount,
            now,
            period=subscription.period,
            subscription=subscription.charge_id,
        )
        return self._tell_of(payment, _until(subscription))

    def subscription(self, charge_id: str) -> StarSubscription:
        """The one that this payment of the user belongs to."""
        found = self._ledger.subscription_of(charge_id)
        if found is None or found.user_id != self._user.id:
            raise NotPayableError("the user has no subscription with a payment of this charge_id")
        return found

    def cancel(self, subscription: StarSubscription) -> Ticket:
        """The user ends it: what is paid for stays."""
        if not subscription.renews:
            raise NotPayableError(f"the subscription is {subscription.state}")
        subscription.canceled = True
        self._ledger.keep(subscription)
        return self._tell_state(subscription, "canceled")

    def resume(self, subscription: StarSubscription) -> Ticket:
        """The user takes it up again; one whose charge failed is paid for on the spot, from now on."""
        if subscription.failed:
            if self._user.stars < subscription.amount:
                raise NotPayableError(f"BALANCE_TOO_LOW: the user has {self._user.stars} Stars")
            return self._charge(subscription)
        if subscription.over or subscription.bot_canceled or not subscription.canceled:
            raise NotPayableError(f"the subscription is {subscription.state}")
        subscription.canceled = False
        self._ledger.keep(subscription)
        return self._tell_state(subscription, "active")

    def fail_next(self, subscription: StarSubscription) -> None:
        """The next charge will not go through, whatever the balance is."""
        if not subscription.renews:
            raise NotPayableError(f"the subscription is {subscription.state}")
        subscription.fails_next = True
        self._ledger.keep(subscription)

    def refund(self, payment: StarPayment) -> Ticket:
        """The bot gives the Stars back; that ends no subscription."""
        payment.refunded_at = self._world.now().timestamp()
        self._ledger.keep(payment)
        self._world.set_stars(self._user, self._user.stars + payment.amount)
        content = {
            "currency": STARS,
            "total_amount": payment.amount,
            "invoice_payload": payment.payload,
            "telegram_payment_charge_id": payment.charge_id,
            "provider_payment_charge_id": payment.provider_charge_id,
        }
        return self._service_message({"refunded_payment": content})

    def _tell_state(self, subscription: StarSubscription, state: str) -> Ticket:
        content = {"user": self._user.as_user(), "invoice_payload": subscription.payload, "state": state}
        self._world.events.tell({"type": "users"})
        return self._bot.queue.put("subscription", content, self._conversation)

    def _service_message(self, content: Json) -> Ticket:
        message = {
            "message_id": self._bot.next_message_id(),
            "from": self._user.as_user(),
            "chat": self._user.as_chat(),
            "date": int(self._world.now().timestamp()),
            **content,
        }
        self._conversation.add(message, outgoing=False)
        return self._bot.queue.put("message", message, self._conversation)


def renew_what_is_due(world: TelegramWorld) -> list[Ticket]:
    """Charge the subscriptions of all bots whose period has ended; the updates that tell of it."""
    tickets: list[Ticket] = []
    for bot in world.bots():
        while ripe := bot.stars.due(world.now()):
            for subscription in ripe:
                conversation = world.conversation(bot, subscription.user_id)
                if conversation is None:
                    subscription.over = True
                elif (ticket := StarPayments(world, bot, conversation).renew(subscription)) is not None:
                    tickets.append(ticket)
    return tickets


async def delivered(tickets: Sequence[Ticket], patience_s: float = _PATIENCE_S) -> None:
    """Wait until the bot has taken these updates; a bot that is away gets them later."""
    ends = time.monotonic() + patience_s
    while not all(ticket.confirmed for ticket in tickets) and time.monotonic() < ends:
        await asyncio.sleep(_LOOK_AGAIN_S)


def _until(subscription: StarSubscription) -> Json:
    return {"subscription_expiration_date": int(subscription.until), "is_recurring": True}
