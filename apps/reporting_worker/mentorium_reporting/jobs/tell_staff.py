"""A request for help with a payment, into the staff's chat."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mentorium_core.billing.support import TellStaff


@dataclass(frozen=True, slots=True)
class TellStaffJob:
    """`tell` is None where there is no STAFF_CHAT_ID (any more): the request stays in the table, untold."""

    tell: TellStaff | None

    async def __call__(self, payload: Mapping[str, Any]) -> None:
        """`request_id`."""
        if self.tell is not None:
            await self.tell(int(payload["request_id"]))
