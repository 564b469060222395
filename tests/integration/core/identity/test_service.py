"""Registering by link and by contact, each way of failing at it, and rights that are asked again at every use."""

from __future__ import annotations

import asyncio
import hashlib
import json
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

import mentorium_db
from mentorium_core.i18n import t
from mentorium_core.identity.commands import CheckLinkCode, change_language, check_contact, give_consent, link_children
from mentorium_core.identity.model import (
    CONSENT_TEXT_KEY,
    CONSENT_VERSION,
    ContactRefusal,
    ContactRefusedError,
    LinkCodeRefusal,
    LinkCodeRefusedError,
)
from mentorium_core.identity.queries import find_parent, get_guardian_names, get_known_names, list_children
from mentorium_core.identity.unlinking import unlink_child
from mentorium_domain.enums import Language, LinkSource
from mentorium_kit import clock
from mentorium_kit.errors import AccessDeniedError, NotFoundError, UnavailableError
from tests.integration.core.household import KEY, Household, claim_of, link_code, register

DILNOZA, RUSTAM = 200_000_001, 200_000_002
PHONE = "+998901112233"


async def rows(statement: str) -> list[tuple[object, ...]]:
    async with mentorium_db.get_session() as session:
        return [tuple(row) for row in await session.execute(text(statement))]


def move_clock(folder: Path, request: pytest.FixtureRequest, by: timedelta) -> None:
    """Until the test is over."""
    offset = folder / "clock"
    offset.write_text(str(by.total_seconds()))
    clock.configure(offset)
    request.addfinalizer(lambda: clock.configure(None))


async def refusal(payload: str) -> LinkCodeRefusal:
    with pytest.raises(LinkCodeRefusedError) as refused:
        await CheckLinkCode(KEY)(payload, RUSTAM)
    return refused.value.reason


async def contact_refusal(phone: str, contact_user_id: int | None = DILNOZA) -> ContactRefusal:
    with pytest.raises(ContactRefusedError) as refused:
        await check_contact(phone, contact_user_id, DILNOZA)
    return refused.value.reason


async def test_a_deep_link_registers_with_consent_and_links_all_children(household: Household) -> None:
    guardian = await household.guardian("Dilnoza Karimova")
    aziza = await household.child("Aziza Karimova", guardian)
    jasur = await household.child("Jasur Karimov", guardian)
    claim = await claim_of(guardian)
    assert "Aziza" not in json.dumps(claim.to_dict())
    assert await find_parent(DILNOZA) is None

    registered = await give_consent(DILNOZA, Language.RU, claim)

    assert registered.parent.registered
    assert registered.parent.consented
    assert registered.parent.language is Language.RU
    assert [child.student_id for child in registered.children] == [aziza, jasur]
    assert await find_parent(DILNOZA) == registered.parent
    assert await list_children(registered.parent) == registered.children
    assert await rows("SELECT first_name, last_name, guardian_id, source FROM learners ORDER BY id") == [
        ("Aziza", "Karimova", guardian, "deep_link"),
        ("Jasur", "Karimov", guardian, "deep_link"),
    ]


async def test_consent_is_kept_with_version_language_and_the_hash_of_what_was_read(household: Household) -> None:
    await register(DILNOZA, await household.guardian("Dilnoza Karimova"), Language.RU)
    expected = hashlib.sha256(t("ru", CONSENT_TEXT_KEY).encode()).hexdigest()
    assert await rows("SELECT kind, version, text_hash, language FROM consents") == [
        ("data_processing", CONSENT_VERSION, expected, "ru")
    ]


