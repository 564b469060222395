"""One letter of those that a parent has asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mentorium_core.reports.mailed import MailMessage


@dataclass(frozen=True, slots=True)
class MailMessageJob:
    """`mail` is None where there is no mail server (any more): what is stored is dropped."""

    mail: MailMessage | None

    async def __call__(self, payload: Mapping[str, Any]) -> None:
        if self.mail is not None:
            await self.mail(int(payload["message_id"]))
