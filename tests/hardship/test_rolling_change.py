"""Rolling change: the bot of the release before and this one live together on the migrated database (durability 24).

Neither meets a schema error, no update is lost, nothing is answered twice. `HARDSHIP_LONG=1`: 30 seconds.
"""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Final

import pytest

from mentorium_sandbox.client import FakeParent
from tests.e2e.sandbox import Sandbox, running_sandbox
from tests.fixtures.long_form import LONG
from tests.hardship.conftest import from_bot
from tests.hardship.released_before import old_bot

_TOGETHER_S: Final = 30.0 if LONG else 5.0
_ANSWERED_WITHIN_S: Final = 20.0
_A_DOUBLE_WITHIN_S: Final = 3.0
_PARENTS: Final = 4
_SCHEMA_ERRORS: Final = re.compile(
    "UndefinedColumn|UndefinedTable|UndefinedFunction|CheckViolation|NotNullViolation|ForeignKeyViolation"
    "|DatatypeMismatch|InvalidTextRepresentation|InvalidCachedStatement|LookupError"
)


async def lives_on(sandbox: Sandbox, user: int, until: float) -> list[str]:
    """One parent's commands, buttons and questions, one after the other; those that nobody answered in time."""
    parent, loop = FakeParent(sandbox, user), asyncio.get_running_loop()
    unanswered: list[str] = []
    heard = len(await from_bot(parent))
    while loop.time() < until:
        for words in ("/help", "/children", "How did last week go?", "/subscription", "/settings"):
            before = len(await parent.messages())
            await parent.say(words, wait_s=0)
            heard += 1
            if not await answered(parent, before + 1):
                unanswered.append(words)
        before = len(await parent.messages())
        await parent.press("lang:en", wait_s=0)
        heard += 1
        if not await answered(parent, before):
            unanswered.append("lang:en")
    await asyncio.sleep(_A_DOUBLE_WITHIN_S)
    if doubled := len(await from_bot(parent)) - heard:
        unanswered.append(f"{doubled} messages too many")
    return unanswered


async def answered(parent: FakeParent, more_than: int) -> bool:
    try:
        async with asyncio.timeout(_ANSWERED_WITHIN_S):
            while len(await parent.messages()) <= more_than:
                await asyncio.sleep(0.1)
    except TimeoutError:
        return False
    return True


async def test_the_release_before_and_this_one_live_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_UPDATES_AT_ONCE", "1000")  # these parents are faster than anybody's quota
    monkeypatch.setenv("BOT_UPDATES_A_SECOND", "1000")
    async with running_sandbox(tmp_path / "sandbox", forked=True) as sandbox, old_bot(sandbox, tmp_path) as old:
        users = await sandbox.parents(_PARENTS, registered=True)
        await old.until_logged("bot_started")
        until = asyncio.get_running_loop().time() + _TOGETHER_S
        unanswered = await asyncio.gather(*(lives_on(sandbox, user, until) for user in users))
        pending = await sandbox.rows("SELECT id FROM dialogs WHERE status = 'pending'")
        logs = {"before": old.log, "now": (sandbox.folder / "logs" / "bot.jsonl").read_text(encoding="utf-8")}
    assert unanswered == [[] for _ in users]
    assert pending == []
    for name, log in logs.items():
        assert not (met := _SCHEMA_ERRORS.findall(log)), f"{name}: {met}"
        assert '"update_handled"' in log, f"the bot {name} has had its share"
