"""The garbage collector: what it need not look at, and when it rests."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_YOUNG: Final = 10_000
"""Objects more than there were before the young ones are looked at. What serves an update dies without the collector,
so seldomer is cheaper; Python's own 700 makes it a tenth of the bot's CPU time."""


def rest_while_loading() -> None:
    """To be called before anything else where `python -m` starts a process of ours; then `spare_what_was_loaded`.

    What modules are made of stays: to look through it again and again takes a fifth of the CPU seconds of a start.
    Of no effect where somebody else's process (the tests') imports us.
    """
    if sys.argv[:1] == ["-m"]:  # so only until the module to be run has been found
        gc.disable()


def spare_what_was_loaded() -> None:
    """To be called once, when the process has loaded its modules: the collector looks at them no more.

    There are some 400,000 objects that live as long as the process; to go through them takes a quarter of a second, in
    which nobody is answered.
    """
    gc.freeze()
    gc.set_threshold(_YOUNG, *gc.get_threshold()[1:])
    gc.enable()


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
