"""The link code, against the contract's layout and a vector worked out by hand."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from datetime import UTC, datetime

from mentorium_sandbox.school import link_code

_NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
_KEY, _GUARDIAN, _NONCE = "a key of the platform", 50_001, bytes.fromhex("0102030405ff")


def test_the_vector() -> None:
    body = bytes.fromhex("01" "000000000000c351" "6b06a714") + _NONCE
    assert int.from_bytes(body[9:13]) == int(_NOW.timestamp()) + 15 * 60
    signature = hmac.new(_KEY.encode(), body, hashlib.sha256).digest()[:16]
    expected = base64.urlsafe_b64encode(body + signature).decode().rstrip("=")
    assert link_code(_KEY, _GUARDIAN, _NOW, _NONCE) == expected


def test_it_fits_a_start_payload() -> None:
    for guardian in (1, 2**63 - 1):
        assert re.fullmatch(r"[A-Za-z0-9_-]{47}", link_code(_KEY, guardian, _NOW))


def test_each_code_is_new() -> None:
    assert link_code(_KEY, _GUARDIAN, _NOW) != link_code(_KEY, _GUARDIAN, _NOW)
