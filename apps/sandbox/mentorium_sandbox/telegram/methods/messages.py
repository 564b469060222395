"""Sending: messages, drafts, chat actions."""

from __future__ import annotations

from typing import Any

from mentorium_sandbox.telegram.call import Call, text_fields
from mentorium_sandbox.telegram.errors import bad_request
from mentorium_sandbox.telegram.formatting import message_text
from mentorium_sandbox.telegram.keyboards import markup

Json = dict[str, Any]
_NAMES = (
    "typing upload_photo record_video upload_video record_voice upload_voice upload_document choose_sticker "
    "find_location record_video_note upload_video_note"
)
_CHAT_ACTIONS = frozenset(_NAMES.split())


def send_message(call: Call) -> Json:
    formatted, keyboard = message_text(call.parameters), markup(call.parameters)
    return call.send(call.open_chat(), text_fields(formatted), keyboard)


def send_message_draft(call: Call) -> bool:
    parameters = call.parameters
    formatted = message_text(parameters, may_be_empty=True)
    draft_id = parameters.integer("draft_id")
    if draft_id == 0:
        raise bad_request("draft_id must be non-zero")
    call.open_chat().show_draft(
        draft_id,
        formatted.text,
        formatted.entities,
        can_stop=parameters.flag("can_stop"),
        keep_on_stop=parameters.flag("keep_on_stop"),
    )
    return True


def send_chat_action(call: Call) -> bool:
    action = call.parameters.text("action").lower()
    if action not in _CHAT_ACTIONS:
        raise bad_request("wrong parameter action in request")
    call.open_chat().show_action(action)
    return True


METHODS = {
    "sendMessage": send_message,
    "sendMessageDraft": send_message_draft,
    "sendChatAction": send_chat_action,
}
