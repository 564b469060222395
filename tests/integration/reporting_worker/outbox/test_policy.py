"""What parents have chosen, the caps and the quiet hours, held by the sender on a real database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
import pytest_asyncio

from mentorium_core.identity.queries import find_parent
from mentorium_core.notifications.admission import CAPTION_LIMIT
from mentorium_core.notifications.commands import notify
from mentorium_core.notifications.notices import notice_message
from mentorium_core.notifications.policy import POLICIES
from mentorium_core.notifications.preferences import change_preferences
from mentorium_core.notifications.queries import look_at_outbox, oldest_due_messages, outbox_load
from mentorium_db.models import Notification
from mentorium_domain.enums import DeliveryStatus, Language, Notice, NotificationType, ReportFrequency
from mentorium_domain.outbox import Lane, OutboxMessage
from mentorium_kit import clock
from mentorium_kit.clock import TASHKENT
from tests.integration.reporting_worker.conftest import Post
from tests.integration.reporting_worker.outbox.test_rights import School, at_school, fates

__all__ = ["at_school"]

TUESDAY_NOON = datetime(2026, 12, 8, 12, tzinfo=TASHKENT)
"""No report is due on this day, and one was on the day before."""
A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Home:
    """A parent and two children, at noon of a Tuesday."""

    school: School
    parent: int
    parent_id: int
    guardian_id: int
    student_id: int
    sibling_id: int

    @property
    def post(self) -> Post:
        return self.school.post

    def at(self, moment: datetime) -> None:
        self.post.move(moment - datetime.now(TASHKENT))

    async def tell(
        self, notice: Notice, text: str, *, sibling: bool = False, line: str | None = None, picture: bool = False
    ) -> None:
        """A message of this notice that is due at once."""
        now = clock.now()
        student_id = self.sibling_id if sibling else self.student_id
        made = OutboxMessage(
            self.parent,
            POLICIES[notice].kind,
            text,
            f"report:{text[:20]}",
            now,
            now + 3 * A_DAY,
            await self.post.report(self.parent) if picture else None,
            student_id=student_id,
            notice=notice,
            line=line,
        )
        assert await notify([made])

    async def send(self) -> list[Notification]:
        """All that may be sent now."""
        async with self.post.sender():
            return await self.post.until_settled()

    def read(self) -> list[str]:
        return self.post.read(self.parent)

    def sounds(self) -> list[bool]:
        """Of each message, whether it made one."""
        calls = self.post.world.journal.read(method="sendMessage")
        return [not call["params"].get("disable_notification") for call in calls]


@pytest_asyncio.fixture
async def home(at_school: School) -> Home:
    parent, guardian_id, student_id = await at_school.family("Kamila")
    sibling_id = await at_school.sibling(parent, guardian_id, "Timur")
    view = await find_parent(parent)
    assert view is not None
    home = Home(at_school, parent, view.parent_id, guardian_id, student_id, sibling_id)
    home.at(TUESDAY_NOON)
    return home


async def test_a_second_nudge_of_a_day_waits_for_the_next_report_and_is_told_there(home: Home) -> None:
    await home.tell(Notice.REMINDER_COMMENT, "The teacher wrote: well done")
    await home.tell(Notice.REMINDER_DUE, "Due tomorrow: Loops\nTen minutes will do", line="Loops was due")
    rows = await home.send()
    assert fates(rows) == [(DeliveryStatus.SENT, None), (DeliveryStatus.SKIPPED, "folded")]
    home.at(TUESDAY_NOON + 6 * A_DAY)
    await home.tell(Notice.REPORT_WEEKLY, "A week", sibling=True)
    await home.tell(Notice.REPORT_WEEKLY, "The week of the other")
    rows = await home.send()
    assert home.read()[1:] == ["A week", "The week of the other\n\nAlso since the last report:\n• Loops was due"]
    assert rows[1].reason == "folded_told"
    home.at(TUESDAY_NOON + 13 * A_DAY)
    await home.tell(Notice.REPORT_WEEKLY, "Another week")
    await home.send()
    assert home.read()[-1] == "Another week", "it is told once"


async def test_what_finds_no_room_in_a_caption_is_a_message_behind_the_report(home: Home) -> None:
    await home.tell(Notice.REMINDER_COMMENT, "first")
    await home.tell(Notice.REMINDER_COMMENT, "The teacher wrote")
    await home.send()
    home.at(TUESDAY_NOON + 6 * A_DAY)
    await home.tell(Notice.REPORT_WEEKLY, "w" * CAPTION_LIMIT, picture=True)
    async with home.post.sender():
        await home.post.until(lambda rows: len(rows) == 4 and rows[-1].status is DeliveryStatus.SENT)
    assert home.read()[-1] == "Also since the last report:\n• The teacher wrote"


async def test_nobody_gets_more_than_three_a_week_and_reports_count(home: Home) -> None:
    """Monday's report, and then a nudge on each day: two of them go out."""
    home.at(TUESDAY_NOON - A_DAY)
    await home.tell(Notice.REPORT_WEEKLY, "A week")
    await home.tell(Notice.REPORT_WEEKLY, "The sibling's", sibling=True)
    await home.tell(Notice.ACHIEVEMENT_COURSE, "On the day of the report")
    await home.send()
    for number in range(4):
        home.at(TUESDAY_NOON + number * A_DAY)
        await home.tell(Notice.REMINDER_COMMENT, f"nudge {number}")
        await home.send()
    assert home.read() == ["A week", "The sibling's", "nudge 0", "nudge 1"]
    home.at(TUESDAY_NOON + 4 * A_DAY)
    await home.post.tell(home.parent, "Paid", NotificationType.PAYMENT)
    await home.send()
    assert home.read()[-1] == "Paid", "what was paid for counts for no cap"


