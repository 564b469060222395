"""Text as Telegram counts it (UTF-16 units), the entities that it finds by itself, and how clients cut long texts."""

from __future__ import annotations

import re
from typing import Any

MESSAGE_LIMIT = 4096
CAPTION_LIMIT = 1024
_HINTS = re.compile(r"[/@#.+$]")
_TOP_DOMAINS = "com|org|net|io|uz|ru|me|app|dev|ai|edu|info|kz|kg|tj"
_FOUND = re.compile(
    rf"""
      (?P<email>(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+)
    | (?P<url>(?:https?|tg)://[^\s<>"]+ | (?<![\w@./-])(?:[\w-]+\.)+(?:{_TOP_DOMAINS})\b(?:/[^\s<>"]*)?)
    | (?P<mention>(?<![\w@])@(?:[A-Za-z0-9_]{{4,32}}|(?i:gif|vid|pic))(?!\w))
    | (?P<bot_command>(?<![\w/<>])/[A-Za-z0-9_]{{1,64}}(?:@\w{{3,32}})?(?![\w/]))
    | (?P<hashtag>(?<![\w\#])\#\w*[^\W\d]\w*)
    | (?P<cashtag>(?<![\w$])\$(?:1INCH|[A-Z]{{1,8}})(?![\w$]))
    | (?P<phone_number>(?<![\w+])\+\d{{9,15}}\b)
    """,
    re.VERBOSE,
)


def units(text: str) -> int:
    """Length in UTF-16 code units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def find_entities(text: str) -> list[dict[str, Any]]:
    """Commands, links, mentions, mails, hashtags and phone numbers, as the server marks them."""
    if not _HINTS.search(text):
        return []
    return [
        {"type": str(match.lastgroup), "offset": units(text[: match.start()]), "length": units(_visible(match))}
        for match in _FOUND.finditer(text)
    ]


def _visible(match: re.Match[str]) -> str:
    return match[0].rstrip(".,;:!?)]}'»") if match.lastgroup == "url" else match[0]


def split(text: str) -> list[str]:
    """The messages that a client makes of a long text: at most 4096 units each, cut at a line or a space near by."""
    parts = []
    rest = text.strip()
    while units(rest) > MESSAGE_LIMIT:
        part = _head(rest)
        parts.append(part.strip())
        rest = rest[len(part) :].strip()
    return [*parts, rest] if rest else parts


def _head(text: str) -> str:
    longest = _first_units(text, MESSAGE_LIMIT)
    cut = max(longest.rfind("\n"), longest.rfind(" "))
    return longest[:cut] if cut > len(longest) // 2 else longest


def _first_units(text: str, limit: int) -> str:
    return text.encode("utf-16-le")[: limit * 2].decode("utf-16-le", errors="ignore")
