"""What a failed call to Telegram means for a message of the outbox."""

from __future__ import annotations

from mentorium_core.notifications.model import ChatBlocked, NotTaken, Outcome, Postponed, Refused, Unclear
from mentorium_gateways.telegram.errors import (
    AnswerLostError,
    ChatClosedError,
    TelegramError,
    TelegramRateLimitError,
    TelegramUnavailableError,
    TokenRefusedError,
)


def outcome_of(error: TelegramError) -> Outcome:
    """What became of a message whose sending raised this."""
    match error:
        case TelegramRateLimitError():
            return Postponed(error.retry_after_s)
        case ChatClosedError():
            return ChatBlocked(error.code)
        case TelegramUnavailableError():
            return NotTaken(error.code)
        case TokenRefusedError():
            return NotTaken("token_refused")  # an operator's mistake: nothing is lost while it lasts
        case AnswerLostError():
            return Unclear(error.code.removeprefix("telegram_"))
    return Refused(error.description)
