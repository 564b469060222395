"""Views, columns and their types, read from the catalogue alone."""

from __future__ import annotations

from collections.abc import Iterator

import asyncpg

from mentorium_db.platform_check.contract import SCHEMA, VIEWS, Column, View
from mentorium_db.platform_check.finding import Finding, failure, ok, warning

Published = dict[str, dict[str, str]]
"""View -> column -> type, of what this role can read."""


async def published(connection: asyncpg.Connection[asyncpg.Record]) -> Published:
    rows = await connection.fetch(
        """
        SELECT relation.relname AS view, attribute.attname AS column,
               format_type(attribute.atttypid, NULL) AS type
        FROM pg_class AS relation
        JOIN pg_attribute AS attribute ON attribute.attrelid = relation.oid AND attribute.attnum > 0
        WHERE relation.relnamespace = to_regnamespace($1) AND NOT attribute.attisdropped
            AND relation.relkind IN ('v', 'm', 'r', 'f', 'p')
            AND has_schema_privilege(relation.relnamespace, 'USAGE')
            AND has_table_privilege(relation.oid, 'SELECT')
        """,
        SCHEMA,
    )
    views: Published = {}
    for row in rows:
        views.setdefault(row["view"], {})[row["column"]] = row["type"]
    return views


def check_catalogue(found: Published) -> Iterator[Finding]:
    """Every view is there with every column; a view that is not required may be missing, at a price that is named."""
    for view in VIEWS:
        if view.name not in found:
            yield _missing(view)
            continue
        yield ok(view.name, "is published")
        yield from (_column(view, column, found[view.name]) for column in view.columns)


def whole(found: Published) -> list[View]:
    """The views that can be read on: published, with every column of the contract."""
    return [view for view in VIEWS if {column.name for column in view.columns} <= found.get(view.name, {}).keys()]


def _missing(view: View) -> Finding:
    if view.hides is None:
        return failure(view.name, "is required, and missing or not readable by this role")
    return warning(view.name, f"is missing or not readable: reports go without {view.hides}")


def _column(view: View, column: Column, found: dict[str, str]) -> Finding:
    subject = f"{view.name}.{column.name}"
    if column.name not in found:
        return failure(subject, "is missing")
    if _family(found[column.name]) != column.type:
        return failure(subject, f"is {found[column.name]}; the contract says {column.type}")
    return ok(subject, f"is {column.type}")


def _family(type_: str) -> str:
    """`character varying` and `citext` read like text; all other types are taken as they are."""
    return "text" if type_ in {"character varying", "citext", "name"} else type_
