"""What a parent asks about a payment is kept whole, reaches the staff, and stands in nobody's way."""

from __future__ import annotations

import asyncio
import string
from collections.abc import Callable
from dataclasses import dataclass, field

import asyncpg
import pytest

from mentorium_core.billing.support import LONGEST_REASON, TellStaff, is_cut, request_support
from mentorium_core.i18n.formats import utf16_length
from mentorium_core.identity.model import ParentView
from mentorium_db import get_session
from mentorium_db.repositories import OrderRepository, ParentRepository
from mentorium_domain.enums import Language
from mentorium_kit import clock
from tests.integration.core.billing.till import Till, new_parent

pytestmark = pytest.mark.usefixtures("session_factory")
LONGEST_MESSAGE = 4_096
"""In UTF-16 units, as Telegram counts."""
TILL = Till()


@dataclass
class Staff:
    heard: list[str] = field(default_factory=list)

    async def say(self, text: str) -> None:
        self.heard.append(text)


async def payer() -> ParentView:
    parent_id, telegram_id = await new_parent(clock.now())
    return ParentView(parent_id, telegram_id, Language.UZ, registered=True, consented=True)


async def waits_for_a_lock(dsn: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        async with asyncio.timeout(10):
            while not await connection.fetchval(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            ):
                await asyncio.sleep(0.02)
    finally:
        await connection.close()


async def test_asking_about_an_order_that_is_being_paid_is_no_deadlock(bot_dsn: str) -> None:
    """A webhook holds the order and wants its parent, while the parent asks about that order."""
    parent = await payer()
    order = (await TILL.order(parent.parent_id, clock.now())).public_id
    async with get_session() as session:
        await OrderRepository(session).lock(order)
        asking = asyncio.create_task(request_support(parent, order, "Pul ketdi", request_key="k"))
        await waits_for_a_lock(bot_dsn)
        await ParentRepository(session).lock(parent.parent_id)
    assert await asking > 0


@pytest.mark.parametrize("letter", ["x", "😀", "ʻ"])
async def test_the_longest_reason_reaches_the_staff_in_one_message(letter: str, bot_dsn: str) -> None:
    """Telegram counts an emoji twice and refuses what is longer; the job would try for ever."""
    parent, now = await payer(), clock.now()
    order = (await TILL.order(parent.parent_id, now)).public_id
    connection = await asyncpg.connect(bot_dsn)
    order_id = await connection.fetchval("SELECT id FROM orders WHERE public_id = $1", order)
    await connection.execute(
        "INSERT INTO payments (parent_id, order_id, transaction_id, amount, amount_minor, provider)"
        " SELECT $1, $2, n::text || repeat('c', 254), 99000, 9900000, 'PAYME' FROM generate_series(1, 3) n",
        parent.parent_id,
        order_id,
    )
    await connection.close()
    staff, number = Staff(), await request_support(parent, order, letter * LONGEST_MESSAGE, request_key="k")
    await TellStaff(staff)(number)
    (text,) = staff.heard
    assert utf16_length(text) <= LONGEST_MESSAGE
    assert text.count(letter) > LONGEST_REASON // 2
    assert order in text


@pytest.mark.parametrize("number", ["8600123412341234", "8600 1234 1234 1234", "9860-1234-1234-1234"])
async def test_a_card_number_in_a_reason_is_kept_nowhere(number: str, bot_dsn: str) -> None:
    """docs/PRIVACY.md: no table of ours sees it; nor does the staff's chat."""
    parent = await payer()
    staff, request = Staff(), await request_support(parent, None, f"Kartam {number}, summa 99000", request_key="k")
    await TellStaff(staff)(request)
    connection = await asyncpg.connect(bot_dsn)
    kept = await connection.fetchval("SELECT reason FROM support_requests WHERE id = $1", request)
    await connection.close()
    for text in (kept, *staff.heard):
        assert not set(number[-4:]) - set(string.digits)
        assert number not in text
        assert "99000" in text


@pytest.mark.parametrize(
    "typed",
    [
        lambda order: f"Pul ketdi, buyurtma {order.upper()}, nima qilay?",
        lambda order: f"order {order[:3]} {order[3:8].upper()} {order[8:]}.",
        lambda order: f"mnt{'a' * 13} emas, {order}",
    ],
)
async def test_an_order_that_a_reason_names_however_it_is_typed_is_found(
    typed: Callable[[str], str], bot_dsn: str
) -> None:
    parent, other = await payer(), await payer()
    order = (await TILL.order(parent.parent_id, clock.now())).public_id
    for who in (parent, other):
        staff, number = Staff(), await request_support(who, None, typed(order), request_key=f"k{who.parent_id}")
        await TellStaff(staff)(number)
        (text,) = staff.heard
        assert (f"Buyurtma {order}:" in text) is (who is parent), "somebody else's order is nobody's business"


@pytest.mark.parametrize(("length", "cut"), [(LONGEST_REASON, False), (LONGEST_REASON + 1, True)])
def test_a_reason_is_cut_beyond_its_length(length: int, cut: bool) -> None:
    assert is_cut(f"  {'x' * length}\n") is cut
