"""Sending text: messages, drafts, chat actions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mentorium_sandbox.telegram.call import Call, preview_fields
from mentorium_sandbox.telegram.errors import bad_request
from mentorium_sandbox.telegram.formatting import message_text
from mentorium_sandbox.telegram.keyboards import markup
from mentorium_sandbox.telegram.methods.rich import draft_id

Json = dict[str, Any]
_NAMES = (
    "typing upload_photo record_video upload_video record_voice upload_voice upload_document choose_sticker "
    "find_location record_video_note upload_video_note"
)
_CHAT_ACTIONS = frozenset(_NAMES.split())
_OLD_NAMES = {"record_audio": "record_voice", "upload_audio": "upload_voice", "pick_up_location": "find_location"}


def send_message(call: Call) -> Json:
    formatted, keyboard = message_text(call.parameters), markup(call.parameters)
    return call.send(call.open_chat(), {**formatted.fields(), **preview_fields(call.parameters)}, keyboard)


def send_message_draft(call: Call) -> bool:
    parameters = call.parameters
    formatted = message_text(parameters, may_be_empty=True)
    call.open_chat().show_draft(
        draft_id(parameters),
        formatted.text,
        formatted.entities,
        can_stop=parameters.flag("can_stop"),
        keep_on_stop=parameters.flag("keep_on_stop"),
    )
    return True


def send_chat_action(call: Call) -> bool:
    action = call.parameters.text("action").lower()
    action = _OLD_NAMES.get(action, action)
    if action == "cancel":
        call.open_chat().end_action()
        return True
    if action not in _CHAT_ACTIONS:
        raise bad_request("wrong parameter action in request")
    call.open_chat().show_action(action)
    return True


METHODS: dict[str, Callable[[Call], Any]] = {
    "sendMessage": send_message,
    "sendMessageDraft": send_message_draft,
    "sendChatAction": send_chat_action,
}