async def test_the_place_of_a_report_that_is_still_to_come_is_kept(home: Home) -> None:
    """Reports on Thursdays, and on Thursday in the evening: of the nudges before, two go out."""
    await change_preferences(home.parent_id, report_weekday=4, report_hour=20)
    for number in range(-1, 3):
        home.at(TUESDAY_NOON + number * A_DAY)
        await home.tell(Notice.REMINDER_COMMENT, f"nudge {number}")
        await home.send()
    assert home.read() == ["nudge -1", "nudge 0"]


async def test_what_one_day_has_brought_is_one_message_a_child(home: Home) -> None:
    """The siblings' count as one: the caps fold neither."""
    await home.tell(Notice.ACHIEVEMENT_DAY, "Kamila: 100 % in Loops")
    await home.tell(Notice.ACHIEVEMENT_DAY, "Timur: 100 % in Lists", sibling=True)
    await home.tell(Notice.ACHIEVEMENT_DAY, "Kamila: ten lessons")
    rows = await home.send()
    assert home.read() == ["Kamila: 100 % in Loops\n\nKamila: ten lessons", "Timur: 100 % in Lists"]
    assert [row.reason for row in rows] == [None, None, "bundled"]
    await home.tell(Notice.ACHIEVEMENT_DAY, "Kamila: late")
    assert (await home.send())[-1].reason == "folded", "one a child a day"


@pytest.mark.parametrize("ends", ["mine", "sibling"])
async def test_a_bundle_that_is_tried_again_tells_only_of_who_may_still_be_seen(home: Home, ends: str) -> None:
    """The right to one of two children ends between the tries."""
    home.post.faults.add("telegram", "status_500", match="sendMessage", times=1)
    await home.tell(Notice.ACHIEVEMENT_DAY, "Kamila: 100 % in Loops")
    await home.tell(Notice.ACHIEVEMENT_DAY, "Kamila: ten lessons")
    async with home.post.sender():
        await home.post.until(lambda rows: rows[0].attempts == 1 and rows[0].status is DeliveryStatus.PENDING)
    await home.tell(Notice.ACHIEVEMENT_DAY, "Timur: 100 % in Lists", sibling=True)
    student_id = home.student_id if ends == "mine" else home.sibling_id
    await home.school.household.allow(home.guardian_id, student_id, can_view=False)
    rows = await home.send()
    left = ["Timur: 100 % in Lists"] if ends == "mine" else ["Kamila: 100 % in Loops\n\nKamila: ten lessons"]
    assert home.read() == left
    assert {row.platform_student_id for row in rows if "Timur" in row.message} == {home.sibling_id}


