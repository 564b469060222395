"""A subscription without payment: runs the product's own operator command."""

from __future__ import annotations

import asyncio
import sys

from mentorium_sandbox.control_api import RequestBody, refuse
from mentorium_sandbox.sandbox import Sandbox

TARIFFS = frozenset({"monthly", "quarterly", "annual"})


async def grant(sandbox: Sandbox, telegram_id: str, body: RequestBody) -> str:
    """What the operator command printed. Raises HTTPBadRequest where it refuses."""
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
    return output.decode(errors="replace").strip()
