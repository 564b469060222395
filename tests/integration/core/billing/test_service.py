from __future__ import annotations

import asyncio
from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
from sqlalchemy import text

import mentorium_db
from mentorium_core.billing.commands import GrantSubscription
from mentorium_core.billing.model import Access, FamilyAccess
from mentorium_core.billing.queries import CheckAccess, GetCurrentSubscription, GetFamilyAccess
from mentorium_core.identity.commands import link_children
from mentorium_domain.enums import Tariff
from mentorium_kit import clock
from mentorium_kit.errors import NotFoundError, RefusedError
from tests.integration.core.household import Household, claim_of, register

DILNOZA, RUSTAM = 200_000_001, 200_000_002
DAY = timedelta(days=1)


async def rows(statement: str) -> list[tuple[object, ...]]:
    async with mentorium_db.get_session() as session:
        return [tuple(row) for row in await session.execute(text(statement))]


async def test_without_a_subscription_nobody_is_covered(household: Household) -> None:
    guardian = await household.guardian("Dilnoza Karimova")
    aziza = await household.child("Aziza Karimova", guardian)
    registered = await register(DILNOZA, guardian)
    view = await CheckAccess()(registered.children, clock.now())
    assert not view.any
    assert view.of(aziza) is Access.LIMITED
    assert await GetCurrentSubscription()(registered.parent, clock.now()) is None


async def test_a_grant_gives_access_until_its_grace_ends(household: Household) -> None:
    guardian = await household.guardian("Dilnoza Karimova")
    aziza = await household.child("Aziza Karimova", guardian)
    registered = await register(DILNOZA, guardian)
    now = clock.now()
    granted = await GrantSubscription()(DILNOZA, Tariff.MONTHLY, " a gift ", "operator", now, request_key=uuid4().hex)
    assert (granted.expires_at, granted.extended) == (now + 30 * DAY, False)
    for passed, expected in ((0 * DAY, Access.FULL), (32 * DAY, Access.FULL), (33 * DAY, Access.LIMITED)):
        view = await CheckAccess()(registered.children, now + passed)
        assert view.of(aziza) is expected
    assert await rows("SELECT tariff, days, reason, granted_by FROM subscription_grants") == [
        ("monthly", 30, "a gift", "operator")
    ]
    assert await rows("SELECT count(*) FROM event_logs WHERE event_name = 'subscription_granted'") == [(1,)]
    assert await rows("SELECT amount_minor FROM subscriptions") == [(0,)], "nothing was paid"


async def test_the_other_parents_subscription_covers_the_child_too(household: Household) -> None:
    mother, father = await household.guardian("Dilnoza Karimova"), await household.guardian("Rustam Karimov")
    both = await household.child("Aziza Karimova", mother, father)
    hers = await household.child("Jasur Karimov", mother)
    first = await register(DILNOZA, mother)
    await register(RUSTAM, father)
    await GrantSubscription()(RUSTAM, Tariff.MONTHLY, "a gift", "operator", request_key=uuid4().hex)
    view = await CheckAccess()(first.children, clock.now())
    assert view.covered == {both}
    assert await GetFamilyAccess()(first.parent) == FamilyAccess(first.children, view)
    assert hers not in view.covered
    assert await GetCurrentSubscription()(first.parent, clock.now()) is None


async def test_three_children_are_covered_those_linked_first(household: Household) -> None:
    guardian, aunt = await household.guardian("Dilnoza Karimova"), await household.guardian("Dilnoza Karimova")
    late = await household.child("Aziza Karimova", aunt)
    early = [await household.child(f"Bola{n} Karimov", guardian) for n in range(3)]
    await register(DILNOZA, guardian)
    parent = (await link_children(DILNOZA, await claim_of(aunt))).parent
    await GrantSubscription()(DILNOZA, Tariff.ANNUAL, "a gift", "operator", request_key=uuid4().hex)
    registered = await link_children(DILNOZA, await claim_of(guardian))
    everybody = [*registered.children, *(await link_children(DILNOZA, await claim_of(aunt))).children]
    view = await CheckAccess()(everybody, clock.now())
    assert view.covered == set(early)
    family = await GetFamilyAccess()(parent)
    assert family.access == view
    assert {child.student_id for child in family.children} == {late, *early}
    assert late not in view.covered


async def test_a_second_grant_extends_the_first(household: Household) -> None:
    await register(DILNOZA, await household.guardian("Dilnoza Karimova"))
    now = clock.now()
    await GrantSubscription()(DILNOZA, Tariff.MONTHLY, "a gift", "operator", now, request_key=uuid4().hex)
    second = await GrantSubscription()(
        DILNOZA, Tariff.QUARTERLY, "another", "operator", now + DAY, request_key=uuid4().hex
    )
    assert (second.expires_at, second.extended) == (now + 120 * DAY, True)
    assert await rows("SELECT status, expires_at FROM subscriptions") == [("ACTIVE", now + 120 * DAY)]
    assert await rows("SELECT days FROM subscription_grants ORDER BY id") == [(30,), (90,)]


