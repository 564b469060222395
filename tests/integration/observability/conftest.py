"""Sentry as these tests have it: a server of its protocol, to which this process reports."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest_asyncio
import sentry_sdk
from aiohttp import web
from aiohttp.test_utils import TestServer

from mentorium_observability import configure_logging
from mentorium_observability.sentry_config import configure_sentry
from mentorium_sandbox.sentry import SentrySink, routes


@pytest_asyncio.fixture
async def sink() -> AsyncIterator[SentrySink]:
    sink = SentrySink(lambda: datetime.now(UTC))
    app = web.Application()
    app.add_routes(routes(sink))
    async with TestServer(app, host="127.0.0.1") as server:
        configure_sentry(f"http://sandbox@{server.host}:{server.port}/1", environment="test", release="1.2.3")
        configure_logging()
        yield sink
        await asyncio.to_thread(sentry_sdk.get_client().close)
        sentry_sdk.get_global_scope().set_client(None)
