"""A yes to "delete everything" counts once, for ten minutes, and not after its no (parents A16)."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
import pytest_asyncio

from mentorium_core.identity.commands import give_consent
from mentorium_core.identity.model import ParentView
from mentorium_core.identity.queries import find_parent
from mentorium_core.privacy.commands import (
    ERASE_REQUEST_LIFE,
    ask_to_erase,
    check_erase_request,
    confirm_erasure,
    decline_erasure,
)
from mentorium_core.privacy.model import EraseNotAskedError
from mentorium_domain.enums import Language
from tests.integration.core.clock_in_hand import ClockInHand
from tests.integration.core.household import Household, claim_of

DILNOZA, RUSTAM = 200_000_001, 200_000_002


@pytest_asyncio.fixture
async def dilnoza(household: Household) -> ParentView:
    guardian_id = await household.guardian("Dilnoza Karimova")
    await household.child("Aziza Karimova", guardian_id)
    return (await give_consent(DILNOZA, Language.UZ, await claim_of(guardian_id))).parent


async def refused(telegram_id: int, request_id: int | None) -> None:
    parent = await find_parent(telegram_id)
    assert parent is not None
    with pytest.raises(EraseNotAskedError):
        await check_erase_request(parent, request_id)
    with pytest.raises(EraseNotAskedError):
        await confirm_erasure(telegram_id, request_id)
    assert await find_parent(telegram_id) is not None


@pytest.mark.parametrize("named", [True, False])
async def test_a_yes_in_its_time_counts(dilnoza: ParentView, named: bool) -> None:
    request_id = await ask_to_erase(dilnoza)
    await confirm_erasure(DILNOZA, request_id if named else None)
    assert await find_parent(DILNOZA) is None
    await confirm_erasure(DILNOZA, request_id)  # delivered once more: there is nobody
    assert await find_parent(DILNOZA) is None


async def test_a_yes_that_nobody_asked_for_does_not_count(dilnoza: ParentView) -> None:
    await refused(DILNOZA, None)
    await refused(DILNOZA, 1)


async def test_a_yes_after_ten_minutes_does_not_count(dilnoza: ParentView, moved: ClockInHand) -> None:
    request_id = await ask_to_erase(dilnoza)
    moved.to(ERASE_REQUEST_LIFE + timedelta(seconds=1))
    await refused(DILNOZA, request_id)
    await refused(DILNOZA, None)
    fresh = await ask_to_erase(dilnoza)
    await refused(DILNOZA, request_id)
    await check_erase_request(dilnoza, fresh)
    await check_erase_request(dilnoza, None)


@pytest.mark.parametrize("named", [True, False])
async def test_a_yes_dies_with_its_no(dilnoza: ParentView, named: bool) -> None:
    older, newer = await ask_to_erase(dilnoza), await ask_to_erase(dilnoza)
    await decline_erasure(dilnoza, newer if named else None)
    await refused(DILNOZA, newer)
    await refused(DILNOZA, None)  # the newest is meant, and that was declined
    await refused(DILNOZA, older)  # who has said no since means no


async def test_a_no_to_an_older_question_leaves_the_newer_one_open(dilnoza: ParentView) -> None:
    older, newer = await ask_to_erase(dilnoza), await ask_to_erase(dilnoza)
    await decline_erasure(dilnoza, older)
    await refused(DILNOZA, older)
    await check_erase_request(dilnoza, newer)


async def test_somebody_elses_request_is_none(dilnoza: ParentView) -> None:
    request_id = await ask_to_erase(dilnoza)
    rustam = (await give_consent(RUSTAM, Language.RU, None)).parent
    await refused(RUSTAM, request_id)
    await decline_erasure(rustam, request_id)
    await check_erase_request(dilnoza, request_id)


async def test_who_came_back_is_not_erased_by_the_yes_from_before(dilnoza: ParentView) -> None:
    request_id = await ask_to_erase(dilnoza)
    await confirm_erasure(DILNOZA, request_id)
    await give_consent(DILNOZA, Language.UZ, None)
    await refused(DILNOZA, request_id)
    await refused(DILNOZA, None)


async def test_a_yes_and_a_no_at_once_leave_all_or_nothing(dilnoza: ParentView) -> None:
    request_id = await ask_to_erase(dilnoza)
    yes, no = await asyncio.gather(
        confirm_erasure(DILNOZA, request_id), decline_erasure(dilnoza, request_id), return_exceptions=True
    )
    assert yes is None or isinstance(yes, EraseNotAskedError)
    assert no is None, "harmless, whoever was first"
    assert (await find_parent(DILNOZA) is None) is (yes is None)
