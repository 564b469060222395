"""What kinds of updates there are, how long each waits for the bot, and which may not overtake each other."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from datetime import timedelta
from typing import Any, Final

UPDATE_KINDS: Final = frozenset(
    {
        "message",
        "edited_message",
        "channel_post",
        "edited_channel_post",
        "business_connection",
        "business_message",
        "edited_business_message",
        "deleted_business_messages",
        "guest_message",
        "message_reaction",
        "message_reaction_count",
        "inline_query",
        "chosen_inline_result",
        "callback_query",
        "shipping_query",
        "pre_checkout_query",
        "purchased_paid_media",
        "subscription",
        "poll",
        "poll_answer",
        "my_chat_member",
        "chat_member",
        "chat_join_request",
        "chat_boost",
        "removed_chat_boost",
        "managed_bot",
        "stopped_message_generation",
    }
)
_ONLY_WHEN_ASKED_FOR: Final = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
_USUAL_LIFE: Final = timedelta(hours=24)
_LIVES: Final = {
    "inline_query": timedelta(seconds=30),
    "callback_query": timedelta(seconds=150),
    "shipping_query": timedelta(seconds=150),
    "pre_checkout_query": timedelta(seconds=150),
    "chosen_inline_result": timedelta(minutes=10),
}
_MESSAGES: Final = frozenset(
    {"message", "edited_message", "channel_post", "edited_channel_post", "business_message", "edited_business_message"}
)
_PAYMENTS: Final = frozenset({"shipping_query", "pre_checkout_query"})


def kind_of(update: Mapping[str, Any]) -> str:
    """The name of the one object that the update holds; empty if there is none."""
    return next((key for key in update if key != "update_id"), "")


def is_wanted(kind: str, allowed: frozenset[str]) -> bool:
    """Whether a bot that allows these kinds gets it; none stands for the usual ones."""
    return kind in allowed if allowed else kind not in _ONLY_WHEN_ASKED_FOR


def allowed_kinds(given: object) -> frozenset[str] | None:
    """What `allowed_updates` asks for: names that do not exist are passed over, None changes nothing."""
    if not isinstance(given, list) or not all(isinstance(name, str) for name in given):
        return None
    return UPDATE_KINDS & {name.lower() for name in given}


def new_simulation(update: Mapping[str, Any]) -> timedelta:
    """How long Telegram keeps the update for a bot that does not take it."""
    return _LIVES.get(kind_of(update), _USUAL_LIFE)


def lane_of(update: Mapping[str, Any]) -> Hashable:
    """The queue of a webhook in which it stands: presses and payments do not wait for the messages of their user."""
    kind = kind_of(update)
    content = update.get(kind)
    if not isinstance(content, dict):
        return kind
    if kind in _MESSAGES:
        return "messages", _id(content.get("chat"))
    if kind in _PAYMENTS:
        return "payments", _id(content.get("from"))
    ids = (_id(content.get("chat")), _id(content.get("from")), _id(content))
    return kind, next((found for found in ids if found is not None), None)


def _id(of: object) -> Hashable:
    found = of.get("id") if isinstance(of, dict) else None
    return found if isinstance(found, int | str) else None
