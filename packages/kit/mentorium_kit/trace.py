"""Trace id: one name for all that follows from one cause, be it an update, a due moment or an operator's command.

It goes with the task (a context variable), and where work waits in a table, with its row. It is 32 hex digits, as in
W3C Trace Context, and says nothing of anybody.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final
from uuid import uuid4

LENGTH: Final = 32
_FORM: Final = re.compile(r"[0-9a-f]{32}")
_current: ContextVar[str | None] = ContextVar("mentorium_trace", default=None)


def current_trace() -> str | None:
    """The trace that this task belongs to; None where nothing has begun one."""
    return _current.get()


def new_trace() -> str:
    """An id that nothing else has."""
    return uuid4().hex


def trace_of(*cause: object) -> str:
    """The id that this cause has each time it is dealt with, in whichever process."""
    return hashlib.sha256("\n".join(map(str, cause)).encode()).hexdigest()[:LENGTH]


def read_trace(stored: object) -> str | None:
    """A trace id that was kept somewhere; None where it is none."""
    return stored if isinstance(stored, str) and _FORM.fullmatch(stored) else None


@contextmanager
def tracing(trace_id: str | None) -> Iterator[str]:
    """What is done within, also by tasks that inherit its context, belongs to this trace; None: to a new one."""
    known = trace_id or new_trace()
    token = _current.set(known)
    try:
        yield known
    finally:
        _current.reset(token)
