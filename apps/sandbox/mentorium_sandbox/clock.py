"""The sandbox's clock: machine time plus the offset that every part reads from the same file."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

TASHKENT = ZoneInfo("Asia/Tashkent")


class SandboxClock:
    """`CLOCK_FILE` holds the offset in seconds; the product's processes are started with its path."""

    def __init__(self, path: Path) -> None:
        self.path = path
        if not path.exists():
            path.write_text("0\n", encoding="utf-8")

    def now(self) -> datetime:
        """This moment in Asia/Tashkent, as the product sees it."""
        offset = timedelta(seconds=float(self.path.read_text(encoding="utf-8").strip() or "0"))
        return datetime.now(TASHKENT) + offset
