"""The registration code of one request, by mail."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from mentorium_core.identity.email_code import MailCode


class MailCodeJob:
    """`mail` is None where there is no mail server: then nobody could have asked, and what is stored is dropped."""

    def __init__(self, mail: MailCode | None) -> None:
        self._mail = mail

    async def __call__(self, payload: Mapping[str, Any]) -> None:
        """`parent_id`, and when the code was `asked_at`."""
        if self._mail is not None:
            await self._mail(int(payload["parent_id"]), datetime.fromisoformat(payload["asked_at"]))
