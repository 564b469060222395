"""Ctrl-C while a process loads ends it without a stack trace; each case is a process of its own."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

_INTERRUPTED = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell ignores it for what runs in its background
sys.argv = [{started!r}]
import {package}
{then}
try:
    os.kill(os.getpid(), signal.SIGINT)
    signal.pause()
except KeyboardInterrupt:
    print("raised")
"""
_RAISED = "from mentorium_kit.interrupts import interrupts_are_raised; interrupts_are_raised()"


def _ended(started: str, package: str, then: str = "") -> tuple[int, str]:
    """Status, and all that was printed."""
    script = _INTERRUPTED.format(started=started, package=package, then=then)
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    return ended.returncode, ended.stdout + ended.stderr


@pytest.mark.parametrize(
    ("started", "package"),
    [
        ("-m", "mentorium_bot"),
        ("-m", "mentorium_reporting"),
        ("-m", "mentorium_operator"),
        ("/opt/mentorium/bin/mentorium", "mentorium_operator"),
    ],
)
def test_a_process_that_loads_ends_at_once_and_without_a_word(started: str, package: str) -> None:
    assert _ended(started, package) == (-signal.SIGINT, "")


def test_what_has_something_in_hand_may_put_it_down() -> None:
    assert _ended("-m", "mentorium_operator", _RAISED) == (0, "raised\n")


def test_whoever_else_imports_us_is_interrupted_as_ever() -> None:
    assert _ended("/usr/bin/pytest", "mentorium_operator") == (0, "raised\n")
