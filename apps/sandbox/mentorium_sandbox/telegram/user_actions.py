"""What fake users do in their chats, and the updates that it makes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from mentorium_sandbox.telegram.bot import Bot, Callback
from mentorium_sandbox.telegram.conversation import Conversation, Draft, StoredMessage
from mentorium_sandbox.telegram.files import image_of
from mentorium_sandbox.telegram.methods.media import photo_sizes
from mentorium_sandbox.telegram.star_payments import StarPayments
from mentorium_sandbox.telegram.telegram_world import TelegramWorld
from mentorium_sandbox.telegram.text import find_entities, split
from mentorium_sandbox.telegram.updates import Ticket

Json = dict[str, Any]
_VOICE_BYTES_A_SECOND = 2000


class NotPossibleError(Exception):
    """A person could not do this in Telegram either; the text says why."""


@dataclass(frozen=True, slots=True)
class PressOutcome:
    """What a press has set off: updates for the bot, or a link that opens on the user's side."""

    tickets: list[Ticket] = field(default_factory=list)
    callback: Callback | None = None
    url: str | None = None
    web_app: Json | None = None


class UserActions:
    """A fake user's hand in one chat. What is not possible raises NotPossibleError."""

    def __init__(self, world: TelegramWorld, bot: Bot, conversation: Conversation) -> None:
        self._world = world
        self._bot = bot
        self._conversation = conversation
        self._user = conversation.user

    @property
    def stars(self) -> StarPayments:
        """What this user pays, and has paid, the bot in Stars."""
        return StarPayments(self._world, self._bot, self._conversation)

    def say(self, text: str) -> list[Ticket]:
        """Send a text, in as many messages as a client makes of it."""
        tickets = [self._send_text(part) for part in split(text)]
        if not tickets:
            raise NotPossibleError("the text is empty")
        return tickets

    def start(self, payload: str | None) -> list[Ticket]:
        """Press Start (or Restart), or follow a deep link."""
        if self._conversation.blocked:
            self.unblock()
        return self.say(f"/start {payload}" if payload else "/start")

    def share_own_contact(self) -> Ticket:
        if self._user.phone is None:
            raise NotPossibleError("this user has no phone number")
        contact = {"phone_number": self._user.phone, "first_name": self._user.first_name, "user_id": self._user.id}
        return self._send({"contact": contact})

    def forward_contact(self, contact: Json) -> Ticket:
        """Somebody else's card, passed on."""
        origin = {"type": "hidden_user", "sender_user_name": contact["first_name"], "date": self._timestamp()}
        return self._send({"forward_origin": origin, "contact": contact})

    def send_sticker(self) -> Ticket:
        file = self._world.files.keep(b"RIFF\x00\x00\x00\x00WEBPsandbox", "image/webp", "stickers")
        sticker = {
            "file_id": file.file_id,
            "file_unique_id": file.unique_id,
            "type": "regular",
            "width": 512,
            "height": 512,
            "is_animated": False,
            "is_video": False,
            "emoji": "👍",
            "file_size": len(file.data),
        }
        return self._send({"sticker": sticker})

    def send_photo(self, data: bytes) -> Ticket:
        """Raises ApiError 400 for what is no photo."""
        file = self._world.files.keep(data, image_of(data).content_type, "photos")
        return self._send({"photo": photo_sizes(file)})

    def send_voice(self, data: bytes, spoken: str | None) -> Ticket:
        file = self._world.files.keep(data, "audio/ogg", "voice", spoken)
        voice = {
            "file_id": file.file_id,
            "file_unique_id": file.unique_id,
            "duration": max(1, len(data) // _VOICE_BYTES_A_SECOND),
            "mime_type": "audio/ogg",
            "file_size": len(data),
        }
        return self._send({"voice": voice})

    def press(self, message_id: int, button: str) -> PressOutcome:
        """Press by exact text or callback data; data that is not on the message is delivered as a forged press."""
        stored = self._conversation.messages.get(message_id)
        if stored is None:
            raise NotPossibleError(f"there is no message {message_id} in this chat")
        if (found := _inline_button(stored, button)) is not None:
            return self._press_inline(stored, found)
        if (key := _keyboard_button(stored.reply_markup or self._conversation.reply_keyboard, button)) is not None:
            return self._press_key(key)
        if not 1 <= len(button.encode()) <= 64:
            raise NotPossibleError("there is no such button, and callback data has 1 to 64 bytes")
        return self._press_data(stored, button)

    def stop(self, draft_id: int | None) -> Ticket:
        """Press Stop on the draft that is being written."""
        draft = self._stoppable(draft_id)
        self._conversation.stop_draft(draft)
        content = {"chat": self._user.as_chat(), "draft_id": draft.draft_id}
        return self._bot.queue.put("stopped_message_generation", content, self._conversation)

    def block(self) -> Ticket | None:
        return self._set_blocked(True)

    def unblock(self) -> Ticket | None:
        return self._set_blocked(False)

    def _press_inline(self, stored: StoredMessage, button: Json) -> PressOutcome:
        if "disabled" in button:
            raise NotPossibleError("this button is disabled")
        if "callback_data" in button:
            return self._press_data(stored, button["callback_data"])
        return PressOutcome(url=button.get("url"), web_app=button.get("web_app"))

    def _press_data(self, stored: StoredMessage, data: str) -> PressOutcome:
        self._require_open()
        callback = self._world.add_callback(self._bot, self._conversation)
        query = {
            "id": callback.id,
            "from": self._user.as_user(),
            "message": stored.message,
            "chat_instance": str(self._bot.id * 31 + self._user.id),
            "data": data,
        }
        return PressOutcome([self._bot.queue.put("callback_query", query, self._conversation)], callback)

    def _press_key(self, key: Json) -> PressOutcome:
        if "web_app" in key:
            return PressOutcome(web_app=key["web_app"])
        ticket = self.share_own_contact() if key.get("request_contact") else self._send_text(key["text"])
        keyboard = self._conversation.reply_keyboard
        if keyboard is not None and keyboard.get("one_time_keyboard"):
            self._conversation.reply_keyboard = None
        return PressOutcome([ticket])

    def _stoppable(self, draft_id: int | None) -> Draft:
        draft = self._conversation.draft
        if draft is None or draft_id not in (None, draft.draft_id):
            raise NotPossibleError("no such draft is being written in this chat")
        if not draft.can_stop:
            raise NotPossibleError("this draft has no Stop button")
        return draft

    def _set_blocked(self, blocked: bool) -> Ticket | None:
        if self._conversation.blocked == blocked:
            return None
        self._conversation.blocked = blocked
        self._conversation.announce("blocked", blocked=blocked)
        bot = self._bot.as_user()
        member = {"user": bot, "status": "member"}
        kicked = {"user": bot, "status": "kicked", "until_date": 0}
        content = {
            "chat": self._user.as_chat(),
            "from": self._user.as_user(),
            "date": self._timestamp(),
            "old_chat_member": member if blocked else kicked,
            "new_chat_member": kicked if blocked else member,
        }
        return self._bot.queue.put("my_chat_member", content, self._conversation)

    def _send_text(self, text: str) -> Ticket:
        entities = find_entities(text)
        return self._send({"text": text, **({"entities": entities} if entities else {})})

    def _send(self, content: Json) -> Ticket:
        self._require_open()
        message = {
            "message_id": self._bot.next_message_id(),
            "from": self._user.as_user(),
            "chat": self._user.as_chat(),
            "date": self._timestamp(),
            **content,
        }
        self._conversation.add(message, outgoing=False)
        return self._bot.queue.put("message", message, self._conversation)

    def _require_open(self) -> None:
        if self._conversation.blocked:
            raise NotPossibleError("the user has blocked the bot")

    def _timestamp(self) -> int:
        return int(self._world.now().timestamp())


def _inline_button(stored: StoredMessage, wanted: str) -> Json | None:
    rows = stored.message.get("reply_markup", {}).get("inline_keyboard", [])
    buttons: list[Json] = [button for row in rows for button in row]
    by_data = [button for button in buttons if button.get("callback_data") == wanted]
    return next(iter([*by_data, *(button for button in buttons if button["text"] == wanted)]), None)


def _keyboard_button(keyboard: Json | None, wanted: str) -> Json | None:
    rows = (keyboard or {}).get("keyboard", [])
    return next((button for row in rows for button in row if button["text"] == wanted), None)
