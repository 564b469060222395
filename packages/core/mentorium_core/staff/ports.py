"""The team's chat, as core speaks into it."""

from __future__ import annotations

from typing import Protocol


class StaffChat(Protocol):
    """Where the team reads. UnavailableError: try again."""

    async def say(self, text: str) -> None: ...
