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
        self._read_as: tuple[int, int] | None = None
        self._offset = timedelta()
        if not path.exists():
            self._write(timedelta())

    def now(self) -> datetime:
        """This moment in Asia/Tashkent, as the product sees it."""
        status = self.path.stat()
        written = (status.st_mtime_ns, status.st_ino)
        if written != self._read_as:  # each call of the Bot API asks for the time: the file is read when it has changed
            self._offset = timedelta(seconds=float(self.path.read_text(encoding="utf-8").strip() or "0"))
            self._read_as = written
        return datetime.now(TASHKENT) + self._offset

    def set(self, moment: datetime) -> None:
        """Show `moment` (aware) from now on, and go on from there."""
        self._write(moment - datetime.now(TASHKENT))

    def _write(self, offset: timedelta) -> None:
        draft = self.path.with_suffix(".new")
        draft.write_text(f"{offset.total_seconds()}\n", encoding="utf-8")
        draft.rename(self.path)  # a reader sees the old offset or the new one, never half of it
        self._read_as = None
