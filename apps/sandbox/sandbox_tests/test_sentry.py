"""Sentry's stand-in with the official SDK, with envelopes by hand, and as a page."""

from __future__ import annotations

import asyncio
import gzip
import json
import zlib
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Any

import brotli
import pytest
import pytest_asyncio
import sentry_sdk
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
from sentry_sdk.utils import event_from_exception
from yarl import URL

from mentorium_sandbox import sentry
from mentorium_sandbox.control_api import errors_as_json

AUTH = {"X-Sentry-Auth": "Sentry sentry_key=sandbox, sentry_version=7"}
EVENT = {"event_id": "9f", "level": "error", "tags": {"handler": "ask"}, "user": {"id": "7"}}


@pytest_asyncio.fixture
async def url() -> AsyncIterator[URL]:
    app = web.Application(middlewares=[errors_as_json])
    app.add_routes(sentry.routes(sentry.SentrySink(lambda: datetime(2026, 11, 24, tzinfo=UTC))))
    async with TestServer(app, host="127.0.0.1") as server:
        yield server.make_url("")


@pytest_asyncio.fixture
async def http() -> AsyncIterator[ClientSession]:
    async with ClientSession() as session:
        yield session


async def _events(http: ClientSession, url: URL) -> list[Any]:
    async with http.get(url / "sandbox/sentry") as answer:
        events: list[Any] = (await answer.json())["events"]
        return events


async def _post(http: ClientSession, url: URL, body: bytes, **headers: str) -> int:
    async with http.post(url / "api/1/envelope/", data=body, headers={**AUTH, **headers}) as answer:
        return answer.status


def envelope(*items: tuple[dict[str, Any], bytes]) -> bytes:
    lines = [json.dumps({"event_id": "9f"}).encode()]
    for header, payload in items:
        lines += [json.dumps(header).encode(), payload]
    return b"\n".join(lines)


async def test_the_sdk_delivers_an_error(http: ClientSession, url: URL) -> None:
    client = sentry_sdk.Client(f"http://sandbox@{url.host}:{url.port}/1", default_integrations=False)
    try:
        raise LookupError("there is nothing")
    except LookupError as error:
        event, hint = event_from_exception(error, client_options=client.options)
    sent = client.capture_event({**event, "user": {"id": "123456789"}}, hint)
    await asyncio.to_thread(client.close)

    (event,) = await _events(http, url)
    assert event["event_id"] == sent
    assert event["user"] == {"id": "123456789"}
    assert event["exception"]["values"][0]["type"] == "LookupError"


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [("identity", bytes), ("gzip", gzip.compress), ("deflate", zlib.compress), ("br", brotli.compress)],
)
async def test_packed_bodies(http: ClientSession, url: URL, encoding: str, pack: Callable[[bytes], bytes]) -> None:
    body = pack(envelope(({"type": "event"}, json.dumps(EVENT).encode())))

    assert await _post(http, url, body, **{"Content-Encoding": encoding}) == 200
    assert await _events(http, url) == [EVENT]


async def test_only_events_are_kept_of_what_an_envelope_holds(http: ClientSession, url: URL) -> None:
    payload = json.dumps(EVENT, indent=1).encode()  # with line breaks of its own: the length tells where it ends
    body = envelope(
        ({"type": "attachment", "length": 9}, b"not\n{json"),
        ({"type": "event", "length": len(payload)}, payload),
        ({"type": "session"}, b"{}"),
    )

    assert await _post(http, url, body + b"\n") == 200
    assert await _events(http, url) == [EVENT]


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"no json", envelope(({"type": "event", "length": 99}, b"{}")), envelope(({"type": "event"}, b"[]"))],
)
async def test_what_is_no_envelope_is_refused(http: ClientSession, url: URL, body: bytes) -> None:
    assert await _post(http, url, body) == 400
    assert await _events(http, url) == []


async def test_a_key_must_be_shown(http: ClientSession, url: URL) -> None:
    async with http.post(url / "api/1/envelope/", data=envelope()) as answer:
        assert answer.status == 403


async def test_the_page_tells_of_errors_and_runs_none_of_their_text(http: ClientSession, url: URL) -> None:
    error = {
        "type": "LookupError",
        "value": "<script>alert(1)</script>",
        "stacktrace": {"frames": [{"filename": "app/handlers.py", "lineno": 12, "function": "ask"}]},
    }
    event = {**EVENT, "exception": {"values": [error]}}
    await _post(http, url, envelope(({"type": "event"}, json.dumps(event).encode())))

    async with http.get(url / "sentry") as answer:
        page = await answer.text()

    assert "LookupError" in page
    assert "app/handlers.py:12 ask" in page
    assert "<dt>handler</dt><dd>ask</dd>" in page
    assert "<script>" not in page


async def test_the_page_bears_events_of_any_shape(http: ClientSession, url: URL) -> None:
    strange = {"exception": {"values": "none"}, "user": 5, "tags": [["handler", "ask"]], "logentry": None}
    await _post(http, url, envelope(({"type": "event"}, json.dumps(strange).encode())))

    async with http.get(url / "sentry") as answer:
        assert answer.status == 200
        assert "Something went wrong" in await answer.text()
