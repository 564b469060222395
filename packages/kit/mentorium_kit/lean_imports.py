"""What a library imports because it is there, and no process of ours uses."""

from __future__ import annotations

import sys
from typing import Final

_OPTIONAL: Final = ("rich", "httpcore", "watchfiles")
"""structlog draws tracebacks by the first, which is there for the command line of pgqueuer: three megabytes a process.
The others come with the packages of developers alone: Sentry would speak HTTP/2 by httpcore, uvicorn watch files.
"""


def leave_out_optional() -> None:
    """To be called before anything else where `python -m` starts a process of ours.

    Of no effect where somebody else's process (the tests', a command's) imports us.
    """
    if sys.argv[:1] == ["-m"]:  # so only until the module to be run has been found
        for name in _OPTIONAL:
            sys.modules.setdefault(name, None)  # type: ignore[arg-type]  # Python's mark of what cannot be imported
