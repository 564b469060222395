"""The queries that the bot asks all day can use an index."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any, Final

import asyncpg

from mentorium_db.platform_check.contract import HOT_QUERIES, SCHEMA, HotQuery, View
from mentorium_db.platform_check.finding import Finding, failure, ok, warning

_SMALL_BYTES: Final = 1_000_000


async def check_queries(
    connection: asyncpg.Connection[asyncpg.Record], views: Sequence[View]
) -> AsyncIterator[Finding]:
    """With scans of whole tables switched off, a plan that still has one could not do without it.

    A small table that is read whole beside the one that an index serves, such as that of lessons, is no harm.
    """
    there = {view.name for view in views}
    async with connection.transaction(readonly=True):
        await connection.execute("SET LOCAL enable_seqscan = off; SET LOCAL jit = off")
        for hot in HOT_QUERIES:
            if hot.view not in there:
                continue
            nodes = await _plan(connection, hot)
            scanned = sorted({node["Relation Name"] for node in await _read_for_nothing(connection, nodes, hot.marker)})
            if not scanned:
                yield ok(hot.view, f"{hot.name}: an index serves")
            elif hot.asked:
                yield failure(hot.view, f"{hot.name}: no index serves, all of {', '.join(scanned)} is read")
            else:
                yield warning(
                    hot.view, f"{hot.name}: no index serves, all of {', '.join(scanned)} is read; news will need one"
                )


async def _plan(connection: asyncpg.Connection[asyncpg.Record], hot: HotQuery) -> list[dict[str, Any]]:
    query = hot.query.replace("{schema}", SCHEMA).replace("{view}", hot.view)
    plan = json.loads(await connection.fetchval(f"EXPLAIN (VERBOSE, FORMAT JSON) {query}"))
    return list(_nodes(plan[0]["Plan"]))


async def _read_for_nothing(
    connection: asyncpg.Connection[asyncpg.Record], nodes: Sequence[dict[str, Any]], marker: str
) -> list[dict[str, Any]]:
    served = any(marker in str(node.get("Index Cond")) for node in nodes)
    return [
        node
        for node in nodes
        if _reads_all(node)
        and (not served or marker in str(node.get("Filter")) or await _bytes_of(connection, node) > _SMALL_BYTES)
    ]


async def _bytes_of(connection: asyncpg.Connection[asyncpg.Record], node: dict[str, Any]) -> int:
    size = await connection.fetchval(
        "SELECT pg_relation_size(pg_class.oid) FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace"
        " WHERE nspname = $1 AND relname = $2",
        node.get("Schema"),
        node["Relation Name"],
    )
    return int(size or 0)


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for child in plan.get("Plans", ()):
        yield from _nodes(child)


def _reads_all(node: dict[str, Any]) -> bool:
    """A whole table, or a whole index with nothing that narrows it: only its order is used."""
    if node["Node Type"] == "Seq Scan":
        return True
    if node["Node Type"] == "Bitmap Heap Scan":
        indexes = [inner for inner in _nodes(node) if inner["Node Type"] == "Bitmap Index Scan"]
        return not any("Index Cond" in inner for inner in indexes)
    return node["Node Type"] in {"Index Scan", "Index Only Scan"} and "Index Cond" not in node
