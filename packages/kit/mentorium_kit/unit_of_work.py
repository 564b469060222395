"""The mark of an open unit of work.

While a task holds a database transaction open it must not wait for somebody else's server: locks would be held for
as long as it likes. `mentorium_db.get_session` sets the mark; clients of the outside world call `refuse_inside`.
The mark belongs to the task that opened the unit: a task started inside it begins unmarked.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from mentorium_kit.errors import UnitOfWorkError

_owner: ContextVar[asyncio.Task[object] | None] = ContextVar("unit_of_work_owner", default=None)


def is_open() -> bool:
    """Whether the running task itself has a unit of work open."""
    owner = _owner.get()
    return owner is not None and owner is asyncio.current_task()


@contextmanager
def mark_open() -> Iterator[None]:
    token = _owner.set(asyncio.current_task())
    try:
        yield
    finally:
        _owner.reset(token)


def refuse_inside(server: str) -> None:
    """Raise UnitOfWorkError if the running task has a unit of work open; `server` names whom it was about to call."""
    if is_open():
        raise UnitOfWorkError("outside_call_in_unit_of_work", server=server)
