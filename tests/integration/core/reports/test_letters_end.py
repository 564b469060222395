"""Every way in which letters end: refusals, the link, and a mail server that is itself at fault."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

import pytest
import pytest_asyncio

from mentorium_core.billing.queries import CheckAccess
from mentorium_core.identity.model import MailboxRefusedError, MailRefusedError, ParentView
from mentorium_core.notifications.email_channel import (
    Unsubscribe,
    choose_email,
    get_email_channel,
    leave_letters,
)
from mentorium_core.progress.queries import ReadFacts
from mentorium_core.reports.calendar import WEEKLY
from mentorium_core.reports.mailed import REFUSED_TO_ALL
from mentorium_core.reports.period_run import MakePeriodReports
from mentorium_db.repositories.email_channel import REFUSED_SINCE_ONE_WAS_TAKEN
from mentorium_domain.enums import EmailOff, EmailStatus, EmailWish
from mentorium_kit import clock
from mentorium_kit.errors import OutcomeUnknownError, RefusedError, UnavailableError
from mentorium_observability.metrics import letters as letters_ended
from tests.fixtures.plans import rows_read
from tests.integration.core.clock_in_hand import ClockInHand
from tests.integration.core.household import Household, register
from tests.integration.core.reports.letters import (
    ADDRESS,
    DAY,
    DILNOZA,
    LINKS,
    Family,
    change_address,
    make_family,
    sql,
)


@pytest_asyncio.fixture
async def family(household: Household, moved: ClockInHand) -> Family:
    return await make_family(household)


async def test_two_refusals_in_a_row_switch_it_off_and_the_chat_says_so(family: Family) -> None:
    await choose_email(family.parent, EmailWish.ALWAYS)
    no, told = (
        MailRefusedError("mail_refused", reason="550"),
        "SELECT message FROM notifications WHERE dedup_key LIKE 'email:off:%'",
    )
    became = []
    for week, failure in enumerate([no, None, no, no]):
        await family.monday(week)
        await family.due()
        family.post.failures = [failure] if failure is not None else []
        became += await family.letters()
        assert bool(await sql(told)) == (week == 3)
    assert became == [EmailStatus.REFUSED, EmailStatus.SENT, EmailStatus.REFUSED, EmailStatus.REFUSED]
    view = await get_email_channel(family.parent)
    assert (view.wish, view.off_reason) == (EmailWish.OFF, EmailOff.REFUSED)
    await family.monday(4)
    await family.due()
    assert await family.letters() == []
    await choose_email(family.parent, EmailWish.ALWAYS)
    assert await sql("SELECT refusals FROM email_channels") == [(0,)]


async def school_of_six(family: Family) -> list[ParentView]:
    """One parent more than it takes to call a server refusing; all want letters."""
    household, parents = family.household, [family.parent]
    for number in range(REFUSED_TO_ALL):
        guardian_id = await household.guardian(f"Guardian {number}")
        await household.child(f"Child{number} Karimov", guardian_id)
        parents.append((await register(DILNOZA + 1 + number, guardian_id)).parent)
        await change_address(replace(family, parent=parents[-1]), f"parent{number}@example.uz")
    await choose_email(family.parent, EmailWish.ALWAYS)
    return parents


async def refused(family: Family, parents: Sequence[ParentView], week: int, refusal: RefusedError) -> None:
    """Every letter of the week is refused so; where it is to be tried again, it waits."""
    run = WEEKLY.run_of(clock.today() + 7 * week * DAY)
    await MakePeriodReports(ReadFacts(), CheckAccess()).for_parents(parents, run)
    await family.due()
    await leave_letters(clock.now())
    for (message_id,) in await sql("SELECT id FROM email_messages WHERE status = 'pending' ORDER BY id"):
        family.post.failures = [refusal]
        with suppress(UnavailableError):
            await family.mail(message_id)


TOLD = "SELECT severity FROM event_logs WHERE event_name = 'mail_refused_to_all'"


async def test_a_server_that_refuses_everybody_ends_nobodys_letters(family: Family) -> None:
    """Like one that says 550 without more (RFC 3463) because it wants a login, or us on no list of its own."""
    parents = await school_of_six(family)
    for week in range(3):
        await refused(family, parents, week, MailRefusedError("mail_refused", reason="550"))
    assert await sql("SELECT DISTINCT wish FROM email_channels") == [("always",)]
    assert await sql(TOLD) == [("CRITICAL",)], "once a day"
    family.post.failures = []
    for (message_id,) in await sql("SELECT id FROM email_messages WHERE status = 'pending' ORDER BY id"):
        assert await family.mail(message_id) is EmailStatus.SENT
    count = "SELECT count(*) FROM email_messages WHERE status = 'refused'"
    assert await sql(count) == [(REFUSED_TO_ALL - 1,)], "until it was known that it is the server's doing"


async def test_a_few_dead_mailboxes_are_no_fault_of_the_servers(family: Family) -> None:
    """A small school has no other letters; each refusal says that there is no such mailbox."""
    parents = await school_of_six(family)
    for week in range(3):
        await refused(family, parents, week, MailboxRefusedError("mail_refused", reason="550 5.1.1"))
    assert await sql("SELECT DISTINCT wish, off_reason FROM email_channels") == [("off", "refused")]
    assert await sql(TOLD) == []


async def test_what_no_server_has_seen_says_nothing_of_servers(family: Family) -> None:
    """An address that no letter can have is refused by us."""
    parents = await school_of_six(family)
    await refused(family, parents, 0, RefusedError("mail_address_malformed", reason="ValueError"))
    await refused(family, parents[:1], 1, MailRefusedError("mail_refused", reason="550"))
    assert await sql(TOLD) == []


@pytest.mark.parametrize(("others", "is_the_servers"), [(48, False), (49, True)])
async def test_that_every_mailbox_is_gone_is_believed_of_no_server(
    family: Family, others: int, *, is_the_servers: bool
) -> None:
    """One that has lost the list of its mailboxes says 5.1.1 to all."""
    await sql(
        "WITH others AS (INSERT INTO parents (telegram_id, language) SELECT 1000 + n, 'uz'"
        " FROM generate_series(1, :others) n RETURNING id)"
        " INSERT INTO email_messages (parent_id, dedup_key, address, message, status, reason, created_at, expires_at)"
        " SELECT id, 'mail:' || id, 'a@example.uz', '', 'refused', '550 5.1.1', :now, :now FROM others",
        others=others,
        now=clock.now(),
    )
    await choose_email(family.parent, EmailWish.ALWAYS)
    await refused(family, [family.parent], 0, MailboxRefusedError("mail_refused", reason="550 5.1.1"))
    assert bool(await sql(TOLD)) == is_the_servers


async def test_what_came_before_a_refusal_is_found_beside_many_letters_that_were_never_sent(family: Family) -> None:
    await sql(
        "INSERT INTO email_messages (parent_id, dedup_key, address, message, status, created_at, expires_at)"
        " SELECT :parent, 'mail:' || n, 'a@example.uz', '', 'skipped', now(), now() FROM generate_series(1, 20000) n",
        parent=family.parent.parent_id,
    )
    await sql("ANALYZE email_messages")
    assert await rows_read(REFUSED_SINCE_ONE_WAS_TAKEN, {"reason": "5__"}) < 100


async def test_letters_are_counted_by_their_end(family: Family) -> None:
    await family.monday_by_mail()
    family.post.failures = [OutcomeUnknownError("mail_unknown")]
    before = letters_ended.labels(status="unknown")._value.get()
    await family.letters()
    assert letters_ended.labels(status="unknown")._value.get() == before + 1


async def test_one_click_ends_letters_and_looking_changes_nothing(family: Family) -> None:
    await choose_email(family.parent, EmailWish.ALWAYS)
    unsubscribe, token = Unsubscribe(LINKS), LINKS.token(family.parent.parent_id, ADDRESS)
    assert await unsubscribe.look(token) == "uz"
    assert (await get_email_channel(family.parent)).is_on
    assert [await unsubscribe(token) for _ in range(2)] == ["uz", "uz"]
    assert (await get_email_channel(family.parent)).off_reason is EmailOff.UNSUBSCRIBED
    await family.monday()
    await family.due()
    assert await family.letters() == []
    other = LINKS.token(family.parent.parent_id, "rustam@example.uz")
    assert await unsubscribe(other) is None
    assert await unsubscribe("7.nonsense") is None


async def test_a_letter_that_waits_is_not_sent_once_letters_were_ended(family: Family) -> None:
    await family.monday_by_mail()
    await Unsubscribe(LINKS)(LINKS.token(family.parent.parent_id, ADDRESS))
    assert await family.letters() == [EmailStatus.SKIPPED]
