"""How much CPU time another process has used."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path


def cpu_seconds(pid: int) -> float:
    """User and system time of the process, in seconds (Linux)."""
    return _ticks(pid, 11, 12)


def family_seconds(pid: int) -> float:
    """The same with its children, those that have ended too: a PostgreSQL and its backends."""
    total = _ticks(pid, 11, 14)
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split():
        with suppress(FileNotFoundError):  # it has ended just now
            total += _ticks(int(child), 11, 12)
    return total


def _ticks(pid: int, first: int, last: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return sum(map(int, fields[first : last + 1])) / os.sysconf("SC_CLK_TCK")
