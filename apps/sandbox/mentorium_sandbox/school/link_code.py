"""The payload of the platform's "Connect Telegram" button: version, guardian, expiry, nonce, and a cut HMAC-SHA256."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import struct
from datetime import datetime, timedelta

LIFETIME = timedelta(minutes=15)
_VERSION = 1
_SIGNATURE_BYTES = 16
_NONCE_BYTES = 6


def link_code(key: str, guardian_id: int, now: datetime, nonce: bytes | None = None) -> str:
    """47 base64url characters, good for 15 minutes from `now` (aware); the HMAC's key is the UTF-8 text of `key`."""
    expiry = int((now + LIFETIME).timestamp())
    body = struct.pack(">BQI", _VERSION, guardian_id, expiry) + (nonce or secrets.token_bytes(_NONCE_BYTES))
    signature = hmac.new(key.encode(), body, hashlib.sha256).digest()[:_SIGNATURE_BYTES]
    return base64.urlsafe_b64encode(body + signature).rstrip(b"=").decode()
