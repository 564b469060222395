"""The life of a message and the moments of reports, as rules, over all their states."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from mentorium_core.notifications.model import (
    ClaimedMessage,
    Closed,
    Delivered,
    NotTaken,
    Outcome,
    Postponed,
    Refused,
    Unclear,
)
from mentorium_core.notifications.rules import LANES, LIFE, LONGEST_PAUSE_S, abandoned, pause_s, settle
from mentorium_core.reports.calendar import is_due, next_moment, run_of
from mentorium_domain.enums import DeliveryStatus, NotificationType, ReportType
from mentorium_kit.clock import TASHKENT
from mentorium_reporting import durable

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
OUTCOMES: st.SearchStrategy[Outcome] = st.one_of(
    st.builds(Delivered, st.integers(1, 10**9)),
    st.builds(Postponed, st.floats(0, 300)),
    st.builds(NotTaken, st.text(max_size=300)),
    st.builds(Unclear, st.text(max_size=300)),
    st.builds(Refused, st.text(max_size=300)),
    st.builds(Closed, st.text(max_size=300)),
)
JITTER = st.floats(0, 1)


def claimed(kind: NotificationType, attempt: int = 1, *, repeated: bool = False) -> ClaimedMessage:
    return ClaimedMessage(7, attempt, 700_000_001, kind, "…", NOW, repeated)


@given(st.sampled_from(NotificationType), st.lists(st.tuples(OUTCOMES, JITTER), max_size=30))
def test_whatever_happens_a_message_is_in_doubt_at_most_twice(
    kind: NotificationType, happens: list[tuple[Outcome, float]]
) -> None:
    """Walk a message through any outcomes: it ends where it may, and reports are never sent again in doubt."""
    one, unclear, arrived = claimed(kind), 0, 0
    for outcome, jitter in happens:
        settled = settle(one, outcome, jitter)
        unclear += isinstance(outcome, Unclear)
        arrived += isinstance(outcome, Delivered)
        assert settled.attempt == one.attempt
        assert settled.hold_s >= 0
        assert len(settled.reason or "") <= 100
        assert (settled.status is DeliveryStatus.SENT) == (settled.message_id is not None)
        if settled.status is not DeliveryStatus.PENDING:
            break
        one = replace(one, attempt=one.attempt + 1, repeated=settled.repeated)
    assert arrived <= 1
    assert unclear <= (2 if kind is NotificationType.PAYMENT else 1)


@given(st.sampled_from(NotificationType), st.booleans())
def test_one_who_vanished_leaves_the_same_doubt_as_a_lost_answer(kind: NotificationType, repeated: bool) -> None:
    one = claimed(kind, repeated=repeated)
    lost = settle(one, Unclear("answer_lost"), 0.5)
    assert replace(abandoned(one), reason=None) == replace(lost, reason=None)


@given(st.integers(1, 1000), JITTER)
def test_pauses_grow_and_end(attempt: int, jitter: float) -> None:
    assert 1.0 <= pause_s(attempt, jitter) <= LONGEST_PAUSE_S * 1.5
    assert pause_s(attempt, jitter) <= pause_s(attempt + 1, jitter)
    assert durable.FIRST_PAUSE_S <= durable.pause_s(attempt, jitter) <= durable.LONGEST_PAUSE_S * 1.5


def test_every_type_has_a_lane_and_a_life() -> None:
    assert set(LANES) == set(LIFE) == set(NotificationType)


MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2032, 1, 1)).map(lambda naive: naive.replace(tzinfo=TASHKENT))
SCHEDULED = st.sampled_from([ReportType.WEEKLY, ReportType.MONTHLY])


@given(SCHEDULED, MOMENTS)
def test_reports_are_due_on_mondays_at_nine_and_on_the_first_at_ten(kind: ReportType, now: datetime) -> None:
    run, upcoming = run_of(kind, now.date()), next_moment(kind, now)
    assert upcoming > now
    for moment in (run.send_at, upcoming):
        if kind is ReportType.WEEKLY:
            assert (moment.weekday(), moment.hour, moment.minute) == (0, 9, 0)
        else:
            assert (moment.day, moment.hour, moment.minute) == (1, 10, 0)
    assert run.period.last_day < run.send_at.date(), "a period is reported on when it is over"
    assert is_due(run, run.send_at)
    assert not is_due(run, run.expires_at)
    assert not is_due(run, run.send_at - timedelta(microseconds=1))
    assert is_due(run_of(kind, upcoming.date()), upcoming)


@given(SCHEDULED, MOMENTS)
def test_no_two_runs_are_about_the_same_period(kind: ReportType, now: datetime) -> None:
    first = run_of(kind, now.date())
    second = run_of(kind, next_moment(kind, now).date())
    if first.send_at != second.send_at:
        assert first.period.last_day + timedelta(days=1) == second.period.first_day
