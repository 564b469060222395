"""How a test breaks a school, and what the check says of it."""

from __future__ import annotations

import asyncpg

from mentorium_db.platform_check import Finding, check_platform
from mentorium_db.platform_check.contract import VIEWS
from mentorium_sandbox.school.installation import READER

__all__ = ["READER", "break_school", "changed", "findings_of", "view_in_place"]


async def break_school(dsn: str, statements: str) -> None:
    owner = await asyncpg.connect(dsn)
    try:
        await owner.execute(statements)
    finally:
        await owner.close()


async def findings_of(dsn: str) -> list[Finding]:
    connection = await asyncpg.connect(dsn)
    try:
        return [finding async for finding in check_platform(connection)]
    finally:
        await connection.close()


def view_in_place(name: str, columns: str) -> str:
    """Put this in the view's place; `columns` is what follows SELECT, with the view's old rows as `old`."""
    return f"""
        ALTER VIEW bot_api_v1.{name} RENAME TO old_{name};
        ALTER VIEW bot_api_v1.old_{name} SET SCHEMA platform;
        CREATE VIEW bot_api_v1.{name} AS SELECT {columns} FROM platform.old_{name} AS old;
        GRANT SELECT ON bot_api_v1.{name} TO {READER};
    """


def changed(name: str, **columns: str) -> str:
    """The view as it was but for these columns, each with its SQL expression."""
    (view,) = [view for view in VIEWS if view.name == name]
    told = ", ".join(f"{columns.get(column.name, column.name)} AS {column.name}" for column in view.columns)
    return view_in_place(name, told)
