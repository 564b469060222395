"""Lent rights are rows: seen and taken back by who lent them; no right follows from what once was (durability 1)."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import asyncpg
import pytest
import pytest_asyncio
from sqlalchemy import text

from mentorium_core.i18n import t
from mentorium_core.identity.commands import give_consent, link_children
from mentorium_core.identity.family import CheckInvitation, InviteAdult, answer_join_request, ask_to_join
from mentorium_core.identity.lent_rights import adopt_borrowed_links, expel_adult
from mentorium_core.identity.model import Guest, Joined, JoinRequest, ParentView
from mentorium_core.identity.queries import get_family, list_children
from mentorium_core.identity.unlinking import UNDO_LIFE, undo_unlink, unlink_child
from mentorium_core.privacy.commands import erase_data
from mentorium_db import get_session
from mentorium_db.migrate import upgrade
from mentorium_db.repositories import LearnerRepository, NotificationRepository
from mentorium_domain.enums import Language, LinkSource, NotificationType
from mentorium_kit import clock
from mentorium_kit.errors import NotFoundError
from tests.integration.core.clock_in_hand import ClockInHand
from tests.integration.core.household import Household, claim_of

SECRET = b"pepper"
DILNOZA, RUSTAM, LOLA = 200_000_001, 200_000_002, 200_000_003


class Home:
    """Dilnoza is registered with Aziza; others come when they are let in."""

    def __init__(self, household: Household, dilnoza: ParentView, guardian_id: int, aziza: int) -> None:
        self.household = household
        self.dilnoza = dilnoza
        self.guardian_id = guardian_id
        self.aziza = aziza

    async def asked(self, telegram_id: int = RUSTAM, name: str = "Rustam") -> JoinRequest:
        invitation = await InviteAdult(SECRET)(self.dilnoza)
        guest = (await give_consent(telegram_id, Language.RU, None)).parent
        return await ask_to_join(guest, await CheckInvitation(SECRET)(invitation.payload, telegram_id), name)

    async def let_in(self, telegram_id: int = RUSTAM, name: str = "Rustam") -> Joined:
        return await answer_join_request(self.dilnoza, (await self.asked(telegram_id, name)).id, accept=True)

    async def one_more_child(self, name: str = "Malika Karimova") -> int:
        """Linked to Dilnoza, too."""
        student_id = await self.household.child(name, self.guardian_id)
        await link_children(DILNOZA, await claim_of(self.guardian_id))
        return student_id

    async def guests(self) -> tuple[Guest, ...]:
        return (await get_family(self.dilnoza)).guests


@pytest_asyncio.fixture
async def home(household: Household) -> Home:
    guardian_id = await household.guardian("Dilnoza Karimova")
    aziza = await household.child("Aziza Karimova", guardian_id)
    registered = await give_consent(DILNOZA, Language.UZ, await claim_of(guardian_id))
    return Home(household, registered.parent, guardian_id, aziza)


async def ids(parent: ParentView) -> list[int]:
    return [child.student_id for child in await list_children(parent)]


async def rows(statement: str) -> list[tuple[Any, ...]]:
    async with get_session() as session:
        return [tuple(row) for row in await session.execute(text(statement))]


async def waiting(telegram_id: int) -> list[str]:
    async with get_session() as session:
        return [row.message for row in await NotificationRepository(session).list_for_parent(telegram_id)]


async def expect_nothing_to_undo(parent: ParentView, student_id: int) -> None:
    with pytest.raises(NotFoundError):
        await undo_unlink(parent, student_id)


async def test_who_was_let_in_is_seen_and_shown_the_door(home: Home) -> None:
    """durability 1, parents A7"""
    rustam = (await home.let_in()).invitee
    (guest,) = await home.guests()
    assert (guest.name, guest.children) == ("Rustam", ("Aziza",))
    expelled = await expel_adult(home.dilnoza, guest.right_id)
    assert (expelled.name, expelled.borrower.telegram_id, expelled.loses) == ("Rustam", RUSTAM, True)
    assert await ids(rustam) == []
    assert await home.guests() == ()
    assert await ids(home.dilnoza) == [home.aziza]


async def test_a_yes_lends_the_children_that_the_question_named(home: Home) -> None:
    request = await home.asked()
    assert [child.student_id for child in request.children] == [home.aziza]
    later = await home.one_more_child()
    joined = await answer_join_request(home.dilnoza, request.id, accept=True)
    assert await ids(joined.invitee) == [home.aziza]
    assert later not in await ids(joined.invitee)


async def test_a_child_linked_after_the_yes_is_not_lent(home: Home) -> None:
    """durability 1"""
    rustam = (await home.let_in()).invitee
    later = await home.one_more_child()
    assert await ids(rustam) == [home.aziza]
    await expect_nothing_to_undo(rustam, later)


async def test_who_lost_the_child_with_its_lender_does_not_come_back_by_an_undo(home: Home) -> None:
    """durability 1: neither by the lender's nor by an old or forged one of their own."""
    rustam = (await home.let_in()).invitee
    left = await unlink_child(home.dilnoza, home.aziza)
    assert [borrower.telegram_id for borrower in left.borrowers] == [RUSTAM]
    assert (await undo_unlink(home.dilnoza, home.aziza)).student_id == home.aziza
    assert await ids(home.dilnoza) == [home.aziza]
    assert await ids(rustam) == []
    await expect_nothing_to_undo(rustam, home.aziza)
    assert await ids((await home.let_in()).invitee) == [home.aziza], "a new yes lets in anew"


