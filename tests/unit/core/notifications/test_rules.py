"""The life of a message as rules, over all its states."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentorium_core import i18n
from mentorium_core.notifications.model import (
    ChatBlocked,
    Delivered,
    NotTaken,
    Outcome,
    PaymentRefused,
    Postponed,
    Refused,
    Unclear,
)
from mentorium_core.notifications.rules import (
    LONGEST_PAUSE_S,
    MOST_VANISHED,
    delivery_record,
    lease_expired,
    pause_s,
    with_expiry,
)
from mentorium_domain.enums import DeliveryStatus, Language, NotificationType
from mentorium_domain.outbox import LANES, LIFE, ClaimedMessage, Lane, OutboxMessage

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
OUTCOMES: st.SearchStrategy[Outcome] = st.one_of(
    st.builds(Delivered, st.integers(1, 10**9)),
    st.builds(Postponed, st.floats(0, 300)),
    st.builds(NotTaken, st.text(max_size=300)),
    st.builds(PaymentRefused, st.text(max_size=300)),
    st.builds(Unclear, st.text(max_size=300)),
    st.builds(Refused, st.text(max_size=300)),
    st.builds(ChatBlocked, st.text(max_size=300)),
)
JITTER = st.floats(0, 1)
CATALOGUES = Path(i18n.__file__).with_name("locales")
NOT_TOLD_YET = {
    NotificationType.PAYMENT,
    NotificationType.ACHIEVEMENT,
    NotificationType.REMINDER,
}
"""Types that stand in the database's contract and that no use case tells yet: whoever does takes them out of here."""


def claimed(kind: NotificationType, attempt: int = 1, *, repeated: bool = False) -> ClaimedMessage:
    return ClaimedMessage(7, attempt, 700_000_001, kind, "…", NOW, repeated)


@given(st.sampled_from(NotificationType), st.lists(st.tuples(OUTCOMES, JITTER), max_size=30))
def test_whatever_happens_a_message_is_in_doubt_at_most_twice(
    kind: NotificationType, happens: list[tuple[Outcome, float]]
) -> None:
    """Walk a message through any outcomes: it ends where it may, and reports are never sent again in doubt."""
    one, unclear, arrived = claimed(kind), 0, 0
    for outcome, jitter in happens:
        record = delivery_record(one, outcome, jitter)
        unclear += isinstance(outcome, Unclear)
        arrived += isinstance(outcome, Delivered)
        assert record.attempt == one.attempt
        assert record.hold_s >= 0
        assert len(record.reason or "") <= 100
        assert (record.status is DeliveryStatus.SENT) == (record.message_id is not None)
        if record.status is not DeliveryStatus.PENDING:
            break
        one = replace(one, attempt=one.attempt + 1, repeated=record.repeated)
    assert arrived <= 1
    assert unclear <= (2 if kind is NotificationType.PAYMENT else 1)


@given(st.sampled_from(NotificationType), st.booleans(), st.integers(1, 20))
def test_what_a_killed_sender_had_in_hand_is_sent_again_and_not_for_ever(
    kind: NotificationType, repeated: bool, attempt: int
) -> None:
    one = replace(claimed(kind, repeated=repeated), attempt=attempt)
    lost = delivery_record(one, Unclear("answer_lost"), 0.5)
    vanished = lease_expired(one)
    assert vanished.hold_s >= lost.hold_s, "it may live, and be late to write down that the message has arrived"
    if kind is NotificationType.PAYMENT or attempt >= MOST_VANISHED:
        assert replace(vanished, reason=None, hold_s=0.0) == replace(lost, reason=None, hold_s=0.0)
    else:
        assert (vanished.status, vanished.repeated) == (DeliveryStatus.PENDING, repeated)


@given(st.integers(1, 1000), JITTER)
def test_pauses_grow_and_end(attempt: int, jitter: float) -> None:
    assert 1.0 <= pause_s(attempt, jitter) <= LONGEST_PAUSE_S * 1.5
    assert pause_s(attempt, jitter) <= pause_s(attempt + 1, jitter)


@pytest.mark.parametrize("kind", NotificationType)
def test_every_type_has_a_lane_a_life_and_a_text(kind: NotificationType) -> None:
    """What a new type of notification needs; its own end, where the fact has one, stands."""
    assert LANES[kind] is not Lane.ANSWER, "an answer somebody waits for is never stored"
    assert LIFE[kind] > timedelta()
    message = OutboxMessage(700_000_001, kind, "…", "fact:1", NOW)
    assert with_expiry(message).expires_at == NOW + LIFE[kind]
    ends = replace(message, expires_at=NOW + timedelta(hours=1))
    assert with_expiry(ends) == ends
    if kind not in NOT_TOLD_YET:
        for language in Language:
            assert catalogue_keys(language, kind), f"no text for {kind} in {language}"


def catalogue_keys(language: str, kind: NotificationType) -> list[str]:
    """The keys of messages that begin with the type's name: `report-…`."""
    texts = (path.read_text(encoding="utf-8") for path in (CATALOGUES / language).glob("*.ftl"))
    return [key for text in texts for key in re.findall(rf"^{kind.lower()}-[\w-]+(?= =)", text, re.MULTILINE)]
