"""Sending what is neither text nor file: contacts, places, dice, polls, invoices, rich messages."""

from __future__ import annotations

import random
import re
import secrets
from html import unescape
from typing import Any
from urllib.parse import quote

from mentorium_sandbox.telegram.call import Call
from mentorium_sandbox.telegram.errors import bad_request, not_implemented
from mentorium_sandbox.telegram.keyboards import Markup, any_markup, markup
from mentorium_sandbox.telegram.parameters import Parameters

Json = dict[str, Any]
_DICE = {"🎲": 6, "🎯": 6, "🎳": 6, "🏀": 5, "⚽": 5, "🎰": 64}
_SUBSCRIPTION_SECONDS = 2_592_000
_MOST_STARS_A_MONTH = 10_000
_LONGEST_RICH_TEXT = 32_768
_TAG = re.compile(r"<[^>]*>")


def send_contact(call: Call) -> Json:
    parameters = call.parameters
    contact = {key: parameters.text(key) for key in ("phone_number", "first_name", "last_name") if parameters.text(key)}
    if "phone_number" not in contact:
        raise bad_request('parameter "phone_number" is required')
    if "first_name" not in contact:
        raise bad_request('parameter "first_name" is required')
    return call.send(call.open_chat(), {"contact": contact}, markup(parameters))


def send_location(call: Call) -> Json:
    return call.send(call.open_chat(), {"location": _location(call.parameters)}, markup(call.parameters))


def send_venue(call: Call) -> Json:
    parameters = call.parameters
    venue = {
        "location": _location(parameters),
        "title": parameters.text("title"),
        "address": parameters.text("address"),
    }
    if not venue["title"] or not venue["address"]:
        raise bad_request("venue title and address must be non-empty")
    return call.send(call.open_chat(), {"venue": venue, "location": venue["location"]}, markup(parameters))


def _location(parameters: Parameters) -> Json:
    try:
        latitude, longitude = (float(parameters.text(key)) for key in ("latitude", "longitude"))
    except ValueError as error:
        raise bad_request("can't parse location: latitude and longitude must be of type Float") from error
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise bad_request("wrong latitude or longitude specified")
    return {"latitude": latitude, "longitude": longitude}


def send_dice(call: Call) -> Json:
    emoji = call.parameters.text("emoji") or "🎲"
    if emoji not in _DICE:
        raise bad_request("DICE_EMOJI_INVALID")
    dice = {"emoji": emoji, "value": random.randint(1, _DICE[emoji])}
    return call.send(call.open_chat(), {"dice": dice}, markup(call.parameters))


def send_poll(call: Call) -> Json:
    parameters = call.parameters
    question, options = parameters.text("question").strip(), parameters.structure("options")
    if not 1 <= len(question) <= 300:
        raise bad_request("poll question length must be 1-300")
    if not isinstance(options, list) or not 2 <= len(options) <= 12:
        raise bad_request("poll must have at least 2 and at most 12 options")
    texts = [str(option.get("text", "")) if isinstance(option, dict) else str(option) for option in options]
    if not all(1 <= len(text) <= 100 for text in texts):
        raise bad_request("poll options length must be 1-100")
    poll = {
        "id": str(secrets.randbits(60)),
        "question": question,
        "options": [{"persistent_id": str(n), "text": text, "voter_count": 0} for n, text in enumerate(texts)],
        "total_voter_count": 0,
        "is_closed": parameters.flag("is_closed"),
        "is_anonymous": "is_anonymous" not in parameters.values or parameters.flag("is_anonymous"),
        "type": parameters.text("type") or "regular",
        "allows_multiple_answers": parameters.flag("allows_multiple_answers"),
        "allows_revoting": parameters.flag("allows_revoting"),
        "members_only": False,
    }
    return call.send(call.open_chat(), {"poll": poll}, markup(parameters))


def send_invoice(call: Call) -> Json:
    parameters = call.parameters
    invoice = _invoice(parameters)
    keyboard = any_markup(parameters)
    if keyboard.inline is None:
        stars = invoice["currency"] == "XTR"
        label = f"Pay ⭐️{invoice['total_amount']}" if stars else f"Pay {invoice['total_amount'] / 100:.2f}"
        rows = [[{"text": label, "pay": True}]]
    else:
        rows = keyboard.inline["inline_keyboard"]
        if not rows[0][0].get("pay"):
            raise bad_request("the first button of an invoice must be a pay button")
    message = call.send(call.open_chat(), {"invoice": invoice}, Markup(inline={"inline_keyboard": rows}))
    call.bot.invoices[str(message["message_id"])] = dict(parameters.values)
    return message


