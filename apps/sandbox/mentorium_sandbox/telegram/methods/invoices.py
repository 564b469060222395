"""Invoices and their links."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from mentorium_sandbox.telegram.call import Call
from mentorium_sandbox.telegram.errors import bad_request
from mentorium_sandbox.telegram.keyboards import Markup, any_markup
from mentorium_sandbox.telegram.nested_fields import Fields
from mentorium_sandbox.telegram.parameters import Parameters
from mentorium_sandbox.telegram.stars import STARS

Json = dict[str, Any]
_SUBSCRIPTION_SECONDS = 2_592_000
_MOST_STARS_A_MONTH = 10_000
_START_PARAMETER = re.compile(r"[A-Za-z0-9_-]{0,64}")


def send_invoice(call: Call) -> Json:
    invoice, keyboard = _invoice(call.parameters), _with_pay_button(call.parameters)
    message = call.send(call.open_chat(), {"invoice": invoice}, keyboard)
    call.bot.stars.add_invoice(str(message["message_id"]), call.parameters.values, amount=invoice["total_amount"])
    return message


def create_invoice_link(call: Call) -> str:
    total = _invoice(call.parameters)["total_amount"]
    period = call.parameters.integer("subscription_period")
    if period not in (0, _SUBSCRIPTION_SECONDS) or (period and call.parameters.text("currency") != STARS):
        raise bad_request("SUBSCRIPTION_PERIOD_INVALID")
    if period and total > _MOST_STARS_A_MONTH:
        raise bad_request("STARS_AMOUNT_INVALID")
    slug = call.bot.stars.add_invoice(None, call.parameters.values, amount=total, period=period).place
    return f"https://t.me/${slug}"


def _invoice(parameters: Parameters) -> Json:
    title, description, payload, currency = (
        parameters.required(key) for key in ("title", "description", "payload", "currency")
    )
    total = _total(parameters, currency)
    start_parameter = parameters.text("start_parameter")
    for fits, complaint in (
        (len(title) <= 32, "INVOICE_TITLE_INVALID"),
        (len(description) <= 255, "INVOICE_DESCRIPTION_INVALID"),
        (len(payload.encode()) <= 128, "INVOICE_PAYLOAD_INVALID"),
        (re.fullmatch(r"[A-Z]{3}", currency), "CURRENCY_INVALID"),
        (currency == STARS or parameters.text("provider_token"), "PAYMENT_PROVIDER_INVALID"),
        (_START_PARAMETER.fullmatch(start_parameter), "START_PARAM_INVALID"),
        (total > 0, "CURRENCY_TOTAL_AMOUNT_INVALID"),
    ):
        if not fits:
            raise bad_request(complaint)
    return {
        "title": title,
        "description": description,
        "start_parameter": start_parameter,
        "currency": currency,
        "total_amount": total,
    }


def _total(parameters: Parameters, currency: str) -> int:
    parameters.required("prices")
    prices = parameters.structure("prices")
    if not isinstance(prices, list):
        raise bad_request("expected an Array of labeled prices")
    if not prices:
        raise bad_request("there must be at least one price")
    amounts = [_amount(price) for price in prices]
    if currency == STARS and len(amounts) != 1:
        raise bad_request("STARS_INVOICE_INVALID")
    return sum(amounts)


def _amount(price: Any) -> int:
    fields = Fields.of(price, "can't parse labeled price: ", "LabeledPrice must be an Object")
    if not fields.text("label"):
        raise fields.complaint("LabeledPrice label must be non-empty")
    return fields.integer("amount")


def _with_pay_button(parameters: Parameters) -> Markup:
    keyboard = any_markup(parameters)
    if keyboard.inline is None:
        total, currency = _total(parameters, parameters.text("currency")), parameters.text("currency")
        label = f"Pay ⭐️{total}" if currency == STARS else f"Pay {currency} {total // 100}.{total % 100:02}"
        return Markup(inline={"inline_keyboard": [[{"text": label, "pay": True}]]})
    buttons = [button for row in keyboard.inline["inline_keyboard"] for button in row]
    if "pay" not in buttons[0] or any("pay" in button for button in buttons[1:]):
        raise bad_request("BUTTON_POS_INVALID")
    return keyboard


METHODS: dict[str, Callable[[Call], Any]] = {
    "sendInvoice": send_invoice,
    "createInvoiceLink": create_invoice_link,
}
