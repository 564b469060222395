"""What a new message answers, and the topic in which it stands."""

from __future__ import annotations

from typing import Any

from mentorium_sandbox.telegram.bot import Bot
from mentorium_sandbox.telegram.conversation import Conversation, StoredMessage
from mentorium_sandbox.telegram.errors import CHAT_NOT_FOUND, bad_request
from mentorium_sandbox.telegram.formatting import formatted_parameter
from mentorium_sandbox.telegram.nested_fields import Fields, whole_number
from mentorium_sandbox.telegram.parameters import Parameters
from mentorium_sandbox.telegram.telegram_world import TelegramWorld
from mentorium_sandbox.telegram.text import units

Json = dict[str, Any]
_NOT_SHOWN_AGAIN = frozenset({"reply_to_message", "external_reply", "quote"})
_SHOWN_OF_ANOTHER_CHAT = (
    *("animation", "audio", "document", "photo", "sticker", "video", "video_note", "voice"),
    *("contact", "dice", "invoice", "location", "poll", "venue"),
)


def topic_fields(parameters: Parameters, conversation: Conversation) -> Json:
    """Raises ApiError 400 for a topic that is not there."""
    thread_id = parameters.integer("message_thread_id")
    if thread_id == 0:
        return {}
    if thread_id not in conversation.topics:
        raise bad_request("message thread not found")
    return {"message_thread_id": thread_id, "is_topic_message": True}


def reply_fields(world: TelegramWorld, bot: Bot, parameters: Parameters, conversation: Conversation) -> Json:
    """Raises ApiError 400 where there is no such message, or it does not hold the quoted words."""
    wanted = _wanted(parameters)
    if wanted is None or (message_id := wanted.integer("message_id")) <= 0:
        return {}
    source = _source(world, bot, wanted, conversation)
    found = source.messages.get(message_id)
    if found is None:
        if wanted.flag("allow_sending_without_reply"):
            return {}
        raise bad_request("message to be replied not found")
    quote = _quote(wanted, found)
    if source is not conversation:
        return {"external_reply": _external(source, found), **quote}
    kept = {key: value for key, value in found.message.items() if key not in _NOT_SHOWN_AGAIN}
    return {"reply_to_message": kept, **quote}


def _wanted(parameters: Parameters) -> Fields | None:
    given = parameters.structure("reply_parameters")
    if given is not None:
        fields = Fields.of(given, "", "object expected as reply parameters")
        return fields if fields.values else None
    lenient = parameters.flag("allow_sending_without_reply")
    message_id = parameters.integer("reply_to_message_id")
    return Fields({"message_id": message_id, "allow_sending_without_reply": lenient}) if message_id else None


def _source(world: TelegramWorld, bot: Bot, wanted: Fields, conversation: Conversation) -> Conversation:
    chat_id = wanted.optional_text("chat_id")
    if not chat_id:
        return conversation
    source = world.conversation(bot, whole_number(chat_id) or 0)
    if source is None:
        raise bad_request(CHAT_NOT_FOUND)
    return source


def _quote(wanted: Fields, found: StoredMessage) -> Json:
    if not wanted.optional_text("quote"):
        return {}
    quoted = formatted_parameter(Parameters(wanted.values), "quote", "quote_entities", "quote_parse_mode")
    text = found.message.get("text") or found.message.get("caption") or ""
    if not quoted.text or quoted.text not in text:
        raise bad_request("QUOTE_TEXT_INVALID")
    position = units(text[: text.index(quoted.text)])
    return {"quote": {**quoted.fields(), "position": position, "is_manual": True}}


def _external(source: Conversation, found: StoredMessage) -> Json:
    message = found.message
    shown = {key: message[key] for key in _SHOWN_OF_ANOTHER_CHAT if key in message}
    origin = {"type": "user", "sender_user": message["from"], "date": message["date"]}
    return {"origin": origin, "chat": source.user.as_chat(), "message_id": message["message_id"], **shown}
