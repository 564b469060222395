"""One Bot API call as the methods see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mentorium_sandbox.telegram.bot import Bot
from mentorium_sandbox.telegram.conversation import Conversation, StoredMessage
from mentorium_sandbox.telegram.errors import BLOCKED, CHAT_NOT_FOUND, bad_request, forbidden
from mentorium_sandbox.telegram.keyboards import Markup
from mentorium_sandbox.telegram.nested_fields import Fields
from mentorium_sandbox.telegram.parameters import Parameters
from mentorium_sandbox.telegram.reply_parameters import reply_fields, topic_fields
from mentorium_sandbox.telegram.telegram_world import TelegramWorld

Json = dict[str, Any]
_PREVIEW_FLAGS = ("is_disabled", "prefer_small_media", "prefer_large_media", "show_above_text")


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

    def chat(self, key: str = "chat_id") -> Conversation:
        """The chat that this parameter names. Raises ApiError 400."""
        if not self.parameters.text(key):
            raise bad_request(f"{key} is empty")
        conversation = self.world.conversation(self.bot, self.parameters.integer(key))
        if conversation is None:
            raise bad_request(CHAT_NOT_FOUND)
        return conversation

    def open_chat(self) -> Conversation:
        """The chat of `chat_id`, which the user has not blocked. Raises ApiError 400 or 403."""
        conversation = self.chat()
        if conversation.blocked:
            raise forbidden(BLOCKED)
        return conversation

    def message(self, conversation: Conversation, what: str) -> StoredMessage:
        """The message of `message_id`; `what` it is wanted for is told when it is not there. Raises ApiError 400."""
        message_id = self.parameters.integer("message_id")
        if message_id <= 0:
            raise bad_request("message identifier is not specified")
        stored = conversation.messages.get(message_id)
        if stored is None:
            raise bad_request(f"{what} not found")
        return stored

    def timestamp(self) -> int:
        return int(self.world.now().timestamp())

    def send(self, conversation: Conversation, content: Json, markup: Markup) -> Json:
        """Put a new message of the bot into the chat; returns it as the bot gets it. Raises ApiError 400."""
        message: Json = {
            "from": self.bot.as_user(),
            "chat": conversation.user.as_chat(),
            "date": self.timestamp(),
            **self._circumstances(conversation),
            **content,
        }
        if markup.inline is not None:
            message["reply_markup"] = markup.inline
        message = {"message_id": self.bot.next_message_id(), **message}
        conversation.add(message, outgoing=True, reply_markup=markup.reply)
        return message

    def _circumstances(self, conversation: Conversation) -> Json:
        parameters = self.parameters
        fields = topic_fields(parameters, conversation)
        fields |= reply_fields(self.world, self.bot, parameters, conversation)
        if parameters.flag("protect_content"):
            fields["has_protected_content"] = True
        if effect := parameters.text("message_effect_id"):
            fields["effect_id"] = effect
        return fields


def preview_fields(parameters: Parameters) -> Json:
    """How links of a text are to be shown. Raises ApiError 400."""
    given = parameters.structure("link_preview_options")
    if given is None:
        legacy = parameters.flag("disable_web_page_preview")
        return {"link_preview_options": {"is_disabled": True}} if legacy else {}
    fields = Fields.of(given, "", "object expected as link preview options")
    chosen: Json = {key: True for key in _PREVIEW_FLAGS if fields.flag(key)}
    if url := fields.optional_text("url"):
        chosen["url"] = url
    return {"link_preview_options": chosen} if chosen else {}