async def test_a_bundle_tells_nothing_of_a_child_who_may_be_seen_no_more(home: Home) -> None:
    await home.tell(Notice.ACHIEVEMENT_DAY, "Kamila: 100 % in Loops")
    await home.tell(Notice.ACHIEVEMENT_DAY, "Timur: 100 % in Lists", sibling=True)
    await home.school.household.allow(home.guardian_id, home.sibling_id, can_view=False)
    rows = await home.send()
    assert home.read() == ["Kamila: 100 % in Loops"]
    assert rows[1].reason == "right_ended"


@pytest.mark.parametrize(
    ("notice", "off"),
    [
        (Notice.REPORT_WEEKLY, {"report_frequency": ReportFrequency.OFF}),
        (Notice.ACHIEVEMENT_COURSE, {"achievement": False}),
        (Notice.REMINDER_COMMENT, {"reminder": False}),
    ],
)
async def test_a_type_that_is_switched_off_sends_nothing(home: Home, notice: Notice, off: dict[str, object]) -> None:
    """Also what was put in before it was switched off."""
    await home.tell(notice, "told")
    await change_preferences(home.parent_id, **off)
    rows = await home.send()
    assert fates(rows) == [(DeliveryStatus.SKIPPED, "switched_off")]
    assert home.read() == []


@pytest.mark.parametrize("kind", [NotificationType.PAYMENT, NotificationType.SUBSCRIPTION])
async def test_what_is_paid_for_comes_without_sound_where_that_is_off(home: Home, kind: NotificationType) -> None:
    await home.post.tell(home.parent, "loud", kind)
    await home.send()
    await change_preferences(home.parent_id, payment_sound=False, subscription_sound=False)
    await home.post.tell(home.parent, "soft", kind)
    await home.send()
    assert home.read() == ["loud", "soft"]
    assert home.sounds() == [True, False]


async def test_in_the_quiet_hours_reports_wait_and_payments_come_without_sound(home: Home) -> None:
    night = TUESDAY_NOON.replace(hour=22)
    morning = (night + A_DAY).replace(hour=8)
    home.at(night)
    await home.tell(Notice.REPORT_WEEKLY, "A week")
    await home.tell(Notice.REMINDER_COMMENT, "The teacher wrote", sibling=True)
    assert (await look_at_outbox()).next_at == morning
    assert (await outbox_load()).next_at == morning
    assert (await outbox_load()).due == 0
    assert await oldest_due_messages() == {}
    await home.post.tell(home.parent, "Paid", NotificationType.PAYMENT)
    async with home.post.sender():
        await home.post.until(lambda rows: rows[2].status is DeliveryStatus.SENT)
    assert home.read() == ["Paid"]
    assert home.sounds() == [False]
    home.at(morning)
    assert Lane.REPORT in await oldest_due_messages()
    rows = await home.send()
    assert home.read() == ["Paid", "A week"]
    assert rows[1].reason == "folded", "the report of the morning is the message of its day"


async def test_a_notice_comes_with_the_button_that_switches_its_type_off(home: Home) -> None:
    made = notice_message(
        Notice.REMINDER_COMMENT, home.parent, Language.EN, "Wrote", "c:1", clock.now(), student_id=home.student_id
    )
    assert await notify([made])
    await home.send()
    (stored,) = home.post.world.bot().conversations[home.parent].messages.values()
    ((button,),) = stored.view()["reply_markup"]["inline_keyboard"]
    assert button["callback_data"] == "notify:reminder:off"
