"""The queries that the bot asks all day can use an index."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any

import asyncpg

from mentorium_db.platform_check.contract import HOT_QUERIES, SCHEMA, View
from mentorium_db.platform_check.finding import Finding, failure, ok


async def check_queries(
    connection: asyncpg.Connection[asyncpg.Record], views: Sequence[View]
) -> AsyncIterator[Finding]:
    """With scans of whole tables switched off, a plan that still has one could not do without it."""
    there = {view.name for view in views}
    async with connection.transaction(readonly=True):
        await connection.execute("SET LOCAL enable_seqscan = off; SET LOCAL jit = off")
        for view, name, query in HOT_QUERIES:
            if view not in there:
                continue
            plan = json.loads(
                await connection.fetchval(f"EXPLAIN (FORMAT JSON) {query.format(schema=SCHEMA, view=view)}")
            )
            scanned = sorted({node["Relation Name"] for node in _nodes(plan[0]["Plan"]) if _reads_all(node)})
            if scanned:
                yield failure(view, f"{name}: no index serves, all of {', '.join(scanned)} is read")
            else:
                yield ok(view, f"{name}: an index serves")


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for child in plan.get("Plans", ()):
        yield from _nodes(child)


def _reads_all(node: dict[str, Any]) -> bool:
    """A whole table, or a whole index with nothing that narrows it: only its order is used."""
    if node["Node Type"] == "Seq Scan":
        return True
    return node["Node Type"] in {"Index Scan", "Index Only Scan"} and "Index Cond" not in node
