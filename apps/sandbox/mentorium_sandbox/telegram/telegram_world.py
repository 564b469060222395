"""The world that Telegram's stand-in holds in memory: bots, fake users, their chats, files, and the journal."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from mentorium_sandbox.telegram.archive import Archive
from mentorium_sandbox.telegram.bot import Bot, Callback
from mentorium_sandbox.telegram.conversation import Conversation, User
from mentorium_sandbox.telegram.errors import ApiError
from mentorium_sandbox.telegram.events import Events
from mentorium_sandbox.telegram.files import Files
from mentorium_sandbox.telegram.journal import Journal
from mentorium_sandbox.telegram.polling import Polling
from mentorium_sandbox.telegram.rate_limiter import RateLimiter
from mentorium_sandbox.telegram.reply_wait import QUIET_SECONDS
from mentorium_sandbox.telegram.updates import UpdateQueue

Json = dict[str, Any]
_TOKEN = re.compile(r"(\d{3,16}):([A-Za-z0-9_-]{3,128})")
_CALLBACK_LIFE = timedelta(seconds=60)
_MOST_CALLBACKS = 10_000
_DRAFT_SECONDS = 30.0
_PRE_CHECKOUT_SECONDS = 10.0
_LANGUAGES = ("uz", "ru", "en")


async def _never_busy() -> bool:
    return False


class TelegramWorld:
    """`clock` gives the sandbox's now, aware; `draft_seconds` is how long a draft is shown,
    `pre_checkout_seconds` how long the bot may think about a payment.

    `webhook_pace` stretches or shrinks the pauses between two tries of a delivery, `poll_pace` those of an impatient
    poll. A call that waits for the bot closes when a chat has been quiet for `quiet_seconds`. With `store`, the path of
    a file, users, chats and files outlive the process. `is_busy` tells of the first bot whether it has something in
    hand.
    """

    def __init__(
        self,
        clock: Callable[[], datetime],
        *,
        draft_seconds: float = _DRAFT_SECONDS,
        pre_checkout_seconds: float = _PRE_CHECKOUT_SECONDS,
        webhook_pace: float = 1.0,
        poll_pace: float = 1.0,
        quiet_seconds: float = QUIET_SECONDS,
        store: Path | None = None,
    ) -> None:
        self.webhook_pace = webhook_pace
        self.pre_checkout_seconds = pre_checkout_seconds
        self._poll_pace = poll_pace
        self.quiet_seconds = quiet_seconds
        self.now = clock
        self.is_busy: Callable[[], Awaitable[bool]] = _never_busy
        self.events = Events()
        self.journal = Journal()
        self.limiter = RateLimiter(time.monotonic)
        self.users: dict[int, User] = {}
        self._bots: dict[int, Bot] = {}
        self._draft_seconds = draft_seconds
        self._archive = Archive(store) if store is not None else None
        self.files = Files(self._archive.keep_file if self._archive is not None else None)
        if self._archive is not None:
            self.users = {user.id: user for user in self._archive.users()}
            self.files.bring_back(self._archive.files())

    def add_bot(self, token: str, username: str, name: str = "Mentorium") -> Bot:
        """Control calls speak with the first bot by default. Raises ValueError for a malformed token."""
        match = _TOKEN.fullmatch(token)
        if match is None:
            raise ValueError("a token is <digits>:<secret>")
        queue = UpdateQueue(self.now)
        bot = Bot(int(match[1]), token, username, name, queue, Polling(queue, self._poll_pace))
        self._bots[bot.id] = bot
        if self._archive is not None:
            self._archive.bring_back(bot, lambda user_id: self.conversation(bot, user_id))
        return bot

    def authorise(self, token: str) -> Bot:
        """The bot of this token; a new well-formed one makes a further bot. Raises ApiError 401."""
        match = _TOKEN.fullmatch(token)
        if match is None:
            raise ApiError(401, "Unauthorized: invalid token specified")
        bot = self._bots.get(int(match[1]))
        if bot is None:
            return self.add_bot(token, f"sandbox_{match[1]}_bot", "Sandbox bot")
        if not secrets.compare_digest(bot.token, token):
            raise ApiError(401, "Unauthorized")
        return bot

    def bot(self, bot_id: int | None = None) -> Bot:
        """The bot with this id, or the first. Raises KeyError if there is none."""
        if bot_id is None:
            return next(iter(self._bots.values()))
        return self._bots[bot_id]

    def bots(self) -> list[Bot]:
        return list(self._bots.values())

    async def in_hand(self, bot: Bot) -> bool:
        """Whether this bot says that it is not done; of a further bot nobody knows."""
        return bot is self.bot() and await self.is_busy()

    def username(self, bot_id: int) -> str:
        return self._bots[bot_id].username

    def add_user(
        self,
        first_name: str,
        language_code: str,
        phone: str | None = None,
        user_id: int | None = None,
        username: str | None = None,
    ) -> User:
        """A new fake user. Raises ValueError if the id is taken."""
        user = self._new_user(user_id, first_name, language_code, phone, username)
        self.events.tell({"type": "users"})
        return user

    def add_users(self, count: int, languages: Sequence[str] = _LANGUAGES) -> list[User]:
        """So many new fake users, who take turns in the languages."""
        users = [
            self._new_user(None, f"Parent{number}", languages[number % len(languages)])
            for number in range(1, count + 1)
        ]
        self.events.tell({"type": "users"})
        return users

    def _new_user(
        self,
        user_id: int | None,
        first_name: str,
        language_code: str,
        phone: str | None = None,
        username: str | None = None,
    ) -> User:
        if user_id in self.users:
            raise ValueError(f"there is a user {user_id} already")
        user = User(user_id or self._free_user_id(), first_name, language_code, phone, username)
        self.users[user.id] = user
        if self._archive is not None:
            self._archive.keep_user(user)
        return user

    def set_stars(self, user: User, balance: int) -> None:
        user.stars = balance
        if self._archive is not None:
            self._archive.keep_user(user)
        self.events.tell({"type": "users"})

    def stars_due(self) -> datetime | None:
        """When a subscription is charged next, of whichever bot, aware."""
        due = [moment for bot in self._bots.values() if (moment := bot.stars.next_due()) is not None]
        return min(due, default=None)

    def describe_users(self) -> list[Json]:
        """The fake users, oldest first, for the state call and the chat page."""
        return [self.describe_user(user) for user in self.users.values()]

    def describe_user(self, user: User) -> Json:
        """`blocked` tells whether the user has blocked the first bot."""
        conversation = self.bot().conversations.get(user.id)
        return {
            "id": user.id,
            "first_name": user.first_name,
            "language_code": user.language_code,
            "phone": user.phone,
            "blocked": conversation is not None and conversation.blocked,
            "stars": user.stars,
        }

    def conversation(self, bot: Bot, user_id: int) -> Conversation | None:
        """The private chat of the bot and this fake user; every fake user counts as having met every bot."""
        conversation = bot.conversations.get(user_id)
        if conversation is None and (user := self.users.get(user_id)) is not None:
            conversation = Conversation(bot.id, user, self._heard, self._draft_seconds)
            bot.conversations[user_id] = conversation
        return conversation

    def add_callback(self, bot: Bot, conversation: Conversation, callback_id: str | None = None) -> Callback:
        callback = Callback(callback_id or str(secrets.randbits(62)), conversation, self.now())
        bot.callbacks[callback.id] = callback
        if len(bot.callbacks) > _MOST_CALLBACKS:
            del bot.callbacks[next(iter(bot.callbacks))]
        return callback

    def take_callback(self, bot: Bot, callback_id: str) -> Callback | None:
        """The press that may still be answered, once; None if there is none or it is too old."""
        callback = bot.callbacks.pop(callback_id, None)
        if callback is None or self.now() - callback.pressed_at > _CALLBACK_LIFE:
            return None
        return callback

    def close(self) -> None:
        """End what waits: long polls and event streams; write down what is to last. For when the server shuts down."""
        self.events.close()
        for bot in self._bots.values():
            bot.polling.close()
            bot.remove_webhook()
        if self._archive is not None:
            self._archive.close()

    def _heard(self, event: Json) -> None:
        """Something has happened in a chat."""
        self.events.tell(event)
        if self._archive is not None:
            bot = self._bots[event["bot"]]
            self._archive.heard(bot, bot.conversations[event["user_id"]], event)

    def _free_user_id(self) -> int:
        while (user_id := 500_000_000 + secrets.randbelow(7_000_000_000)) in self.users:
            pass
        return user_id
