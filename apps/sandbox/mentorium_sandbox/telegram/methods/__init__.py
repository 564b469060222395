"""The Bot API methods that this stand-in carries out, and the names of those that it only knows of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mentorium_sandbox.telegram.call import Call
from mentorium_sandbox.telegram.methods import chats, delivery, edits, media, messages, moving, profile, things
from mentorium_sandbox.telegram.methods.schema import BOT_API_METHODS, refusal

GET_UPDATES, SET_WEBHOOK = "getUpdates", "setWebhook"
Method = Callable[[Call], Any]
IMPLEMENTED: dict[str, Method] = {
    **messages.METHODS,
    **media.METHODS,
    **things.METHODS,
    **edits.METHODS,
    **moving.METHODS,
    **chats.METHODS,
    **profile.METHODS,
    **delivery.METHODS,
}
METHODS: dict[str, Method] = {name: refusal(name) for name in BOT_API_METHODS} | IMPLEMENTED
_NAMES = {name.lower(): name for name in BOT_API_METHODS}


def canonical(name: str) -> str | None:
    """The method's own spelling; None if the Bot API has no such method."""
    return _NAMES.get(name.lower())


__all__ = ["GET_UPDATES", "IMPLEMENTED", "METHODS", "SET_WEBHOOK", "Method", "canonical"]
