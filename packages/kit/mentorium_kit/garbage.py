"""The garbage collector's rest: for a short stretch of work that makes many objects and no cycles."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_resting() -> Iterator[None]:
    """Nothing looks for cycles meanwhile; without it, the facts of a batch take half as long again to map, or longer.

    WARNING: this is the whole process's collector, all threads included. Keep the stretch below a tenth of a
    second, never await in it, and let reference counting free what it drops.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
