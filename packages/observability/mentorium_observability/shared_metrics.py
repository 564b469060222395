"""Metrics of several processes in one folder (`PROMETHEUS_MULTIPROC_DIR`): one of them answers for all.

prometheus_client keeps a file a process, named by its pid, and adds all of them up for ever. What dead processes have
counted goes into one archive here: counters never fall, and the number of files does not grow with every start. The
processes must see each other's pids: containers have a folder each.
"""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from prometheus_client.mmap_dict import MmapedDict

_ARCHIVE: Final = 0
"""No process has this pid."""
_FILE: Final = re.compile(r"(?P<kind>counter|histogram|summary|gauge_[a-z]+)_(?P<pid>\d+)\.db")


@contextmanager
def alone_in(folder: Path) -> Iterator[bool]:
    """Whether nobody else is archiving within this block; it does not wait for them."""
    with (folder / "archive.lock").open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def archive_dead(folder: Path) -> int:
    """Add up what processes that live no more have counted, and drop their gauges; how many files that was."""
    dead = [found for found in map(_file, sorted(folder.glob("*.db"))) if found is not None and not _lives(found[2])]
    for path, kind, _ in dead:
        taken = path.rename(path.with_suffix(".dead"))  # whoever dies here counts too little, never twice
        if not kind.startswith("gauge"):
            _add(taken, folder / f"{kind}_{_ARCHIVE}.db")
        taken.unlink()
    return len(dead)


def _file(path: Path) -> tuple[Path, str, int] | None:
    named = _FILE.fullmatch(path.name)
    return (path, named["kind"], int(named["pid"])) if named else None


def _lives(pid: int) -> bool:
    if pid == _ARCHIVE:
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _add(source: Path, archive: Path) -> None:
    values = MmapedDict(str(archive))  # type: ignore[no-untyped-call]
    try:
        for key, value, _, _ in MmapedDict.read_all_values_from_file(str(source)):  # type: ignore[no-untyped-call]
            so_far, _ = values.read_value(key)  # type: ignore[no-untyped-call]
            values.write_value(key, so_far + value, 0.0)  # type: ignore[no-untyped-call]
    finally:
        values.close()  # type: ignore[no-untyped-call]
