"""A report by mail arrives in the mailbox, and one click ends letters: in each language, in the same weeks."""

from __future__ import annotations

import time
from datetime import timedelta

from mentorium_sandbox.client import Child, FakeParent, Json, callback_buttons
from tests.e2e.sandbox import Sandbox
from tests.e2e.week import next_monday

_LETTER_S = 30
LANGUAGES = ("uz", "ru", "en")


def address_of(language: str) -> str:
    return f"letters-{language}@example.uz"


async def letters_to(sandbox: Sandbox, address: str, least: int = 0) -> list[Json]:
    until = time.monotonic() + _LETTER_S
    while True:
        found = [one for one in await sandbox.letters() if one["to"] == address]
        if len(found) >= least:
            return found
        assert time.monotonic() < until, f"no letter to {address}"


async def wants_letters(world: Sandbox, language: str) -> tuple[FakeParent, Child]:
    child = await world.child("Iroda", "Hamidova", email=address_of(language))
    parent = await world.parent(language)
    await parent.register(child)
    (shown,) = await parent.say("/settings")
    assert "email:show" in callback_buttons(shown)
    await parent.press("email:show")
    await parent.press("channel:email:on")
    return parent, child


async def arrives_whole_and_is_ended_by_one_click(world: Sandbox, address: str) -> None:
    (letter,) = await letters_to(world, address, 1)
    assert "Iroda" in letter["subject"]
    assert "Iroda" in letter["text"]
    assert 'src="data:image/' in letter["html"], "the picture stands in it"
    assert letter["unsubscribe"].startswith("http")
    assert letter["unsubscribe"] in letter["text"]
    assert await world.get_text(letter["unsubscribe"]), "a page, and nothing has changed"
    (on,) = await world.rows("SELECT wish FROM email_channels WHERE address = $1", address)
    assert on["wish"] == "always"
    async with world.http.post(letter["unsubscribe"], data={"List-Unsubscribe": "One-Click"}) as answer:
        assert answer.status == 200


async def test_a_report_comes_by_mail_and_one_click_ends_letters(world: Sandbox) -> None:
    families = {language: await wants_letters(world, language) for language in LANGUAGES}
    monday = await next_monday(world)
    await world.move_clock_to(monday - timedelta(hours=13))  # on Sunday evening, before reports are made
    for _, child in families.values():
        for before in (1, 3, 6):
            day = (monday - timedelta(days=before)).date().isoformat()
            await child.did("activity_day", day=day, active_seconds=2400)
    await world.move_clock_to(monday + timedelta(hours=1))
    for language in LANGUAGES:
        await arrives_whole_and_is_ended_by_one_click(world, address_of(language))
    await world.move_clock_to(monday + timedelta(days=7, hours=1))
    for language, (parent, _) in families.items():
        reports = await world.rows(
            "SELECT status FROM notifications WHERE parent_telegram_id = $1 AND dedup_key LIKE 'report:w:%'", parent.id
        )
        assert len(reports) == 2, "the chat has both"
        assert len(await letters_to(world, address_of(language))) == 1