async def test_an_undo_restores_one_row_within_ten_minutes(home: Home, moved: ClockInHand) -> None:
    before = await rows("SELECT * FROM learners")
    left = await unlink_child(home.dilnoza, home.aziza)
    assert (await unlink_child(home.dilnoza, home.aziza)).child == left.child, "pressed twice it is done once"
    assert await rows("SELECT count(*) FROM unlink_records") == [(1,)]
    moved.to(UNDO_LIFE - timedelta(seconds=30))
    await undo_unlink(home.dilnoza, home.aziza)
    assert await rows("SELECT * FROM learners") == before
    assert (await undo_unlink(home.dilnoza, home.aziza)).student_id == home.aziza, "pressed twice it is done once"
    assert await rows("SELECT * FROM learners") == before
    await unlink_child(home.dilnoza, home.aziza)
    moved.to(2 * UNDO_LIFE)
    await expect_nothing_to_undo(home.dilnoza, home.aziza)
    with pytest.raises(NotFoundError):
        await unlink_child(home.dilnoza, home.aziza)


async def test_of_two_undos_at_once_one_row_comes(home: Home) -> None:
    await unlink_child(home.dilnoza, home.aziza)
    await asyncio.gather(*(undo_unlink(home.dilnoza, home.aziza) for _ in range(4)))
    assert await rows("SELECT count(*) FROM learners") == [(1,)]


async def test_an_undo_gives_nothing_that_was_not_ended_or_is_withdrawn(home: Home) -> None:
    """durability 1"""
    theirs = await home.household.child("Bek Yusupov", await home.household.guardian("Olga"))
    await expect_nothing_to_undo(home.dilnoza, theirs)
    await expect_nothing_to_undo(home.dilnoza, await home.household.child("Timur Karimov", home.guardian_id))
    await unlink_child(home.dilnoza, home.aziza)
    await home.household.allow(home.guardian_id, home.aziza, can_view=False)
    await expect_nothing_to_undo(home.dilnoza, home.aziza)


async def test_a_borrower_who_left_takes_that_back_while_the_lender_lets_them(home: Home) -> None:
    rustam = (await home.let_in()).invitee
    await unlink_child(rustam, home.aziza)
    assert await ids(rustam) == []
    assert await home.guests() == ()
    await undo_unlink(rustam, home.aziza)
    assert await ids(rustam) == [home.aziza]
    (guest,) = await home.guests()
    await unlink_child(rustam, home.aziza)
    await expel_adult(home.dilnoza, guest.right_id)
    await expect_nothing_to_undo(rustam, home.aziza)


async def test_a_borrower_does_not_come_back_to_a_child_that_the_lender_has_left(home: Home) -> None:
    rustam = (await home.let_in()).invitee
    await unlink_child(rustam, home.aziza)
    await unlink_child(home.dilnoza, home.aziza)
    await undo_unlink(home.dilnoza, home.aziza)
    await expect_nothing_to_undo(rustam, home.aziza)


