"""OpenAI's stand-in on a real port of 127.0.0.1, with its control calls."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from mentorium_sandbox import faults as fault_calls
from mentorium_sandbox import openai
from mentorium_sandbox.control_api import errors_as_json
from mentorium_sandbox.faults import Faults

KEY = "sk-test"


@dataclass(frozen=True, slots=True)
class OpenAIStandIn:
    """`url` is the server's root; `base_url` is what an SDK needs."""

    url: str
    http: ClientSession

    @property
    def base_url(self) -> str:
        return f"{self.url}/openai/v1"

    async def chat(self, body: Any, key: str | None = KEY) -> tuple[int, Any]:
        headers = {} if key is None else {"Authorization": f"Bearer {key}"}
        async with self.http.post(f"{self.base_url}/chat/completions", json=body, headers=headers) as response:
            return response.status, await response.json()

    async def control(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        async with self.http.request(method, f"{self.url}/sandbox{path}", json=body) as response:
            return response.status, await response.json()

    async def script(self, **fields: Any) -> None:
        status, answer = await self.control("POST", "/openai/script", fields)
        assert status == 200, answer

    async def fault(self, kind: str, **fields: Any) -> None:
        status, answer = await self.control("POST", "/faults", {"target": "openai", "kind": kind, **fields})
        assert status == 200, answer

    async def heal(self) -> None:
        await self.control("DELETE", "/faults")

    async def requests(self, after: int = 0) -> list[dict[str, Any]]:
        _, answer = await self.control("GET", f"/openai?after={after}")
        requests: list[dict[str, Any]] = answer["requests"]
        return requests


@asynccontextmanager
async def running_stand_in(
    words_per_second: float = 0, spoken_in: Callable[[bytes], str | None] = lambda _: None
) -> AsyncIterator[OpenAIStandIn]:
    faults = Faults()
    world = openai.OpenAIWorld(lambda: datetime.now(UTC), words_per_second=words_per_second, spoken_in=spoken_in)
    app = web.Application(middlewares=[errors_as_json])
    app.add_routes([*openai.routes(world, faults), *fault_calls.routes(faults)])
    async with TestServer(app, host="127.0.0.1") as server, ClientSession() as http:
        yield OpenAIStandIn(str(server.make_url("")).rstrip("/"), http)
