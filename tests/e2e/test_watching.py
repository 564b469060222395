"""What an operator sees: metrics of all parts in one place, health, and logs that name nobody."""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any

from tests.e2e.sandbox import Sandbox

_PATIENCE_S = 30.0


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


async def test_a_payment_is_followed_by_one_id_through_two_processes(sandbox: Sandbox) -> None:
    """operators F9: from PayMe's call at the webhook app to the message that the worker sends."""
    parent = await sandbox.parent("en")
    await parent.register(await sandbox.child("Diyor", "Karimov"), tariff=None)
    await parent.say("/subscribe")
    await parent.press("tariff:monthly")
    (sent,) = (await parent.press("pay:payme:monthly")).replies
    ((button,),) = sent["reply_markup"]["inline_keyboard"]
    before = len(await parent.messages())
    await sandbox.pay_at_payme(button["url"], "ok")
    await parent.hear_more_than(before)
    (stored,) = await sandbox.rows(
        "SELECT trace_id FROM notifications WHERE parent_telegram_id = $1 ORDER BY id LIMIT 1",
        parent.id,
    )
    async with asyncio.timeout(_PATIENCE_S):
        while "message_done" not in (found := _lines_of(sandbox, stored["trace_id"])):
            await asyncio.sleep(0.1)
    assert found["webhook_answered"]["process"] == "webhook-app"
    assert found["webhook_answered"]["became"] == "SUCCESS"
    assert found["message_done"]["process"] == "worker"
    assert len({line["version"] for line in found.values()}) == 1
    assert all(line["handler"] != "none" for line in found.values()), found


def _lines_of(sandbox: Sandbox, trace_id: str) -> dict[str, Any]:
    """The lines of all processes that bear this id, by their event."""
    logs = [file.read_text(encoding="utf-8") for file in (sandbox.folder / "logs").glob("*.jsonl")]
    lines = [json.loads(line) for log in logs for line in log.splitlines() if trace_id in line]
    return {line["event"]: line for line in lines}