async def test_events_tell_what_happened_and_name_nobody(household: Household) -> None:
    guardian = await household.guardian("Dilnoza Karimova", PHONE)
    await household.child("Aziza Karimova", guardian)
    await give_consent(DILNOZA, Language.UZ, await check_contact(PHONE, DILNOZA, DILNOZA))
    events = await rows("SELECT event_name, user_telegram_id, metadata::text FROM event_logs ORDER BY id")
    assert [event[:2] for event in events] == [("consent", DILNOZA), ("registration", DILNOZA)]
    assert '"linked": 1' in str(events[1][2])
    assert not any(word in str(events) for word in ("Dilnoza", "Karimova", "Aziza", "99890"))


async def test_a_code_works_once(household: Household) -> None:
    guardian = await household.guardian("Dilnoza Karimova")
    payload = link_code(guardian)
    claim = await CheckLinkCode(KEY)(payload, RUSTAM)
    await give_consent(DILNOZA, Language.UZ, claim)
    assert await refusal(payload) is LinkCodeRefusal.USED


async def test_a_code_that_is_delivered_again_tells_its_owner_the_same(household: Household) -> None:
    """Durability 11: linked, and killed before the reply."""
    guardian = await household.guardian("Dilnoza Karimova")
    aziza = await household.child("Aziza Karimova", guardian)
    payload = link_code(guardian)
    first = await give_consent(DILNOZA, Language.UZ, await CheckLinkCode(KEY)(payload, DILNOZA))
    assert [child.student_id for child in first.children] == [aziza]
    again = await CheckLinkCode(KEY)(payload, DILNOZA)
    assert await link_children(DILNOZA, again) == first
    assert await give_consent(DILNOZA, Language.UZ, again) == first
    await give_consent(RUSTAM, Language.UZ, None)
    with pytest.raises(LinkCodeRefusedError):
        await link_children(RUSTAM, again)
    assert await rows("SELECT count(*) FROM event_logs WHERE event_name IN ('registration', 'children_linked')") == [
        (1,)
    ]


