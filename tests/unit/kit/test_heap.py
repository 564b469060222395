"""Threads share the arenas of the C library's heap, which gives back what it does not need."""

from __future__ import annotations

import platform
import re
import subprocess
import sys

from mentorium_kit.heap import give_back, map_large_blocks

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


_SCATTERED = """
import ctypes
from mentorium_kit.heap import give_back, map_large_blocks
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
libc.free.argtypes = [ctypes.c_void_p]
def resident():
    return int(next(line for line in open("/proc/self/status") if line.startswith("VmRSS:")).split()[1])
blocks = [libc.malloc(8000) for _ in range(5000)]
for block in blocks: ctypes.memset(block, 1, 8000)
for number, block in enumerate(blocks):
    if number % 100: libc.free(block)
before = resident()
assert give_back()
print(before - resident())
"""


def test_what_was_freed_between_what_is_in_use_goes_back() -> None:
    if platform.libc_ver()[0] != "glibc":
        assert not give_back()
        return
    given_back_kb = subprocess.run(
        [sys.executable, "-c", _SCATTERED], capture_output=True, text=True, check=True
    ).stdout
    assert int(given_back_kb) > 10_000, "of 40,000 in all"


_PICTURE = """
import ctypes
from mentorium_kit.heap import map_large_blocks
libc = ctypes.CDLL(None)
libc.malloc.restype = libc.sbrk.restype = ctypes.c_void_p
libc.free.argtypes = [ctypes.c_void_p]
{first}
libc.free(libc.malloc(8 << 20))
before = libc.sbrk(0)
pixels = libc.malloc(6 << 20)
print(libc.sbrk(0) - before)
"""


def test_the_pixels_of_a_picture_are_no_part_of_the_heap() -> None:
    if platform.libc_ver()[0] != "glibc":
        assert not map_large_blocks()
        return

    def grown_by(first: str) -> int:
        script = _PICTURE.format(first=first)
        return int(subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout)

    assert grown_by("assert map_large_blocks()") == 0
    assert grown_by("") > 4 << 20, "what it would be without"
