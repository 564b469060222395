"""The one claim for all work (an update, a question, a message): a row is taken by one process, under a lease.

Who takes a row writes itself down as its `owner`, and until when by the database's clock, which is the only one that
all processes share. While it works it moves that moment on, with a heartbeat; when it dies, the moment passes and
whoever lives takes the row. Tries are counted at the take, so that work which kills its worker is counted too; after
`MOST_TRIES` nobody takes it any more: it is set aside (dead-lettered), for a person to look at.

Every statement that ends a claim asks for its owner: who lost it meanwhile changes nothing.
"""

from __future__ import annotations

import os
import socket
from datetime import datetime
from typing import Final
from uuid import uuid4

from sqlalchemy import ColumnElement, String, Table, func, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from mentorium_domain.claims import HEARTBEAT_S, LEASE_S, MOST_TRIES

__all__ = [
    "HEARTBEAT_S",
    "JOB_SCHEMA",
    "LEASE_S",
    "MOST_TRIES",
    "Claimable",
    "heartbeat",
    "lease_end",
    "new_owner",
    "release_predecessors",
]

JOB_SCHEMA: Final = "pgqueuer"
"""Where `mentorium_db.jobs` keeps its queue. It stands here for those who need no more of the queue than its place."""


class Claimable:
    """The columns of a claim. `lease_until` is the database server's time; `tries` counts every take."""

    owner: Mapped[str | None] = mapped_column(String(100))
    lease_until: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(server_default=text("0"))


def new_owner(place: str) -> str:
    """The name under which one process claims. `place` is where only one process can be at a time, such as its port.

    Whoever comes up at a place knows that its predecessor there is dead (`release_predecessors`).
    """
    return f"{_at(place)}{os.getpid()}-{uuid4().hex[:8]}"


def _at(place: str) -> str:
    return f"{socket.gethostname()[:50]}:{place[:20]}:"


def lease_end(lease_s: float) -> ColumnElement[datetime]:
    """The moment until which a claim made now holds, by the database's clock."""
    return func.clock_timestamp() + func.make_interval(0, 0, 0, 0, 0, 0, lease_s)


async def heartbeat(
    session: AsyncSession, table: Table, owner: str, lease_s: float, *of_these: ColumnElement[bool]
) -> None:
    """Move on the leases of the rows `of_these` that `owner` still holds.

    Name those you know to be in hand: a claim whose answer was lost must lapse, or nobody would ever do its work.
    """
    held = table.c.owner == owner, table.c.lease_until > func.clock_timestamp()
    await session.execute(update(table).where(*held, *of_these).values(lease_until=lease_end(lease_s)))


async def release_predecessors(session: AsyncSession, table: Table, owner: str) -> int:
    """Let go of what processes that stood at the place of `owner` before it have left; how many rows that was."""
    place = owner.rpartition(":")[0] + ":"
    left = table.c.owner.startswith(place, autoescape=True), table.c.owner != owner, table.c.lease_until.is_not(None)
    released = await session.execute(
        update(table).where(*left).values(lease_until=func.clock_timestamp()).returning(*table.primary_key.columns)
    )
    return len(released.all())
