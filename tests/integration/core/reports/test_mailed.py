"""Reports by e-mail: who gets which, each once, judged when it is sent; and every way in which letters end."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
import pytest_asyncio

from mentorium_core.billing.ends import KeepSubscriptions
from mentorium_core.i18n import t
from mentorium_core.identity.email_code import MailCode, RequestEmailCode
from mentorium_core.identity.model import (
    MAIL_NOT_HANDED_OVER,
    EmailCodeRefusedError,
)
from mentorium_core.notifications.commands import mark_chat_blocked
from mentorium_core.notifications.email_channel import (
    ConfirmAddress,
    choose_email,
    get_email_channel,
)
from mentorium_core.notifications.preferences import change_preferences
from mentorium_core.privacy.commands import erase_data
from mentorium_domain.enums import EmailOff, EmailStatus, EmailWish, JobKind, ReportFrequency
from mentorium_kit import clock
from mentorium_kit.errors import OutcomeUnknownError, RefusedError, UnavailableError
from mentorium_rendering.picture import PictureError
from mentorium_reporting.job_loop import MOST_TRIES_OF, pause_s
from tests.integration.core.billing.till import Till
from tests.integration.core.clock_in_hand import ClockInHand
from tests.integration.core.household import Household
from tests.integration.core.reports.letters import (
    ADDRESS,
    DAY,
    DILNOZA,
    LINKS,
    SECRET,
    Family,
    change_address,
    make_family,
    sql,
)


@pytest_asyncio.fixture
async def family(household: Household, moved: ClockInHand) -> Family:
    return await make_family(household)


async def test_who_asks_for_it_gets_each_report_once(family: Family) -> None:
    assert (await get_email_channel(family.parent)).address == ADDRESS
    await choose_email(family.parent, EmailWish.ALWAYS)
    await family.monday()
    await family.due()
    assert await family.letters() == [EmailStatus.SENT]
    assert await family.letters() == []
    (letter,) = family.post.letters
    assert letter.to == ADDRESS
    assert "Aziza" in letter.text
    assert letter.unsubscribe_url == LINKS.unsubscribe_url(family.parent.parent_id, ADDRESS)
    ((key, status),) = await sql("SELECT dedup_key, status FROM email_messages")
    assert key.startswith("mail:report:w:")
    assert status == "sent"


async def test_nobody_is_mailed_who_has_not_asked(family: Family) -> None:
    await family.monday()
    await family.due()
    assert await family.letters() == []


async def test_what_was_due_before_the_wish_is_not_mailed(family: Family) -> None:
    await family.monday()
    await family.due()
    await choose_email(family.parent, EmailWish.ALWAYS)
    assert await family.letters() == []


async def test_who_has_agreed_for_the_case_gets_it_once_the_bot_is_blocked(family: Family) -> None:
    await choose_email(family.parent, EmailWish.WHEN_BLOCKED)
    await family.monday()
    await family.due()
    assert await family.letters() == [], "the chat has it"
    await mark_chat_blocked(DILNOZA)
    assert await family.letters() == [EmailStatus.SENT]


async def test_an_end_is_mailed_to_whom_the_chat_has_not_reached_for_two_weeks(
    family: Family, moved: ClockInHand
) -> None:
    await choose_email(family.parent, EmailWish.WHEN_BLOCKED)
    await Till().buy(family.parent.parent_id, clock.now())
    for days, blocked_first in ((20, False), (27, True)):
        moved.to(days * DAY)
        if not blocked_first:
            await mark_chat_blocked(DILNOZA)
        await KeepSubscriptions()(clock.now() + timedelta(minutes=20))
    moved.to(28 * DAY)
    assert await family.letters() == [], "blocked for eight days"
    await sql(
        "UPDATE event_logs SET created_at = created_at - interval '7 days' WHERE event_name = 'chat_closed'"
        " RETURNING id"
    )
    assert await family.letters() == [EmailStatus.SENT]
    assert await family.letters() == []
    (letter,) = family.post.letters
    ((message,),) = await sql("SELECT message FROM notifications WHERE dedup_key LIKE 'subscription:soon:%'")
    assert message in letter.text


async def test_the_right_is_judged_when_the_letter_is_sent(family: Family) -> None:
    await choose_email(family.parent, EmailWish.ALWAYS)
    await family.monday()
    await family.due()
    await family.household.allow(family.guardian_id, family.student_id, False)
    assert await family.letters() == [EmailStatus.SKIPPED]
    assert family.post.letters == []


async def test_reports_that_were_switched_off_before_they_are_sent_are_not_mailed(family: Family) -> None:
    await choose_email(family.parent, EmailWish.ALWAYS)
    await family.monday()
    await family.due()
    await change_preferences(family.parent.parent_id, report_frequency=ReportFrequency.OFF)
    assert await family.letters() == [EmailStatus.SKIPPED]
    assert await sql("SELECT reason FROM email_messages") == [("switched_off",)]


@pytest.mark.parametrize("reason", ["switched_off", "right_ended"])
async def test_what_the_chat_did_not_get_by_the_parents_wish_or_right_is_not_mailed(
    family: Family, reason: str
) -> None:
    await choose_email(family.parent, EmailWish.ALWAYS)
    await family.monday()
    await family.due()
    await sql("UPDATE notifications SET status = 'skipped', reason = :reason", reason=reason)
    assert await family.letters() == []


async def test_an_address_that_is_no_longer_the_parents_gets_nothing_and_the_chat_says_so(family: Family) -> None:
    await choose_email(family.parent, EmailWish.ALWAYS)
    await family.monday()
    await family.due()
    async with family.household.school() as school:
        await school.execute("UPDATE platform.guardian SET email = 'new@example.uz'")
    assert await family.letters() == [EmailStatus.SKIPPED]
    assert (await get_email_channel(family.parent)).off_reason is EmailOff.ADDRESS_GONE
    ((said,),) = await sql("SELECT message FROM notifications WHERE dedup_key LIKE 'email:off:%'")
    assert said == t("uz", "email-off-address-gone", address=ADDRESS)


async def test_a_letter_that_waits_goes_to_the_address_that_was_proved_meanwhile(family: Family) -> None:
    await family.monday_by_mail()
    await change_address(family, "work@example.uz")
    assert await family.letters() == [EmailStatus.SENT]
    (letter,) = family.post.letters
    assert letter.to == "work@example.uz"
    assert letter.unsubscribe_url == LINKS.unsubscribe_url(family.parent.parent_id, "work@example.uz")
    assert await sql("SELECT address FROM email_messages") == [("work@example.uz",)]


async def test_what_the_server_did_not_take_is_tried_again(family: Family) -> None:
    await choose_email(family.parent, EmailWish.ALWAYS)
    await family.monday()
    await family.due()
    family.post.failures = [UnavailableError("mail_unavailable")]
    with pytest.raises(UnavailableError):
        await family.letters()
    ((message_id, status),) = await sql("SELECT id, status FROM email_messages")
    assert status == "pending"
    assert await family.mail(message_id) is EmailStatus.SENT
    assert await family.mail(message_id) is None


async def test_a_letter_is_tried_for_as_long_as_it_lives_and_then_expires(family: Family, moved: ClockInHand) -> None:
    await family.monday_by_mail()
    ((message_id, lives),) = await sql("SELECT id, expires_at - created_at FROM email_messages")
    assert sum(pause_s(tried, 0.0) for tried in range(MOST_TRIES_OF[JobKind.MAIL_MESSAGE])) > 14 * DAY.total_seconds()
    assert lives < 14 * DAY
    moved.to(2 * DAY - timedelta(minutes=5))
    family.post.failures = [UnavailableError("mail_unavailable")]
    with pytest.raises(UnavailableError):
        await family.mail(message_id)
    moved.to(2 * DAY + timedelta(minutes=1))
    assert await family.mail(message_id) is EmailStatus.EXPIRED


async def test_where_the_picture_cannot_be_drawn_the_letter_goes_without_it(
    family: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: object) -> bytes:
        raise PictureError("picture_failed")

    monkeypatch.setattr("mentorium_rendering.email.render_picture", fails)
    await choose_email(family.parent, EmailWish.ALWAYS)
    await family.monday()
    chart = '{"bars": [], "topics": [], "courses": []}'
    drawn = "UPDATE report_history SET document = document || jsonb_build_object('chart', cast(:chart AS jsonb))"
    await sql(drawn, chart=chart)
    await family.due()
    assert await family.letters() == [EmailStatus.SENT]
    (letter,) = family.post.letters
    assert letter.picture is None
    assert "Aziza" in letter.text
    assert "<img" not in letter.html


async def test_what_may_have_arrived_is_not_sent_again(family: Family) -> None:
    await choose_email(family.parent, EmailWish.ALWAYS)
    await family.monday()
    await family.due()
    family.post.failures = [OutcomeUnknownError("mail_unknown")]
    assert await family.letters() == [EmailStatus.UNKNOWN]
    ((message_id,),) = await sql("SELECT id FROM email_messages")
    assert await family.mail(message_id) is None
    assert family.post.letters == []


async def test_what_a_worker_that_stops_has_not_handed_over_is_sent_by_the_next(family: Family) -> None:
    await family.monday_by_mail()
    ((message_id,),) = await sql("SELECT id FROM email_messages")
    family.post.failures = [asyncio.CancelledError(MAIL_NOT_HANDED_OVER)]
    with pytest.raises(asyncio.CancelledError):
        await family.mail(message_id)
    assert await family.mail(message_id) is EmailStatus.SENT
    assert len(family.post.letters) == 1


async def test_what_a_killed_worker_had_in_hand_is_in_doubt(family: Family) -> None:
    await family.monday_by_mail()
    ((message_id,),) = await sql("UPDATE email_messages SET status = 'sending' RETURNING id")
    assert await family.mail(message_id) is EmailStatus.UNKNOWN
    assert family.post.letters == []


async def test_another_address_is_proved_by_a_code(family: Family) -> None:
    await RequestEmailCode(SECRET, JobKind.MAIL_ADDRESS_CODE)(family.parent, "work@example.uz")
    ((asked_at,),) = await sql("SELECT created_at FROM email_codes")
    assert await MailCode(family.post, SECRET)(family.parent.parent_id, asked_at) is False, "nobody's on the platform"
    assert await MailCode(family.post, SECRET, to_anybody=True)(family.parent.parent_id, asked_at)
    (letter,) = family.post.letters
    code = next(word for word in letter.text.split() if len(word) == 6 and word.isdigit())
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    with pytest.raises(EmailCodeRefusedError):
        await ConfirmAddress(SECRET)(family.parent, wrong)
    assert await sql("SELECT tries FROM email_codes") == [(1,)]
    assert not (await get_email_channel(family.parent)).is_on
    view = await ConfirmAddress(SECRET)(family.parent, code)
    assert (view.wish, view.address) == (EmailWish.ALWAYS, "work@example.uz")
    assert await ConfirmAddress(SECRET)(family.parent, code) == view, "its answer may not have arrived: told once more"
    await sql("UPDATE email_channels SET wished_at = wished_at - interval '1 hour'")
    with pytest.raises(EmailCodeRefusedError):
        await ConfirmAddress(SECRET)(family.parent, code)
    await family.monday()
    await family.due()
    assert await family.letters() == [EmailStatus.SENT]
    assert family.post.letters[-1].to == "work@example.uz"


async def test_without_an_address_there_is_nothing_to_choose(family: Family) -> None:
    async with family.household.school() as school:
        await school.execute("UPDATE platform.guardian SET email_verified = false")
    assert (await get_email_channel(family.parent)).address is None
    with pytest.raises(RefusedError):
        await choose_email(family.parent, EmailWish.ALWAYS)


async def test_erasing_takes_address_and_letters_with_it(family: Family) -> None:
    await family.monday_by_mail()
    ((message_id,),) = await sql("SELECT id FROM email_messages")
    await erase_data(DILNOZA)
    assert await sql("SELECT address FROM email_channels UNION SELECT address FROM email_messages") == []
    assert await family.mail(message_id) is None
    assert family.post.letters == []