def create_invoice_link(call: Call) -> str:
    _invoice(call.parameters)
    period, stars = call.parameters.integer("subscription_period"), _total(call.parameters)
    if period not in (0, _SUBSCRIPTION_SECONDS):
        raise bad_request("SUBSCRIPTION_PERIOD_INVALID")
    if period and stars > _MOST_STARS_A_MONTH:
        raise bad_request("STARS_AMOUNT_INVALID")
    slug = secrets.token_urlsafe(12)
    call.bot.invoices[slug] = dict(call.parameters.values)
    return f"https://t.me/${quote(slug)}"


def _invoice(parameters: Parameters) -> Json:
    title, description = parameters.text("title"), parameters.text("description")
    currency, payload = parameters.text("currency"), parameters.text("payload")
    if not 1 <= len(title) <= 32:
        raise bad_request("INVOICE_TITLE_INVALID")
    if not 1 <= len(description) <= 255:
        raise bad_request("INVOICE_DESCRIPTION_INVALID")
    if not 1 <= len(payload.encode()) <= 128:
        raise bad_request("INVOICE_PAYLOAD_INVALID")
    if not re.fullmatch(r"[A-Z]{3}", currency):
        raise bad_request("CURRENCY_INVALID")
    if currency != "XTR" and not parameters.text("provider_token"):
        raise bad_request("PAYMENT_PROVIDER_INVALID")
    return {
        "title": title,
        "description": description,
        "start_parameter": parameters.text("start_parameter"),
        "currency": currency,
        "total_amount": _total(parameters),
    }


def _total(parameters: Parameters) -> int:
    prices = parameters.structure("prices")
    if not isinstance(prices, list) or not prices or not all(isinstance(price, dict) for price in prices):
        raise bad_request("can't parse prices JSON array: expected an Array of LabeledPrice")
    amounts = [price.get("amount") for price in prices]
    if not all(isinstance(amount, int) and not isinstance(amount, bool) for amount in amounts):
        raise bad_request('can\'t parse LabeledPrice: Field "amount" must be a valid Number')
    if parameters.text("currency") == "XTR" and len(prices) != 1:
        raise bad_request("STARS_INVOICE_INVALID")
    total = sum(amount for amount in amounts if isinstance(amount, int))
    if total <= 0:
        raise bad_request("CURRENCY_TOTAL_AMOUNT_INVALID")
    return total


def send_rich_message(call: Call) -> Json:
    rich, _ = _rich(call)
    return call.send(call.open_chat(), {"rich_message": rich}, markup(call.parameters))


def send_rich_message_draft(call: Call) -> bool:
    _, plain = _rich(call)
    draft_id = call.parameters.integer("draft_id")
    if draft_id == 0:
        raise bad_request("draft_id must be non-zero")
    call.open_chat().show_draft(
        draft_id,
        plain,
        [],
        can_stop=call.parameters.flag("can_stop"),
        keep_on_stop=call.parameters.flag("keep_on_stop"),
    )
    return True


def _rich(call: Call) -> tuple[Json, str]:
    """The message as one paragraph a line, without formatting: no more than this stand-in shows."""
    given = call.parameters.structure("rich_message")
    if not isinstance(given, dict) or sum(key in given for key in ("markdown", "html", "blocks")) != 1:
        raise bad_request("rich_message must have exactly one of markdown, html and blocks")
    if "blocks" in given:
        raise not_implemented("rich_message.blocks")
    text = str(given.get("markdown") or unescape(_TAG.sub("\n", str(given.get("html", "")))))
    if not text.strip():
        raise bad_request("message text is empty")
    if len(text) > _LONGEST_RICH_TEXT:
        raise bad_request("message is too long")
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return {"blocks": [{"type": "paragraph", "text": line} for line in lines]}, "\n".join(lines)


def no_payment_yet(call: Call) -> bool:
    """Nobody pays in Stars here, so there is no query to answer and no charge to give back."""
    raise bad_request("CHARGE_NOT_FOUND" if call.parameters.text("telegram_payment_charge_id") else "QUERY_ID_INVALID")


METHODS = {
    "sendContact": send_contact,
    "sendLocation": send_location,
    "sendVenue": send_venue,
    "sendDice": send_dice,
    "sendPoll": send_poll,
    "sendInvoice": send_invoice,
    "createInvoiceLink": create_invoice_link,
    "sendRichMessage": send_rich_message,
    "sendRichMessageDraft": send_rich_message_draft,
    "answerPreCheckoutQuery": no_payment_yet,
    "answerShippingQuery": no_payment_yet,
    "refundStarPayment": no_payment_yet,
    "editUserStarSubscription": no_payment_yet,
}
