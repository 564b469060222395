"""The figures of a claim (`mentorium_db.claims`), which rules and processes need too."""

from __future__ import annotations

from typing import Final

LEASE_S: Final = 18.0
"""Longer than any stall of an event loop that was ever seen here (16 s), shorter than a parent's patience (20 s)."""
HEARTBEAT_S: Final = 2.0
MOST_TRIES: Final = 3
"""Work that has killed so many processes is not tried again."""
