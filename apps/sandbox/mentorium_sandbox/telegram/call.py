"""One Bot API call as the methods see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mentorium_sandbox.telegram.conversation import Conversation, StoredMessage
from mentorium_sandbox.telegram.errors import BLOCKED, CHAT_NOT_FOUND, bad_request, forbidden
from mentorium_sandbox.telegram.formatting import FormattedText
from mentorium_sandbox.telegram.keyboards import Markup
from mentorium_sandbox.telegram.parameters import Parameters
from mentorium_sandbox.telegram.world import Bot, TelegramWorld

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Call:
    world: TelegramWorld
    bot: Bot
    parameters: Parameters

    def conversation(self) -> Conversation | None:
        """The chat that this call is about, if there is one."""
        chat_id = self.parameters.integer("chat_id")
        if chat_id:
            return self.world.conversation(self.bot, chat_id)
        callback = self.bot.callbacks.get(self.parameters.text("callback_query_id"))
        return callback.conversation if callback is not None else None

    def chat(self) -> Conversation:
        """The chat of `chat_id`. Raises ApiError 400."""
        if not self.parameters.text("chat_id"):
            raise bad_request("chat_id is empty")
        conversation = self.world.conversation(self.bot, self.parameters.integer("chat_id"))
        if conversation is None:
            raise bad_request(CHAT_NOT_FOUND)
        return conversation

    def open_chat(self) -> Conversation:
        """The chat of `chat_id`, which the user has not blocked. Raises ApiError 400 or 403."""
        conversation = self.chat()
        if conversation.blocked:
            raise forbidden(BLOCKED)
        return conversation

    def timestamp(self) -> int:
        return int(self.world.now().timestamp())

    def send(self, conversation: Conversation, content: Json, markup: Markup) -> Json:
        """Put a new message of the bot into the chat; returns it as the bot gets it."""
        message: Json = {
            "message_id": self.bot.next_message_id(),
            "from": self.bot.as_user(),
            "chat": conversation.user.as_chat(),
            "date": self.timestamp(),
            **self._circumstances(conversation),
            **content,
        }
        if markup.inline is not None:
            message["reply_markup"] = markup.inline
        conversation.add(message, outgoing=True, reply_markup=markup.reply)
        return message

    def _circumstances(self, conversation: Conversation) -> Json:
        fields: Json = {}
        if (reply := self._replied_to(conversation)) is not None:
            fields["reply_to_message"] = {k: v for k, v in reply.message.items() if k != "reply_to_message"}
        if self.parameters.flag("protect_content"):
            fields["has_protected_content"] = True
        if effect := self.parameters.text("message_effect_id"):
            fields["effect_id"] = effect
        if preview := self.parameters.structure("link_preview_options"):
            fields["link_preview_options"] = preview
        return fields

    def _replied_to(self, conversation: Conversation) -> StoredMessage | None:
        wanted = self.parameters.structure("reply_parameters")
        if wanted is None and (message_id := self.parameters.integer("reply_to_message_id")):
            wanted = {"message_id": message_id}
        if not isinstance(wanted, dict):
            return None
        found = conversation.messages.get(Parameters(wanted).integer("message_id"))
        lenient = wanted.get("allow_sending_without_reply") or self.parameters.flag("allow_sending_without_reply")
        if found is None and not lenient:
            raise bad_request("message to be replied not found")
        return found


def text_fields(formatted: FormattedText, text_key: str = "text", entities_key: str = "entities") -> Json:
    """A message's text with its entities; nothing at all for an empty text."""
    if not formatted.text:
        return {}
    entities = {entities_key: formatted.entities} if formatted.entities else {}
    return {text_key: formatted.text, **entities}
