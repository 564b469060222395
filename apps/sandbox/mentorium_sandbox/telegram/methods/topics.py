"""Topics in a private chat."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mentorium_sandbox.telegram.call import Call
from mentorium_sandbox.telegram.conversation import Conversation
from mentorium_sandbox.telegram.errors import bad_request
from mentorium_sandbox.telegram.keyboards import Markup

Json = dict[str, Any]
_LONGEST_NAME = 128
_COLOURS = (7322096, 16766590, 13338331, 9367192, 16749490, 16478047)


def create_forum_topic(call: Call) -> Json:
    conversation = call.open_chat()
    name, colour = _name(call), call.parameters.integer("icon_color", _COLOURS[0])
    if colour not in _COLOURS:
        raise bad_request("TOPIC_ICON_COLOR_INVALID")
    emoji = call.parameters.text("icon_custom_emoji_id")
    look = {"name": name, "icon_color": colour, **({"icon_custom_emoji_id": emoji} if emoji else {})}
    thread_id = call.bot.last_message_id + 1
    place = {"message_thread_id": thread_id, "is_topic_message": True}
    call.send(conversation, {**place, "forum_topic_created": look}, Markup())
    conversation.topics[thread_id] = {"message_thread_id": thread_id, **look}
    return conversation.topics[thread_id]


def edit_forum_topic(call: Call) -> bool:
    conversation = call.open_chat()
    topic, changes = _topic(call, conversation), dict[str, Any]()
    if call.parameters.text("name"):
        changes["name"] = _name(call)
    if "icon_custom_emoji_id" in call.parameters.values:
        changes["icon_custom_emoji_id"] = call.parameters.text("icon_custom_emoji_id")
    if all(topic.get(key, "") == value for key, value in changes.items()):
        raise bad_request("TOPIC_NOT_MODIFIED")
    topic.update(changes)
    place = {"message_thread_id": topic["message_thread_id"], "is_topic_message": True}
    call.send(conversation, {**place, "forum_topic_edited": changes}, Markup())
    return True


def delete_forum_topic(call: Call) -> bool:
    """The topic goes with all its messages."""
    conversation = call.open_chat()
    thread_id = _topic(call, conversation)["message_thread_id"]
    inside = [
        key for key, stored in conversation.messages.items() if stored.message.get("message_thread_id") == thread_id
    ]
    for message_id in inside:
        conversation.delete(message_id)
    del conversation.topics[thread_id]
    return True


def only_in_supergroups(call: Call) -> bool:
    """A topic of a private chat cannot be closed."""
    _topic(call, call.open_chat())
    raise bad_request("method is available only for supergroups")


def _topic(call: Call, conversation: Conversation) -> Json:
    topic = conversation.topics.get(call.parameters.integer("message_thread_id"))
    if topic is None:
        raise bad_request("TOPIC_ID_INVALID")
    return topic


def _name(call: Call) -> str:
    name = call.parameters.required("name").strip()
    if not 1 <= len(name) <= _LONGEST_NAME:
        raise bad_request("TOPIC_TITLE_EMPTY" if not name else "TOPIC_TITLE_INVALID")
    return name


METHODS: dict[str, Callable[[Call], Any]] = {
    "createForumTopic": create_forum_topic,
    "editForumTopic": edit_forum_topic,
    "deleteForumTopic": delete_forum_topic,
    "closeForumTopic": only_in_supergroups,
    "reopenForumTopic": only_in_supergroups,
}
