"""Threads share the arenas of the C library's heap."""

from __future__ import annotations

import platform
import re
import subprocess
import sys

_SCRIPT = """
import ctypes, threading
from mentorium_kit.heap import keep_few_arenas
{first}
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
together = threading.Barrier(7)
def allocate():
    together.wait()
    for _ in range(100): libc.malloc(1000)
    together.wait()
threads = [threading.Thread(target=allocate) for _ in range(6)]
for thread in threads: thread.start()
together.wait(); together.wait()
libc.malloc_stats()
"""


def arenas(first: str) -> int:
    ended = subprocess.run([sys.executable, "-c", _SCRIPT.format(first=first)], capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
    return len(re.findall(r"^Arena \d+:", ended.stderr, re.MULTILINE))


def test_many_threads_share_few_arenas() -> None:
    if platform.libc_ver()[0] != "glibc":
        assert not arenas("assert not keep_few_arenas()")
        return
    assert arenas("assert keep_few_arenas()") <= 2
    assert arenas("") > 2, "what it would be without"
