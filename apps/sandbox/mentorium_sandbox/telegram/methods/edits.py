"""Changing and deleting what stands in a chat, and answering presses."""

from __future__ import annotations

from typing import Any

from mentorium_sandbox.telegram.call import Call, text_fields
from mentorium_sandbox.telegram.conversation import Conversation, StoredMessage
from mentorium_sandbox.telegram.errors import NOT_MODIFIED, QUERY_TOO_OLD, bad_request
from mentorium_sandbox.telegram.formatting import caption, message_text
from mentorium_sandbox.telegram.keyboards import markup
from mentorium_sandbox.telegram.methods.media import MEDIA_KINDS, edit_media_content

Json = dict[str, Any]
_DELETABLE_SECONDS = 48 * 3600
_ANSWER_LIMIT = 200


def edit_message_text(call: Call) -> Json:
    formatted = message_text(call.parameters)
    conversation, stored = _own_message(call)
    if "text" not in stored.message:
        raise bad_request("there is no text in the message to edit")
    kept = _without(stored.message, "text", "entities")
    return _edit(call, conversation, stored, {**kept, **text_fields(formatted)})


def edit_message_caption(call: Call) -> Json:
    formatted = caption(call.parameters)
    conversation, stored = _own_message(call)
    if not any(kind in stored.message for kind in MEDIA_KINDS):
        raise bad_request("there is no caption in the message to edit")
    kept = _without(stored.message, "caption", "caption_entities")
    return _edit(call, conversation, stored, {**kept, **text_fields(formatted, "caption", "caption_entities")})


def edit_message_media(call: Call) -> Json:
    conversation, stored = _own_message(call)
    content = edit_media_content(call)
    kept = _without(stored.message, "text", "entities", "caption", "caption_entities", *MEDIA_KINDS)
    return _edit(call, conversation, stored, {**kept, **content})


def edit_message_reply_markup(call: Call) -> Json:
    conversation, stored = _own_message(call)
    return _edit(call, conversation, stored, dict(stored.message))


def _own_message(call: Call) -> tuple[Conversation, StoredMessage]:
    conversation = call.open_chat()
    if call.parameters.integer("message_id") == 0:
        raise bad_request("message identifier is not specified")
    stored = conversation.messages.get(call.parameters.integer("message_id"))
    if stored is None:
        raise bad_request("message to edit not found")
    if not stored.outgoing:
        raise bad_request("message can't be edited")
    return conversation, stored


def _edit(call: Call, conversation: Conversation, stored: StoredMessage, message: Json) -> Json:
    """An edit that brings no keyboard takes the old one away."""
    message.pop("reply_markup", None)
    keyboard = markup(call.parameters).inline
    if keyboard is not None:
        message["reply_markup"] = keyboard
    if message == stored.message:
        raise bad_request(NOT_MODIFIED)
    message["edit_date"] = call.timestamp()
    conversation.edit(stored, message)
    return message


def _without(message: Json, *keys: str) -> Json:
    return {key: value for key, value in message.items() if key not in keys}


def delete_message(call: Call) -> bool:
    conversation = call.open_chat()
    stored = conversation.messages.get(call.parameters.integer("message_id"))
    if stored is None:
        raise bad_request("message to delete not found")
    if call.timestamp() - stored.message["date"] > _DELETABLE_SECONDS:
        raise bad_request("message can't be deleted for everyone")
    conversation.delete(stored.message["message_id"])
    return True


def answer_callback_query(call: Call) -> bool:
    parameters = call.parameters
    text = parameters.text("text")
    if len(text) > _ANSWER_LIMIT:
        raise bad_request("MESSAGE_TOO_LONG")
    callback = call.world.take_callback(call.bot, parameters.text("callback_query_id"))
    if callback is None:
        raise bad_request(QUERY_TOO_OLD)
    url = parameters.text("url")
    callback.answer = {
        "text": text or None,
        "show_alert": parameters.flag("show_alert"),
        "url": url or None,
    }
    if text or url:
        callback.conversation.acts += 1
    callback.conversation.announce("callback_answer", callback_query_id=callback.id, answer=callback.answer)
    return True


METHODS = {
    "editMessageText": edit_message_text,
    "editMessageCaption": edit_message_caption,
    "editMessageMedia": edit_message_media,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "deleteMessage": delete_message,
    "answerCallbackQuery": answer_callback_query,
}
