"""What is open in a task: a session's unit of work, the driver's, or a single statement's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TypeAlias

import asyncpg
from sqlalchemy.ext.asyncio import AsyncSession

from mentorium_kit import unit_of_work

Driver: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


@dataclass(slots=True)
class Unit:
    """`standalone`: its one statement commits by itself, by a session or by the driver alone.

    `driver`: of a unit that was opened by the driver; `open_session` makes a session in it for who needs one.
    """

    session: AsyncSession | None
    broken: bool = False
    standalone: bool = False
    driver: Driver | None = None
    open_session: Callable[[], AsyncSession] | None = None


_unit: ContextVar[Unit] = ContextVar("mentorium_db_unit")


def current_unit() -> Unit:
    """The unit that is open (`unit_of_work.is_open`)."""
    return _unit.get()


@contextmanager
def as_unit(unit: Unit) -> Iterator[None]:
    token = _unit.set(unit)
    try:
        with unit_of_work.mark_open():
            yield
    finally:
        _unit.reset(token)
