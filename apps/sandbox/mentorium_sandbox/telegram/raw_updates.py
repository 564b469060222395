"""Updates put in by hand or delivered a second time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeGuard

from mentorium_sandbox.control_api import refuse
from mentorium_sandbox.telegram.bot import Bot
from mentorium_sandbox.telegram.conversation import Conversation
from mentorium_sandbox.telegram.telegram_world import TelegramWorld

Json = dict[str, Any]
_HIGHEST_USER_ID = 2**52 - 1
_HIGHEST_MESSAGE_ID = 2**31 - 1
_MOST_DEPTH = 500
"""What JSON can be read from is deeper than what can be written with something around it."""


def put_raw_update(world: TelegramWorld, bot: Bot, update: Json) -> Json:
    """Deliver a raw update; a sender who is not known yet becomes a fake user. Raises HTTPBadRequest."""
    kinds = [key for key in update if key != "update_id"]
    if len(kinds) != 1 or not isinstance(update[kinds[0]], dict):
        refuse("an update holds update_id and exactly one object, named by its kind")
    update_id = update.get("update_id", 0)
    if not isinstance(update_id, int) or isinstance(update_id, bool) or update_id < 0:
        refuse("update_id is not a whole number")
    if _is_deeper(update, _MOST_DEPTH):
        refuse("the update is nested too deeply")
    content = update[kinds[0]]
    conversation = _conversation_of(world, bot, content)
    if conversation is not None:
        _remember(world, bot, conversation, kinds[0], content)
    return bot.queue.put_raw(update, conversation)


def _conversation_of(world: TelegramWorld, bot: Bot, content: Json) -> Conversation | None:
    sender = content.get("from")
    if not isinstance(sender, dict) or not _is_id(sender.get("id"), _HIGHEST_USER_ID):
        return None
    if sender["id"] not in world.users:
        name, language = str(sender.get("first_name", "Somebody")), str(sender.get("language_code", "en"))
        world.add_user(name, language, user_id=sender["id"])
    return world.conversation(bot, sender["id"])


def _remember(world: TelegramWorld, bot: Bot, conversation: Conversation, kind: str, content: Json) -> None:
    message_id = content.get("message_id")
    if kind == "message" and _is_id(message_id, _HIGHEST_MESSAGE_ID) and isinstance(content.get("date"), int):
        bot.last_message_id = max(bot.last_message_id, message_id)
        if message_id not in conversation.messages:
            conversation.add(content, outgoing=False)
    if kind == "callback_query":
        world.add_callback(bot, conversation, str(content.get("id", "")))


def _is_deeper(value: object, most: int) -> bool:
    level = [value]
    for _ in range(most):
        level = [inner for outer in level for inner in _within(outer)]
        if not level:
            return False
    return True


def _within(value: object) -> Iterable[object]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _is_id(value: object, highest: int) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value <= highest
