"""What an update is, to the inbox: whose order it belongs to, its lane, whether it counts, and what its failure means.

Plain functions over the update as Telegram sends it (https://core.telegram.org/bots/api#update), of which nothing is
taken for granted.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from mentorium_domain.inbox import NO_CHAT, InboxLane, IncomingUpdate
from mentorium_kit.backoff import backoff_s
from mentorium_kit.trace import trace_of

LARGEST_ID: Final = 2**63
ANSWERABLE_FOR: Final = timedelta(minutes=15)
"""What could not be handled for so long is apologised for: nobody waits for it any more."""
PAYMENT_TRIED_FOR: Final = timedelta(hours=1)
"""A payment's update ends only by its commit; after so long it is set aside, and an operator is called."""
CHECKOUT_TRIED_FOR: Final = timedelta(seconds=8)
"""Telegram waits ten seconds for an answer (https://core.telegram.org/bots/api#precheckoutquery), then it is void."""
CHECKOUT_KINDS: Final = ("pre_checkout_query", "shipping_query")
_FIRST_PAUSE_S: Final = 1.0
_LONGEST_PAUSE_S: Final = 15.0
_LONGEST_PAYMENT_PAUSE_S: Final = 60.0
_PAYMENT_KINDS: Final = frozenset({"pre_checkout_query", "shipping_query", "purchased_paid_media", "subscription"})
_PAYMENT_CONTENT: Final = frozenset({"successful_payment", "refunded_payment"})
_NEVER_COUNTED: Final = frozenset({"stopped_message_generation", "my_chat_member"})
_ERASE: Final = "erase:"


def read_update(raw: Mapping[str, Any]) -> IncomingUpdate | None:
    """The update as the inbox keeps it; None for something that has no usable id: it cannot even be told apart."""
    update_id = raw.get("update_id")
    if not isinstance(update_id, int) or isinstance(update_id, bool) or not 0 <= update_id < LARGEST_ID:
        return None
    kind = kind_of(raw)
    user_id = _person_id(raw, kind)
    return IncomingUpdate(
        update_id=update_id,
        lane=lane_of(raw, kind),
        chat_id=_chat_id(raw, kind, user_id),
        user_id=user_id,
        kind=kind.encode("ascii", "replace").decode().replace("\0", "?")[:50],
        content=json.dumps(raw, separators=(",", ":")),  # in ASCII: half a character or a NUL is kept as it came
    )


def trace_of_update(bot_id: int, update_id: int, received_at: datetime) -> str:
    """The trace id of an update, for whoever stores it and whoever handles it. Update ids alone come again in time."""
    return trace_of(bot_id, update_id, received_at.timestamp())


def kind_of(raw: Mapping[str, Any]) -> str:
    """`message`, `callback_query` and so on: an update has one field beside its id."""
    return next((str(name) for name in raw if name != "update_id"), "empty")


def lane_of(raw: Mapping[str, Any], kind: str) -> InboxLane:
    content = raw.get(kind)
    about_money = kind in _PAYMENT_KINDS or (isinstance(content, dict) and bool(_PAYMENT_CONTENT & content.keys()))
    return InboxLane.PAYMENT if about_money else InboxLane.ORDINARY


def counts(update: IncomingUpdate, raw: Mapping[str, Any]) -> bool:
    """Whether the person's quota pays for it: never for a payment, a Stop, a closed chat, or to have data erased."""
    if update.user_id is None or update.lane is InboxLane.PAYMENT or update.kind in _NEVER_COUNTED:
        return False
    content = raw.get(update.kind)
    data = content.get("data") if isinstance(content, dict) else None
    return not (update.kind == "callback_query" and isinstance(data, str) and data.startswith(_ERASE))


def is_question(raw: Mapping[str, Any], kind: str) -> bool:
    """Whether it most likely is one to the mentor, the longest work there is: a text that is no command."""
    content = raw.get(kind)
    text = content.get("text") if kind == "message" and isinstance(content, dict) else None
    return isinstance(text, str) and not text.startswith("/")


def is_quick(update: IncomingUpdate, raw: Mapping[str, Any]) -> bool:
    """Whether it is a press or a command: many come fast from somebody who looks around, and each is soon done."""
    if update.kind == "callback_query":
        return True
    content = raw.get(update.kind)
    text = content.get("text") if update.kind == "message" and isinstance(content, dict) else None
    return isinstance(text, str) and text.startswith("/")


def must_be_booked(lane: InboxLane, kind: str) -> bool:
    """Whether money has moved: such an update ends only by its commit, and is kept although its sender is forgotten.

    A checkout only asks whether it may.
    """
    return lane is InboxLane.PAYMENT and kind not in CHECKOUT_KINDS


def pause_s(update_age: timedelta, lane: InboxLane, kind: str, failures: int) -> float | None:
    """Back-off in seconds before an update that could not be handled now is tried again; None where it is over."""
    if must_be_booked(lane, kind):
        tried_for, longest_s = PAYMENT_TRIED_FOR, _LONGEST_PAYMENT_PAUSE_S
    elif lane is InboxLane.PAYMENT:
        tried_for, longest_s = CHECKOUT_TRIED_FOR, _FIRST_PAUSE_S
    else:
        tried_for, longest_s = ANSWERABLE_FOR, _LONGEST_PAUSE_S
    return None if update_age > tried_for else backoff_s(failures, _FIRST_PAUSE_S, longest_s)


def _chat_id(raw: Mapping[str, Any], kind: str, user_id: int | None) -> int:
    content = raw.get(kind)
    if not isinstance(content, dict):
        return NO_CHAT
    message = content.get("message")
    holder = message if isinstance(message, dict) else content
    chat_id = _id_of(holder.get("chat"))
    return chat_id if chat_id is not None else user_id or NO_CHAT


def _person_id(raw: Mapping[str, Any], kind: str) -> int | None:
    """Who did it; where nobody is named, as when an answer is stopped, whose private chat it is."""
    content = raw.get(kind)
    if not isinstance(content, dict):
        return None
    chat = content.get("chat")
    is_private = isinstance(chat, dict) and chat.get("type") == "private"
    return _id_of(content.get("from") or content.get("user") or (chat if is_private else None))


def _id_of(somebody: object) -> int | None:
    found = somebody.get("id") if isinstance(somebody, dict) else None
    if not isinstance(found, int) or isinstance(found, bool) or not -LARGEST_ID < found < LARGEST_ID:
        return None
    return found
