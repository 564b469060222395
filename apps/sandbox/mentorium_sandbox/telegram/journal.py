"""The last Bot API calls, in the order in which they were carried out."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mentorium_sandbox.telegram.parameters import Parameters

_KEPT = 20_000


@dataclass(frozen=True, slots=True)
class CallEntry:
    """`status` is None where no answer was given."""

    seq: int
    time: datetime
    bot_id: int
    method: str
    parameters: Parameters
    status: int | None
    error: str | None

    def described(self) -> dict[str, Any]:
        fields: dict[str, Any] = {
            "seq": self.seq,
            "time": self.time.isoformat(),
            "bot": self.bot_id,
            "method": self.method,
            "params": self.parameters.described(),
            "status": self.status,
        }
        return fields if self.error is None else {**fields, "error": self.error}


class Journal:
    def __init__(self) -> None:
        self._entries: deque[CallEntry] = deque(maxlen=_KEPT)
        self._seq = 0
        self._counts: Counter[tuple[int, str]] = Counter()

    def write(
        self,
        time: datetime,
        bot_id: int,
        method: str,
        parameters: Parameters,
        status: int | None,
        error: str | None = None,
    ) -> None:
        self._seq += 1
        self._counts[bot_id, method] += 1
        self._entries.append(CallEntry(self._seq, time, bot_id, method, _without_bytes(parameters), status, error))

    def count(self, bot_id: int, method: str) -> int:
        """How many calls of this method the bot has made since the start, also those that are not kept any more."""
        return self._counts[bot_id, method]

    def read(self, *, method: str | None = None, after: int = 0, bot_id: int | None = None) -> list[dict[str, Any]]:
        """Oldest first; `method` in any case of letters."""
        wanted = method.lower() if method else None
        return [
            entry.described()
            for entry in self._entries
            if entry.seq > after
            and (wanted is None or entry.method.lower() == wanted)
            and (bot_id is None or entry.bot_id == bot_id)
        ]


def _without_bytes(parameters: Parameters) -> Parameters:
    return parameters if not parameters.files else Parameters(parameters.described())
