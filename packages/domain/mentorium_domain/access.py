"""Entitlement: the record that database and core share of who has paid, and for whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Payer:
    """A parent as the access rule sees them: their children, first linked first, and until when they have paid."""

    children: tuple[int, ...]
    expires_at: datetime | None
