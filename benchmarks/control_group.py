"""A machine within the machine (Linux, root): a control group with a bound of memory, and one core."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_V1: Final = Path("/sys/fs/cgroup/memory")
_V2: Final = Path("/sys/fs/cgroup")
_GONE_WITHIN_S: Final = 20.0


@dataclass(frozen=True, slots=True)
class ControlGroup:
    """`core`: the only one its processes may run on. Whatever a member starts is a member, too."""

    folder: Path
    is_v1: bool
    core: int

    @contextmanager
    def around(self, pid: int) -> Iterator[None]:
        """What this process starts meanwhile is born in the group and on its core; the process itself leaves again."""
        before = os.sched_getaffinity(pid)
        home = self.folder.parent / "cgroup.procs"
        self._threads_to(pid, {self.core})
        self.add(pid)
        try:
            yield
        finally:
            home.write_text(str(pid), encoding="ascii")
            self._threads_to(pid, before)

    def add(self, pid: int) -> None:
        (self.folder / "cgroup.procs").write_text(str(pid), encoding="ascii")

    @property
    def pids(self) -> list[int]:
        return [int(pid) for pid in (self.folder / "cgroup.procs").read_text(encoding="ascii").split()]

    @property
    def peak_mb(self) -> float:
        """The most that was charged at once, the page cache included."""
        return int(self._read("memory.max_usage_in_bytes", "memory.peak")) / 2**20

    @property
    def kills(self) -> int:
        """How many processes the kernel ended for want of memory."""
        lines = self._read("memory.oom_control", "memory.events").splitlines()
        return sum(int(line.split()[1]) for line in lines if line.startswith("oom_kill "))

    def _read(self, v1: str, v2: str) -> str:
        return (self.folder / (v1 if self.is_v1 else v2)).read_text(encoding="ascii")

    @staticmethod
    def _threads_to(pid: int, cores: set[int]) -> None:
        for thread in Path(f"/proc/{pid}/task").iterdir():
            with suppress(ProcessLookupError):
                os.sched_setaffinity(int(thread.name), cores)


@contextmanager
def control_group(name: str, memory_bytes: int, core: int) -> Iterator[ControlGroup]:
    """Made and removed again; its members have to have ended by then. PermissionError without root."""
    is_v1 = (_V1 / "memory.limit_in_bytes").exists()
    folder = (_V1 if is_v1 else _V2) / name
    folder.mkdir()
    try:
        (folder / ("memory.limit_in_bytes" if is_v1 else "memory.max")).write_text(str(memory_bytes), encoding="ascii")
        yield ControlGroup(folder, is_v1, core)
    finally:
        _remove(folder)


def _remove(folder: Path) -> None:
    until = time.monotonic() + _GONE_WITHIN_S
    while True:
        try:
            folder.rmdir()
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)
        else:
            return
