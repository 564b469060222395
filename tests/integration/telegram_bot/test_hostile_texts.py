"""A parent's hostile texts hold up nobody else."""

from __future__ import annotations

import asyncio
from typing import Final

from mentorium_bot.container import Container
from mentorium_core.i18n import t
from mentorium_core.mentor.rules import LONGEST_QUESTION
from tests.integration.telegram_bot.conftest import Outside
from tests.integration.telegram_bot.helpers import dialog_rows, plain, subscribed_parent, until
from tests.unit.core.pseudonymisation.test_hostile_texts import HOSTILE, filled

HELP_WITHIN_S: Final = 2.0
TEXTS: Final = ["Aziza" + "im" * 40 + "q darslari qanday?", *(filled(part, LONGEST_QUESTION) for part in HOSTILE[::6])]


async def test_another_parents_help_comes_within_two_seconds(outside: Outside, bot: Container) -> None:
    """durability 2: the bot stood still for everybody, and again after each restart."""
    hostile, other = await subscribed_parent(outside, "Aziza"), await outside.user()
    asyncio_time = asyncio.get_running_loop().time
    for words in TEXTS:
        await outside.say(hostile, words, wait_s=0)
        began = asyncio_time()
        assert plain(await outside.say(other, "/help")) == t("en", "help-text")
        assert asyncio_time() - began < HELP_WITHIN_S, words[:40]

    async def none_waits() -> bool:
        rows = await dialog_rows(hostile)
        return bool(rows) and all(status not in {"pending", "answering", "written"} for status, _ in rows)

    await until(none_waits)
    assert (TEXTS[0], "answered") in {(words, status) for status, words in await dialog_rows(hostile)}
