"""Scripts that need the product's packages start with any Python: this one goes on in .venv, where there is one."""

from __future__ import annotations

import importlib.util
import os
import signal
import sys
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[1]
_PYTHON = _ROOT / ".venv" / "bin" / "python"


def go_on_in_venv() -> None:
    """Nothing where the packages are there. Ends the process, in one line, where they are nowhere. What follows may be
    interrupted without a stack trace.
    """
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # a script that only looks has nothing to put down
    if importlib.util.find_spec("mentorium_operator") and importlib.util.find_spec("pydantic_settings"):
        return
    if not _PYTHON.exists() or Path(sys.prefix) == _PYTHON.parents[1]:
        sys.stderr.write(f"The product is not installed here: run `make install` in {_ROOT} first.\n")
        sys.exit(1)
    os.execv(_PYTHON, [str(_PYTHON), *sys.argv])