async def test_a_code_that_is_delivered_again_after_its_time_tells_its_owner_the_same(
    household: Household, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """durability 11: the bot was away for an hour after the commit."""
    payload = link_code(await household.guardian("Dilnoza Karimova"))
    first = await give_consent(DILNOZA, Language.UZ, await CheckLinkCode(KEY)(payload, DILNOZA))
    move_clock(tmp_path, request, timedelta(hours=1))
    assert await link_children(DILNOZA, await CheckLinkCode(KEY)(payload, DILNOZA)) == first
    assert await refusal(payload) is LinkCodeRefusal.USED


async def test_a_used_code_links_nobody_whom_its_owner_has_left(household: Household) -> None:
    guardian = await household.guardian("Dilnoza Karimova")
    aziza = await household.child("Aziza Karimova", guardian)
    claim = await CheckLinkCode(KEY)(link_code(guardian), DILNOZA)
    registered = await give_consent(DILNOZA, Language.UZ, claim)
    await unlink_child(registered.parent, aziza)
    with pytest.raises(LinkCodeRefusedError):
        await link_children(DILNOZA, claim)
    assert await rows("SELECT count(*) FROM learners") == [(0,)]


async def test_of_two_who_use_a_code_at_once_one_is_registered(household: Household) -> None:
    guardian = await household.guardian("Dilnoza Karimova")
    claim = await claim_of(guardian)
    outcomes = await asyncio.gather(
        give_consent(DILNOZA, Language.UZ, claim), give_consent(RUSTAM, Language.UZ, claim), return_exceptions=True
    )
    refused = [outcome for outcome in outcomes if isinstance(outcome, LinkCodeRefusedError)]
    assert [outcome.reason for outcome in refused] == [LinkCodeRefusal.USED]
    assert await rows("SELECT count(*) FROM parents") == [(1,)], "who was refused leaves nothing"
    assert await rows("SELECT count(*) FROM consents") == [(1,)]
    assert await rows("SELECT count(*) FROM event_logs WHERE event_name = 'consent'") == [(1,)]


async def test_each_way_a_link_can_fail(household: Household) -> None:
    guardian = await household.guardian("Dilnoza Karimova")
    assert await refusal("hello") is LinkCodeRefusal.MALFORMED
    assert await refusal(link_code(guardian, key="another")) is LinkCodeRefusal.FORGED
    assert await refusal(link_code(guardian, expires_at=clock.now())) is LinkCodeRefusal.EXPIRED
    assert await refusal(link_code(guardian + 1)) is LinkCodeRefusal.UNKNOWN_GUARDIAN
    async with household.school() as school:
        await school.execute("UPDATE platform.guardian SET status = 'blocked'")
    assert await refusal(link_code(guardian)) is LinkCodeRefusal.UNKNOWN_GUARDIAN


async def test_a_code_signed_with_the_old_key_is_accepted(household: Household) -> None:
    guardian = await household.guardian("Dilnoza Karimova")
    claim = await CheckLinkCode("the new key", KEY)(link_code(guardian), RUSTAM)
    assert claim.guardian_id == guardian


async def test_a_claim_does_not_wait_for_ever(
    household: Household, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    claim = await claim_of(await household.guardian("Dilnoza Karimova"))
    move_clock(tmp_path, request, timedelta(hours=2))
    with pytest.raises(LinkCodeRefusedError) as refused:
        await give_consent(DILNOZA, Language.UZ, claim)
    assert refused.value.reason is LinkCodeRefusal.EXPIRED
    assert await rows("SELECT count(*) FROM parents") == [(0,)]


@pytest.mark.parametrize("phone", ["998901112233", "+998901112233"])
async def test_the_own_contact_registers(household: Household, phone: str) -> None:
    guardian = await household.guardian("Dilnoza Karimova", PHONE)
    await household.child("Aziza Karimova", guardian)
    claim = await check_contact(phone, DILNOZA, DILNOZA)
    assert claim.source is LinkSource.CONTACT
    registered = await give_consent(DILNOZA, Language.EN, claim)
    assert [child.first_name for child in registered.children] == ["Aziza"]
    assert await rows("SELECT phone FROM parents") == [(PHONE,)]


async def test_each_way_a_contact_can_fail(household: Household) -> None:
    await household.guardian("Dilnoza Karimova", PHONE)
    assert await contact_refusal(PHONE, RUSTAM) is ContactRefusal.NOT_OWN
    assert await contact_refusal(PHONE, None) is ContactRefusal.NOT_OWN
    assert await contact_refusal("+998909999999") is ContactRefusal.UNKNOWN
    assert await contact_refusal("rubbish") is ContactRefusal.UNKNOWN
    await household.guardian("Unverified", "+998907777777", verified=False)
    assert await contact_refusal("+998907777777") is ContactRefusal.UNKNOWN
    await household.guardian("Rustam Karimov", PHONE)
    assert await contact_refusal(PHONE) is ContactRefusal.AMBIGUOUS


async def test_consent_may_come_before_identity(household: Household) -> None:
    guardian = await household.guardian("Dilnoza Karimova", PHONE)
    await household.child("Aziza Karimova", guardian)
    first = await give_consent(DILNOZA, Language.UZ, None)
    assert first.parent.consented
    assert not first.parent.registered
    assert await list_children(first.parent) == ()
    then = await link_children(DILNOZA, await check_contact(PHONE, DILNOZA, DILNOZA))
    assert then.parent.registered
    assert len(then.children) == 1


async def test_nobody_is_linked_without_consent(household: Household) -> None:
    claim = await claim_of(await household.guardian("Dilnoza Karimova"))
    with pytest.raises(AccessDeniedError):
        await link_children(DILNOZA, claim)
    assert await rows("SELECT count(*) FROM used_link_codes") == [(0,)], "the code may still be used"


async def test_two_telegram_users_may_be_the_same_guardian(household: Household) -> None:
    guardian = await household.guardian("Dilnoza Karimova")
    await household.child("Aziza Karimova", guardian)
    first, second = await register(DILNOZA, guardian), await register(RUSTAM, guardian)
    assert first.children == second.children
    assert first.parent.parent_id != second.parent.parent_id


async def test_a_parent_may_be_several_guardians(household: Household) -> None:
    mother, aunt = await household.guardian("Dilnoza Karimova"), await household.guardian("Dilnoza Karimova")
    aziza, madina = await household.child("Aziza Karimova", mother), await household.child("Madina Aliyeva", aunt)
    await register(DILNOZA, mother)
    linked = await link_children(DILNOZA, await claim_of(aunt))
    assert [child.student_id for child in await list_children(linked.parent)] == [aziza, madina]
    assert await rows("SELECT event_name FROM event_logs ORDER BY id DESC LIMIT 1") == [("children_linked",)]


async def test_a_right_through_one_guardian_is_enough(household: Household) -> None:
    mother, aunt = await household.guardian("Dilnoza Karimova"), await household.guardian("Dilnoza Karimova")
    aziza = await household.child("Aziza Karimova", mother, aunt)
    await register(DILNOZA, mother)
    parent = (await link_children(DILNOZA, await claim_of(aunt))).parent
    await household.allow(mother, aziza, False)
    assert [child.guardian_id for child in await list_children(parent)] == [aunt]
    await household.allow(aunt, aziza, False)
    assert await list_children(parent) == ()


async def test_rights_are_asked_at_every_use(household: Household) -> None:
    guardian = await household.guardian("Dilnoza Karimova")
    aziza = await household.child("Aziza Karimova", guardian)
    parent = (await register(DILNOZA, guardian)).parent
    await household.allow(guardian, aziza, False)
    assert await list_children(parent) == ()
    await household.allow(guardian, aziza, True)
    assert [child.student_id for child in await list_children(parent)] == [aziza]


async def test_rights_lost_between_the_link_and_consent_count(household: Household) -> None:
    guardian = await household.guardian("Dilnoza Karimova")
    aziza = await household.child("Aziza Karimova", guardian)
    claim = await claim_of(guardian)
    await household.allow(guardian, aziza, False)
    assert (await give_consent(DILNOZA, Language.UZ, claim)).children == ()


@pytest.mark.own_databases
async def test_without_the_platform_nobody_sees_a_child(household: Household) -> None:
    guardian = await household.guardian("Dilnoza Karimova")
    await household.child("Aziza Karimova", guardian)
    parent, claim = (await register(DILNOZA, guardian)).parent, await claim_of(guardian)
    async with household.school() as school:
        await school.execute("DROP SCHEMA bot_api_v1 CASCADE")
    with pytest.raises(UnavailableError):
        await list_children(parent)
    with pytest.raises(UnavailableError):
        await give_consent(RUSTAM, Language.UZ, claim)
    assert await find_parent(RUSTAM) is None


async def test_a_new_name_on_the_platform_is_shown_and_the_old_one_stays_secret(household: Household) -> None:
    guardian = await household.guardian("Dilnoza Karimova")
    aziza = await household.child("Aziza Karimova", guardian)
    parent = (await register(DILNOZA, guardian)).parent
    async with household.school() as school:
        await school.execute("UPDATE platform.student SET display_name = 'Zahro Karimova'")
    assert [child.first_name for child in await list_children(parent)] == ["Zahro"]
    await household.allow(guardian, aziza, False)
    names = await get_known_names(parent)
    assert names.children == ("Aziza Karimova",)
    assert await get_guardian_names(names.guardian_ids) == ("Dilnoza Karimova",)


async def test_the_language_is_the_parents_choice(household: Household) -> None:
    await register(DILNOZA, await household.guardian("Dilnoza Karimova"))
    await change_language(DILNOZA, Language.EN)
    parent = await find_parent(DILNOZA)
    assert parent is not None
    assert parent.language is Language.EN
    with pytest.raises(NotFoundError):
        await change_language(RUSTAM, Language.EN)
