"""The registration code of one request, by mail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mentorium_core.identity.email_code import MailCode


@dataclass(frozen=True, slots=True)
class MailCodeJob:
    """`mail` is None where there is no mail server: then nobody could have asked, and what is stored is dropped."""

    mail: MailCode | None

    async def __call__(self, payload: Mapping[str, Any]) -> None:
        """`parent_id`, and when the code was `asked_at`."""
        if self.mail is not None:
            await self.mail(int(payload["parent_id"]), datetime.fromisoformat(payload["asked_at"]))
