"""The platform's link code, phones and names: pure functions."""

from __future__ import annotations

import hashlib
import hmac
import re
import struct
from base64 import urlsafe_b64decode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from mentorium_core.i18n import clip
from mentorium_core.identity.model import LinkCodeRefusal, LinkCodeRefusedError
from mentorium_kit.clock import TASHKENT

LINK_CODE_LIFE = timedelta(minutes=15)
"""docs/PLATFORM.md: a code is good for a quarter of an hour; one signed for longer is not one of the platform's."""
CLAIM_LIFE = timedelta(hours=1)
"""How long a checked proof waits for consent: long enough to read the text in peace."""
_LONGEST_NAME = 100
_CLOCK_SKEW = timedelta(minutes=1)
_VERSION = 1
_BODY = struct.Struct(">BQI6s")  # version, guardian_id, expiry in unix seconds, nonce
_MAC_BYTES = 16
_CODE = re.compile(r"[A-Za-z0-9_-]{47}")
_PHONE = re.compile(r"\+[1-9]\d{6,14}")
_PHONE_PUNCTUATION = re.compile(r"[\s().\u00a0-]")


@dataclass(frozen=True, slots=True)
class LinkCode:
    """What a genuine code says; it links nobody from `expires_at` on."""

    guardian_id: int
    expires_at: datetime
    nonce: bytes


def read_link_code(payload: str, keys: Sequence[str], now: datetime) -> LinkCode:
    """What the code says, if one of `keys` has signed it and its time has not run out; else LinkCodeRefused."""
    code = open_link_code(payload, keys, now)
    if now >= code.expires_at:
        raise LinkCodeRefusedError(LinkCodeRefusal.EXPIRED)
    return code


def open_link_code(payload: str, keys: Sequence[str], now: datetime) -> LinkCode:
    """As `read_link_code`, but also where its time has run out: who has used it in time may be told so later."""
    if not _CODE.fullmatch(payload):
        raise LinkCodeRefusedError(LinkCodeRefusal.MALFORMED)
    raw = urlsafe_b64decode(payload + "=")
    body, mac = raw[: _BODY.size], raw[_BODY.size :]
    version, guardian_id, expiry, nonce = _BODY.unpack(body)
    if version != _VERSION:
        raise LinkCodeRefusedError(LinkCodeRefusal.MALFORMED)
    # Every key is tried, so that the time taken does not tell which one fits.
    genuine = [hmac.compare_digest(mac, _mac(key, body)) for key in keys]
    if not any(genuine):
        raise LinkCodeRefusedError(LinkCodeRefusal.FORGED)
    expires_at = datetime.fromtimestamp(expiry, TASHKENT)
    if expires_at - now > LINK_CODE_LIFE + _CLOCK_SKEW:
        raise LinkCodeRefusedError(LinkCodeRefusal.MALFORMED)
    return LinkCode(guardian_id, expires_at, nonce)


def _mac(key: str, body: bytes) -> bytes:
    return hmac.digest(key.encode(), body, hashlib.sha256)[:_MAC_BYTES]


def normalise_phone(phone: str) -> str | None:
    """The number in E.164, with its plus; Telegram sends it with or without. None if it is no such number."""
    digits = _PHONE_PUNCTUATION.sub("", phone).removeprefix("+")
    number = f"+{digits}"
    return number if number.isascii() and _PHONE.fullmatch(number) else None


def shown_name(display_name: str, student_id: int) -> str:
    """The name on one line of at most 100 characters; where nothing of it can be seen, the child's number."""
    return clip(display_name, _LONGEST_NAME) or f"№{student_id}"


def split_name(display_name: str) -> tuple[str, str | None]:
    """First name and the rest, cut to what the table holds."""
    first, _, rest = display_name.strip().partition(" ")
    return first[:100], rest.strip()[:100] or None
