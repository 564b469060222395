"""PayMe over HTTP: the checkout page, and the control calls that pay, register cards, and press the refund button."""

from __future__ import annotations

import html
import re
from typing import Any

from aiohttp import web

from mentorium_sandbox.control_api import RequestBody, refuse
from mentorium_sandbox.tills.html_page import card, card_form, exchanges, page, soums
from mentorium_sandbox.tills.merchant import Merchant
from mentorium_sandbox.tills.payme_cabinet import STATES, PaymeCabinet
from mentorium_sandbox.tills.payme_cards import KINDS, MUCH, SMS_CODE, Card, Cards, new_number
from mentorium_sandbox.tills.payme_link import BadLinkError, PaymeLink
from mentorium_sandbox.tills.payme_scenarios_api import PaymeScenariosApi
from mentorium_sandbox.tills.payme_subscribe import PaymeSubscribe
from mentorium_sandbox.tills.payme_till import OUTCOMES, PaymeTill, Transaction

Json = dict[str, Any]
CHOICES = (
    ("ok", "Pay", "the card has the money"),
    ("decline", "Pay, and the bank declines", "the transaction is opened and cancelled"),
    ("twice", "Pay twice", "the till is open in two windows, each request comes twice"),
    ("lost_answer", "Pay, and our answers are lost", "PayMe sends the same requests again"),
    ("cancel_after", "Pay, then the merchant refunds", "the button in PayMe's cabinet"),
    ("timeout", "Walk away", "the transaction stays open; PayMe cancels it after 12 hours"),
)
_NUMBER = re.compile(r"\d{16}")
_EXPIRE = re.compile(r"(0[1-9]|1[0-2])\d\d")
_PHONE = re.compile(r"998\d{9}")
_MOST_TIYIN = 10**15


class PaymeApi:
    def __init__(self, merchant: Merchant) -> None:
        self.till = PaymeTill(merchant)
        self.cards = Cards()

    def routes(self) -> list[web.AbstractRouteDef]:
        return [
            web.post("/sandbox/payme/pay", self._pay),
            web.post("/sandbox/payme/cards", self._card),
            *PaymeSubscribe(self.till, self.cards).routes(),
            *PaymeScenariosApi(self.till).routes(),
            *PaymeCabinet(self.till).routes(),
            web.get("/payme/{link:.+}", self._page),
            web.post("/payme/{link:.+}", self._paid_page),
        ]

    async def _pay(self, request: web.Request) -> web.StreamResponse:
        body = await RequestBody.of(request)
        text, outcome = body.text("link"), body.text("outcome")
        if outcome not in OUTCOMES:
            refuse(f"outcome is one of {', '.join(OUTCOMES)}")
        try:
            link = PaymeLink.read(text)
            outcome = self.cards.outcome_with(body.optional_text("card"), outcome, link.amount)
            transaction, calls = await self.till.pay(link, outcome)
        except BadLinkError as error:
            refuse(f"link: {error}")
        return web.json_response({"calls": calls, "transaction": transaction.view(), "message": transaction.message})

    async def _card(self, request: web.Request) -> web.StreamResponse:
        body = await RequestBody.of(request)
        number, expire = body.optional_text("number") or new_number(), body.optional_text("expire") or "0399"
        phone, kind = body.optional_text("phone") or "998901234567", body.optional_text("kind") or "ok"
        balance = body.optional_integer("balance")
        if not _NUMBER.fullmatch(number):
            refuse("number has 16 digits")
        if not _EXPIRE.fullmatch(expire):
            refuse("expire is MMYY")
        if not _PHONE.fullmatch(phone):
            refuse("phone is 998 and nine digits")
        if kind not in KINDS:
            refuse(f"kind is one of {', '.join(KINDS)}")
        if balance is not None and not 0 <= balance <= _MOST_TIYIN:
            refuse(f"balance is 0 to {_MOST_TIYIN} tiyin")
        registered = self.cards.register(Card(number, expire, kind, MUCH if balance is None else balance, phone))
        told = {"number": number, "balance": registered.card.balance, "sms_code": SMS_CODE}
        return web.json_response({**registered.view(), **told})

    async def _page(self, request: web.Request) -> web.StreamResponse:
        try:
            return _checkout(PaymeLink.read(request.path))
        except BadLinkError as error:
            return page("PayMe", card("<h1>PayMe</h1>", f'<p class="bad">{html.escape(str(error))}</p>'))

    async def _paid_page(self, request: web.Request) -> web.StreamResponse:
        form = await request.post()
        outcome, number = str(form.get("outcome", "")), str(form.get("card", "")).strip()
        try:
            link = PaymeLink.read(request.path)
            if outcome not in OUTCOMES or (number and not self.cards.knows(number)):
                return _checkout(link, f"No such card: {number}" if number else "")
            outcome = self.cards.outcome_with(number or None, outcome, link.amount)
            transaction, calls = await self.till.pay(link, outcome)
        except BadLinkError as error:
            return page("PayMe", card("<h1>PayMe</h1>", f'<p class="bad">{html.escape(str(error))}</p>'))
        return _receipt(link, transaction, calls)


def _checkout(link: PaymeLink, complaint: str = "") -> web.Response:
    return page(
        "PayMe: payment",
        card(
            "<h1>PayMe</h1>",
            f'<p class="sum">{soums(link.amount)}</p>',
            f'<p class="soft">Order {html.escape(", ".join(link.account.values()))}</p>',
            card_form(CHOICES, complaint),
        ),
    )


def _receipt(link: PaymeLink, transaction: Transaction, calls: list[Json]) -> web.Response:
    words, look = STATES.get(transaction.state, ("Not paid", "bad"))
    message = transaction.message
    said = message.get(link.language) if isinstance(message, dict) else message
    back = link.return_url or "/"
    return page(
        "PayMe: result",
        card(
            f'<h1 class="{look}">{words}</h1>',
            f'<p class="sum">{soums(link.amount)}</p>',
            f'<p class="bad">{html.escape(str(said))}</p>' if said else "",
            '<p><a class="button" href="/">Back to the chat</a></p>',
            f'<p class="soft">The merchant asked PayMe to send the payer to {html.escape(back)}</p>',
        ),
        exchanges(calls),
    )
