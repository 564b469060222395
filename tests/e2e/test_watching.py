"""What an operator sees: metrics of all parts in one place, health, and logs that name nobody."""

from __future__ import annotations

import re

import pytest

from tests.e2e.sandbox import Sandbox

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def _metric(sandbox: Sandbox, line: str) -> float:
    url = (await sandbox.state())["urls"]["metrics"]
    found = re.search(rf"^{re.escape(line)} (\S+)$", await sandbox.get_text(url), flags=re.MULTILINE)
    return float(found[1]) if found else 0.0


async def test_the_webhook_apps_metrics_answer_for_the_bot(sandbox: Sandbox) -> None:
    line = 'telegram_commands_total{command="help"}'
    before = await _metric(sandbox, line)
    parent = await sandbox.parent("en")
    await parent.register(await sandbox.child("Diyor", "Karimov"))
    await parent.say("/help")
    assert await _metric(sandbox, line) == before + 1
    await parent.say("How did studying go last week?")
    assert await _metric(sandbox, "bot_uptime_seconds") > 0


async def test_health_of_each_process(sandbox: Sandbox) -> None:
    webhook = (await sandbox.state())["urls"]["webhook"]
    for path in ("/health/live", "/health/ready", "/health"):
        async with sandbox.http.get(webhook + path) as answer:
            assert answer.status == 200
            assert (await answer.json())["status"] == "ok"
