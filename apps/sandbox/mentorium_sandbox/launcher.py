"""Opens a sandbox, keeps it until Ctrl-C, and stops all of it."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import webbrowser

from aiohttp import web

from mentorium_sandbox.app import build_app
from mentorium_sandbox.first_family import invite_parents, invite_staff, settle_first_family
from mentorium_sandbox.product_process import StartProcess, start_interpreter
from mentorium_sandbox.sandbox import Sandbox
from mentorium_sandbox.settings import HOST, Settings, sole_owner
from mentorium_sandbox.supervised_processes import say


async def run(settings: Settings, start_process: StartProcess = start_interpreter) -> int:
    """Start everything, stay until SIGINT or SIGTERM, stop everything. Returns the exit status.

    Raises SystemExit where a sandbox works on the same data already.
    """
    with sole_owner(settings):
        return await _run(Sandbox.prepare(settings, start_process))


async def _run(sandbox: Sandbox) -> int:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    print("Mentorium sandbox: nothing here is real but the product.", flush=True)
    runner = web.AppRunner(build_app(sandbox), access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    await web.TCPSite(runner, HOST, sandbox.settings.port).start()
    opening = asyncio.create_task(_open(sandbox), name="open the sandbox")
    stopping = asyncio.create_task(stop.wait(), name="wait for Ctrl-C")
    try:
        await asyncio.wait({opening, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if opening.done():
            opening.result()
            await stopping
    finally:
        say("stopping")
        opening.cancel()
        await asyncio.wait({opening})
        await sandbox.stop()
        await runner.cleanup()
    return 0


async def _open(sandbox: Sandbox) -> None:
    settings = sandbox.settings
    await sandbox.start_databases()
    if settings.foreign_platform_db is None:
        invite_parents(sandbox)
    invite_staff(sandbox)
    sandbox.start_parts()
    await sandbox.wait_until_parts_serve()
    say("the bot, its webhook app and the worker serve")
    if settings.foreign_platform_db is None:
        await settle_first_family(sandbox)
    sandbox.first_family_ready = True
    print(f"\nOpen {settings.url}/ in a browser. Ctrl-C stops everything.\n", flush=True)
    if not settings.headless and (os.environ.get("DISPLAY") or sys.platform == "darwin"):
        await asyncio.to_thread(webbrowser.open, settings.url)
