"""One private chat between a fake user and a bot, and what may be waited for in it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from mentorium_sandbox.telegram.rich_text import plain_text
from mentorium_sandbox.telegram.stars import FIRST_BALANCE

Json = dict[str, Any]
_KEPT_MESSAGES = 2000
_CHAT_ACTION_SECONDS = 5.0


@dataclass(slots=True)
class User:
    id: int
    first_name: str
    language_code: str
    phone: str | None = None
    username: str | None = None
    stars: int = FIRST_BALANCE

    def as_user(self) -> Json:
        return {"id": self.id, "is_bot": False, **self._names(), "language_code": self.language_code}

    def as_chat(self) -> Json:
        return {"id": self.id, **self._names(), "type": "private"}

    def _names(self) -> Json:
        names: Json = {"first_name": self.first_name}
        return names if self.username is None else {**names, "username": self.username}


@dataclass(slots=True)
class StoredMessage:
    """`reply_markup` is what the bot sent to the chat with it; `edited_at` is a revision of the chat, 0 for never."""

    message: Json
    outgoing: bool
    reply_markup: Json | None = None
    edited_at: int = 0
    reaction: str | None = None

    def view(self) -> Json:
        """For control clients: Telegram's own message, its reply keyboard, and the text without formatting."""
        markup = {"reply_markup": self.reply_markup} if self.reply_markup is not None else {}
        reaction = {"reaction": self.reaction} if self.reaction is not None else {}
        return {**self.message, **markup, **reaction, "text_plain": self._plain()}

    def _plain(self) -> str:
        """What a reader reads, without formatting."""
        message = self.message
        if "rich_message" in message:
            return plain_text(message["rich_message"]["blocks"])
        if "poll" in message:
            return "\n".join([message["poll"]["question"], *(option["text"] for option in message["poll"]["options"])])
        if "invoice" in message:
            return f"{message['invoice']['title']}\n{message['invoice']['description']}"
        return str(message.get("text") or message.get("caption") or "")


@dataclass(slots=True)
class Draft:
    draft_id: int
    text: str
    entities: list[Json]
    can_stop: bool
    keep_on_stop: bool
    ends: asyncio.TimerHandle
    rich_message: Json | None = None

    def view(self) -> Json:
        rich = {"rich_message": self.rich_message} if self.rich_message is not None else {}
        return {
            "draft_id": self.draft_id,
            "text": self.text,
            "entities": self.entities,
            "text_plain": self.text,
            "can_stop": self.can_stop,
            **rich,
        }


@dataclass(frozen=True, slots=True)
class ChatCursor:
    """A moment of a chat: what came later is what has happened since."""

    message_id: int
    revision: int
    acts: int


class Signal:
    """Wakes everybody who waits, once."""

    def __init__(self) -> None:
        self._waiters: list[asyncio.Future[None]] = []

    def fire(self) -> None:
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_result(None)
        self._waiters.clear()

    async def wait(self, seconds: float) -> None:
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiters.append(waiter)
        await asyncio.wait((waiter,), timeout=seconds)


