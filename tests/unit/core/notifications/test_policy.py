"""The policy of messages as rules: quiet hours, moments, caps, and what a parent has chosen."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentorium_core.notifications.caps import Counted, has_room, report_days, week_of_day
from mentorium_core.notifications.model import Unclear
from mentorium_core.notifications.notices import notice_message
from mentorium_core.notifications.policy import (
    A_DAY,
    A_WEEK,
    POLICIES,
    Night,
    NoticeClass,
    expiry_of,
    is_night,
    is_silent,
    moment_for,
    morning_after,
)
from mentorium_core.notifications.rules import delivery_record
from mentorium_domain.enums import DeliveryStatus, Language, Notice, NotificationType, ReportFrequency, ReportType
from mentorium_domain.outbox import ClaimedMessage
from mentorium_domain.preferences import DEFAULTS, FIRST_HOUR, LAST_HOUR, Preferences
from mentorium_kit.clock import TASHKENT, local_day

MONDAY = date(2026, 11, 23)
FOLDING = [notice for notice in Notice if POLICIES[notice].folds]
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))
PREFERENCES = st.builds(
    Preferences,
    st.sampled_from(ReportFrequency),
    st.integers(1, 7),
    st.none() | st.integers(FIRST_HOUR, LAST_HOUR),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)


def at(hour: int, minute: int = 0, day: date = MONDAY) -> datetime:
    return datetime.combine(day, time(hour, minute), TASHKENT)


def test_every_notice_has_a_policy_and_nothing_that_was_paid_for_can_be_switched_off() -> None:
    assert set(POLICIES) == set(Notice)
    for notice, policy in POLICIES.items():
        money = policy.kind in {NotificationType.PAYMENT, NotificationType.SUBSCRIPTION}
        assert policy.switchable is not money, notice
        assert (policy.notice_class is NoticeClass.SERVICE) is money, notice
        assert not (policy.capped and policy.night is Night.SILENT), notice


@given(MOMENTS)
def test_the_night_is_from_nine_to_eight_in_tashkent(moment: datetime) -> None:
    hour = moment.astimezone(TASHKENT).hour
    assert is_night(moment) is (hour >= 21 or hour < 8)
    morning = morning_after(moment)
    assert moment < morning <= moment + timedelta(days=1)
    assert morning.astimezone(TASHKENT).timetz().replace(tzinfo=None) == time(8)
    if is_night(moment):
        assert morning - moment <= timedelta(hours=11)


@given(st.sampled_from(Notice), MOMENTS)
def test_nothing_that_waits_for_the_morning_is_told_in_the_night(notice: Notice, now: datetime) -> None:
    moment = moment_for(notice, now)
    assert now <= moment <= now + timedelta(days=1, hours=11)
    policy = POLICIES[notice]
    if policy.night is Night.WAIT:
        assert not is_night(moment)
    elif policy.at is None:
        assert moment == now, "what somebody has caused is told at once"
    if policy.bundled:
        assert moment.astimezone(TASHKENT).time() == policy.at
    expires = expiry_of(notice, moment)
    assert expires is None or expires > moment


@pytest.mark.parametrize(
    ("notice", "now", "told"),
    [
        (Notice.REMINDER_COMMENT, at(12), at(12)),
        (Notice.REMINDER_COMMENT, at(22), at(8, day=MONDAY + timedelta(days=1))),
        (Notice.REMINDER_COMMENT, at(3), at(8)),
        (Notice.REMINDER_IDLE, at(9), at(18)),
        (Notice.REMINDER_DUE, at(19), at(19)),
        (Notice.REMINDER_DUE, at(22), at(18, day=MONDAY + timedelta(days=1))),
        (Notice.ACHIEVEMENT_DAY, at(12), at(19)),
        (Notice.ACHIEVEMENT_DAY, at(19), at(19)),
        (Notice.ACHIEVEMENT_DAY, at(19, 1), at(19, day=MONDAY + timedelta(days=1))),
        (Notice.SUBSCRIPTION_ENDS, at(2), at(9)),
        (Notice.SUBSCRIPTION_ENDS, at(23), at(9, day=MONDAY + timedelta(days=1))),
        (Notice.SUBSCRIPTION_CAUSED, at(2), at(2)),
        (Notice.PAYMENT, at(2), at(2)),
    ],
)
def test_each_notice_is_told_at_its_moment(notice: Notice, now: datetime, told: datetime) -> None:
    assert moment_for(notice, now) == told


@given(st.sampled_from(NotificationType), PREFERENCES, MOMENTS)
def test_what_goes_out_in_the_night_or_without_sound_is_silent(
    kind: NotificationType, preferences: Preferences, now: datetime
) -> None:
    assert is_silent(kind, preferences, now) is (is_night(now) or not preferences.with_sound(kind))
    if kind not in {NotificationType.PAYMENT, NotificationType.SUBSCRIPTION}:
        assert preferences.with_sound(kind)


@given(
    st.lists(st.tuples(st.sampled_from(FOLDING), st.integers(0, 40)), max_size=80),
    PREFERENCES,
    st.dates(date(2026, 1, 1), date(2027, 12, 1)),
)
def test_whatever_happens_nobody_gets_more_than_the_caps(
    happens: list[tuple[Notice, int]], preferences: Preferences, first: date
) -> None:
    """Sixty days: reports on their days, two siblings each time, and any notices in any order within a day."""
    told: list[Counted] = []
    reports = report_days(preferences, first, first + timedelta(days=60))
    by_day: dict[int, list[Notice]] = {}
    for notice, number in happens:
        by_day.setdefault(number, []).append(notice)
    for number in range(60):
        today = first + timedelta(days=number)
        notices = by_day.get(number, [])
        for notice in notices[: len(notices) // 2]:  # before the report of the day
            if has_room(notice, today, told, preferences):
                told.append(Counted(today, POLICIES[notice].kind, notice))
        if today in reports:
            told += [Counted(today, NotificationType.REPORT, Notice.REPORT_WEEKLY)] * 2
        for notice in notices[len(notices) // 2 :]:
            if has_room(notice, today, told, preferences):
                told.append(Counted(today, POLICIES[notice].kind, notice))
    counted = [one for one in told if one.kind is not NotificationType.REPORT]
    messages = Counter([*(one.day for one in counted), *reports])
    assert max(messages.values(), default=0) <= A_DAY
    weeks = Counter(week_of_day(day)[0] for day in messages.elements())
    assert max(weeks.values(), default=0) <= A_WEEK
    materials = Counter(week_of_day(one.day)[0] for one in counted if one.notice is Notice.REMINDER_MATERIALS)
    assert max(materials.values(), default=0) <= 1


@given(st.sampled_from(FOLDING), st.dates(date(2026, 1, 1), date(2027, 12, 1)))
def test_who_was_told_nothing_has_room_on_any_day_without_a_report(notice: Notice, today: date) -> None:
    assert has_room(notice, today, [], DEFAULTS) is (today not in report_days(DEFAULTS, today, today))


def test_reports_are_due_on_mondays_and_the_first_unless_a_parent_chose_otherwise() -> None:
    december = (date(2026, 12, 1), date(2026, 12, 14))
    assert report_days(DEFAULTS, *december) == {date(2026, 12, 1), date(2026, 12, 7), date(2026, 12, 14)}
    assert report_days(Preferences(ReportFrequency.MONTHLY), *december) == {date(2026, 12, 1)}
    wednesdays = Preferences(ReportFrequency.WEEKLY, report_weekday=3)
    assert report_days(wednesdays, *december) == {date(2026, 12, 2), date(2026, 12, 9)}
    assert report_days(Preferences(ReportFrequency.OFF), *december) == frozenset()


@pytest.mark.parametrize("notice", Notice)
def test_what_doubt_means_stands_in_the_table(notice: Notice) -> None:
    """A payment in doubt is told once more, anything else is not."""
    policy = POLICIES[notice]
    claimed = ClaimedMessage(7, 1, 700_000_001, policy.kind, "…", at(12), repeated=False, notice=notice)
    again = delivery_record(claimed, Unclear("answer_lost"), 0.0).status is DeliveryStatus.PENDING
    assert again is (policy.kind is NotificationType.PAYMENT)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("notice", [notice for notice in Notice if POLICIES[notice].life is not None])
def test_under_a_message_that_can_be_switched_off_stands_how(notice: Notice, language: Language) -> None:
    made = notice_message(notice, 700_000_001, language, "Aziza: 100 %\nMore", "fact:1", at(23), student_id=70)
    data = [button.data for row in made.buttons for button in row]
    kind = POLICIES[notice].kind
    switched = {
        NotificationType.ACHIEVEMENT: ["notify:achievement:off"],
        NotificationType.REMINDER: ["notify:reminder:off"],
    }
    assert data == switched.get(kind, [])
    assert made.line == "Aziza: 100 %"
    assert made.kind is kind
    assert made.expires_at is not None


def test_a_notice_that_is_over_before_it_is_told_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="reminder_due"):
        notice_message(Notice.REMINDER_DUE, 7, Language.EN, "Due", "due:1", at(22), expires_at=at(23, 59))
    with pytest.raises(ValueError, match="subscription_ends"):
        notice_message(Notice.SUBSCRIPTION_ENDS, 7, Language.EN, "Ends", "end:1", at(22))


@given(MOMENTS)
def test_the_hour_of_a_report_is_never_in_the_night(moment: datetime) -> None:
    for hour in (None, *range(FIRST_HOUR, LAST_HOUR + 1)):
        for report_type in (ReportType.WEEKLY, ReportType.MONTHLY):
            due = Preferences(report_hour=hour).hour_of(report_type)
            assert not is_night(datetime.combine(local_day(moment), time(due), TASHKENT))


def test_what_a_day_has_brought_counts_once_for_all_siblings_and_once_a_child() -> None:
    tuesday, bundle = date(2026, 12, 8), Notice.ACHIEVEMENT_DAY
    told = [Counted(tuesday, NotificationType.ACHIEVEMENT, bundle, child) for child in (7, 8)]
    assert has_room(bundle, tuesday, told, DEFAULTS, 9)
    assert not has_room(bundle, tuesday, told, DEFAULTS, 8)
    assert not has_room(Notice.REMINDER_COMMENT, tuesday, told, DEFAULTS, 9)
    assert has_room(Notice.REMINDER_COMMENT, date(2026, 12, 9), told, DEFAULTS, 9), "with Monday's report two of three"
