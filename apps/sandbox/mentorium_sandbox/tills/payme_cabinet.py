"""The merchant's cabinet at PayMe: what was paid, and the button that gives it back."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Any

from aiohttp import web

from mentorium_sandbox.control_api import RequestBody
from mentorium_sandbox.tills.html_page import card, exchanges, page, soums
from mentorium_sandbox.tills.payme_till import PERFORMED, PaymeTill, Transaction

Json = dict[str, Any]
STATES = {
    1: ("Not paid yet: the transaction is open", ""),
    PERFORMED: ("Paid", "good"),
    -1: ("Not paid", "bad"),
    -2: ("Paid, and given back", ""),
    20: ("Debited; PayMe's people look into it, because the merchant does not answer", "bad"),
}


class PaymeCabinet:
    def __init__(self, till: PaymeTill) -> None:
        self._till = till

    def routes(self) -> list[web.AbstractRouteDef]:
        """To stand before the till's own, whose links may be anything."""
        return [
            web.get("/sandbox/payme/transactions", self._transactions),
            web.post("/sandbox/payme/refund", self._refund),
            web.get("/payme/cabinet", self._page),
            web.post("/payme/cabinet", self._refund_page),
        ]

    async def _transactions(self, _: web.Request) -> web.StreamResponse:
        return web.json_response({"transactions": [each.view() for each in self._till.transactions.values()]})

    async def _refund(self, request: web.Request) -> web.StreamResponse:
        """Give the money of a paid order (or of one transaction) back."""
        body = await RequestBody.of(request)
        order, wanted = body.optional_text("order_id"), body.optional_text("transaction")
        found = self._paid(order, wanted)
        if found is None:
            raise web.HTTPNotFound(text="there is no paid transaction of this order_id or transaction")
        calls = await self._till.refund(found)
        return web.json_response({"calls": calls, "transaction": found.view()})

    def _paid(self, order: str | None, transaction: str | None) -> Transaction | None:
        """The newest."""
        for each in reversed(self._till.transactions.values()):
            if each.state == PERFORMED and (each.id == transaction or order in each.account.values()):
                return each
        return None

    async def _page(self, _: web.Request) -> web.StreamResponse:
        return self._shown([])

    async def _refund_page(self, request: web.Request) -> web.StreamResponse:
        found = self._paid(None, str((await request.post()).get("transaction", "")))
        return self._shown(await self._till.refund(found) if found is not None else [])

    def _shown(self, calls: Sequence[Json]) -> web.Response:
        rows = [_row(each) for each in reversed(self._till.transactions.values())]
        return page(
            "PayMe: the merchant's cabinet",
            card(
                "<h1>PayMe: the merchant's cabinet</h1>",
                '<p class="soft">Refunds are made here, and PayMe then calls CancelTransaction.</p>',
                "" if rows else "<p>Nobody has been at the till yet.</p>",
            ),
            exchanges(calls) if calls else "",
            *rows,
        )


def _row(transaction: Transaction) -> str:
    words, look = STATES.get(transaction.state, ("Not paid", "bad"))
    button = (
        f'<form method="post"><input type="hidden" name="transaction" value="{transaction.id}">'
        f'<button class="quiet">Refund {soums(transaction.amount)}</button></form>'
    )
    return card(
        f'<h2>{html.escape(", ".join(transaction.account.values()))}</h2>',
        f'<p class="{look}">{words}, {soums(transaction.amount)}</p>',
        f'<p class="soft">Transaction {transaction.id}</p>',
        button if transaction.state == PERFORMED else "",
    )
