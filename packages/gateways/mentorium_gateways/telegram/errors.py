"""What a call to Telegram may raise: our own errors, told apart by what a caller can do about them.

    TelegramError                      any failed call
    ├── TelegramUnavailableError       certainly not taken: no connection, 5xx; try again later (UnavailableError)
    │   └── TelegramRateLimitError     429, and not waited out; `retry_after_s`
    ├── AnswerLostError                unclear: the request was under way, and no answer to it can be read
    ├── RequestRefusedError            Telegram will never take this request: 400 and whatever else it says no to
    │   └── ChatMovedError             a group that has become a supergroup: the same request, to `new_chat_id`
    ├── ChatClosedError                the parent has blocked the bot, deleted the account, or never had this chat
    ├── TokenRefusedError              an operator's mistake
    └── OtherPollerError               somebody else asks for this bot's updates

The library's error is the `__cause__`. Only `session.py` knows its classes.
"""

from __future__ import annotations

from mentorium_kit.errors import MentoriumError, UnavailableError


class TelegramError(MentoriumError):
    """A call that failed. `description`: what Telegram, or the network, said about it."""

    def __init__(self, code: str, description: str = "") -> None:
        self.description = description
        super().__init__(code, **({"description": description} if description else {}))


class TelegramUnavailableError(TelegramError, UnavailableError):
    """Certainly not taken: it may be made again."""


class TelegramRateLimitError(TelegramUnavailableError):
    """Too many requests: of this chat, or of this bot. Telegram wants no more of them for `retry_after_s` seconds."""

    def __init__(self, retry_after_s: float, description: str = "") -> None:
        super().__init__("telegram_rate_limit", description)
        self.retry_after_s = retry_after_s


class AnswerLostError(TelegramError):
    """It may have been taken: what must not arrive twice is not sent again."""

    message_key = UnavailableError.message_key

    nothing_answered = False
    """Telegram was silent when it was made, towards everybody, and for long: most likely it never got there."""


class RequestRefusedError(TelegramError):
    pass


class ChatMovedError(RequestRefusedError):
    """The chat has another id now, for good."""

    def __init__(self, new_chat_id: int, description: str = "") -> None:
        super().__init__("telegram_chat_moved", description)
        self.new_chat_id = new_chat_id


class ChatClosedError(TelegramError):
    pass


class TokenRefusedError(TelegramError):
    pass


class OtherPollerError(TelegramError):
    pass
