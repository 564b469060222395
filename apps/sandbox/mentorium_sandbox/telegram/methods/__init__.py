"""The Bot API methods that this stand-in carries out, and the names of those that it only knows of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mentorium_sandbox.telegram.call import Call
from mentorium_sandbox.telegram.methods import (
    chats,
    contact_location_dice,
    copy_forward_delete,
    delivery,
    edits,
    inline_results,
    invoices,
    media,
    messages,
    pins_reactions,
    polls,
    profile,
    rich,
    stars,
    topics,
)
from mentorium_sandbox.telegram.methods.schema import BOT_API_METHODS, refusal

GET_UPDATES, SET_WEBHOOK = "getUpdates", "setWebhook"
Method = Callable[[Call], Any]
_SUBJECTS = (
    *(
        messages,
        rich,
        media,
        contact_location_dice,
        polls,
        invoices,
        stars,
        edits,
        copy_forward_delete,
        pins_reactions,
        topics,
    ),
    *(chats, profile, delivery, inline_results),
)
IMPLEMENTED: dict[str, Method] = {name: method for subject in _SUBJECTS for name, method in subject.METHODS.items()}
METHODS: dict[str, Method] = {name: refusal(name) for name in BOT_API_METHODS} | IMPLEMENTED
_NAMES = {name.lower(): name for name in BOT_API_METHODS}


def canonical(name: str) -> str | None:
    """The method's own spelling; None if the Bot API has no such method."""
    return _NAMES.get(name.lower())


__all__ = ["GET_UPDATES", "IMPLEMENTED", "METHODS", "SET_WEBHOOK", "Method", "canonical"]
