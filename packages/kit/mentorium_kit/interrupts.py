"""SIGINT (Ctrl-C) while a process of ours is loading: nothing is in hand yet, so it ends without a stack trace."""

from __future__ import annotations

import signal
import sys
from pathlib import Path


def end_at_once_while_loading(command: str = "-m") -> None:
    """To be called before anything else where `python -m`, or the script `command`, starts a process of ours.

    Whoever waits for it sees that the signal ended it. It holds until a handler is set, or `interrupts_are_raised`. Of
    no effect where somebody else's process (the tests') imports us, or SIGINT is ignored, as in a shell's background.
    """
    started = [Path(word).name for word in sys.argv[:1]]  # "-m" until the module to be run has been found
    if started in (["-m"], [command]) and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)


def interrupts_are_raised() -> None:
    """KeyboardInterrupt again, as Python has it: there is something in hand now that has to be put down."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_DFL:
        signal.signal(signal.SIGINT, signal.default_int_handler)
