"""What needs a person, into the staff's chat."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mentorium_core.staff.news import TellStaffNews


@dataclass(frozen=True, slots=True)
class TellStaffNewsJob:
    """`tell` is None where there is no STAFF_CHAT_ID (any more): the events stay in their log, untold."""

    tell: TellStaffNews | None

    async def __call__(self, _: Mapping[str, Any]) -> None:
        if self.tell is not None:
            await self.tell()
