"""A second adult, several Telegram users of one guardian, leaving a child and coming back."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import text

from mentorium_core.identity.commands import give_consent
from mentorium_core.identity.family import (
    CheckInvitation,
    InviteAdult,
    answer_join_request,
    ask_to_join,
)
from mentorium_core.identity.model import (
    Invitation,
    InvitationLimitError,
    InvitationRefusal,
    InvitationRefusedError,
    Joined,
    ParentView,
)
from mentorium_core.identity.queries import (
    get_family,
    get_guardian_names,
    get_known_names,
    list_children,
    list_other_parents,
)
from mentorium_core.identity.unlinking import unlink_child
from mentorium_core.privacy.commands import erase_data
from mentorium_db import get_session
from mentorium_domain.enums import JoinStatus, Language
from mentorium_kit import clock
from mentorium_kit.errors import AccessDeniedError, NotFoundError
from tests.integration.core.household import Household, claim_of

SECRET = b"pepper"
DILNOZA, RUSTAM, STRANGER = 200_000_001, 200_000_002, 200_000_003


@dataclass(frozen=True, slots=True)
class Home:
    """Dilnoza is registered with two children."""

    household: Household
    dilnoza: ParentView
    guardian_id: int
    aziza: int
    timur: int


@pytest_asyncio.fixture
async def home(household: Household) -> Home:
    guardian_id = await household.guardian("Dilnoza Karimova")
    aziza = await household.child("Aziza Karimova", guardian_id)
    timur = await household.child("Timur Karimov", guardian_id)
    registered = await give_consent(DILNOZA, Language.UZ, await claim_of(guardian_id))
    return Home(household, registered.parent, guardian_id, aziza, timur)


async def consented(telegram_id: int) -> ParentView:
    return (await give_consent(telegram_id, Language.RU, None)).parent


async def ids(parent: ParentView) -> list[int]:
    return [child.student_id for child in await list_children(parent)]


async def invitation_refusal(payload: str, telegram_id: int = RUSTAM) -> InvitationRefusal:
    with pytest.raises(InvitationRefusedError) as refused:
        await CheckInvitation(SECRET)(payload, telegram_id)
    return refused.value.reason


async def let_in(home: Home, telegram_id: int = RUSTAM) -> Joined:
    invitation = await InviteAdult(SECRET)(home.dilnoza)
    claim = await CheckInvitation(SECRET)(invitation.payload, RUSTAM)
    request = await ask_to_join(await consented(telegram_id), claim, "Rustam")
    assert (request.inviter.telegram_id, request.name) == (DILNOZA, "Rustam")
    return await answer_join_request(home.dilnoza, request.id, accept=True)


async def test_an_invited_adult_sees_the_children_once_the_inviter_says_yes(home: Home) -> None:
    invitation = await InviteAdult(SECRET)(home.dilnoza)
    assert len(invitation.payload) <= 64
    claim = await CheckInvitation(SECRET)(invitation.payload, RUSTAM)
    rustam = await consented(RUSTAM)
    request = await ask_to_join(rustam, claim, "Rustam")
    assert await ids(rustam) == []
    joined = await answer_join_request(home.dilnoza, request.id, accept=True)
    assert joined.invitee.registered
    assert await ids(joined.invitee) == [home.aziza, home.timur]
    family = await get_family(joined.invitee)
    assert [child.own for child in family.children] == [False, False]
    assert not family.may_invite


async def test_a_no_lets_nobody_in(home: Home) -> None:
    invitation = await InviteAdult(SECRET)(home.dilnoza)
    rustam = await consented(RUSTAM)
    request = await ask_to_join(rustam, await CheckInvitation(SECRET)(invitation.payload, RUSTAM), "Rustam")
    joined = await answer_join_request(home.dilnoza, request.id, accept=False)
    assert joined.children == ()
    assert await ids(rustam) == []
    with pytest.raises(NotFoundError):
        await answer_join_request(home.dilnoza, request.id, accept=True)


async def test_a_yes_when_no_child_is_left_is_kept_as_the_no_that_is_told(home: Home) -> None:
    invitation = await InviteAdult(SECRET)(home.dilnoza)
    rustam = await consented(RUSTAM)
    request = await ask_to_join(rustam, await CheckInvitation(SECRET)(invitation.payload, RUSTAM), "Rustam")
    for student_id in (home.aziza, home.timur):
        await home.household.allow(home.guardian_id, student_id, can_view=False)
    joined = await answer_join_request(home.dilnoza, request.id, accept=True)
    assert joined.children == ()
    assert await answer_join_request(home.dilnoza, request.id, accept=True) == joined, "delivered again"
    async with get_session() as session:
        assert await session.scalar(text("SELECT status FROM join_requests")) == JoinStatus.DECLINED


async def test_invitations_of_one_parent_have_limits(home: Home, tmp_path: Path) -> None:
    """durability 33"""
    clock_file = tmp_path / "clock"
    clock_file.write_text("0")
    clock.configure(clock_file)
    try:
        made = await asyncio.gather(*(InviteAdult(SECRET)(home.dilnoza) for _ in range(8)), return_exceptions=True)
        assert sum(isinstance(one, InvitationLimitError) for one in made) == 3
        claim = next(one for one in made if isinstance(one, Invitation))
        await ask_to_join(await consented(RUSTAM), await CheckInvitation(SECRET)(claim.payload, RUSTAM), "Rustam")
        await InviteAdult(SECRET)(home.dilnoza)
        with pytest.raises(InvitationLimitError):
            await InviteAdult(SECRET)(home.dilnoza)
        clock_file.write_text(str(timedelta(days=1, minutes=1).total_seconds()))
        await InviteAdult(SECRET)(home.dilnoza)
    finally:
        clock.configure(None)


async def test_an_invitation_brings_one(home: Home) -> None:
    invitation = await InviteAdult(SECRET)(home.dilnoza)
    claim = await CheckInvitation(SECRET)(invitation.payload, RUSTAM)
    guests = [await consented(STRANGER + number) for number in range(1, 5)]
    outcomes = await asyncio.gather(*(ask_to_join(guest, claim, "G") for guest in guests), return_exceptions=True)
    assert sum(not isinstance(outcome, BaseException) for outcome in outcomes) == 1
    assert await invitation_refusal(invitation.payload, STRANGER) is InvitationRefusal.USED


async def test_who_asks_again_with_the_same_invitation_has_asked_once(home: Home) -> None:
    """Durability 11: the update of an invitation that is delivered again after its commit."""
    invitation = await InviteAdult(SECRET)(home.dilnoza)
    rustam, stranger = await consented(RUSTAM), await consented(STRANGER)
    first = await ask_to_join(rustam, await CheckInvitation(SECRET)(invitation.payload, RUSTAM), "Rustam")
    claim = await CheckInvitation(SECRET)(invitation.payload, RUSTAM)
    assert await ask_to_join(rustam, claim, "Rustam") == first
    with pytest.raises(InvitationRefusedError):
        await ask_to_join(stranger, claim, "Stranger")
    await answer_join_request(home.dilnoza, first.id, accept=True)
    assert await invitation_refusal(invitation.payload, RUSTAM) is InvitationRefusal.USED


@pytest.mark.parametrize("accept", [True, False])
async def test_an_answer_that_is_delivered_again_returns_the_same(home: Home, tmp_path: Path, accept: bool) -> None:
    """Durability 11."""
    invitation = await InviteAdult(SECRET)(home.dilnoza)
    claim = await CheckInvitation(SECRET)(invitation.payload, RUSTAM)
    request = await ask_to_join(await consented(RUSTAM), claim, "Rustam")
    first = await answer_join_request(home.dilnoza, request.id, accept=accept)
    assert await answer_join_request(home.dilnoza, request.id, accept=accept) == first
    with pytest.raises(NotFoundError):
        await answer_join_request(await consented(STRANGER), request.id, accept=accept)
    file = tmp_path / "clock"
    file.write_text(str(timedelta(minutes=16).total_seconds()))
    clock.configure(file)
    try:
        with pytest.raises(NotFoundError):
            await answer_join_request(home.dilnoza, request.id, accept=accept)
    finally:
        clock.configure(None)


async def test_of_two_answers_the_first_counts(home: Home) -> None:
    invitation = await InviteAdult(SECRET)(home.dilnoza)
    request = await ask_to_join(
        await consented(RUSTAM), await CheckInvitation(SECRET)(invitation.payload, RUSTAM), "Rustam"
    )
    outcomes = await asyncio.gather(
        *(answer_join_request(home.dilnoza, request.id, accept=accept) for accept in (True, False)),
        return_exceptions=True,
    )
    assert sum(isinstance(outcome, Joined) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, NotFoundError) for outcome in outcomes) == 1


async def test_nobody_else_can_say_yes(home: Home) -> None:
    invitation = await InviteAdult(SECRET)(home.dilnoza)
    rustam = await consented(RUSTAM)
    request = await ask_to_join(rustam, await CheckInvitation(SECRET)(invitation.payload, RUSTAM), "Rustam")
    for outsider in (rustam, await consented(STRANGER)):
        with pytest.raises(NotFoundError):
            await answer_join_request(outsider, request.id, accept=True)
    assert await ids(rustam) == []


async def test_invitations_run_out(home: Home, tmp_path: Path) -> None:
    invitation = await InviteAdult(SECRET)(home.dilnoza)
    file = tmp_path / "clock"
    file.write_text(str(timedelta(days=1).total_seconds()))
    clock.configure(file)
    try:
        assert await invitation_refusal(invitation.payload) is InvitationRefusal.EXPIRED
    finally:
        clock.configure(None)
    assert await invitation_refusal("inv_made_up") is InvitationRefusal.UNKNOWN


async def test_one_cannot_invite_oneself_nor_without_rights(home: Home) -> None:
    invitation = await InviteAdult(SECRET)(home.dilnoza)
    with pytest.raises(InvitationRefusedError):
        await ask_to_join(home.dilnoza, await CheckInvitation(SECRET)(invitation.payload, RUSTAM), "Me")
    joined = await let_in(home)
    with pytest.raises(AccessDeniedError):
        await InviteAdult(SECRET)(joined.invitee)


async def test_lent_rights_end_with_the_inviters(home: Home) -> None:
    joined = await let_in(home)
    await home.household.allow(home.guardian_id, home.aziza, can_view=False)
    assert await ids(joined.invitee) == [home.timur]
    await unlink_child(home.dilnoza, home.timur)
    assert await ids(joined.invitee) == []


async def test_lent_rights_end_when_the_inviter_erases(home: Home) -> None:
    joined = await let_in(home)
    await erase_data(DILNOZA)
    assert await ids(joined.invitee) == []


async def test_rights_of_ones_own_are_not_replaced_by_lent_ones(home: Home) -> None:
    own = await home.household.guardian("Rustam Karimov")
    await home.household.link(own, home.aziza, "father")
    await give_consent(RUSTAM, Language.RU, await claim_of(own))
    joined = await let_in(home)
    await home.household.allow(home.guardian_id, home.aziza, can_view=False)
    assert await ids(joined.invitee) == [home.aziza, home.timur]


async def test_the_inviters_name_stays_home_too(home: Home) -> None:
    joined = await let_in(home)
    names = await get_known_names(joined.invitee)
    assert "Dilnoza Karimova" in await get_guardian_names(names.guardian_ids)


async def test_several_telegram_users_of_one_guardian_know_of_each_other(home: Home) -> None:
    registered = await give_consent(RUSTAM, Language.RU, await claim_of(home.guardian_id))
    others = await list_other_parents(registered.parent, home.guardian_id)
    assert [other.telegram_id for other in others] == [DILNOZA]
    assert await ids(registered.parent) == await ids(home.dilnoza)
