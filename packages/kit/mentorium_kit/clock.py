"""The product's only source of time.

Days are calendar days in Asia/Tashkent (UTC+5, no daylight saving). `CLOCK_FILE`, a setting that is empty in
production, names a file that holds an offset in seconds; demonstrations move it to see next Monday today.
Machine time stays right for transport time-outs, back-off, leases and heartbeats: those measure machines, not days.
"""

from __future__ import annotations

import asyncio
import os
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from mentorium_kit.errors import ConfigurationError

TASHKENT = ZoneInfo("Asia/Tashkent")
_LONGEST_NAP = timedelta(milliseconds=200)
_LOOKS_AT_FILE_S = 0.1


class _Offset:
    """The offset in the clock file, read again only when the file has changed."""

    def __init__(self) -> None:
        self._path: Path | None = None
        self._stamp: tuple[int, int] | None = None
        self._value = timedelta()
        self._from_environment = False

    def use(self, path: Path | None) -> None:
        self._path, self._stamp, self._value, self._from_environment = path, None, timedelta(), True

    @property
    def path(self) -> Path | None:
        if not self._from_environment:
            self.use(Path(os.environ["CLOCK_FILE"]) if os.environ.get("CLOCK_FILE") else None)
        return self._path

    def read(self) -> timedelta:
        if self.path is None or self._path is None:
            return timedelta()
        try:
            status = self._path.stat()
        except FileNotFoundError:
            return timedelta()
        stamp = (status.st_mtime_ns, status.st_ino)
        if stamp != self._stamp:
            self._value, self._stamp = _parse(self._path), stamp
        return self._value


def _parse(path: Path) -> timedelta:
    text = path.read_text(encoding="utf-8").strip()
    try:
        return timedelta(seconds=float(text or "0"))
    except (ValueError, OverflowError) as error:
        raise ConfigurationError("clock_file_malformed", path=str(path)) from error


_offset = _Offset()


def configure(clock_file: Path | None) -> None:
    """Read the offset from this file; None means the machine's own time. Unconfigured, `CLOCK_FILE` is obeyed."""
    _offset.use(clock_file)


def is_moved_by_file() -> bool:
    """Whether a clock file is in use: then a difference from the machine's own time is meant, and may jump."""
    return _offset.path is not None


def now() -> datetime:
    """This moment, aware, in Asia/Tashkent."""
    return datetime.now(TASHKENT) + _offset.read()


def today() -> date:
    """The calendar day in Asia/Tashkent."""
    return now().date()


def local_day(moment: datetime) -> date:
    """The Tashkent calendar day of an aware moment."""
    if moment.tzinfo is None:
        raise ValueError("local_day takes an aware datetime")
    return moment.astimezone(TASHKENT).date()


def start_of_day(day: date) -> datetime:
    """Midnight in Asia/Tashkent at which the day begins, aware."""
    return datetime(day.year, day.month, day.day, tzinfo=TASHKENT)


def offset() -> timedelta:
    """How far the clock file sets this clock off from the machine's; nothing without one."""
    return _offset.read()


async def moved(known: timedelta) -> timedelta:
    """Wait until `offset` is no longer the one that is known, and return it; for ever where no file can move it."""
    if not is_moved_by_file():
        await asyncio.Event().wait()
    while (found := offset()) == known:
        await asyncio.sleep(_LOOKS_AT_FILE_S)
    return found


async def sleep_until(moment: datetime) -> None:
    """Wait until the product's clock shows `moment`; wakes early enough to notice when the clock is moved."""
    while (left := moment - now()) > timedelta():
        await asyncio.sleep(min(left, _LONGEST_NAP).total_seconds())
