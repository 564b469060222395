"""What happens to messages that stand already: copies, forwards, deletions, pins, reactions, topics."""

from __future__ import annotations

import secrets
from typing import Any

from mentorium_sandbox.telegram.call import Call, text_fields
from mentorium_sandbox.telegram.conversation import Conversation, StoredMessage
from mentorium_sandbox.telegram.errors import CHAT_NOT_FOUND, bad_request
from mentorium_sandbox.telegram.formatting import caption
from mentorium_sandbox.telegram.keyboards import Markup, markup

Json = dict[str, Any]
_CIRCUMSTANCES = frozenset({"message_id", "from", "chat", "date", "edit_date", "reply_to_message", "reply_markup"})
_MOST_AT_ONCE = 100
_TOPIC_COLOURS = frozenset({7322096, 16766590, 13338331, 9367192, 16749490, 16478047})


def copy_message(call: Call) -> Json:
    content = _content(_source(call, "copy"))
    if "caption" in call.parameters.values and "text" not in content:
        content = {key: value for key, value in content.items() if not key.startswith("caption")}
        content |= text_fields(caption(call.parameters), "caption", "caption_entities")
    sent = call.send(call.open_chat(), content, markup(call.parameters))
    return {"message_id": sent["message_id"]}


def copy_messages(call: Call) -> list[Json]:
    target = call.open_chat()
    return [{"message_id": call.send(target, _content(s), Markup())["message_id"]} for s in _sources(call)]


def forward_message(call: Call) -> Json:
    stored = _source(call, "forward")
    return call.send(call.open_chat(), _forwarded(stored), Markup())


def forward_messages(call: Call) -> list[Json]:
    target = call.open_chat()
    return [{"message_id": call.send(target, _forwarded(s), Markup())["message_id"]} for s in _sources(call)]


def delete_messages(call: Call) -> bool:
    conversation = call.open_chat()
    for message_id in _ids(call):
        if message_id in conversation.messages:
            conversation.delete(message_id)
    return True


def pin_chat_message(call: Call) -> bool:
    conversation = call.open_chat()
    stored = conversation.messages.get(call.parameters.integer("message_id"))
    if stored is None:
        raise bad_request("message to pin not found")
    conversation.pinned.append(stored.message["message_id"])
    call.send(conversation, {"pinned_message": stored.message}, Markup())
    return True


def unpin_chat_message(call: Call) -> bool:
    conversation = call.open_chat()
    wanted = call.parameters.integer("message_id") or next(reversed(conversation.pinned), 0)
    if wanted not in conversation.pinned:
        raise bad_request("message to unpin not found")
    conversation.pinned.remove(wanted)
    conversation.announce("pinned", pinned=conversation.pinned)
    return True


def unpin_all_chat_messages(call: Call) -> bool:
    conversation = call.open_chat()
    conversation.pinned.clear()
    conversation.announce("pinned", pinned=[])
    return True


def set_message_reaction(call: Call) -> bool:
    conversation = call.open_chat()
    stored = conversation.messages.get(call.parameters.integer("message_id"))
    if stored is None:
        raise bad_request("message to react not found")
    reaction = call.parameters.structure("reaction") or []
    if not isinstance(reaction, list) or not all(isinstance(r, dict) and r.get("type") == "emoji" for r in reaction):
        raise bad_request("REACTION_INVALID")
    if len(reaction) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    stored.reaction = reaction[0].get("emoji") if reaction else None
    conversation.announce("reaction", message=stored.view())
    return True


def create_forum_topic(call: Call) -> Json:
    call.open_chat()
    name, colour = call.parameters.text("name"), call.parameters.integer("icon_color", 7322096)
    if not 1 <= len(name) <= 128:
        raise bad_request("TOPIC_TITLE_EMPTY" if not name else "TOPIC_TITLE_TOO_LONG")
    if colour not in _TOPIC_COLOURS:
        raise bad_request("TOPIC_ICON_COLOR_INVALID")
    topic = {"message_thread_id": call.bot.next_message_id(), "name": name, "icon_color": colour}
    call.bot.settings["topic", call.parameters.text("chat_id"), str(topic["message_thread_id"])] = topic
    return topic


def change_forum_topic(call: Call) -> bool:
    key = ("topic", call.parameters.text("chat_id"), call.parameters.text("message_thread_id"))
    topic = call.bot.settings.get(key)
    if topic is None:
        raise bad_request("TOPIC_ID_INVALID")
    if call.parameters.text("name"):
        topic["name"] = call.parameters.text("name")
    return True


def answer_web_app_query(call: Call) -> Json:
    if not call.parameters.text("web_app_query_id"):
        raise bad_request('parameter "web_app_query_id" is required')
    raise bad_request("query is too old and response timeout expired or query ID is invalid")


def save_prepared_inline_message(call: Call) -> Json:
    if call.world.users.get(call.parameters.integer("user_id")) is None:
        raise bad_request("user not found")
    if not isinstance(call.parameters.structure("result"), dict):
        raise bad_request("can't parse InlineQueryResult: expected an Object")
    return {"id": secrets.token_urlsafe(12), "expiration_date": call.timestamp() + 86_400}


def _source_chat(call: Call) -> Conversation:
    conversation = call.world.conversation(call.bot, call.parameters.integer("from_chat_id"))
    if conversation is None:
        raise bad_request(CHAT_NOT_FOUND)
    return conversation


def _source(call: Call, doing: str) -> StoredMessage:
    stored = _source_chat(call).messages.get(call.parameters.integer("message_id"))
    if stored is None:
        raise bad_request(f"message to {doing} not found")
    return stored


def _sources(call: Call) -> list[StoredMessage]:
    """Those that are there, in the order of their ids; the others are passed over in silence."""
    messages = _source_chat(call).messages
    return [messages[message_id] for message_id in sorted(_ids(call)) if message_id in messages]


def _ids(call: Call) -> list[int]:
    given = call.parameters.structure("message_ids")
    if not isinstance(given, list) or not all(isinstance(one, int) for one in given):
        raise bad_request("can't parse message_ids JSON array: expected an Array of Integer")
    if not 1 <= len(given) <= _MOST_AT_ONCE:
        raise bad_request("too few or too many message identifiers specified")
    return given


def _content(stored: StoredMessage) -> Json:
    return {key: value for key, value in stored.message.items() if key not in _CIRCUMSTANCES}


def _forwarded(stored: StoredMessage) -> Json:
    origin = {"type": "user", "sender_user": stored.message["from"], "date": stored.message["date"]}
    return {"forward_origin": origin, **_content(stored)}


METHODS: dict[str, Any] = {
    "copyMessage": copy_message,
    "copyMessages": copy_messages,
    "forwardMessage": forward_message,
    "forwardMessages": forward_messages,
    "deleteMessages": delete_messages,
    "pinChatMessage": pin_chat_message,
    "unpinChatMessage": unpin_chat_message,
    "unpinAllChatMessages": unpin_all_chat_messages,
    "setMessageReaction": set_message_reaction,
    "createForumTopic": create_forum_topic,
    "editForumTopic": change_forum_topic,
    "closeForumTopic": change_forum_topic,
    "reopenForumTopic": change_forum_topic,
    "deleteForumTopic": change_forum_topic,
    "answerWebAppQuery": answer_web_app_query,
    "savePreparedInlineMessage": save_prepared_inline_message,
}
