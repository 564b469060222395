"""Learners, guardians, link codes and consents on the real database."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import select, update

from mentorium_db import driver_connection, get_session
from mentorium_db.repositories import (
    ConsentRepository,
    HotPathRepository,
    LearnerRepository,
)
from mentorium_db.repositories.hot_path import FoundParent
from mentorium_db.tables import Consent
from mentorium_domain.enums import (
    ChatState,
    ConsentKind,
    Language,
    LinkSource,
)
from tests.integration.db.given import DILNOZA, OLGA, add_parent, link
from tests.integration.db.rows import LATER, NOW

pytestmark = pytest.mark.usefixtures("session_factory")

NONCE = b"nonce!"


class TestLearners:
    async def test_they_are_listed_in_the_order_of_linking_for_their_parent_alone(self) -> None:
        dilnoza, olga = await add_parent(), await add_parent(OLGA)
        for parent_id, student_id in ((dilnoza, 71), (olga, 71), (dilnoza, 70)):
            await link(parent_id, student_id)
        async with get_session() as session:
            learners = await LearnerRepository(session).list_for_parent(dilnoza)
        assert [learner.platform_student_id for learner in learners] == [71, 70]

    async def test_linking_again_renews_the_name_and_keeps_the_row(self) -> None:
        parent_id = await add_parent()
        first = await link(parent_id, 70, "Ali")
        async with get_session() as session:
            again = await LearnerRepository(session).link(
                parent_id,
                guardian_id=8,
                student_id=70,
                first_name="Alisher",
                last_name=None,
                source=LinkSource.DEEP_LINK,
                now=LATER,
            )
        assert (again.id, again.added_at) == (first.id, NOW)
        assert (again.first_name, again.last_name, again.guardian_id, again.source) == (
            "Alisher",
            None,
            8,
            LinkSource.DEEP_LINK,
        )

    async def test_a_parent_may_be_several_guardians_each_once(self) -> None:
        parent_id = await add_parent()
        async with get_session() as session:
            learners = LearnerRepository(session)
            for guardian_id in (9, 7, 9):
                await learners.add_guardian(parent_id, guardian_id, LinkSource.DEEP_LINK, NOW)
            assert await learners.guardians_of(parent_id) == [9, 7]

    async def test_a_link_code_works_once(self) -> None:
        await add_parent()
        assert [await self.claim(DILNOZA), await self.claim(DILNOZA)] == [True, False]

    async def test_of_many_who_claim_a_link_code_at_once_one_gets_it(self) -> None:
        await add_parent()
        claims = await asyncio.gather(*(self.claim(DILNOZA) for _ in range(6)))
        assert sorted(claims) == [False] * 5 + [True]

    async def test_a_link_code_may_be_claimed_before_its_parent_is_written(self) -> None:
        async with get_session():
            assert await self.claim(DILNOZA)
            await add_parent(DILNOZA)

    async def claim(self, telegram_id: int) -> bool:
        async with get_session() as session:
            return await LearnerRepository(session).claim_link_code(NONCE, 7, telegram_id, NOW)


class TestConsents:
    async def test_one_that_is_withdrawn_does_not_stand(self) -> None:
        parent_id = await add_parent()
        assert not await self.stands(parent_id)
        await self.give(parent_id)
        assert await self.stands(parent_id)
        async with get_session() as session:
            await session.execute(update(Consent).values(withdrawn_at=LATER))
        assert not await self.stands(parent_id)
        await self.give(parent_id)
        assert await self.stands(parent_id)

    async def test_the_same_text_is_agreed_to_once_and_a_new_one_again(self) -> None:
        parent_id = await add_parent()
        for version in ("1", "1", "2"):
            await self.give(parent_id, version)
        async with get_session() as session:
            given = await session.scalars(select(Consent).order_by(Consent.id))
            assert [(consent.version, consent.granted_at) for consent in given] == [("1", NOW), ("2", NOW)]

    async def give(self, parent_id: int, version: str = "1") -> None:
        async with get_session() as session:
            await ConsentRepository(session).add(
                parent_id, ConsentKind.DATA_PROCESSING, version, "00ff", Language.UZ, NOW
            )

    async def stands(self, parent_id: int) -> bool:
        async with get_session() as session:
            return await ConsentRepository(session).has_current(parent_id, ConsentKind.DATA_PROCESSING)


async def test_a_parent_is_found_with_their_consent() -> None:
    parent_id = await add_parent()

    async def found(telegram_id: int) -> FoundParent | None:
        async with driver_connection() as driver:
            return await HotPathRepository(driver).parent(telegram_id, ConsentKind.DATA_PROCESSING)

    assert await found(OLGA) is None
    assert await found(DILNOZA) == FoundParent(parent_id, Language.UZ, False, ChatState.OPEN, False)
    async with get_session() as session:
        await ConsentRepository(session).add(parent_id, ConsentKind.DATA_PROCESSING, "1", "00ff", Language.UZ, NOW)
        assert await ConsentRepository(session).current_among([parent_id], ConsentKind.DATA_PROCESSING) == {parent_id}
    assert await found(DILNOZA) == FoundParent(parent_id, Language.UZ, False, ChatState.OPEN, True)


async def test_many_ids_are_one_parameter() -> None:
    await add_parent()
    async with get_session() as session:
        consented = await ConsentRepository(session).current_among(range(1, 50_000), ConsentKind.DATA_PROCESSING)
    assert consented == set()
