"""A subscription without payment: runs the product's own operator command."""

from __future__ import annotations

import asyncio

import aiohttp

from mentorium_sandbox.control_api import RequestBody, refuse
from mentorium_sandbox.product_process import ended_with
from mentorium_sandbox.sandbox import Sandbox

TARIFFS = frozenset({"monthly", "quarterly", "annual"})


_TOLD_WITHIN_S = 10.0
_LOOK_AGAIN_S = 0.05


async def grant(sandbox: Sandbox, telegram_id: str, body: RequestBody) -> str:
    """What the operator command printed, when the parent has been told of it. HTTPBadRequest where it refuses."""
    tariff = body.text("tariff")
    if tariff not in TARIFFS:
        refuse(f"tariff is one of {', '.join(sorted(TARIFFS))}")
    if not telegram_id.isdigit():
        refuse("the user's id is a number")
    words = ("grant", telegram_id, tariff, "--reason", "given in the sandbox")
    command = await sandbox.start_process("mentorium_operator", *words, environment=sandbox.environment())
    status, output = await ended_with(command)
    if status != 0:
        refuse(output or "the operator command failed")
    await _told(sandbox)
    return output


async def _told(sandbox: Sandbox) -> None:
    """Wait for the worker to have sent what was due: or its notice would come in the middle of what is done next."""
    worker = sandbox.parts.get("worker")
    if worker is None or worker.held:
        return
    async with aiohttp.ClientSession() as http:
        try:
            async with asyncio.timeout(_TOLD_WITHIN_S):
                while (await worker.health(http)).get("busy") != 0:
                    await asyncio.sleep(_LOOK_AGAIN_S)
        except TimeoutError:
            return