class Conversation:
    """`acts` counts what a person would notice: messages, edits, deletions, drafts, callback answers with words."""

    def __init__(self, bot_id: int, user: User, tell: Callable[[Json], None], draft_seconds: float) -> None:
        self.bot_id = bot_id
        self.user = user
        self.messages: dict[int, StoredMessage] = {}
        self.draft: Draft | None = None
        self.stopped_drafts: set[int] = set()
        self.chat_action: str | None = None
        self.reply_keyboard: Json | None = None
        self.blocked = False
        self.pinned: list[int] = []
        self.topics: dict[int, Json] = {}
        self.calls_in_flight = 0
        self.acts = 0
        self.revision = 0
        self.last_change = self.last_call = time.monotonic()
        self.changed = Signal()
        self._tell = tell
        self._draft_seconds = draft_seconds
        self._action_ends: asyncio.TimerHandle | None = None

    def cursor(self) -> ChatCursor:
        return ChatCursor(next(reversed(self.messages), 0), self.revision, self.acts)

    def touch(self) -> None:
        """Something has moved: quiet begins anew."""
        self.revision += 1
        self.last_change = time.monotonic()
        self.changed.fire()

    def announce(self, change: str, **details: Any) -> None:
        self.touch()
        self._tell({"type": "chat", "user_id": self.user.id, "bot": self.bot_id, "change": change, **details})

    @contextmanager
    def call_in_flight(self) -> Iterator[None]:
        self.calls_in_flight += 1
        try:
            yield
        finally:
            self.calls_in_flight -= 1
            self.last_call = time.monotonic()
            self.touch()

    def add(self, message: Json, *, outgoing: bool, reply_markup: Json | None = None) -> StoredMessage:
        stored = StoredMessage(message, outgoing, reply_markup)
        self.messages[message["message_id"]] = stored
        if len(self.messages) > _KEPT_MESSAGES:
            del self.messages[next(iter(self.messages))]
        if outgoing:
            self._after_bot_message(reply_markup)
        self.announce("message", message=stored.view())
        return stored

    def _after_bot_message(self, reply_markup: Json | None) -> None:
        self.acts += 1
        self._drop_draft()
        self.stopped_drafts.clear()
        self._set_action(None)
        if reply_markup is not None and "force_reply" not in reply_markup:
            self.reply_keyboard = reply_markup if "keyboard" in reply_markup else None

    def edit(self, stored: StoredMessage, message: Json) -> None:
        stored.message = message
        self.acts += 1
        self.announce("edited", message=stored.view())
        stored.edited_at = self.revision

    def delete(self, message_id: int) -> None:
        del self.messages[message_id]
        self.acts += 1
        self.announce("deleted", message_id=message_id)

    def show_draft(
        self,
        draft_id: int,
        text: str,
        entities: list[Json],
        *,
        can_stop: bool,
        keep_on_stop: bool,
        rich_message: Json | None = None,
    ) -> None:
        """Shown for 30 s, until the bot's next message, or until the user stops it."""
        if draft_id in self.stopped_drafts:
            return
        self.acts += 1
        self._drop_draft()
        ends = asyncio.get_running_loop().call_later(self._draft_seconds, self.end_draft)
        self.draft = Draft(draft_id, text, entities, can_stop, keep_on_stop, ends, rich_message)
        self._set_action(None)
        self.announce("draft", draft=self.draft.view())

    def stop_draft(self, draft: Draft) -> None:
        """The user has pressed Stop."""
        self.stopped_drafts.add(draft.draft_id)
        if draft.keep_on_stop:
            draft.can_stop = False
            self.announce("draft", draft=draft.view())
        else:
            self.end_draft()

    def end_draft(self) -> None:
        self._drop_draft()
        self.announce("draft", draft=None)

    def _drop_draft(self) -> None:
        if self.draft is not None:
            self.draft.ends.cancel()
            self.draft = None

    def show_action(self, action: str) -> None:
        """Shown for 5 s or until the bot's next message."""
        self._set_action(action)
        self._action_ends = asyncio.get_running_loop().call_later(_CHAT_ACTION_SECONDS, self.end_action)
        self.announce("chat_action", chat_action=action)

    def end_action(self) -> None:
        self._set_action(None)
        self.announce("chat_action", chat_action=None)

    def _set_action(self, action: str | None) -> None:
        self.chat_action = action
        if self._action_ends is not None:
            self._action_ends.cancel()
            self._action_ends = None

    def replies_after(self, message_id: int) -> list[Json]:
        """The bot's messages with a higher id, as they stand now."""
        return [stored.view() for key, stored in self.messages.items() if key > message_id and stored.outgoing]

    def edited_since(self, mark: ChatCursor) -> list[Json]:
        return [
            stored.view()
            for message_id, stored in self.messages.items()
            if message_id <= mark.message_id and stored.edited_at > mark.revision
        ]

    def view(self, after: int) -> Json:
        return {
            "messages": [stored.view() for key, stored in self.messages.items() if key > after],
            "drafts": [self.draft.view()] if self.draft is not None else [],
            "reply_keyboard": self.reply_keyboard,
            "chat_action": self.chat_action,
            "blocked": self.blocked,
        }
