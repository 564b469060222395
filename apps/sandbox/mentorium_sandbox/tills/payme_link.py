"""PayMe's checkout link: base64 of `m=..;ac.order_id=..;a=..`."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from urllib.parse import SplitResult, unquote, urlsplit


class BadLinkError(ValueError):
    """The till would not open by this link; the text says why."""


def split_link(link: str) -> SplitResult:
    """Raises BadLinkError for what is no address at all."""
    try:
        return urlsplit(link.strip())
    except ValueError as error:
        raise BadLinkError("the link is no address") from error


@dataclass(frozen=True, slots=True)
class PaymeLink:
    """`amount` in tiyin; `account` has the fields that the merchant asked for."""

    merchant_id: str
    account: dict[str, str]
    amount: int
    language: str = "ru"
    return_url: str | None = None

    @classmethod
    def read(cls, link: str) -> PaymeLink:
        """A whole link, or what stands in it after the host. Raises BadLinkError."""
        coded = unquote(split_link(link).path).rpartition("/")[2]
        try:
            text = base64.b64decode(coded + "=" * (-len(coded) % 4), validate=True).decode()
        except (binascii.Error, ValueError) as error:
            raise BadLinkError("the link is no checkout link of PayMe: it holds no base64") from error
        fields = dict(part.partition("=")[::2] for part in text.split(";") if part)
        account = {name.removeprefix("ac."): value for name, value in fields.items() if name.startswith("ac.")}
        if "m" not in fields or not account:
            raise BadLinkError("the link names no merchant (m) or no account (ac.order_id)")
        amount = fields.get("a", "")
        if not (amount.isascii() and amount.isdigit() and len(amount) < 16 and int(amount) > 0):
            raise BadLinkError("the link's amount (a) is no whole number of tiyin")
        language = fields.get("l", "ru")
        known = language if language in ("ru", "uz", "en") else "ru"
        return cls(fields["m"], account, int(amount), known, fields.get("c"))