async def test_in_grace_it_is_extended_and_after_it_begun_anew(household: Household) -> None:
    await register(DILNOZA, await household.guardian("Dilnoza Karimova"))
    now = clock.now()
    give = GrantSubscription()
    await give(DILNOZA, Tariff.MONTHLY, "a gift", "operator", now, request_key=uuid4().hex)
    in_grace = await give(DILNOZA, Tariff.MONTHLY, "a gift", "operator", now + 31 * DAY, request_key=uuid4().hex)
    assert (in_grace.expires_at, in_grace.extended) == (now + 61 * DAY, True)
    later = await give(DILNOZA, Tariff.MONTHLY, "a gift", "operator", now + 64 * DAY, request_key=uuid4().hex)
    assert (later.expires_at, later.extended) == (now + 94 * DAY, False)
    assert await rows("SELECT status FROM subscriptions ORDER BY id") == [("EXPIRED",), ("ACTIVE",)]


async def test_two_grants_at_once_make_one_subscription(household: Household) -> None:
    await register(DILNOZA, await household.guardian("Dilnoza Karimova"))
    now = clock.now()
    give = partial(GrantSubscription(), DILNOZA, Tariff.MONTHLY, "a gift", "operator", now)
    await asyncio.gather(*(give(request_key=f"gift-{n}") for n in range(5)))
    assert await rows("SELECT status, expires_at FROM subscriptions") == [("ACTIVE", now + 150 * DAY)]
    assert await rows("SELECT count(*) FROM subscription_grants") == [(5,)]


async def test_a_grant_to_nobody_or_without_a_reason_is_refused(household: Household) -> None:
    with pytest.raises(NotFoundError):
        await GrantSubscription()(DILNOZA, Tariff.MONTHLY, "a gift", "operator", request_key=uuid4().hex)
    await register(DILNOZA, await household.guardian("Dilnoza Karimova"))
    for reason, operator in ((" ", "operator"), ("a gift", "")):
        with pytest.raises(RefusedError):
            await GrantSubscription()(DILNOZA, Tariff.MONTHLY, reason, operator, request_key=uuid4().hex)
    assert await rows("SELECT count(*) FROM subscriptions") == [(0,)]


async def test_a_grant_repeated_with_its_request_gives_nothing_twice(household: Household) -> None:
    """Durability 11: what an operator does after an answer was lost."""
    await register(DILNOZA, await household.guardian("Dilnoza Karimova"))
    now = clock.now()
    give = partial(GrantSubscription(), DILNOZA, Tariff.MONTHLY, "a gift", "operator", now)
    first = await give(request_key="a")
    assert await give(request_key="a") == first
    second = await give(request_key="b")
    assert await give(request_key="b") == second
    assert (await give(request_key="a")).expires_at == second.expires_at, "what stands now"
    assert await rows("SELECT request_key FROM subscription_grants ORDER BY id") == [("a",), ("b",)]
    assert set(await asyncio.gather(*(give(request_key="c") for _ in range(5)))) == {await give(request_key="c")}
    assert await rows("SELECT count(*) FROM subscription_grants") == [(3,)]


async def test_a_request_belongs_to_one_parent_and_one_tariff(household: Household) -> None:
    await register(DILNOZA, await household.guardian("Dilnoza Karimova"))
    await register(RUSTAM, await household.guardian("Rustam Karimov"))
    await GrantSubscription()(DILNOZA, Tariff.MONTHLY, "a gift", "operator", request_key="a")
    for telegram_id, tariff in ((RUSTAM, Tariff.MONTHLY), (DILNOZA, Tariff.ANNUAL), (1, Tariff.MONTHLY)):
        with pytest.raises(RefusedError, match="request_of_another_grant"):
            await GrantSubscription()(telegram_id, tariff, "a gift", "operator", request_key="a")
    assert await rows("SELECT count(*) FROM subscription_grants") == [(1,)]


async def test_a_withdrawn_child_takes_no_place_of_one_who_may_be_viewed(household: Household) -> None:
    """durability 27: nor does the platform's no to the payer cover the child for somebody else."""
    mother, father = await household.guardian("Dilnoza Karimova"), await household.guardian("Rustam Karimov")
    children = [await household.child(f"Bola{n} Karimov", mother, father) for n in range(4)]
    payer = await register(DILNOZA, mother)
    other = await register(RUSTAM, father)
    await GrantSubscription()(DILNOZA, Tariff.MONTHLY, "a gift", "operator", request_key=uuid4().hex)
    assert (await GetFamilyAccess()(payer.parent)).access.covered == set(children[:3])
    await household.allow(mother, children[0], can_view=False)
    assert (await GetFamilyAccess()(payer.parent)).access.covered == set(children[1:])
    assert (await GetFamilyAccess()(other.parent)).access.covered == set(children[1:])
    assert (await CheckAccess()(other.children, clock.now())).covered == set(children[1:])
