"""A subscription without payment: runs the product's own operator command."""

from __future__ import annotations

import asyncio
import sys

import aiohttp

from mentorium_sandbox.control_api import RequestBody, refuse
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
    command = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "mentorium_operator",
        "grant",
        telegram_id,
        tariff,
        "--reason",
        "given in the sandbox",
        env=sandbox.environment(),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    output, errors = await command.communicate()
    if command.returncode != 0:
        refuse(errors.decode(errors="replace").strip() or "the operator command failed")
    await _told(sandbox)
    return output.decode(errors="replace").strip()


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
