"""Sentry's stand-in: takes envelopes as `sentry-sdk` sends them and shows the events, to programs and to people."""

from __future__ import annotations

import html
import json
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aiohttp import web

_MOST_EVENTS = 1_000
_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
article { border-top: 1px solid #8884; padding: 1rem 0; }
h2 { font-size: 1.1rem; margin: 0; }
pre { overflow-x: auto; background: #8881; padding: .75rem; border-radius: .5rem; font-size: .85rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0 1rem; margin: .5rem 0; }
dt { opacity: .7; } dd { margin: 0; overflow-wrap: anywhere; }
"""

Event = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Arrived:
    """An event as its sender wrote it, and when it came by the sandbox's clock."""

    at: datetime
    event: Event


class SentrySink:
    """Keeps the newest events, oldest first. `now` gives the sandbox's time."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._arrived: deque[Arrived] = deque(maxlen=_MOST_EVENTS)

    @property
    def arrived(self) -> tuple[Arrived, ...]:
        return tuple(self._arrived)

    def take(self, event: Event) -> None:
        self._arrived.append(Arrived(self._now(), event))


def routes(sink: SentrySink) -> list[web.AbstractRouteDef]:
    """POST /api/<project>/envelope/ for the SDK, GET /sandbox/sentry for programs, GET /sentry for people."""

    async def envelope(request: web.Request) -> web.StreamResponse:
        if not _shows_a_key(request):
            return _refused(403, "missing authorization information")
        try:
            header, events = read_envelope(await request.read())
        except ValueError as error:
            return _refused(400, f"invalid event envelope: {error}")
        for event in events:
            sink.take(event)
        return web.json_response({"id": header.get("event_id")})

    async def listed(_: web.Request) -> web.StreamResponse:
        return web.json_response({"events": [arrived.event for arrived in sink.arrived]})

    async def page(_: web.Request) -> web.StreamResponse:
        return web.Response(text=_page(sink.arrived), content_type="text/html")

    return [
        web.post("/api/{project:[0-9]+}/envelope/", envelope),
        web.get("/sandbox/sentry", listed),
        web.get("/sentry", page),
    ]


def read_envelope(body: bytes) -> tuple[Event, list[Event]]:
    """The envelope's header and its error events; items of other kinds are passed over. ValueError if it is none."""
    line, _, rest = body.partition(b"\n")
    return _object(line), [_object(payload) for kind, payload in _items(rest) if kind == "event"]


def _items(rest: bytes) -> Iterator[tuple[str, bytes]]:
    while rest.strip():
        line, _, rest = rest.partition(b"\n")
        header = _object(line)
        length = header.get("length", _line_length(rest))
        if not isinstance(length, int) or not 0 <= length <= len(rest):
            raise ValueError("an item is shorter than it says")
        yield str(header.get("type")), rest[:length]
        rest = rest[length:].removeprefix(b"\n")


def _line_length(rest: bytes) -> int:
    end = rest.find(b"\n")
    return len(rest) if end < 0 else end


def _object(line: bytes) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except RecursionError:
        value = None
    if not isinstance(value, dict):
        raise ValueError("not a JSON object")
    return value


def _shows_a_key(request: web.Request) -> bool:
    return "sentry_key=" in request.headers.get("X-Sentry-Auth", "") or "sentry_key" in request.query


def _refused(status: int, detail: str) -> web.Response:
    return web.json_response({"detail": detail}, status=status, headers={"X-Sentry-Error": detail})


def _page(arrived: tuple[Arrived, ...]) -> str:
    told = "\n".join(_article(one) for one in reversed(arrived)) or "<p>No errors have been reported.</p>"
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Sentry · Mentorium sandbox</title><style>{_STYLE}</style>"
        f'<h1>Errors</h1><p><a href="/">Back to the chats</a> · {len(arrived)} reported, newest first</p>{told}</html>'
    )


def _article(arrived: Arrived) -> str:
    event = arrived.event
    user, tags = _mapping(event.get("user")), _mapping(event.get("tags"))
    facts = {
        "time": arrived.at.isoformat(timespec="seconds"),
        "level": event.get("level"),
        "user": user.get("id"),
        **tags,
        "event": event.get("event_id"),
    }
    rows = "".join(f"<dt>{_safe(key)}</dt><dd>{_safe(value)}</dd>" for key, value in facts.items() if value is not None)
    return f"<article><h2>{_safe(_title(event))}</h2><dl>{rows}</dl>{_trace(event)}</article>"


def _title(event: Event) -> str:
    errors = _list(_mapping(event.get("exception")).get("values"))
    if errors:
        return " ".join(str(errors[-1][key]) for key in ("type", "value") if errors[-1].get(key))
    return str(_mapping(event.get("logentry")).get("message") or event.get("message") or "Something went wrong")


def _trace(event: Event) -> str:
    lines = [
        f"{frame.get('filename')}:{frame.get('lineno')} {frame.get('function')}"
        for error in _list(_mapping(event.get("exception")).get("values"))
        for frame in _list(_mapping(error.get("stacktrace")).get("frames"))
    ]
    return f"<pre>{_safe(chr(10).join(lines))}</pre>" if lines else ""


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: object) -> list[Mapping[str, Any]]:
    return [_mapping(item) for item in value] if isinstance(value, list) else []


def _safe(value: object) -> str:
    return html.escape(str(value))
