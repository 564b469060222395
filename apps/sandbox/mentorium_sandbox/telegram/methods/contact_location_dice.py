"""Sending contacts, locations and dice."""

from __future__ import annotations

import math
import secrets
from collections.abc import Callable
from typing import Any

from mentorium_sandbox.telegram.call import Call
from mentorium_sandbox.telegram.errors import bad_request
from mentorium_sandbox.telegram.keyboards import markup
from mentorium_sandbox.telegram.parameters import Parameters

Json = dict[str, Any]
_DICE = {"🎲": 6, "🎯": 6, "🎳": 6, "🏀": 5, "⚽": 5, "🎰": 64}


def send_contact(call: Call) -> Json:
    parameters = call.parameters
    contact = {key: parameters.required(key) for key in ("phone_number", "first_name")}
    contact |= {key: parameters.text(key) for key in ("last_name", "vcard") if parameters.text(key)}
    keyboard = markup(parameters)
    return call.send(call.open_chat(), {"contact": contact}, keyboard)


def send_location(call: Call) -> Json:
    location, keyboard = _location(call.parameters), markup(call.parameters)
    return call.send(call.open_chat(), {"location": location}, keyboard)


def send_venue(call: Call) -> Json:
    location, keyboard = _location(call.parameters), markup(call.parameters)
    title, address = (call.parameters.required(key) for key in ("title", "address"))
    venue = {"location": location, "title": title, "address": address}
    return call.send(call.open_chat(), {"venue": venue, "location": location}, keyboard)


def send_dice(call: Call) -> Json:
    emoji, keyboard = (call.parameters.text("emoji") or "🎲").removesuffix("\ufe0f"), markup(call.parameters)
    if emoji not in _DICE:
        raise bad_request("DICE_EMOJI_INVALID")
    dice = {"emoji": emoji, "value": 1 + secrets.randbelow(_DICE[emoji])}
    return call.send(call.open_chat(), {"dice": dice}, keyboard)


def _location(parameters: Parameters) -> Json:
    latitude, longitude = (_degrees(parameters, key) for key in ("latitude", "longitude"))
    if abs(latitude) > 90 or abs(longitude) > 180:
        raise bad_request("wrong location specified")
    period = parameters.integer("live_period")
    return {"latitude": latitude, "longitude": longitude, **({"live_period": period} if period > 0 else {})}


def _degrees(parameters: Parameters, key: str) -> float:
    text = parameters.text(key).strip()
    if not text:
        raise bad_request(f"{key} is empty")
    try:
        degrees = float(text)
    except ValueError:
        return 0.0
    return degrees if math.isfinite(degrees) else math.inf


METHODS: dict[str, Callable[[Call], Any]] = {
    "sendContact": send_contact,
    "sendLocation": send_location,
    "sendVenue": send_venue,
    "sendDice": send_dice,
}
