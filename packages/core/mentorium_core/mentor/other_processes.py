"""What the processes that answer ask of each other: a turn in a chat, an end of what is written there.

The questions' rows say who has what in hand; NOTIFY only makes it quick. So whoever asks looks into the rows until it
is so, and says it again: a process that is not listening just then hears it later.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Final

from mentorium_db import get_session
from mentorium_db.repositories import DialogRepository

_LOOK_EVERY_S: Final = 0.1
_SAY_EVERY_S: Final = 1.0


@dataclass(frozen=True, slots=True)
class EndAnswers:
    """To be heard by every process: one answer is to be ended as by Stop, or all that this chat has is dropped."""

    chat_id: int
    dialog_id: int | None = None
    """The question whose answer is stopped; None: all questions of the chat are dropped."""

    @classmethod
    def from_payload(cls, payload: str) -> EndAnswers | None:
        """None for what is none of ours."""
        try:
            told = json.loads(payload)
            return cls(int(told["chat_id"]), None if told["dialog_id"] is None else int(told["dialog_id"]))
        except (ValueError, KeyError, TypeError, OverflowError, RecursionError):  # an infinity, thousands of brackets
            return None


async def waiting_behind(dialog_ids: Collection[int], owner: str) -> set[int]:
    """Those of these questions before which another process has one of the same parent open."""
    async with get_session() as session:
        return await DialogRepository(session).waiting_behind(dialog_ids, owner)


async def stop_elsewhere(chat_id: int, owner: str, patience_s: float) -> None:
    """Have the answer stopped that another process writes in this chat. Harmless where none does."""
    if open_there := await _open_elsewhere(chat_id, owner):
        await _say_until_gone(EndAnswers(chat_id, open_there[0]), owner, patience_s)


async def drop_elsewhere(chat_id: int, owner: str, patience_s: float) -> bool:
    """Have other processes drop what they have of this chat; whether all did, or have died, within the patience."""
    return await _say_until_gone(EndAnswers(chat_id), owner, patience_s)


async def _say_until_gone(wish: EndAnswers, owner: str, patience_s: float) -> bool:
    now = asyncio.get_running_loop().time
    until, say_at = now() + patience_s, 0.0
    while True:
        there = await _open_elsewhere(wish.chat_id, owner)
        if not (wish.dialog_id in there if wish.dialog_id is not None else there):
            return True
        if now() >= until:
            return False
        if now() >= say_at:
            say_at = now() + _SAY_EVERY_S
            async with get_session() as session:
                await DialogRepository(session).notify(json.dumps(asdict(wish)))
        await asyncio.sleep(_LOOK_EVERY_S)


async def _open_elsewhere(chat_id: int, owner: str) -> list[int]:
    async with get_session() as session:
        return await DialogRepository(session).open_elsewhere(chat_id, owner)
