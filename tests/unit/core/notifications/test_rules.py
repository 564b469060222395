"""The life of a message as rules, over all its states."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

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
from mentorium_domain.enums import DeliveryStatus, NotificationType

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


def test_every_type_has_a_lane_and_a_life() -> None:
    assert set(LANES) == set(LIFE) == set(NotificationType)
