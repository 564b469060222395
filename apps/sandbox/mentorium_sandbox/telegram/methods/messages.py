"""Sending: messages, drafts, photos, chat actions."""

from __future__ import annotations

from typing import Any

from mentorium_sandbox.telegram.call import Call, text_fields
from mentorium_sandbox.telegram.errors import bad_request
from mentorium_sandbox.telegram.files import StoredFile, image_of
from mentorium_sandbox.telegram.formatting import caption, message_text
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


def send_photo(call: Call) -> Json:
    formatted, keyboard = caption(call.parameters), markup(call.parameters)
    conversation = call.open_chat()
    photo = photo_sizes(_photo(call))
    above = {"show_caption_above_media": True} if call.parameters.flag("show_caption_above_media") else {}
    spoiler = {"has_media_spoiler": True} if call.parameters.flag("has_spoiler") else {}
    content = {"photo": photo, **text_fields(formatted, "caption", "caption_entities"), **above, **spoiler}
    return call.send(conversation, content, keyboard)


def photo_sizes(file: StoredFile) -> list[Json]:
    """The photo in its one, real size."""
    image = image_of(file.data)
    return [
        {
            "file_id": file.file_id,
            "file_unique_id": file.unique_id,
            "width": image.width,
            "height": image.height,
            "file_size": len(file.data),
        }
    ]


def _photo(call: Call) -> StoredFile:
    upload = call.parameters.upload("photo")
    if upload is not None:
        return call.world.files.keep(upload.data, image_of(upload.data).content_type, "photos")
    reference = call.parameters.text("photo")
    if not reference or reference.startswith("attach://"):
        raise bad_request("there is no photo in the request")
    if reference.startswith(("http://", "https://")):
        raise bad_request("failed to get HTTP URL content")
    file = call.world.files.by_id(reference)
    if file is None:
        raise bad_request("wrong remote file identifier specified: Wrong string length")
    return file


def send_chat_action(call: Call) -> bool:
    action = call.parameters.text("action").lower()
    if action not in _CHAT_ACTIONS:
        raise bad_request("wrong parameter action in request")
    call.open_chat().show_action(action)
    return True


METHODS = {
    "sendMessage": send_message,
    "sendMessageDraft": send_message_draft,
    "sendPhoto": send_photo,
    "sendChatAction": send_chat_action,
}
