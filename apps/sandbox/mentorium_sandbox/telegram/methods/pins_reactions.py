"""Pins and reactions on messages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mentorium_sandbox.telegram.call import Call
from mentorium_sandbox.telegram.errors import bad_request
from mentorium_sandbox.telegram.keyboards import Markup
from mentorium_sandbox.telegram.nested_fields import Fields

Json = dict[str, Any]
_EMOJI = (
    "❤ 👍 👎 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤‍🔥 🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 "
    "🖕 😈 😴 😭 🤓 👻 👨‍💻 👀 🎃 🙈 😇 😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷‍♂ 🤷 🤷‍♀ 😡"
)
_REACTIONS = frozenset(_EMOJI.split())


def pin_chat_message(call: Call) -> bool:
    conversation = call.open_chat()
    stored = call.message(conversation, "message to pin")
    message_id = stored.message["message_id"]
    if message_id in conversation.pinned:
        conversation.pinned.remove(message_id)
    conversation.pinned.append(message_id)
    pinned = {key: value for key, value in stored.message.items() if key != "reply_to_message"}
    call.send(conversation, {"pinned_message": pinned}, Markup())
    return True


def unpin_chat_message(call: Call) -> bool:
    """The message of `message_id`, or the one pinned last."""
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
    chosen = _reactions(call)
    conversation = call.open_chat()
    stored = call.message(conversation, "message to react")
    if len(chosen) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    stored.reaction = chosen[0] if chosen else None
    conversation.announce("reaction", message=stored.view())
    return True


def _reactions(call: Call) -> list[str]:
    given = call.parameters.structure("reaction")
    if given is None:
        return []
    if not isinstance(given, list):
        raise bad_request("expected an Array of ReactionType")
    return [_reaction(one) for one in given]


def _reaction(given: Any) -> str:
    fields = Fields.of(given, "can't parse ReactionType: ", "expected an Object")
    kind = fields.text("type")
    if kind not in ("emoji", "custom_emoji"):
        raise fields.complaint("invalid reaction type specified")
    emoji = fields.text("emoji") if kind == "emoji" else str(fields.integer("custom_emoji_id"))
    if emoji.removesuffix("\ufe0f") not in _REACTIONS:
        raise bad_request("REACTION_INVALID")
    return emoji


METHODS: dict[str, Callable[[Call], Any]] = {
    "pinChatMessage": pin_chat_message,
    "unpinChatMessage": unpin_chat_message,
    "unpinAllChatMessages": unpin_all_chat_messages,
    "setMessageReaction": set_message_reaction,
}
