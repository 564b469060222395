"""A report said aloud, for a parent who asked for it or chose it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mentorium_core.reports.voice import SendVoice


@dataclass(frozen=True, slots=True)
class SendVoiceJob:
    """`send` is None where there is no SPEECH_ENGINE (any more): nobody is offered a voice then."""

    send: SendVoice | None

    async def __call__(self, payload: Mapping[str, Any]) -> None:
        """`telegram_id`, `report_id`, until when it is wanted, and whether `by_choice`, without a press."""
        if self.send is not None:
            wanted_until = datetime.fromisoformat(payload["wanted_until"])
            by_choice = bool(payload.get("by_choice"))
            await self.send(int(payload["telegram_id"]), int(payload["report_id"]), wanted_until, by_choice=by_choice)
