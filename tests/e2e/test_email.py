"""A report by mail arrives in the mailbox, and one click ends letters."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest

from mentorium_sandbox.client import Json, callback_buttons
from tests.e2e.sandbox import Sandbox
from tests.e2e.week import next_monday

pytestmark = pytest.mark.asyncio(loop_scope="session")
_LETTER_S = 30


async def letters_to(sandbox: Sandbox, address: str, least: int = 0) -> list[Json]:
    until = time.monotonic() + _LETTER_S
    while True:
        found = [one for one in await sandbox.letters() if one["to"] == address]
        if len(found) >= least:
            return found
        assert time.monotonic() < until, f"no letter to {address}"


@pytest.mark.parametrize("language", ["uz", "ru", "en"])
async def test_a_report_comes_by_mail_and_one_click_ends_letters(moving_world: Sandbox, language: str) -> None:
    address = f"letters-{language}@example.uz"
    child = await moving_world.child("Iroda", "Hamidova", email=address)
    parent = await moving_world.parent(language)
    await parent.register(child)
    (shown,) = await parent.say("/settings")
    assert "email:show" in callback_buttons(shown)
    await parent.press("email:show")
    await parent.press("channel:email:on")

    monday = await next_monday(moving_world)
    await moving_world.move_clock_to(monday - timedelta(hours=13))  # on Sunday evening, before reports are made
    for before in (1, 3, 6):
        day = (monday - timedelta(days=before)).date().isoformat()
        await child.did("activity_day", day=day, active_seconds=2400)
    await moving_world.move_clock_to(monday + timedelta(hours=1))
    (letter,) = await letters_to(moving_world, address, 1)
    assert "Iroda" in letter["subject"]
    assert "Iroda" in letter["text"]
    assert 'src="data:image/' in letter["html"], "the picture stands in it"
    assert letter["unsubscribe"].startswith("http")

    assert letter["unsubscribe"] in letter["text"]
    assert await moving_world.get_text(letter["unsubscribe"]), "a page, and nothing has changed"
    (on,) = await moving_world.rows("SELECT wish FROM email_channels WHERE address = $1", address)
    assert on["wish"] == "always"
    async with moving_world.http.post(letter["unsubscribe"], data={"List-Unsubscribe": "One-Click"}) as answer:
        assert answer.status == 200
    await moving_world.move_clock_to(monday + timedelta(days=7, hours=1))
    reports = await moving_world.rows(
        "SELECT status FROM notifications WHERE parent_telegram_id = $1 AND dedup_key LIKE 'report:w:%'", parent.id
    )
    assert len(reports) == 2, "the chat has both"
    assert len(await letters_to(moving_world, address)) == 1
