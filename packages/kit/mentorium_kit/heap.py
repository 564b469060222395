"""The heap of the C library: how many arenas it keeps, and what it gives back."""

from __future__ import annotations

import ctypes
from contextlib import suppress
from typing import Final

_M_ARENA_MAX: Final = -8  # malloc.h
_M_MMAP_THRESHOLD: Final = -3
ARENAS: Final = 2
LARGE: Final = 1 << 20
"""Bytes. What a socket is read into, 256 KiB, is none: to map it anew each time would take longer than reading."""


def keep_few_arenas(arenas: int = ARENAS) -> bool:
    """Bound the arenas of glibc's malloc, which opens one for each thread (up to eight a core) and gives little back.

    Our threads draw pictures and ask resolvers: they seldom allocate at the same moment. Before the first thread, else
    it keeps what it has. False where the C library is another one.
    """
    with suppress(OSError, AttributeError):
        return bool(ctypes.CDLL(None).mallopt(_M_ARENA_MAX, arenas))
    return False


def map_large_blocks(large: int = LARGE) -> bool:
    """Have each block of this size or more a mapping of its own, which goes back to the system when it is freed.

    glibc does so at first, and with every such block that is freed it takes larger ones from the heap, up to 32 MB: the
    pixels of pictures then stay in it. False where the C library is another one.
    """
    with suppress(OSError, AttributeError):
        return bool(ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, large))
    return False


def give_back() -> bool:
    """Return to the system what the heap keeps for later: after many pictures a tenth of the process.

    It takes milliseconds, in which whoever allocates from the same arena waits. False where the C library cannot.
    """
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
        return True
    return False
