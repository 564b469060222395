"""One's own data: handed over whole, and gone for good."""

from __future__ import annotations

import asyncio
import json

from mentorium_sandbox.client import FakeParent, plain_text
from tests.e2e.sandbox import Sandbox
from tests.fixtures.patience import HANGS_AFTER_S


async def document(parent: FakeParent, ending: str) -> str:
    """The newest document with this ending in the chat."""
    sent = [message["document"] for message in await parent.messages() if "document" in message]
    found = next(one for one in reversed(sent) if one["file_name"].endswith(ending))
    return (await parent.sandbox.file(found["file_id"])).decode()


async def places_of(sandbox: Sandbox, needles: list[str]) -> list[str]:
    """Tables whose rows, as text, hold one of these."""
    tables = await sandbox.rows(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
    )
    return [
        f"{table}: {needle}"
        for (table,) in tables
        for needle in needles
        if await sandbox.rows(f'SELECT 1 FROM "{table}" AS t WHERE t::text LIKE $1 LIMIT 1', f"%{needle}%")
    ]


async def test_export_and_erase(sandbox: Sandbox) -> None:
    child = await sandbox.child("Shahlo", "Mirzayeva", phone="+998935550011")
    mother = await sandbox.parent("ru", phone="+998935550011")
    await mother.start()
    await mother.press("lang:ru")
    await mother.press("consent:yes")
    await mother.send(contact=True)
    await mother.grant()
    father = await sandbox.parent("en")
    link = await sandbox.link(child.guardian_id)
    await father.start(link)
    await father.press("lang:en")
    await father.press("consent:yes")
    question, foreign = "Почему дроби такие трудные сегодня?", "Is my husband's payment late?"
    await mother.say(question)
    await father.say(foreign)

    await mother.say("/export")
    exported = json.loads(await document(mother, ".json"))
    for text in (json.dumps(exported, ensure_ascii=False), await document(mother, ".html")):
        for own in (question, str(mother.id), "+998935550011", "Shahlo"):
            assert own in text, own
        for theirs in (foreign, str(father.id)):
            assert theirs not in text, theirs

    needles = [str(mother.id), "+998935550011", question]
    assert await places_of(sandbox, needles)
    await mother.say("/erase")
    await mother.press("erase:no")
    assert await places_of(sandbox, needles), "no means no"
    await mother.say("/erase")
    await mother.press("erase:yes")
    assert await places_of(sandbox, needles) == []
    assert foreign in str(await sandbox.rows("SELECT user_message FROM dialogs"))
    assert "lang:ru" in str(await mother.start()), "a fresh start"
    assert await places_of(sandbox, needles) == []


async def test_a_large_export_is_promised_now_and_comes_as_archives(sandbox: Sandbox) -> None:
    """durability 20"""
    parent = await sandbox.parent("en")
    await parent.register(await sandbox.child("Botir", "Salimov"))
    await sandbox.rows(
        "INSERT INTO dialogs (parent_telegram_id, user_message, ai_reply, status, language, answered_at)"
        " SELECT $1, 'Question ' || n, repeat('An answer. ', 600), 'answered', 'en', now()"
        " FROM generate_series(1, 600) n",
        parent.id,
    )
    promised = plain_text(await parent.say("/export"))
    assert "a large file" in promised
    async with asyncio.timeout(HANGS_AFTER_S):
        while len(names := [one["document"]["file_name"] for one in await parent.messages() if "document" in one]) < 2:
            await asyncio.sleep(0.2)
    assert [name.partition(".")[2] for name in names] == ["html.zip", "json.zip"]


async def test_an_answer_under_way_is_gone_too(sandbox: Sandbox) -> None:
    parent = await sandbox.parent("en")
    await parent.register(await sandbox.child("Ulugbek", "Hamidov"))
    await sandbox.script_model(match="slow words", chunks=["word "] * 400, delay_ms=500)
    await parent.say("Say slow words", wait_s=0.1)
    await parent.say("/erase", wait_s=5)
    await parent.press("erase:yes", message=(await parent.messages())[-1])
    assert await places_of(sandbox, [str(parent.id), "slow words"]) == []
    assert plain_text(await parent.messages())