async def test_nobody_but_the_lender_takes_back(home: Home) -> None:
    rustam = (await home.let_in()).invitee
    (guest,) = await home.guests()
    stranger = (await give_consent(LOLA, Language.EN, None)).parent
    for outsider in (rustam, stranger):
        with pytest.raises(NotFoundError):
            await expel_adult(outsider, guest.right_id)
    with pytest.raises(NotFoundError):
        await expel_adult(home.dilnoza, 2**31 - 1)
    assert await ids(rustam) == [home.aziza]


async def test_taking_back_twice_is_taking_back_once(home: Home, moved: ClockInHand) -> None:
    await home.let_in()
    (guest,) = await home.guests()
    both = await asyncio.gather(*(expel_adult(home.dilnoza, guest.right_id) for _ in range(2)))
    assert sorted(one.loses for one in both) == [False, True]
    assert await waiting(RUSTAM) == [t("ru", "lent-taken-back")], "told once, in the commit that takes it back"
    moved.to(timedelta(minutes=16))
    with pytest.raises(NotFoundError):
        await expel_adult(home.dilnoza, guest.right_id)


async def test_what_another_lender_lends_stays(home: Home) -> None:
    """One link stands on one right at a time, and goes over to another that is lent still."""
    lolas = await home.household.guardian("Lola Karimova")
    await home.household.link(lolas, home.aziza)
    lola = (await give_consent(LOLA, Language.EN, await claim_of(lolas))).parent
    rustam = (await home.let_in()).invitee
    invitation = await InviteAdult(SECRET)(lola)
    request = await ask_to_join(rustam, await CheckInvitation(SECRET)(invitation.payload, RUSTAM), "Rustam")
    await answer_join_request(lola, request.id, accept=True)
    (guest,) = await home.guests()
    assert not (await expel_adult(home.dilnoza, guest.right_id)).loses
    assert await ids(rustam) == [home.aziza]
    await home.household.allow(home.guardian_id, home.aziza, can_view=False)
    assert await ids(rustam) == [home.aziza], "it stands on Lola's guardian now"
    await erase_data(LOLA)
    assert await ids(rustam) == []


async def test_rights_of_ones_own_outlive_the_lent_ones(home: Home) -> None:
    own = await home.household.guardian("Rustam Karimov")
    await home.household.link(own, home.aziza, "father")
    rustam = (await home.let_in()).invitee
    await link_children(RUSTAM, await claim_of(own))
    (guest,) = await home.guests()
    assert not (await expel_adult(home.dilnoza, guest.right_id)).loses
    assert await ids(rustam) == [home.aziza]


async def test_who_erases_takes_along_what_they_lent_and_the_borrower_hears_why(home: Home) -> None:
    """parents A7"""
    rustam = (await home.let_in()).invitee
    await erase_data(DILNOZA)
    assert await ids(rustam) == []
    (told,) = await waiting(RUSTAM)
    assert "удалил здесь свои данные" in told
    assert "Aziza" not in told
    assert await rows("SELECT notification_type, platform_student_id FROM notifications") == [
        (NotificationType.SUBSCRIPTION, None)
    ]
    assert await rows("SELECT count(*) FROM lent_rights") == [(0,)]


async def test_a_lender_and_a_borrower_who_erase_at_once_both_go(home: Home) -> None:
    await home.let_in()
    await home.let_in(LOLA, "Lola")
    await asyncio.gather(*(erase_data(one) for one in (DILNOZA, RUSTAM, LOLA)))
    assert await rows("SELECT count(*) FROM parents") == [(0,)]


async def test_a_yes_races_with_what_ends_its_right(home: Home) -> None:
    """Whichever is first: nobody is left with a right that its lender has not."""
    for _ in range(5):
        request = await home.asked()
        outcomes = await asyncio.gather(
            answer_join_request(home.dilnoza, request.id, accept=True),
            unlink_child(home.dilnoza, home.aziza),
            return_exceptions=True,
        )
        assert await ids(request.inviter) == [], outcomes
        guest = (await give_consent(RUSTAM, Language.RU, None)).parent
        assert await ids(guest) == []
        await undo_unlink(home.dilnoza, home.aziza)


async def test_an_undo_races_with_the_door(home: Home) -> None:
    for _ in range(5):
        rustam = (await home.let_in()).invitee
        (guest,) = await home.guests()
        await unlink_child(rustam, home.aziza)
        await asyncio.gather(
            undo_unlink(rustam, home.aziza), expel_adult(home.dilnoza, guest.right_id), return_exceptions=True
        )
        assert await ids(rustam) == []
        await expect_nothing_to_undo(rustam, home.aziza)


