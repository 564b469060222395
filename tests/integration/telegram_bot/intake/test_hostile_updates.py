"""Hundreds of hostile updates: no crash, no silence, none lost, and the bot is as well as before.

`HARDSHIP_LONG=1`: ten thousand.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any, Final
from uuid import uuid4

import pytest
import structlog
from sqlalchemy import text

import mentorium_db
from mentorium_bot.container import Container
from mentorium_core.billing.commands import GrantSubscription
from mentorium_core.i18n import t
from mentorium_core.identity.commands import give_consent
from mentorium_core.identity.model import LinkClaim
from mentorium_domain.enums import Language, LinkSource, Tariff
from mentorium_kit import clock
from mentorium_sandbox.telegram.raw_updates import put_raw_update
from tests.fixtures.long_form import LONG
from tests.fixtures.patience import HANGS_AFTER_S
from tests.integration.telegram_bot.conftest import Outside
from tests.integration.telegram_bot.intake.hostile import Hostile, due

UPDATES: Final = 10_000 if LONG else 500
PEOPLE: Final = 500


@pytest.fixture
def quiet_logs() -> Iterator[None]:
    """What is logged about each of thousands of updates costs more than handling them."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    yield
    structlog.configure(**before)


@pytest.mark.usefixtures("quiet_logs")
async def test_hostile_updates(outside: Outside, bot: Container) -> None:
    people = [700_000_000 + number for number in range(PEOPLE)]
    await _half_of_them_are_registered(outside, people)
    source = Hostile(seed=20261124, people=people)
    silent: list[Any] = []
    assert UPDATES >= PEOPLE
    for _ in range(UPDATES // PEOPLE):
        updates = [source.update() for _ in range(PEOPLE)]
        silent += await _unanswered(outside, bot, updates, frozenset(people))
    assert silent == []
    well = await outside.user()
    (reply,) = await outside.say(well, "/help")
    assert reply["text_plain"] == t("en", "help-text")


async def _half_of_them_are_registered(outside: Outside, people: Sequence[int]) -> None:
    """A quarter have agreed and no more; a few of the registered may ask the mentor."""
    claims = []
    for name in ("Aziz", "Malika", "Timur"):
        child = await outside.child(name)
        until = clock.now() + timedelta(hours=1)
        claims.append(LinkClaim(child.guardian_id, LinkSource.SUPPORT, until))
    for number, person in enumerate(people):
        if number % 4 == 0:
            continue
        language = list(Language)[number % 3]
        await give_consent(person, language, claims[number % 3] if number % 4 > 1 else None)
        if number % 20 == 2:
            await GrantSubscription()(person, Tariff.MONTHLY, "test", "test", request_key=uuid4().hex)


async def _some_wait() -> bool:
    """Of those that are handled at once: a payment without a handler is tried again for an hour."""
    async with mentorium_db.get_session() as session:
        return bool(await session.scalar(text("SELECT count(*) FROM inbox WHERE lane = 2 AND status <> 'ended'")))


async def _unanswered(
    outside: Outside, bot: Container, updates: Sequence[dict[str, Any]], people: frozenset[int]
) -> list[dict[str, Any]]:
    """Deliver them, wait until all are handled and the mentor is done: those that somebody still waits for."""
    world = outside.world
    seen = {entry["seq"] for entry in world.journal.read()[-1:]}
    for update in updates:
        put_raw_update(world, world.bot(), update)
    async with asyncio.timeout(HANGS_AFTER_S):
        while len(world.bot().queue) or bot.busy or await _some_wait():
            await asyncio.sleep(0.02)
    calls = world.journal.read(after=max(seen, default=0))
    answered = {str(call["params"].get("callback_query_id")) for call in calls}
    answered |= {str(call["params"]["chat_id"]) for call in calls if call["method"].startswith("send")}
    forgotten = {_presser(update) for update in updates if _forgets(update)}  # with all that waits of theirs
    return [
        update
        for update in updates
        if (who := due(update, people)) is not None and str(who) not in answered and _presser(update) not in forgotten
    ]


def _forgets(update: dict[str, Any]) -> bool:
    query = update.get("callback_query")
    return isinstance(query, dict) and query.get("data") in ("erase:yes", "consent:no")


def _presser(update: dict[str, Any]) -> object:
    query = update.get("callback_query")
    sender = query.get("from") if isinstance(query, dict) else None
    return str(sender.get("id")) if isinstance(sender, dict) else None
