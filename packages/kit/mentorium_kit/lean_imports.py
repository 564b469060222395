"""What a library imports because it is there, and no process of ours uses."""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Final

_OPTIONAL: Final = ("rich", "httpcore", "watchfiles")
"""structlog draws tracebacks by the first, which is there for the command line of pgqueuer: three megabytes a process.
The others come with the packages of developers alone: Sentry would speak HTTP/2 by httpcore, uvicorn watch files.
"""
_COMMAND_LINE: Final = "uvicorn.main"
"""uvicorn's package imports it, and with it click and multiprocessing: a megabyte and a half."""


class _WithoutCommandLine(MetaPathFinder, Loader):
    """Has uvicorn's package get what it names after its command line from where that has it: the server."""

    def find_spec(self, fullname: str, *_: object) -> ModuleSpec | None:
        return ModuleSpec(fullname, self) if fullname == _COMMAND_LINE else None

    def exec_module(self, module: ModuleType) -> None:
        server = import_module("uvicorn.server").Server
        module.__dict__.update(Server=server, main=None, run=None)


def leave_out_optional() -> None:
    """To be called before anything else where `python -m` starts a process of ours.

    Of no effect where somebody else's process (the tests', a command's) imports us.
    """
    if sys.argv[:1] == ["-m"]:  # so only until the module to be run has been found
        sys.meta_path.insert(0, _WithoutCommandLine())
        for name in _OPTIONAL:
            sys.modules.setdefault(name, None)  # type: ignore[arg-type]  # Python's mark of what cannot be imported
