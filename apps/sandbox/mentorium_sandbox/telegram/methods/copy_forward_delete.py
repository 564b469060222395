"""Copying, forwarding and deleting messages."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

from mentorium_sandbox.telegram.call import Call
from mentorium_sandbox.telegram.conversation import Conversation, StoredMessage
from mentorium_sandbox.telegram.errors import bad_request
from mentorium_sandbox.telegram.formatting import FormattedText, caption
from mentorium_sandbox.telegram.keyboards import Markup, markup
from mentorium_sandbox.telegram.nested_fields import whole_number
from mentorium_sandbox.telegram.parameters import Parameters

Json = dict[str, Any]
_NAMES = (
    "message_id from chat date edit_date reply_to_message external_reply quote reply_markup message_thread_id "
    "is_topic_message has_protected_content effect_id media_group_id"
)
_OF_THE_PLACE = frozenset(_NAMES.split())
_OF_THE_AUTHOR = frozenset({"forward_origin"})
_SERVICE = frozenset({"pinned_message", "forum_topic_created", "forum_topic_edited"})
_NEVER_COPIED = frozenset({"invoice", "successful_payment", "refunded_payment"})
_MOST_AT_ONCE = 100
_DELETABLE_SECONDS = 48 * 3600


def copy_message(call: Call) -> Json:
    source = _source_chat(call)
    stored = call.message(source, "message to copy")
    words = caption(call.parameters) if "caption" in call.parameters.values else None
    keyboard, target = markup(call.parameters), call.open_chat()
    if not _can_be_copied(stored):
        raise bad_request("message can't be copied")
    sent = call.send(target, _copied(stored, words), keyboard)
    return {"message_id": sent["message_id"]}


def copy_messages(call: Call) -> list[Json]:
    words = FormattedText("") if call.parameters.flag("remove_caption") else None
    return _send_each(call, _can_be_copied, lambda stored: _copied(stored, words), "copy")


def forward_message(call: Call) -> Json:
    stored = call.message(_source_chat(call), "message to forward")
    target = call.open_chat()
    if not _can_be_forwarded(stored):
        raise bad_request("message can't be forwarded")
    return call.send(target, _forwarded(stored), Markup())


def forward_messages(call: Call) -> list[Json]:
    return _send_each(call, _can_be_forwarded, _forwarded, "forward")


def _send_each(
    call: Call, possible: Callable[[StoredMessage], bool], content: Callable[[StoredMessage], Json], what: str
) -> list[Json]:
    """In the order of their ids; those that cannot be sent are passed over in silence."""
    source, wanted = _source_chat(call), message_ids(call.parameters)
    if any(later <= earlier for earlier, later in pairwise(wanted)):
        raise bad_request("message identifiers must be in a strictly increasing order")
    found = [source.messages[message_id] for message_id in wanted if message_id in source.messages]
    sendable = [stored for stored in found if possible(stored)]
    target = call.open_chat()
    if not sendable:
        raise bad_request(f"there are no messages to {what}")
    return [{"message_id": call.send(target, content(stored), Markup())["message_id"]} for stored in sendable]


def delete_message(call: Call) -> bool:
    conversation = call.open_chat()
    stored = call.message(conversation, "message to delete")
    if call.timestamp() - stored.message["date"] > _DELETABLE_SECONDS:
        raise bad_request("message can't be deleted for everyone")
    conversation.delete(stored.message["message_id"])
    return True


def delete_messages(call: Call) -> bool:
    """Those that are not there or too old are passed over in silence."""
    conversation = call.open_chat()
    for message_id in message_ids(call.parameters):
        stored = conversation.messages.get(message_id)
        if stored is not None and call.timestamp() - stored.message["date"] <= _DELETABLE_SECONDS:
            conversation.delete(message_id)
    return True


def message_ids(parameters: Parameters) -> list[int]:
    """The parameter `message_ids`. Raises ApiError 400."""
    given = parameters.structure("message_ids")
    if given is None or given == []:
        raise bad_request("message identifiers are not specified")
    if not isinstance(given, list):
        raise bad_request("expected an Array of message identifiers")
    if len(given) > _MOST_AT_ONCE:
        raise bad_request("too many message identifiers specified")
    return [_message_id(one) for one in given]


def _message_id(given: Any) -> int:
    if isinstance(given, bool) or not isinstance(given, int | str):
        raise bad_request("message identifier must be a Number")
    number = whole_number(given)
    if number is None:
        raise bad_request("can't parse message identifier as Number")
    if number <= 0:
        raise bad_request("invalid message identifier specified")
    return number


def _source_chat(call: Call) -> Conversation:
    call.parameters.required("from_chat_id")
    return call.chat("from_chat_id")


def _can_be_forwarded(stored: StoredMessage) -> bool:
    return not stored.message.get("has_protected_content") and not _SERVICE & stored.message.keys()


def _can_be_copied(stored: StoredMessage) -> bool:
    return _can_be_forwarded(stored) and not _NEVER_COPIED & stored.message.keys()


def _copied(stored: StoredMessage, words: FormattedText | None) -> Json:
    """`words` take the place of a caption; None keeps it."""
    content = {k: v for k, v in stored.message.items() if k not in _OF_THE_PLACE and k not in _OF_THE_AUTHOR}
    if words is None or "text" in content:
        return content
    kept = {key: value for key, value in content.items() if not key.startswith("caption")}
    return {**kept, **words.fields("caption", "caption_entities")}


def _forwarded(stored: StoredMessage) -> Json:
    content = {key: value for key, value in stored.message.items() if key not in _OF_THE_PLACE}
    origin = {"type": "user", "sender_user": stored.message["from"], "date": stored.message["date"]}
    return {"forward_origin": origin, **content}


METHODS: dict[str, Callable[[Call], Any]] = {
    "copyMessage": copy_message,
    "copyMessages": copy_messages,
    "forwardMessage": forward_message,
    "forwardMessages": forward_messages,
    "deleteMessage": delete_message,
    "deleteMessages": delete_messages,
}
