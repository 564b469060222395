"""The product's clock in a test's hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import asyncpg

from mentorium_kit.clock import TASHKENT


@dataclass(frozen=True, slots=True)
class ClockInHand:
    file: Path

    def to(self, offset: timedelta) -> None:
        """So far from now the clock stands."""
        self.file.write_text(str(offset.total_seconds()))


async def move_platform(dsn: str, moment: datetime) -> None:
    """The platform's clock, too: its data reach this moment."""
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute("UPDATE platform.clock SET shift = $1", moment - datetime.now(TASHKENT))
    finally:
        await connection.close()
