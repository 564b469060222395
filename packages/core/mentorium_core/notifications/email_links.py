"""The link that ends letters: signed, for this one purpose, good as long as letters go to that address."""

from __future__ import annotations

import hashlib
import hmac
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Final

UNSUBSCRIBE_PATH: Final = "/mail/unsubscribe"
_TOKEN: Final = re.compile(r"([1-9][0-9]{0,9})\.([A-Za-z0-9_-]{43})")
_LARGEST_ID: Final = 2**31 - 1
_TAG_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class EmailLinks:
    """`secret` keys the signature, `base_url` is the public one (None: no links are made)."""

    secret: bytes = field(repr=False)
    base_url: str | None = None

    def unsubscribe_url(self, parent_id: int, address: str) -> str | None:
        if self.base_url is None:
            return None
        return f"{self.base_url}{UNSUBSCRIBE_PATH}/{self.token(parent_id, address)}"

    def token(self, parent_id: int, address: str) -> str:
        tag = self._tag(address)
        return f"{parent_id}.{urlsafe_b64encode(tag + self._mac(parent_id, tag)).decode().rstrip('=')}"

    def read(self, token: str) -> tuple[int, bytes] | None:
        """(parent, the mark of the address) of a link that is ours; None for any other."""
        found = _TOKEN.fullmatch(token)
        if found is None or int(found[1]) > _LARGEST_ID:
            return None
        parent_id, signed = int(found[1]), urlsafe_b64decode(found[2] + "=")
        tag, mac = signed[:_TAG_BYTES], signed[_TAG_BYTES:]
        return (parent_id, tag) if hmac.compare_digest(mac, self._mac(parent_id, tag)) else None

    def is_of(self, tag: bytes, address: str) -> bool:
        return hmac.compare_digest(tag, self._tag(address))

    def _tag(self, address: str) -> bytes:
        return hmac.digest(self.secret, b"unsubscribe address\0" + address.encode(), hashlib.sha256)[:_TAG_BYTES]

    def _mac(self, parent_id: int, tag: bytes) -> bytes:
        said = b"unsubscribe\0" + str(parent_id).encode() + b"\0" + tag
        return hmac.digest(self.secret, said, hashlib.sha256)[:_TAG_BYTES]
