"""What the product has still to do, and what became of what it did: its messages and jobs by state.

Read from the product's own tables, as an operator would with psql; nothing is asked of its processes.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Any

import asyncpg
from aiohttp import web

from mentorium_sandbox.databases import Databases

_LATEST = 150
_PATIENCE_S = 5.0
STATES = ("pending", "sending", "sent", "skipped", "expired", "unknown", "failed")
JOB_STATES = ("queued", "picked", "successful", "failed")
_COUNTS = "SELECT notification_type AS kind, status AS state, count(*) AS count FROM notifications GROUP BY 1, 2"
# Jobs that are done stand in the log alone, and there twice: taken up, and ended.
_JOB_COUNTS = """
    SELECT entrypoint AS kind, status::text AS state, count(*) AS count FROM pgqueuer.pgqueuer GROUP BY 1, 2
    UNION ALL
    SELECT entrypoint, status::text, count(*) FROM pgqueuer.pgqueuer_log WHERE status = 'successful' GROUP BY 1, 2
"""
_MESSAGES = """
    SELECT n.id, n.parent_telegram_id, n.notification_type AS kind, n.status AS state, n.attempts, n.reason,
        n.dedup_key, n.message, n.send_at, n.expires_at, n.sent_at, n.telegram_message_id
    FROM notifications n WHERE $2::text IS NULL OR n.status = $2 ORDER BY n.id DESC LIMIT $1
"""
_JOBS = """
    SELECT id, entrypoint AS kind, status::text AS state, attempts, dedupe_key AS dedup_key, created, execute_after
    FROM pgqueuer.pgqueuer WHERE $2::text IS NULL OR status::text = $2 ORDER BY id DESC LIMIT $1
"""
_STYLE = """
body{font:16px/1.5 system-ui,sans-serif;max-width:60em;margin:1.5em auto;padding:0 1em;color:#1c2733;background:#fff}
table{border-collapse:collapse;width:100%;margin:.5em 0 2em}th,td{padding:.35em .6em;text-align:left}
th[scope=col]{text-align:right}th{font-weight:600;color:#52606d}td.n{text-align:right;font-variant-numeric:tabular-nums}
tr+tr td{border-top:1px solid #e4e9ee}
h1{font-size:1.4em}td.n.some{font-weight:600}td.n.bad{color:#b3261e}td.n.none{color:#a8b3bd}.scroll{overflow-x:auto}
.latest td:nth-child(5){overflow-wrap:anywhere}
@media(max-width:40em){.latest tr{display:block;padding:.4em 0}.latest td{display:inline;padding:0 .4em 0 0;border:0}
.latest td:nth-child(5){display:block}.latest tr+tr{border-top:1px solid #8884}}
@media(prefers-color-scheme:dark){body{color:#e6ebf0;background:#17212b}tr+tr td{border-color:#2b3947}th{color:#9fb0bf}
td.n.bad{color:#ff8a80}td.n.none{color:#5d6f80}}
"""
_BAD = frozenset({"failed", "unknown", "expired"})
Json = dict[str, Any]


class Outbox:
    def __init__(self, databases: Databases) -> None:
        self._databases = databases

    async def described(self, state: str | None = None) -> Json:
        """Counts by kind and state, and the latest, newest first, of `state` alone where one is named.

        HTTPServiceUnavailable while the database is away.
        """
        try:
            connection = await asyncpg.connect(self._databases.bot, timeout=_PATIENCE_S)
            try:
                return {
                    "messages": await _told(connection, _COUNTS, _MESSAGES, state),
                    "jobs": await _told(connection, _JOB_COUNTS, _JOBS, state),
                }
            finally:
                await connection.close()
        except (OSError, TimeoutError, asyncpg.PostgresError) as error:
            raise web.HTTPServiceUnavailable(text="the bot's database does not answer") from error


async def _told(connection: asyncpg.Connection[asyncpg.Record], counts: str, latest: str, state: str | None) -> Json:
    return {
        "counts": [dict(row) for row in await connection.fetch(counts)],
        "latest": [_plain(row) for row in await connection.fetch(latest, _LATEST, state)],
    }


def _plain(row: asyncpg.Record) -> Json:
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in row.items()}


def routes(databases: Databases) -> list[web.AbstractRouteDef]:
    """GET /sandbox/outbox for programs, GET /outbox for people."""
    outbox = Outbox(databases)

    async def show(request: web.Request) -> web.StreamResponse:
        return web.json_response(await outbox.described(request.query.get("state")))

    async def page(_: web.Request) -> web.StreamResponse:
        return web.Response(text=_page(await outbox.described()), content_type="text/html")

    return [web.get("/sandbox/outbox", show), web.get("/outbox", page)]


def _page(told: Json) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta http-equiv="refresh" content="3">'
        f"<title>Outbox of the sandbox</title><style>{_STYLE}</style></head><body>"
        f"<h1>Messages to parents</h1>{_table(told['messages']['counts'], STATES)}"
        f"<h1>Jobs</h1>{_table(told['jobs']['counts'], JOB_STATES)}"
        f"<h1>Latest messages</h1>{_list(told['messages']['latest'])}</body></html>"
    )


def _table(counts: Sequence[Json], states: Sequence[str]) -> str:
    if not counts:
        return "<p>None.</p>"
    by_kind: dict[str, dict[str, int]] = {}
    for row in counts:
        by_kind.setdefault(row["kind"], {})[row["state"]] = row["count"]
    head = "".join(f"<th scope=col>{state}</th>" for state in states)
    rows = ""
    for kind, found in sorted(by_kind.items()):
        cells = "".join(_cell(state, found.get(state, 0)) for state in states)
        rows += f"<tr><th scope=row>{html.escape(kind)}</th>{cells}</tr>"
    return f'<div class="scroll"><table><tr><td></td>{head}</tr>{rows}</table></div>'


def _cell(state: str, count: int) -> str:
    look = "none" if count == 0 else "bad some" if state in _BAD else "some"
    return f'<td class="n {look}">{count}</td>'


def _list(latest: Sequence[Json]) -> str:
    if not latest:
        return "<p>None.</p>"
    rows = "".join(
        f"<tr><td>{row['id']}</td><td>{html.escape(row['state'])}</td><td>{row['kind']}</td>"
        f"<td>{row['parent_telegram_id']}</td><td>{html.escape(row['message'][:80])}</td>"
        f"<td>{html.escape(row['reason'] or '')}</td></tr>"
        for row in latest
    )
    return f'<div class="scroll"><table class="latest">{rows}</table></div>'
