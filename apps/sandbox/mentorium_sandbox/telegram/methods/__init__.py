"""The Bot API methods that this stand-in carries out, and the names of those that it only knows of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mentorium_sandbox.telegram.call import Call
from mentorium_sandbox.telegram.methods import chats, delivery, edits, media, messages, moving, profile, things
from mentorium_sandbox.telegram.methods.names import BOT_API_METHODS

GET_UPDATES, SET_WEBHOOK = "getUpdates", "setWebhook"
Method = Callable[[Call], Any]
METHODS: dict[str, Method] = {
    **messages.METHODS,
    **media.METHODS,
    **things.METHODS,
    **edits.METHODS,
    **moving.METHODS,
    **chats.METHODS,
    **profile.METHODS,
    **delivery.METHODS,
}
_NAMES = {name.lower(): name for name in BOT_API_METHODS}


def canonical(name: str) -> str | None:
    """The method's own spelling; None if the Bot API has no such method."""
    return _NAMES.get(name.lower())


__all__ = ["GET_UPDATES", "METHODS", "SET_WEBHOOK", "Method", "canonical"]
