"""The rules of alerts for any moment, any feed and any family."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from mentorium_core.alerts.model import IDLE_STAGES, OVERLAP, WORTH_TELLING, FeedFact, IdleChild, type_of
from mentorium_core.alerts.rules import (
    feed_alert,
    idle_alert,
    idle_stage,
    is_check_time,
    is_dead,
    next_bundle,
    next_check,
    settled,
    tellings,
    too_many_idle,
    turns_idle,
    when_awake,
)
from mentorium_core.notifications.policy import is_night
from mentorium_domain.alerts import FeedPosition, StoredAlert
from mentorium_domain.enums import AlertKind, Language
from mentorium_domain.language import Titles
from mentorium_kit.clock import TASHKENT

MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2090, 1, 1), timezones=st.just(TASHKENT))
SPANS = st.timedeltas(timedelta(days=-9), timedelta(days=9))
FEED_KINDS = st.sampled_from([AlertKind.AWARD, AlertKind.COMMENT, AlertKind.COURSE_FINISHED, AlertKind.FULL_SCORE])
DAY = timedelta(days=1)


@given(MOMENTS)
def test_nothing_is_due_at_night(now: datetime) -> None:
    for moment in (when_awake(now), next_bundle(now), next_check(now)):
        assert 8 <= moment.hour < 21
        assert now <= moment <= now + DAY
    assert is_night(now) == (not 8 <= now.hour < 21)
    assert not is_check_time(now) or not is_night(now)


@given(FEED_KINDS, MOMENTS, SPANS)
def test_what_is_told_is_fresh_comes_by_day_and_ends(kind: AlertKind, now: datetime, ago: timedelta) -> None:
    fact = FeedFact(7, 70, now - ago, Titles(en="Prompts"), subject=3, body="Good")
    alert = feed_alert(kind, fact, now)
    assert (alert is not None) == (-OVERLAP <= ago < WORTH_TELLING[kind])
    if alert is not None:
        assert alert.due_at is not None
        assert now <= alert.due_at < alert.expires_at
        assert not is_night(alert.due_at)


@given(FEED_KINDS, MOMENTS)
def test_what_says_nothing_is_not_told(kind: AlertKind, now: datetime) -> None:
    assert feed_alert(kind, FeedFact(7, 70, now, Titles(), subject=3, body=" "), now) is None


@given(st.lists(st.tuples(st.integers(0, 600), st.integers(1, 9)), min_size=1), st.integers(0, 600))
def test_a_cursor_never_passes_what_may_not_show_yet(rows: list[tuple[int, int]], seen_at: int) -> None:
    """Whatever is read behind the cursor later, by the overlap of the contract, was not behind it before."""
    start = datetime(2026, 12, 2, 10, tzinfo=TASHKENT)
    db_now = start + timedelta(seconds=seen_at)
    for second, id_ in rows:
        last = FeedPosition(start + timedelta(seconds=second), id_)
        reached = settled(db_now, last)
        assert reached.updated_at <= db_now - OVERLAP
        assert (reached.updated_at, reached.id) <= (last.updated_at, last.id)


@given(st.integers(0, 400))
def test_stages_of_idleness(days: int) -> None:
    stage = idle_stage(date(2026, 1, 1), date(2026, 1, 1) + days * DAY)
    if days < 7 or days >= 37:
        assert stage is None
    else:
        assert stage == max(first for first, _ in IDLE_STAGES if first <= days)


@given(st.integers(7, 36), st.one_of(st.none(), st.integers(1, 40)))
def test_who_turns_idle_counts_on_one_day(days: int, checked_ago: int | None) -> None:
    """Of the days since all children were looked at last, each child counts on the day of the next look."""
    today = date(2026, 12, 31)
    alert = idle_alert(IdleChild(70, today - days * DAY), today, datetime(2026, 12, 31, 18, tzinfo=TASHKENT))
    assert alert is not None
    checked_on = today - checked_ago * DAY if checked_ago is not None else None
    was_idle = days - (checked_ago or 1) >= 7
    assert turns_idle(alert, today, checked_on) == (not was_idle)


@given(st.integers(0, 500), st.integers(0, 500))
def test_many_idle_children_count_from_a_hundred_on(watched: int, found: int) -> None:
    assert too_many_idle(watched, found) == (watched >= 100 and found > watched * 0.2)


@given(MOMENTS, SPANS)
def test_a_feed_is_dead_after_a_day(now: datetime, ago: timedelta) -> None:
    assert is_dead(now - ago, now) == (ago >= DAY)
    assert is_dead(None, now)


@st.composite
def alerts(draw: st.DrawFn) -> list[StoredAlert]:
    now = datetime(2026, 12, 2, 19, tzinfo=TASHKENT)
    made = []
    for number in range(draw(st.integers(0, 12))):
        kind, parent, student = (
            draw(st.sampled_from(AlertKind)),
            draw(st.integers(1, 2)),
            draw(st.integers(1, 2)),
        )
        made.append(
            StoredAlert(
                id=number,
                parent_id=parent,
                telegram_id=100 + parent,
                language=Language.EN,
                student_id=student,
                guardian_id=1,
                kind=kind,
                fact_key=f"{kind}:{number}",
                happened_at=now,
                due_at=now,
                expires_at=now + DAY,
                details={"titles": ["", "", "x"]},
            )
        )
    return made


def test_no_sibling_is_always_the_second_for_whom_there_is_no_room() -> None:
    first = []
    for day in range(28):
        now = datetime(2026, 12, 2, 10, tzinfo=TASHKENT) + day * DAY
        words = [comment(number, student, now) for number, student in enumerate((1, 2))]
        first.append(tellings(words, now)[0].first.student_id)
    assert min(first.count(1), first.count(2)) >= 7


def comment(number: int, student: int, now: datetime) -> StoredAlert:
    return StoredAlert(
        id=number,
        parent_id=1,
        telegram_id=101,
        language=Language.EN,
        student_id=student,
        guardian_id=1,
        kind=AlertKind.COMMENT,
        fact_key=f"comment:{number}",
        happened_at=now,
        due_at=now,
        expires_at=now + DAY,
        details={"author": None, "body": "x"},
    )


@given(alerts())
def test_each_alert_is_in_one_message_of_its_own_family(found: list[StoredAlert]) -> None:
    told = tellings(found, datetime(2026, 12, 2, 19, tzinfo=TASHKENT))
    ids = [alert.id for telling in told for alert in telling.alerts]
    assert len(ids) == len(set(ids))
    left = {alert.id for alert in found} - set(ids)
    assert all(alert.kind is AlertKind.MATERIAL for alert in found if alert.id in left)
    for telling in told:
        assert len({(alert.parent_id, alert.student_id) for alert in telling.alerts}) == 1
        assert len({type_of(alert.kind) for alert in telling.alerts}) == 1
    keys = [telling.dedup_key for telling in told]
    assert len(keys) == len(set(keys))
    assert all(len(key) <= 200 for key in keys)
