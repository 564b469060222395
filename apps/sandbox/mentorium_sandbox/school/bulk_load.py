"""Filling any database with a school of any size, all or nothing: a load that breaks off leaves what was there."""

from __future__ import annotations

import asyncpg

from mentorium_sandbox.school.calendar import TASHKENT
from mentorium_sandbox.school.copy_format import Connection
from mentorium_sandbox.school.installation import build, demolish, is_built
from mentorium_sandbox.school.seeding import MOST_SIMULATIONS, Progress, grow, plant
from mentorium_sandbox.school.simulation_advance import lock_school

# Building indexes is the only work here that needs memory, and two cores can share it.
_FOR_BUILDING = "SET LOCAL maintenance_work_mem = '256MB'; SET LOCAL max_parallel_maintenance_workers = 1"


async def fill(
    dsn: str, *, students: int, seed: int, fresh: bool, progress: Progress, most_lives: int = MOST_SIMULATIONS
) -> int:
    """Bring the school up to so many generated students, and return their number; `fresh` removes who is there.

    `dsn` is an owner's. The time is the school's own where there is one, else the machine's. Raises
    ForeignDatabaseError where the database holds another platform.
    """
    connection = await asyncpg.connect(dsn)
    try:
        async with connection.transaction():
            await lock_school(connection)
            await connection.execute(_FOR_BUILDING)
            there = await _prepare(connection, dsn, fresh=fresh)
            if there:
                students = await grow(
                    connection, students=students, seed=seed, most_lives=most_lives, progress=progress
                )
            else:
                now = await connection.fetchval("SELECT platform.now()")
                await plant(
                    connection,
                    students=students,
                    seed=seed,
                    now=now.astimezone(TASHKENT),
                    most_lives=most_lives,
                    progress=progress,
                )
        progress("statistics", 0, 1)
        await connection.execute("ANALYZE")
        progress("statistics", 1, 1)
        return students
    finally:
        await connection.close()


async def _prepare(connection: Connection, dsn: str, *, fresh: bool) -> bool:
    """An installed school; whether somebody learns there already. The clock stays as it was."""
    shift = None
    if fresh:
        if await connection.fetchval("SELECT to_regclass('platform.clock') IS NOT NULL"):
            shift = await connection.fetchval("SELECT shift FROM platform.clock")
        await demolish(connection)
    if not await is_built(connection):
        await build(connection, dsn)
        if shift is not None:
            await connection.execute("UPDATE platform.clock SET shift = $1", shift)
    return bool(await connection.fetchval("SELECT lived_until IS NOT NULL FROM platform.clock"))
