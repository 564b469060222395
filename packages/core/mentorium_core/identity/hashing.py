"""Keyed hashes (HMAC) of secrets and pseudonyms of persons: whoever has the tables alone learns nothing from them."""

from __future__ import annotations

import hashlib
import hmac
from base64 import b32encode
from typing import Final

_MARK_CHARACTERS: Final = 10


def derive_hmac_key(token: str) -> bytes:
    """What codes and counters are hashed with: whoever has the tables alone cannot try all six digits."""
    return hmac.digest(token.encode(), b"mentorium identity", hashlib.sha256)


def hash_code(secret: bytes, telegram_id: int, email: str, code: str) -> str:
    """What is stored in place of the code: 10 base32 characters of an HMAC, bound to user and address."""
    return b32encode(_mac(secret, "code", str(telegram_id), email, code)).decode()[:_MARK_CHARACTERS]


def pseudonym(secret: bytes, kind: str, value: str) -> str:
    """The name under which an address or a user is counted: 64 hexadecimal digits that tell nobody who it is."""
    return _mac(secret, "subject", kind, value).hex()


def hash_invitation(secret: bytes, token: str) -> str:
    """What is stored of an invitation: 64 hexadecimal digits."""
    return _mac(secret, "invitation", token).hex()


def _mac(secret: bytes, *parts: str) -> bytes:
    return hmac.digest(secret, "\0".join(parts).encode(), hashlib.sha256)
