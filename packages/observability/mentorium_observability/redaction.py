"""What logs and events must never carry: message text, names, phones, e-mails, keys.

Two nets. Fields whose name says that they hold such a thing are hidden whole; every other string is searched for
what looks like a credential, a card, a phone or an e-mail.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

HIDDEN: Final = "[hidden]"

_PRIVATE_FIELDS: Final = frozenset(
    (
        *("text", "message", "caption", "question", "reply", "answer", "content", "body", "prompt", "payload", "data"),
        *("name", "first_name", "last_name", "full_name", "display_name", "username", "child", "children"),
        *("phone", "phone_number", "email", "contact", "address"),
        *("card", "card_number", "pan", "expire", "cvv", "cvc", "sms_code"),
        *("token", "key", "api_key", "secret", "password", "authorization", "cookie", "dsn", "link_code", "code_value"),
    )
)
_PRIVATE_SUFFIXES: Final = ("_text", "_token", "_secret", "_password", "_api_key", "_phone", "_email", "_name", "_dsn")
_HARMLESS_FIELDS: Final = frozenset({"event_name", "task_name", "handler_name", "logger_name"})

_SECRETS: Final = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?<!\d)\d{5,}:[A-Za-z0-9_-]{16,}",  # a Telegram bot token
        r"\bsk-[A-Za-z0-9_-]{6,}",
        r"(?i)\bbearer\s+\S+",
        r"(?i)\bbasic\s+[A-Za-z0-9+/]{8,}={0,2}",
        r"(?<=://)[^/\s:@]*:[^/\s@]+(?=@)",  # user:password of a URL
        r"[\w.+-]{1,64}+@[\w-]+\.[\w-](?:[\w-]|\.(?=[\w-]))*",
        r"\+\d[\d\s()-]{7,}\d",
        r"\b998[ ()-]{0,2}\d{2}[ ()-]{0,2}\d{3}[ -]?\d{2}[ -]?\d{2}\b",
        r"(?<![\w.:+-])\(?\d{2}\)?[ -]\d{3}[ -]\d{2}[ -]\d{2}(?![\w-])",  # a phone as it is said in the country
        r"(?<![0-9A-Za-z_-])[2-9]\d{3}([ -]?)\d{4}\1\d{4}\1\d{4}(?![0-9A-Za-z_-])",  # a card
    )
)


_MAY_HOLD_SECRETS: Final = re.compile(
    r"[:@+]|sk-|998|bearer|basic|\d{2}\)?[ -]\d{3}[ -]\d{2}|[2-9]\d{3}[ -]?\d{4}[ -]?\d{4}", re.IGNORECASE
)
"""What every one of the patterns above asks for: most of what is logged has none of it."""


def scrub(text: str) -> str:
    """The text with everything that looks like a credential, a card, a phone or an e-mail hidden."""
    if _MAY_HOLD_SECRETS.search(text) is None:
        return text
    for pattern in _SECRETS:
        text = pattern.sub(HIDDEN, text)
    return text


@lru_cache(maxsize=1024)
def is_private(field: str) -> bool:
    """Whether a field of this name is hidden whole."""
    name = field.lower()
    if name in _HARMLESS_FIELDS:
        return False
    return name in _PRIVATE_FIELDS or name.endswith(_PRIVATE_SUFFIXES)


def redact(fields: Mapping[str, object]) -> dict[str, object]:
    """A copy of the fields that is safe to write down, however deep they go."""
    return {name: HIDDEN if is_private(name) else _redact_value(value) for name, value in fields.items()}


def _redact_value(value: object) -> object:
    if isinstance(value, str):
        return scrub(value)
    if isinstance(value, Mapping):
        return redact({str(name): inner for name, inner in value.items()})
    if isinstance(value, list | tuple | set | frozenset):
        return [_redact_value(inner) for inner in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return scrub(str(value))
