"""Changing what stands in a chat, and answering presses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mentorium_sandbox.telegram.call import Call, preview_fields
from mentorium_sandbox.telegram.conversation import Conversation, StoredMessage
from mentorium_sandbox.telegram.errors import NOT_MODIFIED, QUERY_TOO_OLD, bad_request
from mentorium_sandbox.telegram.formatting import caption, message_text
from mentorium_sandbox.telegram.keyboards import markup
from mentorium_sandbox.telegram.methods.media import CAPTIONED, MEDIA_KINDS, edit_media_content
from mentorium_sandbox.telegram.methods.rich import rich_message

Json = dict[str, Any]
_ANSWER_LIMIT = 200
_WORDS = ("text", "entities", "link_preview_options", "rich_message")
_CAPTION = ("caption", "caption_entities", "show_caption_above_media")


def edit_message_text(call: Call) -> Json:
    content = _new_text(call)
    conversation, stored = _own_message(call)
    if not {"text", "rich_message"} & stored.message.keys():
        raise bad_request("there is no text in the message to edit")
    return _edit(call, conversation, stored, {**_without(stored.message, *_WORDS), **content})


def _new_text(call: Call) -> Json:
    if call.parameters.values.get("rich_message"):
        return {"rich_message": rich_message(call.parameters)}
    return {**message_text(call.parameters).fields(), **preview_fields(call.parameters)}


def edit_message_caption(call: Call) -> Json:
    fields = caption(call.parameters).fields("caption", "caption_entities")
    conversation, stored = _own_message(call)
    if not CAPTIONED & stored.message.keys():
        raise bad_request("there is no caption in the message to edit")
    if fields and call.parameters.flag("show_caption_above_media"):
        fields["show_caption_above_media"] = True
    return _edit(call, conversation, stored, {**_without(stored.message, *_CAPTION), **fields})


def edit_message_media(call: Call) -> Json:
    """A text may become media, too."""
    content = edit_media_content(call)
    conversation, stored = _own_message(call)
    if not {"text", *CAPTIONED} & stored.message.keys():
        raise bad_request("there is no media in the message to edit")
    kept = _without(stored.message, *_WORDS, *_CAPTION, *MEDIA_KINDS, "has_media_spoiler")
    return _edit(call, conversation, stored, {**kept, **content})


def edit_message_reply_markup(call: Call) -> Json:
    conversation, stored = _own_message(call)
    return _edit(call, conversation, stored, dict(stored.message))


def _own_message(call: Call) -> tuple[Conversation, StoredMessage]:
    parameters = call.parameters
    if not parameters.text("chat_id") and not parameters.integer("message_id"):
        inline = parameters.text("inline_message_id")
        raise bad_request("MESSAGE_ID_INVALID" if inline else "message identifier is not specified")
    conversation = call.open_chat()
    stored = call.message(conversation, "message to edit")
    if not stored.outgoing or "forward_origin" in stored.message:
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


METHODS: dict[str, Callable[[Call], Any]] = {
    "editMessageText": edit_message_text,
    "editMessageCaption": edit_message_caption,
    "editMessageMedia": edit_message_media,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "answerCallbackQuery": answer_callback_query,
}
