"""When somebody's word to have their data erased counts."""

from __future__ import annotations

from datetime import datetime


def erase_request_stands(expires_at: datetime, declined_at: datetime | None, now: datetime) -> bool:
    """Whether a yes to the request counts at `now` (all aware): in its time, and not after the no."""
    return declined_at is None and now < expires_at
