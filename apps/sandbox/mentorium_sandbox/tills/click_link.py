"""Click's pay link: `services/pay?service_id=..&merchant_id=..&amount=99000.00&transaction_param=..`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl

from mentorium_sandbox.tills.payme_link import BadLinkError, split_link

_AMOUNT = re.compile(r"\d{1,12}(\.\d{1,2})?")


@dataclass(frozen=True, slots=True)
class ClickLink:
    """`amount` in soums, as it is written in the link."""

    service_id: str
    merchant_id: str
    amount: str
    order: str
    return_url: str | None = None

    @classmethod
    def read(cls, link: str) -> ClickLink:
        """A whole link. Raises BadLinkError."""
        fields = dict(parse_qsl(split_link(link).query))
        for name in ("service_id", "merchant_id", "amount", "transaction_param"):
            if name not in fields:
                raise BadLinkError(f"the link is no pay link of Click: {name} is missing")
        if not _AMOUNT.fullmatch(fields["amount"]):
            raise BadLinkError("the link's amount is no sum in soums, such as 99000.00")
        order, return_url = fields["transaction_param"], fields.get("return_url")
        return cls(fields["service_id"], fields["merchant_id"], fields["amount"], order, return_url)
