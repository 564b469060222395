"""What Telegram remembers over a restart: users, chats, messages, files, and how far a bot's ids have come."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any, Final, TypeVar

from mentorium_sandbox.telegram.bot import Bot
from mentorium_sandbox.telegram.conversation import Conversation, StoredMessage, User
from mentorium_sandbox.telegram.files import StoredFile
from mentorium_sandbox.telegram.sqlite_store import Key, Row, Store
from mentorium_sandbox.telegram.stars import BroadcastBill, Invoice, StarPayment, StarSubscription

Json = dict[str, Any]
_KEPT_MESSAGES: Final = 500
_KEPT_FILES: Final = 500
_LEAP: Final = 1000  # more ids than are given away between two writings, so that a crash never gives one away twice
_STARS: Final[dict[str, type[Invoice | StarPayment | StarSubscription | BroadcastBill]]] = {
    "invoice": Invoice,
    "star_payment": StarPayment,
    "star_subscription": StarSubscription,
    "broadcast_bill": BroadcastBill,
}
Kept = TypeVar("Kept")


class Archive:
    """Keeps what happens in a world in the file `path`, and brings it back."""

    def __init__(self, path: Path) -> None:
        self._store = Store(path)
        self._bots: dict[int, Bot] = {}

    def users(self) -> list[User]:
        """Those of before, oldest first."""
        return [_of(User, row.value) for row in self._store.rows("user")]

    def files(self) -> list[tuple[int, StoredFile]]:
        """The newest of before with their numbers, oldest first; older ones are forgotten."""
        rows = list(self._store.rows("file"))
        self._forget(rows[:-_KEPT_FILES])
        return [(row.key.a, StoredFile(data=row.data or b"", **row.value)) for row in rows[-_KEPT_FILES:]]

    def keep_user(self, user: User) -> None:
        key = Key("user", user.id)
        self._store.put(key, lambda: Row(key, _plain(user)))

    def keep_file(self, number: int, file: StoredFile) -> None:
        key = Key("file", number)
        about = {name: value for name, value in _plain(file).items() if name != "data"}
        self._store.put(key, lambda: Row(key, about, file.data))

    def bring_back(self, bot: Bot, chat_with: Callable[[int], Conversation | None]) -> None:
        """Let the bot and its chats stand where they stood. To be called before anything happens with it.

        `chat_with` gives the bot's empty chat with a user, None for an unknown one.
        """
        for row in self._store.rows("bot", bot.id):
            leap = 0 if row.value["closed"] else _LEAP
            bot.last_message_id = row.value["last_message_id"] + leap
            bot.queue.begin_at(row.value["next_update_id"] + leap)
        for row in self._store.rows("chat", bot.id):
            if (conversation := chat_with(row.key.b)) is not None:
                conversation.blocked = row.value["blocked"]
                conversation.reply_keyboard = row.value["reply_keyboard"]
                conversation.pinned = row.value["pinned"]
                conversation.topics = {topic["message_thread_id"]: topic for topic in row.value.get("topics", [])}
                self._bring_back_messages(conversation)
        self._bring_back_stars(bot)
        self._bots[bot.id] = bot
        self._keep_bot(bot)
        self._store.flush()

    def heard(self, bot: Bot, conversation: Conversation, event: Json) -> None:
        """Something has happened in this chat: keep what it left behind."""
        message_id = event.get("message_id") or event.get("message", {}).get("message_id")
        if message_id is not None:
            self._keep_message(conversation, message_id)
        elif event["change"] not in ("blocked", "pinned"):
            return
        self._keep_bot(bot)
        key = Key("chat", bot.id, conversation.user.id)
        self._store.put(key, lambda: Row(key, _chat(conversation)))

    def close(self) -> None:
        """Write everything down."""
        for bot in self._bots.values():
            self._keep_bot(bot, closed=True)
        self._store.close()

    def _bring_back_messages(self, conversation: Conversation) -> None:
        rows = list(self._store.rows("message", conversation.bot_id, conversation.user.id))
        self._forget(rows[:-_KEPT_MESSAGES])
        conversation.messages.update({row.key.c: _of(StoredMessage, row.value) for row in rows[-_KEPT_MESSAGES:]})

    def _bring_back_stars(self, bot: Bot) -> None:
        """From now on each change is kept."""
        for kind, of_this_kind in _STARS.items():
            for row in self._store.rows(kind, bot.id):
                item = _of(of_this_kind, row.value)
                if isinstance(item, Invoice):
                    bot.stars.invoices[item.place] = item
                elif isinstance(item, StarPayment):
                    bot.stars.payments[item.charge_id] = item
                elif isinstance(item, BroadcastBill):
                    bot.stars.bills.append(item)
                else:
                    bot.stars.subscriptions[item.charge_id] = item
        bot.stars.keep = lambda item: self._keep_stars(bot.id, item)

    def _keep_stars(self, bot_id: int, item: Invoice | StarPayment | StarSubscription | BroadcastBill) -> None:
        kind = next(kind for kind, of_this_kind in _STARS.items() if isinstance(item, of_this_kind))
        key = Key(kind, bot_id, item.number)
        self._store.put(key, lambda: Row(key, _plain(item)))

    def _keep_message(self, conversation: Conversation, message_id: int) -> None:
        key = Key("message", conversation.bot_id, conversation.user.id, message_id)
        stored = conversation.messages.get(message_id)
        if stored is None:
            self._store.forget(key)
        else:
            self._store.put(key, lambda: Row(key, {**_plain(stored), "edited_at": 0}))

    def _keep_bot(self, bot: Bot, *, closed: bool = False) -> None:
        key = Key("bot", bot.id)
        self._store.put(key, lambda: Row(key, {**_counters(bot), "closed": closed}))

    def _forget(self, rows: list[Row]) -> None:
        for row in rows:
            self._store.forget(row.key)


def _counters(bot: Bot) -> Json:
    return {"last_message_id": bot.last_message_id, "next_update_id": bot.queue.next_id}


def _chat(conversation: Conversation) -> Json:
    return {
        "blocked": conversation.blocked,
        "reply_keyboard": conversation.reply_keyboard,
        "pinned": conversation.pinned,
        "topics": list(conversation.topics.values()),
    }


def _plain(kept: Any) -> Json:
    return {field.name: getattr(kept, field.name) for field in fields(kept)}


def _of(kind: type[Kept], value: Json) -> Kept:
    """A field that is not known any more is left out."""
    known = {field.name for field in fields(kind)}  # type: ignore[arg-type]
    return kind(**{name: content for name, content in value.items() if name in known})