async def test_unlinking_deletes_what_waits_for_that_child_and_nothing_else(home: Home) -> None:
    """durability 8"""
    other = await home.one_more_child()
    await home.let_in()
    async with get_session() as session:
        await session.execute(
            text("""
                INSERT INTO notifications
                    (parent_telegram_id, notification_type, message, dedup_key, status, platform_student_id)
                SELECT user_id, 'REPORT', status || ' ' || coalesce(child::text, '-'),
                    concat_ws(':', user_id, status, child), status, child
                FROM unnest(ARRAY[:dilnoza, :rustam]::bigint[]) AS user_id,
                    unnest(ARRAY['pending', 'skipped', 'unknown']) AS status,
                    unnest(ARRAY[:aziza, :other, NULL]::bigint[]) AS child
                """),
            {"dilnoza": DILNOZA, "rustam": RUSTAM, "aziza": home.aziza, "other": other},
        )
    await unlink_child(home.dilnoza, home.aziza)
    left = {f"{status} {child}" for status in ("pending", "skipped", "unknown") for child in (other, "-")}
    assert set(await waiting(DILNOZA)) == {*left, f"unknown {home.aziza}"}
    assert set(await waiting(RUSTAM)) == {*left, f"unknown {home.aziza}", t("ru", "lent-taken-back")}


async def test_links_of_a_release_before_get_their_rows(home: Home) -> None:
    """It goes on writing while this one begins; a right that was taken back is not given anew by that."""
    rustam = (await home.let_in()).invitee
    (guest,) = await home.guests()
    await expel_adult(home.dilnoza, guest.right_id)
    malika = await home.one_more_child()
    async with get_session() as session:
        for student_id in (home.aziza, malika):
            await LearnerRepository(session).link(
                rustam.parent_id,
                guardian_id=home.guardian_id,
                student_id=student_id,
                first_name="x",
                last_name=None,
                source=LinkSource.INVITATION,
                invited_by=home.dilnoza.parent_id,
                now=clock.now(),
            )
    assert await ids(rustam) == []
    assert await adopt_borrowed_links() == 1
    assert await adopt_borrowed_links() == 0
    assert await ids(rustam) == [malika]
    assert [guest.name for guest in await home.guests()] == ["Rustam"]


@pytest.mark.own_databases
async def test_links_by_invitation_from_before_go_on_and_become_rows(empty_dsn: str) -> None:
    await upgrade(empty_dsn, "4b0e6a7d21f9")
    connection = await asyncpg.connect(empty_dsn)
    try:
        await connection.execute("""
            INSERT INTO parents (telegram_id) SELECT 100 + n FROM generate_series(1, 3) AS n;
            INSERT INTO invitations (inviter_id, token_hash, expires_at) VALUES (1, 'a', now() + interval '1 day');
            INSERT INTO join_requests (invitation_id, invitee_id, name, status, answered_at)
            VALUES (1, 2, 'Rustam', 'accepted', now());
            INSERT INTO learners (parent_id, platform_student_id, guardian_id, source, invited_by)
            SELECT 2, n, 7, 'invitation', 1 FROM generate_series(1, 2500) AS n;
            INSERT INTO learners (parent_id, platform_student_id, guardian_id, source, invited_by)
            VALUES (3, 1, 7, 'invitation', 1), (1, 1, 7, 'contact', NULL);
            INSERT INTO notifications (parent_telegram_id, notification_type, message, dedup_key)
            VALUES (101, 'REPORT', 'x', 'report:w:2026-11-16:p42:c7'), (101, 'PAYMENT', 'x', 'paid:7');
            """)
        await upgrade(empty_dsn)
        counted = await connection.fetch(
            "SELECT borrower_name, count(*) FROM lent_rights WHERE revoked_at IS NULL AND lender_id = 1 GROUP BY 1"
        )
        assert {tuple(row) for row in counted} == {("Rustam", 2500), ("?", 1)}
        named = await connection.fetch("SELECT dedup_key, platform_student_id FROM notifications")
        assert {tuple(row) for row in named} == {("report:w:2026-11-16:p42:c7", 7), ("paid:7", None)}
    finally:
        await connection.close()
