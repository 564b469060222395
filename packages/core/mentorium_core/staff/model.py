"""An event as the staff hears of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class StaffEvent:
    """`telegram_id`: of whom it speaks. `details` hold ids and codes, no words of anybody."""

    id: int
    name: str
    telegram_id: int | None
    details: Mapping[str, object]
    created_at: datetime


@dataclass(frozen=True, slots=True)
class StaffMessage:
    """A message, and the events that are told when it has arrived."""

    text: str
    event_ids: Sequence[int]
