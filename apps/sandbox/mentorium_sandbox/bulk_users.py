"""Many fake parents at once; registered ones come in through the real bot, as anybody does."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp

from mentorium_sandbox.sandbox import Sandbox

_AT_ONCE = 24
_WAIT_S = 60


async def invite_crowd(sandbox: Sandbox, count: int, *, registered: bool) -> list[int]:
    """Ids of `count` new fake users; registered ones have a child, consent and a link each."""
    users = sandbox.telegram.add_users(count)
    if registered:
        gate = asyncio.Semaphore(_AT_ONCE)
        async with (
            aiohttp.ClientSession(
                f"{sandbox.settings.url}/sandbox/",
                timeout=aiohttp.ClientTimeout(total=None),
                raise_for_status=True,
            ) as http,
            asyncio.TaskGroup() as together,
        ):
            for user in users:
                together.create_task(_come_in(http, gate, user.id, user.language_code))
    return [user.id for user in users]


async def _come_in(http: aiohttp.ClientSession, gate: asyncio.Semaphore, user_id: int, language: str) -> None:
    async with gate:
        child = await _post(
            http,
            "platform/students",
            first_name="Timur",
            last_name=f"Crowd{user_id}",
            guardian={"full_name": f"Parent Crowd{user_id}", "email": f"crowd{user_id}@example.uz"},
        )
        asked = await _post(http, f"users/{user_id}/start", payload=child["link_code"], wait_s=_WAIT_S)
        for button in (f"lang:{language}", "consent:yes"):
            message = (asked["replies"] or asked["edited"])[-1]
            asked = await _post(
                http, f"users/{user_id}/press", message_id=message["message_id"], button=button, wait_s=_WAIT_S
            )


async def _post(http: aiohttp.ClientSession, path: str, **body: object) -> dict[str, Any]:
    async with http.post(path, json=body) as answer:
        data: dict[str, Any] = await answer.json()
        return data
