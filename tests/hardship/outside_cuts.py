"""The outside world, piece by piece, as it is cut away: refused, hanging, or read-only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Cut:
    """`target`, `kind` and `match` are the sandbox's fault; `how`: for the page. It lasts `lasts_s` of real time."""

    name: str
    how: str
    target: str
    kind: str
    lasts_s: float = 45.0
    match: str | None = None


CUTS: Final = (
    Cut("Telegram", "refuses", "telegram", "down"),
    Cut("Telegram", "hangs", "telegram", "timeout", match="*"),
    Cut("Telegram", "takes no messages, while updates come", "telegram", "timeout"),
    Cut("OpenAI", "refuses", "openai", "down"),
    Cut("OpenAI", "hangs", "openai", "timeout"),
    Cut("PayMe", "refuses", "payme", "down"),
    Cut("PayMe", "hangs", "payme", "timeout"),
    Cut("SMTP", "refuses", "smtp", "down"),
    Cut("SMTP", "hangs", "smtp", "timeout"),
    Cut("Platform database", "refuses", "platform_db", "down"),
    Cut("Platform database", "hangs", "platform_db", "timeout"),
    Cut("Redis", "refuses", "redis", "down", 60.0),
    Cut("Redis", "hangs", "redis", "timeout", 60.0),
    Cut("Bot database", "refuses", "bot_db", "down", 30.0),
    Cut("Bot database", "hangs", "bot_db", "timeout", 30.0),
    Cut("Bot database", "only reads", "bot_db", "read_only", 30.0),
)
