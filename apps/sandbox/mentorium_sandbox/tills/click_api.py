"""Click over HTTP: the checkout page, the control calls, and its Merchant API."""

from __future__ import annotations

import html
from decimal import Decimal
from typing import Any

from aiohttp import web

from mentorium_sandbox.control_api import RequestBody, refuse
from mentorium_sandbox.tills.click_link import ClickLink
from mentorium_sandbox.tills.click_merchant_api import ClickMerchantApi
from mentorium_sandbox.tills.click_till import (
    HTTP_METHODS,
    OUTCOMES,
    PROCESSING,
    REVERSED,
    SUCCESSFUL,
    ClickTill,
    Payment,
)
from mentorium_sandbox.tills.html_page import card, card_form, exchanges, page, soums
from mentorium_sandbox.tills.merchant import Merchant
from mentorium_sandbox.tills.payme_cards import Cards
from mentorium_sandbox.tills.payme_link import BadLinkError

Json = dict[str, Any]
CHOICES = (
    ("ok", "Pay", "the card has the money"),
    ("decline", "Pay, and the card has no money", "Complete comes with error -5017"),
    ("twice", "Pay twice", "the till is open in two windows, and both debit"),
    ("lost_answer", "Pay, and our answers are lost", "Click sends the same requests again"),
    ("cancel_after", "Pay, then Click cancels", "Complete comes once more, with error -5017"),
    ("timeout", "Walk away", "the payment stays prepared; Click gives it up after an hour"),
)


class ClickApi:
    def __init__(self, merchant: Merchant, cards: Cards) -> None:
        self.till = ClickTill(merchant)
        self._cards = cards

    def routes(self) -> list[web.AbstractRouteDef]:
        return [
            web.post("/sandbox/click/pay", self._pay),
            web.get("/sandbox/click/payments", self._payments),
            web.get("/click/services/pay", self._page),
            web.post("/click/services/pay", self._paid_page),
            *ClickMerchantApi(self.till).routes(),
        ]

    async def _pay(self, request: web.Request) -> web.StreamResponse:
        """`http_method` GET puts the same names into the query."""
        body = await RequestBody.of(request)
        text, outcome = body.text("link"), body.text("outcome")
        if outcome not in OUTCOMES:
            refuse(f"outcome is one of {', '.join(OUTCOMES)}")
        http_method = body.optional_text("http_method") or "POST"
        if http_method not in HTTP_METHODS:
            refuse(f"http_method is one of {', '.join(HTTP_METHODS)}")
        try:
            link = ClickLink.read(text)
            outcome = self._cards.outcome_with(body.optional_text("card"), outcome, _tiyin(link))
            payment, calls = await self.till.pay(link, outcome, http_method)
        except BadLinkError as error:
            refuse(f"link: {error}")
        return web.json_response({"calls": calls, "payment": payment.view(), "message": payment.message})

    async def _payments(self, _: web.Request) -> web.StreamResponse:
        return web.json_response({"payments": [each.view() for each in self.till.payments.values()]})

    async def _page(self, request: web.Request) -> web.StreamResponse:
        try:
            return _checkout(ClickLink.read(str(request.url)))
        except BadLinkError as error:
            return page("Click", card("<h1>Click</h1>", f'<p class="bad">{html.escape(str(error))}</p>'))

    async def _paid_page(self, request: web.Request) -> web.StreamResponse:
        form = await request.post()
        outcome, number = str(form.get("outcome", "")), str(form.get("card", "")).strip()
        try:
            link = ClickLink.read(str(request.url))
            if outcome not in OUTCOMES or (number and not self._cards.knows(number)):
                return _checkout(link, f"No such card: {number}" if number else "")
            outcome = self._cards.outcome_with(number or None, outcome, _tiyin(link))
            payment, calls = await self.till.pay(link, outcome)
        except BadLinkError as error:
            return page("Click", card("<h1>Click</h1>", f'<p class="bad">{html.escape(str(error))}</p>'))
        return _result(link, payment, calls)


def _tiyin(link: ClickLink) -> int:
    return int(Decimal(link.amount) * 100)


def _checkout(link: ClickLink, complaint: str = "") -> web.Response:
    return page(
        "Click: payment",
        card(
            "<h1>Click</h1>",
            f'<p class="sum">{soums(_tiyin(link))}</p>',
            f'<p class="soft">Order {html.escape(link.order)}</p>',
            card_form(CHOICES, complaint),
        ),
    )


def _result(link: ClickLink, payment: Payment, calls: list[Json]) -> web.Response:
    if payment.manual:
        words, look = "Debited; Click's people look into it, because the merchant's answer was no good", "bad"
    else:
        words, look = {
            SUCCESSFUL: ("Paid", "good"),
            PROCESSING: ("Not paid yet: the payment is prepared", ""),
            REVERSED: ("Paid, and given back", ""),
        }.get(payment.status, ("Not paid", "bad"))
    return page(
        "Click: result",
        card(
            f'<h1 class="{look}">{words}</h1>',
            f'<p class="sum">{soums(_tiyin(link))}</p>',
            f'<p class="bad">{html.escape(payment.message)}</p>' if payment.message else "",
            '<p><a class="button" href="/">Back to the chat</a></p>',
            f'<p class="soft">The merchant asked Click to send the payer to {html.escape(link.return_url or "/")}</p>',
        ),
        exchanges(calls),
    )
