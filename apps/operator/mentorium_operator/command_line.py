"""What all subcommands share: exit statuses, and where they complain."""

from __future__ import annotations

import argparse
import sys
from typing import Final, TypeAlias

Subparsers: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"

OK: Final = 0
FAILURE: Final = 1
"""Refused, or a server that is needed does not answer."""
MISUSE: Final = 2
"""A wrong call, or a wrong setting."""


def complain(text: str, status: int) -> int:
    """Say on stderr what is wrong; the exit status, to be returned."""
    sys.stderr.write(f"{text}\n")
    return status
